"""Real buttons over visible code: wrap long lines, save as a file, copy. Pooled and used again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from app.chat_view import style as measures
from app.chat_view.style import Style
from app.icons import icon

COPIED_MS = 1500
MARGIN = 4
ICON_PX = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeTarget:
    """Visible code and its box in viewport pixels."""

    box: QRect
    source: str
    """What tells one code from another: all of it, or the first part."""
    whole: Callable[[], str]
    """What is copied and saved."""
    language: str
    wraps: bool | None
    """None: there is nothing to choose."""
    toggle_wrap: Callable[[], None]


class CodeBar(QWidget):
    """The buttons of one piece of code."""

    copied = Signal(str)
    saved = Signal(str, str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._target: CodeTarget | None = None
        self._source = ""
        self.wrap = self._button(self.tr("Wrap long lines"))
        self.wrap.setCheckable(True)
        self.save = self._button(self.tr("Save this code as a file"))
        self.copy = self._button(self.tr("Copy this code"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(COPIED_MS)
        self._timer.timeout.connect(self._reset)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for button in (self.wrap, self.save, self.copy):
            layout.addWidget(button)
        self.wrap.clicked.connect(self._toggle)
        self.save.clicked.connect(self._save)
        self.copy.clicked.connect(self._copy)
        self._reset()

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self.setStyleSheet(button_sheet(style))
        muted = style.palette.muted
        self.wrap.setIcon(icon("wrap-text", muted, size_px=ICON_PX))
        self.save.setIcon(icon("download", muted, size_px=ICON_PX))

    def show_for(self, target: CodeTarget) -> None:
        """Stand on some code."""
        self._target = target
        if target.source != self._source:
            grown = target.source.startswith(self._source) and self._source
            self._source = target.source
            if not grown:
                self._reset()
        if (target.wraps is None) is not self.wrap.isHidden():
            self.wrap.setHidden(target.wraps is None)
        if self.wrap.isChecked() is not bool(target.wraps):
            self.wrap.setChecked(bool(target.wraps))
        name = self.tr("Copy code")
        if target.language:
            name = self.tr("Copy {language} code").format(language=target.language)
        if self.copy.accessibleName() != name:
            self.copy.setAccessibleName(name)
        self._place(target.box)

    def _place(self, box: QRect) -> None:
        size = self.sizeHint()
        x = box.right() - size.width() - MARGIN
        y = box.top() + (measures.CODE_HEADER - size.height()) // 2
        geometry = QRect(x, y, size.width(), size.height())
        if self.geometry() != geometry:
            self.setGeometry(geometry)

    def _button(self, name: str) -> QToolButton:
        button = QToolButton(self)
        button.setCursor(Qt.CursorShape.PointingHandCursor)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        button.setAutoRaise(True)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setToolTip(name)
        button.setAccessibleName(name)
        return button

    def _toggle(self) -> None:
        if self._target is not None:
            self._target.toggle_wrap()

    def _save(self) -> None:
        if self._target is not None:
            self.saved.emit(self._target.whole(), self._target.language)

    def _copy(self) -> None:
        if self._target is not None:
            self.copied.emit(self._target.whole())
        self.copy.setText(self.tr("Copied"))
        self._timer.start()
        self._refit()

    def _reset(self) -> None:
        self._timer.stop()
        self.copy.setText(self.tr("Copy"))
        self._refit()

    def _refit(self) -> None:
        if self._target is not None:
            self._place(self._target.box)


class CodeButtons(QObject):
    """A pool of bars, as many as there is visible code."""

    copied = Signal(str)
    saved = Signal(str, str)

    def __init__(self, viewport: QWidget) -> None:
        super().__init__(viewport)
        self._viewport = viewport
        self._bars: list[CodeBar] = []
        self._style: Style | None = None

    @property
    def shown(self) -> list[CodeBar]:
        """Bars in use, from top to bottom."""
        return [bar for bar in self._bars if not bar.isHidden()]

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self._style = style
        for bar in self._bars:
            bar.set_style(style)

    def arrange(self, targets: Sequence[CodeTarget]) -> None:
        """Put one bar on each target and hide the rest."""
        while len(self._bars) < len(targets):
            self._bars.append(self._new_bar())
        for bar, target in zip(self._bars, targets, strict=False):
            bar.show_for(target)
            if bar.isHidden():
                bar.show()
        for bar in self._bars[len(targets) :]:
            if not bar.isHidden():
                bar.hide()

    def _new_bar(self) -> CodeBar:
        bar = CodeBar(self._viewport)
        if self._style is not None:
            bar.set_style(self._style)
        bar.copied.connect(self.copied)
        bar.saved.connect(self.saved)
        return bar


def button_sheet(style: Style) -> str:
    """Style sheet of the buttons on code."""
    palette = style.palette
    return (
        f"QToolButton {{ color: {palette.muted}; background: transparent; border: 1px solid"
        f" transparent; border-radius: 6px; padding: 2px 7px; font-size: {style.font_px - 3}px }}"
        f"QToolButton:hover {{ color: {palette.text}; background: {palette.line} }}"
        f"QToolButton:checked {{ color: {palette.text}; background: {palette.accent_soft} }}"
        f"QToolButton:focus {{ border-color: {palette.accent} }}"
    )
