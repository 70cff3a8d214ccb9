"""Rules every test obeys: a data folder of its own, no network but loopback, nothing left behind.

A test fails when it leaves a thread or a child process running, or logs a WARNING or worse that
it did not announce with `@pytest.mark.expected_logs("part of the message", ...)`.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
from hypothesis import settings

from engine.backends.openvino_runtime import keep_quiet

GRACE_S = 3.0
"""How long a thread or a child may take to end after its test."""
FORBIDDEN_FAMILIES = {socket.AF_INET, socket.AF_INET6}
HAS_CHILDREN_FILE = Path("/proc/thread-self/children").exists()
LOOPBACK = re.compile(r"127\.\d+\.\d+\.\d+|::1|localhost")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
# The window speaks the language of the system; tests read English.
os.environ.update(LC_ALL="C.UTF-8", LANGUAGE="en")
# Time says nothing on a shared machine: neither deadlines nor a slow-data check.
settings.register_profile("slipstream", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("slipstream")
keep_quiet()


def pytest_collection_finish() -> None:
    """Keep what was imported and collected out of every later search for garbage.

    Windows are collected after each test that opens one; over all these objects, which stay to
    the end, that took longer than building a window.
    """
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session", autouse=True)
def loopback_only() -> Iterator[None]:
    """Refuse connections that would leave this machine."""
    original = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family in FORBIDDEN_FAMILIES and not LOOPBACK.fullmatch(str(address[0])):
            raise PermissionError(f"A test may not connect to {address[0]}.")
        original(self, address)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded)
        yield


@pytest.fixture(autouse=True)
def no_leaked_threads() -> Iterator[None]:
    """Fail when a thread the test started still runs a little after it."""
    before = set(threading.enumerate())

    def leaked() -> list[str]:
        return [repr(t) for t in threading.enumerate() if t not in before and not is_foreign(t)]

    yield
    if names := wait_until_empty(leaked):
        pytest.fail(f"Threads left running: {', '.join(names)}")


@pytest.fixture(autouse=True)
def no_leaked_children() -> Iterator[None]:
    """Fail when a child process of the test still runs a little after it, and end it."""
    before = child_pids()
    yield
    left = wait_until_empty(lambda: sorted(child_pids() - before))
    if left:
        pytest.fail(f"Child processes left running: {'; '.join(end_process(pid) for pid in left)}")


@pytest.fixture(autouse=True)
def no_unexpected_logs(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail on records of WARNING and above, unless announced; announced ones must come."""
    expected = [p for mark in request.node.iter_markers("expected_logs") for p in mark.args]
    collector = LogCollector(level=logging.WARNING)
    root = logging.getLogger()
    root.addHandler(collector)
    yield
    root.removeHandler(collector)
    unexpected = [text for text in collector.texts if not any(p in text for p in expected)]
    missing = [p for p in expected if not any(p in text for text in collector.texts)]
    if unexpected or missing:
        pytest.fail(f"Unexpected log records: {unexpected}; announced but absent: {missing}")


@pytest.fixture(autouse=True)
def data_dir(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of this test; the application and its children find it by themselves."""
    folder = tmp_path / "slipstream-data"
    monkeypatch.setenv("SLIPSTREAM_DATA_DIR", str(folder))
    return folder


class LogCollector(logging.Handler):
    """Keeps the text of every record, with its level and logger."""

    def __init__(self, *, level: int) -> None:
        super().__init__(level)
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Remember one record."""
        self.texts.append(f"{record.levelname} {record.name}: {record.getMessage()}")


def wait_until_empty(leaked: Callable[[], list[Any]]) -> list[Any]:
    """Ask `leaked` until it returns nothing or the grace period is over; its last answer."""
    deadline = time.monotonic() + GRACE_S
    while (left := leaked()) and time.monotonic() < deadline:
        time.sleep(0.01)
    return left


def is_foreign(thread: threading.Thread) -> bool:
    """Whether Python did not start this thread but only met it (runtime or Qt threads)."""
    return isinstance(thread, threading._DummyThread)


def child_pids() -> set[int]:
    """Direct child processes. The kernel's own list, where there is one, costs microseconds."""
    if not HAS_CHILDREN_FILE:
        return {child.pid for child in psutil.Process().children()}
    pids: set[int] = set()
    for task in Path("/proc/self/task").iterdir():
        try:
            pids.update(map(int, (task / "children").read_text().split()))
        except FileNotFoundError:  # the thread ended meanwhile
            continue
    return pids


def end_process(pid: int) -> str:
    """Kill a process that should not be there any more; what it was, in words."""
    try:
        process = psutil.Process(pid)
        description = f"{pid} {process.status()} {' '.join(process.cmdline())}"
        process.kill()
        process.wait(GRACE_S)
    except psutil.Error as error:
        return f"{pid} ({error})"
    return description
