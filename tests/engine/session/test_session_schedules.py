"""The session's invariants under random schedules of calls, with a backend that fails at random."""

from __future__ import annotations

import random
import time
from typing import TYPE_CHECKING

import pytest

from engine.backends.base import BackendDeath
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.errors import ErrorCode, ErrorInfo
from engine.events import (
    EngineEvent,
    GenerationFailed,
    GenerationFinished,
    RestartCause,
)
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.placement import LoadSpec, Placement, Strategy
from engine.session import InferenceSession
from engine.state import SessionState
from tests.engine.session.invariants import check_invariants

if TYPE_CHECKING:
    from tests.engine.listener import Listener

SCHEDULES = 240
SPECS = (
    LoadSpec(main_path="/models/a"),
    LoadSpec(main_path="/models/b", strategy=Strategy.PROMPT_LOOKUP),
    LoadSpec(
        main_path="/models/c",
        draft_path="/models/d",
        strategy=Strategy.DRAFT,
        placement=Placement("CPU", "CPU"),
    ),
)
REQUEST = GenerationRequest(messages=(ChatMessage(Role.USER, "Hello"),))
BUSY = {SessionState.LOADING, SessionState.GENERATING, SessionState.STOPPING}
CODES = (
    ErrorCode.ENGINE_CRASHED,
    ErrorCode.ENGINE_PROTOCOL,
    ErrorCode.RUNTIME_FAILED,
    ErrorCode.PROMPT_TOO_LONG,
    ErrorCode.OUT_OF_MEMORY,
)


def random_error(rng: random.Random, share: float) -> ErrorInfo | None:
    if rng.random() > share:
        return None
    return ErrorInfo(code=rng.choice(CODES), message="injected")


def random_answer(rng: random.Random) -> FakeAnswer:
    runs = [(n := rng.randint(1, 6), " word" * n) for _ in range(rng.randint(0, 8))]
    return FakeAnswer(
        runs=tuple(runs),
        error=random_error(rng, 0.25),
        ignores_stop=rng.random() < 0.1,
        hang_s=rng.choice((0, 0, 0, 0.02)),
    )


def random_options(rng: random.Random) -> FakeOptions:
    return FakeOptions(
        timing=FakeTiming(
            load_phase_s=rng.choice((0, 0.0005, 0.002)),
            prefill_s=rng.choice((0, 0.001)),
            run_s=rng.choice((0, 0.0005)),
        ),
        answers=tuple(random_answer(rng) for _ in range(40)),
        load_errors=tuple(random_error(rng, 0.2) for _ in range(40)),
        device_error=random_error(rng, 0.3),
    )


def act(
    rng: random.Random, session: InferenceSession, backend: FakeBackend, ids: list[int]
) -> None:
    """Do one random thing."""
    match rng.choices(
        ["load", "generate", "stop", "stop_all", "unload", "cancel", "devices", "die", "wait"],
        [4, 8, 5, 1, 1, 1, 1, 1, 6],
    )[0]:
        case "load":
            session.load(rng.choice(SPECS))
        case "generate":
            ids.append(session.generate(REQUEST))
        case "stop" if ids:
            session.request_stop(rng.choice(ids))
        case "stop_all":
            session.stop_all()
        case "unload":
            session.unload()
        case "cancel":
            session.cancel_load()
        case "devices":
            session.list_devices()
        case "die" if session.state is SessionState.READY:
            backend.die(BackendDeath(cause=RestartCause.CRASHED, exit_code=-6, crash_file=None))
        case _:
            time.sleep(rng.choice((0, 0.0005, 0.003)))


@pytest.mark.parametrize("block", range(8))
def test_invariants_hold_under_random_schedules(block: int) -> None:
    for seed in range(block * SCHEDULES // 8, (block + 1) * SCHEDULES // 8):
        run_schedule(seed)


def run_schedule(seed: int) -> None:
    rng = random.Random(seed)
    events: list[EngineEvent] = []
    backend = FakeBackend(random_options(rng))
    session = InferenceSession(backend, events.append, stop_timeout_s=0.01)
    ids: list[int] = []
    for _ in range(40):
        act(rng, session, backend, ids)
    if rng.random() < 0.5:
        settle(session, events, ids)
    assert session.close(), f"seed {seed}"
    check_invariants(events, ids)
    assert session.state is SessionState.IDLE
    assert not backend.is_loaded


def settle(session: InferenceSession, events: list[EngineEvent], ids: list[int]) -> None:
    """Wait until every answer has ended by itself."""
    deadline_s = time.monotonic() + 20
    while time.monotonic() < deadline_s:
        ends = sum(isinstance(e, GenerationFinished | GenerationFailed) for e in list(events))
        if ends == len(ids) and session.state not in BUSY:
            return
        time.sleep(0.002)
    raise AssertionError("the session did not settle")


def test_a_stop_never_gets_lost(listener: Listener) -> None:
    """A stop at a random moment after `generate` always ends an answer that would not end."""
    rng = random.Random(1)
    endless = FakeAnswer(runs=((1, "a"),), hang_s=600)
    backend = FakeBackend(FakeOptions(answers=(endless,) * 60))
    session = InferenceSession(backend, listener)
    session.load(SPECS[2])
    for _ in range(60):
        generation_id = session.generate(REQUEST)
        if rng.random() < 0.7:
            time.sleep(rng.random() * 0.002)
        assert session.request_stop(generation_id)
        assert isinstance(listener.terminal(generation_id), GenerationFinished)
    assert session.close()
