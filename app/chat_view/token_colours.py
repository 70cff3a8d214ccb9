"""Tints the text of accepted draft tokens through layout formats: the document itself stays as it
is, so that copying and selecting are not affected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from PySide6.QtGui import QTextCharFormat, QTextDocument, QTextLayout

from app.chat_view.alignment import Segment
from app.chat_view.style import Style
from app.chat_view.token_map import TokenMap

Range = tuple[int, int]


def accepted_positions(
    segments: Iterable[Segment], tokens: TokenMap, start: int
) -> Iterator[Range]:
    """Document positions (from, to) of accepted draft text; `start` is the offset of the source."""
    for segment in segments:
        source_start = start + segment.offset
        shift = segment.position - source_start
        for first, last in tokens.accepted_ranges(source_start, source_start + segment.length):
            if segment.drawn:
                yield segment.position, segment.end
                break
            yield first + shift, last + shift


def _format(style: Style, underline_only: bool) -> QTextCharFormat:
    char_format = QTextCharFormat()
    if not underline_only:
        char_format.setForeground(style.colours.draft)
    char_format.setUnderlineStyle(QTextCharFormat.UnderlineStyle.DotLine)
    char_format.setUnderlineColor(style.colours.draft_line)
    return char_format


def colour_document(
    document: QTextDocument,
    segments: list[Segment],
    tokens: TokenMap | None,
    *,
    start: int,
    style: Style,
    underline_only: bool,
    first_block: int = 0,
) -> None:
    """Set the layout formats of a document; without `tokens` they are removed.

    Underlining goes with the colour so that it is seen without telling red from green; in code,
    where colours mean something else, it stands alone. Text blocks before `first_block` stay.
    """
    block = document.findBlockByNumber(first_block)
    if not block.isValid():
        return
    shown = _from_position(segments, block.position())
    ranges = list(accepted_positions(shown, tokens, start)) if tokens is not None else []
    char_format = _format(style, underline_only)
    index = 0
    while block.isValid():
        begin, end = block.position(), block.position() + block.length() - 1
        while index < len(ranges) and ranges[index][1] <= begin:
            index += 1
        formats = []
        text = units(block.text())
        for first, last in islice(ranges, index, None):
            if first >= end:
                break
            start_at, length = _without_space(
                text, max(first, begin) - begin, min(last, end) - begin
            )
            if length:
                formats.append(_range(start_at, length, char_format))
        layout = block.layout()
        if formats or layout.formats():
            layout.setFormats(formats)
            document.markContentsDirty(begin, block.length())
        block = block.next()


def _from_position(segments: list[Segment], position: int) -> list[Segment]:
    """The part of some segments that is drawn at or behind a position."""
    shown = []
    for segment in segments:
        cut = max(0, position - segment.position)
        if not cut:
            shown.append(segment)
        elif cut < segment.length:
            shown.append(
                Segment(segment.position + cut, segment.length - cut, segment.offset + cut)
            )
    return shown


def units(text: str) -> str:
    """`text` with one character for each position it takes up in a document."""
    if text.isascii() or max(text) <= "\uffff":
        return text
    return "".join("\ufffd\ufffd" if character > "\uffff" else character for character in text)


def _without_space(text: str, start: int, end: int) -> tuple[int, int]:
    """Start and length of a range without the space around it, which would only be underlined."""
    part = text[start:end]
    inner = part.strip()
    return start + len(part) - len(part.lstrip()), len(inner)


def _range(start: int, length: int, char_format: QTextCharFormat) -> QTextLayout.FormatRange:
    shown = QTextLayout.FormatRange()
    shown.start = start
    shown.length = length
    shown.format = char_format
    return shown
