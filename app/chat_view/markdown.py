"""The markdown dialect of the chat: CommonMark with tables, strikethrough, autolinks and maths.
Raw HTML stays text. Parsing only: no Qt, nothing is loaded from anywhere."""

from __future__ import annotations

import re
from collections.abc import MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, table
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.emphasis import tokenize as tokenize_emphasis
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

References = dict[str, Any]
MOST_DEFINITIONS = 200

_BRACKET_MATHS = re.compile(r"\\\((?!\s*\\\)).+?\\\)|\\\[(?!\s*\\\]).+?\\\]", re.DOTALL)
_DISPLAY_ENDS = {"$$": "$$", "\\[": "\\]"}
_CHINESE = re.compile(r"[\u3000-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef]")
_MARKER_ONLY = re.compile(
    r"(?:`{1,2}|`{3,}[^`]*|~{3,}.*|[-*+>]|[-=_*]+|\d{1,9}[.)]?|#{1,6}|\|[-:| ]*)"
)
_HALF_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\([^()\s]*$")
_OPEN_MARKS = re.compile(r"[*_~`]+$")


def _bracket_maths(state: StateInline, silent: bool) -> bool:
    """`\\(...\\)` and `\\[...\\]` as maths, before the backslash is taken for an escape."""
    match = _BRACKET_MATHS.match(state.src, state.pos)
    if match is None:
        return False
    if not silent:
        token = state.push("math_inline", "math", 0)
        token.content = match.group()[2:-2]
        token.markup = match.group()[:2]
    state.pos = match.end()
    return True


def _chinese_emphasis(state: StateInline, silent: bool) -> bool:
    """Emphasis that may also begin and end beside Chinese text without a space.

    CommonMark wants a space or punctuation behind `**。**`, which Chinese text does not have.
    """
    start, known = state.pos, len(state.delimiters)
    if not tokenize_emphasis(state, silent):
        return False
    if state.src[start] == "*":
        before, after = state.src[start - 1 : start], state.src[state.pos : state.pos + 1]
        if _CHINESE.match(before) or _CHINESE.match(after):
            for delimiter in state.delimiters[known:]:
                delimiter.open = delimiter.open or not after.isspace()
                delimiter.close = delimiter.close or not before.isspace()
    return True


def _display_end(line: str) -> str:
    """The mark that ends the maths a line begins; empty when it begins none or ends it itself."""
    end = _DISPLAY_ENDS.get(line[:2], "")
    return "" if end in line[2:] else end


def _display_maths(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Lines of display maths as one paragraph, whatever they look like: `- x` is no list there.

    Whether maths begins is told by its first line alone, and an empty line ends it in any case, so
    that text in progress is cut like complete text.
    """
    if state.is_code_block(start_line):
        return False
    first = state.src[
        state.bMarks[start_line] + state.tShift[start_line] : state.eMarks[start_line]
    ]
    end = _display_end(first)
    if not end:
        return False
    if silent:
        return True
    line = start_line + 1
    while line < end_line and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent:
        line += 1
        if end in state.src[state.bMarks[line - 1] : state.eMarks[line - 1]]:
            break
    _push_paragraph(state, start_line, line)
    return True


def _push_paragraph(state: StateBlock, first: int, end: int) -> None:
    state.line = end
    token = state.push("paragraph_open", "p", 1)
    token.map = [first, end]
    token = state.push("inline", "", 0)
    token.content = state.getLines(first, end, state.blkIndent, False).strip()
    token.map = [first, end]
    token.children = []
    state.push("paragraph_close", "p", -1)


def _dialect() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "linkify": True})
    parser.enable(["strikethrough", "linkify"])
    # Behind the other blocks: a line that begins a fence, a list item or a heading stays one, even
    # when the next line looks like the second line of a table. Streaming relies on that.
    parser.block.ruler.before("lheading", "late_table", table, {"alt": ["paragraph", "reference"]})
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, double_inline=True)
    # A block of maths needs its end to be one, so a half-streamed answer would split otherwise.
    parser.disable("math_block")
    parser.block.ruler.before(
        "fence",
        "display_maths",
        _display_maths,
        {"alt": ["paragraph", "reference", "blockquote", "list"]},
    )
    parser.inline.ruler.at("emphasis", _chinese_emphasis)
    parser.inline.ruler.before("escape", "bracket_maths", _bracket_maths)
    if parser.linkify is not None:
        # Names such as main.py are no links.
        parser.linkify.set({"fuzzy_link": False, "fuzzy_ip": False, "fuzzy_email": False})
    return parser


_FULL = _dialect()
_STRUCTURE = _dialect().disable(["inline", "linkify", "text_join"])
_FULL_UNDEFINED = _dialect().disable("reference")
_STRUCTURE_UNDEFINED = _dialect().disable(["inline", "linkify", "text_join", "reference"])


def _defines_too_much(source: str) -> bool:
    """The parser takes quadratic time for link definitions in a row; so many stay text."""
    return source.count("]:") > MOST_DEFINITIONS


def parse(source: str, references: References | None = None) -> list[Token]:
    """Tokens of `source`; `references` were defined elsewhere in the message."""
    parser = _FULL_UNDEFINED if _defines_too_much(source) else _FULL
    return parser.parse(source, {"references": dict(references or {})})


def preload_parser() -> None:
    """Have the large patterns compiled that the first address needs, about 30 ms."""
    parse("see https://e.org")


def structure(source: str) -> list[Token]:
    """Block tokens of `source` without inline content: several times cheaper than `parse`."""
    parser = _STRUCTURE_UNDEFINED if _defines_too_much(source) else _STRUCTURE
    return parser.parse(source, {})


def link_references(source: str) -> References:
    """The link reference definitions in `source`, by normalised label."""
    if "]:" not in source or _defines_too_much(source):
        return {}
    environment: MutableMapping[str, Any] = {}
    _STRUCTURE.parse(source, environment)
    return dict(environment.get("references", {}))


def presentable(source: str) -> str:
    """The end of a text in progress without half-written marks, so that it does not flicker.

    Only for showing: a lone block marker on the last line is left out and open inline marks are
    closed. The text itself is shown unchanged as soon as it is complete.
    """
    head, newline, line = source.rpartition("\n")
    if _MARKER_ONLY.fullmatch(line.strip()):
        return head + newline
    start = source.rfind("\n\n") + 1
    paragraph = _HALF_LINK.sub(r"\1", source[start:])
    if paragraph.count("`") % 2:
        return (
            source[:start]
            + paragraph.rstrip("`")
            + ("`" if paragraph.rstrip("`").count("`") % 2 else "")
        )
    paragraph = _OPEN_MARKS.sub("", paragraph)
    for mark in ("**", "~~"):
        if paragraph.count(mark) % 2:
            paragraph = paragraph.rstrip() + mark
    return source[:start] + paragraph
