"""Horizontal bars with spread: every cell against the baseline, the best in green."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from app.palette import LIGHT, Palette
from app.viewmodels.lab_shapes import Bar
from app.views.theme import mixed

_ROW = 32
_BAR = 18
_GAP = 14
_LABEL_SHARE = 0.36


class BarChart(QWidget):
    """`bar_clicked(key)`. The accessible description has every figure; so has the table."""

    bar_clicked = Signal(str)

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bars: tuple[Bar, ...] = ()
        self._chosen = ""
        self._palette = LIGHT
        self.setAccessibleName(name)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    @property
    def bars(self) -> tuple[Bar, ...]:
        """What is drawn."""
        return self._bars

    def show_bars(self, bars: Sequence[Bar], *, chosen: str = "") -> None:
        """Draw other bars; `chosen` is the one in view."""
        if len(bars) != len(self._bars):
            self.updateGeometry()
        self._bars, self._chosen = tuple(bars), chosen
        self.setAccessibleDescription("; ".join(f"{bar.name}: {bar.words}" for bar in bars))
        self.update()

    def retell(self, words: Callable[[str], str]) -> None:
        """Say names and figures in another language."""
        bars = [replace(bar, name=words(bar.name), words=words(bar.words)) for bar in self._bars]
        self.show_bars(bars, chosen=self._chosen)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(480, max(1, len(self._bars)) * _ROW)

    def minimumSizeHint(self) -> QSize:
        return QSize(300, self.sizeHint().height())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = int(event.position().y()) // _ROW
        if 0 <= row < len(self._bars):
            self.bar_clicked.emit(self._bars[row].key)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            left, metrics = self._label_width(painter), painter.fontMetrics()
            high = max((bar.high or bar.value or 0.0 for bar in self._bars), default=0.0)
            words = (metrics.horizontalAdvance(b.words) for b in self._bars if b.value is not None)
            room = max(40.0, self.width() - left - _GAP - max(words, default=0) - 22)
            for row, bar in enumerate(self._bars):
                top = row * _ROW
                if top + _ROW >= event.rect().top() and top <= event.rect().bottom():
                    self._paint(painter, bar, top=top, left=left, scale=room / high if high else 0)
        finally:
            painter.end()

    def _label_width(self, painter: QPainter) -> int:
        metrics = painter.fontMetrics()
        widest = max((metrics.horizontalAdvance(bar.name) for bar in self._bars), default=0)
        return min(widest + 6, int(self.width() * _LABEL_SHARE))

    def _paint(self, painter: QPainter, bar: Bar, *, top: int, left: int, scale: float) -> None:
        palette = self._palette
        if bar.key == self._chosen:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(mixed(palette.card, palette.text, 0.06)))
            painter.drawRoundedRect(QRectF(-4, top, self.width() + 8, _ROW), 6, 6)
        middle = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold if bar.is_best else QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(palette.text))
        name = painter.fontMetrics().elidedText(bar.name, Qt.TextElideMode.ElideRight, left)
        painter.drawText(QRectF(0, top, left, _ROW), middle, name)
        start = left + _GAP
        end = float(start)
        if bar.value is not None:
            end = self._paint_bar(painter, bar, top=top, start=start, scale=scale) + 12
        painter.setPen(QColor(palette.text if bar.value is not None else palette.muted))
        area = QRectF(end, top, max(0.0, self.width() - end), _ROW)
        words = painter.fontMetrics().elidedText(
            bar.words, Qt.TextElideMode.ElideRight, int(area.width())
        )
        painter.drawText(area, middle, words)

    def _paint_bar(
        self, painter: QPainter, bar: Bar, *, top: int, start: int, scale: float
    ) -> float:
        """Draw the bar and its spread; returns where both have ended."""
        palette, value = self._palette, bar.value or 0.0
        colour = palette.ok if bar.is_best else palette.accent
        if bar.is_baseline and not bar.is_best:
            colour = mixed(palette.card, palette.muted, 0.75)
        area = QRectF(start, top + (_ROW - _BAR) / 2, max(3.0, value * scale), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colour))
        painter.drawRoundedRect(area, 4, 4)
        end = area.right()
        if bar.low is not None and bar.high is not None and bar.high > bar.low:
            y = top + _ROW / 2
            left, right = start + bar.low * scale, start + bar.high * scale
            painter.setPen(QPen(QColor(palette.text), 1.6))
            painter.drawLine(QPointF(left, y), QPointF(right, y))
            for x in (left, right):
                painter.drawLine(QPointF(x, y - 3.5), QPointF(x, y + 3.5))
            end = max(end, right)
        return end
