"""The whole window with a scripted engine, in a language."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from app.core.preferences import Language, Preferences, changed
from app.core.preferences_file import PreferencesFile
from app.desktop import Desktop
from app.paths import resolve_paths
from tests.windows import use_window, window_loop

LIMIT_S = 60.0
Scenario = Callable[[Desktop], Awaitable[None]]
Play = Callable[[Language, Scenario], None]


@pytest.fixture
def play(qapp: QApplication, tmp_path: Path) -> Iterator[Play]:
    """Opens a window with a fresh data folder in a language and lets a scenario use it."""
    numbers = count()
    with window_loop(qapp) as loop:

        def run(language: Language, scenario: Scenario) -> None:
            paths = resolve_paths(tmp_path / f"data{next(numbers)}", {})
            paths.create()
            wanted = changed(Preferences(), {"language": language, "theme": "light"})
            PreferencesFile(paths.preferences_file).write(wanted)
            use_window(loop, scenario, paths=paths, limit_s=LIMIT_S)

        yield run
