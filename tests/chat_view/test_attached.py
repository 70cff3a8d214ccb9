"""Attached texts in a message of the user: one line each, opened when wanted, copied whole."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTranslator
from PySide6.QtGui import QAccessible

from app.chat_view.attached import searched_text, spoken_text, user_pieces
from app.chat_view.pieces import PieceKind
from app.core.attachments.prompt import attached_parts, compose, split
from app.core.attachments.values import Attachment
from tests.chat_view.samples import clipboard

Chat = Any
QtBot = Any  # its mouse and key methods have no types
LEFT = Qt.MouseButton.LeftButton
NOTES = Attachment(name="notes 笔记.md", text="first line\nsecond line with a word\n")
CODE = Attachment(name="step.py", text="def f(x):\n    return x")
MESSAGE = compose([NOTES, CODE], "What do these say?\n\nIn short.")
TEXTS = st.text(alphabet='ab\n<>/file_"= ', max_size=60)


@given(texts=st.lists(TEXTS, max_size=3), written=TEXTS)
def test_pieces_are_exactly_the_message(texts: list[str], written: str) -> None:
    message = compose([Attachment(name="a.txt", text=text) for text in texts], written)
    pieces = user_pieces(message)
    assert "".join(piece.source for piece in pieces) == message
    for piece in pieces:
        assert message[piece.offset : piece.offset + len(piece.source)] == piece.source
    parts = attached_parts(message)
    assert [message[part.text_start : part.text_end] for part in parts] == [
        attachment.text for attachment in split(message).attachments
    ]


def test_each_text_is_one_line_that_tells_name_and_size(chat: Chat) -> None:
    row = chat.ask(MESSAGE)
    item = chat.view.column.parsed(row)
    shown = [index for index, block in enumerate(item.blocks) if not block.hidden]
    texts = [chat.view.column.built(row, index).text() for index in shown]
    assert texts == [
        "notes 笔记.md   35\u202fB, about 10 tokens",
        "step.py   22\u202fB, about 7 tokens",
        "What do these say?\n\nIn short.",
    ]


def chip_point(chat: Chat, row: int, number: int) -> QPoint:
    item = chat.view.column.items[row]
    block = item.attachments[number]
    corner = chat.view.message_rect(row).topLeft()
    return QPoint(corner.x() + item.left_of(block) + 8, corner.y() + block.top + block.height // 2)


def test_a_click_opens_and_closes_it(chat: Chat, qtbot: QtBot, settle: Callable[[], None]) -> None:
    row = chat.ask(MESSAGE)
    settle()
    item = chat.view.column.items[row]
    before = item.height
    qtbot.mouseClick(chat.view.viewport(), LEFT, pos=chip_point(chat, row, 0))
    settle()
    assert [block.is_unfolded for block in item.attachments] == [True, False]
    assert item.height > before
    drawn = [placed.block.text() for placed in chat.placed()]
    assert drawn[1].startswith("first line\nsecond line")
    assert not any("</file>" in text for text in drawn)
    qtbot.mouseClick(chat.view.viewport(), LEFT, pos=chip_point(chat, row, 0))
    assert item.height == before


def test_the_keyboard_opens_them(chat: Chat, qtbot: QtBot) -> None:
    row = chat.ask(MESSAGE)
    chat.view.focus_message(row)
    item = chat.view.column.items[row]
    qtbot.keyClick(chat.view, Qt.Key.Key_Space)
    assert all(block.is_unfolded for block in item.attachments)
    menu = chat.view.details.menu(chat.point_of(row, 0, 0))
    entries = {action.text(): action for action in menu.actions()}
    entries["Hide step.py"].trigger()
    assert [block.is_unfolded for block in item.attachments] == [True, False]
    qtbot.keyClick(chat.view, Qt.Key.Key_Space)
    assert not any(block.is_unfolded for block in item.attachments)


@pytest.mark.parametrize("unfolded", [False, True])
def test_copying_gives_all(chat: Chat, unfolded: bool) -> None:
    row = chat.ask(MESSAGE)
    for block in chat.view.column.parsed(row).attachments:
        if unfolded:
            chat.view.toggle_attachment(row, block.attached.offset)
    chat.answer("An answer.")
    chat.view.select_all()
    chat.view.copy_markdown()
    assert clipboard() == f"{MESSAGE}\n\nAn answer."
    chat.view.copy()
    assert clipboard() == (
        f"notes 笔记.md\n{NOTES.text}\nstep.py\n{CODE.text}\nWhat do these say?\n\nIn short."
        "\n\nAn answer."
    )
    chat.view.copy_message(row)
    assert clipboard() == MESSAGE


def test_what_is_found_in_one_opens_it(chat: Chat, settle: Callable[[], None]) -> None:
    row = chat.ask(MESSAGE)
    settle()
    offset = MESSAGE.index("return x")
    chat.view.scroll_to(row, offset, length=6)
    item = chat.view.column.items[row]
    assert [block.is_unfolded for block in item.attachments] == [False, True]
    chat.view.scroll_to(row, MESSAGE.index("</file>"), length=7)
    assert [block.is_unfolded for block in item.attachments] == [True, True]


class Shouting(QTranslator):
    """Translates one text, so that another language can be told from this one."""

    def translate(
        self, context: str, text: str, disambiguation: str | None = None, n: int = -1
    ) -> str:
        return "{size}!" if context == "Attached" and text.startswith("{size}") else ""

    def isEmpty(self) -> bool:  # noqa: N802
        return False


def test_another_language_is_shown_at_once(chat: Chat, settle: Callable[[], None]) -> None:
    row = chat.ask(MESSAGE)
    settle()
    translator = Shouting()
    QCoreApplication.installTranslator(translator)
    try:
        settle()
        assert chat.view.column.built(row, 0).text().endswith("35\u202fB!")
    finally:
        QCoreApplication.removeTranslator(translator)
    settle()
    assert chat.view.column.built(row, 0).text().endswith("tokens")


def test_marks_around_texts_are_not_searched() -> None:
    searched = searched_text(MESSAGE)
    assert len(searched) == len(MESSAGE)
    assert "file" not in searched
    for shown in (NOTES.name, NOTES.text, CODE.name, CODE.text, "In short."):
        assert searched.index(shown) == MESSAGE.index(shown)
    assert searched_text("<file> is a tag") == "<file> is a tag"


def test_a_large_one_costs_nothing_while_it_is_folded(
    chat: Chat, settle: Callable[[], None]
) -> None:
    large = Attachment(name="large.txt", text="some words in a line\n" * 40_000)
    row = chat.ask(compose([large], "Summarise."))
    settle()
    assert chat.view.column.documents_built <= 2
    chat.view.toggle_attachment(row, 0)
    settle()
    assert chat.view.column.documents_built < 20
    kinds = {block.piece.kind for block in chat.view.column.items[row].blocks}
    assert kinds == {PieceKind.ATTACHED, PieceKind.PLAIN, PieceKind.ATTACHED_END}


def test_a_screen_reader_hears_names_instead_of_the_texts(chat: Chat) -> None:
    chat.ask(MESSAGE)
    message = QAccessible.queryAccessibleInterface(chat.view).child(0)
    said = message.text(QAccessible.Text.Name)
    assert said == "You: notes 笔记.md\nstep.py\nWhat do these say?\n\nIn short."
    assert spoken_text("Only this") == "Only this"
