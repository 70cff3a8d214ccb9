"""Gathers streamed text so that it is committed every fifth of a second, not with every token."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.events import TextSpan

Flush = Callable[[str, tuple[TextSpan, ...]], None]


class DeltaBatcher:
    """Owns no timer: `add` and `flush_if_due` tell when to call `flush_if_due` next."""

    def __init__(
        self, flush: Flush, *, interval_s: float = 0.2, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._flush = flush
        self._interval_s = interval_s
        self._clock = clock
        self._text: list[str] = []
        self._spans: list[TextSpan] = []
        self._since = 0.0

    def add(self, text: str, spans: tuple[TextSpan, ...] = ()) -> float | None:
        """Take text; passes everything on when the oldest of it has waited long enough.

        Returns the seconds until the rest is due, None when nothing is left.
        """
        if text:
            if not self._text:
                self._since = self._clock()
            self._text.append(text)
            self._spans.extend(spans)
        return self.flush_if_due()

    def flush_if_due(self) -> float | None:
        """Pass on what has waited long enough; returns as `add` does."""
        if not self._text:
            return None
        left_s = self._since + self._interval_s - self._clock()
        if left_s > 0:
            return left_s
        self.flush()
        return None

    def flush(self) -> None:
        """Pass on everything now, e.g. when the answer pauses."""
        if not self._text:
            return
        text, spans = "".join(self._text), tuple(self._spans)
        self._text.clear()
        self._spans.clear()
        self._flush(text, spans)

    def discard(self) -> None:
        """Forget what waits: the finished answer brings its whole text."""
        self._text.clear()
        self._spans.clear()
