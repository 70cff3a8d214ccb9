"""Versions of messages: editing, regenerating, switching, comparing, deleting, branching."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from app.core.attachments.prompt import compose
from app.core.attachments.values import Attachment
from app.core.preferences import FontSize
from app.core.store.codec import report_from_plain
from app.views.history.compare_dialog import CompareDialog
from app.views.history.figures_dialog import FiguresDialog
from app.views.history.message_editor import MessageEditor
from engine.placement import Strategy
from tests.app.history.conftest import OpenRoom, Room, answer

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def editor_of(room: Room) -> MessageEditor:
    return room.view.viewport().findChild(MessageEditor)  # type: ignore[return-value]


def edit(room: Room, row: int, text: str) -> None:
    """Change a message in its editor and send it."""
    room.act(row, "edit")
    editor = editor_of(room)
    assert editor.isVisible()
    editor.field.setPlainText(text)
    QTest.keyClick(editor.field, Qt.Key.Key_Return)
    assert not editor.isVisible()
    room.settle()


def test_an_edited_message_starts_another_branch(open_room: OpenRoom) -> None:
    room = open_room(answer("A dog."), answer("It barks."), answer("A cat."))
    room.say("Tell me of a dog")
    room.say("And then?")
    edit(room, 0, "Tell me of a cat")
    assert room.texts() == ["Tell me of a cat", "A cat."]
    assert room.versions(0) == (2, 2)
    room.view.version_requested.emit(0, 0)
    room.wait(lambda: len(room.texts()) == 4)
    assert room.texts() == ["Tell me of a dog", "A dog.", "And then?", "It barks."]
    assert room.versions(0) == (1, 2)
    room.view.version_requested.emit(0, 1)
    room.wait(lambda: len(room.texts()) == 2)
    assert room.texts() == ["Tell me of a cat", "A cat."]


def test_what_was_attached_is_shown_by_name_and_sent_again(open_room: OpenRoom) -> None:
    room = open_room(answer("A list."), answer("Another."), answer("Nothing."))
    attached = [Attachment(name="a.txt", text="one"), Attachment(name="b.txt", text="two")]
    room.desktop.chat.send(compose(attached, "What is this?"))
    room.wait(lambda: len(room.texts()) == 2 and not room.desktop.window.page.composer.is_busy)
    room.settle()
    room.desktop.preferences.update(font_size=FontSize.EXTRA_LARGE)
    room.act(0, "edit")
    editor = editor_of(room)
    assert editor.field.toPlainText() == "What is this?"
    assert [chip.toolTip() for chip in editor.chips.chips] == ["a.txt", "b.txt"]
    assert editor.field.fontInfo().pixelSize() == room.view.column.style.font_px
    editor.chips.chips[0].remove_button.click()
    QTest.keyClick(editor.field, Qt.Key.Key_Return)
    room.settle()
    assert room.texts()[0] == compose(attached[1:], "What is this?")


def test_escape_leaves_a_message_as_it_was(open_room: OpenRoom) -> None:
    room = open_room(answer("A dog."))
    room.say("Tell me of a dog")
    room.act(0, "edit")
    editor = editor_of(room)
    assert editor.field.toPlainText() == "Tell me of a dog"
    editor.field.setPlainText("Something else")
    QTest.keyClick(editor.field, Qt.Key.Key_Escape)
    assert not editor.isVisible()
    assert room.texts() == ["Tell me of a dog", "A dog."]


def test_regenerating_keeps_the_other_answer_over_a_restart(open_room: OpenRoom) -> None:
    room = open_room(answer("First."), answer("Second."))
    room.say("Say something")
    room.act(1, "regenerate")
    room.settle()
    assert room.texts() == ["Say something", "Second."]
    assert room.versions(1) == (2, 2)
    room.close()
    again = open_room()
    again.choose_chat("Say something")
    assert again.texts() == ["Say something", "Second."]
    assert again.versions(1) == (2, 2)
    again.view.version_requested.emit(1, 0)
    again.wait(lambda: again.texts()[1] == "First.")


def test_regenerating_with_another_strategy_loads_it_first(open_room: OpenRoom) -> None:
    room = open_room(answer("First."), answer("Second."))
    room.say("Say something")
    children = room.actions(1)["with:"].children
    texts = [child.text for child in children]
    assert "Prompt lookup" in texts
    assert "No draft (plain decoding)" in texts
    assert "Draft model" not in texts, "that is what made the answer"
    assert "Main model on GPU" in texts
    plain = next(child for child in children if child.text.startswith("No draft"))
    room.act(1, plain.id)
    room.settle()
    assert room.texts() == ["Say something", "Second."]
    report = room.desktop.transcript.report(1)
    assert report is not None
    assert report.strategy == Strategy.NONE
    assert room.backend.load_count == 2


def test_versions_are_compared_side_by_side(open_room: OpenRoom) -> None:
    room = open_room(answer("First."), answer("Second."))
    room.say("Say something")
    assert "compare" not in room.actions(1)
    plain = next(c for c in room.actions(1)["with:"].children if c.text.startswith("No draft"))
    room.act(1, plain.id)
    room.settle()
    room.act(1, "compare")
    window = room.desktop.window
    room.wait(lambda: window.findChildren(CompareDialog))
    dialog = window.findChildren(CompareDialog)[0]
    assert dialog.value("strategy", 0) == "Draft model"
    assert dialog.value("strategy", 1) == "Plain decoding"
    assert dialog.value("tokens", 0) == "2"
    assert "differ" in dialog.verdict.text()
    dialog.columns[0].choice.setCurrentIndex(1)
    assert "same version" in dialog.verdict.text()
    dialog.reject()


def test_a_message_is_deleted_and_comes_back(open_room: OpenRoom) -> None:
    room = open_room(answer("A."), answer("B."))
    room.say("One")
    room.say("Two")
    room.act(2, "delete")
    room.wait(lambda: len(room.texts()) == 3)
    assert room.texts() == ["One", "A.", "B."]
    bar = room.history.messages.undo_bar
    assert bar.isVisible()
    bar.undo_button.click()
    room.wait(lambda: len(room.texts()) == 4)
    assert room.texts() == ["One", "A.", "Two", "B."]


def test_a_branch_becomes_a_chat_of_its_own(open_room: OpenRoom) -> None:
    room = open_room(answer("A."), answer("B."))
    room.say("One")
    room.say("Two")
    first = room.desktop.journal.chat_id
    room.act(1, "branch")
    room.wait(lambda: room.desktop.journal.chat_id != first)
    room.settle()
    assert room.texts() == ["One", "A."]
    assert len(room.titles()) == 2


def test_figures_have_definitions_and_leave_as_json(open_room: OpenRoom) -> None:
    room = open_room(answer("First and more."))
    room.say("Say something")
    room.act(1, "details")
    dialog = room.desktop.window.findChildren(FiguresDialog)[0]
    assert all(row.definition for row in dialog.rows)
    values = {row.key: row.value for row in dialog.rows}
    assert values["tokens"] == "3"
    dialog.copy_button.click()
    copied = json.loads(QGuiApplication.clipboard().text())
    assert report_from_plain(copied) == room.desktop.transcript.report(1)
    dialog.reject()


def test_nothing_can_be_changed_while_an_answer_is_made(open_room: OpenRoom) -> None:
    room = open_room(answer("A."), answer("B.", hang_s=60.0))
    room.say("One")
    composer = room.desktop.window.page.composer
    composer.edit.setPlainText("Two")
    composer.send_button.click()
    room.wait(lambda: room.texts()[3:] == ["B."])
    free = {name for name, action in room.actions(1).items() if action.enabled}
    assert free == {"copy", "copy_text", "details"}
    room.desktop.chat.stop()
    room.settle()
    assert room.actions(3)["regenerate"].enabled


def test_copying_gives_the_markdown_or_what_is_drawn(open_room: OpenRoom) -> None:
    room = open_room(answer("A **bold** word."))
    room.say("One")
    clipboard = QGuiApplication.clipboard()
    room.act(1, "copy")
    assert clipboard.text() == "A **bold** word."
    room.act(1, "copy_text")
    assert clipboard.text() == "A bold word."
    assert room.view.selection.is_empty
