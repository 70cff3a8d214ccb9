"""The window: puts the parts in place and hides side columns when there is no room. No logic."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMainWindow, QVBoxLayout, QWidget

from app.palette import Palette
from app.views.chat_page import ChatPage
from app.views.page_stack import CHAT_PAGE, PageEntry, PageStack
from app.views.sidebar import Sidebar
from app.views.stats_panel import StatsPanel
from app.views.top_bar import TopBar

STATS_FROM_WIDTH = 1200
SIDEBAR_FROM_WIDTH = 1040
DEFAULT_SIZE = (1280, 800)
MINIMUM_SIZE = (820, 520)


class MainWindow(QMainWindow):
    """Sidebar, top bar, chat page and statistics.

    A side column is hidden below its width; its switch can still show it there, until the
    window is wide again. `stats_preferred(bool)` reports a choice made in a wide window.
    """

    closed = Signal()
    stop_requested = Signal()
    stats_preferred = Signal(bool)

    def __init__(self, palette: Palette, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Slipstream")
        self.setMinimumSize(*MINIMUM_SIZE)
        self.resize(*DEFAULT_SIZE)
        self.sidebar = Sidebar()
        self.top_bar = TopBar()
        self.page = ChatPage()
        self.stats = StatsPanel()
        self._stats_wanted = True
        self._text_scale = 1.0
        self._is_narrow = {self.stats: False, self.sidebar: False}
        self.pages = PageStack(self._chat_column(), palette)
        self._build()
        self.top_bar.stats_toggled.connect(self._on_stats_toggled)
        self.top_bar.sidebar_toggled.connect(self.sidebar.setVisible)
        self.apply_palette(palette)

    def show_stats(self, wanted: bool) -> None:
        """Follow the preference; a narrow window hides the panel all the same."""
        self._stats_wanted = wanted
        self._fit_columns(force=True)

    def set_text_scale(self, scale: float) -> None:
        """Follow the size of text: larger text needs more room, so columns give way earlier."""
        self._text_scale = scale
        for part in (self.sidebar, self.top_bar, self.stats, self.page.empty_state):
            part.set_text_scale(scale)
        self._fit_columns(force=True)

    def add_page(self, entry: PageEntry) -> None:
        """Offer a page at the foot of the sidebar; it is built when first shown."""
        self.pages.register(entry)
        self.sidebar.add_page(entry.key, entry.label, entry.icon)

    def show_page(self, key: str) -> QWidget:
        """Bring a page to the front and return its widget."""
        return self.pages.show_page(key)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        for part in (self.sidebar, self.top_bar, self.page, self.stats, self.pages):
            part.apply_palette(palette)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_columns()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.accept()
        self.closed.emit()

    def _chat_column(self) -> QWidget:
        below = QHBoxLayout()
        below.setSpacing(0)
        below.addWidget(self.page, 1)
        below.addWidget(self.stats)
        column = QWidget()
        main = QVBoxLayout(column)
        main.setContentsMargins(0, 0, 0, 0)
        main.setSpacing(0)
        main.addWidget(self.top_bar)
        main.addLayout(below, 1)
        return column

    def _build(self) -> None:
        root = QWidget()
        layout = QHBoxLayout(root)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.sidebar)
        layout.addWidget(self.pages, 1)
        self.setCentralWidget(root)
        self.pages.page_changed.connect(self.sidebar.mark_page)
        self.sidebar.page_requested.connect(self.show_page)
        self.sidebar.new_chat_requested.connect(lambda: self.show_page(CHAT_PAGE))

    def _fit_columns(self, *, force: bool = False) -> None:
        columns = (
            (self.stats, STATS_FROM_WIDTH, self._stats_wanted),
            (self.sidebar, SIDEBAR_FROM_WIDTH, True),
        )
        for column, needed, wanted in columns:
            is_narrow = self.width() < needed * max(1.0, self._text_scale)
            if is_narrow != self._is_narrow[column] or force:
                self._is_narrow[column] = is_narrow
                column.setVisible(wanted and not is_narrow)
        self.top_bar.stats_button.setChecked(not self.stats.isHidden())
        self.top_bar.sidebar_button.setChecked(not self.sidebar.isHidden())

    def _on_stats_toggled(self, shown: bool) -> None:
        self.stats.setVisible(shown)
        if not self._is_narrow[self.stats]:
            self._stats_wanted = shown
            self.stats_preferred.emit(shown)
