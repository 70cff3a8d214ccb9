"""What a block needs to scroll sideways by itself: the position, its limits and a thin bar."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from app.chat_view.style import Style

BAR_HEIGHT = 4
BAR_ROOM = 10
SHORTEST_BAR = 32


class Sideways:
    """A horizontal position in pixels between 0 and `maximum`."""

    def __init__(self) -> None:
        self.value = 0
        self.maximum = 0
        self._visible = 1

    def fit(self, *, content: float, visible: float) -> None:
        """Set the widths of the content and of what is seen of it."""
        self._visible = max(1, int(visible))
        self.maximum = max(0, round(content - visible))
        self.value = min(self.value, self.maximum)

    @property
    def room(self) -> int:
        """Pixels that the bar needs below the content."""
        return BAR_ROOM if self.maximum else 0

    def move(self, pixels: int) -> bool:
        """Scroll; False when there was nothing left to scroll."""
        value = min(self.maximum, max(0, self.value + pixels))
        moved = value != self.value
        self.value = value
        return moved

    def draw(self, painter: QPainter, rect: QRectF, style: Style) -> None:
        """Paint the bar along the bottom of `rect`."""
        if not self.maximum:
            return
        share = self._visible / (self._visible + self.maximum)
        length = max(SHORTEST_BAR, rect.width() * share)
        left = rect.left() + (rect.width() - length) * self.value / self.maximum
        bar = QRectF(left, rect.bottom() - BAR_HEIGHT - 2, length, BAR_HEIGHT)
        painter.setPen(style.colours.line)
        painter.setBrush(style.colours.quote)
        painter.drawRoundedRect(bar, BAR_HEIGHT / 2, BAR_HEIGHT / 2)
