"""Rows of the settings dialog that are no preference: a folder, a fact, a few buttons."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from app.views.labels import label


class FactRow(QWidget):
    """A title, a text that can be selected, a warning, and buttons below in their order."""

    def __init__(
        self, title: str, text: str, *, actions: Sequence[str] = (), warning: str = ""
    ) -> None:
        super().__init__()
        self.title = title
        self.text = label(text, role="muted", wrap=True)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.text.setAccessibleName(f"{title}: {text}")
        self.buttons = [QPushButton(name) for name in actions]
        for button in self.buttons:
            button.setAccessibleName(f"{title}: {button.text()}")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 8, 0, 8)
        layout.setSpacing(4)
        layout.addWidget(label(title, role="strong", wrap=True))
        layout.addWidget(self.text)
        self.warning = label(warning, role="warning", wrap=True)
        self.warning.setVisible(bool(warning))
        layout.addWidget(self.warning)
        if self.buttons:
            line = QHBoxLayout()
            line.setSpacing(8)
            for button in self.buttons:
                line.addWidget(button)
            line.addStretch(1)
            layout.addLayout(line)

    def retell(self, words: Callable[[str], str]) -> None:
        """Be found in another language."""
        self.title = words(self.title)

    def fits(self, query: str) -> bool:
        """Whether a search finds this row."""
        text = f"{self.title} {self.text.text()}".casefold()
        return all(word in text for word in query.casefold().split())
