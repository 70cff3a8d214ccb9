"""The messages of the open conversation as a Qt list model, the source of truth for the chat view.
Text of an answer in progress is buffered and handed on once per frame. No drawing, no engine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import IntEnum

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from app.core.conversation import Message, MessageState
from app.viewmodels.token_pump import TokenPump
from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport

AnyIndex = QModelIndex | QPersistentModelIndex


class TranscriptRole(IntEnum):
    """Data roles beyond Qt's own; `DisplayRole` is the text."""

    ROLE = Qt.ItemDataRole.UserRole
    STATE = Qt.ItemDataRole.UserRole + 1
    FOOTER = Qt.ItemDataRole.UserRole + 2
    NOTICE = Qt.ItemDataRole.UserRole + 3


class _Row:
    """One message; its text is a list of pieces that is joined when somebody asks for the whole."""

    __slots__ = ("footer", "length", "notice", "pieces", "report", "role", "spans", "state")

    def __init__(self, message: Message) -> None:
        self.role = message.role
        self.pieces = [message.text] if message.text else []
        self.length = len(message.text)
        self.spans = list(message.spans)
        self.state = message.state
        self.report = message.report
        self.footer = ""
        self.notice = ""

    def add(self, text: str, spans: Iterable[TextSpan]) -> None:
        self.pieces.append(text)
        self.length += len(text)
        self.spans.extend(spans)

    def text(self) -> str:
        if len(self.pieces) > 1:
            self.pieces = ["".join(self.pieces)]
        return self.pieces[0] if self.pieces else ""

    def text_from(self, offset: int) -> str:
        start = self.length
        for index in range(len(self.pieces) - 1, -1, -1):
            start -= len(self.pieces[index])
            if start <= offset:
                return self.pieces[index][offset - start :] + "".join(self.pieces[index + 1 :])
        return "".join(self.pieces)

    def message(self) -> Message:
        return Message(
            role=self.role,
            text=self.text(),
            state=self.state,
            spans=tuple(self.spans),
            report=self.report,
        )


class TranscriptModel(QAbstractListModel):
    """Rows are messages in order.

    `text_flushed(row)` follows buffered text (once per frame), `message_changed(row)` any other
    change of a row; both come after the data has changed. Reading a row never shows buffered text
    that has not been flushed; `finish` flushes it.
    """

    text_flushed = Signal(int)
    message_changed = Signal(int)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[_Row] = []
        self._buffers: dict[int, tuple[list[str], list[TextSpan]]] = {}
        self._pump = TokenPump(self.flush, self)

    def __len__(self) -> int:
        return len(self._rows)

    def __bool__(self) -> bool:
        """A model is a model even when it is empty."""
        return True

    def rowCount(self, parent: AnyIndex | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._rows)

    def data(self, index: AnyIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or not 0 <= index.row() < len(self._rows):
            return None
        row = self._rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return row.text()
            case TranscriptRole.ROLE:
                return row.role.value
            case TranscriptRole.STATE:
                return row.state.value
            case TranscriptRole.FOOTER:
                return row.footer
            case TranscriptRole.NOTICE:
                return row.notice
        return None

    def append(self, message: Message) -> int:
        """Add a message at the end and return its row."""
        row = len(self._rows)
        self.beginInsertRows(QModelIndex(), row, row)
        self._rows.append(_Row(message))
        self.endInsertRows()
        return row

    def replace(self, messages: Sequence[Message]) -> None:
        """Show another conversation; buffered text of the old one is dropped."""
        self.beginResetModel()
        self._pump.stop()
        self._buffers.clear()
        self._rows = [_Row(message) for message in messages]
        self.endResetModel()

    def clear(self) -> None:
        """Remove every message."""
        self.replace(())

    def append_text(self, row: int, text: str, spans: tuple[TextSpan, ...] = ()) -> None:
        """Buffer text of an answer in progress; it is shown within one frame.

        `spans` cover `text` exactly. Raises IndexError for a row that does not exist.
        """
        if not 0 <= row < len(self._rows):
            raise IndexError(row)
        if not text:
            return
        pieces, buffered_spans = self._buffers.setdefault(row, ([], []))
        pieces.append(text)
        buffered_spans.extend(spans)
        self._pump.request()

    def flush(self) -> None:
        """Hand on all buffered text now."""
        self._pump.stop()
        buffers, self._buffers = self._buffers, {}
        for row, (pieces, spans) in buffers.items():
            if self._rows[row].state is MessageState.WAITING:
                self._rows[row].state = MessageState.STREAMING
                self._announce(row)
            self._rows[row].add("".join(pieces), spans)
            self.text_flushed.emit(row)

    def set_state(self, row: int, state: MessageState) -> None:
        """Change the state of a row."""
        self._rows[row].state = state
        self._announce(row)

    def finish(
        self,
        row: int,
        *,
        text: str,
        state: MessageState,
        report: GenerationReport | None,
        note: str = "",
    ) -> None:
        """Close an answer with the text that was shown, its state, figures and a notice, if any."""
        self.flush()
        entry = self._rows[row]
        if entry.text() != text:
            entry.pieces, entry.length = ([text] if text else []), len(text)
        entry.state, entry.report, entry.notice = state, report, note
        self._announce(row)

    def set_footer(self, row: int, text: str) -> None:
        """Set the line of figures under an answer."""
        self._rows[row].footer = text
        self._announce(row)

    def set_notice(self, row: int, text: str) -> None:
        """Set the sentence that says what happened to an answer; empty removes it."""
        self._rows[row].notice = text
        self._announce(row)

    def message(self, row: int) -> Message:
        """The row as a value."""
        return self._rows[row].message()

    def text_length(self, row: int) -> int:
        """Characters of a row."""
        return self._rows[row].length

    def text_from(self, row: int, offset: int) -> str:
        """Text of a row from a character offset on; cheap for the newest text."""
        return self._rows[row].text_from(offset)

    def spans(self, row: int) -> Sequence[TextSpan]:
        """Spans of a row so far, growing in place; do not change it."""
        return self._rows[row].spans

    def role_of(self, row: int) -> Role:
        """Who wrote a row."""
        return self._rows[row].role

    def state_of(self, row: int) -> MessageState:
        """How far a row got."""
        return self._rows[row].state

    def footer(self, row: int) -> str:
        """The line of figures under a row, or an empty string."""
        return self._rows[row].footer

    def notice(self, row: int) -> str:
        """What happened to a row, or an empty string."""
        return self._rows[row].notice

    def _announce(self, row: int) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index)
        self.message_changed.emit(row)
