"""The whole window over an engine process: processor time of one answer, for `token_cost`."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from app.application import make_application
from app.arguments import Arguments
from app.bootstrap import Foundation
from app.core.load_choice import LoadChoice, ModelPair
from app.core.preferences_file import PreferencesFile
from app.crash import CrashGuard
from app.desktop import Desktop
from app.engine_bridge import EngineBridge
from app.paths import resolve_paths
from engine.backends.process_backend import ProcessBackend
from engine.metrics.report import GenerationReport
from engine.session import InferenceSession

SETTLE_MS = 700
PAIR = ModelPair(
    main_name="Main", main_path=Path("main"), draft_name="Draft", draft_path=Path("draft")
)


def measure(engine: Sequence[str]) -> tuple[float, float]:
    """Processor seconds of the second answer, from asking to all being still: process, GUI thread.

    `engine`: the command of the engine process, whose own time does not count.
    """
    import qasync

    application = make_application()
    loop = qasync.QEventLoop(application)
    with tempfile.TemporaryDirectory(prefix="token-cost-window-") as data:
        foundation = _foundation(Path(data), engine)
        desktop = Desktop(foundation, application)
        desktop.open()
        figures = _watch(desktop, application)
        with loop:
            loop.run_forever()
        desktop.close()
        foundation.bridge.close()
        foundation.session.close(timeout_s=10)
    return figures[-1]


def _foundation(data: Path, engine: Sequence[str]) -> Foundation:
    paths = resolve_paths(data, {})
    paths.create()
    file = PreferencesFile(paths.preferences_file)
    bridge, backend = EngineBridge(), ProcessBackend(log_dir=paths.logs, command=engine)
    return Foundation(
        arguments=Arguments(size=(1280, 800), show_error_windows=False),
        paths=paths,
        guard=CrashGuard(paths.logs),
        preferences_file=file,
        loaded_preferences=file.read(),
        choice=LoadChoice(pair=PAIR),
        bridge=bridge,
        session=InferenceSession(backend, bridge.post),
        notices=(),
    )


def _watch(desktop: Desktop, application: QApplication) -> list[tuple[float, float]]:
    """Ask twice; the first answer warms caches."""
    figures: list[tuple[float, float]] = []
    started = (0.0, 0.0)

    def ask() -> None:
        nonlocal started
        started = (time.process_time(), time.thread_time())
        desktop.chat.send("A story.")

    def settled() -> None:
        figures.append((time.process_time() - started[0], time.thread_time() - started[1]))
        if len(figures) < 2:
            ask()
        else:
            application.quit()

    def answered(_report: GenerationReport) -> None:
        QTimer.singleShot(SETTLE_MS, settled)

    desktop.chat.answered.connect(answered)
    QTimer.singleShot(SETTLE_MS, ask)
    return figures
