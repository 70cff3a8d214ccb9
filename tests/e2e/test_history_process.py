"""The program started twice on one data folder, and killed in the middle of an answer."""

from __future__ import annotations

import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from app.core.conversation import MessageState
from app.core.conversation_store import ConversationStore
from app.paths import resolve_paths

Run = Callable[..., subprocess.CompletedProcess[str]]
Start = Callable[..., "subprocess.Popen[str]"]
LIMIT_S = 60.0


def first_paint(process: subprocess.Popen[str]) -> None:
    assert process.stdout is not None
    assert process.stdout.readline()


def test_a_second_start_leaves_the_work_to_the_first(start_app: Start, run_app: Run) -> None:
    first = start_app("--demo", SLIPSTREAM_STARTUP_PROBE="1")
    first_paint(first)
    assert run_app("--demo").returncode == 0
    scripted = run_app("--demo", "--ask", "hi", "--quit")
    assert scripted.returncode == 1
    assert "open in another window" in scripted.stderr
    assert first.poll() is None


def test_a_killed_program_keeps_its_answer_and_its_folder_is_free(
    start_app: Start, run_app: Run, tmp_path: Path
) -> None:
    chats = resolve_paths(tmp_path / "data", {}).chats_file
    killed = start_app("--demo", "--ask", "Tell me a long story")
    wait_for_text(chats)
    killed.kill()
    killed.wait(20)
    again = run_app("--demo", "--ask", "hi", "--quit")
    assert again.returncode == 0, again.stderr
    store = ConversationStore(chats)
    store.open().result(20)
    first = store.list_chats().result(20).chats[-1]
    question, answer = (one.message for one in store.open_chat(first.id).result(20).messages)
    assert store.close()
    assert question.text == "Tell me a long story"
    assert answer.state is MessageState.INTERRUPTED
    assert answer.text


def wait_for_text(chats: Path) -> None:
    """Until a stretch of the answer is committed."""
    deadline = time.monotonic() + LIMIT_S
    while time.monotonic() < deadline:
        if chats.exists() and committed_stretches(chats):
            return
        time.sleep(0.05)
    raise AssertionError("nothing was written")


def committed_stretches(chats: Path) -> int:
    try:
        with closing(sqlite3.connect(f"{chats.as_uri()}?mode=ro", uri=True)) as reader:
            return int(reader.execute("SELECT count(*) FROM fragment").fetchone()[0])
    except sqlite3.OperationalError:  # its tables are still being made
        return 0
