"""What a session does when loads fail, answers fail and the engine dies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from engine.backends.base import BackendDeath, GenerationOutcome, Run
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeAnswer, FakeOptions
from engine.errors import ErrorCode, ErrorInfo
from engine.events import (
    EngineRestarted,
    GenerationFailed,
    GenerationFinished,
    LoadFailed,
    LoadPhaseChanged,
    PipelineLoaded,
    RestartCause,
    StateChanged,
    StatsUpdated,
    TokensStreamed,
)
from engine.messages import GenerationRequest
from engine.restart_policy import RestartBudget, death_of, process_error
from engine.state import SessionState
from engine.stop_token import StopToken
from tests.engine.session.asking import OTHER, REQUEST, SPEC

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.engine.listener import Listener
    from tests.engine.session.conftest import SessionFactory

CRASH = ErrorInfo(
    code=ErrorCode.ENGINE_CRASHED,
    message="The engine process died.",
    facts=(("cause", "killed"), ("exit_code", -9)),
)
CORRUPT = ErrorInfo(code=ErrorCode.MODEL_CORRUPT, message="damaged")
RUNTIME = ErrorInfo(code=ErrorCode.RUNTIME_FAILED, message="check failed")
TOO_LONG = ErrorInfo(code=ErrorCode.PROMPT_TOO_LONG, message="too long")
RUNS = ((1, "Once"), (2, " upon a"))


def failing(error: ErrorInfo, count: int = 1) -> FakeOptions:
    return FakeOptions(answers=(FakeAnswer(runs=RUNS, error=error),) * count)


def test_e1_crash_in_an_answer_keeps_the_text_and_reloads(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(failing(CRASH))
    session.load(SPEC)
    end = listener.terminal(session.generate(REQUEST))
    assert isinstance(end, GenerationFailed)
    assert (end.text, end.error.code) == ("Once upon a", ErrorCode.ENGINE_CRASHED)
    assert end.report is not None
    assert end.report.finish_reason == "interrupted"
    assert end.report.run_lengths == (1, 2)
    listener.wait_for_state(SessionState.READY, 2)
    start = listener.events.index(end)
    tail = [e for e in listener.events[start:] if not isinstance(e, LoadPhaseChanged)]
    restarted = EngineRestarted(cause=RestartCause.KILLED, exit_code=-9, crash_file=None)
    assert tail[1:4] == [
        restarted,
        StateChanged(previous=SessionState.GENERATING, state=SessionState.FAILED),
        StateChanged(previous=SessionState.FAILED, state=SessionState.LOADING),
    ]
    assert isinstance(tail[4], PipelineLoaded)


def test_answers_that_wait_survive_a_crash(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(failing(CRASH))
    session.load(SPEC)
    first, second = session.generate(REQUEST), session.generate(REQUEST)
    assert isinstance(listener.terminal(first), GenerationFailed)
    assert isinstance(listener.terminal(second), GenerationFinished)


def test_only_two_automatic_restarts_in_five_minutes(
    make_session: SessionFactory, listener: Listener
) -> None:
    now_s = [0.0]
    budget = RestartBudget(clock=lambda: now_s[0])
    session = make_session(failing(CRASH, count=5), restart_budget=budget)
    session.load(SPEC)
    for count in (1, 2):
        listener.terminal(session.generate(REQUEST))
        listener.wait_for(PipelineLoaded, count + 1)
    listener.terminal(session.generate(REQUEST))
    failed = listener.wait_for(LoadFailed)
    assert (failed.spec, failed.error.code) == (SPEC, ErrorCode.ENGINE_CRASHED)
    assert session.state is SessionState.FAILED
    assert len(listener.of(EngineRestarted)) == 3
    end = listener.terminal(session.generate(REQUEST))
    assert isinstance(end, GenerationFailed)
    assert end.error.code is ErrorCode.NOT_LOADED

    session.load(SPEC)
    listener.wait_for(PipelineLoaded, 4)
    now_s[0] = 301.0
    listener.terminal(session.generate(REQUEST))
    listener.wait_for(PipelineLoaded, 5)


def test_runtime_error_of_a_draft_pipeline_rebuilds_it(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(failing(RUNTIME))
    session.load(SPEC)
    end = listener.terminal(session.generate(REQUEST))
    assert isinstance(end, GenerationFailed)
    listener.wait_for(PipelineLoaded, 2)
    assert listener.of(EngineRestarted) == []


def test_recoverable_error_keeps_the_pipeline(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(failing(TOO_LONG))
    session.load(SPEC)
    listener.terminal(session.generate(REQUEST))
    assert isinstance(listener.terminal(session.generate(REQUEST)), GenerationFinished)
    assert SessionState.FAILED not in listener.states()
    assert len(listener.of(PipelineLoaded)) == 1


def test_failed_load_returns_to_the_last_good_pipeline(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(load_errors=(None, CORRUPT)))
    session.load(SPEC)
    listener.wait_for(PipelineLoaded)
    session.load(OTHER)
    assert listener.wait_for(PipelineLoaded, 2).pipeline.spec == SPEC
    failed = listener.wait_for(LoadFailed)
    assert (failed.spec, failed.error.code) == (OTHER, ErrorCode.MODEL_CORRUPT)
    assert listener.states()[-4:] == [
        SessionState.LOADING,
        SessionState.FAILED,
        SessionState.LOADING,
        SessionState.READY,
    ]


def test_failed_first_load_stays_failed(make_session: SessionFactory, listener: Listener) -> None:
    session = make_session(FakeOptions(load_errors=(CORRUPT,)))
    session.load(SPEC)
    listener.wait_for_state(SessionState.FAILED)
    session.load(SPEC)
    listener.wait_for_state(SessionState.READY)


def test_last_good_pipeline_that_got_damaged_is_not_tried_again(
    make_session: SessionFactory, listener: Listener
) -> None:
    backend = FakeBackend(FakeOptions(load_errors=(None, CORRUPT)))
    session = make_session(backend=backend)
    session.load(SPEC)
    listener.wait_for_state(SessionState.READY)
    session.load(SPEC)
    listener.wait_for_state(SessionState.FAILED)
    session.list_devices()
    assert backend.load_count == 2


def test_e1_crash_in_a_load_returns_to_the_last_good_pipeline(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(load_errors=(None, CRASH)))
    session.load(SPEC)
    listener.wait_for(PipelineLoaded)
    session.load(OTHER)
    assert listener.wait_for(PipelineLoaded, 2).pipeline.spec == SPEC
    assert listener.wait_for(LoadFailed).spec == OTHER
    assert listener.wait_for(EngineRestarted).exit_code == -9


def test_e1_reload_that_crashes_again_does_not_loop(
    make_session: SessionFactory, listener: Listener
) -> None:
    backend = FakeBackend(FakeOptions(load_errors=(None, *(CRASH,) * 20)))
    session = make_session(backend=backend)
    session.load(SPEC)
    listener.wait_for(PipelineLoaded)
    backend.die(BackendDeath(cause=RestartCause.CRASHED, exit_code=-11, crash_file="c.txt"))
    listener.wait_until(lambda: listener.states().count(SessionState.FAILED) == 3)
    listener.wait_for(LoadFailed, 3)
    assert session.state is SessionState.FAILED
    assert backend.load_count == 3


def test_idle_death_is_noticed(make_session: SessionFactory, listener: Listener) -> None:
    backend = FakeBackend()
    session = make_session(backend=backend)
    session.load(SPEC)
    listener.wait_for_state(SessionState.READY)
    backend.die(BackendDeath(cause=RestartCause.CRASHED, exit_code=-11, crash_file="c.txt"))
    listener.wait_for(PipelineLoaded, 2)
    assert listener.wait_for(EngineRestarted) == EngineRestarted(
        cause=RestartCause.CRASHED, exit_code=-11, crash_file="c.txt"
    )
    assert listener.states()[:4] == [
        SessionState.LOADING,
        SessionState.READY,
        SessionState.FAILED,
        SessionState.LOADING,
    ]


def test_idle_death_with_nothing_loaded_changes_no_state(
    make_session: SessionFactory, listener: Listener
) -> None:
    backend = FakeBackend()
    make_session(backend=backend)
    backend.die(BackendDeath(cause=RestartCause.CRASHED, exit_code=1, crash_file=None))
    listener.wait_for(EngineRestarted)
    assert listener.states() == []


class Unruly(FakeBackend):
    """Raises what no backend may raise."""

    def generate(
        self, request: GenerationRequest, *, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        raise ZeroDivisionError("unruly")


def test_unexpected_exception_does_not_end_the_worker(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(backend=Unruly())
    session.load(SPEC)
    for _ in range(2):
        end = listener.terminal(session.generate(REQUEST))
        assert isinstance(end, GenerationFailed)
        assert end.error.code is ErrorCode.INTERNAL
        assert "ZeroDivisionError" in end.error.details


def test_a_failed_answer_without_text_has_no_report(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(answers=(FakeAnswer(error=RUNTIME),)))
    session.load(SPEC)
    end = listener.terminal(session.generate(REQUEST))
    assert isinstance(end, GenerationFailed)
    assert end.report is None
    assert not listener.of(TokensStreamed)
    assert not listener.of(StatsUpdated)


@pytest.mark.parametrize("exit_code", [None, -11, 3])
@pytest.mark.parametrize("crash_file", [None, "crash.txt"])
def test_a_death_survives_its_error(exit_code: int | None, crash_file: str | None) -> None:
    death = BackendDeath(cause=RestartCause.KILLED, exit_code=exit_code, crash_file=crash_file)
    assert death_of(process_error(death, "died", code=ErrorCode.ENGINE_CRASHED)) == death
