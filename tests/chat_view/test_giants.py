"""Single blocks of enormous size: the work of a frame is bounded, and nothing is lost at a seam."""

from __future__ import annotations

import random
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.token import Token

from app.chat_view import outline as outline_module
from app.chat_view.code_block import CodeBlock
from app.chat_view.column import MessageColumn
from app.chat_view.markdown import structure
from app.chat_view.message_item import CUT_AT_ONCE
from app.chat_view.outline import LINES_PER_CODE_PIECE, LONGEST_BLOCK
from app.chat_view.pieces import Piece, PieceKind
from app.chat_view.selection import Place
from app.chat_view.splitter import WINDOW, Splitter
from app.core.conversation import Message
from engine.events import TextSpan
from engine.messages import Role
from tests.chat_view.samples import clipboard

Chat = Any
LINES = [f"value_{n} = {n} * [0]  # comment {'x' * (n % 50)}" for n in range(3000)]
CODE = "\n".join(LINES)
FENCE = f"Here it is:\n\n```python\n{CODE}\n```\n\nDone.\n"
GIANTS = {
    "fence": FENCE * 8,
    "paragraph": "".join(f"line {n} of a paragraph with words\n" for n in range(30_000)),
    "line": "word and more " * 72_000,
    "indented code": "".join(f"    code line {n}\n" for n in range(40_000)),
    "quote": "".join(f"> line {n} of a quote\n" for n in range(40_000)),
}


def split(chunks: list[str]) -> list[Piece]:
    splitter = Splitter()
    pieces: list[Piece] = []
    for chunk in chunks:
        pieces += splitter.feed(chunk)
    return pieces + splitter.finish()


@given(
    before=st.sampled_from(["", "\n\n", "para\n", "- item\n\n"]),
    counts=st.lists(st.integers(0, 2 * LINES_PER_CODE_PIECE + 2), min_size=1, max_size=3),
    seed=st.integers(0, 99),
    closes=st.booleans(),
)
def test_long_code_is_cut_the_same_however_it_arrives(
    before: str, counts: list[int], seed: int, closes: bool
) -> None:
    rng = random.Random(seed)
    body = ["x\n", "\n", "``\n", "  y\n"]
    fences = ["```py\n" + "".join(rng.choice(body) for _ in range(n)) + "```\n" for n in counts]
    text = before + "between\n".join(fences)
    text = text if closes else text.removesuffix("```\n")
    whole = split([text])
    assert "".join(piece.source for piece in whole) == text
    chunks, start = [], 0
    while start < len(text):
        size = rng.choice((1, 7, 60, 900))
        chunks.append(text[start : start + size])
        start += size
    assert split(chunks) == whole
    for piece in whole:
        assert piece.source.strip("\n").count("\n") <= LINES_PER_CODE_PIECE + 1


@pytest.mark.parametrize("name", GIANTS)
def test_opening_does_a_bounded_part_at_a_time(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, settle: Callable[[], None], name: str
) -> None:
    parsed: list[int] = []
    built: list[int] = []

    def watched(text: str) -> list[Token]:
        parsed.append(len(text))
        return structure(text)

    original = MessageColumn._build

    def counted(self: MessageColumn, item: Any, block: Any) -> None:
        built.append(len(block.piece.source))
        original(self, item, block)

    monkeypatch.setattr(outline_module, "structure", watched)
    monkeypatch.setattr(MessageColumn, "_build", counted)
    chat.model.replace([Message(role=Role.ASSISTANT, text=GIANTS[name])])
    frames = 0
    while chat.view.column.has_more_to_cut:
        assert sum(parsed) <= 3 * (CUT_AT_ONCE + WINDOW)
        assert sum(built) <= 4 * LONGEST_BLOCK
        parsed.clear()
        built.clear()
        chat.view._cut_more()
        frames += 1
    assert frames == (len(GIANTS[name]) - 1) // CUT_AT_ONCE
    sources = [block.piece.source for block in chat.view.column.items[0].blocks]
    assert "".join(sources).split() == GIANTS[name].split()
    assert max(map(len, sources)) <= 2 * LONGEST_BLOCK
    settle()


def test_what_asks_for_the_whole_gets_it_at_once(chat: Chat) -> None:
    chat.model.replace([Message(role=Role.ASSISTANT, text=GIANTS["paragraph"])])
    assert chat.view.column.has_more_to_cut
    chat.view.select_all()
    assert not chat.view.column.has_more_to_cut
    assert chat.view.selected_markdown().split() == GIANTS["paragraph"].split()


@pytest.mark.parametrize("name", ["fence", "paragraph"])
def test_streaming_lays_out_a_bounded_part_in_each_frame(
    chat: Chat, monkeypatch: pytest.MonkeyPatch, settle: Callable[[], None], name: str
) -> None:
    row = chat.begin()
    settle()
    sizes: list[int] = []
    original = MessageColumn._build

    def counted(self: MessageColumn, item: Any, block: Any) -> None:
        original(self, item, block)
        sizes.append(block.document.characterCount())

    monkeypatch.setattr(MessageColumn, "_build", counted)
    text = GIANTS[name][:200_000]
    for start in range(0, len(text), 4000):
        sizes.clear()
        chat.stream(row, [text[start : start + 4000]])
        assert sum(sizes) <= 3 * LONGEST_BLOCK
    chat.finish(row)
    streamed = [block.piece for block in chat.view.column.items[row].blocks]
    reopened = chat.answer(text)
    assert [b.piece for b in chat.view.column.parsed(reopened).blocks] == streamed


def code_blocks(chat: Chat, row: int) -> list[CodeBlock]:
    item = chat.view.column.parsed(row)
    indexes = [n for n, block in enumerate(item.blocks) if block.piece.kind is PieceKind.CODE]
    blocks = [chat.view.column.built(row, index) for index in indexes]
    chat.view.column._layout(item)
    return blocks


def test_the_parts_of_long_code_are_one_box(chat: Chat) -> None:
    row = chat.answer(FENCE)
    blocks = code_blocks(chat, row)
    assert len(blocks) > len(LINES) // LINES_PER_CODE_PIECE
    for before, block in pairwise(blocks):
        assert block.top == before.top + before.height
    assert len({id(block.sideways) for block in blocks}) == 1
    assert [len(block.code_areas()) for block in blocks] == [1] + [0] * (len(blocks) - 1)
    assert blocks[0].code_areas()[0].whole() == CODE
    assert {block.code.language for block in blocks} == {"python"}
    lines = "\n".join(block.text() for block in blocks)
    assert lines == CODE


def test_copying_over_a_seam_loses_nothing(chat: Chat) -> None:
    row = chat.answer(FENCE)
    blocks = code_blocks(chat, row)
    chat.view.select_all()
    chat.view.copy()
    assert clipboard() == f"Here it is:\n\n{CODE}\n\nDone."
    chat.view.copy_markdown()
    assert clipboard() == FENCE.strip()
    end = blocks[1].end_position()
    chat.view.selection.set(Place(row, 2, end - 3), Place(row, 3, 5))
    assert chat.view.selected_text() == f"{blocks[1].text()[-3:]}\n{blocks[2].text()[:5]}"


def test_places_and_colours_go_on_behind_a_seam(chat: Chat, settle: Callable[[], None]) -> None:
    spans = (TextSpan(characters=len(FENCE), step=0, accepted=True),)
    row = chat.answer(FENCE, spans)
    chat.view.set_token_colours(True)
    wanted = FENCE.index("value_1500 ")
    chat.view.scroll_to(row, wanted, length=10)
    settle()
    block = next(
        block
        for block in code_blocks(chat, row)
        if block.piece.offset <= wanted < block.piece.offset + len(block.piece.source)
    )
    position = block.drawn_position(wanted)
    assert block.text(position, position + 10) == "value_1500"
    assert block.message_offset(position) == wanted
    assert block.document is not None
    line = block.document.findBlock(position)
    assert line.layout().formats()
    assert block in [placed.block for placed in chat.placed()]


def test_wrapping_changes_all_parts(chat: Chat) -> None:
    row = chat.answer(f"```\n{'wide ' * 60}\n{CODE}\n```\n")
    blocks = code_blocks(chat, row)
    assert blocks[-1].sideways.maximum
    chat.view._toggle_wrap(blocks[0])
    blocks = code_blocks(chat, row)
    assert not blocks[-1].sideways.maximum
    assert blocks[0].code_areas()[0].wraps is True
