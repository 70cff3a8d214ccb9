"""How much room the lines under a message need: what happened to it, its figures and versions."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics

from app.chat_view import style as measures
from app.chat_view.message_item import MessageItem
from app.chat_view.style import Style


def notice_height(item: MessageItem, width: int, style: Style) -> int:
    """Pixels of the sentence that says what happened, in a column of `width` pixels."""
    notice = item.model.notice(item.row)
    if not notice:
        return 0
    bounds = QFontMetrics(style.small_font).boundingRect(
        QRect(0, 0, width, 10_000), Qt.TextFlag.TextWordWrap.value, notice
    )
    return bounds.height() + measures.LINE_GAP


def footer_height(item: MessageItem, style: Style) -> int:
    """Pixels of the line for figures and versions."""
    if not item.has_line_below:
        return 0
    return QFontMetrics(style.small_font).height() + measures.LINE_GAP
