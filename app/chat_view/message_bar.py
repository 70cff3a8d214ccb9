"""The small widgets under a message: a row of action buttons and the switch between versions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from app.chat_view.message_actions import MessageAction
from app.chat_view.style import Style
from app.icons import icon
from app.viewmodels.transcript_row import Versions

BAR_HEIGHT = 24
ICON_PX = 15
Trigger = Callable[[str], None]


def fill_menu(menu: QMenu, actions: Sequence[MessageAction], trigger: Trigger) -> None:
    """Add actions and their sub-menus to a menu; `trigger` gets the id of the chosen one."""
    for action in actions:
        if action.children:
            inner = menu.addMenu(action.text)
            inner.setEnabled(action.enabled)
            fill_menu(inner, action.children, trigger)
            continue
        entry = QAction(action.text, menu)
        entry.setEnabled(action.enabled)
        if action.shortcut:
            entry.setShortcut(QKeySequence(action.shortcut))
            entry.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        if action.checked is not None:
            entry.setCheckable(True)
            entry.setChecked(action.checked)
        entry.triggered.connect(lambda _on=False, name=action.id: trigger(name))
        menu.addAction(entry)


class MessageBar(QWidget):
    """Buttons for the actions of one message; buttons are made once and used again."""

    triggered = Signal(str)
    left = Signal()
    """Escape was pressed on a button."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._buttons: list[QToolButton] = []
        self._actions: tuple[MessageAction, ...] = ()
        self._colour = ""
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(2, 0, 2, 0)
        self._layout.setSpacing(0)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAccessibleName(self.tr("Message actions"))
        self.hide()

    @property
    def actions_shown(self) -> tuple[MessageAction, ...]:
        """What the buttons stand for."""
        return self._actions

    @property
    def buttons(self) -> list[QToolButton]:
        """Buttons in use, from left to right."""
        return self._buttons[: len(self._actions)]

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self._colour = style.palette.muted
        self.setStyleSheet(bar_sheet(style))
        self._fill()

    def set_actions(self, actions: Sequence[MessageAction]) -> None:
        """Show buttons for the actions that have an icon."""
        shown = tuple(action for action in actions if action.icon_name)
        if shown != self._actions:
            self._actions = shown
            self._fill()

    def _fill(self) -> None:
        while len(self._buttons) < len(self._actions):
            self._buttons.append(self._new_button(len(self._buttons)))
        for button, action in zip(self._buttons, self._actions, strict=False):
            self._dress(button, action)
        for button in self._buttons[len(self._actions) :]:
            button.hide()
        self.resize(self.sizeHint().width(), BAR_HEIGHT)

    def _new_button(self, index: int) -> QToolButton:
        button = _bar_button(self)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        button.clicked.connect(lambda: self._clicked(index))
        button.installEventFilter(self)
        self._layout.addWidget(button)
        return button

    def _dress(self, button: QToolButton, action: MessageAction) -> None:
        button.setIcon(icon(action.icon_name, self._colour, size_px=ICON_PX))
        button.setAccessibleName(action.text)
        keys = QKeySequence(action.shortcut or "").toString(QKeySequence.SequenceFormat.NativeText)
        button.setToolTip(f"{action.text} ({keys})" if keys else action.text)
        button.setEnabled(action.enabled)
        button.setCheckable(action.checked is not None)
        button.setChecked(bool(action.checked))
        before = button.menu()
        button.setMenu(self._menu(action, button) if action.children else None)  # type: ignore[arg-type]
        if before is not None:
            before.deleteLater()
        button.show()

    def _menu(self, action: MessageAction, button: QToolButton) -> QMenu:
        menu = QMenu(button)
        fill_menu(menu, action.children, self.triggered.emit)
        return menu

    def _clicked(self, index: int) -> None:
        if index < len(self._actions) and not self._actions[index].children:
            self.triggered.emit(self._actions[index].id)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
            key = Qt.Key(event.key())
            if key is Qt.Key.Key_Escape:
                self.left.emit()
                return True
            if key in steps and watched in self.buttons:
                index = self.buttons.index(watched) + steps[key]
                self.buttons[index % len(self.buttons)].setFocus(Qt.FocusReason.TabFocusReason)
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]


def _bar_button(parent: QWidget) -> QToolButton:
    button = QToolButton(parent)
    button.setAutoRaise(True)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setCursor(Qt.CursorShape.ArrowCursor)
    button.setIconSize(QSize(ICON_PX, ICON_PX))
    return button


class VersionSwitch(QWidget):
    """`< 2/3 >`: says which version of a message is shown and leads to the others."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._shown = Versions(0, 1)
        self._label = QLabel(self)
        self._label.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._back = self._arrow(self.tr("Previous version"), -1)
        self._forward = self._arrow(self.tr("Next version"), 1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for widget in (self._back, self._label, self._forward):
            layout.addWidget(widget)
        self.hide()

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self.setStyleSheet(bar_sheet(style))
        muted = style.palette.muted
        self._back.setIcon(icon("chevron-left", muted, size_px=ICON_PX))
        self._forward.setIcon(icon("chevron-right", muted, size_px=ICON_PX))
        self.resize(switch_width(style), BAR_HEIGHT)

    def set_versions(self, versions: Versions) -> None:
        """Show which version is shown."""
        self._shown = versions
        number, count = versions.index + 1, versions.count
        self._label.setText(f"{number}/{count}")
        text = self.tr("Version {number} of {count}").format(number=number, count=count)
        self._label.setAccessibleName(text)
        self._label.setToolTip(text)
        self._back.setEnabled(versions.index > 0)
        self._forward.setEnabled(number < count)

    def _arrow(self, name: str, step: int) -> QToolButton:
        button = _bar_button(self)
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.clicked.connect(lambda: self.wanted.emit(self._shown.index + step))
        return button


def switch_width(style: Style) -> int:
    """Pixels of a version switch, whatever it shows."""
    return 2 * style.font_px + 56


def bar_sheet(style: Style) -> str:
    """Style sheet of the widgets under a message."""
    palette = style.palette
    return (
        f"MessageBar, VersionSwitch {{ background: {palette.bg} }}"
        f"QLabel {{ color: {palette.muted}; font-size: {max(10, style.font_px - 3)}px }}"
        "QToolButton { border: 1px solid transparent; border-radius: 6px; padding: 2px 4px }"
        "QToolButton::menu-indicator { image: none }"
        f"QToolButton:hover {{ background: {palette.line} }}"
        f"QToolButton:checked {{ background: {palette.accent_soft} }}"
        f"QToolButton:focus {{ border-color: {palette.accent} }}"
    )
