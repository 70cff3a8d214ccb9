"""Chooses the draft length of the next answer from the answers so far.

After Leviathan et al. 2023: the length with the most expected tokens per second. Between answers
only, never during one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.metrics import definitions
from engine.metrics.report import GenerationReport
from engine.tuning.pair_model import PairModel

DEFAULT_MAX_LENGTH = 10
_CALIBRATION = (3, 6)
"""Lengths of the first answers: costs show only when lengths differ."""
_HALF_LIFE = 150.0
_SURPRISE = 3.0
_KEEP_AFTER_SURPRISE = 0.1
_STAY_WITHIN = 0.01
_PLAIN_MARGIN = 0.03
_MIN_ITERATIONS_FOR_PLAIN = 40


class LengthReason(StrEnum):
    """Why a length was chosen."""

    CALIBRATING = "calibrating"
    """One of the first answers, to learn the costs."""
    BEST_EXPECTED = "best_expected"
    PLAIN_IS_FASTER = "plain_is_faster"
    """No length pays. Plain decoding needs another pipeline: `num_assistant_tokens` is the best
    that this one can do until it is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthDecision:
    """A draft length with its numbers: "4 tokens: 71 % accepted, draft step 0.11 of a main step,
    expected 1.9x". Figures are None before anything was measured."""

    num_assistant_tokens: int
    reason: LengthReason
    acceptance_rate: float | None
    """Expected accepted / drafted at this length."""
    acceptance_by_position: tuple[float, ...]
    draft_cost_ratio: float | None
    """One candidate, drafted and verified, in main steps."""
    main_step_s: float | None
    expected_tokens_per_s: float | None
    expected_speed_up: float | None
    """Against plain decoding."""
    plain_is_measured: bool
    """Whether plain decoding was measured; if not, a main step without candidates stands for it."""
    iterations: int
    """Evidence behind it."""
    curve: tuple[tuple[int, float], ...]
    """(length, expected speed-up) for every length."""


class AutoLength:
    """Learns from each answer and decides the length of the next.

    Guarantees: `decide` changes nothing; a change of content is noticed by the answer that brings
    it. For one pair on one placement: make a new one after a load.

    Args:
        max_length: longest length allowed; the NPU's is baked into its pipeline.
        plain_tpot_s: measured seconds per token without candidates, None when unknown.
    """

    def __init__(
        self, *, max_length: int = DEFAULT_MAX_LENGTH, plain_tpot_s: float | None = None
    ) -> None:
        self._max_length = max_length
        self._plain_tpot_s = plain_tpot_s
        self._model = PairModel(half_life=_HALF_LIFE)
        self._answers = 0
        self._last: int | None = None

    def observe(self, report: GenerationReport) -> None:
        """Learn from an answer, also one that was stopped. Plain answers tell the baseline."""
        length = report.params.num_assistant_tokens
        if report.drafted is None:
            if report.tpot_s is not None and report.accepted is None:
                self._plain_tpot_s = report.tpot_s
            return
        if length is None:
            length = definitions.DEFAULT_NUM_ASSISTANT_TOKENS
        limit = report.params.max_new_tokens
        if abs(self._model.surprise(report.run_lengths, length, limit)) > _SURPRISE:
            self._model.forget_acceptance(_KEEP_AFTER_SURPRISE)
        self._model.add(
            report.run_lengths,
            report.run_times_s,
            num_assistant_tokens=length,
            max_new_tokens=limit,
            draft_step_s=_draft_step_s(report),
        )
        self._answers += 1
        self._last = length

    def decide(self) -> LengthDecision:
        """The length for the next answer."""
        best = self._best()
        plain_rate = self._plain_rate()
        rate = self._model.tokens_per_s(best)
        if self._answers < len(_CALIBRATION):
            length = min(_CALIBRATION[self._answers], self._max_length)
            return self._describe(length, LengthReason.CALIBRATING)
        has_evidence = self._model.iterations >= _MIN_ITERATIONS_FOR_PLAIN
        if rate and plain_rate and has_evidence and plain_rate > rate * (1 + _PLAIN_MARGIN):
            return self._describe(best, LengthReason.PLAIN_IS_FASTER)
        return self._describe(best, LengthReason.BEST_EXPECTED)

    def _best(self) -> int:
        rates = {n: self._model.tokens_per_s(n) or 0.0 for n in range(1, self._max_length + 1)}
        best = max(rates, key=lambda length: rates[length])
        last = self._last
        # A gain of less than a percent is not worth a change that shows in the figures.
        if last in rates and rates[best] <= rates[last] * (1 + _STAY_WITHIN):
            return last
        return best

    def _plain_rate(self) -> float | None:
        step_s = self._plain_tpot_s or self._model.main_step_s
        return 1 / step_s if step_s else None

    def _describe(self, length: int, reason: LengthReason) -> LengthDecision:
        model, plain_rate = self._model, self._plain_rate()
        rate = model.tokens_per_s(length)
        if rate is None or plain_rate is None:
            return _unmeasured(length, reason)
        shares = model.shares(length)
        expected = definitions.expected_tokens(shares, length)
        lengths = range(1, self._max_length + 1)
        return LengthDecision(
            num_assistant_tokens=length,
            reason=reason,
            acceptance_rate=(expected - 1) / length,
            acceptance_by_position=shares,
            draft_cost_ratio=model.draft_cost_s * plain_rate,
            main_step_s=1 / plain_rate,
            expected_tokens_per_s=rate,
            expected_speed_up=rate / plain_rate,
            plain_is_measured=self._plain_tpot_s is not None,
            iterations=round(model.iterations),
            curve=tuple((n, (model.tokens_per_s(n) or 0.0) / plain_rate) for n in lengths),
        )


def _draft_step_s(report: GenerationReport) -> float | None:
    total_s, steps = report.runtime.draft_inference_s, report.runtime.draft_steps
    return total_s / steps if total_s and steps else None


def _unmeasured(length: int, reason: LengthReason) -> LengthDecision:
    return LengthDecision(
        num_assistant_tokens=length,
        reason=reason,
        acceptance_rate=None,
        acceptance_by_position=(),
        draft_cost_ratio=None,
        main_step_s=None,
        expected_tokens_per_s=None,
        expected_speed_up=None,
        plain_is_measured=False,
        iterations=0,
        curve=(),
    )
