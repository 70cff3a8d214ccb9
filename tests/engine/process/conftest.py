"""Process backends with a fake backend inside a real child, closed after each test."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pytest

from engine.backends.fake_script import FakeOptions
from engine.backends.process_backend import ProcessBackend
from engine.child_process import engine_command
from engine.codec import to_plain


def fake_command(options: FakeOptions | None = None) -> list[str]:
    plain = json.dumps(to_plain(options or FakeOptions()))
    return [*engine_command(), "--backend", "fake", "--fake-options", plain]


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0]
    return state != "Z"


def wait_gone(pid: int, timeout_s: float) -> bool:
    deadline_s = time.monotonic() + timeout_s
    while is_alive(pid):
        if time.monotonic() > deadline_s:
            return False
        time.sleep(0.02)
    return True


class BackendFactory(Protocol):
    def __call__(
        self,
        options: FakeOptions | None = None,
        *,
        command: Sequence[str] | None = None,
        **settings: Any,
    ) -> ProcessBackend: ...


@pytest.fixture
def make_backend(tmp_path: Path) -> Iterator[BackendFactory]:
    backends: list[ProcessBackend] = []

    def make(
        options: FakeOptions | None = None,
        *,
        command: Sequence[str] | None = None,
        **settings: Any,
    ) -> ProcessBackend:
        backend = ProcessBackend(
            log_dir=tmp_path / "logs", command=command or fake_command(options), **settings
        )
        backends.append(backend)
        return backend

    yield make
    for backend in backends:
        pid = backend.pid
        backend.close()
        assert pid is None or wait_gone(pid, 5.0)
