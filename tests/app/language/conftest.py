"""The whole window with a scripted engine, in a language."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from app.arguments import Arguments
from app.async_generators import closing_generators
from app.bootstrap import lay_foundation
from app.core.preferences import Language, Preferences, changed
from app.core.preferences_file import PreferencesFile
from app.crash import CrashGuard
from app.desktop import Desktop, dress
from app.paths import resolve_paths
from tests.windows import delete_closed_windows

LIMIT_S = 60.0
Scenario = Callable[[Desktop], Awaitable[None]]
Play = Callable[[Language, Scenario], None]


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path) -> Iterator[Play]:
    """Opens a window with a fresh data folder in a language and lets a scenario use it."""
    dress(qapp)
    loop = qasync.QEventLoop(qapp, already_running=False)
    numbers = count()

    def run(language: Language, scenario: Scenario) -> None:
        paths = resolve_paths(tmp_path / f"data{next(numbers)}", {})
        paths.create()
        wanted = changed(Preferences(), {"language": language, "theme": "light"})
        PreferencesFile(paths.preferences_file).write(wanted)
        arguments = Arguments(size=(1280, 800), show_error_windows=False, demo=True)
        foundation = lay_foundation(arguments, paths, CrashGuard(paths.logs))
        desktop = Desktop(foundation, qapp)
        desktop.open()

        async def whole() -> None:
            try:
                async with asyncio.timeout(LIMIT_S):
                    await scenario(desktop)
            finally:
                await desktop.end_tasks()

        try:
            with closing_generators(loop):
                loop.run_until_complete(whole())
        finally:
            desktop.close()
            foundation.bridge.close()
            assert foundation.session.close(timeout_s=8.0)
            desktop.window.deleteLater()
            delete_closed_windows()

    yield run
    loop.close()
    asyncio.set_event_loop(None)
    delete_closed_windows()
