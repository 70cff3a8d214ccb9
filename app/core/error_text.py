"""What each ErrorCode says to people: title, sentence, action. No Qt: a translator is handed in."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.error_entries import ACTION_LABELS, ERROR_ENTRIES, ErrorAction
from app.core.filling import filled_from
from app.core.formatting import DASH
from app.core.translation import Translate
from engine.errors import ErrorCode, ErrorInfo

_CONTEXT = "ErrorText"


@dataclass(frozen=True, slots=True, kw_only=True)
class ErrorText:
    """An error in the user's language."""

    title: str
    sentence: str
    action: ErrorAction
    action_label: str


def error_text(info: ErrorInfo, translate: Translate) -> ErrorText:
    """Say an error in the user's language; facts of the error fill the named places."""
    entry = ERROR_ENTRIES[info.code]
    facts = _Facts({key: str(value) for key, value in info.facts})
    return ErrorText(
        title=translate(_CONTEXT, entry.title),
        sentence=_of_the_models(info, translate)
        or filled_from(translate(_CONTEXT, entry.sentence), facts),
        action=entry.action,
        action_label=translate(_CONTEXT, ACTION_LABELS[entry.action]),
    )


def _of_the_models(info: ErrorInfo, translate: Translate) -> str | None:
    """What the pair checker says, where it is why a load was refused."""
    if info.code not in (ErrorCode.MODEL_UNSUPPORTED, ErrorCode.TOKENIZER_MISMATCH):
        return None
    from app.core.model_text import reason_text  # only then: it knows all about models
    from engine.models.reasons import Reason, ReasonCode, Severity

    code = dict(info.facts).get("reason")
    if code not in set(ReasonCode):
        return None
    reason = Reason(code=ReasonCode(str(code)), severity=Severity.BLOCK, facts=info.facts)
    return reason_text(reason, translate)


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return DASH
