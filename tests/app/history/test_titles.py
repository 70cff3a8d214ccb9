"""Automatic titles: by the model while it is idle, or else the first words of the message."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from app.core.attachments.prompt import compose
from app.core.attachments.values import Attachment
from app.core.chat_title import own_words
from engine.errors import ErrorCode, ErrorInfo
from tests.app.history.conftest import REAL, OpenRoom, answer

LONG = "Please tell me everything there is to know about rye bread and how to bake it"


def test_the_demonstration_pair_is_not_asked_for_titles(open_room: OpenRoom) -> None:
    room = open_room(answer("Well."), answer("Never asked."))
    room.say(LONG)
    room.qtbot.wait(800)
    assert room.titles() == ["Please tell me everything there is to know\u2026"]
    room.say("And?")
    assert room.texts()[3] == "Never asked."


def test_a_model_names_the_chat(open_room: OpenRoom) -> None:
    room = open_room(answer("Well."), answer('Title: "Baking rye bread".'), pair=REAL)
    room.say(LONG)
    room.wait(lambda: room.titles() == ["Baking rye bread"])
    assert room.texts() == [LONG, "Well."], "nothing of it is shown in the chat"


def test_a_title_is_about_what_was_written_not_about_what_was_attached() -> None:
    message = compose([Attachment(name="long.txt", text="data " * 900)], "Sum this up.")
    assert own_words(message) == "Sum this up."
    assert own_words(compose([Attachment(name="a.txt", text="x")], "")) == "a.txt"


def test_the_users_own_title_stays(open_room: OpenRoom) -> None:
    room = open_room(answer("Well."), answer("Baking rye bread"), pair=REAL)
    room.say(LONG)
    chat_id = room.desktop.journal.chat_id
    assert chat_id is not None
    room.history.controller.rename(chat_id, "Mine")
    room.qtbot.wait(900)
    room.settle()
    assert room.titles() == ["Mine"]


def test_a_title_gives_way_to_a_message_and_still_comes(open_room: OpenRoom) -> None:
    room = open_room(
        answer("Well."),
        answer("Never", hang_s=60.0),
        answer("An answer."),
        answer("Baking rye bread"),
        pair=REAL,
    )
    room.say(LONG)
    room.wait(lambda: room.desktop.loads.state == "generating")
    edit = room.desktop.window.page.composer.edit
    edit.setPlainText("And?")
    QTest.keyClick(edit, Qt.Key.Key_Return)
    room.settle()
    assert room.texts()[2:] == ["And?", "An answer."]
    room.wait(lambda: room.titles() == ["Baking rye bread"])


def test_a_chat_is_named_after_it_was_left(open_room: OpenRoom) -> None:
    room = open_room(answer("Well.", hang_s=0.3), answer("Baking rye bread"), pair=REAL)
    edit = room.desktop.window.page.composer.edit
    edit.setPlainText(LONG)
    QTest.keyClick(edit, Qt.Key.Key_Return)
    room.wait(lambda: room.texts()[1:] == ["Well."])
    room.desktop.window.sidebar.new_chat.click()
    room.wait(lambda: room.titles() == ["Baking rye bread"])


def test_a_failed_title_leaves_the_first_words(open_room: OpenRoom) -> None:
    error = ErrorInfo(code=ErrorCode.RUNTIME_FAILED, message="no")
    room = open_room(answer("Well."), answer("x", error=error), pair=REAL)
    room.say("Bread")
    room.qtbot.wait(900)
    room.settle()
    assert room.titles() == ["Bread"]
    assert not room.desktop.window.page.banner.is_shown
