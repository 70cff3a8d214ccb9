"""Keeps the computer awake while an answer, a comparison or a download is under way."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from app.stay_awake import Inhibitor, make_inhibitor

if TYPE_CHECKING:
    from app.controllers.preferences_controller import PreferencesController
    from app.desktop import Desktop

LOOK_MS = 15_000
"""Computers fall asleep after minutes: looking now and then is enough."""


class Wakefulness(QObject):
    """Follows the preference. Guarantees: nothing is held after `close`."""

    def __init__(
        self,
        preferences: PreferencesController,
        *,
        is_working: Callable[[], bool],
        inhibitor: Inhibitor | None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._preferences = preferences
        self._is_working = is_working
        self._inhibitor = inhibitor
        self._is_held = False
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        if inhibitor is not None:
            self._timer.start()
            preferences.changed.connect(lambda _: self.look())

    @property
    def is_available(self) -> bool:
        """Whether this system can be kept awake."""
        return self._inhibitor is not None

    def look(self) -> None:
        """Hold or let go, as the work of now wants it."""
        if self._inhibitor is None:
            return
        wanted = self._preferences.current.stay_awake and self._is_working()
        if wanted:
            self._is_held = self._inhibitor.hold(self.tr("Work is under way"))
        elif self._is_held:
            self._is_held = False
            self._inhibitor.release()

    def close(self) -> None:
        """Let the computer sleep; the window closes."""
        self._timer.stop()
        if self._inhibitor is not None and self._is_held:
            self._is_held = False
            self._inhibitor.release()


def add_wakefulness(desktop: Desktop) -> Wakefulness:
    """Watch the work of a window."""

    def is_working() -> bool:
        answers = bool(desktop.chat.answering.turns)
        return answers or desktop.lab.is_busy or desktop.models.is_downloading

    return Wakefulness(
        desktop.preferences, is_working=is_working, inhibitor=make_inhibitor(), parent=desktop
    )
