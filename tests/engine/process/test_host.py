"""The engine process itself: its pipes, its environment, and that it never outlives its parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest

from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.child_process import child_environment, engine_command
from engine.host import EXIT_PROTOCOL
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.placement import LoadSpec
from engine.process_messages import (
    CloseCall,
    DoneTold,
    GenerateCall,
    Hello,
    LoadCall,
    LoadedTold,
    Message,
    PhaseTold,
    Ping,
    Pong,
    Request,
    RunsTold,
    StopCall,
)
from engine.protocol import encode, read_message
from tests.engine.process.conftest import fake_command, is_alive, wait_gone

REQUEST = GenerationRequest(messages=(ChatMessage(Role.USER, "Tell me a story."),))
ENDLESS = FakeAnswer(runs=((1, "Once"),), hang_s=600, ignores_stop=True)
LOAD = LoadCall(call=1, spec=LoadSpec(main_path="/models/main"))


class Talk:
    """The two pipes of a host."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self.process = process
        self.stdin: IO[bytes] = process.stdin
        self.stdout: IO[bytes] = process.stdout

    def say(self, *messages: Request) -> None:
        self.stdin.write(b"".join(encode(message) for message in messages))
        self.stdin.flush()

    def hear(self) -> Message | None:
        return read_message(self.stdout.read)

    def hear_until(self, kind: type[Message]) -> Message:
        while not isinstance(message := self.hear(), kind):
            assert message is not None
        return message


@contextmanager
def talk(options: FakeOptions | None = None) -> Iterator[Talk]:
    process = subprocess.Popen(
        fake_command(options),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=child_environment(),
    )
    with process:
        try:
            host = Talk(process)
            assert isinstance(host.hear(), Hello)
            yield host
        finally:
            process.kill()


def test_ping_and_stop_are_heeded_while_an_answer_runs() -> None:
    answer = FakeAnswer(runs=((1, "Once"),), hang_s=600)
    with talk(FakeOptions(answers=(answer,))) as host:
        host.say(Hello(), LOAD)
        host.hear_until(LoadedTold)
        host.say(GenerateCall(call=2, request=REQUEST))
        host.hear_until(RunsTold)
        host.say(Ping(number=9))
        assert host.hear() == Pong(number=9)
        host.say(StopCall(call=2))
        assert isinstance(host.hear(), DoneTold)


def test_a_stop_right_behind_the_request_is_not_lost() -> None:
    answer = FakeAnswer(runs=((1, "Once"),), hang_s=600)
    with talk(FakeOptions(answers=(answer,), timing=FakeTiming(prefill_s=0.1))) as host:
        host.say(Hello(), LOAD, GenerateCall(call=2, request=REQUEST), StopCall(call=2))
        host.hear_until(DoneTold)


@pytest.mark.parametrize("phase", ["idle", "load", "generate"])
@pytest.mark.parametrize("how", ["end of input", "close"])
def test_e11_host_ends_with_its_input_whatever_it_does(phase: str, how: str) -> None:
    slow = FakeTiming(load_phase_s=600) if phase == "load" else FakeTiming()
    with talk(FakeOptions(answers=(ENDLESS,), timing=slow)) as host:
        host.say(Hello())
        if phase != "idle":
            host.say(LOAD)
            host.hear_until(PhaseTold)
        if phase == "generate":
            host.say(GenerateCall(call=2, request=REQUEST))
            host.hear_until(RunsTold)
        if how == "close":
            host.say(CloseCall())
        else:
            host.stdin.close()
        assert host.process.wait(10) == 0


@pytest.mark.parametrize("garbage", [b"\xff" * 16, encode(Ping(number=1)), encode(Pong(number=1))])
def test_e12_garbage_from_the_parent_ends_the_host(garbage: bytes) -> None:
    with talk() as host:
        host.stdin.write(garbage)
        host.stdin.flush()
        assert host.process.wait(10) == EXIT_PROTOCOL


PARENT = """
import sys, pathlib, time
from engine.backends.process_backend import ProcessBackend
from engine.placement import LoadSpec
from engine.messages import *
from engine.stop_token import StopToken
backend = ProcessBackend(log_dir=pathlib.Path(sys.argv[1]), command=sys.argv[2:])
backend.load(LoadSpec(main_path="m"), on_phase=lambda phase: None)
request = GenerationRequest(messages=(ChatMessage(Role.USER, "x"),))
tell = lambda run: print(backend.pid, flush=True)
backend.generate(request, on_run=tell, stop=StopToken())
"""


def test_e11_parent_killed_in_mid_answer_takes_the_child_with_it(tmp_path: Path) -> None:
    command = [sys.executable, "-c", PARENT, str(tmp_path), *fake_command(answers(ENDLESS))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=child_environment(), text=True
    ) as parent:
        assert parent.stdout is not None
        child = int(parent.stdout.readline())
        assert is_alive(child)
        parent.kill()
        assert wait_gone(child, 3.0)


HELD_OPEN = """
import os, time
if (pid := os.fork()) == 0:
    time.sleep(60)
    os._exit(0)
print(pid, flush=True)
"""


def test_e11_child_goes_even_if_its_input_stays_open(tmp_path: Path) -> None:
    """A copy of the parent holds the pipe: as for a child that cannot look at its input."""
    script = PARENT.replace("request = ", HELD_OPEN + "request = ")
    command = [sys.executable, "-c", script, str(tmp_path), *fake_command(answers(ENDLESS))]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, env=child_environment(), text=True
    ) as parent:
        assert parent.stdout is not None
        holder, child = int(parent.stdout.readline()), int(parent.stdout.readline())
        try:
            parent.kill()
            assert wait_gone(child, 3.0)
        finally:
            os.kill(holder, signal.SIGKILL)


def answers(*scripted: FakeAnswer) -> FakeOptions:
    return FakeOptions(answers=scripted)


NOISY = """
import os, sys
from engine.backends import fake_backend
class Noisy(fake_backend.FakeBackend):
    def load(self, spec, *, on_phase):
        print("printed by Python")
        os.write(1, b"printed by a library\\n")
        assert sys.stdin is None or os.read(0, 10) == b""
        assert "OPENVINO_TOKENIZERS_PATH_GENAI" not in os.environ
        return super().load(spec, on_phase=on_phase)
fake_backend.FakeBackend = Noisy
from engine import host
sys.exit(host.main(["--backend", "fake"]))
"""


def test_what_a_library_prints_cannot_get_into_a_frame() -> None:
    environment = child_environment() | {"OPENVINO_TOKENIZERS_PATH_GENAI": "/evil.so"}
    process = subprocess.Popen(
        [sys.executable, "-c", NOISY],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
    )
    with process:
        host = Talk(process)
        host.say(Hello(), LOAD)
        host.hear_until(LoadedTold)
        host.stdin.close()
        assert process.wait(10) == 0
        assert process.stderr is not None
        noise = process.stderr.read()
    assert b"printed by Python" in noise
    assert b"printed by a library" in noise


def test_the_engine_is_the_first_to_go_when_memory_runs_out() -> None:
    with talk() as host:
        host.say(Hello(), Ping(number=1))
        assert host.hear() == Pong(number=1)
        score = Path(f"/proc/{host.process.pid}/oom_score_adj").read_text(encoding="ascii")
        assert int(score) >= 500


def test_a_file_in_the_current_folder_cannot_stand_in_for_the_engine(tmp_path: Path) -> None:
    (tmp_path / "json.py").write_text("raise SystemExit(99)", encoding="utf-8")
    result = subprocess.run(
        [*engine_command(), "--backend", "fake"],
        cwd=tmp_path,
        env=child_environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=30,
    )
    assert result.returncode == EXIT_PROTOCOL, "no greeting came; but the engine ran"


def test_the_frozen_program_runs_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setenv("LD_LIBRARY_PATH", "/bundle")
    monkeypatch.setenv("LD_LIBRARY_PATH_ORIG", "/usr/local/lib")
    assert engine_command() == [sys.executable, "--engine"]
    environment = child_environment()
    assert environment["LD_LIBRARY_PATH"] == "/usr/local/lib"
    assert "LD_LIBRARY_PATH_ORIG" not in environment
    monkeypatch.delenv("LD_LIBRARY_PATH_ORIG")
    assert "LD_LIBRARY_PATH" not in child_environment()
