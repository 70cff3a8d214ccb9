"""A sink that can be waited on, and sessions that are closed after each test."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

import pytest

from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeOptions
from engine.events import EngineEvent, GenerationFailed, GenerationFinished, StateChanged
from engine.restart_policy import RestartBudget
from engine.session import InferenceSession
from engine.state import SessionState

E = TypeVar("E", bound=EngineEvent)
WAIT_S = 20.0


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


class SessionFactory(Protocol):
    def __call__(
        self,
        options: FakeOptions | None = None,
        *,
        backend: FakeBackend | None = None,
        stop_timeout_s: float = 3.0,
        restart_budget: RestartBudget | None = None,
    ) -> InferenceSession: ...


@pytest.fixture
def listener() -> Listener:
    return Listener()


@pytest.fixture
def make_session(listener: Listener) -> Iterator[SessionFactory]:
    sessions: list[InferenceSession] = []

    def make(
        options: FakeOptions | None = None,
        *,
        backend: FakeBackend | None = None,
        stop_timeout_s: float = 3.0,
        restart_budget: RestartBudget | None = None,
    ) -> InferenceSession:
        session = InferenceSession(
            backend or FakeBackend(options),
            listener,
            stop_timeout_s=stop_timeout_s,
            restart_budget=restart_budget,
        )
        sessions.append(session)
        return session

    yield make
    for session in sessions:
        assert session.close()
