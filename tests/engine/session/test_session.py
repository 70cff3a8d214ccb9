"""Loads, answers and stops of a session, one at a time."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.errors import EngineProcessError, ErrorCode, ErrorInfo
from engine.events import (
    DevicesListed,
    EngineEvent,
    EngineRestarted,
    FinishReason,
    GenerationFailed,
    GenerationFinished,
    GenerationStarted,
    LoadFailed,
    LoadPhaseChanged,
    PipelineLoaded,
    RestartCause,
    StateChanged,
    StatsUpdated,
    TokensStreamed,
)
from engine.placement import LoadSpec
from engine.state import SessionState
from tests.engine.session.asking import OTHER, REQUEST, SPEC

if TYPE_CHECKING:
    from collections.abc import Callable

    from engine.events import LoadedPipeline, LoadPhase
    from tests.engine.listener import Listener
    from tests.engine.session.conftest import SessionFactory

SLOW = FakeTiming(load_phase_s=60)
ENDLESS = FakeAnswer(runs=((1, "Once"), (3, " upon a time")), hang_s=600)


def test_an_answer_goes_through_the_states_in_order(
    make_session: SessionFactory, listener: Listener
) -> None:
    runs = ((1, "A"), (3, " dog ran home"), (1, "."))
    session = make_session(FakeOptions(answers=(FakeAnswer(runs=runs),)))
    session.load(SPEC)
    generation_id = session.generate(REQUEST)
    listener.wait_for_state(SessionState.READY, 2)

    kinds = [type(event) for event in listener.events if not isinstance(event, LoadPhaseChanged)]
    tail: list[type[EngineEvent]] = [GenerationFinished, StateChanged]
    assert kinds[:5] == [
        StateChanged,
        PipelineLoaded,
        StateChanged,
        StateChanged,
        GenerationStarted,
    ]
    assert kinds[-2:] == tail
    assert kinds.count(TokensStreamed) == 3
    assert listener.states() == [
        SessionState.LOADING,
        SessionState.READY,
        SessionState.GENERATING,
        SessionState.READY,
    ]
    end = listener.terminal(generation_id)
    assert isinstance(end, GenerationFinished)
    assert end.text == "A dog ran home."
    assert end.report.run_lengths == (1, 3, 1)
    assert (end.report.main_name, end.report.draft_name) == ("main", "draft")
    assert end.report.token_count == 5


def test_figures_held_back_are_told_before_the_end(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(answers=(FakeAnswer(runs=((1, "a"), (4, "b"))),)))
    session.load(SPEC)
    listener.terminal(session.generate(REQUEST))
    assert listener.of(StatsUpdated)[-1].stats.token_count == 5


def test_generate_without_a_model_fails_by_event(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session()
    end = listener.terminal(session.generate(REQUEST))
    assert isinstance(end, GenerationFailed)
    assert end.error.code is ErrorCode.NOT_LOADED
    assert listener.states() == []


def test_an_answer_asked_for_during_a_load_waits_for_it(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(timing=FakeTiming(load_phase_s=0.02)))
    session.load(SPEC)
    listener.wait_for_state(SessionState.LOADING)
    assert isinstance(listener.terminal(session.generate(REQUEST)), GenerationFinished)


def test_stop_before_the_start_ends_the_answer_at_once(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(timing=SLOW))
    session.load(SPEC)
    listener.wait_for_state(SessionState.LOADING)
    generation_id = session.generate(REQUEST)
    assert session.request_stop(generation_id)
    end = listener.terminal(generation_id)
    assert isinstance(end, GenerationFinished)
    assert (end.finish_reason, end.text) == (FinishReason.STOPPED, "")
    assert not session.request_stop(generation_id)
    assert session.state is SessionState.LOADING


def test_stop_keeps_what_was_streamed(make_session: SessionFactory, listener: Listener) -> None:
    session = make_session(FakeOptions(answers=(ENDLESS,)))
    session.load(SPEC)
    generation_id = session.generate(REQUEST)
    listener.wait_for(TokensStreamed, 2)
    assert session.request_stop(generation_id)
    assert not session.request_stop(generation_id), "a second stop changes nothing"
    end = listener.terminal(generation_id)
    assert isinstance(end, GenerationFinished)
    assert (end.finish_reason, end.text) == (FinishReason.STOPPED, "Once upon a time")
    listener.wait_for_state(SessionState.READY, 2)
    assert listener.states()[-3:] == [
        SessionState.GENERATING,
        SessionState.STOPPING,
        SessionState.READY,
    ]


def test_stop_of_an_unknown_answer_is_refused(make_session: SessionFactory) -> None:
    assert not make_session().request_stop(7)


def test_stop_all_ends_the_running_and_the_waiting(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(answers=(ENDLESS,)))
    session.load(SPEC)
    ids = [session.generate(REQUEST) for _ in range(3)]
    listener.wait_for(TokensStreamed, 2)
    session.stop_all()
    ends = [listener.terminal(generation_id) for generation_id in ids]
    assert [end.text for end in ends] == ["Once upon a time", "", ""]
    assert len(listener.of(GenerationStarted)) == 1


def test_e6_stop_that_is_not_heeded_ends_the_engine_and_keeps_the_text(
    make_session: SessionFactory, listener: Listener
) -> None:
    stubborn = FakeAnswer(runs=ENDLESS.runs, hang_s=600, ignores_stop=True)
    session = make_session(FakeOptions(answers=(stubborn,)), stop_timeout_s=0.05)
    session.load(SPEC)
    generation_id = session.generate(REQUEST)
    listener.wait_for(TokensStreamed, 2)
    session.request_stop(generation_id)
    end = listener.terminal(generation_id)
    assert isinstance(end, GenerationFinished)
    assert (end.finish_reason, end.text) == (FinishReason.STOPPED, "Once upon a time")
    assert listener.wait_for(EngineRestarted).cause is RestartCause.UNRESPONSIVE
    listener.wait_for(PipelineLoaded, 2)
    assert isinstance(listener.terminal(session.generate(REQUEST)), GenerationFinished)


def test_of_several_quick_loads_only_the_last_matters(
    make_session: SessionFactory, listener: Listener
) -> None:
    backend = FakeBackend(FakeOptions(timing=FakeTiming(load_phase_s=0.05)))
    session = make_session(backend=backend)
    for number in range(4):
        session.load(LoadSpec(main_path=f"/models/{number}"))
    listener.wait_for_state(SessionState.READY)
    assert [event.pipeline.main_name for event in listener.of(PipelineLoaded)] == ["3"]
    assert backend.load_count <= 2


def test_a_newer_load_gives_up_the_one_in_progress(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(backend=SlowFirst())
    session.load(SPEC)
    listener.wait_for(LoadPhaseChanged)
    session.load(OTHER)
    assert listener.wait_for(PipelineLoaded).pipeline.spec == OTHER
    given_up = listener.wait_for(LoadFailed)
    assert given_up.spec == SPEC
    assert given_up.error.is_cancellation


class SlowFirst(FakeBackend):
    """Takes a minute for its first load."""

    def _pause(self, seconds: float) -> None:
        super()._pause(60.0 if self.load_count == 1 else seconds)


class CancelledEarly(FakeBackend):
    """Has its load given up before it is in it."""

    def __init__(self) -> None:
        super().__init__(FakeOptions(timing=SLOW))
        self.cancel_load: Callable[[], bool] = bool

    def load(self, spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        assert self.cancel_load()
        return super().load(spec, on_phase=on_phase)


def test_a_load_given_up_before_the_backend_is_in_it(
    make_session: SessionFactory, listener: Listener
) -> None:
    backend = CancelledEarly()
    session = make_session(backend=backend)
    backend.cancel_load = session.cancel_load
    session.load(SPEC)
    assert listener.wait_for(LoadFailed).error.is_cancellation
    listener.wait_for_state(SessionState.IDLE)


def test_a_stop_between_queue_and_start_is_not_lost(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(answers=(ENDLESS,)))
    session.load(SPEC)
    listener.wait_for_state(SessionState.READY)
    with session._announcer.lock:
        generation_id = session.generate(REQUEST)
        # The worker takes the answer out of the queue and then waits for the lock held here.
        while session._inbox._answers:
            time.sleep(0.001)
        assert session.request_stop(generation_id)
    assert isinstance(listener.terminal(generation_id), GenerationFinished)
    assert listener.of(GenerationStarted) == []
    assert session.state is SessionState.READY


def test_an_answer_waits_for_the_newest_load(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(timing=FakeTiming(load_phase_s=0.05)))
    session.load(SPEC)
    generation_id = session.generate(REQUEST)
    session.load(OTHER)
    end = listener.terminal(generation_id)
    assert isinstance(end, GenerationFinished)
    assert end.report.main_name == "other"


def test_unload_during_a_load_ends_idle(make_session: SessionFactory, listener: Listener) -> None:
    session = make_session(FakeOptions(timing=SLOW))
    session.load(SPEC)
    listener.wait_for(LoadPhaseChanged)
    session.unload()
    listener.wait_for_state(SessionState.IDLE)
    assert listener.wait_for(LoadFailed).error.is_cancellation
    assert listener.of(EngineRestarted) == []


def test_unload_drops_the_pipeline(make_session: SessionFactory, listener: Listener) -> None:
    backend = FakeBackend()
    session = make_session(backend=backend)
    session.load(SPEC)
    listener.wait_for_state(SessionState.READY)
    session.unload()
    listener.wait_for_state(SessionState.IDLE)
    assert not backend.is_loaded
    end = listener.terminal(session.generate(REQUEST))
    assert isinstance(end, GenerationFailed)


def test_cancel_load_returns_to_the_last_good_pipeline(
    make_session: SessionFactory, listener: Listener
) -> None:
    backend = SlowForOther()
    session = make_session(backend=backend)
    assert not session.cancel_load()
    session.load(SPEC)
    listener.wait_for_state(SessionState.READY)
    session.load(OTHER)
    listener.wait_until(lambda: len(listener.of(LoadPhaseChanged)) > 5)
    assert session.cancel_load()
    assert listener.wait_for(LoadFailed).spec == OTHER
    assert listener.wait_for(PipelineLoaded, 2).pipeline.spec == SPEC


class SlowForOther(FakeBackend):
    """Takes a minute for OTHER."""

    def _pause(self, seconds: float) -> None:
        super()._pause(60.0 if self.load_count == 2 else seconds)


def test_devices_are_listed(make_session: SessionFactory, listener: Listener) -> None:
    session = make_session()
    session.list_devices()
    event = listener.wait_for(DevicesListed)
    assert [device.name for device in event.devices] == ["CPU", "GPU", "NPU"]
    assert event.error is None


def test_e4_failed_device_list_still_offers_the_cpu(
    make_session: SessionFactory, listener: Listener
) -> None:
    error = ErrorInfo(code=ErrorCode.ENGINE_CRASHED, message="gone")
    session = make_session(FakeOptions(device_error=error))
    session.load(SPEC)
    listener.wait_for_state(SessionState.READY)
    session.list_devices()
    event = listener.wait_for(DevicesListed)
    assert [device.name for device in event.devices] == ["CPU"]
    assert event.error is not None
    assert event.error.code is ErrorCode.ENGINE_CRASHED
    listener.wait_for(EngineRestarted)
    assert listener.wait_for(PipelineLoaded, 2).pipeline.spec == SPEC


def test_close_ends_a_running_answer_and_a_load(
    make_session: SessionFactory, listener: Listener
) -> None:
    session = make_session(FakeOptions(answers=(ENDLESS,)))
    session.load(SPEC)
    ids = [session.generate(REQUEST), session.generate(REQUEST)]
    listener.wait_for(TokensStreamed, 2)
    assert session.close()
    assert session.close(), "closing twice is allowed"
    assert [listener.terminal(number).text for number in ids] == ["Once upon a time", ""]
    assert session.state is SessionState.IDLE
    with pytest.raises(EngineProcessError) as caught:
        session.generate(REQUEST)
    assert caught.value.code is ErrorCode.ENGINE_NOT_STARTED


def test_close_ends_a_load(make_session: SessionFactory, listener: Listener) -> None:
    session = make_session(FakeOptions(timing=SLOW))
    session.load(SPEC)
    listener.wait_for(LoadPhaseChanged)
    assert session.close()
    assert session.state is SessionState.IDLE


def test_close_ends_an_answer_that_does_not_stop(
    make_session: SessionFactory, listener: Listener
) -> None:
    stubborn = FakeAnswer(runs=ENDLESS.runs, hang_s=600, ignores_stop=True)
    session = make_session(FakeOptions(answers=(stubborn,)), stop_timeout_s=600)
    session.load(SPEC)
    generation_id = session.generate(REQUEST)
    listener.wait_for(TokensStreamed, 2)
    assert session.close(timeout_s=0.05)
    assert listener.terminal(generation_id).text == "Once upon a time"
