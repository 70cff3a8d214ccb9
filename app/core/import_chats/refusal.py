"""Why a file was refused, and where in it. Codes and positions; sentences are made elsewhere."""

from __future__ import annotations

from enum import StrEnum


class RefusalCode(StrEnum):
    """What is wrong with a file. The window has a sentence for each."""

    UNREADABLE = "unreadable"
    """The file or folder cannot be read; facts: reason."""
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
    """A value is missing or of the wrong kind; facts: expected."""
    TOO_MANY_MESSAGES = "too_many_messages"
    """Facts: limit."""
    NOTHING_FOUND = "nothing_found"
    """No chat with a message in it."""


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
