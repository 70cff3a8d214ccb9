"""Tells when a widget has been painted for the first time: what can wait is done after that."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

LATEST_MS = 2000
"""A window that is not painted by then is minimised or hidden: its work begins all the same."""


class FirstPaint(QObject):
    """`painted()` once, after the first paint of `area` has been delivered; `begun()` once, with
    it or `latest_ms` after this was made, whichever comes first. Nothing after `cancel`.
    """

    painted = Signal()
    begun = Signal()

    def __init__(self, area: QWidget, *, latest_ms: int = LATEST_MS) -> None:
        super().__init__(area)
        self._area = area
        self._is_cancelled = self._has_begun = False
        self._latest = QTimer(self)
        self._latest.setSingleShot(True)
        self._latest.timeout.connect(self._begin)
        self._latest.start(latest_ms)
        area.installEventFilter(self)

    def cancel(self) -> None:
        """Tell nothing any more: the program ends."""
        self._is_cancelled = True
        self._latest.stop()
        self._area.removeEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._area and event.type() is QEvent.Type.Paint:
            self._area.removeEventFilter(self)
            QTimer.singleShot(0, self._on_painted)
        return False

    def _on_painted(self) -> None:
        if not self._is_cancelled:
            self.painted.emit()
            self._begin()

    def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self._latest.stop()
            self.begun.emit()
