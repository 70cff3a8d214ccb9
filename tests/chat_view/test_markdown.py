"""The dialect: what is markup, what stays text, and how unfinished text is shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.chat_view.elements import (
    Paragraph,
    ParagraphKind,
    Run,
    RunStyle,
    Table,
    flatten,
    plain_text,
    prose,
    safe_href,
)
from app.chat_view.markdown import parse, presentable


def runs(source: str) -> list[Run]:
    (paragraph,) = flatten(parse(source))
    assert isinstance(paragraph, Paragraph)
    return list(paragraph.runs)


def styles(source: str) -> dict[str, RunStyle]:
    return {run.text: run.style for run in runs(source)}


def test_inline_styles() -> None:
    found = styles("a **b** *c* ~~d~~ `e` ***f***")
    assert found["b"] is RunStyle.BOLD
    assert found["c"] is RunStyle.ITALIC
    assert found["d"] is RunStyle.STRIKE
    assert found["e"] is RunStyle.CODE
    assert found["f"] == RunStyle.BOLD | RunStyle.ITALIC


def test_emphasis_beside_chinese_text_needs_no_space() -> None:
    assert styles("验证，**从而提高速度。**缓存")["从而提高速度。"] is RunStyle.BOLD
    assert styles("这是**“重点”**内容")["“重点”"] is RunStyle.BOLD
    assert styles("**注意:**后面")["注意:"] is RunStyle.BOLD
    assert plain_text(flatten(parse("2 * 3 * 4"))) == "2 * 3 * 4"


@pytest.mark.parametrize("source", ["$a_1*b*$", "$$x^2$$", r"\(a_b\)", r"\[a * b * c\]"])
def test_maths_keeps_its_source(source: str) -> None:
    (run,) = runs(source)
    assert run == Run(source, RunStyle.MATH)


def test_prices_are_no_maths() -> None:
    assert [run.style for run in runs("it costs $5 and then $6 more")] == [RunStyle.NONE]


@pytest.mark.parametrize(
    ("href", "kept"),
    [
        ("https://e.org/a", True),
        ("http://e.org", True),
        ("mailto:a@e.org", True),
        ("ftp://e.org", False),
        ("javascript:alert(1)", False),
        ("file:///etc/passwd", False),
        ("//e.org", False),
        ("relative/path", False),
        ("http://", False),
        ("http://[broken", False),
    ],
)
def test_only_harmless_links_are_links(href: str, kept: bool) -> None:
    assert safe_href(href) == (href if kept else "")


def test_addresses_become_links_and_file_names_do_not() -> None:
    found = {run.text: run.href for run in runs("see https://e.org/x and main.py or e.org")}
    assert found["https://e.org/x"] == "https://e.org/x"
    assert [text for text, href in found.items() if href] == ["https://e.org/x"]


def test_chinese_punctuation_ends_an_address() -> None:
    found = [(run.text, run.href) for run in runs("见 https://e.org/x。然后")]
    assert found == [("见 ", ""), ("https://e.org/x", "https://e.org/x"), ("。然后", "")]


def test_images_and_html_are_text() -> None:
    source = "![a cat](https://e.org/cat.png) <img src=x> <b>bold</b>"
    shown = plain_text(flatten(parse(source)))
    assert shown == "[image: a cat] https://e.org/cat.png <img src=x> <b>bold</b>"
    assert all(run.style is RunStyle.NONE for run in runs(source))


def test_lists_tasks_quotes_and_code() -> None:
    elements = flatten(parse("- a\n  1. b\n- [x] c\n- [ ] d\n\n> q\n> > r\n\n    code\n\n---\n"))
    assert plain_text(elements) == "•\ta\n1.\tb\n☑\tc\n☐\td\nq\nr\ncode\n"
    paragraphs = [element for element in elements if isinstance(element, Paragraph)]
    assert [p.list_depth for p in paragraphs[:4]] == [1, 2, 1, 1]
    assert [p.quote_depth for p in paragraphs[4:6]] == [1, 2]
    assert [p.kind for p in paragraphs[6:]] == [ParagraphKind.CODE, ParagraphKind.RULE]


def test_tables_are_padded_and_aligned() -> None:
    (table,) = flatten(parse("| a | b | c |\n|:--|--:|:-:|\n| 1 |\n| 1 | 2 | 3 | 4 |\n"))
    assert isinstance(table, Table)
    assert table.alignments == ("left", "right", "center")
    assert table.text() == "a\tb\tc\n1\t\t\n1\t2\t3"


def test_references_from_elsewhere_resolve() -> None:
    known = {"X": {"href": "https://e.org", "title": ""}}
    (paragraph,) = flatten(parse("[x]", known))
    assert isinstance(paragraph, Paragraph)
    assert paragraph.runs[0].href == "https://e.org"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("some **bo", "some bo"),
        ("some **bold*", "some bold"),
        ("call `f(", "call f("),
        ("text\n-", "text"),
        ("text\n##", "text"),
        ("see [this](https://e.or", "see this"),
        ("a * b", "a * b"),
    ],
)
def test_half_written_marks_are_not_shown(source: str, shown: str) -> None:
    assert plain_text(flatten(parse(presentable(source)))) == shown


HARMLESS = ["  ", "\n\n", "(c)", *"aZ\u00e9\u4e2d 9,.;?\"'()%+=-\u2013\u201c\u3002\uff1a"]
MEANINGFUL = [*"*_`~[]<>&$!\\/:@#|{}^\n\t1", "\u3000", "http://e.org", "www.e.org", "a@e.org"]
PIECES = st.one_of(st.sampled_from(HARMLESS), st.sampled_from(HARMLESS + MEANINGFUL), st.text())


@given(st.lists(PIECES, max_size=14).map("".join))
def test_prose_is_what_parsing_would_make_of_it(source: str) -> None:
    paragraphs = prose(source)
    if paragraphs is not None:
        assert paragraphs == flatten(parse(source)) == flatten(parse(presentable(source)))


@pytest.mark.parametrize(
    ("source", "is_prose"),
    [
        ('"No," said the dog', True),
        ("The dog, 3 years old, said: no", False),
        ('The dog said "no" (twice) - and left... ', True),
        ("\u72d7\u8bf4\uff1a\u201c\u4e0d\u3002\u201d", True),
        ("a *b*", False),
        ("The end.\n\n", True),
        ("The end.\n\n\n One more.\n", True),
        ("The end.\n\n- a", False),
        ("   The end.", True),
        ("    The end.", False),
        ("a\nb", False),
        ("1. a", False),
        ("- a", False),
        ("snake_case", False),
        ("", False),
    ],
)
def test_prose_is_told_apart_by_its_characters(source: str, is_prose: bool) -> None:
    assert (prose(source) is not None) is is_prose
