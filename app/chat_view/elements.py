"""Markdown tokens as a flat list of paragraphs and tables with styled runs: what documents are
built from, and what is copied. No Qt."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import IntFlag, StrEnum
from urllib.parse import urlsplit

from markdown_it.token import Token

from app.chat_view.pieces import ListContext

BULLETS = ("\u2022", "\u25e6", "\u25aa")
TASK_OPEN = "\u2610"
TASK_DONE = "\u2611"
LINE_BREAK = "\u2028"
LINK_SCHEMES = ("http", "https", "mailto")
ALIGNMENTS = {"text-align:right": "right", "text-align:center": "center"}

_QUOTES = "\"'(\u2018\u201c"
_PLAIN_MARKS = (
    f"{_QUOTES})\u2019\u201d ,.;?%+=\u2013\u2014\u2026\u3001\u3002\uff01\uff0c\uff1a\uff1b\uff1f-"
)
_PROSE = re.compile(rf" {{0,3}}+[{_QUOTES}]*+[^\W\d_][^\W_]*+(?:[{_PLAIN_MARKS}]++[^\W_]*+)*+")
"""A line that begins with a letter or a quotation; nothing in it has a meaning in markdown."""
_CHINESE_PUNCTUATION = re.compile(r"[\u3000-\u303f\uff00-\uff0f\uff1a-\uff20\u201c\u201d]")
_TASK = re.compile(r"\[([ xX])\][ \t]+")
DISPLAY_MARKS = ("$$", "\\[")
"""What begins a formula that is set apart from the text."""
_MATH_MARKS = {"$": ("$", "$"), "$$": ("$$", "$$"), "\\(": ("\\(", "\\)"), "\\[": ("\\[", "\\]")}


class RunStyle(IntFlag):
    """How a run of text is set."""

    NONE = 0
    BOLD = 1
    ITALIC = 2
    STRIKE = 4
    CODE = 8
    MATH = 16
    OWN = 32
    """Text of ours that is not in the source: list markers."""


@dataclass(frozen=True, slots=True)
class Run:
    """Text of one style."""

    text: str
    style: RunStyle = RunStyle.NONE
    href: str = ""


_MARKS = {"strong": RunStyle.BOLD, "em": RunStyle.ITALIC, "s": RunStyle.STRIKE}


@dataclass(frozen=True, slots=True)
class Maths:
    """A formula and the mark it began with."""

    tex: str
    mark: str


def maths_of(run: Run) -> Maths:
    """The formula of a run of maths."""
    text = run.text.replace(LINE_BREAK, "\n")
    mark = text[:2] if text[:2] in _MATH_MARKS else text[:1]
    return Maths(text[len(mark) : -len(mark)], mark)


class ParagraphKind(StrEnum):
    """What a paragraph is."""

    TEXT = "text"
    HEADING = "heading"
    CODE = "code"
    RULE = "rule"


@dataclass(frozen=True, slots=True, kw_only=True)
class Paragraph:
    """One paragraph; code keeps its line breaks in a single run."""

    kind: ParagraphKind = ParagraphKind.TEXT
    runs: tuple[Run, ...] = ()
    level: int = 0
    """Of a heading, 1 to 6."""
    list_depth: int = 0
    quote_depth: int = 0
    has_marker: bool = False
    """True: the first run is a list marker with a tab."""
    language: str = ""

    def text(self) -> str:
        """The paragraph as it is drawn."""
        return "".join(run.text for run in self.runs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Cells as runs; every row has as many cells as there are alignments."""

    rows: tuple[tuple[tuple[Run, ...], ...], ...]
    alignments: tuple[str, ...]
    """`left`, `right` or `center` for each column."""
    has_head: bool = True

    def text(self) -> str:
        """Rows as lines, cells divided by tabs."""
        return "\n".join(
            "\t".join("".join(run.text for run in cell) for cell in row) for row in self.rows
        )


Element = Paragraph | Table


def safe_href(href: str) -> str:
    """`href` when it is of a kind that may be opened, else an empty string."""
    try:
        parts = urlsplit(href)
    except ValueError:
        return ""
    scheme = parts.scheme.lower()
    if scheme not in LINK_SCHEMES or (scheme != "mailto" and not parts.hostname):
        return ""
    return href


def plain_text(elements: Iterable[Element]) -> str:
    """The text of some elements, one line for each paragraph or row."""
    return "\n".join(element.text() for element in elements)


def inline_runs(token: Token) -> tuple[Run, ...]:
    """The runs of one inline token."""
    runs: list[Run] = []
    style, href = RunStyle.NONE, ""
    is_address = False
    for child in token.children or ():
        kind, _, edge = child.type.rpartition("_")
        if kind in _MARKS:
            style = style | _MARKS[kind] if edge == "open" else style & ~_MARKS[kind]
        elif child.type == "link_open":
            href = safe_href(str(child.attrs.get("href", "")))
            is_address = child.markup == "linkify"
        elif child.type == "link_close":
            href = ""
        elif href and is_address and child.type == "text":
            runs += _address(child.content, style)
        else:
            runs.append(_leaf(child, style, href))
    return tuple(run for run in runs if run.text)


def _address(text: str, style: RunStyle) -> tuple[Run, Run]:
    """A bare address as a link; Chinese punctuation ends it and what follows is text."""
    match = _CHINESE_PUNCTUATION.search(text)
    end = match.start() if match else len(text)
    return Run(text[:end], style, safe_href(text[:end])), Run(text[end:], style)


def _leaf(token: Token, style: RunStyle, href: str) -> Run:
    match token.type:
        case "code_inline":
            return Run(token.content, style | RunStyle.CODE, href)
        case "softbreak" | "hardbreak":
            return Run(LINE_BREAK, style, href)
        case "image":
            alt = "".join(child.content for child in token.children or ())
            return Run(f"[image: {alt}] {token.attrs.get('src', '')}", style, href)
    if token.type.startswith("math_inline"):
        start, end = _MATH_MARKS.get(token.markup, ("$", "$"))
        return Run(f"{start}{token.content}{end}".replace("\n", LINE_BREAK), style | RunStyle.MATH)
    return Run(token.content, style, href)


class _Flattener:
    """Walks the tokens of one piece."""

    def __init__(self, tokens: list[Token], in_list: ListContext | None) -> None:
        self._tokens = tokens
        self._next = 0
        self._in_list = in_list
        self._counters: list[int | None] = []
        self._marker = ""
        self._quotes = 0

    def walk(self) -> Iterator[Element]:
        while self._next < len(self._tokens):
            token = self._tokens[self._next]
            self._next += 1
            element = self._element(token)
            if element is not None:
                yield element

    def _element(self, token: Token) -> Element | None:
        match token.type:
            case "list_item_close":
                return self._close_item()
            case "heading_open":
                return self._paragraph(ParagraphKind.HEADING, level=int(token.tag[1:]))
            case "paragraph_open":
                return self._paragraph(ParagraphKind.TEXT)
            case "fence" | "code_block":
                return self._code(token)
            case "hr":
                return self._plain(ParagraphKind.RULE, ())
            case "table_open":
                return self._table()
        self._nest(token)
        return None

    def _nest(self, token: Token) -> None:
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                self._open_list(token)
            case "bullet_list_close" | "ordered_list_close":
                self._counters.pop()
            case "list_item_open":
                self._open_item()
            case "blockquote_open":
                self._quotes += 1
            case "blockquote_close":
                self._quotes -= 1

    def _open_list(self, token: Token) -> None:
        number = int(token.attrs.get("start", 1)) if token.type[0] == "o" else None
        if not self._counters and self._in_list is not None:
            number = self._in_list.number
            self._in_list = None
        self._counters.append(number)

    def _open_item(self) -> None:
        number = self._counters[-1]
        if number is None:
            self._marker = BULLETS[min(len(self._counters), len(BULLETS)) - 1]
        else:
            self._marker = f"{number}."
            self._counters[-1] = number + 1

    def _close_item(self) -> Element | None:
        return self._plain(ParagraphKind.TEXT, ()) if self._marker else None

    def _paragraph(self, kind: ParagraphKind, level: int = 0) -> Element:
        runs = inline_runs(self._tokens[self._next])
        self._next += 2
        return self._plain(kind, runs, level=level)

    def _plain(
        self,
        kind: ParagraphKind,
        runs: tuple[Run, ...],
        *,
        level: int = 0,
        language: str = "",
    ) -> Paragraph:
        marker, self._marker = self._marker, ""
        if marker and kind is not ParagraphKind.CODE:
            runs = _with_marker(marker, runs)
        return Paragraph(
            kind=kind,
            runs=runs,
            level=level,
            list_depth=len(self._counters),
            quote_depth=self._quotes,
            has_marker=bool(marker) and kind is not ParagraphKind.CODE,
            language=language,
        )

    def _code(self, token: Token) -> Element:
        language = token.info.split()[0] if token.info.split() else ""
        text = token.content.removesuffix("\n")
        return self._plain(ParagraphKind.CODE, (Run(text, RunStyle.CODE),), language=language)

    def _table(self) -> Table:
        rows: list[tuple[tuple[Run, ...], ...]] = []
        row: list[tuple[Run, ...]] = []
        alignments: list[str] = []
        self._marker = ""
        while (token := self._tokens[self._next]).type != "table_close":
            self._next += 1
            match token.type:
                case "tr_open":
                    row = []
                case "th_open":
                    alignments.append(ALIGNMENTS.get(str(token.attrs.get("style", "")), "left"))
                case "inline":
                    row.append(inline_runs(token))
                case "tr_close":
                    rows.append(tuple(row))
        return Table(rows=tuple(rows), alignments=tuple(alignments))


def _with_marker(marker: str, runs: tuple[Run, ...]) -> tuple[Run, ...]:
    if runs and runs[0].style is RunStyle.NONE and (task := _TASK.match(runs[0].text)):
        marker = TASK_OPEN if task.group(1) == " " else TASK_DONE
        runs = (Run(runs[0].text[task.end() :]), *runs[1:])
    return (Run(f"{marker}\t", RunStyle.OWN), *runs)


def prose(source: str) -> tuple[Element, ...] | None:
    """What parsing would make of paragraphs without any markup, of one line each, at a fraction of
    its cost; None for everything else.
    """
    paragraphs: list[Element] = []
    for part in source.split("\n\n"):
        line = part.strip("\n")
        if not line:
            continue
        if _PROSE.fullmatch(line) is None:
            return None
        paragraphs.append(Paragraph(runs=(Run(line.strip(" ")),)))
    return tuple(paragraphs) or None


def flatten(tokens: list[Token], in_list: ListContext | None = None) -> tuple[Element, ...]:
    """The elements of some tokens; `in_list` says which item of a list they begin with."""
    return tuple(_Flattener(tokens, in_list).walk())
