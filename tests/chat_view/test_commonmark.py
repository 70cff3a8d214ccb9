"""Every section of CommonMark: an answer that streamed looks like the same answer reopened."""

from __future__ import annotations

import importlib.util
import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.chat_view import message_parts, outline, splitter
from app.chat_view.elements import flatten, plain_text
from app.chat_view.markdown import parse
from app.chat_view.message_parts import MessageParts

Chat = Any
_SPEC = importlib.util.spec_from_file_location(
    "commonmark_cases", Path(__file__).with_name("commonmark_cases.py")
)
assert _SPEC is not None
assert _SPEC.loader is not None
_MODULE = importlib.util.module_from_spec(_SPEC)
_SPEC.loader.exec_module(_MODULE)
CASES: dict[str, str] = _MODULE.CASES
NAMES = sorted(CASES)


def parts_of(chunks: list[str]) -> MessageParts:
    parts = MessageParts()
    for chunk in chunks:
        parts.feed(chunk)
    parts.finish()
    return parts


def chop(text: str, rng: random.Random) -> list[str]:
    chunks = []
    start = 0
    while start < len(text):
        size = rng.choice((1, 2, 3, 5, 9))
        chunks.append(text[start : start + size])
        start += size
    return chunks


@pytest.mark.parametrize("name", NAMES)
def test_any_chopping_gives_the_same_pieces(name: str) -> None:
    text = CASES[name]
    whole = parts_of([text])
    for seed in range(6):
        assert parts_of(chop(text, random.Random(seed))).pieces == whole.pieces
    assert parts_of(list(text)).pieces == whole.pieces


@pytest.mark.parametrize("name", NAMES)
def test_streamed_looks_like_reopened(name: str, chat: Chat) -> None:
    text = CASES[name]
    row = chat.begin()
    chat.stream(row, chop(text, random.Random(name)))
    chat.finish(row)
    reopened = chat.answer(text)
    for at in (row, reopened):
        chat.view.column.items[at].thinking_unfolded = True
    assert chat.rendered(row) == chat.rendered(reopened)
    items = chat.view.column.items
    assert [b.height for b in items[row].blocks] == [b.height for b in items[reopened].blocks]


@pytest.mark.parametrize("name", [n for n in NAMES if n != "thinking"])
def test_the_pieces_hold_what_the_whole_holds(name: str) -> None:
    text = CASES[name]
    parts = parts_of([text])
    drawn = "\n".join(
        plain_text(
            flatten(
                parse(
                    (p.in_table.head if p.in_table and p.in_table.first_row else "") + p.source,
                    parts.references,
                ),
                p.in_list,
            )
        )
        for p in parts.pieces
    )
    assert drawn.split() == plain_text(flatten(parse(text))).split()


TEXTS = st.lists(st.sampled_from([*CASES.values(), "\n\n", "\n"]), max_size=4).map("".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=TEXTS, seed=st.integers(0, 99))
def test_long_blocks_are_cut_the_same_however_they_arrive(
    text: str, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (outline, splitter):
        monkeypatch.setattr(module, "LONGEST_BLOCK", 25)
        monkeypatch.setattr(module, "LINES_PER_CODE_PIECE", 3)
    monkeypatch.setattr(outline, "LONGEST_PARAGRAPH", 15)
    monkeypatch.setattr(splitter, "WINDOW", 60)
    monkeypatch.setattr(message_parts, "LONGEST_LINE", 30)
    whole = parts_of([text])
    assert parts_of(chop(text, random.Random(seed))).pieces == whole.pieces
    for piece in whole.pieces:
        assert text[piece.offset : piece.offset + len(piece.source)] == piece.source
