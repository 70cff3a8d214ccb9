"""The column on the left: new chat above, the program's own entries at the foot."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from app.palette import Palette
from app.views.icons import icon
from app.views.labels import label

SIDEBAR_WIDTH = 248


class Sidebar(QFrame):
    """`new_chat_requested()`, `about_requested()`."""

    new_chat_requested = Signal()
    about_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("sidebar")
        self.setFixedWidth(SIDEBAR_WIDTH)
        self.new_chat = self._entry(self.tr("New chat"), role="newChat")
        self.new_chat.setToolTip(self.tr("New chat (Ctrl+N)"))
        self.about = self._entry(self.tr("About Slipstream"), role="side")
        self._mark = QLabel()
        self._build()
        self.new_chat.clicked.connect(self.new_chat_requested)
        self.about.clicked.connect(self.about_requested)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.new_chat.setIcon(icon("square-pen", palette.text))
        self.about.setIcon(icon("info", palette.muted))
        mark = icon("app", palette.accent, size_px=22)
        self._mark.setPixmap(mark.pixmap(QSize(22, 22), self.devicePixelRatioF()))

    def _entry(self, text: str, *, role: str) -> QPushButton:
        button = QPushButton(f" {text}")  # room between icon and text
        button.setProperty("role", role)
        button.setAccessibleName(text)
        button.setIconSize(QSize(17, 17))
        return button

    def _build(self) -> None:
        brand = QHBoxLayout()
        brand.setContentsMargins(8, 4, 0, 8)
        brand.setSpacing(8)
        brand.addWidget(self._mark)
        brand.addWidget(label("Slipstream", role="pair"), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(12, 12, 12, 12)
        layout.setSpacing(8)
        layout.addLayout(brand)
        layout.addWidget(self.new_chat)
        layout.addStretch(1)
        layout.addWidget(self.about)
