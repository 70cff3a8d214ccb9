"""Carries engine events to the GUI thread: one ordered queue, at most one wake-up under way."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from engine.events import EngineEvent

Listener = Callable[[EngineEvent], None]


class EngineBridge(QObject):
    """The session's sink. `post` may be called from any thread and never blocks or raises.

    Guarantees: listeners run on this object's thread, in the order of `post`; an exception in a
    listener loses no later event. Hazard: after `close` everything posted is dropped.
    """

    _wake = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._events: deque[EngineEvent] = deque()
        self._listeners: list[Listener] = []
        self._lock = threading.Lock()
        self._wake_pending = False
        self._closed = False
        self._wake.connect(self._drain, Qt.ConnectionType.QueuedConnection)

    def add_listener(self, listener: Listener) -> None:
        """Call `listener` with every event from now on."""
        self._listeners.append(listener)

    def post(self, event: EngineEvent) -> None:
        """Queue an event. Thread-safe."""
        with self._lock:  # also keeps the signal from a QObject that `close` gave up
            if self._closed:
                return
            self._events.append(event)
            if self._wake_pending:
                return
            self._wake_pending = True
            self._wake.emit()

    def close(self) -> None:
        """Drop what is queued and everything posted later."""
        with self._lock:
            self._closed = True
            self._events.clear()

    @Slot()
    def _drain(self) -> None:
        with self._lock:
            self._wake_pending = False
            batch = list(self._events)
            self._events.clear()
        done = 0
        try:
            for event in batch:
                done += 1
                for listener in self._listeners:
                    listener(event)
        finally:
            self._put_back(batch[done:])

    def _put_back(self, rest: list[EngineEvent]) -> None:
        """Queue again what a raising listener kept from being delivered."""
        if not rest:
            return
        with self._lock:
            self._events.extendleft(reversed(rest))
            if not self._wake_pending and not self._closed:
                self._wake_pending = True
                self._wake.emit()
