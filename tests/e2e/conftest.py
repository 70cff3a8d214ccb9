"""The program as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def run_app(tmp_path: Path) -> Run:
    """Runs the real program to its end, with a data folder of its own."""

    def run(*arguments: str, timeout_s: float = 60.0) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            app_command(tmp_path, *arguments),
            cwd=ROOT,
            env=app_environment(),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    return run


@pytest.fixture
def start_app(tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts the real program; it is ended after the test."""
    started: list[subprocess.Popen[str]] = []

    def start(*arguments: str, **environment: str) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            app_command(tmp_path, *arguments),
            cwd=ROOT,
            env=app_environment() | environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        if process.poll() is None:
            process.terminate()
        process.communicate(timeout=20)


def app_command(data: Path, *arguments: str) -> list[str]:
    return [
        sys.executable, "-m", "app", "--data-dir", str(data / "data"), "--no-error-windows",
        *arguments,
    ]  # fmt: skip


def app_environment() -> dict[str, str]:
    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}


def last_json(text: str) -> dict[str, object]:
    """The JSON object on the last line."""
    value = json.loads(text.strip().splitlines()[-1])
    assert isinstance(value, dict)
    return value
