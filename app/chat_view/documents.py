"""Which blocks have documents now. Those far from the viewport are dropped, so that memory does not
grow with the chat."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.chat_view.block import Block
from app.chat_view.message_item import MessageItem
from app.chat_view.style import Style

KEEP_PAGES = 3
EVICT_ABOVE = 80
"""Documents that may exist before those far away are dropped."""


class Documents:
    """Built blocks and the messages they belong to."""

    def __init__(self) -> None:
        self._owners: dict[Block, MessageItem] = {}

    def __len__(self) -> int:
        return len(self._owners)

    def note(self, block: Block, item: MessageItem) -> None:
        """A block has been built."""
        self._owners[block] = item

    def take(self, block: Block) -> MessageItem | None:
        """Forget a block; returns its message if it was built."""
        return self._owners.pop(block, None)

    def forget(self, blocks: Iterable[Block]) -> None:
        """Forget blocks that are gone."""
        for block in blocks:
            self._owners.pop(block, None)

    def forget_items(self, gone: set[MessageItem]) -> None:
        """Forget what belongs to some messages."""
        self._owners = {b: item for b, item in self._owners.items() if item not in gone}

    def clear(self) -> None:
        """Forget everything."""
        self._owners.clear()

    def make_waiting_stale(self) -> None:
        """Have built again what showed source because a picture was not ready."""
        for block in self._owners:
            if block.built.is_waiting:
                block.is_stale = True

    def recolour(self, style: Style, *, on: bool) -> None:
        """Switch token colours in all of them."""
        for block, item in self._owners.items():
            block.recolour(item.tokens if on and len(item.tokens) else None, style)

    def evict(self, top_of: Callable[[int], int], *, scroll: int, viewport_height: int) -> None:
        """Drop documents far from the viewport; `top_of(row)` is where a message starts."""
        if len(self._owners) <= EVICT_ABOVE:
            return
        top = scroll - KEEP_PAGES * viewport_height
        bottom = scroll + (KEEP_PAGES + 1) * viewport_height
        far = []
        for block, item in self._owners.items():
            y = top_of(item.row) + block.top
            if y + block.height < top or y > bottom:
                far.append(block)
        for block in far:
            block.drop()
        self.forget(far)
