"""Chooses the draft length of the next answer from the answers so far.

After Leviathan et al. 2023: the length with the most expected tokens per second. Between answers
only, never during one.
"""

from __future__ import annotations

from engine.metrics import definitions
from engine.metrics.report import GenerationReport, LengthDecision, LengthReason
from engine.tuning.pair_model import PairModel

DEFAULT_MAX_LENGTH = 10
_FIRST_LENGTH = 4
_CALIBRATION_ANSWERS = 2
"""Costs show only when lengths differ: the second answer has another length than the first."""
_CALIBRATION_STEP = 2
_LEAST_RUNS = 3
"""An answer of fewer runs teaches nothing."""
_HALF_LIFE = 150.0
_SURPRISE = 3.0
_KEEP_AFTER_SURPRISE = 0.1
_STAY_WITHIN = 0.01
_AS_GOOD_WITHIN = 0.005
_PLAIN_MARGIN = 0.03
_MIN_ITERATIONS_FOR_PLAIN = 40


class AutoLength:
    """Learns from each answer and decides the length of the next.

    Guarantees: `decide` changes nothing; a change of content is noticed by the answer that brings
    it; draft and plain decoding do not alternate for a difference within the margin. For one pair
    on one placement.

    Args:
        max_length: longest length allowed.
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
        self._is_plain = False

    def observe_plain(self, tpot_s: float) -> None:
        """Take the baseline: `tpot_s` seconds per token of plain decoding, from now on in use."""
        self._plain_tpot_s = tpot_s
        self._is_plain = True

    def begin_again(self) -> None:
        """Give the draft another chance: what is known of its acceptance weighs little now."""
        self._is_plain = False
        self._model.forget_acceptance(_KEEP_AFTER_SURPRISE)

    def observe(self, report: GenerationReport) -> None:
        """Learn from an answer with a draft of a set length, also from one that was stopped."""
        self._is_plain = False
        if report.drafted is None or len(report.run_lengths) < _LEAST_RUNS:
            return
        length = report.params.num_assistant_tokens
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
            draft_step_s=report.runtime.draft_step_s,
        )
        self._answers += 1
        self._last = length

    def decide(self) -> LengthDecision:
        """The length for the next answer."""
        best = self._best()
        plain_rate = self._plain_rate()
        rate = self._model.tokens_per_s(best)
        if self._answers < _CALIBRATION_ANSWERS:
            return self._describe(self._calibration(best), LengthReason.CALIBRATING)
        has_evidence = self._model.iterations >= _MIN_ITERATIONS_FOR_PLAIN
        margin = 1 / (1 + _PLAIN_MARGIN) if self._is_plain else 1 + _PLAIN_MARGIN
        if rate and plain_rate and has_evidence and plain_rate > rate * margin:
            return self._describe(best, LengthReason.PLAIN_IS_FASTER)
        return self._describe(best, LengthReason.BEST_EXPECTED)

    def _calibration(self, best: int) -> int:
        """The first length, then the best expected one that differs enough from it."""
        last = self._last
        if last is None:
            return min(_FIRST_LENGTH, self._max_length)
        if best >= last:
            return min(max(best, last + _CALIBRATION_STEP), self._max_length)
        return max(min(best, last - _CALIBRATION_STEP), 1)

    def _best(self) -> int:
        rates = {n: self._model.tokens_per_s(n) or 0.0 for n in range(1, self._max_length + 1)}
        highest = max(rates.values())
        # Of lengths that are as good, the shortest: it loses least when the text changes.
        best = next(n for n, rate in rates.items() if rate >= highest * (1 - _AS_GOOD_WITHIN))
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
