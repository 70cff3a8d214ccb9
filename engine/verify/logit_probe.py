"""Asks a process of its own for logits, to tell rounding from error where two answers part."""

from __future__ import annotations

import json
import subprocess
import threading
from pathlib import Path
from typing import IO

from engine.child_process import child_environment, engine_command
from engine.codec import to_plain
from engine.lab.prompts import LabPrompt

_END_S = 5.0
"""Time to end by itself; native code in the middle of something takes longer."""


class LogitProbe:
    """Computes logit gaps of one main model.

    Guarantees: the process is made when first asked, ended by `close` (idempotent); after it
    failed, or was cancelled, every gap is None.
    """

    def __init__(self, main_path: Path) -> None:
        self._main_path = main_path
        self._process: subprocess.Popen[bytes] | None = None
        self._is_over = threading.Event()

    def gap(
        self, prompt: LabPrompt, before: tuple[int, ...], token: int, other: int
    ) -> float | None:
        """Logit of `token` minus that of `other` after the prompt and the tokens `before`."""
        request = {
            "main_path": str(self._main_path),
            "prompt": to_plain(prompt),
            "before": list(before),
            "tokens": [token, other],
        }
        reply = self._ask(json.dumps(request).encode("ascii") + b"\n")
        logits = reply.get("logits")
        if not isinstance(logits, list) or len(logits) != 2:
            return None
        return float(logits[0]) - float(logits[1])

    def cancel(self) -> None:
        """End the process by force; what waits for a gap goes on at once. On any thread."""
        self._is_over.set()
        process = self._process
        if process is not None:
            process.kill()

    def close(self) -> None:
        """End the process."""
        process, self._process = self._process, None
        if process is None:
            return
        _close(process.stdin)
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        _close(process.stdout)

    def _ask(self, line: bytes) -> dict[str, object]:
        if self._is_over.is_set():
            return {}
        process = self._process or self._start()
        if self._is_over.is_set():  # cancelled while it was started
            process.kill()
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            process.stdin.write(line)
            process.stdin.flush()
            reply = json.loads(process.stdout.readline())
            return reply if isinstance(reply, dict) else {}
        except (OSError, ValueError):
            self._is_over.set()
            return {}

    def _start(self) -> subprocess.Popen[bytes]:
        self._process = subprocess.Popen(
            [*engine_command(), "--logits"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=child_environment(),
            creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
        )
        return self._process


def _close(stream: IO[bytes] | None) -> None:
    if stream is not None:
        try:
            stream.close()
        except OSError:
            # The process ended with something unread in the pipe.
            return
