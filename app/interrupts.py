"""Turns Ctrl+C and the system's request to end into an orderly end of the window."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Interrupts(QObject):
    """Calls `leave` on the GUI thread when the process is asked to end.

    Python runs its signal handlers only between bytecodes, and an idle event loop runs none:
    the interpreter's wake-up socket wakes the loop. Hazard: process-wide; `close` undoes it.
    """

    def __init__(self, leave: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._leave = leave
        self._reader, self._writer = socket.socketpair()
        self._reader.setblocking(False)
        self._writer.setblocking(False)
        self._notifier = QSocketNotifier(self._reader.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_signal)
        self._previous = {number: signal.signal(number, _ignore) for number in _SIGNALS}
        self._previous_fd = signal.set_wakeup_fd(self._writer.fileno())

    def close(self) -> None:
        """Give the signals back."""
        signal.set_wakeup_fd(self._previous_fd)
        for number, handler in self._previous.items():
            signal.signal(number, handler)
        self._notifier.setEnabled(False)
        self._reader.close()
        self._writer.close()

    def _on_signal(self) -> None:
        try:
            received = self._reader.recv(64)
        except BlockingIOError:
            return
        if any(number in received for number in _SIGNALS):
            self._leave()


def _ignore(number: int, frame: object) -> None:
    """Do nothing here: the wake-up socket does the work on the GUI thread."""
    del number, frame
