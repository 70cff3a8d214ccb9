"""Sessions that are closed after each test, and the sink they tell."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

import pytest

from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeOptions
from engine.restart_policy import RestartBudget
from engine.session import InferenceSession
from tests.engine.listener import Listener


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
