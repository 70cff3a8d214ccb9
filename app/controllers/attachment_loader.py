"""Reads attached files on a thread of its own and hands over their text, or why there is none."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from pathlib import Path

from PySide6.QtCore import QObject, QRunnable, Qt, QThreadPool, Signal

from app.core.attachments.values import AttachmentError

_LOG = logging.getLogger(__name__)


class AttachmentLoader(QObject):
    """`loaded(Attachment)` or `refused(name, AttachmentError)` for each file, in order."""

    loaded = Signal(object)
    refused = Signal(str, object)
    busy_changed = Signal(bool)
    _done = Signal(object, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._pool = QThreadPool(self)
        self._pool.setMaxThreadCount(1)
        self._under_way = 0
        self._is_closed = False
        self._done.connect(self._on_done, Qt.ConnectionType.QueuedConnection)

    @property
    def is_busy(self) -> bool:
        """Whether files are being read."""
        return self._under_way > 0

    def load(self, paths: Iterable[Path]) -> None:
        """Read files."""
        for path in paths:
            self._under_way += 1
            self._pool.start(_Job(self, path))
        self.busy_changed.emit(self.is_busy)

    def close(self) -> None:
        """Give up what is under way."""
        self._is_closed = True
        self._pool.clear()
        self._pool.waitForDone()

    def read(self, path: Path) -> None:
        """Read one file; called on the thread of the pool."""
        from app.core.attachments.extract import extract  # not before the first paint

        try:
            outcome: object = extract(path, is_cancelled=lambda: self._is_closed)
        except AttachmentError as error:
            outcome = error
        if not self._is_closed:
            self._done.emit(path, outcome)

    def _on_done(self, path: Path, outcome: object) -> None:
        self._under_way -= 1
        if isinstance(outcome, AttachmentError):
            _LOG.info("a file was not attached: %s", outcome.code)
            self.refused.emit(path.name, outcome)
        else:
            self.loaded.emit(outcome)
        self.busy_changed.emit(self.is_busy)


class _Job(QRunnable):
    def __init__(self, loader: AttachmentLoader, path: Path) -> None:
        super().__init__()
        self._loader = loader
        self._path = path

    def run(self) -> None:
        self._loader.read(self._path)
