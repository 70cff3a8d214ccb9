"""How a benchmark spends its time and says how sure its figures are."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Iterator, Sequence


class Budget:
    """Seconds that a benchmark, or a part of it, may take. None: no end."""

    def __init__(
        self, seconds: float | None, *, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._now_s = now_s
        self._end_s = None if seconds is None else now_s() + seconds

    @property
    def left_s(self) -> float | None:
        """What is left, never below 0; None without an end."""
        return None if self._end_s is None else max(self._end_s - self._now_s(), 0.0)

    def fraction(self, share: float) -> Budget:
        """A share, at most 1, of what is left now."""
        left_s = self.left_s
        return Budget(None if left_s is None else left_s * share, now_s=self._now_s)

    def part(self, parts_left: int) -> Budget:
        """An equal share of what is left, for the next of `parts_left` parts."""
        return self.fraction(1 / parts_left)

    def rounds(self, wanted: int) -> Iterator[int]:
        """Numbers of the rounds: one at least, no further one that would not end in time."""
        longest_s = 0.0
        for number in range(wanted):
            left_s = self.left_s
            if number and left_s is not None and left_s < longest_s:
                return
            started_s = self._now_s()
            yield number
            longest_s = max(longest_s, self._now_s() - started_s)


def spread(values: Sequence[float], *, digits: int = 3) -> dict[str, float]:
    """Median, least and greatest of the rounds."""
    return {
        "median": round(statistics.median(values), digits),
        "low": round(min(values), digits),
        "high": round(max(values), digits),
    }


def ratios(values: Sequence[float], base: Sequence[float]) -> list[float]:
    """Each round's value as a multiple of the base in the same round."""
    return [one / other for one, other in zip(values, base, strict=True)]


def turned(names: Sequence[str], number: int) -> list[str]:
    """The order of a round: every name is first in turn, so that none has the better place."""
    shift = number % len(names)
    return [*names[shift:], *names[:shift]]
