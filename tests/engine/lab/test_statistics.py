"""Ratios, intervals and the permutation test."""

from __future__ import annotations

import math
import random

import pytest

from engine.lab.statistics import (
    FEWEST_PAIRS,
    MOST_PAIRS,
    Estimate,
    paired_ratio,
    pairs_needed,
    sign_flip_p,
    spread,
)
from engine.metrics.distributions import student_t_quantile


def test_a_clear_ratio() -> None:
    ours = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    ratio = paired_ratio([value * 2 for value in ours], ours)
    assert ratio is not None
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((2.0, 2.0, 2.0))
    assert ratio.p_value == pytest.approx(2 / 64)
    assert not ratio.is_tie


def test_five_pairs_cannot_prove_anything_and_six_can() -> None:
    assert sign_flip_p([1.0] * 5) == 2 / 32
    assert sign_flip_p([1.0] * 6) == 2 / 64


def test_no_difference_is_a_tie() -> None:
    ratio = paired_ratio([1.1, 0.9, 1.0, 1.05, 0.95, 1.0], [1.0] * 6)
    assert ratio is not None
    assert ratio.is_tie
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low < 1 < ratio.high


def test_one_pair_has_no_interval_and_none_has_nothing() -> None:
    single = paired_ratio([3.0], [2.0])
    assert single is not None
    assert (single.low, single.is_tie) == (None, True)
    assert paired_ratio([], []) is None


def test_many_pairs_agree_with_the_exact_test_in_kind() -> None:
    rng = random.Random(1)
    noise = [rng.gauss(0, 1) for _ in range(40)]
    assert sign_flip_p(noise) > 0.05
    assert sign_flip_p([value + 2 for value in noise]) < 0.001
    assert sign_flip_p(noise) == sign_flip_p(noise)


def test_the_interval_covers_the_truth_nineteen_times_in_twenty() -> None:
    rng = random.Random(7)
    hits = 0
    for _ in range(400):
        plain = [rng.lognormvariate(0, 0.4) for _ in range(6)]
        ratio = paired_ratio([value * rng.lognormvariate(0.3, 0.1) for value in plain], plain)
        assert ratio is not None
        assert ratio.low is not None
        assert ratio.high is not None
        hits += ratio.low < 1.3498588 < ratio.high
    assert 368 <= hits <= 392


def observed(gain: float, deviation: float, pairs: int, rng: random.Random) -> Estimate:
    """What pairs of answers show whose logarithms of ratios vary by `deviation`."""
    ratios = [gain * rng.lognormvariate(0, deviation) for _ in range(pairs)]
    found = paired_ratio(ratios, [1.0] * pairs)
    assert found is not None
    return found


@pytest.mark.parametrize(("deviation", "least", "most"), [(0.1, 95, 100), (0.5, 5, 30)])
def test_six_prompts_find_a_third_more_only_where_it_hardly_varies(
    deviation: float, least: int, most: int
) -> None:
    rng = random.Random(3)
    found = sum(observed(1.31, deviation, 6, rng).is_faster() for _ in range(100))
    assert least <= found <= most


def test_the_pairs_said_to_be_needed_find_the_gain_four_times_in_five() -> None:
    first = observed(1.31, 0.15, 8, random.Random(8))
    needed = pairs_needed(first, rivals=7)
    assert needed is not None
    assert first.high is not None
    reach = math.log(first.high / first.value)
    deviation = reach * math.sqrt(first.pairs) / student_t_quantile(0.975, first.pairs - 1)
    rng = random.Random(9)
    found = sum(
        observed(first.value, deviation, needed, rng).is_faster(rivals=7) for _ in range(150)
    )
    assert 105 <= found <= 135


def test_the_fewest_and_the_most_pairs_that_are_ever_asked_for() -> None:
    clear = Estimate(value=2.0, low=1.9, high=2.1, pairs=6, p_value=0.03)
    vague = Estimate(value=1.02, low=0.5, high=2.1, pairs=6, p_value=0.9)
    once = Estimate(value=2.0, low=None, high=None, pairs=1, p_value=1.0)
    slower = Estimate(value=0.9, low=0.8, high=1.0125, pairs=6, p_value=0.3)
    assert pairs_needed(clear) == FEWEST_PAIRS
    assert pairs_needed(slower) == FEWEST_PAIRS, "enough to exclude a gain"
    assert [pairs_needed(estimate) for estimate in (vague, once)] == [None] * 2
    assert MOST_PAIRS > FEWEST_PAIRS


def test_the_fastest_of_many_equals_is_not_called_faster() -> None:
    rng = random.Random(5)
    rivals, wins, naive = 16, 0, 0
    for _ in range(40):
        field = [observed(1.0, 0.1, 7, rng) for _ in range(rivals)]
        naive += any(estimate.is_faster() for estimate in field)
        wins += any(estimate.is_faster(rivals=rivals) for estimate in field)
    assert naive >= 8
    assert wins <= 3


def test_what_may_still_be_a_gain() -> None:
    vague = Estimate(value=1.3, low=0.8, high=2.0, pairs=6, p_value=0.2)
    excluded = Estimate(value=1.01, low=0.97, high=1.05, pairs=12, p_value=0.4)
    slower = Estimate(value=0.9, low=0.6, high=1.4, pairs=6, p_value=0.4)
    assert [e.may_be_faster for e in (vague, excluded, slower)] == [True, False, True]
    assert [e.is_uncertain for e in (vague, excluded, slower)] == [True, True, True]
    clear = Estimate(value=2.0, low=1.9, high=2.1, pairs=6, p_value=0.03)
    assert not clear.is_uncertain


def test_spread_is_median_and_quartiles() -> None:
    found = spread([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found is not None
    assert (found.low, found.median, found.high, found.count) == (2.0, 3.0, 4.0, 5)
    assert spread([]) is None
