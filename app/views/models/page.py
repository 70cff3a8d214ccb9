"""The page of the models: three tabs below one notice. Puts parts in place and decides nothing."""

from __future__ import annotations

from enum import StrEnum

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import (
    QApplication,
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from app.icons import icon
from app.palette import Palette
from app.views.announcement import announce
from app.views.labels import icon_button, label
from app.views.models.discover_tab import DiscoverTab
from app.views.models.downloads_tab import DownloadsTab
from app.views.models.installed_tab import InstalledTab
from app.views.models.parts import button, centred
from app.views.models.sheet import model_sheet


class Tab(StrEnum):
    """The three tabs."""

    INSTALLED = "installed"
    DISCOVER = "discover"
    DOWNLOADS = "downloads"


class ModelsPage(QFrame):
    """`tab_shown(Tab)`; `notice_accepted()` when the button of the notice is pressed."""

    tab_shown = Signal(object)
    notice_accepted = Signal()

    def __init__(
        self,
        installed: InstalledTab,
        discover: DiscoverTab,
        downloads: DownloadsTab,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("modelsPage")
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.installed, self.discover, self.downloads = installed, discover, downloads
        self.tabs: dict[Tab, QPushButton] = {}
        self._stack = QStackedWidget()
        self._group = QButtonGroup(self)
        self.notice = QFrame()
        self.notice_text = label("", wrap=True)
        self.notice_button = button(self.tr("Go on"))
        self.notice_close = icon_button(self.tr("Dismiss"))
        self._build()
        self.notice_button.clicked.connect(self._on_notice)
        self.notice_close.clicked.connect(self.notice.hide)

    @property
    def tab(self) -> Tab:
        """The tab in front."""
        return tuple(Tab)[self._stack.currentIndex()]

    def show_tab(self, tab: Tab) -> None:
        """Bring a tab to the front."""
        self.tabs[tab].setChecked(True)
        focused = QApplication.focusWidget()
        if focused is not None and self._stack.isAncestorOf(focused):
            self.setFocus()  # else whatever field comes next in the window takes the keyboard
        self._stack.setCurrentIndex(tuple(Tab).index(tab))
        self.tab_shown.emit(tab)

    def count_downloads(self, count: int) -> None:
        """Say how many downloads are unfinished."""
        plain = self.tr("Downloads")
        text = self.tr("Downloads ({count})").format(count=count) if count else plain
        self.tabs[Tab.DOWNLOADS].setText(text)

    def say(self, sentence: str, *, action: str = "", fault: bool = False) -> None:
        """Tell something that just happened, perhaps with one thing to do."""
        self.notice_text.setText(sentence)
        self.notice_button.setText(action)
        self.notice_button.setAccessibleName(action)
        self.notice_button.setVisible(bool(action))
        self.notice.setProperty("role", "fault" if fault else "notice")
        self.notice.style().unpolish(self.notice)
        self.notice.style().polish(self.notice)
        self.notice.show()
        announce(self, sentence)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.setStyleSheet(model_sheet(palette))
        self.notice_close.setIcon(icon("x", palette.muted))
        for tab in (self.installed, self.discover, self.downloads):
            tab.apply_palette(palette)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.setFocus()  # else the first tab gets it, and looks chosen twice

    def _on_notice(self) -> None:
        self.notice.hide()
        self.notice_accepted.emit()

    def _build(self) -> None:
        names = {
            Tab.INSTALLED: self.tr("Installed"),
            Tab.DISCOVER: self.tr("Discover"),
            Tab.DOWNLOADS: self.tr("Downloads"),
        }
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(label(self.tr("Models"), role="pageTitle"))
        head.addSpacing(16)
        parts = (self.installed, self.discover, self.downloads)
        for tab, part in zip(Tab, parts, strict=True):
            entry = button(names[tab], role="tab")
            entry.setCheckable(True)
            entry.clicked.connect(lambda _=False, tab=tab: self.show_tab(tab))
            self._group.addButton(entry)
            self.tabs[tab] = entry
            head.addWidget(entry)
            self._stack.addWidget(part)
        head.addStretch(1)
        inner = QHBoxLayout(self.notice)
        inner.setContentsMargins(14, 8, 8, 8)
        inner.addWidget(self.notice_text, 1)
        inner.addWidget(self.notice_button)
        inner.addWidget(self.notice_close)
        holder = QHBoxLayout()
        holder.addWidget(self.notice)
        self.notice.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 16, 0, 0)
        layout.setSpacing(10)
        layout.addLayout(centred(head))
        layout.addLayout(centred(holder))
        layout.addWidget(self._stack, 1)
        self.tabs[Tab.INSTALLED].setChecked(True)
