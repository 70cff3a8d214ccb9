"""A number field with a muted caption inside and two small steps at its right end."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSpinBox, QWidget

_SIDE = 10
_GAP = 6
_STEPS = 20


class CaptionSpin(QSpinBox):
    """A spin box whose steps are drawn in the colours of the theme."""

    def __init__(self, caption: str, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self.setAccessibleName(name)
        self.setButtonSymbols(QSpinBox.ButtonSymbols.NoButtons)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.lineEdit().setTextMargins(self._caption_width(), 0, _STEPS - 6, 0)

    def sizeHint(self) -> QSize:
        digits = self.fontMetrics().horizontalAdvance(str(self.maximum()))
        return QSize(_SIDE + self._caption_width() + digits + _STEPS + 10, 32)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.position().x() >= self.width() - _STEPS and self.isEnabled():
            self.stepBy(1 if event.position().y() < self.height() / 2 else -1)
            event.accept()
            return
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            colour = QColor(self.palette().color(QPalette.ColorRole.PlaceholderText))
            painter.setPen(colour)
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect().adjusted(_SIDE, 0, 0, 0), left, self._caption)
            painter.setPen(QPen(colour, 1.4))
            x, middle = self.width() - 12.0, self.height() / 2
            for sign in (-1, 1):
                y = middle + sign * 3.5
                tip = QPointF(x, y + sign * 3)
                painter.drawPolyline([QPointF(x - 3, y), tip, QPointF(x + 3, y)])
        finally:
            painter.end()

    def _caption_width(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._caption) + _GAP if self._caption else 0
