"""Maps rendered text back to the markdown it came from. No Qt. Markdown parsers keep no character
offsets, but rendered text is nearly a subsequence of its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

LOOK_AHEAD = 64
_WIDE = re.compile("([\U00010000-\U0010ffff])")


def drawn_length(text: str) -> int:
    """Positions that text takes up in a document: two for a character beyond the basic plane."""
    if text.isascii() or max(text) <= "\uffff":
        return len(text)
    return len(text.encode("utf-16-le")) // 2


def part_of(text: str, start: int, end: int) -> str:
    """The part of drawn text between two positions."""
    if drawn_length(text) == len(text):
        return text[start:end]
    return text.encode("utf-16-le")[2 * start : 2 * end].decode("utf-16-le", "replace")


@dataclass(frozen=True, slots=True)
class Segment:
    """`length` characters drawn at `position` that are the source text from `offset` on.

    A character that takes up two positions is a segment by itself, with `is_wide`.
    """

    position: int
    length: int
    offset: int
    is_wide: bool = False

    @property
    def end(self) -> int:
        """The position behind it."""
        return self.position + (2 if self.is_wide else self.length)


class Aligner:
    """Finds runs of rendered text in their source, one after the other."""

    def __init__(self, source: str, cursor: int = 0) -> None:
        self._source = source
        self._cursor = cursor

    @property
    def cursor(self) -> int:
        """The offset in the source behind what was placed last."""
        return self._cursor

    def place(self, text: str, position: int) -> list[Segment]:
        """Segments of one run of rendered text that is drawn at `position`."""
        found = self._source.find(text, self._cursor) if text else -1
        if found >= 0 and (len(text) > 3 or found - self._cursor <= LOOK_AHEAD):
            self._cursor = found + len(text)
            return _split_wide(text, Segment(position, len(text), found))
        return list(self._place_characters(text, position))

    def skip_link_target(self) -> None:
        """Step over `](...)` behind the text of a link."""
        if self._source.startswith("](", self._cursor):
            end = self._source.find(")", self._cursor)
            if end >= 0:
                self._cursor = end + 1

    def skip_line(self) -> None:
        """Step over the rest of the current line."""
        end = self._source.find("\n", self._cursor)
        self._cursor = len(self._source) if end < 0 else end + 1

    def _place_characters(self, text: str, position: int) -> Iterator[Segment]:
        start: Segment | None = None
        for character in text:
            found = self._source.find(character, self._cursor, self._cursor + LOOK_AHEAD)
            is_wide = character > "\uffff"
            if found >= 0:
                self._cursor = found + 1
            if start is not None and (is_wide or found != start.offset + start.length):
                yield start
                start = None
            if found >= 0 and is_wide:
                yield Segment(position, 1, found, True)
            elif found >= 0:
                at, offset = (start.position, start.offset) if start else (position, found)
                start = Segment(at, found + 1 - offset, offset)
            position += 2 if is_wide else 1
        if start is not None:
            yield start


def _split_wide(text: str, whole: Segment) -> list[Segment]:
    """One segment, or more where characters take up two positions."""
    if text.isascii() or max(text) <= "\uffff":
        return [whole]
    segments = []
    position, offset = whole.position, whole.offset
    for part in _WIDE.split(text):
        is_wide = part > "\uffff"
        if part:
            segments.append(Segment(position, len(part), offset, is_wide))
        position += 2 if is_wide else len(part)
        offset += len(part)
    return segments


def drawn_ranges(segments: Iterable[Segment], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Positions (from, to) where source text from offset `start` to `end` is drawn."""
    for segment in segments:
        first = max(start, segment.offset)
        last = min(end, segment.offset + segment.length)
        if first >= last:
            continue
        if segment.is_wide:
            yield segment.position, segment.end
        else:
            shift = segment.position - segment.offset
            yield first + shift, last + shift


def source_offset(segments: Iterable[Segment], position: int) -> int | None:
    """Where the character drawn at `position` stands in the source, None for text of our own."""
    for segment in segments:
        if segment.position <= position < segment.end:
            return segment.offset + (0 if segment.is_wide else position - segment.position)
    return None
