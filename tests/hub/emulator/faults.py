"""What goes wrong on purpose, where and how often."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from enum import StrEnum


class FaultKind(StrEnum):
    """How a request is spoilt."""

    DROP = "drop"
    """Connection reset at byte `after`."""
    TRUNCATE = "truncate"
    """Orderly end at byte `after`."""
    STALL = "stall"
    """Silence for `seconds` at byte `after`."""
    RESET = "reset"
    """Connection reset instead of an answer."""
    BLACKHOLE = "blackhole"
    """No answer for `seconds`."""
    DELAY = "delay"
    """The right answer after `seconds`."""
    CORRUPT = "corrupt"
    """One flipped byte."""
    STATUS = "status"
    """An answer with this `code` and `headers`."""
    BODY = "body"
    """This JSON `body` instead of the right one."""
    HTML = "html"
    """A sign-in page."""
    REDIRECT = "redirect"
    """Sent to `location`."""
    SLOW = "slow"
    """At most `bytes_per_s`."""
    NO_RANGE = "no_range"
    """Ranges are ignored."""
    BAD_RANGE = "bad_range"
    """The right range is announced, zeros are sent."""
    WRONG_RANGE = "wrong_range"
    """Another range than asked for is announced and sent."""
    SHORT_LENGTH = "short_length"
    """The file ends early and says so."""
    LONG_LENGTH = "long_length"
    """More is announced than comes."""


@dataclass(slots=True, kw_only=True)
class Fault:
    """One thing that goes wrong `times` times (-1: for ever), after `skip` requests went well."""

    kind: FaultKind
    repository: str = "*"
    path: str = "*"
    where: str = "*"
    """Route: list, info, resolve, cache, cdn, whoami; ms_list, ms_files, ms_file."""
    times: int = -1
    skip: int = 0
    after: int = 0
    """Byte of the file."""
    every: bool = False
    """`after` counts from the start of each answer instead."""
    seconds: float = 3600.0
    code: int = 500
    headers: dict[str, str] = field(default_factory=dict)
    bytes_per_s: float = 0.0
    location: str = ""
    body: bytes = b""

    def matches(self, repository: str, path: str, where: str) -> bool:
        """Whether a request is meant."""
        return (
            self.repository in ("*", repository)
            and self.path in ("*", path)
            and self.where in ("*", where)
        )


class FaultList:
    """The faults of an emulator; thread-safe."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []

    def add(self, fault: Fault) -> None:
        with self._lock:
            self._faults.append(fault)

    def clear(self) -> None:
        with self._lock:
            self._faults.clear()

    def take(self, repository: str, path: str, where: str) -> Fault | None:
        """The fault for a request, used up by one."""
        with self._lock:
            for fault in self._faults:
                if fault.times == 0 or not fault.matches(repository, path, where):
                    continue
                if fault.skip > 0:
                    fault.skip -= 1
                    continue
                fault.times -= 1 if fault.times > 0 else 0
                return fault
        return None
