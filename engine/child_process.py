"""One life of the engine process: spawn, frames both ways, its end. It knows no calls."""

from __future__ import annotations

import logging
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from engine.backends.base import BackendDeath
from engine.engine_log import EngineLog, keep_if_written
from engine.errors import EngineProcessError, ErrorCode
from engine.events import RestartCause
from engine.huge_pages import with_huge_pages
from engine.process_bonds import JobObject
from engine.process_messages import Hello, Message, Request
from engine.protocol import check_hello, encode, read_message
from engine.restart_policy import process_error

_log = logging.getLogger(__name__)

_SIGKILL_EXIT = -9
_EXIT_WAIT_S = 2.0
_HELPER_JOIN_S = 2.0
_JOB = JobObject()

_CODE_BY_CAUSE = {
    RestartCause.PROTOCOL: ErrorCode.ENGINE_PROTOCOL,
    RestartCause.UNRESPONSIVE: ErrorCode.ENGINE_UNRESPONSIVE,
}


@dataclass(frozen=True, slots=True)
class ChildEnd:
    """How a child ended."""

    death: BackendDeath
    code: ErrorCode
    message: str

    def to_error(self) -> EngineProcessError:
        """The error a call in progress ends with."""
        return process_error(self.death, self.message, code=self.code)


@dataclass(frozen=True, slots=True)
class Process:
    """A spawned process and its pipes."""

    popen: subprocess.Popen[bytes]
    stdin: IO[bytes]
    stdout: IO[bytes]
    stderr: IO[bytes]


class EngineChild:
    """A child process and the thread that made it and reads its frames.

    The reading thread spawns the child and outlives it: on Linux a child can be tied to the
    thread that made it, and any other thread might end early.

    Args:
        command: program and arguments; `--crash-file` is added.
        log: takes its standard error and chooses the crash file.
        on_message: called on the reading thread for every frame after the greeting.
        on_tick: called every `tick_s` seconds, on a thread that does nothing else.
        on_end: called on the reading thread, once, as the last thing.
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        log: EngineLog,
        on_message: Callable[[EngineChild, Message], None],
        on_tick: Callable[[EngineChild], None],
        tick_s: float,
        on_end: Callable[[EngineChild, ChildEnd], None],
    ) -> None:
        self._command = command
        self._log = log
        self._on_message = on_message
        self._on_tick = on_tick
        self._tick_s = tick_s
        self._on_end = on_end
        self._popen: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        self._outbox: queue.SimpleQueue[bytes | None] = queue.SimpleQueue()
        self._kill_cause: RestartCause | None = None
        self._has_greeted = False
        self._is_spawned = threading.Event()
        self.has_ended = threading.Event()
        self._thread = threading.Thread(target=self._live, name="engine-reader", daemon=True)
        self._thread.start()

    @property
    def pid(self) -> int | None:
        """Process id; None when it could not be started."""
        self._is_spawned.wait()
        return self._popen.pid if self._popen else None

    def send(self, message: Request) -> None:
        """Queue one frame. Never blocks; a child that is gone is told by `on_end`, not here.

        Raises:
            EngineProcessError: ENGINE_PROTOCOL, the message does not fit into a frame.
        """
        self._outbox.put(encode(message))

    def kill(self, cause: RestartCause) -> None:
        """End the child by force; `cause` goes into its `ChildEnd`. Never blocks."""
        with self._lock:
            if self._kill_cause is None:
                self._kill_cause = cause
            if self._popen is not None and not self.has_ended.is_set():
                self._popen.kill()

    def close(self, timeout_s: float) -> None:
        """End the child gently: its standard input ends. By force after `timeout_s`."""
        self._outbox.put(None)
        if not self.has_ended.wait(timeout_s):
            self.kill(RestartCause.KILLED)
        self.join()

    def join(self) -> None:
        """Wait for the reading thread; only after `kill` or `close`."""
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _live(self) -> None:
        crash_file = self._log.new_crash_file()
        try:
            process = self._spawn(crash_file)
        except OSError as error:
            self._is_spawned.set()
            self.has_ended.set()
            self._on_end(self, self._describe(None, None, f"cannot be started: {error}"))
            return
        helpers = [
            self._log.follow(process.stderr),
            _start(self._write_frames, process),
            _start(self._tick),
        ]
        problem = ""
        try:
            self._read_frames(process)
        except EngineProcessError as error:
            problem = f"broke the protocol: {error}"
            self.kill(RestartCause.PROTOCOL)
        exit_code = self._reap(process)
        for helper in helpers:
            helper.join(_HELPER_JOIN_S)
        self._on_end(self, self._describe(exit_code, keep_if_written(crash_file), problem))

    def _spawn(self, crash_file: Path) -> Process:
        popen = subprocess.Popen(
            [*self._command, "--crash-file", str(crash_file)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        if sys.platform == "win32":
            _JOB.adopt(int(popen._handle))  # type: ignore[attr-defined]
        with self._lock:
            self._popen = popen
            if self._kill_cause is not None:
                popen.kill()
        self._is_spawned.set()
        assert popen.stdin is not None
        assert popen.stdout is not None
        assert popen.stderr is not None
        return Process(popen, popen.stdin, popen.stdout, popen.stderr)

    def _write_frames(self, process: Process) -> None:
        try:
            with process.stdin as stdin:
                stdin.write(encode(Hello()))
                stdin.flush()
                while (frame := self._outbox.get()) is not None:
                    stdin.write(frame)
                    stdin.flush()
        except OSError:
            _log.info("The engine process takes no more frames.")

    def _tick(self) -> None:
        while not self.has_ended.wait(self._tick_s):
            self._on_tick(self)

    def _read_frames(self, process: Process) -> None:
        read = process.stdout.read
        first = read_message(read)
        if first is None:
            return
        check_hello(first)
        self._has_greeted = True
        while (message := read_message(read)) is not None:
            self._on_message(self, message)

    def _reap(self, process: Process) -> int:
        """Wait for the exit code. A child that closed its output but lives on is ended."""
        try:
            exit_code = process.popen.wait(_EXIT_WAIT_S)
        except subprocess.TimeoutExpired:
            self.kill(RestartCause.PROTOCOL)
            exit_code = process.popen.wait()
        with self._lock:
            self.has_ended.set()
        self._outbox.put(None)
        process.stdout.close()
        return exit_code

    def _describe(self, exit_code: int | None, crash_file: str | None, problem: str) -> ChildEnd:
        was_killed = exit_code == _SIGKILL_EXIT
        cause = self._kill_cause or (RestartCause.KILLED if was_killed else RestartCause.CRASHED)
        code = _CODE_BY_CAUSE.get(cause, ErrorCode.ENGINE_CRASHED)
        if not self._has_greeted and self._kill_cause is None:
            code = ErrorCode.ENGINE_NOT_STARTED
        return ChildEnd(
            BackendDeath(cause=cause, exit_code=exit_code, crash_file=crash_file),
            code,
            f"The engine process {problem or f'ended with exit code {exit_code}'}.",
        )


def _start(target: Callable[..., None], *arguments: object) -> threading.Thread:
    thread = threading.Thread(
        target=target, args=arguments, name=f"engine{target.__name__}", daemon=True
    )
    thread.start()
    return thread


def engine_command() -> list[str]:
    """The command that runs this program as an engine process, frozen or from source."""
    if getattr(sys, "frozen", False):
        return [sys.executable, "--engine"]
    # -P: a file in the current folder must not stand in for one of ours.
    return [sys.executable, "-P", "-m", "engine.host"]


def child_environment() -> dict[str, str]:
    """The environment of the engine process."""
    environment = with_huge_pages(os.environ)
    if getattr(sys, "frozen", False):
        # The frozen program's own library path would be doubled by the child's start-up.
        original = environment.pop("LD_LIBRARY_PATH_ORIG", None)
        environment.pop("LD_LIBRARY_PATH", None)
        if original is not None:
            environment["LD_LIBRARY_PATH"] = original
    else:
        root = str(Path(__file__).resolve().parent.parent)
        inherited = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([root, *([inherited] if inherited else [])])
    return environment
