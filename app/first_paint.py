"""Tells when a widget has been painted for the first time: what can wait is done after that."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget


class FirstPaint(QObject):
    """`painted()` once, after the first paint of `area` has been delivered."""

    painted = Signal()

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        area.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._area and event.type() is QEvent.Type.Paint:
            self._area.removeEventFilter(self)
            QTimer.singleShot(0, self.painted.emit)
        return False
