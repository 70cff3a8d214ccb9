"""Maps rendered text back to the markdown it came from. No Qt. Markdown parsers keep no character
offsets, but rendered text is nearly a subsequence of its source."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
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

    With `drawn` they are one unit that takes up so many positions: a character of two positions,
    or a formula that is drawn as a picture.
    """

    position: int
    length: int
    offset: int
    drawn: int = 0

    @property
    def end(self) -> int:
        """The position behind it."""
        return self.position + (self.drawn or self.length)


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

    def place_whole(self, text: str, position: int) -> list[Segment]:
        """One segment for text that is drawn as a single thing."""
        parts = self.place(text, position)
        if not parts:
            return []
        start = parts[0].offset
        return [Segment(position, parts[-1].offset + parts[-1].length - start, start, 1)]

    def skip_link_target(self) -> None:
        """Step over `](...)` behind the text of a link."""
        if self._source.startswith("](", self._cursor):
            end = self._source.find(")", self._cursor)
            if end >= 0:
                self._cursor = end + 1

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
                yield Segment(position, 1, found, 2)
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
            segments.append(Segment(position, len(part), offset, 2 if is_wide else 0))
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
        if segment.drawn:
            yield segment.position, segment.end
        else:
            shift = segment.position - segment.offset
            yield first + shift, last + shift


def source_end(segments: Iterable[Segment], position: int) -> int | None:
    """Where the source of the character drawn at `position` ends."""
    for segment in segments:
        if segment.position <= position < segment.end:
            if segment.drawn:
                return segment.offset + segment.length
            return segment.offset + position - segment.position + 1
    return None


def put_sources(text: str, start: int, sources: Mapping[int, str]) -> str:
    """Drawn text that begins at a position, with the sources of pictures in their places."""
    if "\ufffc" not in text:
        return text
    parts = []
    position = start
    for character in text:
        parts.append(sources.get(position, "") if character == "\ufffc" else character)
        position += 2 if character > "\uffff" else 1
    return "".join(parts)


def source_offset(segments: Iterable[Segment], position: int) -> int | None:
    """Where the character drawn at `position` stands in the source, None for text of our own."""
    for segment in segments:
        if segment.position <= position < segment.end:
            return segment.offset + (0 if segment.drawn else position - segment.position)
    return None
