"""The history in the sidebar: search box, menu, list, and the way back from a deletion."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QToolButton, QVBoxLayout, QWidget

from app.icons import icon
from app.palette import Palette
from app.viewmodels.chat_list_model import ChatListModel
from app.views.focus_heir import FocusHeir
from app.views.history.chat_list import ChatList
from app.views.history.escape import is_escape_override
from app.views.history.undo_bar import UndoBar
from app.views.labels import icon_button


class HistoryPanel(QWidget):
    """`searched(text)` follows what is typed. What the menus hold is decided by `fill_menu`."""

    searched = Signal(str)

    def __init__(self, model: ChatListModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = ChatList(model)
        self.undo_bar = UndoBar()
        FocusHeir(self.undo_bar, self.list)
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search all chats"))
        self.search.setAccessibleName(self.tr("Search all chats"))
        self.search.setToolTip(self.tr("Search all chats (Ctrl+Shift+F)"))
        self.search.setClearButtonEnabled(True)
        self.menu_button: QToolButton = icon_button(self.tr("More for chats"))
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu = QMenu(self.menu_button)
        self.menu_button.setMenu(self.menu)
        self._search_icon = QAction(self)
        self.search.addAction(self._search_icon, QLineEdit.ActionPosition.LeadingPosition)
        self.search.installEventFilter(self)
        self.search.textChanged.connect(self.searched)
        self.list.undo_wanted.connect(self.undo_bar.undo)
        self._build()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.list.apply_palette(palette)
        self.undo_bar.apply_palette(palette)
        self.menu_button.setIcon(icon("ellipsis", palette.muted))
        self._search_icon.setIcon(icon("search", palette.muted, size_px=15))

    def focus_search(self) -> None:
        """Put the cursor into the search box."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    def popup(self, menu: QMenu, point: QPoint) -> None:
        """Open a context menu; it deletes itself."""
        menu.setParent(self, menu.windowFlags())
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(point)
        if menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.search and is_escape_override(event) and self.search.text():
            event.accept()
            return True
        if (
            watched is self.search
            and event.type() is QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
        ):
            key = Qt.Key(event.key())
            if key in (Qt.Key.Key_Down, Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.list.focus_first()
                return True
            if key is Qt.Key.Key_Escape and self.search.text():
                self.search.clear()
                return True
        return super().eventFilter(watched, event)

    def _build(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(4)
        top.addWidget(self.search, 1)
        top.addWidget(self.menu_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 4)
        layout.setSpacing(8)
        layout.addLayout(top)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.undo_bar)
