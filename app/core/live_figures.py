"""Collects the live figures of one answer for the panel: bounded series, no Qt, no formulas."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from engine.metrics.report import GenerationReport, LengthDecision, LiveStats

SERIES_LENGTH = 240
RUNS_KEPT = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveFigures:
    """What the panel shows at one moment."""

    figures: LiveStats | GenerationReport | None = None
    """Figures of the answer so far, or of the finished one."""
    rates: tuple[float, ...] = ()
    """Recent decode rates in tokens per second, oldest first."""
    acceptance_rates: tuple[float, ...] = ()
    run_lengths: tuple[int, ...] = ()
    first_step: int = 0
    """Index of the first run in `run_lengths`; runs before it are no longer kept."""
    decision: LengthDecision | None = None
    """Where the draft length comes from, when it was chosen automatically."""


class FigureSeries:
    """Fills up while an answer streams; `snapshot` is cheap enough for five calls a second."""

    def __init__(self) -> None:
        self._stats: LiveStats | None = None
        self._rates: deque[float] = deque(maxlen=SERIES_LENGTH)
        self._acceptance: deque[float] = deque(maxlen=SERIES_LENGTH)
        self._runs: deque[int] = deque(maxlen=RUNS_KEPT)
        self._run_count = 0
        self._decision: LengthDecision | None = None

    def observe_decision(self, decision: LengthDecision | None) -> None:
        """Take where the draft length of this answer comes from."""
        self._decision = decision

    def observe_run(self, token_count: int) -> None:
        """Take the length of one run; a run without tokens only carried text."""
        if token_count > 0:
            self._runs.append(token_count)
            self._run_count += 1

    def observe_stats(self, stats: LiveStats) -> None:
        """Take the latest figures."""
        self._stats = stats
        if stats.recent_tokens_per_s is not None:
            self._rates.append(stats.recent_tokens_per_s)
        if stats.recent_acceptance_rate is not None:
            self._acceptance.append(stats.recent_acceptance_rate)

    def snapshot(self, report: GenerationReport | None = None) -> LiveFigures:
        """Copy what there is; with a `report` the final figures stand in for the live ones.

        An answer that went on where it had stopped has more in its report than came in here.
        """
        if report is not None and report.run_lengths:
            live = self.snapshot()
            return replace(
                figures_of(report), rates=live.rates, acceptance_rates=live.acceptance_rates
            )
        return LiveFigures(
            figures=report or self._stats,
            rates=tuple(self._rates),
            acceptance_rates=tuple(self._acceptance),
            run_lengths=tuple(self._runs),
            first_step=self._run_count - len(self._runs),
            decision=self._decision if report is None else report.length_decision,
        )


def figures_of(report: GenerationReport) -> LiveFigures:
    """What the panel shows of an answer that was made before."""
    runs = report.run_lengths[-RUNS_KEPT:]
    first_step = len(report.run_lengths) - len(runs)
    return LiveFigures(
        figures=report,
        run_lengths=runs,
        first_step=first_step,
        decision=report.length_decision,
    )
