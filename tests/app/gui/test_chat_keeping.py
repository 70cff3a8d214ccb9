"""What was being written, and how answers are made, come back with their chat."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.controllers.turn import TurnStage
from engine.backends.fake_script import FakeAnswer, FakeOptions

Open = Callable[..., Any]
Scripted = Callable[..., FakeAnswer]
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def two_chats(open_window: Open, scripted: Scripted) -> tuple[Any, int, int]:
    """A window with two chats; the second is shown."""
    rig = open_window(FakeOptions(answers=(scripted(), scripted(), scripted(), scripted())))
    rig.wait_ready()
    ids: list[int] = []
    for text in ("first", "second"):
        if ids:
            rig.desktop.chat.new_chat()
        rig.type_and_send(text)
        rig.wait(lambda: rig.stage() is TurnStage.NONE and rig.desktop.journal.chat_id)
        ids.append(rig.desktop.journal.chat_id)
    return rig, ids[0], ids[1]


def show(rig: Any, chat_id: int) -> None:
    rig.desktop.history.controller.open_chat(chat_id)
    rig.wait(lambda: rig.desktop.journal.chat_id == chat_id)


def test_a_draft_comes_back_with_its_chat(two_chats: tuple[Any, int, int]) -> None:
    rig, first, second = two_chats
    edit = rig.window.page.composer.edit
    QTest.keyClicks(edit, "half a thought")
    show(rig, first)
    assert edit.toPlainText() == ""
    QTest.keyClicks(edit, "another")
    show(rig, second)
    assert edit.toPlainText() == "half a thought"
    show(rig, first)
    assert edit.toPlainText() == "another"


def test_the_draft_of_a_new_chat_waits_for_it(two_chats: tuple[Any, int, int]) -> None:
    rig, first, _ = two_chats
    edit = rig.window.page.composer.edit
    rig.desktop.chat.new_chat()
    QTest.keyClicks(edit, "to be asked")
    show(rig, first)
    assert edit.toPlainText() == ""
    rig.desktop.chat.new_chat()
    assert edit.toPlainText() == "to be asked"
    QTest.keyClick(edit, Qt.Key.Key_Return)
    rig.wait(lambda: rig.stage() is TurnStage.NONE and rig.desktop.journal.chat_id)
    rig.desktop.chat.new_chat()
    assert edit.toPlainText() == ""


def test_settings_belong_to_their_chat(two_chats: tuple[Any, int, int]) -> None:
    rig, first, second = two_chats
    generation = rig.desktop.generation
    generation.change("max_new_tokens", 77)
    show(rig, first)
    assert generation.current.max_new_tokens == 512
    show(rig, second)
    assert generation.current.max_new_tokens == 77
    rig.desktop.chat.new_chat()
    assert generation.current.max_new_tokens == 77  # a chat begun after the change


def test_the_up_arrow_edits_the_last_message(two_chats: tuple[Any, int, int]) -> None:
    rig, _, _ = two_chats
    rig.desktop.ensure_chat_view()
    QTest.keyClick(rig.window.page.composer.edit, Qt.Key.Key_Up)
    editor = rig.desktop.history.messages._editor
    assert editor is not None
    assert not editor.isHidden()


def test_what_waits_in_one_chat_is_not_sent_in_another(
    open_window: Open, scripted: Scripted
) -> None:
    rig = open_window(FakeOptions(answers=(scripted(), scripted(hang_s=2.0))))
    rig.wait_ready()
    rig.type_and_send("one")
    rig.wait(lambda: rig.stage() is TurnStage.NONE and rig.desktop.journal.chat_id)
    chat_id = rig.desktop.journal.chat_id
    rig.type_and_send("two")
    rig.type_and_send("three")
    rig.desktop.chat.new_chat()
    rig.qtbot.wait(100)
    assert len(rig.desktop.transcript) == 0
    assert rig.desktop.composing.queue.waiting == ()
    show(rig, chat_id)
    assert [item.text for item in rig.desktop.composing.queue.waiting] == ["three"]
    assert rig.window.page.composer.edit.toPlainText() == ""
