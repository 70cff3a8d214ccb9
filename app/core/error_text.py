"""What each ErrorCode says to people: title, sentence, action. No Qt: a translator is handed in."""

from __future__ import annotations

from dataclasses import dataclass

from app.core.error_entries import ACTION_LABELS, ERROR_ENTRIES, ErrorAction
from app.core.filling import filled_from
from app.core.formatting import DASH
from app.core.translation import Translate
from engine.errors import ErrorInfo

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
        sentence=filled_from(translate(_CONTEXT, entry.sentence), facts),
        action=entry.action,
        action_label=translate(_CONTEXT, ACTION_LABELS[entry.action]),
    )


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return DASH
