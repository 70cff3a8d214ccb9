"""Reads attached files on a thread of its own and hands over their text, or why there is none."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Hashable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from app.core.attachments.values import AttachmentError, RefusalCode

_LOG = logging.getLogger(__name__)


class AttachmentLoader(QObject):
    """`loaded(Attachment, chat)` or `refused(name, AttachmentError)` for each file, in order;
    `count_changed()` after it and when files are taken on."""

    loaded = Signal(object, object)
    refused = Signal(str, object)
    count_changed = Signal()
    _done = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._under_way: Counter[Hashable] = Counter()
        self._is_closed = False
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    def is_reading(self, chat: Hashable) -> bool:
        """Whether files of this chat are being read."""
        return self._under_way[chat] > 0

    def load(self, paths: Iterable[Path], *, chat: Hashable) -> None:
        """Read files for a chat."""
        for path in paths:
            self._under_way[chat] += 1
            self._pool.start(_Job(self, path, chat))
        self.count_changed.emit()

    def close(self) -> None:
        """Give up what is under way."""
        self._is_closed = True
        self._pool.clear()
        self._pool.waitForDone()

    def read(self, path: Path, chat: Hashable) -> None:
        """Read one file; called on the thread of the pool."""
        from app.core.attachments.extract import extract  # not before the first paint

        outcome: object = AttachmentError(RefusalCode.UNREADABLE)  # should anything else be raised
        try:
            outcome = extract(path, is_cancelled=lambda: self._is_closed)
        except AttachmentError as error:
            outcome = error
        finally:
            if not self._is_closed:
                self._done.emit(path, chat, outcome)

    def _on_done(self, path: Path, chat: Hashable, outcome: object) -> None:
        self._under_way[chat] -= 1
        if isinstance(outcome, AttachmentError):
            _LOG.info("a file was not attached: %s", outcome.code)
            self.refused.emit(path.name, outcome)
        else:
            self.loaded.emit(outcome, chat)
        self.count_changed.emit()


class _Job(QRunnable):
    def __init__(self, loader: AttachmentLoader, path: Path, chat: Hashable) -> None:
        super().__init__()
        self._loader = loader
        self._path = path
        self._chat = chat

    def run(self) -> None:
        self._loader.read(self._path, self._chat)
