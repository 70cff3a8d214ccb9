"""Windows over one data folder that can be closed and opened again, over the scripted engine."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu
from pytestqt.qtbot import QtBot

from app.application import dress
from app.arguments import Arguments
from app.bootstrap import Foundation
from app.chat_view.message_actions import MessageAction
from app.chat_view.view import ChatView
from app.controllers.store_access import StoreAccess
from app.controllers.turn import TurnStage
from app.core.load_choice import LoadChoice, ModelPair
from app.core.preferences_file import PreferencesFile
from app.crash import CrashGuard
from app.desktop import Desktop
from app.engine_bridge import EngineBridge
from app.features.history import History
from app.paths import resolve_paths
from app.viewmodels.chat_list_rows import RowKind
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeAnswer, FakeOptions
from engine.session import InferenceSession
from tests.windows import delete_closed_windows

DEMONSTRATION = ModelPair(
    main_name="Main",
    main_path=Path("main"),
    draft_name="Draft",
    draft_path=Path("draft"),
    is_demonstration=True,
)
REAL = ModelPair(
    main_name="Main", main_path=Path("main"), draft_name="Draft", draft_path=Path("draft")
)


@dataclass(slots=True, kw_only=True, eq=False)
class Room:
    """One window that is open now."""

    desktop: Desktop
    session: InferenceSession
    backend: FakeBackend
    bridge: EngineBridge
    qtbot: QtBot
    is_open: bool = True

    @property
    def history(self) -> History:
        return self.desktop.history

    @property
    def view(self) -> ChatView:
        self.desktop.ensure_chat_view()
        assert self.desktop.chat_view is not None
        return self.desktop.chat_view

    def wait(self, condition: Callable[[], object]) -> None:
        """Run the event loop until `condition` holds."""
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=15_000)

    def close(self) -> None:
        """Close the window and everything behind it, as at the end of the program."""
        if self.is_open:
            self.is_open = False
            self.desktop.close()
            self.bridge.close()
            assert self.session.close(timeout_s=5.0)

    def say(self, text: str) -> None:
        """Type a message, send it, and wait for the whole answer."""
        edit = self.desktop.window.page.composer.edit
        edit.setPlainText(text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        self.settle()

    def settle(self) -> None:
        """Wait until no answer is being made and everything is saved and listed."""
        self.wait(lambda: self.desktop.chat.stage is TurnStage.NONE)
        self.settle_list()

    def settle_list(self) -> None:
        """Wait until everything is saved and listed, whatever is being made."""
        self._round_trip()
        self.wait(lambda: not self.history.controller.is_refreshing)
        self._round_trip()

    def _round_trip(self) -> None:
        """What the store was asked for before is done and told."""
        for access in {self.desktop.journal.access, self.desktop.journal.main_access}:
            self._wait_for(access)

    def _wait_for(self, access: StoreAccess) -> None:
        done: list[object] = []
        access.call(lambda store: store.list_folders(), done.append)
        self.wait(lambda: done)

    def texts(self) -> list[str]:
        """The texts of the messages that are shown."""
        transcript = self.desktop.transcript
        return [transcript.message(row).text for row in range(len(transcript))]

    def titles(self) -> list[str]:
        """What the list says, headings left out."""
        rows = self.history.model.rows
        return [row.text for row in rows if row.kind not in (RowKind.HEADING, RowKind.NOTE)]

    def headings(self) -> list[str]:
        """The headings of the list."""
        return [row.text for row in self.history.model.rows if row.kind is RowKind.HEADING]

    def versions(self, row: int) -> tuple[int, int]:
        """(number from 1, count) of a message."""
        versions = self.desktop.transcript.versions(row)
        return versions.index + 1, versions.count

    def actions(self, row: int) -> dict[str, MessageAction]:
        """The actions of a message by id."""
        return {action.id: action for action in self.history.messages.actions_of(row)}

    def act(self, row: int, name: str) -> None:
        """Choose an action of a message."""
        self.view.action_triggered.emit(row, name)

    def choose_chat(self, title: str) -> None:
        """Click a chat in the list and wait until it is shown."""
        row = next(r for r in self.history.model.rows if r.text == title and r.chat)
        listed = self.history.panel.list
        index = self.history.model.index_of(row.key)
        place = listed.visualRect(index).center()
        QTest.mouseClick(listed.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert row.chat is not None
        wanted = row.chat.id
        self.wait(lambda: self.desktop.journal.chat_id == wanted)


OpenRoom = Callable[..., Room]


@pytest.fixture(scope="session")
def dressed(qapp: QApplication) -> QApplication:
    dress(qapp)
    return qapp


@pytest.fixture
def open_room(qtbot: QtBot, dressed: QApplication, tmp_path: Path) -> Iterator[OpenRoom]:
    """Opens a window over the data of this test; close one before opening the next."""
    rooms: list[Room] = []

    def open_one(
        *answers: FakeAnswer, pair: ModelPair = DEMONSTRATION, options: FakeOptions | None = None
    ) -> Room:
        paths = resolve_paths(tmp_path / "data", {})
        paths.create()
        file = PreferencesFile(paths.preferences_file)
        bridge = EngineBridge()
        backend = FakeBackend(options or FakeOptions(answers=answers))
        session = InferenceSession(backend, bridge.post)
        choice = LoadChoice(pair=pair)
        foundation = Foundation(
            arguments=Arguments(size=(1280, 800), show_error_windows=False),
            paths=paths,
            guard=CrashGuard(paths.logs),
            preferences_file=file,
            loaded_preferences=file.read(),
            choice=choice,
            bridge=bridge,
            session=session,
            notices=(),
        )
        desktop = Desktop(foundation, dressed)
        desktop.open()
        qtbot.addWidget(desktop.window)
        room = Room(desktop=desktop, session=session, backend=backend, bridge=bridge, qtbot=qtbot)
        rooms.append(room)
        room.wait(lambda: desktop.loads.is_ready)
        room.wait(lambda: desktop.journal.main_access.is_open)
        room.settle()
        return room

    yield open_one
    for room in rooms:
        room.close()
    rooms.clear()
    delete_closed_windows()


def answer(text: str, **changes: object) -> FakeAnswer:
    """An answer of two runs: the first word, then the rest."""
    first, space, rest = text.partition(" ")
    runs = ((1, first), (max(1, rest.count(" ") + 1), space + rest))
    return FakeAnswer(runs=runs, **changes)  # type: ignore[arg-type]


def entries(menu: QMenu) -> dict[str, object]:
    """The texts of a menu with their actions; shortcuts left out."""
    return {action.text(): action for action in menu.actions() if not action.isSeparator()}
