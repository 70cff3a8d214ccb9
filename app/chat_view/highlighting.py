"""Syntax categories of source code by pygments, imported at the first use. No Qt, no colours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer
    from pygments.token import _TokenType

Span = tuple[str, str]
"""Text and its category: `keyword`, `string`, `comment`, `number`, `name` or empty."""

COMMON_LANGUAGES = ("python", "bash", "json", "javascript", "cpp")
LONGEST_CHARACTERS = 24_000
LONGEST_LINE = 4000
"""Characters of a line beyond which code is not highlighted: nobody has written it."""
_PROBE = "slipstream_probe"
_SUFFIX = re.compile(r"\*\.\w+")


@lru_cache(maxsize=64)
def _lexer(language: str) -> Lexer | None:
    from pygments.lexers import get_lexer_by_name
    from pygments.util import ClassNotFound

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False)
    except ClassNotFound:
        return None


def preload(language: str) -> None:
    """Import what highlighting a language needs, so that the first code does not wait for it."""
    code_spans("x", language)


def file_suffix(language: str) -> str:
    """The usual end of file names of a language, `.txt` for an unknown one."""
    lexer = _lexer(language.lower()) if language else None
    patterns = lexer.filenames if lexer is not None else []
    suffixes = [pattern[1:] for pattern in patterns if _SUFFIX.fullmatch(pattern)]
    return suffixes[0] if suffixes else ".txt"


@lru_cache(maxsize=512)
def _category(kind: _TokenType) -> str:
    from pygments.token import Comment, Keyword, Name, Number, Operator, String

    for parent, category in (
        (Comment, "comment"),
        (Keyword, "keyword"),
        (Operator.Word, "keyword"),
        (String, "string"),
        (Number, "number"),
        (Name.Function, "name"),
        (Name.Class, "name"),
        (Name.Builtin, "name"),
        (Name.Tag, "keyword"),
        (Name.Attribute, "name"),
        (Name.Decorator, "name"),
    ):
        if any(ancestor is parent for ancestor in kind.split()):
            return category
    return ""


def _is_readable(code: str) -> bool:
    return len(code) < LONGEST_CHARACTERS and max(map(len, code.split("\n"))) < LONGEST_LINE


def code_spans(code: str, language: str) -> list[Span]:
    """`code` in spans of one category each; joined they are `code` unchanged.

    Unknown languages and very long code come back as one plain span.
    """
    lexer = _lexer(language.lower()) if language and _is_readable(code) else None
    if lexer is None or not code:
        return [(code, "")] if code else []
    spans: list[Span] = []
    for _, kind, text in lexer.get_tokens_unprocessed(code):
        category = _category(kind)
        if spans and spans[-1][1] == category:
            spans[-1] = (spans[-1][0] + text, category)
        else:
            spans.append((text, category))
    if sum(len(text) for text, _ in spans) != len(code):
        return [(code, "")]
    return spans


@lru_cache(maxsize=512)
def cached_code_spans(code: str, language: str) -> tuple[Span, ...]:
    """`code_spans` for code that will be asked for again."""
    return tuple(code_spans(code, language))


def ends_outside(code: str, language: str) -> bool:
    """Whether a line after `code` starts afresh, not inside a long comment or string."""
    spans = code_spans(f"{code}\n{_PROBE}", language)
    if not spans:
        return True
    text, category = spans[-1]
    return category not in ("string", "comment") or _PROBE not in text
