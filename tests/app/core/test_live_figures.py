"""Figures shown while an answer streams."""

from app.core.live_figures import RUNS_KEPT, SERIES_LENGTH, FigureSeries
from engine.metrics.report import LiveStats


def test_series_are_bounded_and_keep_the_newest() -> None:
    series = FigureSeries()
    for step in range(RUNS_KEPT + 10):
        series.observe_run(1 + step % 4)
        series.observe_stats(
            LiveStats(
                token_count=step,
                elapsed_s=1.0,
                recent_tokens_per_s=float(step),
                recent_acceptance_rate=0.5,
            )
        )
    live = series.snapshot()
    assert len(live.run_lengths) == RUNS_KEPT
    assert live.first_step == 10
    assert len(live.rates) == len(live.acceptance_rates) == SERIES_LENGTH
    assert live.rates[-1] == RUNS_KEPT + 9
    assert live.figures is not None
    assert live.figures.token_count == RUNS_KEPT + 9


def test_runs_without_tokens_and_unmeasured_figures_add_nothing() -> None:
    series = FigureSeries()
    series.observe_run(0)
    series.observe_stats(LiveStats(token_count=1, elapsed_s=0.1))
    live = series.snapshot()
    assert (live.run_lengths, live.rates, live.acceptance_rates) == ((), (), ())
