"""A number field with a muted caption inside it."""

from __future__ import annotations

from collections.abc import Callable

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
        self._is_caption_shown = True
        self.setAccessibleName(name)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self._arrows = StepArrows(self)
        self._place_text()

    def show_caption(self, shown: bool) -> None:
        """Show the caption, or only the number where there is little room."""
        if shown != self._is_caption_shown:
            self._is_caption_shown = shown
            self._place_text()
            self.updateGeometry()

    def retell(self, words: Callable[[str], str]) -> None:
        """Say the caption in another language."""
        self._caption = words(self._caption)
        self._place_text()
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        texts = (str(self.maximum()), self.specialValueText())
        digits = max(self.fontMetrics().horizontalAdvance(text) for text in texts)
        return QSize(_SIDE + self._caption_width() + digits + ARROWS_WIDTH + 10, 32)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._is_caption_shown:
            return
        painter = QPainter(self)
        try:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(self.rect().adjusted(_SIDE, 0, 0, 0), left, self._caption)
        finally:
            painter.end()

    def _caption_width(self) -> int:
        if not self._is_caption_shown:
            return 0
        return self.fontMetrics().horizontalAdvance(self._caption) + _GAP

    def _place_text(self) -> None:
        self.lineEdit().setTextMargins(self._caption_width(), 0, ARROWS_WIDTH - _SIDE + 2, 0)
