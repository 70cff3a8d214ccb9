"""What the list of chats says, beside the names that the user gave."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import QCoreApplication, QLocale

from app.core.chat_groups import DayGroup, GroupKind
from app.core.filling import filled
from app.viewmodels.chat_list_rows import ChatMark, ListRow, ListWords, RowKind


def list_words(now: datetime) -> ListWords:
    """The words of the rows on one day."""
    translate = QCoreApplication.translate
    return ListWords(
        pinned=translate("ChatListModel", "Pinned"),
        folders=translate("ChatListModel", "Folders"),
        untitled=translate("ChatListModel", "Untitled chat"),
        heading=lambda group: _heading(group, now),
    )


def hint_of(row: ListRow, mark: ChatMark | None) -> str:
    """The whole name, and what its mark means."""
    return row.text if mark is None else f"{row.text}\n{_mark_word(mark)}"


def spoken_text(row: ListRow, mark: ChatMark | None) -> str:
    """What a screen reader says of a row."""
    text = _spoken(row)
    return text if mark is None else f"{text}, {_mark_word(mark)}"


def _heading(group: DayGroup, now: datetime) -> str:
    translate = QCoreApplication.translate
    match group.kind:
        case GroupKind.TODAY:
            return translate("ChatListModel", "Today")
        case GroupKind.YESTERDAY:
            return translate("ChatListModel", "Yesterday")
        case GroupKind.WEEK:
            return translate("ChatListModel", "Previous 7 days")
    month = QLocale().standaloneMonthName(group.month)
    if group.year == now.year:
        return month
    return translate("ChatListModel", "{month} {year}").format(month=month, year=group.year)


def _spoken(row: ListRow) -> str:
    translate = QCoreApplication.translate
    match row.kind:
        case RowKind.FOLDER if row.folder is not None:
            text = translate("ChatListModel", "Folder {name}, {count} {count:chat|chats}")
            return filled(text, name=row.text, count=row.folder.chat_count)
        case RowKind.CHAT if row.chat is not None and row.chat.pinned:
            return translate("ChatListModel", "{title}, pinned").format(title=row.text)
        case RowKind.HIT if row.hit is not None:
            text = translate("ChatListModel", "{title}: {snippet}")
            return filled(text, title=row.text, snippet=row.hit.snippet)
    return row.text


def _mark_word(mark: ChatMark) -> str:
    translate = QCoreApplication.translate
    match mark:
        case ChatMark.ANSWERING:
            return translate("ChatListModel", "an answer is being made")
        case ChatMark.WAITING:
            return translate("ChatListModel", "waits for the model")
        case ChatMark.FAILED:
            return translate("ChatListModel", "the answer was interrupted")
        case ChatMark.UNREAD:
            return translate("ChatListModel", "new answer")
