"""A switch for yes or no: a check box to the keyboard and to screen readers, drawn by itself."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QCheckBox

_WIDTH, _HEIGHT = 38, 22
_GAP = 3


class Switch(QCheckBox):
    """Has no text of its own; the knob's place tells on from off, not the colour alone."""

    def sizeHint(self) -> QSize:
        return QSize(_WIDTH + 4, _HEIGHT + 4)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:  # noqa: N802  Qt's name
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        del event
        colours, group = self.palette(), QPalette.ColorGroup.Active
        on = self.isChecked()
        accent = colours.color(group, QPalette.ColorRole.Accent)
        muted = colours.color(group, QPalette.ColorRole.PlaceholderText)
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setOpacity(1.0 if self.isEnabled() else 0.45)
            track = QRectF(2, (self.height() - _HEIGHT) / 2, _WIDTH, _HEIGHT)
            track.adjust(0.5, 0.5, -0.5, -0.5)
            painter.setPen(QPen(accent if on else muted, 1.2))
            painter.setBrush(accent if on else QColor(Qt.GlobalColor.transparent))
            painter.drawRoundedRect(track, _HEIGHT / 2, _HEIGHT / 2)
            side = _HEIGHT - 2 * _GAP - 1
            left = track.right() - _GAP - side if on else track.left() + _GAP
            knob = colours.color(group, QPalette.ColorRole.HighlightedText) if on else muted
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(knob)
            painter.drawEllipse(QRectF(left, track.top() + _GAP, side, side))
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(accent, 1.2))
                painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.6, 0.6, -0.6, -0.6), 6, 6)
        finally:
            painter.end()
