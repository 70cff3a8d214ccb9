"""The session and a real child together: what a user sees when the engine is killed."""

from __future__ import annotations

import os
import random
import signal
import time
from contextlib import suppress
from typing import TYPE_CHECKING, TypeVar

import pytest

from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.events import (
    DevicesListed,
    EngineEvent,
    EngineRestarted,
    FinishReason,
    GenerationFailed,
    GenerationFinished,
    LoadFailed,
    PipelineLoaded,
    RestartCause,
    TokensStreamed,
)
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.placement import LoadSpec
from engine.restart_policy import RestartBudget
from engine.session import InferenceSession
from engine.state import SessionState
from tests.engine.session.invariants import check_invariants

if TYPE_CHECKING:
    from engine.backends.process_backend import ProcessBackend
    from tests.engine.process.conftest import BackendFactory

E = TypeVar("E", bound=EngineEvent)
SPEC = LoadSpec(main_path="/models/main")
REQUEST = GenerationRequest(messages=(ChatMessage(Role.USER, "Tell me a story."),))
RUNS = ((1, "Once"), (3, " upon a time"))
HANGING = FakeAnswer(runs=RUNS, hang_s=600)
STUBBORN = FakeAnswer(runs=RUNS, hang_s=600, ignores_stop=True)


def wait_for(events: list[EngineEvent], kind: type[E], count: int = 1) -> E:
    deadline_s = time.monotonic() + 20
    while True:
        found = [event for event in list(events) if isinstance(event, kind)]
        if len(found) >= count:
            return found[count - 1]
        assert time.monotonic() < deadline_s, events
        time.sleep(0.005)


def kill(backend: ProcessBackend) -> None:
    pid = backend.pid
    if pid is None:
        raise ProcessLookupError
    os.kill(pid, signal.SIGKILL)


def test_e1_engine_killed_in_mid_answer_comes_back_by_itself(make_backend: BackendFactory) -> None:
    events: list[EngineEvent] = []
    backend = make_backend(FakeOptions(answers=(HANGING,)))
    session = InferenceSession(backend, events.append)
    session.load(SPEC)
    session.generate(REQUEST)
    wait_for(events, TokensStreamed, 2)
    kill(backend)
    failed = wait_for(events, GenerationFailed)
    assert failed.text == "Once upon a time"
    assert failed.report is not None
    restarted = wait_for(events, EngineRestarted)
    assert (restarted.cause, restarted.exit_code) == (RestartCause.KILLED, -signal.SIGKILL)
    wait_for(events, PipelineLoaded, 2)
    assert session.close()


def test_e4_a_pipeline_lost_to_a_device_list_comes_back(make_backend: BackendFactory) -> None:
    events: list[EngineEvent] = []
    session = InferenceSession(make_backend(FakeOptions(dies_of_properties=True)), events.append)
    session.load(SPEC)
    wait_for(events, PipelineLoaded)
    session.list_devices()
    listed = wait_for(events, DevicesListed)
    assert listed.error is None
    assert len(listed.devices) == 3
    wait_for(events, PipelineLoaded, 2)
    assert session.close(5.0)


def test_e1_idle_engine_killed_three_times_is_not_brought_back_for_ever(
    make_backend: BackendFactory,
) -> None:
    events: list[EngineEvent] = []
    backend = make_backend()
    session = InferenceSession(backend, events.append)
    session.load(SPEC)
    for count in (1, 2, 3):
        wait_for(events, PipelineLoaded, count)
        kill(backend)
        wait_for(events, EngineRestarted, count)
    wait_for(events, LoadFailed)
    assert session.state is SessionState.FAILED
    session.load(SPEC)
    wait_for(events, PipelineLoaded, 4)
    assert session.close()


def test_e10_stop_that_is_not_heeded_kills_the_child_and_keeps_the_text(
    make_backend: BackendFactory,
) -> None:
    events: list[EngineEvent] = []
    backend = make_backend(FakeOptions(answers=(STUBBORN,)))
    session = InferenceSession(backend, events.append, stop_timeout_s=0.1)
    session.load(SPEC)
    generation_id = session.generate(REQUEST)
    wait_for(events, TokensStreamed, 2)
    first = backend.pid
    session.request_stop(generation_id)
    finished = wait_for(events, GenerationFinished)
    assert (finished.finish_reason, finished.text) == (FinishReason.STOPPED, "Once upon a time")
    assert wait_for(events, EngineRestarted).cause is RestartCause.UNRESPONSIVE
    wait_for(events, PipelineLoaded, 2)
    assert backend.pid != first
    assert session.close()


def test_a_load_given_up_for_another_leaves_no_notice(make_backend: BackendFactory) -> None:
    events: list[EngineEvent] = []
    backend = make_backend(FakeOptions())
    session = InferenceSession(backend, events.append)
    for number in range(5):
        session.load(LoadSpec(main_path=f"/models/{number}"))
        time.sleep(0.02)
    deadline_s = time.monotonic() + 20
    while session.state is not SessionState.READY or names(events)[-1:] != ["4"]:
        assert time.monotonic() < deadline_s, events
        time.sleep(0.005)
    assert not [event for event in events if isinstance(event, EngineRestarted)]
    assert session.close()


def names(events: list[EngineEvent]) -> list[str]:
    return [event.pipeline.main_name for event in list(events) if isinstance(event, PipelineLoaded)]


@pytest.mark.parametrize("seed", range(12))
def test_invariants_hold_while_the_child_is_killed_at_random(
    make_backend: BackendFactory, seed: int
) -> None:
    rng = random.Random(seed)
    events: list[EngineEvent] = []
    timing = FakeTiming(load_phase_s=0.005, prefill_s=0.005, run_s=0.001, unload_s=0.005)
    backend = make_backend(FakeOptions(timing=timing, seed=seed))
    session = InferenceSession(backend, events.append, restart_budget=RestartBudget(limit=99))
    ids: list[int] = []
    for _ in range(25):
        act(rng, session, backend, ids)
    assert session.close()
    check_invariants(events, ids)
    assert not backend.is_loaded


def act(
    rng: random.Random, session: InferenceSession, backend: ProcessBackend, ids: list[int]
) -> None:
    """Do one random thing."""
    match rng.choices(["load", "generate", "stop", "unload", "kill", "wait"], [3, 6, 3, 1, 3, 8])[
        0
    ]:
        case "load":
            session.load(SPEC)
        case "generate":
            ids.append(session.generate(REQUEST))
        case "stop" if ids:
            session.request_stop(rng.choice(ids))
        case "unload":
            session.unload()
        case "kill" if backend.pid is not None:
            with suppress(ProcessLookupError):
                kill(backend)
        case _:
            time.sleep(rng.random() * 0.05)
