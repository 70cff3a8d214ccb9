"""What is told about verify steps: tool tips, marks, the legend, the header over the thinking."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtGui import QImage

from app.chat_view.painter import thinking_label
from app.chat_view.style import Style
from app.core.conversation import Message, MessageState
from engine.events import TextSpan
from engine.messages import Role
from engine.metrics.report import GenerationReport

Chat = Any
MakeReport = Callable[..., GenerationReport]
SPANS = (
    TextSpan(characters=6, step=0, accepted=False),
    TextSpan(characters=3, step=1, accepted=True),
    TextSpan(characters=2, step=1, accepted=True),
    TextSpan(characters=1, step=1, accepted=False),
)


def test_a_tool_tip_tells_when_and_how_long(chat: Chat, report: MakeReport) -> None:
    message = Message(role=Role.ASSISTANT, text="Hello world!", spans=SPANS, report=report())
    row = chat.model.append(message)
    chat.view.set_token_colours(True)
    assert chat.view.details.tool_tip(chat.point_of(row, 0, 7)) == (
        "Step 1, accepted draft token\nTokens in this step: 4\nTook 150.0 ms, ready after 0.25 s"
    )
    assert "Took 100.0 ms" in chat.view.details.tool_tip(chat.point_of(row, 0, 0))


def has_colour(chat: Chat, name: str) -> bool:
    image: QImage = chat.view.viewport().grab().toImage()
    wanted = getattr(Style.light().colours, name)
    return any(
        image.pixelColor(x, y) == wanted
        for y in range(image.height())
        for x in range(0, image.width(), 2)
    )


def test_a_step_is_marked_and_shown(chat: Chat) -> None:
    for _ in range(20):
        chat.answer("Hello world!\n\nSome more\n\ntext", SPANS)
    assert chat.view.last_answer() == 19
    assert chat.view.highlight_step(2, 1)
    assert 0 <= chat.view.message_rect(2).top() < chat.view.viewport().height()
    assert has_colour(chat, "step")
    assert not chat.view.highlight_step(2, 9)
    chat.view.clear_marks()
    assert not has_colour(chat, "step")
    with pytest.raises(IndexError):
        chat.view.highlight_step(20, 0)


def test_the_legend_is_there_while_colours_are_on(chat: Chat) -> None:
    chat.answer("plain", (TextSpan(characters=5, step=0, accepted=False),))
    before = chat.view.viewport().grab().toImage()
    assert not has_colour(chat, "draft_line")
    chat.view.set_token_colours(True)
    assert has_colour(chat, "draft_line")
    chat.view.set_token_colours(False)
    assert chat.view.viewport().grab().toImage() == before


def test_the_header_tells_what_thinking_took(chat: Chat, report: MakeReport) -> None:
    text = "<think>abcd</think>answer"
    spans = tuple(
        TextSpan(characters=count, step=step, accepted=False)
        for count, step in ((7, 0), (2, 1), (2, 1), (9, 2), (5, 2))
    )
    row = chat.begin()
    item = chat.view.column.items[row]
    chat.model.append_text(row, text[:9], spans[:2])
    chat.model.flush()
    assert thinking_label(item) == "Thinking\u2026"
    chat.model.append_text(row, text[9:], spans[2:])
    chat.model.flush()
    assert thinking_label(item) == "Thought process, 3 tokens"
    chat.model.finish(row, text=text, state=MessageState.DONE, report=report(run_lengths=(1, 2, 2)))
    assert thinking_label(item) == "Thought for 0.1 s, 3 tokens"
    plain = chat.answer("<think>a</think>b")
    assert thinking_label(chat.view.column.items[plain]) == "Thought process"
