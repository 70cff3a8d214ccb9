"""Hooks for uncaught errors, and logs without prompts."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

PRELUDE = """
import asyncio, faulthandler, gc, logging, pathlib, sys, threading
from app.crash import CrashGuard
guard = CrashGuard(pathlib.Path(sys.argv[1]))
guard.install()
guard.on_fault = lambda report: print("fault:", report.strip().splitlines()[-1], flush=True)
"""


def run(logs: Path, code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", PRELUDE + code, str(logs)],
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    "code",
    [
        "raise ValueError('boom')",
        "t = threading.Thread(target=lambda: int('boom')); t.start(); t.join()",
        "class Bad:\n def __del__(self): raise ValueError('boom')\nb = Bad(); del b; gc.collect()",
        "loop = asyncio.new_event_loop(); guard.install_loop(loop)\n"
        "async def bad(): raise ValueError('boom')\n"
        "async def main():\n t = asyncio.create_task(bad()); await asyncio.sleep(0); del t\n"
        "loop.run_until_complete(main()); gc.collect(); loop.close()",
    ],
    ids=["main", "thread", "destructor", "task"],
)
def test_every_unexpected_fault_is_reported_and_logged(tmp_path: Path, code: str) -> None:
    done = run(tmp_path, code)
    assert "boom" in done.stdout
    assert done.stdout.startswith("fault: ValueError")
    assert "boom" in (tmp_path / "app.log").read_text()


def test_a_fatal_fault_is_found_by_the_next_run(tmp_path: Path) -> None:
    died = run(tmp_path, "import os; os.abort()")
    assert died.returncode != 0
    following = run(tmp_path, "print(guard.previous_crash)")
    assert "Fatal Python error: Aborted" in following.stdout
    assert run(tmp_path, "print(guard.previous_crash)").stdout.strip() == "None"


def test_qt_messages_go_to_the_log(tmp_path: Path) -> None:
    done = run(
        tmp_path,
        "guard.install_qt()\nfrom PySide6.QtCore import qWarning\nqWarning('a word from Qt')",
    )
    assert done.returncode == 0, done.stderr
    assert "a word from Qt" in (tmp_path / "app.log").read_text()


def test_the_log_is_bounded(tmp_path: Path) -> None:
    code = "for n in range(60_000): logging.getLogger('x').info('%s', 'y' * 60)"
    assert run(tmp_path, code).returncode == 0
    files = list(tmp_path.glob("app.log*"))
    assert 2 <= len(files) <= 4
    assert all(file.stat().st_size <= 1_000_000 for file in files)
