"""Takes the text out of a .docx file: paragraphs, lists and tables in reading order.

Only the one part that holds the text is read, with a limit on what it may unpack to.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from app.core.attachments.values import AttachmentError, RefusalCode

_PART = "word/document.xml"
_LARGEST_PART_BYTES = 60_000_000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DELETED = frozenset({f"{_W}del", f"{_W}moveFrom"})


def docx_text(content: bytes) -> str:
    """Return the text.

    Raises:
        AttachmentError: DAMAGED or TOO_LARGE.
    """
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(_part(content))
    except (ParseError, DefusedXmlException, zipfile.BadZipFile, ValueError) as error:
        raise AttachmentError(RefusalCode.DAMAGED) from error
    except (KeyError, EOFError, NotImplementedError, RuntimeError, OSError) as error:
        raise AttachmentError(RefusalCode.DAMAGED) from error
    body = root.find(f"{_W}body")
    lines = [] if body is None else list(_lines(body))
    return "\n".join(lines).strip()


def _part(content: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive, archive.open(_PART) as file:
        part = file.read(_LARGEST_PART_BYTES + 1)
    if len(part) > _LARGEST_PART_BYTES:
        facts = {"size_bytes": len(part), "limit_bytes": _LARGEST_PART_BYTES}
        raise AttachmentError(RefusalCode.TOO_LARGE, **facts)
    return part


def _lines(parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}p":
            yield _paragraph(child)
        elif child.tag == f"{_W}tbl":
            yield from (_row(row) for row in child.iter(f"{_W}tr"))
            yield ""
        elif child.tag not in _DELETED:
            yield from _lines(child)


def _row(row: Element) -> str:
    cells = [" ".join(filter(None, _lines(cell))) for cell in row.findall(f"{_W}tc")]
    return "| " + " | ".join(cells) + " |"


def _paragraph(paragraph: Element) -> str:
    is_item = paragraph.find(f"{_W}pPr/{_W}numPr") is not None
    text = "".join(_runs(paragraph))
    return f"- {text}" if is_item and text else text


def _runs(parent: Element) -> Iterator[str]:
    for child in parent:
        if child.tag == f"{_W}t":
            yield child.text or ""
        elif child.tag == f"{_W}tab":
            yield "\t"
        elif child.tag in (f"{_W}br", f"{_W}cr"):
            yield "\n"
        elif child.tag not in _DELETED and child.tag != f"{_W}pPr":
            yield from _runs(child)
