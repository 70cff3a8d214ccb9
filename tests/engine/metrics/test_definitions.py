"""Every formula against answers worked out by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metrics import definitions

RUNS = [1, 3, 1, 5, 2]


def test_time_to_first_token_is_the_first_run() -> None:
    assert definitions.ttft_s([0.25, 0.5]) == 0.25
    assert definitions.ttft_s([]) is None


def test_tpot_leaves_the_first_run_out_of_both_parts() -> None:
    tpot = definitions.tpot_s(first_at_s=2.0, last_at_s=3.1, token_count=12, first_run_length=1)
    assert tpot == pytest.approx(0.1)
    assert definitions.tokens_per_s(tpot) == pytest.approx(10.0)


def test_tpot_is_undefined_under_two_runs() -> None:
    assert (
        definitions.tpot_s(first_at_s=2.0, last_at_s=2.0, token_count=1, first_run_length=1) is None
    )
    assert definitions.tokens_per_s(None) is None
    assert definitions.tokens_per_s(0.0) is None


def test_accepted_counts_all_but_the_last_token_of_later_runs() -> None:
    assert definitions.accepted(RUNS) == 2 + 0 + 4 + 1
    assert definitions.accepted([7]) == 0
    assert definitions.accepted([]) == 0


def test_drafted_is_the_draft_length_per_later_run() -> None:
    assert definitions.drafted(RUNS, num_assistant_tokens=4, max_new_tokens=None) == 16


def test_drafted_shrinks_towards_the_end_of_the_answer() -> None:
    # Before the runs 11, 8, 7 and 2 tokens remain of 12: drafts of 4, 4, 4 and 1.
    assert definitions.drafted(RUNS, num_assistant_tokens=4, max_new_tokens=12) == 4 + 4 + 4 + 1
    assert definitions.drafted([1, 1], num_assistant_tokens=4, max_new_tokens=2) == 0


def test_adaptive_drafts_grow_by_two_and_shrink_by_one() -> None:
    # Seed 2: drafts 2 (all matched), 4 (all matched), 4 (the limit; none matched), 3.
    runs = [1, 3, 5, 1, 2]
    assert (
        definitions.drafted(runs, num_assistant_tokens=2, max_new_tokens=None, adaptive=True) == 13
    )
    assert definitions.next_adaptive_length(1, seed=5, matched=0) == 1


def test_acceptance_rate() -> None:
    assert definitions.acceptance_rate(3, 4) == 0.75
    assert definitions.acceptance_rate(5, 4) == 1.0
    assert definitions.acceptance_rate(0, 0) is None
    assert definitions.acceptance_rate(None, 4) is None


def test_mean_acceptance_length_includes_the_main_models_own_token() -> None:
    assert definitions.mean_acceptance_length(
        token_count=12, first_run_length=1, run_count=5
    ) == pytest.approx(11 / 4)
    assert (
        definitions.mean_acceptance_length(token_count=1, first_run_length=1, run_count=1) is None
    )


def test_speed_up() -> None:
    assert definitions.speed_up(plain_tpot_s=0.02, speculative_tpot_s=0.01) == 2.0
    assert definitions.speed_up(plain_tpot_s=None, speculative_tpot_s=0.01) is None


@given(st.integers(1, 12), st.integers(1, 60), st.booleans())
def test_a_perfect_draft_reads_exactly_one(length: int, limit: int, adaptive: bool) -> None:
    runs, candidates = [1], length
    while (remaining := limit - sum(runs)) > 0:
        matched = definitions.drafted_in_run(candidates, remaining=remaining)
        runs.append(matched + 1)
        if adaptive:
            candidates = definitions.next_adaptive_length(candidates, seed=length, matched=matched)
    assert sum(runs) == limit
    drafted = definitions.drafted(
        runs, num_assistant_tokens=length, max_new_tokens=limit, adaptive=adaptive
    )
    assert drafted == definitions.accepted(runs)


def test_acceptance_by_position_leaves_out_the_first_and_the_last_run() -> None:
    answers = [(1, 3, 1, 3, 9), (1, 2, 1)]
    assert definitions.acceptance_by_position(answers, 2) == [0.75, 2 / 3]


def test_acceptance_by_position_ends_where_nothing_reached() -> None:
    assert definitions.acceptance_by_position([(1, 1, 1, 1)], 4) == [0.0]
    assert definitions.acceptance_by_position([(1, 5)], 4) == []


def test_expected_tokens_is_the_closed_form_of_a_constant_rate() -> None:
    rate, length = 0.8, 5
    closed = (1 - rate ** (length + 1)) / (1 - rate)
    assert definitions.expected_tokens([rate] * length, length) == pytest.approx(closed)


def test_expected_speedup_pays_for_each_draft_step() -> None:
    assert definitions.expected_speedup([1.0, 1.0], 2, 0.25) == pytest.approx(2.0)
    assert definitions.expected_speedup([0.0, 0.0], 2, 0.25) == pytest.approx(1 / 1.5)
    assert definitions.expected_speedup([0.5], 0, 0.25) == 1.0
