"""Says that the chat is temporary, and offers to keep it after all."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.icons import icon
from app.palette import Palette
from app.views.labels import label


class TemporaryStrip(QFrame):
    """`keep_requested()` when the user wants the chat saved."""

    keep_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("temporaryStrip")
        self._symbol = label("")
        text = label(
            self.tr("Temporary chat: it is never written to disk and gone when you leave it."),
            wrap=True,
        )
        self.setAccessibleName(text.text())
        self.keep_button = QPushButton(self.tr("Keep this chat"))
        self.keep_button.setProperty("role", "link")
        self.keep_button.clicked.connect(self.keep_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.setSpacing(10)
        layout.addWidget(self._symbol)
        layout.addWidget(text, 1)
        layout.addWidget(self.keep_button)
        self.hide()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.setStyleSheet(
            f"#temporaryStrip {{ background: {palette.accent_soft};"
            f" border: 1px dashed {palette.accent}; border-radius: 12px; }}"
        )
        symbol = icon("eye-off", palette.accent)
        self._symbol.setPixmap(symbol.pixmap(QSize(18, 18), self.devicePixelRatioF()))
