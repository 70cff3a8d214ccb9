"""A conversation from the first message to the restart, in the real window with the real pair.

Three turns, an edit, another version under another strategy, a comparison, a search, an export,
its import into an empty history, a restart: everything is there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from app.application import dress
from app.arguments import Arguments
from app.bootstrap import Foundation, lay_foundation
from app.chat_view.view import ChatView
from app.controllers.turn import TurnStage
from app.core.conversation import Message
from app.core.export.all_formats import ExportFormat
from app.crash import CrashGuard
from app.desktop import Desktop
from app.paths import resolve_paths
from app.viewmodels.chat_list_rows import RowKind
from app.views.history.compare_dialog import CompareDialog
from app.views.history.message_editor import MessageEditor

pytestmark = [
    pytest.mark.openvino,
    pytest.mark.qt_log_ignore("This plugin does not support", extend=True),
]
WAIT_MS = 60_000


class Sitting:
    """Somebody at the window, from its opening to its close."""

    def __init__(self, foundation: Foundation, desktop: Desktop, qtbot: QtBot) -> None:
        self.foundation = foundation
        self.desktop = desktop
        self.qtbot = qtbot
        self.history = desktop.history

    @property
    def view(self) -> ChatView:
        assert self.desktop.chat_view is not None
        return self.desktop.chat_view

    def wait(self, condition: Callable[[], object]) -> None:
        self.qtbot.waitUntil(lambda: bool(condition()), timeout=WAIT_MS)

    def settle(self) -> None:
        """The answer is complete, saved and listed."""
        self.wait(lambda: self.desktop.chat.stage is TurnStage.NONE)
        for _ in range(2):
            self._round_trip()

    def _round_trip(self) -> None:
        """What the store was asked for before is done and told."""
        told: list[object] = []
        access = self.desktop.journal.main_access
        access.call(lambda store: store.list_folders(), told.append)
        self.wait(lambda: told and not self.history.controller.is_refreshing)

    def say(self, text: str) -> None:
        edit = self.desktop.window.page.composer.edit
        QTest.keyClicks(edit, text)
        QTest.keyClick(edit, Qt.Key.Key_Return)
        self.settle()

    def messages(self) -> list[Message]:
        transcript = self.desktop.transcript
        return [transcript.message(row) for row in range(len(transcript))]

    def texts(self) -> list[str]:
        return [message.text for message in self.messages()]

    def act(self, row: int, name: str) -> None:
        offered = {action.id for action in self.history.messages.actions_of(row)}
        assert name.split(":", maxsplit=1)[0] in {one.split(":")[0] for one in offered}
        self.view.action_triggered.emit(row, name)

    def listed(self) -> list[str]:
        return [row.text for row in self.history.model.rows if row.kind is RowKind.CHAT]

    def open_chat(self, number: int) -> None:
        """Press Enter on a chat of the list."""
        rows = [row for row in self.history.model.rows if row.kind is RowKind.CHAT]
        listed = self.history.panel.list
        listed.setCurrentIndex(self.history.model.index_of(rows[number].key))
        QTest.keyClick(listed, Qt.Key.Key_Return)
        chat = rows[number].chat
        assert chat is not None
        self.wait(lambda: self.desktop.journal.chat_id == chat.id)

    def close(self) -> None:
        self.desktop.close()
        self.foundation.bridge.close()
        assert self.foundation.session.close(timeout_s=15.0)


Sit = Callable[[Path], Sitting]


@pytest.fixture
def sit(qtbot: QtBot, qapp: QApplication) -> Iterator[Sit]:
    """Opens the real window on a data folder, over a real engine process."""
    dress(qapp)
    open_now: list[Sitting] = []

    def start(folder: Path) -> Sitting:
        for sitting in open_now:
            sitting.close()
        open_now.clear()
        paths = resolve_paths(folder, {})
        paths.create()
        arguments = Arguments(data_dir=folder, size=(1280, 800), show_error_windows=False)
        foundation = lay_foundation(arguments, paths, CrashGuard(paths.logs))
        desktop = Desktop(foundation, qapp)
        desktop.open()
        qtbot.addWidget(desktop.window)
        sitting = Sitting(foundation, desktop, qtbot)
        open_now.append(sitting)
        sitting.wait(lambda: desktop.loads.is_ready and desktop.chat_view is not None)
        sitting.settle()
        return sitting

    yield start
    for sitting in open_now:
        sitting.close()


@pytest.mark.timeout(300)
def test_from_the_first_message_to_the_restart(sit: Sit, tmp_path: Path) -> None:
    first = sit(tmp_path / "one")
    kept = converse(first)
    exported = tmp_path / "chats.json"
    export_and_look(first, exported, tmp_path)

    again = sit(tmp_path / "one")
    assert again.texts() == [], "a window starts on a new chat"
    again.open_chat(0)
    assert again.messages() == kept
    assert [again.desktop.transcript.footer(row) != "" for row in range(4)] == [False, True] * 2

    elsewhere = sit(tmp_path / "two")
    assert elsewhere.listed() == []
    elsewhere.history.menus.transfer.import_from(exported)
    elsewhere.wait(elsewhere.listed)
    assert elsewhere.desktop.window.page.banner.title.text() == "Imported"
    elsewhere.open_chat(0)
    assert elsewhere.messages() == kept, "text, state, spans and figures"
    elsewhere.view.version_requested.emit(3, 0)
    elsewhere.wait(lambda: elsewhere.messages() != kept)
    assert elsewhere.texts()[:3] == [message.text for message in kept[:3]]


def converse(here: Sitting) -> list[Message]:
    """Three turns, an edit, another strategy, a comparison; returns what is shown at the end."""
    here.say("Tell me a story about a dog.")
    here.say("Who are you?")
    here.say("What is speculative decoding?")
    assert len(here.texts()) == 6
    assert all(here.texts())
    assert here.listed() == ["Tell me a story about a dog."]

    here.act(2, "edit")
    editor = here.view.viewport().findChild(MessageEditor)
    assert isinstance(editor, MessageEditor)
    editor.field.setPlainText("What can you do?")
    QTest.keyClick(editor.field, Qt.Key.Key_Return)
    here.settle()
    assert len(here.texts()) == 4
    assert here.texts()[2] == "What can you do?"
    assert here.desktop.transcript.versions(2).count == 2

    drafted = here.messages()[3]
    offered = next(a for a in here.history.messages.actions_of(3) if a.id == "with:")
    plain = next(child for child in offered.children if child.text.startswith("No draft"))
    here.act(3, plain.id)
    here.settle()
    plainly = here.messages()[3]
    assert plainly.text == drafted.text, "greedy: a draft changes the speed, not the words"
    assert drafted.report is not None
    assert plainly.report is not None
    assert (drafted.report.strategy, plainly.report.strategy) == ("draft", "none")
    assert any(span.accepted for span in here.messages()[1].spans)
    compare(here)
    return here.messages()


def compare(here: Sitting) -> None:
    here.act(3, "compare")
    window = here.desktop.window
    here.wait(lambda: window.findChildren(CompareDialog))
    dialog = window.findChildren(CompareDialog)[0]
    assert dialog.value("strategy", 0) == "Draft model"
    assert dialog.value("strategy", 1) == "Plain decoding"
    assert dialog.value("acceptance", 0) != "–" == dialog.value("acceptance", 1)
    assert "the same" in dialog.verdict.text()
    dialog.reject()


def export_and_look(here: Sitting, exported: Path, folder: Path) -> None:
    """Search for what another branch says, then export in every format."""
    here.desktop.window.sidebar.new_chat.click()
    QTest.keyClicks(here.history.panel.search, "speculative")
    here.wait(lambda: any(row.hit is not None for row in here.history.model.rows))
    hit = here.history.model.rows[0].hit
    assert hit is not None
    assert hit.chat_title == "Tell me a story about a dog."
    QTest.keyClick(here.history.panel.search, Qt.Key.Key_Escape)
    here.wait(here.listed)
    ids = [chat.id for chat in here.history.model.chats]
    transfer, banner = here.history.menus.transfer, here.desktop.window.page.banner
    for kind in ExportFormat:
        path = exported if kind is ExportFormat.JSON else folder / f"chat{kind.suffix}"
        banner.hide()
        transfer.export_to(ids, path, kind)
        here.wait(lambda: banner.is_shown)
        assert banner.title.text() == "Exported", banner.sentence.text()
    assert "What can you do?" in (folder / "chat.md").read_text(encoding="utf-8")
    assert "<article" in (folder / "chat.html").read_text(encoding="utf-8")
    assert (folder / "chat.pdf").read_bytes().startswith(b"%PDF")
