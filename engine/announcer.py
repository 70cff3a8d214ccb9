"""The session's voice: its state, and the one place from which events leave, in one order."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.events import EngineEvent, StateChanged
from engine.state import SessionState, is_allowed

EventSink = Callable[[EngineEvent], None]


class Announcer:
    """Emits events and holds the state.

    Guarantees: each `StateChanged.previous` is the state of the one before it. Hazard: the sink
    runs with `lock` held, so it may only enqueue: no call back, no exception.
    """

    def __init__(self, sink: EventSink) -> None:
        self.lock = threading.RLock()
        self._sink = sink
        self._state = SessionState.IDLE

    @property
    def state(self) -> SessionState:
        """Where the session stands."""
        return self._state

    def emit(self, *events: EngineEvent) -> None:
        """Hand events to the sink, nothing in between them."""
        with self.lock:
            for event in events:
                self._sink(event)

    def move_to(self, state: SessionState) -> None:
        """Change the state and tell so.

        Raises:
            RuntimeError: the transition is not allowed; a defect of the session.
        """
        with self.lock:
            previous = self._state
            if not is_allowed(previous, state):
                raise RuntimeError(f"The session cannot go from {previous} to {state}.")
            self._state = state
            self._sink(StateChanged(previous=previous, state=state))
