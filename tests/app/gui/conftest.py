"""A real window over the scripted engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import dress
from app.arguments import Arguments
from app.bootstrap import Foundation
from app.controllers.turn import TurnStage
from app.core.load_choice import LoadChoice, ModelPair
from app.core.preferences import Preferences, PreferenceValue, changed
from app.core.preferences_file import PreferencesFile
from app.crash import CrashGuard
from app.desktop import Desktop
from app.engine_bridge import EngineBridge
from app.paths import resolve_paths
from app.views.main_window import MainWindow
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeAnswer, FakeOptions
from engine.events import FinishReason
from engine.session import InferenceSession
from tests.windows import delete_closed_windows

PAIR = ModelPair(
    main_name="Main",
    main_path=Path("main"),
    draft_name="Draft",
    draft_path=Path("draft"),
    is_demonstration=True,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rig:
    """A real window over a scripted engine."""

    desktop: Desktop
    backend: FakeBackend
    session: InferenceSession
    preferences_path: Path
    qtbot: QtBot

    @property
    def window(self) -> MainWindow:
        return self.desktop.window

    def wait(self, condition: Callable[[], object]) -> None:
        """Run the event loop until `condition` holds."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=10_000)

    def wait_ready(self) -> None:
        self.wait(lambda: self.desktop.loads.is_ready)

    def type_and_send(self, text: str) -> None:
        edit = self.window.page.composer.edit
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)

    def stage(self) -> TurnStage:
        """How far the current exchange got."""
        return self.desktop.chat.stage

    def texts(self) -> list[str]:
        transcript = self.desktop.transcript
        return [transcript.message(row).text for row in range(len(transcript))]


@pytest.fixture(scope="session")
def dressed_application(qapp: QApplication) -> QApplication:
    dress(qapp)
    return qapp


@pytest.fixture
def open_window(
    qtbot: QtBot, dressed_application: QApplication, tmp_path: Path
) -> Iterator[Callable[..., Rig]]:
    """Opens windows over a FakeBackend with the given options and preferences."""
    rigs: list[tuple[Rig, EngineBridge]] = []

    def open_one(
        options: FakeOptions | None = None,
        *,
        file_content: str | None = None,
        arguments: Arguments | None = None,
        **preferences: PreferenceValue,
    ) -> Rig:
        paths = resolve_paths(tmp_path / "data", {})
        paths.create()
        file = PreferencesFile(paths.preferences_file)
        if file_content is not None:
            file.path.write_text(file_content)
        elif preferences:
            file.write(changed(Preferences(), preferences))
        loaded = file.read()
        bridge, backend = EngineBridge(), FakeBackend(options)
        session = InferenceSession(backend, bridge.post)
        current = loaded.preferences
        choice = LoadChoice(pair=PAIR, strategy=current.strategy)
        foundation = Foundation(
            arguments=arguments or Arguments(size=(1280, 800), show_error_windows=False),
            paths=paths,
            guard=CrashGuard(paths.logs),
            preferences_file=file,
            loaded_preferences=loaded,
            choice=choice,
            bridge=bridge,
            session=session,
            notices=(loaded.notice,) if loaded.notice else (),
        )
        desktop = Desktop(foundation, dressed_application)
        desktop.open()
        rig = Rig(
            desktop=desktop,
            backend=backend,
            session=session,
            preferences_path=paths.preferences_file,
            qtbot=qtbot,
        )
        qtbot.addWidget(desktop.window)
        rigs.append((rig, bridge))
        return rig

    yield open_one
    for rig, bridge in rigs:
        rig.desktop.close()
        bridge.close()
        assert rig.session.close(timeout_s=5.0)
    rigs.clear()
    delete_closed_windows()


@pytest.fixture
def scripted() -> Callable[..., FakeAnswer]:
    """An answer of three runs: 1 + 4 + 2 tokens, 'One two three four five six seven.'"""

    def make(**changes: Any) -> FakeAnswer:
        runs = ((1, "One"), (4, " two three four five"), (2, " six seven."))
        fields: dict[str, Any] = {"runs": runs, "finish_reason": FinishReason.END}
        return FakeAnswer(**{**fields, **changes})

    return make
