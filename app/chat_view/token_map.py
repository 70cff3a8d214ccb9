"""Which characters of an answer came from which verify step. No Qt."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from engine.events import TextSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenInfo:
    """What is known about the text at one place."""

    start: int
    end: int
    """Characters of the message, `end` excluded."""
    step: int
    accepted: bool
    run_length: int
    """Spans of text that this step released so far."""


class TokenMap:
    """Spans by character offset; grows at the end."""

    def __init__(self) -> None:
        self._ends: list[int] = []
        self._spans: list[TextSpan] = []
        self._run_lengths: dict[int, int] = {}

    def __len__(self) -> int:
        return len(self._spans)

    def extend(self, spans: Iterable[TextSpan]) -> None:
        """Add the spans of further text."""
        end = self._ends[-1] if self._ends else 0
        for span in spans:
            end += span.characters
            self._ends.append(end)
            self._spans.append(span)
            self._run_lengths[span.step] = self._run_lengths.get(span.step, 0) + 1

    def at(self, offset: int) -> TokenInfo | None:
        """The span that holds a character, None where nothing is known."""
        index = bisect_right(self._ends, offset)
        if offset < 0 or index == len(self._spans):
            return None
        span = self._spans[index]
        end = self._ends[index]
        return TokenInfo(
            start=end - span.characters,
            end=end,
            step=span.step,
            accepted=span.accepted,
            run_length=self._run_lengths[span.step],
        )

    def count_until(self, end: int, *, step: int | None = None) -> int:
        """Spans that begin before a character; of one step, or of all."""
        index = bisect_right(self._ends, end - 1) + 1
        spans = self._spans[: min(index, len(self._spans))]
        return len(spans) if step is None else sum(span.step == step for span in spans)

    def ranges_of(self, step: int, last: int | None = None) -> list[tuple[int, int]]:
        """Character ranges (from, to) of the text of one step, or of the steps up to `last`."""
        ranges = []
        highest = step if last is None else last
        for end, span in zip(self._ends, self._spans, strict=True):
            if step <= span.step <= highest and span.characters:
                ranges.append((end - span.characters, end))
        return ranges

    def accepted_ranges(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """Character ranges of accepted draft tokens within a range, merged and in order."""
        index = bisect_right(self._ends, start)
        position = start
        open_from: int | None = None
        while position < end and index < len(self._spans):
            span_end = min(self._ends[index], end)
            if self._spans[index].accepted and open_from is None:
                open_from = position
            elif not self._spans[index].accepted and open_from is not None:
                yield open_from, position
                open_from = None
            position = span_end
            index += 1
        if open_from is not None and open_from < position:
            yield open_from, position
