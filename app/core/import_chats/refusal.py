"""Why a file was refused, and where in it. Codes and positions; sentences are made elsewhere."""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """What is wrong with a file. The window has a sentence for each."""

    UNREADABLE = "unreadable"
    """The system refused to read it; facts: reason, in the words of the system."""
    MISSING = "missing"
    """The file or folder is not there any more."""
    NOT_PERMITTED = "not_permitted"
    """This user may not read it."""
    DAMAGED_ARCHIVE = "damaged_archive"
    """A .zip that is broken, or locked by a password."""
    TOO_LARGE = "too_large"
    """Facts: size_bytes, limit_bytes."""
    NOT_TEXT = "not_text"
    """Not UTF-8; facts: byte."""
    NOT_JSON = "not_json"
    """Facts: line, column (and byte)."""
    TOO_DEEP = "too_deep"
    UNKNOWN_FORMAT = "unknown_format"
    """Sound JSON, but not of a program this one knows."""
    NEWER_FORMAT = "newer_format"
    """Exported by a newer version; facts: found, known."""
    WRONG_STRUCTURE = "wrong_structure"
    """A value is missing or of the wrong kind; facts: expected (`Expected`), and its own."""
    TOO_MANY_MESSAGES = "too_many_messages"
    """Facts: limit."""
    NOTHING_FOUND = "nothing_found"
    """No chat with a message in it."""


class Expected(StrEnum):
    """What should have stood in a place. The window has words for each."""

    OBJECT = "object"
    LIST = "list"
    TEXT = "text"
    NUMBER = "number"
    INTEGER = "integer"
    INTEGER_BETWEEN = "integer_between"
    """Facts: low, high."""
    FLAG = "flag"
    TIME = "time"
    ONE_OF = "one_of"
    """Facts: allowed, as they stand in the file."""
    TREE = "tree"
    """A message came before itself."""
    NO_PARENT = "no_parent"
    """The first message follows no other."""
    SETTINGS = "settings"
    SPANS = "spans"
    """Marked stretches did not cover the text."""
    REPORT = "report"
    """Figures of an answer."""


class ImportRefusedError(Exception):
    """A file cannot be imported; nothing of it was."""

    def __init__(self, code: RefusalCode, *, where: str = "", **facts: str | int) -> None:
        """Args:
        code: what is wrong.
        where: path of the value in the JSON (`$.chats[2].title`) and, in folders, the file.
        facts: as the code says.
        """
        super().__init__(f"{code} at {where or '$'}: {facts}")
        self.code = code
        self.where = where
        self.facts = tuple(facts.items())
