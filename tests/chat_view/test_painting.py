"""What is painted: token colours, themes, and that painting a part shows what painting all does."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QColor,
    QImage,
    QTextCharFormat,
    QTextFormat,
)

from app.chat_view.selection import Place
from app.chat_view.style import Style
from app.chat_view.view import ChatView
from engine.events import TextSpan
from tests.chat_view.samples import MARKDOWN, bar_of, history

Chat = Any
QtBot = Any  # its mouse and key methods have no types
LEFT = Qt.MouseButton.LeftButton


def spans_of(flags: Sequence[tuple[int, bool]]) -> tuple[TextSpan, ...]:
    return tuple(
        TextSpan(characters=count, step=step, accepted=accepted)
        for step, (count, accepted) in enumerate(flags)
    )


def colour_runs(chat: Chat, row: int, index: int) -> list[tuple[int, int]]:
    document = chat.view.column.built(row, index).document
    return [
        (block.position() + shown.start, shown.length)
        for block in (document.findBlockByNumber(n) for n in range(document.blockCount()))
        for shown in block.layout().formats()
    ]


def test_token_colours_are_exact(chat: Chat) -> None:
    # "Hello **bold** 中文": accepted are "bold", its closing marks and the first Chinese character.
    spans = spans_of([(8, False), (4, True), (3, True), (1, True), (1, False)])
    row = chat.answer("Hello **bold** 中文", spans)
    assert colour_runs(chat, row, 0) == []
    chat.view.set_token_colours(True)
    assert colour_runs(chat, row, 0) == [(6, 4), (11, 1)]
    (first, _) = chat.view.column.built(row, 0).document.firstBlock().layout().formats()
    assert first.format.foreground().color() == Style.light().colours.draft
    assert first.format.underlineStyle() is QTextCharFormat.UnderlineStyle.DotLine
    chat.view.set_token_colours(False)
    assert colour_runs(chat, row, 0) == []
    assert chat.rendered(row) == ["Hello bold 中文"]


def test_token_colours_in_code_leave_the_syntax_colours(chat: Chat) -> None:
    text = "```python\nx = 1\ny = 2\n```\n"
    spans = spans_of([(14, False), (5, True), (len(text) - 19, False)])
    chat.view.set_token_colours(True)
    row = chat.answer(text, spans)
    assert colour_runs(chat, row, 0) == [(4, 1), (6, 3)]
    (first,) = chat.view.column.built(row, 0).document.firstBlock().layout().formats()
    assert first.format.underlineStyle() is QTextCharFormat.UnderlineStyle.DotLine
    assert not first.format.hasProperty(QTextFormat.Property.ForegroundBrush.value)


def test_token_colours_while_streaming_equal_those_reopened(chat: Chat) -> None:
    chat.view.set_token_colours(True)
    rng = random.Random(2)
    row = chat.begin()
    spans: list[TextSpan] = []
    position = 0
    while position < len(MARKDOWN):
        size = min(rng.choice((1, 3, 4)), len(MARKDOWN) - position)
        span = TextSpan(characters=size, step=len(spans), accepted=rng.random() < 0.6)
        spans.append(span)
        chat.model.append_text(row, MARKDOWN[position : position + size], (span,))
        chat.model.flush()
        position += size
    chat.finish(row)
    reopened = chat.answer(MARKDOWN, tuple(spans))
    blocks = range(len(chat.view.column.items[row].blocks))
    assert [colour_runs(chat, row, n) for n in blocks] == [
        colour_runs(chat, reopened, n) for n in blocks
    ]
    assert sum(len(colour_runs(chat, row, n)) for n in blocks) > 10


def test_characters_of_two_positions_shift_nothing(chat: Chat) -> None:
    text = "😀 one 🎉🎉 **two** three"
    spans = spans_of([(6, False), (2, True), (3, False), (3, True), (8, False)])
    row = chat.answer(text, spans)
    chat.view.set_token_colours(True)
    document = chat.view.column.built(row, 0).document
    drawn = "".join(f"{c}\0" if c > "\uffff" else c for c in document.toPlainText())
    shown = [drawn[start : start + length] for start, length in colour_runs(chat, row, 0)]
    assert shown == ["🎉\0", "🎉\0", "two"]
    at = drawn.index("three")
    chat.view.selection.set(Place(row, 0, at), Place(row, 0, at + 5))
    assert chat.view.selected_text() == "three"
    assert chat.view.selected_markdown() == "three"


def test_an_answer_with_emoji_is_coloured_the_same_when_reopened(chat: Chat) -> None:
    chat.view.set_token_colours(True)
    text = "Well 😀 **done** 👩‍👩‍👧 and `co😀de`\n\n| a😀 | b |\n|---|---|\n| 1 | 😀 2 |\n"
    spans = tuple(TextSpan(characters=1, step=n, accepted=n % 3 > 0) for n in range(len(text)))
    row = chat.begin()
    for number, character in enumerate(text):
        chat.model.append_text(row, character, spans[number : number + 1])
        chat.model.flush()
    chat.finish(row)
    reopened = chat.answer(text, spans)
    for index in range(2):
        assert colour_runs(chat, row, index) == colour_runs(chat, reopened, index)
    assert chat.rendered(row) == chat.rendered(reopened)


def test_tool_tip_of_a_token(chat: Chat) -> None:
    spans = (
        TextSpan(characters=6, step=0, accepted=False),
        TextSpan(characters=5, step=1, accepted=True),
        TextSpan(characters=1, step=1, accepted=False),
    )
    row = chat.answer("Hello world!", spans)
    at = chat.point_of(row, 0, 7)
    assert chat.view.details.tool_tip(at) == ""
    chat.view.set_token_colours(True)
    text = chat.view.details.tool_tip(chat.point_of(row, 0, 7))
    assert text == "Step 1, accepted draft token\nTokens in this step: 2"
    assert "main model" in chat.view.details.tool_tip(chat.point_of(row, 0, 0))


def pixel(chat: Chat, x: int, y: int) -> QColor:
    image: QImage = chat.view.grab().toImage()
    return image.pixelColor(x, y)


def test_changing_the_theme_repaints_everything(chat: Chat) -> None:
    chat.model.replace(history(60))
    texts = chat.rendered(59)
    place = bar_of(chat).value() == bar_of(chat).maximum()
    chat.view.set_style(Style.dark(18))
    assert pixel(chat, 3, 3) == Style.dark().colours.background
    assert chat.rendered(59) == texts
    assert place
    assert bar_of(chat).value() == bar_of(chat).maximum()
    assert chat.view.column.built_blocks < 40


def screen(view: ChatView) -> QImage:
    return (
        view.screen().grabWindow(view.winId()).toImage().convertToFormat(QImage.Format.Format_RGB32)
    )


@pytest.mark.parametrize("text", ["> one line", "> a\n> b\n>\n> - c\n>\n> last"])
def test_the_bar_of_a_quote_is_as_high_as_its_text(
    chat: Chat, settle: Callable[[], None], text: str
) -> None:
    row = chat.answer(text)
    settle()
    image = screen(chat.view)
    colour = chat.view.column.style.colours.quote.name()
    corner = chat.view.message_rect(row).topLeft()
    block = chat.view.column.items[row].blocks[0]
    top = corner.y() + block.top
    painted = [
        y - top
        for y in range(top - 4, top + block.height + 4)
        if image.pixelColor(corner.x() + 3, y).name() == colour
    ]
    assert painted[0] <= 1
    assert block.height - 2 <= painted[-1] <= block.height


LONG_TEXT = (
    "A paragraph that is long enough to take several lines, with **bold words that wrap** and"
    " `code`, 标题 and 😀 emoji, so that growing words move to the next line now and then. " * 2
)
LONG_CODE = "```python\n" + "x = 1  # a comment that goes on\n" * 4 + f"y = '{'wide ' * 40}'\n```\n"


@pytest.mark.parametrize("colours", [False, True])
@pytest.mark.parametrize("text", [MARKDOWN * 2, LONG_TEXT + "\n\n- " + LONG_TEXT, LONG_CODE])
def test_partial_painting_shows_what_a_full_one_shows(
    chat: Chat, settle: Callable[[], None], text: str, colours: bool
) -> None:
    chat.view.set_token_colours(colours)
    chat.ask("A question with some words")
    row = chat.begin()
    rng = random.Random(5)
    position = 0
    settle()
    while position < len(text):
        size = min(rng.randint(3, 40), len(text) - position)
        span = TextSpan(characters=size, step=position, accepted=rng.random() < 0.6)
        chat.model.append_text(row, text[position : position + size], (span,))
        chat.model.flush()
        position += size
        settle()
        if position % 3 == 0:
            bar_of(chat).setValue(max(0, bar_of(chat).value() - 60))
            settle()
            chat.view.scroll_to_bottom()
            settle()
        partial = screen(chat.view)
        chat.view.viewport().update()
        settle()
        assert partial == screen(chat.view)
