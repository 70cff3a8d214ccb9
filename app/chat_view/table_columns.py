"""Widths of the columns of one table, shared by all its pieces; they grow while rows arrive."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

NARROWEST = 120
_LINK = re.compile(r"\]\([^)]*\)?|[\[*`]")
_BAR = re.compile(r"(?<!\\)\|")


def raw_cells(line: str) -> list[str]:
    """About the text of the cells of a table line, without marks."""
    cells = _BAR.split(line.strip())
    if cells and not cells[0].strip():
        cells.pop(0)
    if cells and not cells[-1].strip():
        cells.pop()
    return [_LINK.sub("", cell).strip() for cell in cells]


class TableColumns:
    """`revision` changes whenever the widths do."""

    def __init__(self, count: int) -> None:
        self._natural = [0.0] * count
        self.revision = 0

    def include(self, lines: Iterable[str], measure: Callable[[str], float]) -> None:
        """Make room for some lines of the table."""
        for line in lines:
            for index, cell in enumerate(raw_cells(line)[: len(self._natural)]):
                width = measure(cell)
                if width > self._natural[index]:
                    self._natural[index] = width
                    self.revision += 1

    def fit(self, available: float, padding: float) -> list[float]:
        """Widths with padding: natural ones if they fit, else the widest become narrower.

        No column is made narrower than 120 px for that; the table is then wider than `available`.
        """
        widths = [width + 2 * padding + 2 for width in self._natural]
        if sum(widths) <= available:
            return widths
        low, high = float(NARROWEST), max(widths)
        for _ in range(20):
            middle = (low + high) / 2
            if sum(min(width, middle) for width in widths) > available:
                high = middle
            else:
                low = middle
        return [min(width, low) for width in widths]
