"""Values for the pieces a message is cut into. No Qt."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class PieceKind(StrEnum):
    """What a piece is drawn as."""

    TEXT = "text"
    """Markdown that is neither of the following: a paragraph, a heading, one list item..."""
    PLAIN = "plain"
    """Text without markup, as a user typed it."""
    CODE = "code"
    TABLE = "table"
    """Some rows of a table; only the first piece of a table holds its head."""
    RULE = "rule"
    ATTACHED = "attached"
    """The head of an attached text; the text itself follows in pieces without markup."""
    ATTACHED_END = "attached_end"
    """The mark behind an attached text, which is not drawn."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListContext:
    """The place of one list item in its list, which its own source does not tell."""

    number: int | None
    """None in a bullet list."""
    follows: bool
    """True: another item of the same list precedes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TableContext:
    """The table that some rows belong to."""

    offset: int
    """Where the table starts; the same for all its pieces."""
    head: str
    """Source of the header and delimiter lines."""
    first_row: int
    """Index of the first body row of this piece; with 0 the piece holds the head too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeContext:
    """The fenced code that some further lines belong to."""

    offset: int
    """Where its first piece starts; the same for all its pieces."""
    head: str
    """Source of the line that opens the fence."""
    part: int
    """Number of this piece, from 1: the first piece, which holds the head, has no context."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachedText:
    """A text that was attached to a message."""

    offset: int
    """Where it starts in the message."""
    name: str
    size_bytes: int
    estimated_tokens: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a message that is laid out by itself."""

    kind: PieceKind
    source: str
    offset: int
    """Characters before it in the message."""
    is_open: bool = False
    """True while more text may still belong to it."""
    thinking: bool = False
    in_list: ListContext | None = None
    in_table: TableContext | None = None
    in_code: CodeContext | None = None
    attached: AttachedText | None = None
