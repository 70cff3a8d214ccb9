"""Verify steps of an answer gathered into as many columns as there is room for. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate


@dataclass(frozen=True, slots=True, kw_only=True)
class StepColumn:
    """The steps `first` to `last`, both included, and the tokens they gave."""

    first: int
    last: int
    tokens: int

    @property
    def steps(self) -> int:
        """How many steps stand in this column."""
        return self.last - self.first + 1

    @property
    def mean_run_length(self) -> float:
        """Tokens per step."""
        return self.tokens / self.steps


def step_columns(run_lengths: Sequence[int], most: int) -> tuple[StepColumn, ...]:
    """At most so many columns, of as many steps each; the last one may have fewer."""
    count = len(run_lengths)
    size = max(1, -(-count // max(1, most)))
    sums = list(accumulate(run_lengths, initial=0))
    return tuple(
        StepColumn(
            first=first,
            last=min(first + size, count) - 1,
            tokens=sums[min(first + size, count)] - sums[first],
        )
        for first in range(0, count, size)
    )
