"""The messages of the open conversation as a Qt list model, the source of truth for the chat view.
Text of an answer in progress is buffered and handed on once per frame. No drawing, no engine."""

from __future__ import annotations

from collections.abc import Callable, Sequence
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
from app.viewmodels.transcript_row import TranscriptRow, Versions
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
        self._rows: list[TranscriptRow] = []
        self._describe: Callable[[GenerationReport], str] | None = None
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
                return self.footer(index.row())
            case TranscriptRole.NOTICE:
                return row.notice
        return None

    def append(self, message: Message) -> int:
        """Add a message at the end and return its row."""
        self._insert((message,))
        return len(self._rows) - 1

    def remove_rows(self, first: int, last: int) -> None:
        """Remove rows `first` to `last`, the latter included; the rows behind move up.

        Raises IndexError for rows that do not exist.
        """
        if not 0 <= first <= last < len(self._rows):
            raise IndexError(first, last)
        self.flush()
        self.beginRemoveRows(QModelIndex(), first, last)
        del self._rows[first : last + 1]
        self.endRemoveRows()

    def replace_from(self, row: int, messages: Sequence[Message]) -> None:
        """Show other messages from a row on; those before stay as they are.

        Raises IndexError when `row` is beyond the end.
        """
        if not 0 <= row <= len(self._rows):
            raise IndexError(row)
        if row < len(self._rows):
            self.remove_rows(row, len(self._rows) - 1)
        self._insert(messages)

    def _insert(self, messages: Sequence[Message]) -> None:
        if not messages:
            return
        row = len(self._rows)
        self.beginInsertRows(QModelIndex(), row, row + len(messages) - 1)
        self._rows += [TranscriptRow(message) for message in messages]
        self.endInsertRows()

    def replace(self, messages: Sequence[Message]) -> None:
        """Show another conversation; buffered text of the old one is dropped."""
        self.beginResetModel()
        self._pump.stop()
        self._buffers.clear()
        self._rows = [TranscriptRow(message) for message in messages]
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
        entry.described = None
        self._announce(row)

    def describe_reports(self, describe: Callable[[GenerationReport], str]) -> None:
        """Show the figures of every answer that has a report and no footer of its own.

        `describe` makes the line; call this again when its language has changed.
        """
        self._describe = describe
        for row, entry in enumerate(self._rows):
            entry.described = None
            if entry.report is not None:
                self._announce(row)

    def set_footer(self, row: int, text: str) -> None:
        """Set the line of figures under an answer; it stays with the message."""
        self._rows[row].footer = text
        self._announce(row)

    def set_details(
        self, row: int, *, spans: Sequence[TextSpan], report: GenerationReport | None
    ) -> None:
        """Add what was left out when the message was read: token spans and figures."""
        entry = self._rows[row]
        entry.spans, entry.report, entry.described = list(spans), report, None
        self._announce(row)

    def set_versions(self, row: int, index: int, count: int) -> None:
        """Tell that a message is version `index` (from 0) of `count`; with 1 nothing is shown.

        Raises ValueError when there is no such version.
        """
        if not 0 <= index < count:
            raise ValueError(f"version {index} of {count}")
        self._rows[row].versions = Versions(index, count)
        self._announce(row)

    def set_notice(self, row: int, text: str) -> None:
        """Set the sentence that says what happened to an answer; empty removes it."""
        self._rows[row].notice = text
        self._announce(row)

    def retell_notices(self, words: Callable[[str], str]) -> None:
        """Say every notice anew: `words` takes the old text and gives the new one."""
        told: dict[str, str] = {}
        for row, entry in enumerate(self._rows):
            if entry.notice:
                if entry.notice not in told:
                    told[entry.notice] = words(entry.notice)
                self.set_notice(row, told[entry.notice])

    def message(self, row: int) -> Message:
        """The row as a value."""
        return self._rows[row].message()

    def text(self, row: int) -> str:
        """Text of a row."""
        return self._rows[row].text()

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
        return self._rows[row].footer_text(self._describe)

    def report(self, row: int) -> GenerationReport | None:
        """The figures of an answer, None where there are none."""
        return self._rows[row].report

    def versions(self, row: int) -> Versions:
        """Which version of a message is shown, and how many there are."""
        return self._rows[row].versions

    def notice(self, row: int) -> str:
        """What happened to a row, or an empty string."""
        return self._rows[row].notice

    def _announce(self, row: int) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index)
        self.message_changed.emit(row)
