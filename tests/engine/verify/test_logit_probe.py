"""A process that computes for ever holds nobody up."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from engine.lab.prompts import LabPrompt
from engine.messages import ChatMessage, Role
from engine.verify import logit_probe
from engine.verify.logit_probe import LogitProbe

PROMPT = LabPrompt((ChatMessage(Role.USER, "Why?"),))


@pytest.fixture
def silent_process(monkeypatch: pytest.MonkeyPatch) -> threading.Event:
    """Set once the process that never answers was asked for and started."""
    command = [sys.executable, "-c", "import time; time.sleep(600)"]
    monkeypatch.setattr(logit_probe, "engine_command", lambda: command)
    is_started, start = threading.Event(), subprocess.Popen

    def started(*arguments: Any, **options: Any) -> subprocess.Popen[bytes]:
        process = start(*arguments, **options)
        is_started.set()
        return process

    monkeypatch.setattr(subprocess, "Popen", started)
    return is_started


def test_a_gap_that_is_waited_for_ends_with_the_stop(silent_process: threading.Event) -> None:
    probe = LogitProbe(Path("model"))
    gaps: list[float | None] = []
    asking = threading.Thread(target=lambda: gaps.append(probe.gap(PROMPT, (), 1, 2)))
    asking.start()
    assert silent_process.wait(60)
    probe.cancel()
    asking.join(60)
    assert gaps == [None]
    assert probe.gap(PROMPT, (), 1, 2) is None
    probe.close()


def test_a_process_that_does_not_end_is_ended(
    silent_process: threading.Event, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logit_probe, "_END_S", 0.01)
    probe = LogitProbe(Path("model"))
    process = probe._start()
    assert silent_process.is_set()
    probe.close()
    assert process.returncode is not None
