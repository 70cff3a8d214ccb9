"""The guards of tests/conftest.py bite: each bad test below fails, for its own reason."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BAD_TESTS = '''
"""Tests that break the rules of the house on purpose."""
import logging, socket, subprocess, sys, threading, warnings
import pytest

def test_good(data_dir):
    assert "slipstream-data" in str(data_dir)

def test_thread():
    threading.Thread(target=threading.Event().wait, name="left-behind", daemon=True).start()

def test_child():
    global child
    child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])

def test_log():
    logging.getLogger("engine.some").warning("something odd")

@pytest.mark.expected_logs("something odd")
def test_announced_log():
    logging.getLogger("engine.some").warning("something odd")

@pytest.mark.expected_logs("never said")
def test_absent_log():
    pass

def test_warning():
    warnings.warn("old", DeprecationWarning)

def test_unraisable():
    class Fails:
        def __del__(self):
            raise ValueError("in a destructor")
    Fails()

def test_network():
    socket.create_connection(("192.0.2.1", 80), timeout=1)
'''
EXPECTED = {
    "test_good": "passed",
    "test_thread": "left-behind",
    "test_child": "Child processes left running",
    "test_log": "something odd",
    "test_announced_log": "passed",
    "test_absent_log": "never said",
    "test_warning": "DeprecationWarning: old",
    "test_unraisable": "in a destructor",
    "test_network": "may not connect to 192.0.2.1",
}


@pytest.fixture(scope="module")
def report(root: Path, tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("guarded")
    conftest = (root / "tests" / "conftest.py").read_text(encoding="utf-8")
    (folder / "conftest.py").write_text(conftest.replace("GRACE_S = 3.0", "GRACE_S = 0.1"))
    (folder / "test_bad.py").write_text(BAD_TESTS)
    shutil.copy(root / "pyproject.toml", folder)
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-rA", "--tb=short", "."]
    environment = {**os.environ, "PYTHONPATH": str(root)}
    result = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    return result.stdout


@pytest.mark.parametrize("name", EXPECTED)
def test_each_guard_bites(name: str, report: str) -> None:
    lines = re.findall(rf"^(PASSED|FAILED|ERROR) \S+::{name}\b(.*)$", report, re.MULTILINE)
    outcomes = {outcome for outcome, _ in lines}
    if EXPECTED[name] == "passed":
        assert outcomes == {"PASSED"}, report
    else:
        assert outcomes & {"FAILED", "ERROR"}, report
        assert EXPECTED[name] in report
