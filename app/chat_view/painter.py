"""Paints the visible part of the chat: bubbles, labels, blocks, headers, notes and figures."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen, QPolygonF

from app.chat_view import style as measures
from app.chat_view.block import Shade
from app.chat_view.column import RING_MARGIN, MessageColumn
from app.chat_view.marks import Marks
from app.chat_view.message_bar import switch_width
from app.chat_view.message_item import MessageItem
from app.chat_view.message_stack import Placed
from app.chat_view.selection import Selection
from app.chat_view.step_strip import StepStrips
from app.chat_view.style import Style
from app.core.conversation import MessageState
from app.core.filling import filled
from engine.messages import Role

DOTS = 3
LEGEND_GAP = 16
DOT_SIZE = 6


def role_label(role: Role) -> str:
    """The name of who wrote a message."""
    match role:
        case Role.USER:
            return QCoreApplication.translate("ChatView", "You")
        case Role.SYSTEM:
            return QCoreApplication.translate("ChatView", "System")
    return QCoreApplication.translate("ChatView", "Assistant")


class ChatPainter:
    """Paints a column that is scrolled by `scroll` pixels into a viewport."""

    def __init__(self, column: MessageColumn, selection: Selection) -> None:
        self._column = column
        self._selection = selection
        self.marks = Marks()
        self.strips = StepStrips()
        self.chosen_bar: Callable[[int], int | None] = lambda _row: None
        """Which bar of the strip of a row is chosen."""
        self.covered: Callable[[int], int] = lambda _row: 0
        """How many pixels at the right end of the figures of a row lie under its buttons."""
        self.focused_row: int | None = None
        """The message with the focus ring."""
        self.waiting_phase = 0
        """Which dot of a waiting answer is bright."""

    @property
    def _style(self) -> Style:
        return self._column.style

    def paint(self, painter: QPainter, area: QRectF, *, left: int, scroll: int) -> None:
        """Paint what is visible within an area of the viewport."""
        painter.setClipRect(area)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(area, self._style.colours.background)
        top, bottom = scroll + int(area.top()), scroll + int(area.bottom()) + 1
        for item in self._column.visible_items(top - RING_MARGIN, bottom + RING_MARGIN):
            painter.save()
            start = self._column.top(item.row) - scroll
            painter.translate(left, start)
            self._paint_message(painter, item, seen_from=area.top() - start)
            painter.restore()
        for placed in self._column.visible(top, bottom):
            painter.save()
            x = left + placed.item.left_of(placed.block)
            painter.translate(x, placed.top - scroll)
            clip = area.translated(-x, scroll - placed.top)
            placed.block.draw(painter, clip, self._style, self._shades(placed))
            painter.restore()

    def _shades(self, placed: Placed) -> list[Shade]:
        row = placed.item.row
        shades = [] if self.marks.is_empty else self.marks.shades(row, placed.block, self._style)
        selected = self._selection.range_in(row, placed.index, placed.block)
        if selected is not None:
            shades.append(Shade(*selected, self._style.colours.selection))
        return shades

    def _paint_message(self, painter: QPainter, item: MessageItem, *, seen_from: float) -> None:
        if item.is_user:
            self._paint_bubble(painter, item)
        elif seen_from < item.label_height:  # not while only the end of a long answer grows
            self._paint_label(painter, item)
        if item.has_thinking:
            self._paint_thinking(painter, item)
        if item.is_waiting:
            self._paint_dots(painter, item)
        self._paint_lines_below(painter, item)
        if item.row == self.focused_row:
            self._paint_ring(painter, item)

    def _paint_bubble(self, painter: QPainter, item: MessageItem) -> None:
        width = item.bubble_width
        rect = QRectF(item.width - width, 0, width, item.body_bottom + measures.BUBBLE_PADDING_Y)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._style.colours.bubble)
        painter.drawRoundedRect(rect, measures.BUBBLE_RADIUS, measures.BUBBLE_RADIUS)

    def _paint_label(self, painter: QPainter, item: MessageItem) -> None:
        painter.setFont(self._style.label_font)
        painter.setPen(self._style.colours.muted)
        rect = QRectF(0, 0, item.width, item.label_height - 4)
        painter.drawText(rect, Qt.AlignmentFlag.AlignTop, role_label(item.role))
        if self._column.colours and len(item.tokens):
            self._paint_legend(painter, rect)

    def _paint_legend(self, painter: QPainter, rect: QRectF) -> None:
        """What the token colours mean, at the right of the label."""
        colours = self._style.colours
        painter.setFont(self._style.small_font)
        metrics = QFontMetrics(self._style.small_font)
        right = rect.right()
        entries = (
            (QCoreApplication.translate("ChatView", "Main model"), colours.text, None),
            (
                QCoreApplication.translate("ChatView", "Accepted draft token"),
                colours.draft,
                colours.draft_line,
            ),
        )
        for text, colour, line in entries:
            width = metrics.horizontalAdvance(text)
            place = QRectF(right - width, rect.top(), width, metrics.height())
            painter.setPen(colour)
            painter.drawText(place, 0, text)
            if line is not None:
                left, bottom = round(place.left()), round(place.bottom())
                for x in range(left, round(place.right()), 3):
                    painter.fillRect(QRect(x, bottom, 1, 1), line)
            right -= width + LEGEND_GAP

    def _paint_thinking(self, painter: QPainter, item: MessageItem) -> None:
        colours = self._style.colours
        middle = item.label_height + item.think_header / 2 - 4
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colours.muted)
        if item.thinking_open:
            arrow = [QPointF(0, middle - 2), QPointF(9, middle - 2), QPointF(4.5, middle + 4)]
        else:
            arrow = [QPointF(2, middle - 4.5), QPointF(8, middle), QPointF(2, middle + 4.5)]
        painter.drawPolygon(QPolygonF(arrow))
        painter.setFont(self._style.small_font)
        painter.setPen(colours.muted)
        rect = QRectF(16, middle - 12, item.width - 16, 24)
        painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, thinking_label(item))
        shown = [block for block in item.blocks if block.piece.thinking and not block.hidden]
        if shown:
            bar_bottom = shown[-1].top + shown[-1].height
            painter.fillRect(QRectF(4, shown[0].top, 2, bar_bottom - shown[0].top), colours.quote)

    def _paint_dots(self, painter: QPainter, item: MessageItem) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        for index in range(DOTS):
            bright = index == self.waiting_phase % DOTS
            colour = self._style.colours.muted if bright else self._style.colours.quote
            painter.setBrush(colour)
            y = item.body_top + measures.WAITING_HEIGHT / 2
            painter.drawEllipse(QPointF(5 + index * 14, y), DOT_SIZE / 2, DOT_SIZE / 2)

    def _paint_lines_below(self, painter: QPainter, item: MessageItem) -> None:
        model, row = item.model, item.row
        bottom = item.height - measures.MESSAGE_GAP
        painter.setFont(self._style.small_font)
        footer = model.footer(row)
        if footer:
            metrics = QFontMetrics(self._style.small_font)
            painter.setPen(self._style.colours.muted)
            left = switch_width(self._style) + 6 if model.versions(row).count > 1 else 0
            width = item.width - left - self.covered(row)
            text = metrics.elidedText(footer, Qt.TextElideMode.ElideRight, width)
            rect = QRectF(left, bottom - metrics.height(), width, metrics.height())
            painter.drawText(rect, 0, text)
        self._paint_strip(painter, item)
        bottom -= item.footer_height + item.strip_height
        notice = model.notice(row)
        if notice:
            is_error = model.state_of(row) is MessageState.ERROR
            colours = self._style.colours
            painter.setPen(colours.error if is_error else colours.warn)
            height = item.notice_height - measures.LINE_GAP
            rect = QRectF(0, bottom - height, item.width, height)
            painter.drawText(rect, Qt.TextFlag.TextWordWrap.value, notice)

    def _paint_strip(self, painter: QPainter, item: MessageItem) -> None:
        strip = self.strips.of(item)
        if strip is None:
            return
        painter.translate(0, item.strip_top)
        strip.paint(painter, self._style, self.chosen_bar(item.row))
        painter.translate(0, -item.strip_top)

    def _paint_ring(self, painter: QPainter, item: MessageItem) -> None:
        height = item.height - measures.MESSAGE_GAP + 12
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._style.colours.accent, 1.5))
        painter.drawRoundedRect(QRectF(-10, -6, item.width + 20, height), 12, 12)


def thinking_label(item: MessageItem) -> str:
    """The header over the thinking of a message."""
    translate = QCoreApplication.translate
    if item.is_thinking:
        return translate("ChatView", "Thinking\u2026")
    figures = item.thinking_figures()
    if figures.token_count is None:
        return translate("ChatView", "Thought process")
    if figures.duration_s is None:
        text = translate("ChatView", "Thought process, {tokens} {tokens:token|tokens}")
        return filled(text, tokens=figures.token_count)
    text = translate("ChatView", "Thought for {seconds} s, {tokens} {tokens:token|tokens}")
    return filled(text, seconds=f"{figures.duration_s:.1f}", tokens=figures.token_count)
