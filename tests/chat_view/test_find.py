"""Find in the chat, and places that are shown from outside."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QToolButton

from app.chat_view.find_bar import FindBar
from app.chat_view.finder import Hit, Hits, find_all
from app.chat_view.selection import Place
from app.chat_view.style import Style
from app.core.conversation import Message
from engine.messages import Role

Chat = Any
QtBot = Any
LEFT = Qt.MouseButton.LeftButton
FILLER = "\n\n".join(f"Filler number {n}." for n in range(40))


@given(
    texts=st.lists(st.text("abAB\n", max_size=30), max_size=6), wanted=st.text("abAB", max_size=3)
)
def test_every_hit_is_the_wanted_text(texts: list[str], wanted: str) -> None:
    exact = find_all(texts, wanted, match_case=True)
    assert all(texts[hit.row][hit.start : hit.end] == wanted for hit in exact)
    assert len(exact) == (sum(text.count(wanted) for text in texts) if wanted else 0)
    loose = find_all(texts, wanted, match_case=False)
    assert len(loose) == (
        sum(text.lower().count(wanted.lower()) for text in texts) if wanted else 0
    )


def test_hits_go_round() -> None:
    hits = Hits()
    hits.step(1)
    assert (hits.number, hits.current) == (0, None)
    hits.replace([Hit(0, 1, 2), Hit(3, 0, 1), Hit(3, 4, 5)], near=Hit(1, 0, 0))
    assert hits.number == 2
    hits.step(1)
    hits.step(1)
    assert hits.number == 1
    hits.step(-1)
    assert hits.current == Hit(3, 4, 5)
    hits.replace([Hit(0, 1, 2)], near=hits.current)
    assert hits.number == 1


@pytest.fixture
def talk(chat: Chat) -> Chat:
    chat.ask("Where is the needle?")
    chat.answer(FILLER)
    chat.answer("The **Needle** is `here`.")
    chat.answer(FILLER)
    chat.answer("<think>A needle in thought</think>No needle.")
    return chat


def bar_of(chat: Chat) -> FindBar:
    return chat.view.finding.bar  # type: ignore[no-any-return]


def look_for(chat: Chat, qtbot: QtBot, text: str) -> None:
    qtbot.keyClick(chat.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    bar_of(chat).field.setText(text)
    chat.view.finding._search_anew()


def has_colour(chat: Chat, colour: QColor) -> bool:
    image: QImage = chat.view.viewport().grab().toImage()
    return any(
        image.pixelColor(x, y) == colour
        for y in range(0, image.height(), 3)
        for x in range(60, image.width() - 60, 3)
    )


def test_the_bar_opens_steps_and_closes(talk: Chat, qtbot: QtBot) -> None:
    bar = bar_of(talk)
    qtbot.keyClick(talk.view, Qt.Key.Key_Home)
    look_for(talk, qtbot, "needle")
    assert bar.isVisible()
    assert bar.field.hasFocus()
    assert bar.count.text() == "1 of 4"
    assert has_colour(talk, Style.light().colours.found_current)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 4"
    assert 0 < talk.view.message_rect(2).top() < talk.view.viewport().height()
    assert has_colour(talk, Style.light().colours.found_current)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    qtbot.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.count.text() == "4 of 4"
    qtbot.mouseClick(bar.forward, LEFT)
    assert bar.count.text() == "1 of 4"
    qtbot.keyClick(bar.field, Qt.Key.Key_Escape)
    assert not bar.isVisible()
    assert talk.view.hasFocus()
    assert not has_colour(talk, Style.light().colours.found_current)


def test_folded_thinking_opens_for_a_hit(talk: Chat, qtbot: QtBot) -> None:
    look_for(talk, qtbot, "in thought")
    assert bar_of(talk).count.text() == "1 of 1"
    assert talk.view.column.items[4].thinking_open


def test_case_can_matter(talk: Chat, qtbot: QtBot) -> None:
    look_for(talk, qtbot, "Needle")
    assert bar_of(talk).count.text().endswith("of 4")
    bar_of(talk).case.setChecked(True)
    qtbot.waitUntil(lambda: bar_of(talk).count.text() == "1 of 1")


def test_nothing_found_is_said(talk: Chat, qtbot: QtBot) -> None:
    look_for(talk, qtbot, "absent")
    bar = bar_of(talk)
    assert bar.count.text() == "No hits"
    assert not bar.forward.isEnabled()
    bar.field.clear()
    talk.view.finding._search_anew()
    assert bar.count.text() == ""


def test_the_selected_word_is_looked_for(talk: Chat, qtbot: QtBot) -> None:
    talk.view.selection.set(Place(2, 0, 4), Place(2, 0, 10))
    qtbot.keyClick(talk.view, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert bar_of(talk).field.text() == "Needle"
    assert bar_of(talk).count.text() == "2 of 4"


def test_hits_follow_new_text(talk: Chat, qtbot: QtBot) -> None:
    look_for(talk, qtbot, "needle")
    before = bar_of(talk).count.text()
    row = talk.begin()
    talk.stream(row, ["another needle"])
    qtbot.waitUntil(lambda: bar_of(talk).count.text() == before.replace("of 4", "of 5"))
    talk.model.replace([])
    qtbot.waitUntil(lambda: bar_of(talk).count.text() == "No hits")


def test_every_control_of_the_bar_has_a_name(talk: Chat) -> None:
    bar = bar_of(talk)
    assert all(button.accessibleName() for button in bar.findChildren(QToolButton))
    assert bar.field.accessibleName()


def test_searching_builds_nothing_but_what_is_shown(chat: Chat, qtbot: QtBot) -> None:
    chat.model.replace([Message(role=Role.ASSISTANT, text=f"message {n} x") for n in range(2000)])
    built = chat.view.column.documents_built
    look_for(chat, qtbot, "message 7 x")
    assert bar_of(chat).count.text() == "1 of 1"
    assert chat.view.message_rect(7).top() >= 0
    assert chat.view.column.documents_built - built < 60


@pytest.mark.parametrize("offset", [0, len(FILLER) // 2, len(FILLER) - 3])
def test_a_place_of_a_message_is_brought_into_view(chat: Chat, offset: int) -> None:
    for _ in range(30):
        chat.answer(FILLER)
    chat.view.scroll_to(12, offset, length=3)
    index = next(
        i
        for i, block in enumerate(chat.view.column.items[12].blocks)
        if block.piece.offset + len(block.piece.source) > offset
    )
    block = chat.view.column.items[12].blocks[index]
    y = chat.view.message_rect(12).top() + block.top
    assert 0 <= y < chat.view.viewport().height()
    assert has_colour(chat, Style.light().colours.found_current)
    assert chat.view.clear_marks()
    assert not has_colour(chat, Style.light().colours.found_current)


def test_a_message_is_brought_into_view(chat: Chat) -> None:
    for _ in range(10):
        chat.answer(FILLER)
    chat.view.scroll_to(3)
    assert chat.view.focused_row == 3
    assert chat.view.message_rect(3).top() == 8
    chat.view.scroll_to(5, highlight=False)
    assert chat.view.message_rect(5).top() == 8
    with pytest.raises(IndexError):
        chat.view.scroll_to(10)


def test_a_place_in_wide_code_is_scrolled_to(chat: Chat) -> None:
    text = f"```\n{'wide ' * 100}end\n```\n"
    chat.answer(text)
    chat.view.scroll_to(0, text.index("end"), length=3)
    assert chat.view.column.items[0].blocks[0].sideways.value > 0
    assert has_colour(chat, Style.light().colours.found_current)
