"""Watches a running program from outside, through /proc: its processes and mapped libraries."""

from __future__ import annotations

import re
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

_PROC = Path("/proc")
_POLL_S = 0.05
_LIBRARY = re.compile(r" (/[^\n]+?\.so(?:\.[\d.]+)?)(?: \(deleted\))?$", re.MULTILINE)


@dataclass(slots=True)
class Watched:
    """What was seen of a program and everything it started."""

    exit_code: int | None = None
    """None when it ran past its limit and was ended."""
    output: str = ""
    errors: str = ""
    seconds: float = 0.0
    commands: dict[int, str] = field(default_factory=dict)
    """Process id -> command line of every process seen."""
    environments: dict[int, dict[str, str]] = field(default_factory=dict)
    """Process id -> variables it was started with."""
    mapped: dict[int, set[str]] = field(default_factory=dict)
    """Process id -> paths of the shared objects that it had mapped under its last command line."""

    @property
    def libraries(self) -> set[str]:
        """Paths of all shared objects that were mapped."""
        return set().union(*self.mapped.values())

    def still_running(self, *, within_s: float) -> list[int]:
        """Processes that outlive the program by more than this time."""
        deadline = time.monotonic() + within_s
        while (left := [pid for pid in self.commands if _is_alive(pid)]) and (
            time.monotonic() < deadline
        ):
            time.sleep(_POLL_S)
        return left


def watch(command: list[str], *, limit_s: float) -> Watched:
    """Run a command to its end and look at its processes meanwhile."""
    seen = Watched()
    started_s = time.monotonic()
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        while process.poll() is None and time.monotonic() - started_s < limit_s:
            _look(process.pid, seen)
            time.sleep(_POLL_S)
        seen.exit_code = process.poll()
        if seen.exit_code is None:
            process.kill()
        seen.output, seen.errors = process.communicate()
    seen.seconds = time.monotonic() - started_s
    return seen


def _look(pid: int, seen: Watched) -> None:
    for number in _tree(pid):
        try:
            words = (_PROC / str(number) / "cmdline").read_bytes().split(b"\0")
            variables = (_PROC / str(number) / "environ").read_bytes().split(b"\0")
            maps = (_PROC / str(number) / "maps").read_text()
        except OSError:  # it has ended meanwhile
            continue
        libraries = set(_LIBRARY.findall(maps))
        if any(words):  # the command line of one that has ended is empty
            command = b" ".join(words).decode(errors="replace")
            if seen.commands.get(number) != command:
                seen.mapped[number] = set()  # what it had before belongs to who started it
            seen.commands[number] = command
            seen.mapped[number] |= libraries
        if any(variables):
            pairs = (text.decode(errors="replace").partition("=") for text in variables if text)
            seen.environments[number] = {name: value for name, _, value in pairs}


def _tree(pid: int) -> list[int]:
    """A process and all below it."""
    found, waiting = [], [pid]
    while waiting:
        current = waiting.pop()
        found.append(current)
        for task in (_PROC / str(current) / "task").glob("*/children"):
            try:
                waiting.extend(int(word) for word in task.read_text().split())
            except OSError:
                continue
    return found


def _is_alive(pid: int) -> bool:
    try:
        state = (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"
