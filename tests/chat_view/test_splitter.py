"""Cutting markdown: the pieces never depend on how the text arrived."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from markdown_it.token import Token

from app.chat_view import outline as outline_module
from app.chat_view.elements import (
    LINE_BREAK,
    Paragraph,
    RunStyle,
    Table,
    flatten,
    plain_text,
)
from app.chat_view.markdown import References, link_references, parse, structure
from app.chat_view.outline import ROWS_PER_PIECE
from app.chat_view.pieces import Piece, PieceKind
from app.chat_view.splitter import Splitter

FRAGMENTS = [
    *[
        "a",
        "b ",
        "x\n",
        "\n",
        "\n\n",
        "中文。",
        "**",
        "*",
        "`",
        "_",
        "~~",
        "\\",
        "&amp;",
        "<b>",
        "|",
    ],
    *["```", "```python\n", "~~~", "    ", "\n    code\n", "  ", "\t", "\r\n", "\r"],
    *["- ", "+ ", " - ", "   - c\n", "1. ", "7) ", "- [ ] t\n", "# ", "> ", "---\n", "===\n"],
    *["| a | b |\n|---|---|\n", "| 1 | 2 |\n", "|---|\n", "$a$", "$$", "\\(x\\)"],
    *["$$\n", "x = y$$\n", "- $$\n", "\\[\n", "\\]\n", "> $$\n"],
    *["[x]: /u\n", "[x]", "![i](http://e/x.png)", "https://e.org/a", "<think>", "</think>"],
]
TEXTS = st.lists(st.sampled_from(FRAGMENTS), max_size=24).map("".join)
SIZES = st.lists(st.integers(1, 7), min_size=1, max_size=20)


def split(chunks: list[str]) -> list[Piece]:
    splitter = Splitter()
    pieces: list[Piece] = []
    for chunk in chunks:
        pieces += splitter.feed(chunk)
    return pieces + splitter.finish()


def chop(text: str, sizes: list[int]) -> list[str]:
    chunks = []
    start = turn = 0
    while start < len(text):
        size = sizes[turn % len(sizes)]
        chunks.append(text[start : start + size])
        start, turn = start + size, turn + 1
    return chunks


def references(pieces: list[Piece]) -> References:
    known: References = {}
    for piece in pieces:
        for label, target in link_references(piece.source).items():
            known.setdefault(label, target)
    return known


def rendered(pieces: list[Piece]) -> str:
    """What the pieces look like one below the other."""
    known = references(pieces)
    parts = []
    for piece in pieces:
        later_rows = piece.in_table is not None and piece.in_table.first_row > 0
        head = piece.in_table.head if piece.in_table is not None and later_rows else ""
        elements = flatten(parse(head + piece.source, known), piece.in_list)
        if later_rows:
            (table,) = elements
            assert isinstance(table, Table)
            elements = (Table(rows=table.rows[1:], alignments=table.alignments),)
        if elements:
            parts.append(plain_text(elements))
    return "\n".join(parts)


@given(text=TEXTS, sizes=SIZES)
@example(text="- a\n\n      code\n- b\n", sizes=[1])
@example(text="1. ```\n   x\n   ```\n2. b\n", sizes=[1])
@example(text="- \\| a | b |\n|---|---|\n", sizes=[1])
@example(text="~~~x\\| a | b |\n|---|---|\n", sizes=[1])
@example(text="a\r\n\rb\r\r\nc", sizes=[1])
@example(text="para\n| a | b |\n|---|---|\n| 1 |\n> q\n", sizes=[3])
def test_any_chopping_gives_the_same_pieces(text: str, sizes: list[int]) -> None:
    whole = split([text])
    assert "".join(piece.source for piece in whole) == text
    assert split(chop(text, sizes)) == whole
    assert split(list(text)) == whole


@given(text=TEXTS)
def test_pieces_render_like_the_whole(text: str) -> None:
    assert rendered(split([text])) == plain_text(flatten(parse(text)))


@given(text=TEXTS, sizes=SIZES)
def test_offsets_and_the_open_piece_follow_the_text(text: str, sizes: list[int]) -> None:
    splitter = Splitter(offset=5)
    position = 5
    fed = ""
    for chunk in chop(text, sizes):
        fed += chunk
        for piece in splitter.feed(chunk):
            assert piece.offset == position
            assert not piece.is_open
            position += len(piece.source)
        tail = splitter.tail()
        if tail is not None:
            assert tail.is_open
            assert tail.source == fed[position - 5 :]


@given(
    lines=st.lists(
        st.sampled_from(["- b", "+ c", "# d", "> e", "1. f", "```", "a | b", "|---|---|", "***"]),
        min_size=1,
        max_size=6,
    ),
    marks=st.sampled_from([("$$", "$$"), ("\\[", "\\]"), ("$$ a", "z $$")]),
    sizes=SIZES,
)
def test_display_maths_wins_over_what_its_lines_look_like(
    lines: list[str], marks: tuple[str, str], sizes: list[int]
) -> None:
    formula = "\n".join((marks[0], *lines, marks[1]))
    text = f"Thus:\n{formula}\n- item\n"
    pieces = split(chop(text, sizes))
    assert [piece.source for piece in pieces] == ["Thus:\n", f"{formula}\n", "- item\n"]
    (paragraph,) = flatten(parse(pieces[1].source))
    assert isinstance(paragraph, Paragraph)
    (run,) = paragraph.runs
    assert run.style & RunStyle.MATH
    assert run.text.replace(LINE_BREAK, "\n").split() == formula.split()


def test_maths_without_an_end_ends_with_its_paragraph() -> None:
    assert [piece.source for piece in split(list("$$\n- a\n\n- b\n"))] == ["$$\n- a\n\n", "- b\n"]
    inside = split(list("- $$\n  - a\n  $$\n- b\n"))
    assert [piece.source for piece in inside] == ["- $$\n  - a\n  $$\n", "- b\n"]


def test_list_items_are_pieces_that_keep_their_number() -> None:
    pieces = split(list("3. a\n1. b\n\n   more\n1. c\n"))
    contexts = [piece.in_list for piece in pieces]
    assert [context and (context.number, context.follows) for context in contexts] == [
        (3, False),
        (4, True),
        (5, True),
    ]
    assert rendered(pieces) == "3.\ta\n4.\tb\nmore\n5.\tc"


def test_long_tables_become_pieces_of_some_rows() -> None:
    rows = 2 * ROWS_PER_PIECE + 3
    text = "| a | b |\n|---|---|\n" + "".join(f"| {n} | x |\n" for n in range(rows)) + "\nend\n"
    pieces = split(list(text))
    assert [piece.kind for piece in pieces] == [PieceKind.TABLE] * 3 + [PieceKind.TEXT]
    starts = [piece.in_table.first_row for piece in pieces if piece.in_table is not None]
    assert starts == [0, ROWS_PER_PIECE, 2 * ROWS_PER_PIECE]
    assert split([text]) == pieces


def watch_parsing(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Lengths of the texts that are parsed from now on."""
    seen: list[int] = []

    def watched(text: str) -> list[Token]:
        seen.append(len(text))
        return structure(text)

    monkeypatch.setattr(outline_module, "structure", watched)
    return seen


def test_a_fence_is_not_parsed_again_while_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = watch_parsing(monkeypatch)
    splitter = Splitter()
    splitter.feed("```python\n")
    seen.clear()
    for number in range(500):
        splitter.feed(f"line {number}\n")
    assert seen == []
    (piece,) = splitter.feed("```\n")
    assert piece.kind is PieceKind.CODE


@pytest.mark.parametrize(
    ("unit", "count"), [("- item with words\n", 300), ("| 1 | 2 |\n", 300), ("words here\n\n", 300)]
)
def test_parsed_text_does_not_grow_with_the_answer(
    monkeypatch: pytest.MonkeyPatch, unit: str, count: int
) -> None:
    seen = watch_parsing(monkeypatch)
    splitter = Splitter()
    splitter.feed("| a | b |\n|---|---|\n" if unit.startswith("|") else "")
    for _ in range(count):
        splitter.feed(unit)
    quarter = len(seen) // 4
    assert max(seen[-quarter:]) <= max(seen[:quarter])
