"""The view as a user meets it: following, keeping the place, copying, folding, links, themes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import (
    QAction,
    QFontMetrics,
    QTextDocument,
)
from PySide6.QtWidgets import QToolButton

from app.chat_view import code_block
from app.chat_view.code_block import CodeBlock
from app.chat_view.documents import EVICT_ABOVE
from app.chat_view.highlighting import code_spans
from app.chat_view.style import Style
from app.chat_view.table_block import TableBlock
from app.core.conversation import Message, MessageState
from app.viewmodels.transcript_model import TranscriptModel
from engine.messages import Role
from tests.chat_view.samples import MARKDOWN, PARAGRAPHS, bar_of, clipboard, history

Chat = Any
QtBot = Any  # its mouse and key methods have no types
LEFT = Qt.MouseButton.LeftButton


def test_streamed_equals_reopened(chat: Chat, qtbot: QtBot) -> None:
    text = MARKDOWN * 3
    rng = random.Random(4)
    row = chat.begin()
    position = 0
    while position < len(text):
        size = rng.choice((1, 2, 5, 17))
        chat.stream(row, [text[position : position + size]])
        position += size
    chat.finish(row)
    reopened = chat.answer(text)
    assert chat.rendered(row) == chat.rendered(reopened)
    items = chat.view.column.items
    assert [b.height for b in items[row].blocks] == [b.height for b in items[reopened].blocks]


def test_drawn_text_is_the_text_that_is_copied_unbuilt(chat: Chat) -> None:
    row = chat.answer(MARKDOWN)
    item = chat.view.column.items[row]
    unbuilt = [block.rendered_text(item.parts.references) for block in item.blocks]
    assert chat.rendered(row) == unbuilt


def test_the_view_follows_until_the_reader_scrolls_up(chat: Chat) -> None:
    row = chat.begin()
    chat.stream(row, [PARAGRAPHS])
    bar = bar_of(chat)
    assert bar.value() == bar.maximum() > 0
    bar.setValue(bar.maximum() - 300)
    assert not chat.view.follow
    place = bar.value()
    shown = [(p.item.row, p.index, p.top) for p in chat.placed()]
    chat.stream(row, ["\n\nmore words", " and more\n\n" + PARAGRAPHS])
    assert bar.value() == place
    assert [(p.item.row, p.index, p.top) for p in chat.placed()] == shown
    bar.setValue(bar.maximum())
    assert chat.view.follow


def test_jump_to_latest_follows_again(chat: Chat, qtbot: QtBot) -> None:
    chat.answer(PARAGRAPHS)
    bar_of(chat).setValue(0)
    (jump,) = [b for b in chat.view.findChildren(QToolButton.__base__) if b.text().startswith("↓")]
    assert jump.isVisible()
    qtbot.mouseClick(jump, LEFT)
    assert chat.view.follow
    assert bar_of(chat).value() == bar_of(chat).maximum()
    assert not jump.isVisible()


def places(chat: Chat) -> dict[tuple[int, int], int]:
    """Where built blocks are in the viewport."""
    scroll = bar_of(chat).value()
    return {(p.item.row, p.index): p.top - scroll for p in chat.placed() if p.block.is_built}


def test_building_above_the_viewport_moves_nothing(chat: Chat) -> None:
    chat.model.replace(history(200))
    bar = bar_of(chat)
    bar.setValue(bar.maximum() // 2)
    for _ in range(30):
        before = {
            (p.item.row, p.index): p.top - bar.value() for p in chat.placed() if p.block.is_built
        }
        bar.setValue(bar.value() - 120)
        after = {(p.item.row, p.index): p.top - bar.value() for p in chat.placed()}
        moved = {after[key] - before[key] for key in before.keys() & after.keys()}
        assert moved == {120}


def test_resizing_keeps_the_place(chat: Chat) -> None:
    chat.model.replace(history(100))
    bar = bar_of(chat)
    bar.setValue(bar.maximum() // 2)
    first = chat.placed()[0]
    chat.view.resize(600, 700)
    assert (chat.placed()[0].item.row, chat.placed()[0].index) == (first.item.row, first.index)
    assert chat.view.column.width < 600


def test_opening_a_long_chat_builds_little(chat: Chat) -> None:
    chat.model.replace(history(1000))
    assert 0 < chat.view.column.documents_built < 30


def test_documents_far_away_are_dropped(chat: Chat) -> None:
    chat.model.replace(history(300))
    bar = bar_of(chat)
    most = 0
    for value in range(bar.maximum(), 0, -500):
        bar.setValue(value)
        most = max(most, chat.view.column.built_blocks)
    assert chat.view.column.documents_built > 3 * EVICT_ABOVE
    assert most < 2 * EVICT_ABOVE


def test_cost_of_an_update_does_not_grow(chat: Chat) -> None:
    row = chat.begin()
    counts = []
    for number in range(200):
        before = chat.view.column.documents_built
        chat.stream(row, [f"Words of paragraph {number} that", " go on", " and end.\n\n"])
        counts.append(chat.view.column.documents_built - before)
    assert sum(counts[-50:]) <= sum(counts[:50]) * 1.2
    assert chat.view.column.built_blocks < 2 * EVICT_ABOVE


def test_an_open_fence_renews_only_its_end(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    inserted: list[int] = []

    def watched(text: str, language: str) -> list[tuple[str, str]]:
        inserted.append(len(text))
        return code_spans(text, language)

    monkeypatch.setattr(code_block, "code_spans", watched)
    row = chat.begin()
    chat.stream(row, ["```python\n"])
    for number in range(200):
        chat.stream(row, [f"value_{number} = ", f"{number}  # note\n"])
    assert max(inserted) < 120
    chat.stream(row, ["```\n"])
    chat.finish(row)
    assert chat.rendered(row)[0].splitlines()[150] == "value_150 = 150  # note"


def test_a_string_over_several_lines_is_highlighted_as_one(chat: Chat) -> None:
    row = chat.begin()
    chat.stream(row, list('```python\nx = """one\ntwo\nthree"""\ny = 1\n'))
    block = chat.view.column.built(row, 0)
    line = block.document.findBlockByNumber(1)
    colour = line.begin().fragment().charFormat().foreground().color()
    assert colour == Style.light().syntax_colour("string")


def test_images_and_html_load_nothing(chat: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(
        QTextDocument, "loadResource", lambda *args: asked.append(args), raising=True
    )
    chat.answer('![x](https://e.org/a.png) <img src="https://e.org/b"> ![y](file:///etc/hosts)')
    chat.view.grab()
    assert asked == []
    document = chat.view.column.built(0, 0).document
    formats = [f for f in document.allFormats() if f.isImageFormat()]
    assert formats == []
    assert "[image: x] https://e.org/a.png" in chat.rendered(0)[0]


def test_link_definitions_that_come_late(chat: Chat) -> None:
    row = chat.begin()
    chat.stream(row, ["See [the page][p].\n\nMore.\n\n", "[p]: https://e.org/p\n\n", "End."])
    chat.finish(row)
    assert chat.rendered(row)[0] == "See the page."


def test_thinking_folds_itself_and_keeps_the_choice(chat: Chat, qtbot: QtBot) -> None:
    row = chat.begin()
    chat.stream(row, ["<think>", "Some thoughts", " go on."])
    item = chat.view.column.items[row]
    assert item.thinking_open
    assert [p.block.piece.thinking for p in chat.placed()] == [True]
    chat.stream(row, ["</think>", "\n\nThe answer."])
    assert not item.thinking_open
    assert [p.block.piece.thinking for p in chat.placed()] == [False]
    header = chat.view.message_rect(row).topLeft() + QPoint(30, 36)
    qtbot.mouseClick(chat.view.viewport(), LEFT, pos=header)
    assert item.thinking_open
    chat.stream(row, [" More."])
    chat.finish(row)
    assert item.thinking_open
    chat.view.focus_message(row)
    qtbot.keyClick(chat.view, Qt.Key.Key_Return)
    assert not item.thinking_open
    chat.view.select_all()
    assert chat.view.selected_text() == "The answer. More."


def test_wide_code_and_tables_scroll_by_themselves(chat: Chat, qtbot: QtBot) -> None:
    cells = " | ".join(f"column number {n}" for n in range(12))
    rule = "|---" * 12 + "|"
    chat.answer(f"```\n{'wide ' * 60}\n```\n\n| {cells} |\n{rule}\n| {cells} |\n")
    code, table = chat.view.column.items[0].blocks
    assert isinstance(code, CodeBlock)
    assert isinstance(table, TableBlock)
    assert code.sideways.maximum > 0
    assert table.sideways.maximum > 0
    chat.view.focus_message(0)
    qtbot.keyClick(chat.view, Qt.Key.Key_Right)
    assert code.sideways.value > 0
    assert table.sideways.value > 0
    assert chat.view.horizontalScrollBar().maximum() == 0


def test_keys_move_between_messages(chat: Chat, qtbot: QtBot) -> None:
    chat.ask("first question")
    chat.answer("first answer")
    qtbot.keyClick(chat.view, Qt.Key.Key_Up)
    assert chat.view.focused_row == 1
    qtbot.keyClick(chat.view, Qt.Key.Key_Up)
    assert chat.view.focused_row == 0
    qtbot.keyClick(chat.view, Qt.Key.Key_C)
    assert clipboard() == "first question"
    qtbot.keyClick(chat.view, Qt.Key.Key_Down)
    assert chat.view.focused_row == 1


def test_keys_scroll(chat: Chat, qtbot: QtBot) -> None:
    chat.answer(PARAGRAPHS)
    bar = bar_of(chat)
    qtbot.keyClick(chat.view, Qt.Key.Key_Home)
    assert bar.value() == 0
    qtbot.keyClick(chat.view, Qt.Key.Key_PageDown)
    assert 300 < bar.value() < 700
    qtbot.keyClick(chat.view, Qt.Key.Key_End)
    assert bar.value() == bar.maximum()
    assert chat.view.follow


def test_waiting_dots_move_only_while_waiting(chat: Chat, qtbot: QtBot) -> None:
    row = chat.begin()
    timers = [
        t for t in chat.view.findChildren(type(chat.view._waiting)) if t is chat.view._waiting
    ]
    assert timers[0].isActive()
    chat.stream(row, ["text"])
    assert not timers[0].isActive()
    chat.finish(row)
    assert not timers[0].isActive()


def test_notes_and_figures_take_room_and_are_painted(chat: Chat) -> None:
    row = chat.answer("short")
    height = chat.view.message_rect(row).height()
    chat.model.set_footer(row, "12 tok/s")
    with_footer = chat.view.message_rect(row).height()
    chat.model.set_notice(row, "Stopped. " * 40)
    with_notice = chat.view.message_rect(row).height()
    assert height < with_footer < with_notice
    before = chat.view.grab().toImage()
    chat.model.set_footer(row, "99 tok/s")
    assert chat.view.grab().toImage() != before


def test_user_text_is_shown_as_typed(chat: Chat) -> None:
    row = chat.ask("**not bold**\n  - as it is\n")
    assert chat.rendered(row) == ["**not bold**\n  - as it is"]


def test_an_interrupted_answer_keeps_its_text(chat: Chat) -> None:
    row = chat.begin()
    chat.stream(row, ["Half an ans"])
    chat.model.finish(
        row,
        text="Half an ans",
        state=MessageState.INTERRUPTED,
        report=None,
        note="The engine died.",
    )
    assert chat.rendered(row) == ["Half an ans"]
    assert not chat.view.column.items[row].is_live


def test_replacing_the_chat_while_streaming(chat: Chat) -> None:
    row = chat.begin()
    chat.stream(row, ["some text"])
    chat.model.append_text(row, "never shown")
    chat.model.replace(history(4))
    chat.model.flush()
    assert len(chat.view.column.items) == 4
    chat.model.clear()
    chat.view.grab()
    assert chat.view.selected_text() == ""


@pytest.mark.parametrize("width", [500, 1200])
def test_the_scroll_bar_moves_nothing(chat: Chat, settle: Callable[[], None], width: int) -> None:
    chat.view.resize(width, 400)
    chat.answer("One line.")
    settle()
    before, bar = chat.view.message_rect(0), chat.view.verticalScrollBar()
    assert before.left() == chat.view.width() - before.right() - 1, "in the middle"
    hidden = bar.maximum()
    for _ in range(20):
        chat.answer("Another line.")
    settle()
    assert bar.maximum() > hidden
    after = chat.view.message_rect(0)
    assert (after.left(), after.right()) == (before.left(), before.right())
    assert after.right() < chat.view.viewport().width()


def test_context_menu(chat: Chat) -> None:
    chat.answer("see [x](https://e.org)")

    def entries() -> dict[str, QAction]:
        menu = chat.view.details.menu(chat.point_of(0, 0, 4))
        menu.aboutToHide.connect(menu.deleteLater)
        return {action.text(): action for action in menu.actions() if action.text()}

    labels = entries()
    assert list(labels) == [
        "Copy the address",
        "Copy the message",
        "Show as plain text",
        "Select all",
    ]
    labels["Copy the address"].trigger()
    assert clipboard() == "https://e.org"
    labels["Select all"].trigger()
    assert chat.view.selected_text() == "see x"
    labels = entries()
    assert list(labels)[:2] == ["Copy the selection", "Copy the selection as Markdown"]
    labels["Copy the selection"].trigger()
    assert clipboard() == "see x"


def test_another_model_replaces_the_first(chat: Chat) -> None:
    other = TranscriptModel(chat.view)
    other.append(Message(role=Role.USER, text="other"))
    chat.view.set_model(other)
    chat.ask("unseen")
    assert len(chat.view.column.items) == 1


@pytest.mark.parametrize("font_px", [12, 15, 20, 26])
def test_headers_are_as_high_as_their_text_at_every_size(font_px: int) -> None:
    style = Style.light(font_px)
    line = QFontMetrics(style.small_font).height()
    assert style.label_height - 4 >= QFontMetrics(style.label_font).height()
    assert style.think_header >= line
