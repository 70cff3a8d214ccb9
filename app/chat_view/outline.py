"""Where the pieces of some whole lines of markdown start: blocks, list items, groups of rows.
No Qt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.token import Token

from app.chat_view.markdown import structure
from app.chat_view.pieces import ListContext, PieceKind, TableContext

ROWS_PER_PIECE = 8
LINES_PER_CODE_PIECE = 300
"""Lines after which fenced code goes on in another piece."""
LONGEST_BLOCK = 16_000
"""Characters after which a block is cut at the end of a line, so that no cost grows with it."""
LONGEST_PARAGRAPH = 6000
"""The same for a paragraph or heading, which is read anew with every word while it grows."""

LINE_END = re.compile(r"\r\n?|\n")


@dataclass(slots=True, kw_only=True)
class Cut:
    """Where a piece starts within the lines that were parsed."""

    line: int
    token: Token
    kind: PieceKind = PieceKind.TEXT
    in_list: ListContext | None = None
    in_table: TableContext | None = None


def is_row(head: str, line: str) -> bool:
    """Whether `line` goes on with the table that `head` began."""
    tokens = structure(head + line)
    return bool(tokens) and tokens[0].type == "table_open" and tokens[0].map == [0, 3]


class Lines:
    """Text with the offsets of its lines; `base` is where it starts in the message."""

    def __init__(self, text: str, base: int) -> None:
        self.text = text
        self.base = base
        self._starts = [0, *(match.end() for match in LINE_END.finditer(text))]
        if self._starts[-1] < len(text):
            self._starts.append(len(text))

    def offset(self, line: int) -> int:
        """Where a line starts in the message."""
        return self.base + self._starts[line]

    def slice(self, first: int, end: int) -> str:
        """Source of lines `first` to `end`, the latter excluded."""
        return self.text[self._starts[first] : self._starts[end]]


def _list_cuts(tokens: list[Token], line: int, before: ListContext | None) -> list[Cut]:
    """One cut per item of the list that `tokens` starts with; it goes on with item `before`."""
    first = before.number if before else int(tokens[0].attrs.get("start", 1))
    if tokens[0].type == "bullet_list_open":
        first = None
    items = []
    for token in tokens:
        if token.type == "list_item_open" and token.level == 1:
            items.append(token)
        elif token.level == 0 and token.nesting < 0:
            break
    return [
        Cut(
            line=first_line(item) if index else line,
            token=item,
            in_list=ListContext(
                number=None if first is None else first + index,
                follows=index > 0 or (before is not None and before.follows),
            ),
        )
        for index, item in enumerate(items)
    ]


def first_line(token: Token) -> int:
    assert token.map is not None
    return token.map[0]


def end_line(token: Token) -> int:
    assert token.map is not None
    return token.map[1]


def _table_cuts(token: Token, line: int, lines: Lines) -> list[Cut]:
    """One cut per group of rows."""
    start, body = first_line(token), first_line(token) + 2
    head = lines.slice(start, body)
    rows = range(0, max(1, end_line(token) - body), ROWS_PER_PIECE)
    return [
        Cut(
            line=body + row if row else line,
            token=token,
            kind=PieceKind.TABLE,
            in_table=TableContext(offset=lines.offset(start), head=head, first_row=row),
        )
        for row in rows
    ]


def outline(lines: Lines, before: ListContext | None) -> list[Cut]:
    """Where the pieces of some lines start. What precedes the first block belongs to it."""
    tokens = structure(lines.text)
    cuts: list[Cut] = []
    start: int | None = 0
    for index, token in enumerate(tokens):
        if token.level or token.nesting < 0 or token.map is None:
            continue
        line = token.map[0] if start is None else start
        start = None
        match token.type:
            case "bullet_list_open" | "ordered_list_open":
                cuts += _list_cuts(tokens[index:], line, None if cuts else before)
            case "table_open":
                cuts += _table_cuts(token, line, lines)
                start = token.map[1]
            case "fence":
                cuts.append(Cut(line=line, token=token, kind=PieceKind.CODE))
                start = token.map[1]
            case "code_block":
                cuts.append(Cut(line=line, token=token, kind=PieceKind.CODE))
            case "hr":
                cuts.append(Cut(line=line, token=token, kind=PieceKind.RULE))
            case _:
                cuts.append(Cut(line=line, token=token))
    return cuts


def longest(cut: Cut) -> int | None:
    """Characters after which this block is cut in two; None: not in this way."""
    match cut.token.type:
        case "fence" | "table_open":
            return None
        case "paragraph_open" | "heading_open":
            return LONGEST_PARAGRAPH
    return LONGEST_BLOCK


def is_long_fence(cut: Cut, lines: Lines) -> bool:
    """Whether fenced code is more than one piece."""
    if cut.token.type != "fence":
        return False
    first, end = first_line(cut.token), end_line(cut.token)
    length = lines.offset(end) - lines.offset(cut.line)
    return end - first > LINES_PER_CODE_PIECE or length >= LONGEST_BLOCK
