"""Real buttons over the painted chat: Copy on visible code, and the way back to the newest text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from app.chat_view import style as measures
from app.chat_view.style import Style

COPIED_MS = 1500
MARGIN = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyTarget:
    """Visible code: its box in viewport pixels and what is copied."""

    box: QRect
    source: str
    language: str


class CopyButton(QToolButton):
    """Copies the code it stands on, and says so for a moment."""

    def __init__(self, parent: QWidget, copy: Callable[[str], None]) -> None:
        super().__init__(parent)
        self._copy = copy
        self._source = ""
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COPIED_MS)
        self._timer.timeout.connect(self._reset)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAutoRaise(True)
        self.setToolTip(self.tr("Copy this code"))
        self.clicked.connect(self._clicked)
        self._reset()

    def show_for(self, target: CopyTarget) -> None:
        """Stand on some code."""
        if target.source != self._source:
            grown = target.source.startswith(self._source) and self._source
            self._source = target.source
            if not grown:
                self._reset()
        name = self.tr("Copy code")
        if target.language:
            name = self.tr("Copy {language} code").format(language=target.language)
        if self.accessibleName() != name:
            self.setAccessibleName(name)

    def _clicked(self) -> None:
        self._copy(self._source)
        self.setText(self.tr("Copied"))
        self._timer.start()

    def _reset(self) -> None:
        self._timer.stop()
        self.setText(self.tr("Copy"))


class CopyButtons(QObject):
    """A pool of copy buttons, as many as there is visible code."""

    def __init__(self, viewport: QWidget, copy: Callable[[str], None]) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._copy = copy
        self._buttons: list[CopyButton] = []
        self._sheet = ""

    @property
    def shown(self) -> list[CopyButton]:
        """Buttons in use, from top to bottom."""
        return [button for button in self._buttons if not button.isHidden()]

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self._sheet = button_sheet(style)
        for button in self._buttons:
            button.setStyleSheet(self._sheet)

    def arrange(self, targets: Sequence[CopyTarget]) -> None:
        """Put one button on each target and hide the rest."""
        while len(self._buttons) < len(targets):
            button = CopyButton(self._viewport, self._copy)
            button.setStyleSheet(self._sheet)
            self._buttons.append(button)
        for button, target in zip(self._buttons, targets, strict=False):
            button.show_for(target)
            size = button.sizeHint()
            x = target.box.right() - size.width() - MARGIN
            y = target.box.top() + (measures.CODE_HEADER - size.height()) // 2
            geometry = QRect(x, y, size.width(), size.height())
            if button.geometry() != geometry:
                button.setGeometry(geometry)
            if button.isHidden():
                button.show()
        for button in self._buttons[len(targets) :]:
            if not button.isHidden():
                button.hide()


class JumpButton(QPushButton):
    """Leads back to the newest text; shown while the reader is elsewhere."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setText("\u2193  " + self.tr("Jump to latest"))
        self.setAccessibleName(self.tr("Jump to latest"))
        self.setToolTip(self.tr("Scroll to the newest text and follow it (End)"))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self.setStyleSheet(jump_sheet(style))

    def place(self, area: QRect) -> None:
        """Stand at the bottom centre of an area."""
        size = self.sizeHint()
        x = area.center().x() - size.width() // 2
        self.setGeometry(QRect(x, area.bottom() - size.height() - 12, size.width(), size.height()))


def button_sheet(style: Style) -> str:
    """Style sheet of a copy button."""
    palette = style.palette
    return (
        f"QToolButton {{ color: {palette.muted}; background: transparent; border: 1px solid"
        f" transparent; border-radius: 6px; padding: 2px 8px; font-size: {style.font_px - 3}px }}"
        f"QToolButton:hover {{ color: {palette.text}; background: {palette.line} }}"
        f"QToolButton:focus {{ border-color: {palette.accent} }}"
    )


def jump_sheet(style: Style) -> str:
    """Style sheet of the jump button."""
    palette = style.palette
    size = style.font_px - 2
    return (
        f"QPushButton {{ color: {palette.text}; background: {palette.card};"
        f" border: 1px solid {palette.line}; border-radius: 15px; padding: 6px 14px;"
        f" font-size: {size}px }}"
        f"QPushButton:hover {{ background: {palette.accent_soft} }}"
        f"QPushButton:focus {{ border-color: {palette.accent} }}"
    )


def scroll_bar_sheet(style: Style) -> str:
    """Style sheet of the scroll bar."""
    palette = style.palette
    return (
        f"QScrollBar:vertical {{ background: {palette.bg}; width: 12px; margin: 0 }}"
        f"QScrollBar::handle:vertical {{ background: {palette.line}; border-radius: 4px;"
        " min-height: 36px; margin: 2px }"
        f"QScrollBar::handle:vertical:hover {{ background: {palette.muted} }}"
        "QScrollBar::add-line, QScrollBar::sub-line { height: 0 }"
        "QScrollBar::add-page, QScrollBar::sub-page { background: transparent }"
    )
