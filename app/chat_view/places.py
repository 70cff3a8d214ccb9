"""Finds where a place of a message is drawn, building what is needed for it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from PySide6.QtCore import QRectF

from app.chat_view.block import Block
from app.chat_view.column import MessageColumn


@dataclass(frozen=True, slots=True)
class DrawnPlace:
    """A character of a message; `rect` counts from the top left corner of the column."""

    block: Block
    rect: QRectF


def drawn_place(column: MessageColumn, row: int, offset: int) -> DrawnPlace | None:
    """Where the character at a source offset is drawn; what is folded is unfolded for it."""
    item = column.parsed(row)
    if not item.blocks:
        return None
    found = bisect_right(item.blocks, offset, key=lambda block: block.piece.offset)
    index = max(0, found - 1)
    if item.blocks[index].hidden:
        column.unfold(row, item.blocks[index])
    while index and item.blocks[index].hidden:
        index -= 1
    block = column.built(row, index)
    rect = block.place_of(block.drawn_position(offset))
    return DrawnPlace(block, rect.translated(item.left_of(block), column.top(row) + block.top))


def reveal_sideways(place: DrawnPlace, left: int, width: int) -> bool:
    """Scroll wide code or a wide table to a place; False when nothing had to move."""
    x = place.rect.left() - left
    if 0 <= x < width - 8:
        return False
    return place.block.scroll_by(round(x - width / 3))
