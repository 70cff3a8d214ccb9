"""The recorder on recorded runs with answers worked out by hand; live and final figures agree."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.metrics.recorder import RunRecorder
from engine.metrics.report import GenerationReport, RuntimeFigures
from engine.params import GenerationParams
from engine.placement import Strategy

NO_FIGURES = RuntimeFigures()


def report(
    recorder: RunRecorder,
    *,
    runtime: RuntimeFigures = NO_FIGURES,
    prompt_tokens: int | None = 7,
) -> GenerationReport:
    return recorder.report(
        finish_reason="end",
        strategy="draft",
        main_name="m",
        draft_name="d",
        main_device="CPU",
        draft_device="CPU",
        params=GenerationParams(),
        prompt_tokens=prompt_tokens,
        versions=(("openvino", "1"),),
        runtime=runtime,
    )


def test_a_recorded_answer() -> None:
    recorder = RunRecorder(4, max_new_tokens=12, strategy=Strategy.DRAFT)
    times = [0.5, 0.6, 0.7, 0.8, 0.9]
    runs = zip([1, 3, 1, 5, 2], times, strict=True)
    stats = [recorder.observe(length, at_s) for length, at_s in runs][-1]
    final = report(recorder)
    assert (final.token_count, final.accepted, final.drafted) == (12, 7, 13)
    assert final.ttft_s == 0.5
    assert final.tpot_s == pytest.approx(0.4 / 11)
    assert final.acceptance_rate == pytest.approx(7 / 13)
    assert final.mean_acceptance_length == pytest.approx(11 / 4)
    assert final.run_lengths == (1, 3, 1, 5, 2)
    assert final.run_times_s == tuple(times)
    assert (stats.accepted, stats.drafted, stats.last_run_length) == (7, 13, 2)
    assert stats.tokens_per_s == final.tokens_per_s


def test_held_back_text_is_no_run() -> None:
    recorder = RunRecorder(None, max_new_tokens=None, strategy=Strategy.DRAFT)
    assert recorder.observe(0, 0.1).token_count == 0
    recorder.observe(1, 0.2)
    assert recorder.observe(0, 9.0).elapsed_s == 0.2
    assert report(recorder).run_lengths == (1,)


def test_none_means_the_runtimes_draft_length() -> None:
    recorder = RunRecorder(None, max_new_tokens=None, strategy=Strategy.DRAFT)
    recorder.observe(1, 0.1)
    assert recorder.observe(2, 0.2).drafted == 5


def test_plain_decoding_has_no_acceptance() -> None:
    recorder = RunRecorder(None, max_new_tokens=None, strategy=Strategy.NONE)
    recorder.observe(1, 0.1)
    stats = recorder.observe(1, 0.2)
    assert stats.tokens_per_s == pytest.approx(10.0)
    assert (stats.accepted, stats.drafted, stats.acceptance_rate) == (None, None, None)
    assert stats.mean_acceptance_length is None
    assert report(recorder).drafted is None


def test_prompt_lookup_counts_what_was_accepted_and_claims_no_rate() -> None:
    recorder = RunRecorder(5, max_new_tokens=None, strategy=Strategy.PROMPT_LOOKUP)
    recorder.observe(1, 0.1)
    stats = recorder.observe(4, 0.2)
    assert (stats.accepted, stats.drafted, stats.acceptance_rate) == (3, None, None)
    assert stats.mean_acceptance_length == 4.0


def test_a_confidence_threshold_takes_the_runtimes_draft_steps() -> None:
    recorder = RunRecorder(None, max_new_tokens=None, strategy=Strategy.DRAFT, dynamic=True)
    recorder.observe(1, 0.1)
    assert recorder.observe(3, 0.2).drafted is None
    final = report(recorder, runtime=RuntimeFigures(draft_steps=4))
    assert (final.accepted, final.drafted, final.acceptance_rate) == (2, 4, 0.5)


def test_the_end_of_the_context_shortens_the_last_draft() -> None:
    recorder = RunRecorder(5, max_new_tokens=None, strategy=Strategy.DRAFT, context_length=10)
    recorder.observe(1, 0.1)
    recorder.observe(2, 0.2)
    # Seven tokens of prompt leave three: one for the prefill, and two for a draft of one.
    assert report(recorder).drafted == 1


def test_the_runtime_counts_the_prompt_when_nobody_else_did() -> None:
    recorder = RunRecorder(5, max_new_tokens=None, strategy=Strategy.DRAFT)
    final = report(recorder, runtime=RuntimeFigures(prompt_tokens=31), prompt_tokens=None)
    assert final.prompt_tokens == 31
    assert (final.token_count, final.elapsed_s, final.ttft_s) == (0, 0.0, None)


def test_recent_figures_forget_what_is_older_than_a_second() -> None:
    recorder = RunRecorder(2, max_new_tokens=None, strategy=Strategy.DRAFT)
    recorder.observe(1, 0.0)
    for step in range(10):
        recorder.observe(1, 0.1 * (step + 1))
    stats = [recorder.observe(3, 2.0 + 0.1 * step) for step in range(11)][-1]
    assert stats.recent_tokens_per_s == pytest.approx(30.0)
    assert stats.recent_acceptance_rate == 1.0
    assert stats.acceptance_rate is not None
    assert stats.acceptance_rate < 0.6


def test_a_slow_model_keeps_a_recent_rate() -> None:
    recorder = RunRecorder(2, max_new_tokens=None, strategy=Strategy.NONE)
    recorder.observe(1, 0.0)
    recorder.observe(1, 4.0)
    assert recorder.observe(1, 8.0).recent_tokens_per_s == pytest.approx(0.25)


@given(st.lists(st.integers(1, 6), min_size=1, max_size=40), st.booleans())
def test_live_and_final_figures_agree(lengths: list[int], adaptive: bool) -> None:
    limit = sum(lengths)
    recorder = RunRecorder(5, max_new_tokens=limit, strategy=Strategy.DRAFT, adaptive=adaptive)
    stats = [recorder.observe(length, 0.1 * (step + 1)) for step, length in enumerate(lengths)][-1]
    final = report(recorder)
    assert (stats.token_count, stats.accepted, stats.drafted) == (
        final.token_count,
        final.accepted,
        final.drafted,
    )
    assert stats.acceptance_rate == final.acceptance_rate
    assert stats.tpot_s == final.tpot_s
