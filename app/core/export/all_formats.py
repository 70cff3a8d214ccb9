"""The formats of an export by name. Values in, text out."""

from __future__ import annotations

from enum import StrEnum


class ExportFormat(StrEnum):
    """How chats are written; the value is the suffix of the file."""

    MARKDOWN = "md"
    HTML = "html"
    PDF = "pdf"
    JSON = "json"
    """Complete, one file for any number of chats, and read back exactly."""

    @property
    def suffix(self) -> str:
        """The suffix with its dot."""
        return f".{self.value}"
