"""Keeping the system awake: a lock that is never left behind."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import psutil
import pytest

from app.stay_awake import SystemdInhibitor

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in")


def stand_in(folder: Path) -> Path:
    """A program that notes its options and runs the command behind them, as the real one does."""
    program = folder / "systemd-inhibit"
    program.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" > "{folder}/options"\n'
        'while [ "${1#--}" != "$1" ]; do shift; done\nexec "$@"\n'
    )
    program.chmod(0o755)
    return program


def holders() -> list[psutil.Process]:
    """The one program under each of the names it has while it starts."""
    names = ("systemd-inhibit", "sh", "cat")
    return [c for c in psutil.Process(os.getpid()).children() if c.name() in names]


def test_the_lock_lasts_from_hold_to_release(tmp_path: Path) -> None:
    inhibitor = SystemdInhibitor(str(stand_in(tmp_path)))
    assert inhibitor.hold("Work")
    assert inhibitor.hold("Work"), "held already"
    assert len(holders()) == 1
    inhibitor.release()
    inhibitor.release()
    assert holders() == []
    options = (tmp_path / "options").read_text().splitlines()
    assert options == ["--what=idle", "--mode=block", "--who=Slipstream", "--why=Work", "cat"]


def test_a_lock_that_was_lost_is_taken_again(tmp_path: Path) -> None:
    inhibitor = SystemdInhibitor(str(stand_in(tmp_path)))
    inhibitor.hold("Work")
    (first,) = holders()
    first.kill()
    psutil.wait_procs([first], timeout=5)
    assert inhibitor.hold("Work")
    assert [holder.pid for holder in holders()] != [first.pid]
    inhibitor.release()
    assert holders() == []


def test_a_missing_program_is_no_fault(tmp_path: Path) -> None:
    inhibitor = SystemdInhibitor(str(tmp_path / "none"))
    assert not inhibitor.hold("Work")
    inhibitor.release()
