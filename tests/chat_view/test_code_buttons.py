"""Buttons on code: copying, wrapping, saving."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QGuiApplication,
)

from app.chat_view.code_buttons import CodeBar
from app.core.conversation import Message
from engine.messages import Role

Chat = Any
QtBot = Any  # its mouse and key methods have no types
LEFT = Qt.MouseButton.LeftButton


def history(count: int) -> list[Message]:
    code = "```python\nx = 1\n```\n"
    return [Message(role=Role.ASSISTANT, text=code) for _ in range(count)]


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def bar_of(chat: Chat) -> Any:
    return chat.view.verticalScrollBar()


def test_copy_button_copies_the_code(chat: Chat, qtbot: QtBot) -> None:
    chat.answer("- x\n\n  ```sh\n  ls\n  ```\n\n```python\nprint(1)\n\nprint(2)\n```\n")
    nested, block = (bar.copy for bar in chat.view._buttons.shown)
    assert (nested.accessibleName(), block.accessibleName()) == ("Copy code", "Copy python code")
    with qtbot.waitSignal(chat.view.copied):
        qtbot.mouseClick(block, LEFT)
    assert clipboard() == "print(1)\n\nprint(2)"
    assert block.text() == "Copied"
    nested.setFocus()
    qtbot.keyClick(nested, Qt.Key.Key_Space)
    assert clipboard() == "ls"
    qtbot.waitUntil(lambda: block.text() == "Copy", timeout=4000)


def test_long_lines_of_code_wrap_when_asked(chat: Chat, qtbot: QtBot) -> None:
    chat.answer(f"```python\nx = '{'wide ' * 60}'\n```\n\n```python\nshort\n```\n")
    wide, short = chat.view._buttons.shown
    assert not wide.wrap.isHidden()
    assert short.wrap.isHidden()
    block = chat.view.column.items[0].blocks[0]
    height = block.height
    assert block.sideways.maximum > 0
    qtbot.mouseClick(wide.wrap, LEFT)
    assert block.sideways.maximum == 0
    assert block.height > height
    assert wide.wrap.isChecked()
    chat.view.resize(700, 700)
    assert chat.view.column.items[0].blocks[0].parts.wraps
    qtbot.mouseClick(chat.view._buttons.shown[0].wrap, LEFT)
    assert chat.view.column.items[0].blocks[0].sideways.maximum > 0
    assert chat.rendered(0)[0] == f"x = '{'wide ' * 60}'"


@pytest.mark.parametrize(
    ("language", "name"),
    [("python", "code.py"), ("cpp", "code.cpp"), ("", "code.txt"), ("no-such", "code.txt")],
)
def test_code_is_offered_as_a_file(chat: Chat, qtbot: QtBot, language: str, name: str) -> None:
    chat.answer(f"```{language}\nline 1\n\nline 2\n```\n")
    (bar,) = chat.view._buttons.shown
    with qtbot.waitSignal(chat.view.save_requested) as caught:
        qtbot.mouseClick(bar.save, LEFT)
    assert caught.args == ["line 1\n\nline 2", name]


def test_copy_buttons_are_reused_while_scrolling(chat: Chat) -> None:
    chat.model.replace(history(100))
    bar = bar_of(chat)
    for value in range(bar.maximum(), 0, -400):
        bar.setValue(value)
    assert len(chat.view.viewport().findChildren(CodeBar)) < 12
