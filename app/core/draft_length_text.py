"""Says in a sentence which draft length was chosen automatically, and with which numbers. No Qt."""

from __future__ import annotations

from app.core.filling import filled
from app.core.formatting import rate, ratio, share
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.metrics.report import LengthDecision, LengthReason

_CONTEXT = "DraftLength"
_NOTHING_KNOWN = QT_TRANSLATE_NOOP(
    "DraftLength", "{tokens} {tokens:token|tokens} to begin with: nothing is measured yet."
)
_CHOSEN = QT_TRANSLATE_NOOP(
    "DraftLength",
    "{tokens} {tokens:token|tokens}: {accepted} accepted, draft step {cost} of a main step, "
    "expected {gain}\u00d7.",
)
_CALIBRATING = QT_TRANSLATE_NOOP(
    "DraftLength",
    "{tokens} {tokens:token|tokens}, to learn what they cost: {accepted} accepted, draft step "
    "{cost} of a main step, expected {gain}\u00d7.",
)
_PLAIN = QT_TRANSLATE_NOOP(
    "DraftLength",
    "No draft: plain decoding is faster. At best, {tokens} {tokens:token|tokens}: {accepted} "
    "accepted, draft step {cost} of a main step, {gain}\u00d7 of plain decoding.",
)
_SET_ASIDE = QT_TRANSLATE_NOOP(
    "DraftLength",
    "For this text it does not pay: without a draft about {plain} tok/s, with it at best {best} "
    "tok/s ({tokens} {tokens:token|tokens}, {accepted} accepted). It is tried again in another "
    "chat.",
)
_TAKEN_BACK = QT_TRANSLATE_NOOP(
    "DraftLength",
    "Plain decoding reached {plain} tok/s; with the draft {best} tok/s are expected ({tokens} "
    "{tokens:token|tokens}, {accepted} accepted).",
)


def decision_text(decision: LengthDecision, translate: Translate) -> str:
    """The length and its numbers."""
    if decision.expected_speed_up is None:
        return filled(translate(_CONTEXT, _NOTHING_KNOWN), tokens=decision.num_assistant_tokens)
    source = {
        LengthReason.CALIBRATING: _CALIBRATING,
        LengthReason.BEST_EXPECTED: _CHOSEN,
        LengthReason.PLAIN_IS_FASTER: _PLAIN,
    }[decision.reason]
    return filled(
        translate(_CONTEXT, source),
        tokens=decision.num_assistant_tokens,
        accepted=share(decision.acceptance_rate),
        cost=ratio(decision.draft_cost_ratio),
        gain=ratio(decision.expected_speed_up),
    )


def set_aside_text(decision: LengthDecision, translate: Translate) -> str:
    """Why the draft is not used for now."""
    return _compared(_SET_ASIDE, decision, translate)


def taken_back_text(decision: LengthDecision, translate: Translate) -> str:
    """Why the draft is used again."""
    return _compared(_TAKEN_BACK, decision, translate)


def _compared(source: str, decision: LengthDecision, translate: Translate) -> str:
    main_step_s = decision.main_step_s
    return filled(
        translate(_CONTEXT, source),
        plain=rate(1 / main_step_s if main_step_s else None),
        best=rate(decision.expected_tokens_per_s),
        tokens=decision.num_assistant_tokens,
        accepted=share(decision.acceptance_rate),
    )
