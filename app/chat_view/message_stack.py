"""Where messages stand one below the other, and which of their blocks are in a range. Builds
nothing."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

from app.chat_view import style as measures
from app.chat_view.block import Block
from app.chat_view.message_item import MessageItem


@dataclass(frozen=True, slots=True)
class Anchor:
    """A place in the text: pixels below the top of a block, or of a message without `block`."""

    row: int
    block: int | None
    pixels: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A block and where it is; `top` counts from the start of the column."""

    item: MessageItem
    index: int
    block: Block
    top: int


class MessageStack:
    """Messages in order. Positions count from the top of the chat."""

    def __init__(self) -> None:
        self.items: list[MessageItem] = []
        self._tops = [measures.MESSAGE_GAP]

    @property
    def height(self) -> int:
        """Pixels of the whole chat."""
        return self._tops[-1]

    def top(self, row: int) -> int:
        """Where a message starts."""
        return self._tops[row]

    def row_at(self, y: int) -> int:
        """The message at a position, the nearest one beyond the ends; -1 without messages."""
        return min(len(self.items) - 1, max(0, bisect_right(self._tops, y) - 1))

    def anchor(self, scroll: int) -> Anchor:
        """The place at the top of the viewport."""
        if not self.items:
            return Anchor(0, None, 0)
        row = self.row_at(scroll)
        inside = scroll - self._tops[row]
        item = self.items[row]
        for index in range(item.block_at(inside), len(item.blocks)):
            block = item.blocks[index]
            if not block.hidden and block.top + block.height > inside:
                return Anchor(row, index, inside - block.top)
        return Anchor(row, None, inside)

    def resolve(self, anchor: Anchor) -> int:
        """Where a place is now."""
        if anchor.row >= len(self.items):
            return 0
        item = self.items[anchor.row]
        top = self._tops[anchor.row]
        if anchor.block is None or anchor.block >= len(item.blocks):
            return max(0, top + min(anchor.pixels, item.height))
        return max(0, top + item.blocks[anchor.block].top + anchor.pixels)

    def visible(self, top: int, bottom: int) -> Iterator[Placed]:
        """Shown blocks that reach into a range."""
        for item in self.visible_items(top, bottom):
            start = self._tops[item.row]
            for index in range(item.block_at(top - start), len(item.blocks)):
                block = item.blocks[index]
                y = start + block.top
                if y >= bottom:
                    break
                if not block.hidden and y + block.height > top:
                    yield Placed(item, index, block, y)

    def visible_items(self, top: int, bottom: int) -> Iterator[MessageItem]:
        """Messages that reach into a range."""
        row = max(0, bisect_right(self._tops, top) - 1)
        while row < len(self.items) and self._tops[row] < bottom:
            yield self.items[row]
            row += 1

    def _built_anchor(self, top: int, bottom: int) -> Anchor | None:
        for placed in self.visible(top, bottom):
            if placed.block.is_built:
                return Anchor(placed.item.row, placed.index, top - placed.top)
        return None

    def _place_from(self, row: int) -> None:
        heights = (item.height for item in self.items[row:])
        self._tops[row:] = accumulate(
            heights, initial=self._tops[row] if row else measures.MESSAGE_GAP
        )
