"""What the widgets of the Lab draw: texts and numbers without any Qt."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class TileText:
    """What a tile of the grid says."""

    name: str
    """For those who do not see where it stands."""
    title: str
    detail: str = ""
    hint: str = ""
    speed_up: float | None = None
    """Tints it: green above 1, red below."""
    is_best: bool = False
    is_possible: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class GridHead:
    """A row or column head."""

    title: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GridCell:
    """One tile with its place."""

    key: str
    row: int
    column: int
    text: TileText
    is_checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GridShape:
    """A whole grid."""

    rows: tuple[GridHead, ...]
    columns: tuple[GridHead, ...]
    cells: tuple[GridCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One row of a bar chart. Without a value only the words are shown."""

    key: str
    name: str
    value: float | None = None
    low: float | None = None
    high: float | None = None
    words: str = ""
    """At the end of the bar, or in its place."""
    is_best: bool = False
    is_baseline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TableShape:
    """A table of texts; `keys` name the rows."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    keys: tuple[str, ...]
    hints: tuple[str, ...] = ()
    """Per row, what does not fit into it."""
