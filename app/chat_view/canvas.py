"""What carries the chat: the scrolled column, when it is built and painted, and the buttons on it.
It keeps the reader's place. What is in the chat and what is done with it is the view's affair."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from app.chat_view.block import Block
from app.chat_view.code_block import CodeBlock
from app.chat_view.code_buttons import CodeButtons, CodeTarget
from app.chat_view.column import MessageColumn
from app.chat_view.formulas import Formulas
from app.chat_view.highlighting import COMMON_LANGUAGES, file_suffix, preload
from app.chat_view.markdown import preload_parser
from app.chat_view.overlays import JumpButton, scroll_bar_sheet
from app.chat_view.painter import ChatPainter
from app.chat_view.selection import Selection
from app.chat_view.style import COLUMN_WIDTH, SIDE_MARGIN, Style

FOLLOW_PIXELS = 4
LINE_STEP = 40
WAITING_MS = 350
IDLE_MS = 400
"""Pause before each step of preparing what only makes the first answer faster."""


class ChatCanvas(QAbstractScrollArea):
    """Lays out, scrolls and paints a column of messages.

    `save_requested(text, file_name)` asks to save code as a file. `copied()` follows a copy to the
    clipboard, `arranged()` every new layout or scroll position.
    """

    copied = Signal()
    save_requested = Signal(str, str)
    arranged = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._follow = True
        self._adjusting = False
        self._painted_scroll = 0
        self.formulas = Formulas(self)
        self.column = MessageColumn(style, self.formulas)
        self.selection = Selection(self.column)
        self._painter = ChatPainter(self.column, self.selection)
        self._buttons = CodeButtons(self.viewport())
        self._buttons.copied.connect(self.copy_text)
        self._buttons.saved.connect(self._offer_code)
        self._jump = JumpButton(self)
        self._waiting = QTimer(self)
        self._waiting.setInterval(WAITING_MS)
        self._opening = QTimer(self)
        self._opening.setSingleShot(True)
        self._opening.setInterval(0)
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._cold: list[Callable[[], object]] = [
            preload_parser,
            *(partial(preload, language) for language in COMMON_LANGUAGES),
        ]
        self.setFrameShape(QAbstractScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalScrollBar().setSingleStep(LINE_STEP)
        self.verticalScrollBar().valueChanged.connect(self._scrolled)
        self._jump.clicked.connect(self._jump_to_latest)
        self._waiting.timeout.connect(self._next_dot)
        self.formulas.ready.connect(self._formulas_ready)
        self._opening.timeout.connect(self._cut_more)
        self._idle.timeout.connect(self._warm_up)
        self._apply_style(style)

    def set_style(self, style: Style) -> None:
        """Change theme or font size."""
        self._apply_style(style)
        with self._keeping_place():
            self.column.restyle(style, self._column_width())

    def set_token_colours(self, on: bool) -> None:
        """Tint the text of accepted draft tokens."""
        with self._keeping_place():
            self.column.recolour(on=on)

    @property
    def follow(self) -> bool:
        """Whether the view sticks to the newest text."""
        return self._follow

    @follow.setter
    def follow(self, on: bool) -> None:
        self._follow = on
        self._refresh()

    def scroll_to_bottom(self) -> None:
        """Show the newest text and follow it."""
        self.follow = True

    def message_rect(self, row: int) -> QRect:
        """Where a message is, in viewport pixels; it may be outside the viewport."""
        top = self.column.top(row) - self._scroll_value()
        return QRect(self._left(), top, self.column.width, self.column.items[row].height)

    def copy_text(self, text: str) -> None:
        """Put text on the clipboard; nothing happens without text."""
        if text:
            QGuiApplication.clipboard().setText(text)
            self.copied.emit()

    def _offer_code(self, code: str, language: str) -> None:
        self.save_requested.emit(code, f"code{file_suffix(language)}")

    def _toggle_wrap(self, block: Block) -> None:
        if isinstance(block, CodeBlock):
            block.parts.wraps = not block.parts.wraps
            with self._keeping_place():
                for part in block.parts.blocks.values():
                    self.column.renew(part)

    def _column_width(self) -> int:
        # Of the whole width: nothing moves when the scroll bar appears, which fits in the margin.
        return max(160, min(COLUMN_WIDTH, self.width() - 2 * SIDE_MARGIN))

    def _left(self) -> int:
        return (self.width() - self.column.width) // 2

    def _scroll_value(self) -> int:
        return self.verticalScrollBar().value()

    @contextmanager
    def _keeping_place(self) -> Iterator[None]:
        """What the reader looks at stays where it is while the layout changes."""
        anchor = self.column.anchor(self._scroll_value())
        yield
        self._refresh(self.column.resolve(anchor))

    def _refresh(self, scroll: int | None = None) -> None:
        """Build what is visible and bring the scroll bar and the buttons in line."""
        if not self.isVisible() or self._adjusting:
            return
        height = self.viewport().height()
        before = self._painted_scroll
        wanted = self._scroll_value() if scroll is None else scroll
        bar = self.verticalScrollBar()
        self._adjusting = True
        try:
            place = self.column.ensure(wanted, height, follow=self._follow)
            bar.setPageStep(height)
            bar.setRange(0, max(0, self.column.height - height))
            bar.setValue(place)
        finally:
            self._adjusting = False
        self._painted_scroll = bar.value()
        self._repaint(before, bar.value())
        self._arrange_overlays()
        if self.column.has_more_to_cut and not self._opening.isActive():
            self._opening.start()
        self.arranged.emit()

    def _repaint(self, before: int, scroll: int) -> None:
        """Paint what is new only; what just moved is moved on the screen."""
        viewport = self.viewport()
        moved = before - scroll
        dirty = self.column.take_dirty_from() - scroll
        if abs(moved) >= viewport.height() or dirty <= 0:
            viewport.update()
            return
        if moved:
            viewport.scroll(0, moved)
        if dirty < viewport.height():
            viewport.update(0, dirty, viewport.width(), viewport.height() - dirty)

    def _arrange_overlays(self) -> None:
        scroll, height = self._scroll_value(), self.viewport().height()
        targets = []
        is_waiting = False
        for item in self.column.visible_items(scroll, scroll + height):
            is_waiting = is_waiting or item.is_waiting
        for placed in self.column.visible(scroll, scroll + height):
            for area in placed.block.code_areas():
                x = self._left() + placed.item.left_of(placed.block)
                box = area.rect.translated(x, placed.top - scroll).toRect()
                targets.append(
                    CodeTarget(
                        box=box,
                        source=area.source,
                        whole=area.whole,
                        language=area.language,
                        wraps=area.wraps,
                        toggle_wrap=partial(self._toggle_wrap, placed.block),
                    )
                )
        self._buttons.arrange(targets)
        self._jump.setVisible(not self._follow)
        if not self._follow:
            self._jump.place(self.viewport().geometry())
        if is_waiting and not self._waiting.isActive():
            self._waiting.start()
        elif not is_waiting and self._waiting.isActive():
            self._waiting.stop()

    def _scrolled(self, value: int) -> None:
        if self._adjusting:
            return
        self._follow = value >= self.verticalScrollBar().maximum() - FOLLOW_PIXELS
        self._refresh()

    def scroll_by(self, pixels: int) -> None:
        """Scroll by some pixels, downwards when positive."""
        bar = self.verticalScrollBar()
        bar.setValue(bar.value() + pixels)

    def _formulas_ready(self) -> None:
        with self._keeping_place():
            self.column.renew_waiting()

    def _cut_more(self) -> None:
        with self._keeping_place():
            self.column.cut_more()

    def _jump_to_latest(self) -> None:
        self.scroll_to_bottom()
        self.setFocus()

    def _next_dot(self) -> None:
        self._painter.waiting_phase += 1
        self.viewport().update()

    def _warm_up(self) -> None:
        """Prepare what answers will need in small portions while nothing else happens."""
        if not self._cold:
            return
        is_busy = any(item.is_live for item in self.column.items[-1:])
        if not is_busy:
            self._cold.pop(0)()
        self._idle.start(IDLE_MS)

    def _apply_style(self, style: Style) -> None:
        self.verticalScrollBar().setStyleSheet(scroll_bar_sheet(style))
        self._buttons.set_style(style)
        self._jump.set_style(style)

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        """`_refresh` moves what is on the screen."""
        del dx, dy

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._resized()
        self._idle.start(IDLE_MS)

    def hideEvent(self, event: QHideEvent) -> None:
        self._waiting.stop()
        self._idle.stop()
        self._opening.stop()
        super().hideEvent(event)

    def event(self, event: QEvent) -> bool:
        done = super().event(event)
        if event.type() is QEvent.Type.DevicePixelRatioChange and self.isVisible():
            self._resized()
        elif event.type() is QEvent.Type.LanguageChange:
            # Some documents hold words of ours.
            with self._keeping_place():
                self.column.restyle(self.column.style, self.column.width)
        return done

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._resized()

    def _resized(self) -> None:
        width, ratio = self._column_width(), self.devicePixelRatioF()
        if width == self.column.width and ratio == self.column.pixel_ratio:
            self._refresh()
            return
        self.column.pixel_ratio = ratio
        with self._keeping_place():
            self.column.restyle(self.column.style, width)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        try:
            self._painter.paint(
                painter,
                QRectF(event.rect()),
                left=self._left(),
                scroll=self._scroll_value(),
            )
        finally:
            painter.end()
