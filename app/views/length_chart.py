"""A small bar chart: the expected speed-up of every draft length, the chosen one in colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.core.filling import filled
from app.palette import LIGHT, Palette
from engine.metrics.report import LengthDecision, LengthReason

_HEIGHT = 96
_TOP = 16
_BOTTOM = 16
_LEFT = 30
_FONT_PX = 10
_WIDEST_BAR = 24.0


class LengthChart(QWidget):
    """Bars of a decision's curve against plain decoding, which is the line at 1.

    The accessible description says what the bars show. Without a curve nothing is drawn.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curve: tuple[tuple[int, float], ...] = ()
        self._chosen: int | None = None
        self._palette = LIGHT
        self.setAccessibleName(self.tr("Expected speed-up by draft length"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    @property
    def curve(self) -> tuple[tuple[int, float], ...]:
        """(length, expected speed-up), as drawn."""
        return self._curve

    @property
    def chosen(self) -> int | None:
        """The length in colour; None where plain decoding is faster."""
        return self._chosen

    def show_decision(self, decision: LengthDecision | None) -> None:
        """Draw another decision."""
        self._curve = decision.curve if decision is not None else ()
        self._chosen = None
        if decision is not None and decision.reason is not LengthReason.PLAIN_IS_FASTER:
            self._chosen = decision.num_assistant_tokens
        self.setAccessibleDescription(self._description())
        self.setToolTip(self._description())
        self.setVisible(bool(self._curve))
        self.update()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(200, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        if not self._curve:
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            font = QFont(self.font())
            font.setPixelSize(_FONT_PX)
            painter.setFont(font)
            area = QRectF(_LEFT, _TOP, self.width() - _LEFT - 2, self.height() - _TOP - _BOTTOM)
            high = max(1.0, *(gain for _, gain in self._curve)) * 1.05
            self._paint_bars(painter, area, high)
            self._paint_plain(painter, area, high)
        finally:
            painter.end()

    def _paint_bars(self, painter: QPainter, area: QRectF, high: float) -> None:
        slot = area.width() / len(self._curve)
        width = min(slot * 0.66, _WIDEST_BAR)
        centre = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter
        for index, (length, gain) in enumerate(self._curve):
            middle = area.left() + slot * (index + 0.5)
            top = area.bottom() - area.height() * gain / high
            is_chosen = length == self._chosen
            colour = QColor(self._palette.accent if is_chosen else self._palette.muted)
            colour.setAlphaF(1.0 if is_chosen else 0.35)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(colour)
            bar = QRectF(middle - width / 2, top, width, area.bottom() - top)
            painter.drawRoundedRect(bar, 2, 2)
            painter.setPen(QColor(self._palette.text if is_chosen else self._palette.muted))
            below = QRectF(middle - slot / 2, area.bottom() + 1, slot, _BOTTOM - 1)
            painter.drawText(below, centre, str(length))
            if is_chosen:
                above = QRectF(middle - 20, top - _TOP, 40, _TOP - 1)
                painter.drawText(above, centre, f"{gain:.1f}\u00d7")

    def _paint_plain(self, painter: QPainter, area: QRectF, high: float) -> None:
        y = area.bottom() - area.height() / high
        painter.setPen(QPen(QColor(self._palette.text), 1, Qt.PenStyle.DashLine))
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        painter.setPen(QColor(self._palette.muted))
        painter.drawText(QRectF(0, y - 7, _LEFT - 5, 14), right, "1\u00d7")

    def _description(self) -> str:
        if not self._curve:
            return self.tr("Nothing measured yet.")
        length, gain = max(self._curve, key=lambda point: point[1])
        text = self.tr(
            "Expected speed-up against plain decoding (the dashed line) for {low} to {high} "
            "{high:token|tokens}; the highest is {gain}\u00d7 with {length}."
        )
        return filled(
            text, low=self._curve[0][0], high=self._curve[-1][0], gain=f"{gain:.2f}", length=length
        )
