"""The bar for finding text in the chat: a field, the count, back and forward, a switch for case."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QToolButton, QWidget

from app.chat_view.style import Style
from app.icons import icon

WIDTH = 380
MARGIN = 12
ICON_PX = 16


class FindBar(QFrame):
    """Says what is wanted; it searches nothing itself."""

    wanted_changed = Signal()
    stepped = Signal(int)
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.field = QLineEdit()
        self.field.setPlaceholderText(self.tr("Find in this chat"))
        self.field.setAccessibleName(self.tr("Find in this chat"))
        self.field.setClearButtonEnabled(True)
        for clear in self.field.findChildren(QToolButton):
            clear.setAccessibleName(self.tr("Clear"))
        self.count = QLabel()
        self.count.setAccessibleName(self.tr("Number of hits"))
        self.case = self._button(self.tr("Match case (Alt+C)"), "")
        self.case.setText("Aa")
        self.case.setCheckable(True)
        self.case.setShortcut("Alt+C")
        self.back = self._button(self.tr("Previous hit (Shift+Enter)"), "chevron-up")
        self.forward = self._button(self.tr("Next hit (Enter)"), "chevron-down")
        self.close_button = self._button(self.tr("Close (Esc)"), "x")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 6, 6)
        layout.setSpacing(2)
        layout.addWidget(self.field, 1)
        layout.addSpacing(6)
        layout.addWidget(self.count)
        layout.addSpacing(4)
        for button in (self.case, self.back, self.forward, self.close_button):
            layout.addWidget(button)
        self.field.textChanged.connect(lambda _: self.wanted_changed.emit())
        self.case.toggled.connect(lambda _: self.wanted_changed.emit())
        self.back.clicked.connect(lambda: self.stepped.emit(-1))
        self.forward.clicked.connect(lambda: self.stepped.emit(1))
        self.close_button.clicked.connect(self.closed)
        self.field.installEventFilter(self)
        self.setAccessibleName(self.tr("Find"))
        self.hide()

    def set_style(self, style: Style) -> None:
        """Take the colours of a style."""
        self.setStyleSheet(_sheet(style))
        for button in (self.back, self.forward, self.close_button):
            name = str(button.property("icon_name"))
            button.setIcon(icon(name, style.palette.muted, size_px=ICON_PX))

    def show_count(self, number: int, count: int) -> None:
        """Say which hit of how many is shown."""
        if not self.field.text():
            text = ""
        elif count:
            text = self.tr("{number} of {count}").format(number=number, count=count)
        else:
            text = self.tr("No hits")
        self.count.setText(text)
        self.count.setAccessibleDescription(text)
        for button in (self.back, self.forward):
            button.setEnabled(count > 0)

    def place(self, area: QRect) -> None:
        """Stand at the top right of an area."""
        width = min(WIDTH, area.width() - 2 * MARGIN)
        height = self.sizeHint().height()
        self.setGeometry(area.right() - width - MARGIN, area.top() + MARGIN, width, height)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        if event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            back = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            if Qt.Key(event.key()) in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F3):
                self.stepped.emit(-1 if back else 1)
                return True
        return super().eventFilter(watched, event)  # type: ignore[arg-type]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if Qt.Key(event.key()) is Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _button(self, name: str, icon_name: str) -> QToolButton:
        button = QToolButton()
        button.setAutoRaise(True)
        button.setIconSize(QSize(ICON_PX, ICON_PX))
        button.setAccessibleName(name)
        button.setToolTip(name)
        button.setProperty("icon_name", icon_name)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        return button


def _sheet(style: Style) -> str:
    palette = style.palette
    size = style.font_px - 2
    return (
        f"FindBar {{ background: {palette.card}; border: 1px solid {palette.line};"
        " border-radius: 10px }"
        f"QLineEdit {{ background: transparent; border: none; color: {palette.text};"
        f" font-size: {size}px; padding: 2px }}"
        f"QLabel {{ color: {palette.muted}; font-size: {size - 1}px }}"
        f"QToolButton {{ color: {palette.muted}; border: 1px solid transparent;"
        f" border-radius: 6px; padding: 3px; font-size: {size}px }}"
        f"QToolButton:hover {{ background: {palette.accent_soft} }}"
        f"QToolButton:checked {{ background: {palette.accent_soft}; color: {palette.accent} }}"
        f"QToolButton:focus {{ border-color: {palette.accent} }}"
    )
