"""Turns a file into an attached text, or says why not. Blocking: call it off the GUI thread."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from app.core.attachments.docx_file import docx_text
from app.core.attachments.pdf_file import pdf_text
from app.core.attachments.text_file import decode_text
from app.core.attachments.values import (
    MAX_CHARACTERS,
    MAX_FILE_BYTES,
    Attachment,
    AttachmentError,
    RefusalCode,
)


def extract(path: Path, *, is_cancelled: Callable[[], bool] = lambda: False) -> Attachment:
    """Read a file.

    Raises:
        AttachmentError: the code says why, its facts have the numbers.
    """
    content = _content(path)
    pages: int | None = None
    match path.suffix.lower():
        case ".pdf":
            text, pages = pdf_text(content, is_cancelled=is_cancelled)
        case ".docx":
            text = docx_text(content)
        case _:
            text = decode_text(content)
    if not text.strip():
        raise AttachmentError(RefusalCode.NO_TEXT)
    if len(text) > MAX_CHARACTERS:
        raise AttachmentError(RefusalCode.TOO_LONG, limit=MAX_CHARACTERS)
    return Attachment(name=path.name, text=text.strip("\n"), pages=pages)


def _content(path: Path) -> bytes:
    try:
        if not path.is_file():
            raise AttachmentError(RefusalCode.UNREADABLE)
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
            size = path.stat().st_size
    except OSError as error:
        raise AttachmentError(RefusalCode.UNREADABLE) from error
    if len(content) > MAX_FILE_BYTES:
        facts = {"size_bytes": size, "limit_bytes": MAX_FILE_BYTES}
        raise AttachmentError(RefusalCode.TOO_LARGE, **facts)
    return content
