"""Where the keyboard goes when a strip hides that held it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget


class FocusHeir(QObject):
    """Gives the focus of a widget that hides to an heir, not to whatever is next to it."""

    def __init__(self, strip: QWidget, heir: QWidget) -> None:
        super().__init__(strip)
        self._strip = strip
        self._heir = heir
        strip.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Hide and watched is self._strip:
            focused = QApplication.focusWidget()
            # Qt moves the focus only after this event, and only if it is still inside.
            if focused is not None and self._strip.isAncestorOf(focused) and self._heir.isVisible():
                self._heir.setFocus(Qt.FocusReason.OtherFocusReason)
        return False
