"""A number field with a muted caption inside it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSpinBox, QWidget

from app.views.step_arrows import WIDTH as ARROWS_WIDTH
from app.views.step_arrows import StepArrows

_SIDE = 10
_GAP = 6


class CaptionSpin(QSpinBox):
    """Shows `caption` at its left end, the number before the steps at its right end."""

    def __init__(self, caption: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._arrows = StepArrows(self)
        self.lineEdit().setTextMargins(self._caption_width(), 0, ARROWS_WIDTH - _SIDE + 2, 0)

    def sizeHint(self) -> QSize:
        digits = self.fontMetrics().horizontalAdvance(str(self.maximum()))
        return QSize(_SIDE + self._caption_width() + digits + ARROWS_WIDTH + 10, 32)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        try:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect().adjusted(_SIDE, 0, 0, 0), left, self._caption)
        finally:
            painter.end()

    def _caption_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._caption) + _GAP
