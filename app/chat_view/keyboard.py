"""Keys of the chat view: moving between messages, scrolling, copying, folding."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QKeySequence

COPY_MARKDOWN = QKeySequence("Ctrl+Shift+C")

Action = Callable[[], None]


def pressed(event: QKeyEvent, sequence: QKeySequence) -> bool:
    """Whether a key event is a key sequence of one stroke."""
    return QKeySequence(event.keyCombination()) == sequence


def plain_key(event: QKeyEvent, actions: Mapping[Qt.Key, Action]) -> bool:
    """Run the action of a key without modifiers; False when there is none."""
    allowed = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.KeypadModifier)
    action = actions.get(Qt.Key(event.key()))
    if action is None or event.modifiers() not in allowed:
        return False
    action()
    return True
