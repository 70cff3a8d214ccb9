"""What the store's notices and an import's refusals say to people. No Qt: a translator comes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from app.core.filling import filled_from
from app.core.formatting import DASH, size
from app.core.import_chats.refusal import Expected, ImportRefusedError, RefusalCode
from app.core.store.values import NoticeCode, StoreNotice
from app.core.system_reason import system_reason
from app.core.translation import QT_TRANSLATE_NOOP, Translate

_C = "StoreText"
_NOTICES: Mapping[NoticeCode, tuple[str, str]] = {
    NoticeCode.ANSWERS_INTERRUPTED: (
        QT_TRANSLATE_NOOP("StoreText", "An answer was interrupted"),
        QT_TRANSLATE_NOOP(
            "StoreText",
            "The program ended while {count} {count:answer was|answers were} being made; what had "
            "arrived was kept.",
        ),
    ),
    NoticeCode.DAMAGE_REPAIRED: (
        QT_TRANSLATE_NOOP("StoreText", "The file of your chats was damaged"),
        QT_TRANSLATE_NOOP(
            "StoreText",
            "It was rebuilt with {messages} {messages:message|messages} in {chats} "
            "{chats:chat|chats}, {from_backup} of them from a backup; {lost} could not be read. "
            "The damaged file was kept as {moved_to}.",
        ),
    ),
    NoticeCode.NEWER_SCHEMA: (
        QT_TRANSLATE_NOOP("StoreText", "Chats of a newer version"),
        QT_TRANSLATE_NOOP(
            "StoreText",
            "A newer version wrote the file of your chats. They can be read here, but nothing new "
            "is saved.",
        ),
    ),
    NoticeCode.SAVING_PAUSED_DISK_FULL: (
        QT_TRANSLATE_NOOP("StoreText", "The disk is full"),
        QT_TRANSLATE_NOOP(
            "StoreText", "Your chat is kept in memory and saved as soon as there is room."
        ),
    ),
    NoticeCode.SAVING_PAUSED_NOT_WRITABLE: (
        QT_TRANSLATE_NOOP("StoreText", "Your chat cannot be saved"),
        QT_TRANSLATE_NOOP(
            "StoreText", "It is kept in memory and saving is tried again. Reason: {reason}"
        ),
    ),
    NoticeCode.SAVING_RESUMED: (
        QT_TRANSLATE_NOOP("StoreText", "Saving works again"),
        QT_TRANSLATE_NOOP("StoreText", "Everything that waited is saved."),
    ),
    NoticeCode.NOT_SAVING: (
        QT_TRANSLATE_NOOP("StoreText", "Chats are not saved"),
        QT_TRANSLATE_NOOP(
            "StoreText",
            "The file of your chats cannot be opened; this session is kept in memory only. "
            "Reason: {reason}",
        ),
    ),
    NoticeCode.UNSAVED_AT_CLOSE: (
        QT_TRANSLATE_NOOP("StoreText", "Not everything was saved"),
        QT_TRANSLATE_NOOP("StoreText", "{lost} {lost:change|changes} could not be saved."),
    ),
    NoticeCode.BACKUP_FAILED: (
        QT_TRANSLATE_NOOP("StoreText", "No backup could be made"),
        QT_TRANSLATE_NOOP(
            "StoreText",
            "Your chats are saved, but the backup in {folder} could not be written. "
            "Reason: {reason}",
        ),
    ),
    NoticeCode.SEARCH_INDEX_REBUILT: (
        QT_TRANSLATE_NOOP("StoreText", "The search index is made anew"),
        QT_TRANSLATE_NOOP("StoreText", "It was damaged; searching works meanwhile."),
    ),
    NoticeCode.SEARCH_INDEX_UNAVAILABLE: (
        QT_TRANSLATE_NOOP("StoreText", "Searching is slower here"),
        QT_TRANSLATE_NOOP("StoreText", "This system has no search index. Reason: {reason}"),
    ),
    NoticeCode.JOURNAL_UNSUPPORTED: (
        QT_TRANSLATE_NOOP("StoreText", "The data folder is slow to save to"),
        QT_TRANSLATE_NOOP(
            "StoreText", "It seems to be a network folder: saving is safe there, but slower."
        ),
    ),
}
_SERIOUS = frozenset(
    {
        NoticeCode.NOT_SAVING,
        NoticeCode.SAVING_PAUSED_DISK_FULL,
        NoticeCode.SAVING_PAUSED_NOT_WRITABLE,
        NoticeCode.DAMAGE_REPAIRED,
        NoticeCode.NEWER_SCHEMA,
    }
)
_REFUSALS: Mapping[RefusalCode, str] = {
    RefusalCode.UNREADABLE: QT_TRANSLATE_NOOP("StoreText", "It cannot be read. Reason: {reason}"),
    RefusalCode.MISSING: QT_TRANSLATE_NOOP("StoreText", "It is not there any more."),
    RefusalCode.NOT_PERMITTED: QT_TRANSLATE_NOOP("StoreText", "You are not allowed to read it."),
    RefusalCode.DAMAGED_ARCHIVE: QT_TRANSLATE_NOOP(
        "StoreText", "The archive is damaged, or locked by a password."
    ),
    RefusalCode.TOO_LARGE: QT_TRANSLATE_NOOP("StoreText", "It is larger than {limit}."),
    RefusalCode.NOT_TEXT: QT_TRANSLATE_NOOP("StoreText", "It is not text in UTF-8 (byte {byte})."),
    RefusalCode.NOT_JSON: QT_TRANSLATE_NOOP(
        "StoreText", "It is not sound JSON: line {line}, column {column}."
    ),
    RefusalCode.TOO_DEEP: QT_TRANSLATE_NOOP("StoreText", "It is nested too deeply."),
    RefusalCode.UNKNOWN_FORMAT: QT_TRANSLATE_NOOP(
        "StoreText", "It is not an export of a program that is known here."
    ),
    RefusalCode.NEWER_FORMAT: QT_TRANSLATE_NOOP(
        "StoreText", "A newer version exported it (format {found}, known here: {known})."
    ),
    RefusalCode.WRONG_STRUCTURE: QT_TRANSLATE_NOOP(
        "StoreText", "At {where} something else was expected: {expected}."
    ),
    RefusalCode.TOO_MANY_MESSAGES: QT_TRANSLATE_NOOP(
        "StoreText", "It holds more than {limit} {limit:message|messages}."
    ),
    RefusalCode.NOTHING_FOUND: QT_TRANSLATE_NOOP("StoreText", "There is no chat in it."),
}


_EXPECTED: Mapping[Expected, str] = {
    Expected.OBJECT: QT_TRANSLATE_NOOP("StoreText", "an object"),
    Expected.LIST: QT_TRANSLATE_NOOP("StoreText", "a list"),
    Expected.TEXT: QT_TRANSLATE_NOOP("StoreText", "a text"),
    Expected.NUMBER: QT_TRANSLATE_NOOP("StoreText", "a number"),
    Expected.INTEGER: QT_TRANSLATE_NOOP("StoreText", "a whole number"),
    Expected.INTEGER_BETWEEN: QT_TRANSLATE_NOOP("StoreText", "a whole number from {low} to {high}"),
    Expected.FLAG: QT_TRANSLATE_NOOP("StoreText", "true or false"),
    Expected.TIME: QT_TRANSLATE_NOOP("StoreText", "a time"),
    Expected.ONE_OF: QT_TRANSLATE_NOOP("StoreText", "one of these: {allowed}"),
    Expected.TREE: QT_TRANSLATE_NOOP("StoreText", "messages that do not come before themselves"),
    Expected.NO_PARENT: QT_TRANSLATE_NOOP("StoreText", "a first message that follows no other"),
    Expected.SETTINGS: QT_TRANSLATE_NOOP("StoreText", "plain settings"),
    Expected.SPANS: QT_TRANSLATE_NOOP("StoreText", "marked stretches that cover the text"),
    Expected.REPORT: QT_TRANSLATE_NOOP("StoreText", "the figures of an answer"),
}


def is_serious(notice: StoreNotice) -> bool:
    """Whether chats are in danger, so that the notice may not wait."""
    return notice.code in _SERIOUS


def notice_text(notice: StoreNotice, translate: Translate) -> tuple[str, str]:
    """Title and sentence of a notice of the store."""
    title, sentence = _NOTICES[notice.code]
    facts = _told(notice.facts, translate)
    return translate(_C, title), filled_from(translate(_C, sentence), _Facts(facts))


def refusal_text(refusal: ImportRefusedError, translate: Translate) -> str:
    """Why a file was refused, as one sentence."""
    facts = {**_told(refusal.facts, translate), "where": refusal.where}
    limit, expected = facts.get("limit_bytes"), facts.get("expected")
    if isinstance(limit, int):
        facts["limit"] = size(limit)
    if isinstance(expected, str):
        words = translate(_C, _EXPECTED[Expected(expected)])
        facts["expected"] = filled_from(words, _Facts(facts))
    return filled_from(translate(_C, _REFUSALS[refusal.code]), _Facts(facts))


def _told(facts: Iterable[tuple[str, object]], translate: Translate) -> dict[str, object]:
    """The facts, with the reason of the system in the user's language."""
    told = dict(facts)
    if "reason" in told:
        told["reason"] = system_reason(told["reason"], translate)
    return told


class _Facts(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return DASH
