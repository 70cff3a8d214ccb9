"""The context meter: a ring and a number; pressed, it explains them and offers what to do."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QActionGroup, QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from app.core.filling import filled
from app.core.formatting import count, share
from app.core.preferences import Overflow
from app.palette import Palette

if TYPE_CHECKING:
    from app.core.context_meter import ContextUse

_RING = 14
_GAP = 7
_SIDE = 7
_FULL_CIRCLE = 360 * 16
_HIGH_SHARE = 0.85


class ContextButton(QToolButton):
    """Shows a `ContextUse`; `policy_chosen(Overflow)` when another policy is picked."""

    policy_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.setAccessibleName(self.tr("Context"))
        self._use: ContextUse | None = None
        self._policy = Overflow.STOP
        self._palette: Palette | None = None
        self._short = ""
        self._menu = QMenu(self)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.setMenu(self._menu)
        self.hide()

    def show_use(self, use: ContextUse, policy: Overflow) -> None:
        """Show how full the context is; nothing is shown for an empty chat."""
        self._use, self._policy = use, policy
        self.setVisible(use.total > 0)
        self._short = self._short_text(use)
        lines = self.lines(use)
        self.setToolTip("\n".join(lines))
        self.setAccessibleName(self.tr("Context: {text}").format(text=self._short))
        self.setAccessibleDescription(" ".join(lines))
        self.updateGeometry()
        self.update()

    def retell(self, words: Callable[[str], str]) -> None:
        """Say how full the context is in another language."""
        del words
        if self._use is not None:
            self.show_use(self._use, self._policy)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        self.update()

    def lines(self, use: ContextUse) -> list[str]:
        """The explanation, a sentence a line."""
        text = self.tr("About {count} {count:token|tokens} in this chat, estimated.")
        if use.is_measured:
            text = self.tr("{count} {count:token|tokens} in this chat, counted by the model.")
        lines = [filled(text, count=use.used)]
        if use.writing:
            text = self.tr(
                "About {count} {count:token|tokens} in the message being written, estimated."
            )
            lines.append(filled(text, count=use.writing))
        if use.context is None:
            lines.append(self.tr("This model does not say how much it can read."))
        else:
            text = self.tr("The model reads and writes at most {count} {count:token|tokens}.")
            lines.append(filled(text, count=use.context))
        if use.prompt_limit is not None:
            text = self.tr(
                "The NPU reads at most {count} {count:token|tokens} of it at once, and reads the "
                "whole chat anew with every message."
            )
            lines.append(filled(text, count=use.prompt_limit))
        return [*lines, *self._consequence(use)]

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self._short)
        return QSize(2 * _SIDE + _RING + _GAP + text, max(28, self.fontMetrics().height() + 8))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self._palette is None or self._use is None:
            return
        painter = QPainter(self)
        try:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_ring(painter, self._palette, self._use)
            palette = self._palette
            painter.setPen(QColor(palette.error if self._use.is_over else palette.muted))
            area = self.rect().adjusted(_SIDE + _RING + _GAP, 0, -_SIDE, 0)
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(area, left, self._short)
        finally:
            painter.end()

    def _paint_ring(self, painter: QPainter, palette: Palette, use: ContextUse) -> None:
        ring = QRectF(_SIDE + 1, (self.height() - _RING) / 2 + 1, _RING - 2, _RING - 2)
        painter.setPen(QPen(QColor(palette.line), 2.4))
        painter.drawEllipse(ring)
        part = use.share or 0.0
        colour = palette.warn if use.dropped or part >= _HIGH_SHARE else palette.accent
        painter.setPen(QPen(QColor(palette.error if use.is_over else colour), 2.4))
        painter.drawArc(ring, 90 * 16, -round(part * _FULL_CIRCLE))

    def _short_text(self, use: ContextUse) -> str:
        is_exact = use.is_measured and not use.writing
        total = count(use.total) if is_exact else f"\u2248\u202f{count(use.total)}"
        if use.is_over and use.budget is not None:
            text = self.tr("Too long: {used} of {limit}")
            return filled(text, used=total, limit=use.budget)
        if use.context is None:
            return filled(self.tr("{used} {used:token|tokens}"), used=total)
        return self.tr("{used} of {context}").format(used=total, context=count(use.context))

    def _consequence(self, use: ContextUse) -> list[str]:
        if use.dropped:
            text = self.tr("Exchanges left out of the next request, the oldest first: {count}.")
            return [filled(text, count=use.dropped)]
        if use.is_over and use.budget is not None:
            text = self.tr(
                "The next message does not fit: with the chat it may have {count} "
                "{count:token|tokens}, so that the answer has room."
            )
            return [filled(text, count=use.budget)]
        if use.share is not None:
            return [self.tr("In use: {share}.").format(share=share(use.share))]
        return []

    def _fill_menu(self) -> None:
        self._menu.clear()
        if self._use is None:
            return
        for line in self.lines(self._use):
            self._menu.addAction(line).setEnabled(False)
        self._menu.addSeparator()
        self._menu.addAction(self.tr("When a chat is too long:")).setEnabled(False)
        group = QActionGroup(self._menu)
        names = {
            Overflow.STOP: self.tr("Stop and say so"),
            Overflow.DROP_OLDEST: self.tr("Leave out the oldest exchanges"),
        }
        for policy, name in names.items():
            action = self._menu.addAction(name)
            action.setCheckable(True)
            action.setChecked(policy is self._policy)
            action.triggered.connect(lambda _=False, p=policy: self.policy_chosen.emit(p))
            group.addAction(action)
