"""How often the first, second, ... candidate was accepted, as columns."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.formatting import share
from app.palette import LIGHT, Palette

_AXIS = 42
_FOOT = 20
_TOP = 16
_COLUMN = 34


class PositionChart(QWidget):
    """Shares 0..1 by position; says so when there are none."""

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shares: tuple[float, ...] = ()
        self._palette = LIGHT
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.show_shares(())

    @property
    def shares(self) -> tuple[float, ...]:
        """What is drawn."""
        return self._shares

    def show_shares(self, shares: Sequence[float]) -> None:
        """Draw other shares."""
        self._shares = tuple(shares)
        said = ", ".join(f"{number}: {share(value)}" for number, value in enumerate(shares, 1))
        self.setAccessibleDescription(said or self._nothing())
        self.update()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(300, 150)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            font = QFont(self.font())
            font.setPixelSize(11)
            painter.setFont(font)
            if self._shares:
                self._paint_grid(painter)
                self._paint_columns(painter)
            else:
                painter.setPen(QColor(self._palette.muted))
                flags = int(Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap)
                painter.drawText(self.rect(), flags, self._nothing())
        finally:
            painter.end()

    def _nothing(self) -> str:
        return self.tr("Not known here: only a draft on CPU or GPU shows positions.")

    def _area(self) -> QRectF:
        return QRectF(_AXIS, _TOP, self.width() - _AXIS - 4, self.height() - _TOP - _FOOT)

    def _paint_grid(self, painter: QPainter) -> None:
        area = self._area()
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for value in (0.0, 0.5, 1.0):
            y = area.bottom() - area.height() * value
            painter.setPen(QPen(QColor(self._palette.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(self._palette.muted))
            painter.drawText(QRectF(0, y - 8, _AXIS - 7, 16), right, share(value))

    def _paint_columns(self, painter: QPainter) -> None:
        area, palette = self._area(), self._palette
        step = min(area.width() / len(self._shares), 64.0)
        width = min(_COLUMN, step * 0.66)
        for index, value in enumerate(self._shares):
            x = area.left() + step * index + (step - width) / 2
            height = max(1.5, area.height() * value)
            column = QRectF(x, area.bottom() - height, width, height)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.ok))
            painter.drawRoundedRect(column, 3, 3)
            painter.setPen(QColor(palette.text))
            centre = Qt.AlignmentFlag.AlignCenter
            painter.drawText(
                QRectF(x - 15, column.top() - 15, width + 30, 14), centre, share(value)
            )
            painter.setPen(QColor(palette.muted))
            foot = QRectF(x - 15, area.bottom() + 3, width + 30, 16)
            painter.drawText(foot, centre, str(index + 1))
