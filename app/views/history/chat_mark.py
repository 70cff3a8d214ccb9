"""Paints what stands beside a chat in the list: its answer is made, waits, failed or is new."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from app.icons import icon
from app.palette import Palette
from app.viewmodels.chat_list_rows import ChatMark
from app.views.theme import mixed

MARK_WIDTH = 12
TURN_STEPS = 12
_FULL_TURN = 360 * 16
_DOT_SHARE = 3
"""Of the width, the part that a dot leaves empty: one third."""


def paint_mark(
    painter: QPainter, box: QRect, mark: ChatMark, *, palette: Palette, turned: int
) -> None:
    """A turning arc, a clock, a warning or a dot: told apart by shape, not by colour alone.

    Args:
        painter: antialiased; its pen and brush are changed.
        box: a square.
        mark: what to paint.
        palette: colours of the theme.
        turned: how far the arc has turned, of `TURN_STEPS`.
    """
    match mark:
        case ChatMark.ANSWERING:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(QColor(mixed(palette.side, palette.accent, 0.3)), 2))
            painter.drawEllipse(box)
            painter.setPen(QPen(QColor(palette.accent), 2))
            painter.drawArc(box, -turned * _FULL_TURN // TURN_STEPS, _FULL_TURN // 3)
        case ChatMark.WAITING:
            icon("clock", palette.muted, size_px=box.width()).paint(painter, box)
        case ChatMark.FAILED:
            icon("triangle-alert", palette.error, size_px=box.width()).paint(painter, box)
        case ChatMark.UNREAD:
            margin = box.width() // (2 * _DOT_SHARE)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(palette.accent))
            painter.drawEllipse(box.adjusted(margin, margin, -margin, -margin))
