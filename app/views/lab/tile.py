"""One place of the placement grid: a button that is painted, ticked or tinted by its speed-up."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QTextLayout
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from app.icons import icon
from app.palette import LIGHT, Palette
from app.viewmodels.lab_shapes import TileText
from app.views.theme import mixed

HEIGHT = 66
_MARGIN = 10
_RADIUS = 10
_FULL_TINT_AT = math.log(2.5)


class Tile(QAbstractButton):
    """Checkable in a set-up; in results its check marks the cell in view."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = TileText(name="", title="")
        self._palette = LIGHT
        self._shows_tick = False
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_text(self, text: TileText, *, ticks: bool) -> None:
        """Say something else; `ticks` shows the check as a tick instead of a frame."""
        self._text, self._shows_tick = text, ticks
        self.setEnabled(text.is_possible)
        self.setAccessibleName(text.name)
        said = ". ".join(part for part in (text.title, text.detail, text.hint) if part)
        self.setAccessibleDescription(said)
        self.setToolTip(text.hint or text.detail)
        pointing = Qt.CursorShape.PointingHandCursor
        self.setCursor(pointing if text.is_possible else Qt.CursorShape.ArrowCursor)
        self.update()

    def retell(self, words: Callable[[str], str]) -> None:
        """Say the same in another language."""
        said = self._text
        text = replace(
            said,
            name=words(said.name),
            title=words(said.title),
            detail=words(said.detail),
            hint=words(said.hint),
        )
        self.show_text(text, ticks=self._shows_tick)

    @property
    def shown(self) -> TileText:
        """What it says."""
        return self._text

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(150, HEIGHT)

    def minimumSizeHint(self) -> QSize:
        return QSize(96, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ground(painter)
            self._paint_texts(painter)
        finally:
            painter.end()

    def _paint_ground(self, painter: QPainter) -> None:
        palette = self._palette
        area = QRectF(self.rect()).adjusted(1, 1, -1, -1)
        width, colour = 1.0, palette.line
        if self.isChecked():
            width, colour = (1.0, palette.accent) if self._shows_tick else (2.0, palette.text)
        elif self._text.is_best:
            width, colour = 1.5, palette.ok
        if self.hasFocus():
            width, colour = 2.0, palette.accent
        pen = QPen(QColor(colour), width)
        if not self._text.is_possible:
            pen.setStyle(Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(QColor(self._ground()))
        painter.drawRoundedRect(area, _RADIUS, _RADIUS)

    def _ground(self) -> str:
        palette = self._palette
        if not self._text.is_possible:
            return palette.bg
        gain = self._text.speed_up
        if gain is not None and gain > 0 and round(gain, 2) != 1.0:
            strength = min(1.0, abs(math.log(gain)) / _FULL_TINT_AT)
            tint = palette.ok if gain > 1 else palette.error
            return mixed(palette.card, tint, 0.06 + 0.42 * strength)
        if self._shows_tick and self.isChecked():
            return palette.accent_soft
        return mixed(palette.card, palette.text, 0.06) if self.underMouse() else palette.card

    def _paint_texts(self, painter: QPainter) -> None:
        palette, text = self._palette, self._text
        area = self.rect().adjusted(_MARGIN, 8, -_MARGIN, -7)
        mark = self._mark()
        if mark:
            colour = palette.ok if text.is_best else palette.accent
            pixmap = icon(mark, colour, size_px=15).pixmap(QSize(15, 15), self.devicePixelRatioF())
            painter.drawPixmap(area.right() - 14, area.top() + 1, pixmap)
        font = QFont(self.font())
        font.setPixelSize(14)
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(palette.text if text.is_possible else palette.muted))
        width = area.width() - (20 if mark else 0)
        title = painter.fontMetrics().elidedText(text.title, Qt.TextElideMode.ElideRight, width)
        painter.drawText(area.left(), area.top() + 13, title)
        font.setPixelSize(11)
        font.setWeight(QFont.Weight.Normal)
        painter.setFont(font)
        painter.setPen(QColor(self._detail_colour()))
        self._paint_detail(painter, area.adjusted(0, 19, 0, 2), text.detail)

    def _paint_detail(self, painter: QPainter, area: QRect, text: str) -> None:
        y = float(area.top())
        for line, height in fitting_lines(text, painter.font(), area.size()):
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(area.left(), y, area.width() + 1, height), left, line)
            y += height

    def _detail_colour(self) -> str:
        tinted = self._text.speed_up is not None
        return (
            mixed(self._palette.muted, self._palette.text, 0.6) if tinted else self._palette.muted
        )

    def _mark(self) -> str:
        if self._text.is_best:
            return "trophy"
        return "check" if self._shows_tick and self.isChecked() else ""


def fitting_lines(text: str, font: QFont, room: QSize) -> list[tuple[str, float]]:
    """As many lines of a text as fit, with their heights in pixels; the last one is elided when
    there is more. The first is there however little room there is.
    """
    layout = QTextLayout(text, font)
    layout.beginLayout()
    found: list[tuple[int, float]] = []
    height = 0.0
    while (line := layout.createLine()).isValid():
        line.setLineWidth(room.width())
        height += line.height()
        if found and height > room.height():
            break
        found.append((line.textStart(), line.height()))
    layout.endLayout()
    starts = [start for start, _ in found] + [len(text)]
    lines = [text[start:end].rstrip() for start, end in pairwise(starts)]
    if lines:
        metrics = QFontMetrics(font)
        lines[-1] = metrics.elidedText(lines[-1], Qt.TextElideMode.ElideRight, room.width())
    return [(line, each) for line, (_, each) in zip(lines, found, strict=True)]
