"""What a screen reader gets: a list of messages with names, and a word when an answer has ended."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest
import shiboken6
from PySide6.QtGui import QAccessible
from pytestqt.qtbot import QtBot

from app.chat_view.style import Style
from app.chat_view.view import ChatView
from app.core.conversation import MessageState
from app.viewmodels.transcript_model import TranscriptModel

Chat = Any

TEARDOWN = """
import sys
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication
from app.chat_view.style import Style
from app.chat_view.view import ChatView
from app.core.conversation import Message
from app.viewmodels.transcript_model import TranscriptModel
from engine.messages import Role
application = QApplication([])
QAccessible.setActive(True)
for _ in range(3):
    model = TranscriptModel()
    view = ChatView(Style.light())
    view.set_model(model)
    view.show()
    for _ in range(5):
        model.append(Message(role=Role.USER, text="hello"))
    interface = QAccessible.queryAccessibleInterface(view)
    names = [interface.child(n).text(QAccessible.Text.Name) for n in range(5)]
    application.processEvents()
    if "delete" in sys.argv:
        view.deleteLater()
        application.sendPostedEvents()
        application.processEvents()
print(names[4])
"""


def test_messages_are_list_items(chat: Chat) -> None:
    chat.ask("a question")
    row = chat.answer("an **answer**")
    chat.model.set_footer(row, "12 tok/s")
    chat.model.set_notice(row, "Stopped.")
    interface = QAccessible.queryAccessibleInterface(chat.view)
    assert interface.role() is QAccessible.Role.List
    assert interface.text(QAccessible.Text.Name) == "Chat messages"
    assert interface.childCount() >= 2
    item = interface.child(row)
    assert item.role() is QAccessible.Role.ListItem
    assert item.text(QAccessible.Text.Name) == "Assistant: an **answer**"
    assert item.text(QAccessible.Text.Description) == "Stopped.\n12 tok/s"
    assert interface.child(0).text(QAccessible.Text.Name) == "You: a question"
    assert interface.indexOfChild(item) == row
    assert item.parent().role() is QAccessible.Role.List
    assert item.state().readOnly
    centre = item.rect().center()
    assert interface.childAt(centre.x(), centre.y()).text(QAccessible.Text.Name).startswith("A")


def test_buttons_and_bars_are_children_too(chat: Chat) -> None:
    chat.answer("```\ncode\n```\n")
    interface = QAccessible.queryAccessibleInterface(chat.view)
    children = [interface.child(n) for n in range(interface.childCount())]
    assert all(child.isValid() for child in children)


def test_messages_that_are_gone_are_invalid(chat: Chat) -> None:
    chat.ask("one")
    item = QAccessible.queryAccessibleInterface(chat.view).child(0)
    assert item.isValid()
    chat.model.clear()
    assert not item.isValid()
    assert item.text(QAccessible.Text.Name) == ""


def test_deleting_a_view_releases_its_messages(qtbot: QtBot) -> None:
    view = ChatView(Style.light())
    model = TranscriptModel()
    view.set_model(model)
    interface = QAccessible.queryAccessibleInterface(view)
    shiboken6.delete(view)
    assert not shiboken6.isValid(interface)


@pytest.mark.parametrize("option", ["keep", "delete"])
def test_the_program_ends_cleanly(option: str) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", "-c", TEARDOWN, option],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "You: hello\n", "")


def test_the_end_of_an_answer_is_announced_once(
    chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []

    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(
        QAccessible,
        "updateAccessibility",
        lambda event: said.append(event.message()),
    )
    row = chat.begin()
    chat.stream(row, ["some ", "text"])
    assert said == []
    chat.model.finish(
        row, text="some text", state=MessageState.STOPPED, report=None, note="You stopped it."
    )
    chat.model.set_footer(row, "12 tok/s")
    assert said == ["Answer finished. You stopped it."]
