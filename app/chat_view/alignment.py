"""Maps rendered text back to the markdown it came from. No Qt. Markdown parsers keep no character
offsets, but rendered text is nearly a subsequence of its source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

LOOK_AHEAD = 64


@dataclass(frozen=True, slots=True)
class Segment:
    """`length` characters drawn at `position` that are the source text from `offset` on."""

    position: int
    length: int
    offset: int


class Aligner:
    """Finds runs of rendered text in their source, one after the other."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._cursor = 0

    def place(self, text: str, position: int) -> list[Segment]:
        """Segments of one run of rendered text that is drawn at `position`."""
        found = self._source.find(text, self._cursor) if text else -1
        if found >= 0 and (len(text) > 3 or found - self._cursor <= LOOK_AHEAD):
            self._cursor = found + len(text)
            return [Segment(position, len(text), found)]
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

    def _place_characters(self, text: str, position: int) -> Iterable[Segment]:
        start: Segment | None = None
        for index, character in enumerate(text):
            found = self._source.find(character, self._cursor, self._cursor + LOOK_AHEAD)
            if start is not None and found != start.offset + index - (start.position - position):
                yield Segment(start.position, position + index - start.position, start.offset)
                start = None
            if found < 0:
                continue
            self._cursor = found + 1
            if start is None:
                start = Segment(position + index, 0, found)
        if start is not None:
            length = position + len(text) - start.position
            yield Segment(start.position, length, start.offset)


def source_offset(segments: Iterable[Segment], position: int) -> int | None:
    """Where the character drawn at `position` stands in the source, None for text of our own."""
    for segment in segments:
        if segment.position <= position < segment.position + segment.length:
            return segment.offset + position - segment.position
    return None
