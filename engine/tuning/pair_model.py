"""What is known of a main model and its draft: acceptance by position and the cost of a step.

Fed with measured answers, asked for the expected decode rate of any draft length. Pure.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

from engine.metrics import definitions

_PRIOR_SHARE = 0.6
_PRIOR_WEIGHT = 3.0
_PRIOR_COST_RATIO = 0.12
_LARGEST_DRAFT_SHARE = 0.95
_SLOPE_WEIGHT = 20.0
"""Weight, in squared candidates, of what is known of a draft step before lengths differ."""


class PairModel:
    """Acceptance shares and step costs with exponential forgetting.

    The cost of an iteration with k candidates is taken as a + b * k: main step, and draft step
    plus what verifying one more token adds. Both are fitted to the measured iterations.

    Args:
        half_life: iterations after which evidence of acceptance weighs half; costs are remembered
            four times as long. Infinite by default.
    """

    def __init__(self, *, half_life: float = math.inf) -> None:
        self._half_life = half_life
        self._tried: list[float] = []
        self._accepted: list[float] = []
        self._weight = 0.0
        self._sums = [0.0, 0.0, 0.0, 0.0]  # weighted k, t, k * k, k * t
        self._draft_step_s: float | None = None
        self._answers = 0

    @property
    def iterations(self) -> float:
        """Evidence there is, in main iterations, forgetting included."""
        return self._tried[0] if self._tried else 0.0

    def add(
        self,
        run_lengths: Sequence[int],
        run_times_s: Sequence[float],
        *,
        num_assistant_tokens: int,
        max_new_tokens: int | None,
        draft_step_s: float | None = None,
    ) -> None:
        """Learn from one answer; one that ended at once teaches nothing.

        Args:
            draft_step_s: the runtime's own figure for a draft step: a candidate costs at least
                that.
        """
        lengths = list(_drafted(run_lengths, num_assistant_tokens, max_new_tokens))
        if len(lengths) < 2:
            return
        self._forget(len(lengths))
        # The last run may have been cut off by an end token.
        for drafted, run in zip(lengths[:-1], run_lengths[1:-1], strict=True):
            self._count(drafted, definitions.accepted_in_run(run))
        if self._answers == 1:
            # While the first answer runs, caches fill: its times only stand in for others.
            self._weight, self._sums = 0.0, [0.0, 0.0, 0.0, 0.0]
        self._answers += 1
        self._time(lengths, _usual_interval_s(run_times_s))
        if draft_step_s is not None:
            self._draft_step_s = draft_step_s

    def surprise(
        self, run_lengths: Sequence[int], num_assistant_tokens: int, max_new_tokens: int | None
    ) -> float:
        """By how many standard deviations the first candidates of an answer differ from what was
        expected; 0 without evidence."""
        drafted = list(_drafted(run_lengths, num_assistant_tokens, max_new_tokens))
        runs = [r for k, r in zip(drafted, run_lengths[1:], strict=True) if k > 0][:-1]
        if not runs or self.iterations < 1:
            return 0.0
        share = self.shares(1)[0]
        seen = sum(run > 1 for run in runs) / len(runs)
        variance = share * (1 - share) * (1 / len(runs) + 1 / self.iterations)
        return (seen - share) / math.sqrt(max(variance, 1e-6))

    def forget_acceptance(self, keep: float) -> None:
        """Weaken the evidence of acceptance: the content has changed."""
        self._tried = [value * keep for value in self._tried]
        self._accepted = [value * keep for value in self._accepted]

    def shares(self, length: int) -> tuple[float, ...]:
        """Acceptance at positions 1..length, given that all before were accepted.

        A position of which little is known leans on the one before it.
        """
        shares: list[float] = []
        lean = _PRIOR_SHARE
        for position in range(length):
            tried = self._tried[position] if position < len(self._tried) else 0.0
            accepted = self._accepted[position] if position < len(self._accepted) else 0.0
            lean = (accepted + _PRIOR_WEIGHT * lean) / (tried + _PRIOR_WEIGHT)
            shares.append(lean)
        return tuple(shares)

    @property
    def draft_cost_s(self) -> float:
        """What one candidate adds to an iteration, in s; 0 before anything was measured."""
        if self._weight == 0:
            return 0.0
        k, t, kk, kt = (value / self._weight for value in self._sums)
        spread, together = (kk - k * k) * self._weight, (kt - k * t) * self._weight
        guess = self._draft_step_s
        if guess is None:
            guess = t * _PRIOR_COST_RATIO / (1 + k * _PRIOR_COST_RATIO)
        slope = (together + _SLOPE_WEIGHT * guess) / (spread + _SLOPE_WEIGHT)
        # One candidate costs no more than a main step, unless the draft model itself does.
        known = self._draft_step_s or 0.0
        highest = max(t / (k + 1), min(known, _LARGEST_DRAFT_SHARE * t / max(k, 1.0)))
        return min(max(slope, known), highest)

    @property
    def main_step_s(self) -> float:
        """An iteration without candidates, in s; 0 before anything was measured."""
        if self._weight == 0:
            return 0.0
        k, t = self._sums[0] / self._weight, self._sums[1] / self._weight
        return max(t - k * self.draft_cost_s, 0.0)

    def tokens_per_s(self, length: int) -> float | None:
        """Expected decode rate with `length` candidates; None before anything was measured."""
        iteration_s = self.main_step_s + length * self.draft_cost_s
        if iteration_s <= 0:
            return None
        return definitions.expected_tokens(self.shares(length), length) / iteration_s

    def _forget(self, iterations: int) -> None:
        self.forget_acceptance(0.5 ** (iterations / self._half_life))
        keep = 0.5 ** (iterations / (4 * self._half_life))
        self._weight *= keep
        self._sums = [value * keep for value in self._sums]

    def _count(self, drafted: int, accepted: int) -> None:
        while len(self._tried) < drafted:
            self._tried.append(0.0)
            self._accepted.append(0.0)
        for position in range(min(accepted + 1, drafted)):
            self._tried[position] += 1
        for position in range(min(accepted, drafted)):
            self._accepted[position] += 1

    def _time(self, lengths: Sequence[int], iteration_s: float) -> None:
        weight = float(len(lengths))
        k = sum(lengths) / weight
        self._weight += weight
        for index, value in enumerate((k, iteration_s, k * k, k * iteration_s)):
            self._sums[index] += weight * value


def _usual_interval_s(times_s: Sequence[float]) -> float:
    """Mean time between runs, without the shortest and the longest tenth: other programs."""
    intervals = sorted(later - before for before, later in pairwise(times_s))
    cut = len(intervals) // 10
    kept = intervals[cut : len(intervals) - cut]
    return sum(kept) / len(kept)


def _drafted(
    run_lengths: Sequence[int], num_assistant_tokens: int, max_new_tokens: int | None
) -> list[int]:
    """Candidates of every run after the first."""
    found: list[int] = []
    streamed = run_lengths[0] if run_lengths else 0
    for run in run_lengths[1:]:
        remaining = None if max_new_tokens is None else max_new_tokens - streamed
        found.append(definitions.drafted_in_run(num_assistant_tokens, remaining=remaining))
        streamed += run
    return found
