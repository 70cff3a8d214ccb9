"""A line that says what was deleted, with a way back for a while."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QWidget

from app.icons import icon
from app.palette import Palette
from app.views.announcement import announce
from app.views.labels import icon_button, label

SHOWN_MS = 15_000


class UndoBar(QFrame):
    """Shows one deletion at a time; it leaves by itself, but never while it has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.text = label("", wrap=True)
        self.undo_button = QPushButton(self.tr("Undo"))
        self.undo_button.setProperty("role", "link")
        self.undo_button.setAccessibleName(self.tr("Undo the deletion"))
        self.close_button = icon_button(self.tr("Dismiss"))
        self._undo: Callable[[], object] | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self._leave)
        self._build()
        self.undo_button.clicked.connect(self.undo)
        self.close_button.clicked.connect(self.hide)
        self.hide()

    def offer(self, text: str, undo: Callable[[], object]) -> None:
        """Say what was deleted; `undo` brings it back."""
        self._undo = undo
        self.text.setText(text)
        self.setAccessibleName(text)
        self.show()
        self._timer.start()
        announce(self, text)

    def undo(self) -> None:
        """Bring back what was deleted last, if that is still offered."""
        undo, self._undo = self._undo, None
        self.hide()
        if undo is not None:
            undo()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self.close_button.setIcon(icon("x", palette.muted))

    def _leave(self) -> None:
        if self.undo_button.hasFocus() or self.close_button.hasFocus():
            self._timer.start()
            return
        self._undo = None
        self.hide()

    def _build(self) -> None:
        self.close_button.setProperty("role", "tiny")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 8, 6)
        layout.setSpacing(6)
        layout.addWidget(self.text, 1)
        layout.addWidget(self.undo_button, 0, Qt.AlignmentFlag.AlignRight)
        layout.addWidget(self.close_button)
