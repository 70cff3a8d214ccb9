"""C8, C9: a second start raises the first window; a lock left by a dead program is no obstacle."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from app.single_instance import SingleInstance

ROOT = Path(__file__).parents[2]
Start = Callable[[Path], "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts programs and ends those that still run."""
    started: list[subprocess.Popen[str]] = []

    def run(folder: Path) -> subprocess.Popen[str]:
        child = subprocess.Popen(
            [sys.executable, "-m", "tests.store.instance_child", str(folder)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(child)
        return child

    yield run
    for child in started:
        if child.poll() is None:
            child.kill()
        child.communicate()


def line_of(child: subprocess.Popen[str]) -> str:
    assert child.stdout is not None
    return child.stdout.readline().strip()


def test_c8_a_second_start_raises_the_first_and_ends_with_0(tmp_path: Path, start: Start) -> None:
    first = start(tmp_path)
    assert line_of(first) == "first"
    for _ in range(2):
        second = start(tmp_path)
        assert line_of(second) == "second"
        assert second.wait(20) == 0
        assert line_of(first) == "raised"
    first.communicate()
    assert first.returncode == 0
    assert line_of(start(tmp_path)) == "first"


def test_c8_other_data_folders_are_other_programs(tmp_path: Path, start: Start) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    assert line_of(start(tmp_path / "a")) == "first"
    assert line_of(start(tmp_path / "b")) == "first"


def test_c8_of_many_starts_at_once_one_wins(tmp_path: Path, start: Start) -> None:
    children = [start(tmp_path) for _ in range(4)]
    assert sorted(line_of(child) for child in children) == ["first", *["second"] * 3]


def test_c9_a_killed_program_leaves_no_obstacle(tmp_path: Path, start: Start) -> None:
    killed = start(tmp_path)
    assert line_of(killed) == "first"
    killed.kill()
    killed.wait()
    assert (tmp_path / "slipstream.lock").exists()
    assert line_of(start(tmp_path)) == "first"


def write_lock(path: Path, pid: int, name: str) -> None:
    """A lock file in Qt's format: number, program, host, machine, boot."""
    own = SingleInstance(path.parent)
    assert own.acquire()
    lines = path.read_text().split("\n")
    own.release()
    path.write_text("\n".join([str(pid), name, *lines[2:]]))


def test_c9_a_number_given_to_another_program_is_no_owner(
    tmp_path: Path, qapp: QCoreApplication
) -> None:
    lock = tmp_path / "slipstream.lock"
    name = Path(sys.executable).resolve().name
    # This very process lives and has the right name, but never took this lock.
    write_lock(lock, os.getpid(), name)
    assert f"{os.getpid()}\n" in lock.read_text()

    instance = SingleInstance(tmp_path)
    assert instance.acquire(owner_start_s=0.1)
    instance.release()


def test_c9_a_dead_owner_is_noticed_at_once(tmp_path: Path, qapp: QCoreApplication) -> None:
    lock = tmp_path / "slipstream.lock"
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    write_lock(lock, ended.pid, "slipstream")
    instance = SingleInstance(tmp_path)
    assert instance.acquire(owner_start_s=3600.0)
    instance.release()


def test_a_lock_that_cannot_be_written_is_told(tmp_path: Path, qapp: QCoreApplication) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("")
    with pytest.raises(OSError, match="lock file"):
        SingleInstance(in_the_way).acquire()


def test_requests_arrive_as_a_signal(tmp_path: Path, qtbot: QtBot) -> None:
    first, second = SingleInstance(tmp_path), SingleInstance(tmp_path)
    assert first.acquire()
    with qtbot.waitSignal(first.raise_requested, timeout=20_000):
        assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
