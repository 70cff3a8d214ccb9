"""The whole window, offscreen, as one layer of the overhead benchmark.

Run as a process: MAIN DRAFT PROMPT TOKENS. Each line of input asks once in a new chat and prints
one JSON line when the answer stands.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import threading
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QObject, QTimer, Signal

from app.application import make_application
from app.arguments import parse_arguments
from app.bootstrap import Foundation, lay_foundation
from app.crash import CrashGuard
from app.desktop import Desktop
from app.paths import resolve_paths
from engine.events import EngineEvent, TokensStreamed
from engine.metrics.report import GenerationReport


class Asker(QObject):
    """Asks when a line of input comes, reports when the answer is there."""

    asked = Signal()
    ended = Signal()

    def __init__(self, desktop: Desktop, foundation: Foundation, prompt: str) -> None:
        super().__init__()
        self._desktop = desktop
        self._prompt = prompt
        self._started_s = self._first_s = 0.0
        self.asked.connect(self._ask)
        desktop.chat.answered.connect(self._answered)
        foundation.bridge.add_listener(self._on_event)

    def read_input(self) -> None:
        """Turn lines of standard input into signals; runs on a thread of its own."""
        for _line in sys.stdin:
            self.asked.emit()
        self.ended.emit()

    def _ask(self) -> None:
        self._desktop.chat.new_chat()
        self._first_s = 0.0
        self._started_s = time.perf_counter()
        self._desktop.chat.send(self._prompt)

    def _on_event(self, event: EngineEvent) -> None:
        if isinstance(event, TokensStreamed) and not self._first_s:
            self._first_s = time.perf_counter()

    def _answered(self, report: GenerationReport) -> None:
        sample = {
            "tokens": report.token_count,
            "ttft_s": self._first_s - self._started_s,
            "tokens_per_s": report.tokens_per_s,
        }
        # The picture of the finished answer and what is written to disk belong to this one.
        QTimer.singleShot(400, lambda: print(json.dumps(sample), flush=True))


def main() -> None:
    """Open the window and answer as often as asked."""
    main_path, draft_path, prompt, tokens = sys.argv[1:]
    with tempfile.TemporaryDirectory(prefix="overhead-window-") as data:
        values = ["--data-dir", data, "--main", main_path, "--draft", draft_path]
        arguments = parse_arguments([*values, "--size", "1280x800"])
        paths = resolve_paths(arguments.data_dir, os.environ)
        paths.create()
        settings = {"schema_version": 1, "max_new_tokens": int(tokens), "num_assistant_tokens": 5}
        paths.preferences_file.write_text(json.dumps(settings))
        _run(lay_foundation(arguments, paths, CrashGuard(paths.logs)), prompt)


def _run(foundation: Foundation, prompt: str) -> None:
    import qasync

    application = make_application()
    loop = qasync.QEventLoop(application)
    desktop = Desktop(foundation, application)
    desktop.open()
    asker = Asker(desktop, foundation, prompt)
    asker.ended.connect(application.quit)
    threading.Thread(target=asker.read_input, daemon=True).start()
    with loop:
        loop.run_forever()
    desktop.close()
    foundation.bridge.close()
    foundation.session.close(timeout_s=10)


if __name__ == "__main__":
    main()
