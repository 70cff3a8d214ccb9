"""Says that the last answer ended before its end, and offers to go on with it."""

from __future__ import annotations

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.icons import icon
from app.palette import Palette
from app.views.labels import label


class ContinueStrip(QFrame):
    """`continue_requested()` when the user wants the rest."""

    continue_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self._symbol = label("")
        self.text = label("", wrap=True)
        self.button = QPushButton(self.tr("Continue"))
        self.button.setProperty("role", "link")
        self.button.setToolTip(
            self.tr("The model goes on where the text ends; nothing is asked in between.")
        )
        self.button.setAccessibleName(self.tr("Continue the answer"))
        self.button.clicked.connect(self.continue_requested)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(14, 6, 8, 6)
        layout.setSpacing(10)
        layout.addWidget(self._symbol)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.button)
        self.hide()

    def offer(self, text: str) -> None:
        """Say why the answer ended; an empty text takes the offer away."""
        self.text.setText(text)
        self.setAccessibleName(text)
        self.setVisible(bool(text))

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        symbol = icon("circle-stop", palette.muted)
        self._symbol.setPixmap(symbol.pixmap(QSize(18, 18), self.devicePixelRatioF()))
