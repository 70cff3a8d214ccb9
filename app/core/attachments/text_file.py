"""Reads plain text: UTF-8, UTF-16 with a mark, GB 18030, at last Windows-1252."""

from __future__ import annotations

import codecs
import re

from app.core.attachments.values import AttachmentError, RefusalCode

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)

_HIGH_BYTES = re.compile(rb"[\x80-\xff]+")
_PROBE_BYTES = 65_536


def decode_text(content: bytes) -> str:
    """Decode a text file; line ends become `\\n`.

    Raises:
        AttachmentError: UNKNOWN_KIND when it is no text.
    """
    text = _decoded(content)
    if "\0" in text:
        raise AttachmentError(RefusalCode.UNKNOWN_KIND)
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(content: bytes) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return content.decode(encoding, errors="replace")
    if b"\0" in content:
        raise AttachmentError(RefusalCode.UNKNOWN_KIND)
    for encoding in ("utf-8", "gb18030" if _is_paired(content) else "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("cp1252", errors="replace")


def _is_paired(content: bytes) -> bool:
    """Whether bytes above ASCII mostly stand together: Chinese words do, accents do not."""
    runs = [len(run) for run in _HIGH_BYTES.findall(content[:_PROBE_BYTES])]
    return 2 * sum(length > 1 for length in runs) > len(runs)
