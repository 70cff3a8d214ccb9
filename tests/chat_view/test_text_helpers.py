"""Alignment, token maps, highlighting and column widths: small pieces without Qt."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat_view.alignment import Aligner, Segment, source_offset
from app.chat_view.code_block import Code, finished_code, open_code
from app.chat_view.highlighting import LONGEST_CHARACTERS, LONGEST_LINE, code_spans, ends_outside
from app.chat_view.table_columns import NARROWEST, TableColumns, raw_cells
from app.chat_view.token_map import TokenMap
from engine.events import TextSpan

SPANS = st.lists(
    st.builds(
        TextSpan, characters=st.integers(0, 6), step=st.integers(0, 5), accepted=st.booleans()
    ),
    max_size=40,
)


def test_runs_are_found_behind_their_marks() -> None:
    source = "Hello **bold** end"
    aligner = Aligner(source)
    placed = [*aligner.place("Hello ", 0), *aligner.place("bold", 6), *aligner.place(" end", 10)]
    assert placed == [Segment(0, 6, 0), Segment(6, 4, 8), Segment(10, 4, 14)]
    assert source_offset(placed, 7) == 9
    assert source_offset(placed, 99) is None


def test_link_targets_are_stepped_over() -> None:
    aligner = Aligner("[a](https://e.org/b) b")
    aligner.place("a", 0)
    aligner.skip_link_target()
    assert aligner.place(" b", 1) == [Segment(1, 2, 20)]


def test_entities_and_escapes_align_character_by_character() -> None:
    source = r"a &amp; b \* c"
    placed = Aligner(source).place("a & b * c", 0)
    assert {source[source_offset(placed, position) or 0] for position in (0, 4, 8)} == set("abc")


@given(spans=SPANS, start=st.integers(0, 60), length=st.integers(0, 60))
def test_accepted_ranges_are_the_accepted_characters(
    spans: list[TextSpan], start: int, length: int
) -> None:
    tokens = TokenMap()
    tokens.extend(spans[:7])
    tokens.extend(spans[7:])
    flags = [span.accepted for span in spans for _ in range(span.characters)]
    ranges = list(tokens.accepted_ranges(start, start + length))
    covered = {index for first, last in ranges for index in range(first, last)}
    expected = {i for i in range(start, start + length) if i < len(flags) and flags[i]}
    assert covered == expected
    assert all(a[1] < b[0] for a, b in pairwise(ranges))


def test_a_token_tells_its_step() -> None:
    tokens = TokenMap()
    tokens.extend([TextSpan(characters=2, step=0, accepted=False)])
    tokens.extend([TextSpan(characters=3, step=1, accepted=True)])
    tokens.extend([TextSpan(characters=1, step=1, accepted=False)])
    token = tokens.at(4)
    assert token is not None
    assert (token.start, token.end, token.step, token.accepted, token.run_length) == (
        2,
        5,
        1,
        True,
        2,
    )
    assert tokens.at(6) is None
    assert tokens.at(-1) is None


@pytest.mark.parametrize("language", ["python", "cpp", "json", "nonsense", ""])
@given(code=st.text(alphabet="abc \n\"'#/*{}=1中\t", max_size=80))
def test_highlighting_keeps_the_code(language: str, code: str) -> None:
    assert "".join(text for text, _ in code_spans(code, language)) == code


def test_highlighting_tells_categories_apart() -> None:
    found = dict(code_spans('def f(): return "s"  # c', "python"))
    assert found["def"] == "keyword"
    assert found['"s"'] == "string"
    assert found["# c"] == "comment"


def test_very_long_code_stays_plain() -> None:
    assert code_spans("x = 1\n" * LONGEST_CHARACTERS, "python")[0][1] == ""
    assert len(code_spans("x = 1\n", "python")) > 1
    assert code_spans("x = 1;" * LONGEST_LINE, "python") == [("x = 1;" * LONGEST_LINE, "")]


def test_the_inside_of_a_long_string_is_known() -> None:
    assert ends_outside("x = 1", "python")
    assert not ends_outside('"""one\ntwo', "python")
    assert ends_outside('"""one\ntwo"""', "python")
    assert not ends_outside("int a; /* b", "cpp")


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("```py\na\nb", Code("a\nb", "py")),
        ("```py\na\n``", Code("a", "py")),
        ("\n```\n", Code("", "")),
        ("```", Code("", "")),
    ],
)
def test_code_of_an_open_fence(source: str, code: Code) -> None:
    assert open_code(source) == code


def test_code_of_a_finished_fence() -> None:
    assert finished_code("~~~~c++ x\na\n~~~\n~~~~\n") == Code("a\n~~~", "c++")
    assert finished_code("    a\n    b\n") == Code("a\nb", "")


def test_cells_are_split_at_bars() -> None:
    assert raw_cells(r"| **a** | [b](https://e.org) | c \| d |") == ["a", "b", r"c \| d"]
    assert raw_cells("a | b") == ["a", "b"]


def test_columns_keep_their_natural_width_when_there_is_room() -> None:
    columns = TableColumns(2)
    columns.include(["| aa | b |"], lambda text: 10.0 * len(text))
    assert columns.fit(500, 5) == [32, 22]
    revision = columns.revision
    columns.include(["| a | b |"], lambda text: 10.0 * len(text))
    assert columns.revision == revision


def test_wide_columns_give_way_first() -> None:
    columns = TableColumns(3)
    columns.include([f"| a | {'b' * 60} | {'c' * 90} |"], lambda text: 10.0 * len(text))
    widths = columns.fit(700, 0)
    assert sum(widths) == pytest.approx(700, abs=1)
    assert widths[0] == 12
    assert widths[1] == pytest.approx(widths[2], abs=1)
    assert min(columns.fit(100, 0)[1:]) == NARROWEST
