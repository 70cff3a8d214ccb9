"""Short-lived processes, made cheap: forks of one that has imported what they need.

A test that kills a process fifty times pays for its imports once. Where the system cannot fork,
each process starts from nothing.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import psutil

ROOT = Path(__file__).resolve().parents[1]
STARTED, ENDED = "nursery: started ", "nursery: ended "
ALONE = "import sys; from tests.nursery import live; live(*sys.argv[1:])"


class Child:
    """A process that runs `main` of the nursery's module; one at a time."""

    def __init__(self, nursery: subprocess.Popen[str]) -> None:
        self._nursery = nursery
        self._code: int | None = None
        pid = int(self._next_line().removeprefix(STARTED))
        self._process: psutil.Process | None = None
        with suppress(psutil.NoSuchProcess):  # it may have ended already
            self._process = psutil.Process(pid)

    @property
    def process(self) -> psutil.Process:
        """Of a child that still runs."""
        assert self._process is not None
        return self._process

    def readline(self) -> str:
        """The next line it printed; empty when it is gone."""
        if self._code is not None:
            return ""
        line = self._next_line()
        if not line.startswith(ENDED):
            return line
        self._code = int(line.removeprefix(ENDED))
        return ""

    def is_alive(self) -> bool:
        """Whether it still runs."""
        return self._process is not None and self._process.is_running()

    def kill(self) -> list[str]:
        """End it, if it still runs, without any goodbye; the lines that were not read yet."""
        if self._process is not None:
            with suppress(psutil.NoSuchProcess):
                self._process.kill()
        return self.rest()

    def rest(self) -> list[str]:
        """Wait for its end; the lines that were not read yet."""
        return list(iter(self.readline, ""))

    def wait(self) -> int:
        """Its exit code, negative for a signal."""
        self.rest()
        assert self._code is not None
        return self._code

    def _next_line(self) -> str:
        assert self._nursery.stdout is not None
        line = self._nursery.stdout.readline()
        assert line, "the nursery itself ended"
        return line


class Nursery:
    """Starts processes that run `main(*arguments)` of a module; a context manager.

    Args:
        module: is imported once, as are those of `also`, which it would import late.
    """

    def __init__(self, module: str, *also: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery", module, *also],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def start(self, *arguments: object) -> Child:
        """Start one; the one before has to be gone."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps([str(argument) for argument in arguments]) + "\n")
        self._process.stdin.flush()
        return Child(self._process)

    def __enter__(self) -> Nursery:
        return self

    def __exit__(self, *_: object) -> None:
        for process in psutil.Process(self._process.pid).children(recursive=True):
            with suppress(psutil.NoSuchProcess):
                process.kill()
        self._process.__exit__(None, None, None)


def live(module: str, *arguments: str) -> NoReturn:
    """Be one of the processes."""
    say(f"{STARTED}{os.getpid()}")
    importlib.import_module(module).main(*arguments)
    sys.exit(0)


def run_one(module: str, arguments: list[str]) -> int:
    """Start a process and wait for it; its exit code."""
    if not hasattr(os, "fork"):
        command = [sys.executable, "-c", ALONE, module, *arguments]
        return subprocess.run(command, check=False).returncode
    if child := os.fork():
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    live(module, *arguments)


def main(module: str, *also: str) -> None:
    """Start what the lines of standard input ask for, one after the other."""
    for name in (module, *also):
        importlib.import_module(name)
    for line in sys.stdin:
        say(f"{ENDED}{run_one(module, json.loads(line))}")


def say(line: str) -> None:
    """One line to the test, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
