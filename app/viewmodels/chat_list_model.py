"""The list of chats as a Qt list model. It changes nothing by itself: what the user wants (another
name, another folder) is only announced."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from enum import IntEnum
from typing import TYPE_CHECKING

from PySide6.QtCore import (
    QAbstractListModel,
    QByteArray,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.viewmodels.chat_list_rows import ChatMark, ListRow, RowKind, chat_rows, hit_rows
from app.viewmodels.chat_list_words import hint_of, list_words, spoken_text

if TYPE_CHECKING:
    from app.core.store.values import SearchHit, StoredChat, StoredFolder

AnyIndex = QModelIndex | QPersistentModelIndex
CHATS_MIME = "application/x-slipstream-chats"
_NO_PARENT = QModelIndex()


class ChatListRole(IntEnum):
    """Data roles beyond Qt's own."""

    ROW = Qt.ItemDataRole.UserRole
    """The `ListRow`."""
    IS_OPEN = Qt.ItemDataRole.UserRole + 1
    """Whether the chat is the one that is shown."""
    MARK = Qt.ItemDataRole.UserRole + 2
    """The `ChatMark` (its text) of a chat, or of a folded folder with such a chat; None without."""


def _local_now() -> datetime:
    return datetime.now().astimezone()


class ChatListModel(QAbstractListModel):
    """Rows as of `chat_list_rows`: the chats, or the hits while there is a query."""

    chat_renamed = Signal(int, str)
    folder_renamed = Signal(int, str)
    marks_changed = Signal()
    chats_dropped = Signal(object, object)  # tuple[int, ...], folder id or None

    def __init__(
        self, parent: QObject | None = None, *, now: Callable[[], datetime] = _local_now
    ) -> None:
        super().__init__(parent)
        self._now = now
        self._rows: list[ListRow] = []
        self._chats: tuple[StoredChat, ...] = ()
        self._by_id: dict[int, StoredChat] = {}
        self._folders: tuple[StoredFolder, ...] = ()
        self._expanded: frozenset[int] = frozenset()
        self._hits: tuple[SearchHit, ...] | None = None
        self._open_chat: int | None = None
        self._marks: dict[int, ChatMark] = {}

    @property
    def folders(self) -> tuple[StoredFolder, ...]:
        """All folders by name."""
        return self._folders

    @property
    def chats(self) -> tuple[StoredChat, ...]:
        """All chats, whether shown or folded away."""
        return self._chats

    @property
    def rows(self) -> Sequence[ListRow]:
        """What is listed."""
        return self._rows

    def show_chats(self, chats: Iterable[StoredChat], folders: Iterable[StoredFolder]) -> None:
        """List these."""
        self._chats, self._folders = tuple(chats), tuple(folders)
        self._by_id = {chat.id: chat for chat in self._chats}
        self.rebuild()

    def show_hits(self, hits: Iterable[SearchHit] | None) -> None:
        """List what a search found; None goes back to the chats."""
        self._hits = None if hits is None else tuple(hits)
        self.rebuild()

    def set_open(self, chat_id: int | None) -> None:
        """Mark the chat that is shown."""
        changed = (self._open_chat, chat_id)
        self._open_chat = chat_id
        if chat_id != changed[0]:
            self._tell_changed(
                number
                for number, row in enumerate(self._rows)
                if row.chat is not None and row.chat.id in changed
            )

    def set_marks(self, marks: dict[int, ChatMark]) -> None:
        """Mark chats whose answers are being made, wait or came unseen."""
        before = [self.mark_of(row) for row in self._rows]
        self._marks = marks
        self._tell_changed(
            number
            for number, (row, mark) in enumerate(zip(self._rows, before, strict=True))
            if self.mark_of(row) is not mark
        )
        self.marks_changed.emit()

    def _tell_changed(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self.dataChanged.emit(self.index(number), self.index(number))

    def answering_rows(self) -> Iterator[QModelIndex]:
        """Where it is shown that an answer is being made."""
        if self.is_answering:
            for number, row in enumerate(self._rows):
                if self.mark_of(row) is ChatMark.ANSWERING:
                    yield self.index(number)

    @property
    def is_answering(self) -> bool:
        """Whether an answer of any chat is being made."""
        return ChatMark.ANSWERING in self._marks.values()

    def mark_of(self, row: ListRow) -> ChatMark | None:
        """What is to be shown beside a row."""
        if row.kind is RowKind.CHAT and row.chat is not None:
            return self._marks.get(row.chat.id)
        if row.folder is None or row.is_expanded or not self._marks:
            return None
        chats = ((self.chat_of(chat_id), mark) for chat_id, mark in self._marks.items())
        folder = row.folder.id
        inside = [mark for chat, mark in chats if chat is not None and folder_of(chat) == folder]
        return min(inside, key=list(ChatMark).index, default=None)

    def toggle_folder(self, folder_id: int) -> None:
        """Fold or unfold a folder."""
        self.set_expanded(folder_id, on=folder_id not in self._expanded)

    def set_expanded(self, folder_id: int, *, on: bool) -> None:
        """Fold or unfold a folder."""
        self._expanded = self._expanded | {folder_id} if on else self._expanded - {folder_id}
        self.rebuild()

    def rebuild(self) -> None:
        """Make the rows anew; what they say may depend on the day and the language."""
        rows = self._make_rows()
        if [row.key for row in rows] == [row.key for row in self._rows]:
            changed = [i for i, row in enumerate(rows) if row != self._rows[i]]
            self._rows = rows
            for index in changed:
                self.dataChanged.emit(self.index(index), self.index(index))
            return
        self.beginResetModel()
        self._rows = rows
        self.endResetModel()

    def chat_of(self, chat_id: int) -> StoredChat | None:
        """A chat by id."""
        return self._by_id.get(chat_id)

    def row_at(self, index: AnyIndex) -> ListRow | None:
        """What a row stands for."""
        return self._rows[index.row()] if index.isValid() else None

    def index_of(self, key: tuple[str, int]) -> QModelIndex:
        """Where something is listed; an invalid index when it is not."""
        for number, row in enumerate(self._rows):
            if row.key == key:
                return self.index(number)
        return QModelIndex()

    def _make_rows(self) -> list[ListRow]:
        now = self._now()
        words = list_words(now)
        if self._hits is not None:
            note = self.tr("Nothing found.")
            rows = list(hit_rows(self._hits, words))
        else:
            note = self.tr("Your chats will be listed here.")
            rows = list(
                chat_rows(
                    self._chats,
                    self._folders,
                    expanded=self._expanded,
                    now=now,
                    words=words,
                )
            )
        return rows or [ListRow(kind=RowKind.NOTE, key=("note", 0), text=note)]

    def rowCount(self, parent: AnyIndex = _NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.row_at(index)
        if row is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return row.text
            case Qt.ItemDataRole.ToolTipRole:
                named = row.kind in (RowKind.CHAT, RowKind.FOLDER)
                return hint_of(row, self.mark_of(row)) if named else None
            case Qt.ItemDataRole.AccessibleTextRole:
                return spoken_text(row, self.mark_of(row))
            case ChatListRole.ROW:
                return row
            case ChatListRole.IS_OPEN:
                return row.chat is not None and row.chat.id == self._open_chat
            case ChatListRole.MARK:
                return self.mark_of(row)
        return None

    def setData(self, index: AnyIndex, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        row = self.row_at(index)
        name = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or row is None or not name or name == row.text:
            return False
        if row.chat is not None:
            self.chat_renamed.emit(row.chat.id, name)
        elif row.folder is not None:
            self.folder_renamed.emit(row.folder.id, name)
        return True

    def flags(self, index: AnyIndex) -> Qt.ItemFlag:
        row = self.row_at(index)
        flag = Qt.ItemFlag
        if row is None:
            return flag.ItemIsDropEnabled  # the empty room below the list
        match row.kind:
            case RowKind.CHAT:
                return (
                    flag.ItemIsEnabled
                    | flag.ItemIsSelectable
                    | flag.ItemIsEditable
                    | flag.ItemIsDragEnabled
                    | flag.ItemIsDropEnabled
                )
            case RowKind.FOLDER:
                return (
                    flag.ItemIsEnabled
                    | flag.ItemIsSelectable
                    | flag.ItemIsEditable
                    | flag.ItemIsDropEnabled
                )
            case RowKind.HIT:
                return flag.ItemIsEnabled | flag.ItemIsSelectable
        return flag.ItemIsDropEnabled

    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    def mimeTypes(self) -> list[str]:
        return [CHATS_MIME]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        rows = (self.row_at(index) for index in indexes)
        ids = [row.chat.id for row in rows if row is not None and row.chat is not None]
        data = QMimeData()
        data.setData(CHATS_MIME, QByteArray(json.dumps(ids).encode()))
        return data

    def dropMimeData(
        self,
        data: QMimeData,
        action: Qt.DropAction,
        row: int,
        column: int,
        parent: AnyIndex,
    ) -> bool:
        del action, row, column
        if not data.hasFormat(CHATS_MIME):
            return False
        ids = tuple(json.loads(bytes(data.data(CHATS_MIME).data())))
        self.chats_dropped.emit(ids, self.folder_at(parent))
        return False  # the rows move when the store has moved the chats

    def folder_at(self, index: AnyIndex) -> int | None:
        """The folder that a row is or lies in; None outside of folders."""
        row = self.row_at(index)
        if row is None or row.chat is None:
            return row.folder.id if row is not None and row.folder is not None else None
        return folder_of(row.chat)


def folder_of(chat: StoredChat) -> int | None:
    """The folder in which a chat is listed; pinned ones stand above all folders."""
    return None if chat.pinned else chat.folder_id
