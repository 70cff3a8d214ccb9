"""An attached text, and every way a file is refused. Values only."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MAX_FILE_BYTES = 30_000_000
MAX_CHARACTERS = 2_000_000
MAX_ATTACHMENTS = 10
DOCUMENT_PATTERNS = ("*.txt", "*.md", "*.pdf", "*.docx")
"""For the file dialog; every other file is tried as plain text."""


class AttachmentKind(StrEnum):
    """Where the text came from."""

    FILE = "file"
    PASTED = "pasted"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A text that goes along with a message."""

    name: str
    text: str
    kind: AttachmentKind = AttachmentKind.FILE
    pages: int | None = None
    """Of a document that has pages."""


class RefusalCode(StrEnum):
    """Why a file is not attached."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    TOO_LONG = "too_long"
    UNKNOWN_KIND = "unknown_kind"
    NO_TEXT = "no_text"
    NO_TEXT_IN_PAGES = "no_text_in_pages"
    """A document of pictures, such as a scan."""
    ENCRYPTED = "encrypted"
    DAMAGED = "damaged"
    DOES_NOT_FIT = "does_not_fit"
    TOO_MANY = "too_many"


class AttachmentError(Exception):
    """A file is refused; `facts` are the numbers of the sentence."""

    def __init__(self, code: RefusalCode, **facts: int | str) -> None:
        super().__init__(f"{code} {facts}")
        self.code = code
        self.facts = facts
