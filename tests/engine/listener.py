"""A sink of a session that can be waited on."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TypeVar

from engine.events import EngineEvent, GenerationFailed, GenerationFinished, StateChanged
from engine.state import SessionState

E = TypeVar("E", bound=EngineEvent)
WAIT_S = 60.0


class Listener:
    """A sink: keeps every event, in order."""

    def __init__(self) -> None:
        self.events: list[EngineEvent] = []
        self._changed = threading.Condition()

    def __call__(self, event: EngineEvent) -> None:
        with self._changed:
            self.events.append(event)
            self._changed.notify_all()

    def of(self, kind: type[E]) -> list[E]:
        return [event for event in list(self.events) if isinstance(event, kind)]

    def wait_until(self, is_done: Callable[[], bool]) -> None:
        with self._changed:
            assert self._changed.wait_for(is_done, WAIT_S), self.events

    def wait_for(self, kind: type[E], count: int = 1) -> E:
        self.wait_until(lambda: len(self.of(kind)) >= count)
        return self.of(kind)[count - 1]

    def wait_for_state(self, state: SessionState, count: int = 1) -> None:
        self.wait_until(lambda: self.states().count(state) >= count)

    def states(self) -> list[SessionState]:
        return [event.state for event in self.of(StateChanged)]

    def terminal(self, generation_id: int) -> GenerationFinished | GenerationFailed:
        """Wait for the end of one answer."""

        def found() -> list[GenerationFinished | GenerationFailed]:
            return [
                event
                for event in list(self.events)
                if isinstance(event, GenerationFinished | GenerationFailed)
                and event.generation_id == generation_id
            ]

        self.wait_until(lambda: bool(found()))
        return found()[0]
