"""How far a job is, what it does now, how long it will take, and how to stop it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar, QWidget

from app.views.announcement import announce
from app.views.labels import label
from app.views.models.parts import Card, button, row

_STEPS = 1000


class ProgressCard(Card):
    """`cancel_requested()`."""

    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(name=self.tr("Progress"))
        self.setParent(parent)
        self.title = label("", role="name")
        self.activity = label("", role="muted", wrap=True)
        self.remaining = label("", role="muted")
        self.note = label("", role="caption", wrap=True)
        self.bar = QProgressBar()
        self.cancel = button(self.tr("Stop"), name=self.tr("Stop measuring"))
        self.bar.setTextVisible(False)
        self.bar.setRange(0, _STEPS)
        self.bar.setAccessibleName(self.tr("Progress"))
        self.column.addLayout(row(self.title, 1, self.remaining, self.cancel))
        self.column.addWidget(self.bar)
        self.column.addWidget(self.activity)
        self.column.addWidget(self.note)
        self.cancel.clicked.connect(self.cancel_requested)
        self.hide()

    def begin(self, title: str, note: str) -> None:
        """A job begins; `note` says what it means for the chat."""
        self.title.setText(title)
        self.note.setText(note)
        self.activity.setText("")
        self.remaining.setText("")
        self.bar.setValue(0)
        self.cancel.setEnabled(True)
        self.show()
        announce(self, title)

    def show_progress(self, done: int, total: int, remaining: str) -> None:
        """Move the bar."""
        self.bar.setValue(round(_STEPS * done / max(1, total)))
        self.remaining.setText(remaining)

    def show_activity(self, text: str) -> None:
        """Say what is done now."""
        self.activity.setText(text)

    def show_stopping(self, text: str) -> None:
        """The stop was heard."""
        self.cancel.setEnabled(False)
        self.activity.setText(text)
