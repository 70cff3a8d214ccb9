"""Esc stops an answer anywhere in the window; fields that want it for themselves say so."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit


def is_escape_override(event: QEvent) -> bool:
    """Whether the window asks if Esc is wanted here; accept the event to get the key."""
    return (
        event.type() is QEvent.Type.ShortcutOverride
        and isinstance(event, QKeyEvent)
        and event.key() == Qt.Key.Key_Escape
    )


class NameEdit(QLineEdit):
    """A field for a name: Esc gives up typing."""

    is_filled = False
    """Whether it was given the name to begin with."""

    def event(self, event: QEvent) -> bool:
        if is_escape_override(event):
            event.accept()
            return True
        return super().event(event)
