"""The engine is killed while it answers; the window and the text stay."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import dress
from app.arguments import Arguments
from app.bootstrap import lay_foundation
from app.controllers.turn import TurnStage
from app.core.conversation import MessageState
from app.crash import CrashGuard
from app.desktop import Desktop
from app.paths import resolve_paths
from engine.state import SessionState

LONG_ANSWER = 2000
BACK_WITHIN_S = 5.0
"""Counted as processor time of the new engine: others may need the machine too."""
SETTLE_MS = 1500


@pytest.fixture
def desktop(qtbot: QtBot, qapp: QApplication, tmp_path: Path) -> Iterator[Desktop]:
    """The real window over the real engine process and the pair that ships."""
    dress(qapp)
    paths = resolve_paths(tmp_path / "data", {})
    paths.create()
    arguments = Arguments(size=(1280, 800), show_error_windows=False)
    foundation = lay_foundation(arguments, paths, CrashGuard(paths.logs))
    desktop = Desktop(foundation, qapp)
    qtbot.addWidget(desktop.window)
    desktop.open()
    yield desktop
    desktop.close()
    foundation.bridge.close()
    assert foundation.session.close(timeout_s=10.0)


def engine_processes() -> list[psutil.Process]:
    found = []
    for child in psutil.Process().children():
        # Another child may have ended meanwhile and wait for somebody to ask how.
        with suppress(psutil.NoSuchProcess):
            if "engine.host" in " ".join(child.cmdline()):
                found.append(child)
    return found


def engine_process() -> psutil.Process:
    (child,) = engine_processes()
    return child


@pytest.mark.openvino
def test_a_killed_engine_costs_no_text_and_comes_back(desktop: Desktop, qtbot: QtBot) -> None:
    desktop.preferences.update(max_new_tokens=LONG_ANSWER)
    qtbot.waitUntil(lambda: desktop.loads.is_ready, timeout=60_000)
    before = engine_process()
    desktop.chat.send("Tell me a long story about a dog, a cat and a bird.")
    qtbot.waitUntil(lambda: len(desktop.transcript.message(1).text) > 40, timeout=60_000)
    os.kill(before.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    killed_s = time.monotonic()
    qtbot.waitUntil(lambda: desktop.chat.stage is TurnStage.NONE, timeout=60_000)
    message = desktop.transcript.message(1)
    assert message.state is MessageState.INTERRUPTED
    assert len(message.text) > 40
    assert desktop.window.isVisible()
    assert desktop.window.page.banner.is_shown
    qtbot.waitUntil(lambda: desktop.loads.is_ready, timeout=60_000)
    print(f"engine back {time.monotonic() - killed_s:.2f} s after it was killed")
    after = engine_process()
    assert after.pid != before.pid
    assert sum(after.cpu_times()[:2]) < BACK_WITHIN_S
    desktop.preferences.update(max_new_tokens=20)
    desktop.chat.send("Hello!")
    qtbot.waitUntil(lambda: desktop.chat.stage is TurnStage.NONE, timeout=60_000)
    assert desktop.transcript.message(3).text
    assert not desktop.window.page.banner.is_shown


@pytest.mark.openvino
def test_an_engine_killed_again_and_again_is_left_alone(desktop: Desktop, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: desktop.loads.is_ready, timeout=60_000)
    # An engine that dies of being asked for its devices is asked more gently: no restart is spent.
    qtbot.waitUntil(lambda: bool(desktop.devices.devices), timeout=60_000)
    for _ in range(2):
        engine_process().kill()
        qtbot.waitUntil(lambda: not desktop.loads.is_ready, timeout=60_000)
        qtbot.waitUntil(lambda: desktop.loads.is_ready, timeout=60_000)
    engine_process().kill()
    qtbot.waitUntil(lambda: desktop.loads.state is SessionState.FAILED, timeout=60_000)
    qtbot.wait(SETTLE_MS)
    assert desktop.loads.state is SessionState.FAILED
    assert desktop.window.page.banner.is_shown
    assert engine_processes() == []
    assert threading.main_thread().is_alive()
    desktop.loads.try_again()
    qtbot.waitUntil(lambda: desktop.loads.is_ready, timeout=60_000)


@pytest.mark.openvino
def test_killed_behind_another_chat_it_is_told_and_what_waits_is_answered(
    desktop: Desktop, qtbot: QtBot
) -> None:
    desktop.preferences.update(max_new_tokens=LONG_ANSWER)
    qtbot.waitUntil(lambda: desktop.loads.is_ready, timeout=60_000)
    desktop.chat.send("Tell me a long story about a dog, a cat and a bird.")
    qtbot.waitUntil(lambda: len(desktop.transcript.message(1).text) > 40, timeout=60_000)
    story = desktop.journal.chat_id
    assert story is not None
    qtbot.waitUntil(lambda: desktop.history.model.chat_of(story) is not None, timeout=60_000)
    desktop.window.sidebar.new_chat.click()
    desktop.preferences.update(max_new_tokens=20)
    killed = engine_process()
    os.kill(killed.pid, signal.SIGTERM if os.name == "nt" else signal.SIGKILL)
    desktop.chat.send("Hello!")
    banner = desktop.window.page.banner
    qtbot.waitUntil(lambda: "Tell me a long story" in banner.sentence.text(), timeout=60_000)
    assert banner.is_shown
    qtbot.waitUntil(lambda: desktop.chat.stage is TurnStage.NONE, timeout=60_000)
    assert desktop.transcript.message(1).state is MessageState.DONE
    desktop.history.controller.open_chat(story)
    qtbot.waitUntil(lambda: desktop.journal.chat_id == story, timeout=60_000)
    message = desktop.transcript.message(1)
    assert message.state is MessageState.INTERRUPTED
    assert len(message.text) > 40
    assert sum(span.characters for span in message.spans) == len(message.text)
