"""Nothing is asked of a network unless the user asks for it: window and engine are watched."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
WATCH = """
import json, os, sys

def note(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname", "socket.sendto"):
        with open(os.environ["WATCH_FILE"], "a") as file:
            file.write(json.dumps([sys.argv[0], event, repr(arguments[-1])]) + chr(10))

with open(os.environ["WATCH_FILE"], "a") as file:
    file.write(json.dumps(["started", " ".join(sys.orig_argv[1:4]), ""]) + chr(10))
sys.addaudithook(note)
"""


def _watched(tmp_path: Path, *arguments: str) -> list[list[str]]:
    hooks = tmp_path / "hooks"
    hooks.mkdir()
    (hooks / "sitecustomize.py").write_text(WATCH)
    log = tmp_path / "watched.jsonl"
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join((str(hooks), str(ROOT))),
        "WATCH_FILE": str(log),
        "QT_QPA_PLATFORM": "offscreen",
    }
    environment.pop("HF_HUB_OFFLINE", None)
    command = [sys.executable, *arguments]
    subprocess.run(command, env=environment, cwd=tmp_path, check=True, timeout=120)
    return [json.loads(line) for line in log.read_text().splitlines()]


def test_s9_the_watch_sees_a_look_up(tmp_path: Path) -> None:
    look_up = "import socket; socket.getaddrinfo('127.0.0.1', 9)"
    assert [kind for _, kind, _ in _watched(tmp_path, "-c", look_up)][-1] == "socket.getaddrinfo"


def test_s9_an_answer_in_the_window_asks_nothing_of_a_network(tmp_path: Path) -> None:
    arguments = ["-m", "app", "--data-dir", str(tmp_path / "data"), "--ask", "Who are you?"]
    seen = _watched(tmp_path, *arguments, "--quit", "--no-error-windows")
    started = [command for what, command, _ in seen if what == "started"]
    assert any("engine.host" in command for command in started), "the engine was watched too"
    assert [line for line in seen if line[0] != "started"] == []
