"""A child that dies, hangs or speaks nonsense at every point: typed error, text kept."""

from __future__ import annotations

import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from engine.backends.base import BackendDeath, Run
from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.backends.process_backend import ProcessBackend
from engine.errors import (
    Cancelled,
    EngineError,
    EngineProcessError,
    ErrorCode,
    ErrorInfo,
    LoadError,
)
from engine.events import FinishReason, LoadPhase, RestartCause
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.placement import LoadSpec
from engine.stop_token import StopToken

if TYPE_CHECKING:
    from tests.engine.process.conftest import BackendFactory

SPEC = LoadSpec(main_path="/models/main")
REQUEST = GenerationRequest(messages=(ChatMessage(Role.USER, "Tell me a story."),))
ENDLESS = FakeAnswer(runs=((1, "Once"), (3, " upon a time")), hang_s=600)
SIGNALS = [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT]


def ignore_phase(_: LoadPhase) -> None:
    """Phases are of no interest."""


def ignore_run(_: Run) -> None:
    """Runs are of no interest."""


def loaded(backend: ProcessBackend) -> ProcessBackend:
    backend.load(SPEC, on_phase=ignore_phase)
    return backend


def pid_of(backend: ProcessBackend) -> int:
    pid = backend.pid
    assert pid is not None
    return pid


def check_crash(error: EngineError, sent: signal.Signals) -> None:
    facts = dict(error.facts)
    assert error.code is ErrorCode.ENGINE_CRASHED
    assert facts["exit_code"] == -sent
    if sent is signal.SIGKILL:
        assert facts["cause"] == RestartCause.KILLED
    else:
        trace = Path(str(facts["crash_file"])).read_text(encoding="utf-8")
        assert "Fatal Python error" in trace


@pytest.mark.parametrize("sent", SIGNALS)
def test_e1_child_dies_in_load(make_backend: BackendFactory, sent: signal.Signals) -> None:
    backend = make_backend(FakeOptions(timing=FakeTiming(load_phase_s=60)))

    def on_phase(phase: LoadPhase) -> None:
        if phase is LoadPhase.CHECKING:
            os.kill(pid_of(backend), sent)

    with pytest.raises(EngineProcessError) as caught:
        backend.load(SPEC, on_phase=on_phase)
    check_crash(caught.value, sent)
    assert not backend.is_loaded


@pytest.mark.parametrize("sent", SIGNALS)
def test_e1_child_dies_before_the_first_token(
    make_backend: BackendFactory, sent: signal.Signals
) -> None:
    backend = loaded(make_backend(FakeOptions(timing=FakeTiming(prefill_s=60))))
    timer = threading.Timer(0.1, os.kill, [pid_of(backend), sent])
    timer.start()
    with pytest.raises(EngineProcessError) as caught:
        backend.generate(REQUEST, on_run=ignore_run, stop=StopToken())
    timer.join()
    check_crash(caught.value, sent)


@pytest.mark.parametrize("sent", SIGNALS)
def test_e1_child_dies_in_mid_answer_and_every_run_is_kept(
    make_backend: BackendFactory, sent: signal.Signals
) -> None:
    runs = tuple((2, f" word{number}") for number in range(200))
    backend = loaded(make_backend(FakeOptions(answers=(FakeAnswer(runs=runs, hang_s=600),))))
    texts: list[str] = []

    def on_run(run: Run) -> None:
        texts.append(run.text)
        if len(texts) == 1:
            # All 200 are on their way by the time the child is killed: none may be lost.
            threading.Timer(0.5, os.kill, [pid_of(backend), sent]).start()

    with pytest.raises(EngineProcessError) as caught:
        backend.generate(REQUEST, on_run=on_run, stop=StopToken())
    check_crash(caught.value, sent)
    assert texts == [text for _, text in runs]
    assert not backend.is_loaded
    backend.load(SPEC, on_phase=ignore_phase)
    assert backend.is_loaded, "the next load gets a fresh child"


@pytest.mark.parametrize("sent", SIGNALS)
def test_e1_child_dies_in_unload(make_backend: BackendFactory, sent: signal.Signals) -> None:
    backend = loaded(make_backend(FakeOptions(timing=FakeTiming(unload_s=60))))
    timer = threading.Timer(0.1, os.kill, [pid_of(backend), sent])
    timer.start()
    with pytest.raises(EngineProcessError) as caught:
        backend.unload()
    timer.join()
    check_crash(caught.value, sent)
    assert not backend.is_loaded


@pytest.mark.parametrize("sent", SIGNALS)
def test_e1_idle_child_dies_and_is_told_once(
    make_backend: BackendFactory, sent: signal.Signals
) -> None:
    backend = loaded(make_backend())
    deaths: list[BackendDeath] = []
    is_told = threading.Event()

    def on_death(death: BackendDeath) -> None:
        deaths.append(death)
        is_told.set()

    backend.on_death = on_death
    os.kill(pid_of(backend), sent)
    assert is_told.wait(10)
    assert [death.exit_code for death in deaths] == [-sent]
    assert not backend.is_loaded
    assert loaded(backend).is_loaded
    assert len(deaths) == 1


def test_e4_device_list_that_hangs_is_given_up(make_backend: BackendFactory) -> None:
    backend = make_backend(FakeOptions(timing=FakeTiming(devices_s=60)), devices_timeout_s=0.3)
    with pytest.raises(EngineProcessError) as caught:
        backend.devices()
    assert caught.value.code is ErrorCode.ENGINE_UNRESPONSIVE


def test_e4_a_driver_that_does_not_survive_the_questions_keeps_its_devices(
    make_backend: BackendFactory,
) -> None:
    backend = loaded(make_backend(FakeOptions(dies_of_properties=True)))
    devices = backend.devices()
    assert [device.name for device in devices] == ["CPU", "GPU", "NPU"]
    assert not any(device.properties for device in devices)
    assert not backend.is_loaded, "the pipeline went with the first try"


def test_e6_load_that_hangs_is_cancelled_at_once(make_backend: BackendFactory) -> None:
    backend = make_backend(FakeOptions(timing=FakeTiming(load_phase_s=600)))

    def on_phase(phase: LoadPhase) -> None:
        if phase is LoadPhase.COMPILING_MAIN or phase is LoadPhase.CHECKING:
            backend.cancel()

    with pytest.raises(Cancelled):
        backend.load(SPEC, on_phase=on_phase)


def test_e6_cancel_before_the_child_is_made_is_not_lost(make_backend: BackendFactory) -> None:
    backend = make_backend(FakeOptions(timing=FakeTiming(load_phase_s=600)))
    with pytest.raises(Cancelled):
        backend.load(SPEC, on_phase=lambda _: backend.cancel())
    assert backend.pid is None


def test_e6_load_has_a_time_limit(make_backend: BackendFactory) -> None:
    backend = make_backend(
        FakeOptions(timing=FakeTiming(load_phase_s=600)), load_timeout_s=0.5, ping_period_s=0.02
    )
    with pytest.raises(LoadError) as caught:
        backend.load(SPEC, on_phase=ignore_phase)
    assert caught.value.code is ErrorCode.LOAD_TIMED_OUT


def test_cancel_without_a_call_does_nothing(make_backend: BackendFactory) -> None:
    backend = loaded(make_backend())
    pid = backend.pid
    backend.cancel()
    backend.generate(REQUEST, on_run=ignore_run, stop=StopToken())
    assert backend.pid == pid


def test_hung_child_is_noticed_while_idle_and_while_it_answers(
    make_backend: BackendFactory,
) -> None:
    backend = loaded(make_backend(ping_period_s=0.05))
    is_told = threading.Event()
    deaths: list[BackendDeath] = []

    def on_death(death: BackendDeath) -> None:
        deaths.append(death)
        is_told.set()

    backend.on_death = on_death
    os.kill(pid_of(backend), signal.SIGSTOP)
    assert is_told.wait(10)
    assert deaths[0].cause is RestartCause.UNRESPONSIVE

    loaded(backend)
    os.kill(pid_of(backend), signal.SIGSTOP)
    with pytest.raises(EngineProcessError) as caught:
        backend.generate(REQUEST, on_run=ignore_run, stop=StopToken())
    assert caught.value.code is ErrorCode.ENGINE_UNRESPONSIVE


def test_pings_are_answered_during_a_long_answer(make_backend: BackendFactory) -> None:
    backend = loaded(make_backend(FakeOptions(answers=(ENDLESS,)), ping_period_s=0.05))
    stop = StopToken()
    timer = threading.Timer(1.0, stop.set)
    timer.start()
    outcome = backend.generate(REQUEST, on_run=ignore_run, stop=stop)
    timer.join()
    assert outcome.finish_reason is FinishReason.STOPPED


GREETING = (
    "import sys,struct,json;w=sys.stdout.buffer;"
    "b=json.dumps({'k':'hello','version':1}).encode();w.write(struct.pack('>I',len(b))+b);"
)
GARBAGE = {
    "text instead of a frame": "print('Loading libraries...', flush=True)",
    "huge frame": "w.write(b'\\xff'*64);w.flush()",
    "half a frame": "w.write(struct.pack('>I',100)+b'{');w.flush()",
    "bad JSON": "w.write(struct.pack('>I',3)+b'{,}');w.flush()",
    "a request": "b=b'{\"k\":\"close\"}';w.write(struct.pack('>I',len(b))+b);w.flush()",
}


@pytest.mark.parametrize("greeted", [True, False])
@pytest.mark.parametrize("garbage", GARBAGE)
def test_e12_garbage_on_stdout_is_a_protocol_error(
    make_backend: BackendFactory, garbage: str, greeted: bool
) -> None:
    start = GREETING if greeted else "import sys,struct;w=sys.stdout.buffer;"
    tail = "" if garbage == "half a frame" else ";import time;time.sleep(600)"
    backend = make_backend(command=[sys.executable, "-c", start + GARBAGE[garbage] + tail])
    with pytest.raises(EngineProcessError) as caught:
        backend.load(SPEC, on_phase=ignore_phase)
    assert caught.value.code is ErrorCode.ENGINE_PROTOCOL
    assert dict(caught.value.facts)["cause"] == RestartCause.PROTOCOL
    assert not backend.is_loaded


def test_e12_other_protocol_version_is_refused(make_backend: BackendFactory) -> None:
    script = GREETING.replace("'version':1", "'version':2") + "w.flush();sys.stdin.read()"
    backend = make_backend(command=[sys.executable, "-c", script])
    with pytest.raises(EngineProcessError) as caught:
        backend.devices()
    assert caught.value.code is ErrorCode.ENGINE_PROTOCOL


@pytest.mark.parametrize(
    "command", [["/no/such/program"], [sys.executable, "-c", "import sys; sys.exit(3)"]]
)
def test_a_child_that_never_starts_is_told_so(
    make_backend: BackendFactory, command: list[str]
) -> None:
    with pytest.raises(EngineProcessError) as caught:
        make_backend(command=command).devices()
    assert caught.value.code is ErrorCode.ENGINE_NOT_STARTED


def test_e5_failed_answer_that_loses_the_pipeline_gets_a_fresh_child(
    make_backend: BackendFactory,
) -> None:
    error = ErrorInfo(code=ErrorCode.ENGINE_CRASHED, message="CL_OUT_OF_RESOURCES")
    backend = loaded(make_backend(FakeOptions(answers=(FakeAnswer(error=error),))))
    first = backend.pid
    deaths: list[BackendDeath] = []
    backend.on_death = deaths.append
    with pytest.raises(EngineError):
        backend.generate(REQUEST, on_run=ignore_run, stop=StopToken())
    assert loaded(backend).pid != first
    backend.close()
    assert deaths == [], "an end on purpose is no death"


def test_recoverable_error_keeps_the_child(make_backend: BackendFactory) -> None:
    error = ErrorInfo(
        code=ErrorCode.PROMPT_TOO_LONG, message="too long", facts=(("limit", 7),), details="trace"
    )
    backend = loaded(make_backend(FakeOptions(answers=(FakeAnswer(error=error),))))
    first = backend.pid
    with pytest.raises(EngineError) as caught:
        backend.generate(REQUEST, on_run=ignore_run, stop=StopToken())
    assert (caught.value.code, caught.value.facts) == (error.code, error.facts)
    assert "trace" not in str(caught.value)
    assert backend.is_loaded
    assert backend.pid == first


def test_a_callback_that_raises_stops_the_answer_and_the_child_lives(
    make_backend: BackendFactory,
) -> None:
    backend = loaded(make_backend(FakeOptions(answers=(ENDLESS,))))
    pid = backend.pid

    def on_run(_: Run) -> None:
        raise ZeroDivisionError("callback")

    with pytest.raises(EngineError, match="ZeroDivisionError"):
        backend.generate(REQUEST, on_run=on_run, stop=StopToken())
    backend.generate(REQUEST, on_run=ignore_run, stop=StopToken())
    assert backend.pid == pid


def test_close_in_the_middle_of_an_answer_ends_the_call(make_backend: BackendFactory) -> None:
    backend = loaded(make_backend(FakeOptions(answers=(ENDLESS,))))
    closer = threading.Timer(0.1, backend.close)
    closer.start()
    with pytest.raises(Cancelled):
        backend.generate(REQUEST, on_run=ignore_run, stop=StopToken())
    closer.join()
    with pytest.raises(EngineProcessError) as caught:
        backend.devices()
    assert caught.value.code is ErrorCode.ENGINE_NOT_STARTED


def test_start_makes_the_child_the_first_call_uses(make_backend: BackendFactory) -> None:
    backend = make_backend()
    assert backend.pid is None
    backend.start()
    pid = backend.pid
    loaded(backend)
    assert backend.pid == pid


def test_what_the_child_prints_goes_to_a_log_of_limited_size(
    make_backend: BackendFactory, tmp_path: Path
) -> None:
    script = "import sys\nfor n in range(100000): print(f'{n:06d}', 'x' * 60, file=sys.stderr)"
    backend = make_backend(command=[sys.executable, "-c", script])
    with pytest.raises(EngineProcessError):
        backend.devices()
    files = sorted((tmp_path / "logs").glob("engine.log*"))
    assert len(files) == 5
    assert max(path.stat().st_size for path in files) <= 1024 * 1024
    assert "099999" in files[0].read_text(encoding="utf-8")


def test_only_the_newest_crash_files_are_kept(make_backend: BackendFactory, tmp_path: Path) -> None:
    for _ in range(7):
        backend = loaded(make_backend())
        is_told = threading.Event()
        backend.on_death = lambda _, told=is_told: told.set()
        os.kill(pid_of(backend), signal.SIGSEGV)
        assert is_told.wait(10)
    assert 1 <= len(list((tmp_path / "logs").glob("engine-crash-*.txt"))) <= 5
