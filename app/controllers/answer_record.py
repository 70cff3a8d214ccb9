"""Writes one answer into the store while it streams. It never blocks and knows no widget."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from app.controllers.open_chat import Entry
from app.controllers.store_access import StoreAccess
from app.core.conversation import Message
from app.core.store.batcher import DeltaBatcher
from engine.events import TextSpan


class AnswerRecord(QObject):
    """Gathers what streams in and commits it every fifth of a second.

    It goes on when another chat is shown; `finish` ends it, and `ended()` says so.
    """

    ended = Signal()

    def __init__(self, access: StoreAccess, entry: Entry, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.entry = entry
        self._access = access
        self._batcher = DeltaBatcher(self._commit)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._flush_due)

    def add(self, text: str, spans: tuple[TextSpan, ...]) -> None:
        """Take the next stretch of the answer."""
        self._wait(self._batcher.add(text, spans))

    def finish(self, message: Message) -> None:
        """Close the answer with its whole text; what was gathered is part of that."""
        self._timer.stop()
        self._batcher.discard()
        message_id = self.entry.id
        if message_id is not None:
            self._access.call(lambda store: store.finish_answer(message_id, message))
        self.ended.emit()
        self.deleteLater()

    def flush(self) -> None:
        """Commit what was gathered now."""
        self._batcher.flush()

    def _flush_due(self) -> None:
        self._wait(self._batcher.flush_if_due())

    def _wait(self, seconds: float | None) -> None:
        if seconds is not None and not self._timer.isActive():
            self._timer.start(max(1, round(seconds * 1000)))

    def _commit(self, text: str, spans: tuple[TextSpan, ...]) -> None:
        message_id = self.entry.id
        if message_id is not None:
            self._access.call(lambda store: store.append_delta(message_id, text, spans))
