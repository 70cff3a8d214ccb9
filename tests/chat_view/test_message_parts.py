"""Thinking, held-back tags and link definitions of a whole message."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat_view.message_parts import (
    PLAIN_CHARACTERS,
    PLAIN_LINES,
    MessageParts,
    Thinking,
    plain_pieces,
)
from app.chat_view.pieces import Piece
from app.chat_view.thinking import ThinkingFigures, thinking_figures
from app.chat_view.token_map import TokenMap
from engine.events import TextSpan
from engine.metrics.report import GenerationReport
from engine.thinking import KNOWN_MARKS, ThinkingMarks

THOUGHT = "<think>\nLet me see.\n\n- one\n</think>\n\nThe **answer**.\n"
FRAGMENTS = ["<think>", "</think>", "<th", "ink>", "</", "think>", "a\n", "\n\n", "`", "中", " "]
FRAGMENTS += ["[/THINK]", "[/TH", "```\n", "~~~ x\n", "# a\n"]


def parts_of(chunks: list[str]) -> MessageParts:
    parts = MessageParts()
    for chunk in chunks:
        parts.feed(chunk)
    parts.finish()
    return parts


def sources(parts: MessageParts, *, thinking: bool) -> str:
    return "".join(piece.source for piece in parts.pieces if piece.thinking is thinking)


@given(text=st.lists(st.sampled_from(FRAGMENTS), max_size=14).map("".join))
def test_single_characters_give_the_same_parts(text: str) -> None:
    whole, single = parts_of([text]), parts_of(list(text))
    assert single.pieces == whole.pieces
    assert single.thinking is whole.thinking
    for piece in whole.pieces:
        assert text[piece.offset : piece.offset + len(piece.source)] == piece.source


@pytest.mark.parametrize("marks", KNOWN_MARKS, ids=lambda marks: marks.start)
def test_every_kind_of_mark_is_known(marks: ThinkingMarks) -> None:
    text = f"{marks.start}Some thoughts.\n\nMore.{marks.end}The answer."
    parts = parts_of(list(text))
    assert parts.thinking is Thinking.CLOSED
    assert sources(parts, thinking=True) == "Some thoughts.\n\nMore."
    assert sources(parts, thinking=False) == "The answer."
    assert parts.thinking_end == text.index(marks.end)
    unfinished = parts_of([f"{marks.start}Some"])
    assert unfinished.thinking is Thinking.OPEN
    assert unfinished.thinking_end is None


def test_marks_are_known_at_the_start_only() -> None:
    for marks in KNOWN_MARKS:
        parts = parts_of([f"See {marks.start} and {marks.end}"])
        assert parts.thinking is Thinking.NONE


def test_thinking_is_counted_apart(report: Callable[..., GenerationReport]) -> None:
    tokens = TokenMap()
    tokens.extend(
        TextSpan(characters=2, step=step, accepted=False) for step in (0, 1, 1, 1, 1, 2, 2, 2)
    )
    assert thinking_figures(TokenMap(), 4, None).token_count is None
    assert thinking_figures(tokens, 12, None) == ThinkingFigures(duration_s=None, token_count=6)
    known = thinking_figures(tokens, 12, report())
    assert known.token_count == 6
    assert known.duration_s == pytest.approx(0.3)
    # A token without text is in the run but has no span.
    assert thinking_figures(tokens, 12, report(run_lengths=(1, 5, 3))).token_count == 7


def test_thinking_stands_apart() -> None:
    parts = parts_of(list(THOUGHT))
    assert parts.thinking is Thinking.CLOSED
    assert sources(parts, thinking=True) == "\nLet me see.\n\n- one\n"
    assert sources(parts, thinking=False) == "\n\nThe **answer**.\n"


def test_half_a_tag_is_not_shown() -> None:
    parts = MessageParts()
    for text in ("<", "thi", "nk"):
        parts.feed(text)
        assert parts.pieces == []
    parts.feed("> so")
    assert parts.thinking is Thinking.OPEN
    parts.feed(" it is</thi")
    assert parts.pieces[-1].source == " so it is"
    parts.feed("s")
    assert parts.pieces[-1].source == " so it is</this"


@pytest.mark.parametrize("text", ["a <think>b</think>", "`<think>`", "<thinks>\n", "<thin"])
def test_tags_count_at_the_start_only(text: str) -> None:
    parts = parts_of(list(text))
    assert parts.thinking is Thinking.NONE
    assert sources(parts, thinking=False) == text


@pytest.mark.parametrize("marks", KNOWN_MARKS, ids=lambda marks: marks.end)
def test_an_end_without_a_start_makes_what_precedes_it_thinking(marks: ThinkingMarks) -> None:
    text = f"Let me see.\n\n- one\n{marks.end}\n\nThe **answer**.\n"
    parts = MessageParts()
    for character in text[: text.index(marks.end)]:
        parts.feed(character)
    assert not any(piece.thinking for piece in parts.pieces)
    known = len(parts.pieces)
    changed = [parts.feed(character) for character in text[text.index(marks.end) :]]
    parts.finish()
    assert 0 in changed
    assert len(parts.pieces) == known + 1
    assert parts.thinking is Thinking.CLOSED
    assert parts.thinking_end == text.index(marks.end)
    assert sources(parts, thinking=True) == "Let me see.\n\n- one\n"
    assert sources(parts, thinking=False) == "\n\nThe **answer**.\n"


@pytest.mark.parametrize(
    "text",
    [
        "The mark </think> ends it.\n",
        "```xml\nthought\n</think>\n```\n",
        "First <think>\nsomething\n</think>\n",
        "`x`\n</thinks>\n",
        "a\n</thin",
    ],
)
def test_speaking_of_marks_is_no_thinking(text: str) -> None:
    parts = parts_of(list(text))
    assert parts.thinking is Thinking.NONE
    assert sources(parts, thinking=False) == text


def test_feeding_says_what_changed() -> None:
    parts = MessageParts()
    assert parts.feed("one\n\ntwo") == 0
    assert parts.feed(" more\n") == 0
    assert [piece.source for piece in parts.pieces] == ["one\n\n", "two more\n"]
    before = list(parts.pieces)
    assert parts.feed("\nthree") == 1
    assert parts.pieces[:1] == before[:1]
    assert parts.finish() == 1
    assert [piece.source.strip() for piece in parts.pieces] == ["one", "two more", "three"]


def test_definitions_of_links_are_known_to_the_whole_message() -> None:
    parts = parts_of(["see [x]\n\n[x]: https://e.org\n", "\n[x]: https://other.org\n"])
    assert {label: target["href"] for label, target in parts.references.items()} == {
        "X": "https://e.org"
    }


@given(text=st.text(alphabet="ab\n", max_size=300))
def test_plain_text_is_cut_without_loss(text: str) -> None:
    pieces = plain_pieces(text)
    assert "".join(piece.source for piece in pieces) == text
    assert all(piece.source.count("\n") <= PLAIN_LINES for piece in pieces)


def test_long_plain_lines_are_cut() -> None:
    pieces: list[Piece] = plain_pieces("x" * (3 * PLAIN_CHARACTERS))
    assert max(len(piece.source) for piece in pieces) <= 2 * PLAIN_CHARACTERS
    assert len(pieces) >= 2
