"""Reads attached files on a thread of its own and hands over their text, or why there is none."""

from __future__ import annotations

import logging
import queue
import threading
from collections import Counter
from collections.abc import Hashable, Iterable
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal

from app.core.attachments.values import AttachmentError, RefusalCode

_LOG = logging.getLogger(__name__)
_END_S = 2.0


class AttachmentLoader(QObject):
    """`loaded(Attachment, chat)` or `refused(name, AttachmentError)` for each file, in order;
    `count_changed()` after it and when files are taken on."""

    loaded = Signal(object, object)
    refused = Signal(str, object)
    count_changed = Signal()
    _done = Signal(object, object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._files: queue.SimpleQueue[tuple[Path, Hashable] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
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
            self._files.put((path, chat))
        if self._thread is None:
            # A file that was made to be read for ever must not keep the program from ending.
            self._thread = threading.Thread(target=self._read_all, name="attachments", daemon=True)
            self._thread.start()
        self.count_changed.emit()

    def close(self) -> None:
        """Give up what is under way; waits a moment for its end."""
        self._is_closed = True
        self._files.put(None)
        if self._thread is not None:
            self._thread.join(_END_S)

    def _read_all(self) -> None:
        while (wanted := self._files.get()) is not None and not self._is_closed:
            path, chat = wanted
            outcome = self._read(path)
            if not self._is_closed:
                self._done.emit(path, chat, outcome)

    def _read(self, path: Path) -> object:
        from app.core.attachments.extract import extract  # not before the first paint

        try:
            return extract(path, is_cancelled=lambda: self._is_closed)
        except AttachmentError as error:
            return error
        except Exception:  # noqa: BLE001 - border: the thread must outlive any file
            _LOG.exception("a file could not be read")
            return AttachmentError(RefusalCode.UNREADABLE)

    def _on_done(self, path: Path, chat: Hashable, outcome: object) -> None:
        self._under_way[chat] -= 1
        if isinstance(outcome, AttachmentError):
            _LOG.info("a file was not attached: %s", outcome.code)
            self.refused.emit(path.name, outcome)
        else:
            self.loaded.emit(outcome, chat)
        self.count_changed.emit()
