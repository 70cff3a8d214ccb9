"""Small charts drawn with QPainter: a line with a soft fill. They show what they are given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.formatting import share
from app.palette import LIGHT, Palette

if TYPE_CHECKING:
    from PySide6.QtGui import QLinearGradient

_AXIS_WIDTH = 38
_GRID_LINES = 3
_TOP = 6
_BOTTOM = 6
_AXIS_FONT_PX = 10


class SparkLine(QWidget):
    """A short history of one figure.

    With a `fixed_high` the scale is 0..fixed_high, otherwise it fits the values. Without values
    it shows the grid alone. The accessible description names the last, least and greatest value.
    """

    def __init__(
        self, name: str, *, fixed_high: float | None = None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._values: tuple[float, ...] = ()
        self._fixed_high = fixed_high
        self._palette = LIGHT
        self._colour = LIGHT.accent
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._describe()

    @property
    def values(self) -> tuple[float, ...]:
        """What is drawn, oldest first."""
        return self._values

    def set_values(self, values: Sequence[float]) -> None:
        """Draw other values."""
        self._values = tuple(values)
        self._describe()
        self.update()

    def apply_palette(self, palette: Palette, *, colour: str) -> None:
        """Take the colours of a theme; `colour` is the line's."""
        self._palette, self._colour = palette, colour
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, 78)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            high = nice_high(self._values) if self._fixed_high is None else self._fixed_high
            area = QRectF(_AXIS_WIDTH, _TOP, self.width() - _AXIS_WIDTH - 3, self._height())
            self._paint_grid(painter, area, high)
            if self._values:
                self._paint_line(painter, area, high)
        finally:
            painter.end()

    def _height(self) -> float:
        return float(self.height() - _TOP - _BOTTOM)

    def _paint_grid(self, painter: QPainter, area: QRectF, high: float) -> None:
        font = QFont(self.font())
        font.setPixelSize(_AXIS_FONT_PX)
        painter.setFont(font)
        for line in range(_GRID_LINES):
            part = line / (_GRID_LINES - 1)
            y = area.top() + area.height() * part
            painter.setPen(QPen(QColor(self._palette.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(self._palette.muted))
            label = QRectF(0, y - 7, _AXIS_WIDTH - 6, 14)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            if self._values or self._fixed_high is not None:
                painter.drawText(label, flags, self._axis_text(high * (1 - part)))

    def _axis_text(self, value: float) -> str:
        if self._fixed_high == 1:
            return share(value)
        return f"{value:.0f}" if value >= 10 or value == int(value) else f"{value:.1f}"

    def _paint_line(self, painter: QPainter, area: QRectF, high: float) -> None:
        points = self._points(area, high)
        line = QPainterPath(points[0])
        for point in points[1:]:
            line.lineTo(point)
        if len(points) > 1:
            fill = QPainterPath(line)
            fill.lineTo(area.bottomRight())
            fill.lineTo(area.bottomLeft())
            painter.fillPath(fill, self._gradient(area))
        painter.setPen(QPen(QColor(self._colour), 1.8))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(line)
        painter.setBrush(QColor(self._colour))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.drawEllipse(points[-1], 2.6, 2.6)

    def _points(self, area: QRectF, high: float) -> list[QPointF]:
        """Where the values lie; a single one lies at the right end."""
        last = len(self._values) - 1
        step = area.width() / max(1, last)
        return [
            QPointF(
                area.right() - (last - index) * step,
                area.bottom() - area.height() * min(1.0, max(0.0, value / high)),
            )
            for index, value in enumerate(self._values)
        ]

    def _gradient(self, area: QRectF) -> QLinearGradient:
        from PySide6.QtGui import QLinearGradient  # an empty chart has none

        gradient = QLinearGradient(area.topLeft(), area.bottomLeft())
        colour = QColor(self._colour)
        colour.setAlpha(64)
        gradient.setColorAt(0, colour)
        colour.setAlpha(4)
        gradient.setColorAt(1, colour)
        return gradient

    def _describe(self) -> None:
        if not self._values:
            self.setAccessibleDescription(self.tr("Nothing measured yet."))
            return
        self.setAccessibleDescription(
            self.tr("Last {last}, least {least}, greatest {greatest}.").format(
                last=f"{self._values[-1]:.2f}",
                least=f"{min(self._values):.2f}",
                greatest=f"{max(self._values):.2f}",
            )
        )


def nice_high(values: Sequence[float]) -> float:
    """Choose a round upper end of the scale above all values."""
    highest = max(values, default=0.0)
    if highest <= 0:
        return 1.0
    magnitude = 1.0
    while magnitude * 10 <= highest:
        magnitude *= 10
    while magnitude > highest:
        magnitude /= 10
    steps = (1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10, 12)
    return next(step * magnitude for step in steps if step * magnitude >= highest)
