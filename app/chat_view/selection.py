"""What is selected in the chat: two places, in any order, across blocks and messages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.chat_view.block import Block
from app.chat_view.code_block import CodeBlock
from app.chat_view.column import MessageColumn
from app.chat_view.message_item import MessageItem


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A position between two characters."""

    row: int
    block: int
    position: int


@dataclass(frozen=True, slots=True)
class _Part:
    """The selected stretch of one block; `end` None: to its end."""

    item: MessageItem
    index: int
    block: Block
    start: int
    end: int | None


class Selection:
    """`anchor` is where it began, `cursor` where it goes to. Empty when they are equal or unset."""

    def __init__(self, column: MessageColumn) -> None:
        self._column = column
        self.anchor: Place | None = None
        self.cursor: Place | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is selected."""
        return self.anchor is None or self.cursor is None or self.anchor == self.cursor

    def clear(self) -> None:
        """Select nothing."""
        self.anchor = self.cursor = None

    def set(self, anchor: Place, cursor: Place) -> None:
        """Select what lies between two places."""
        self.anchor, self.cursor = anchor, cursor

    def select_all(self) -> None:
        """Select every message."""
        if self._column.items:
            self.set(Place(0, 0, 0), self._end_of(len(self._column.items) - 1))

    def select_message(self, row: int) -> None:
        """Select one message."""
        self.set(Place(row, 0, 0), self._end_of(row))

    def message_text(self, row: int) -> str:
        """A message as it is drawn; the selection stays what it is."""
        before = self.anchor, self.cursor
        try:
            self.select_message(row)
            return self.text()
        finally:
            self.anchor, self.cursor = before

    def range_in(self, row: int, index: int, block: Block) -> tuple[int, int] | None:
        """The selected positions of a built block."""
        if self.is_empty:
            return None
        first, last = self._ordered()
        here = (row, index)
        if here < (first.row, first.block) or here > (last.row, last.block):
            return None
        start = first.position if here == (first.row, first.block) else 0
        end = last.position if here == (last.row, last.block) else block.end_position()
        end = min(end, block.end_position())
        return (start, end) if end > start else None

    def text(self) -> str:
        """The selection as it is drawn."""
        return self._join(markdown=False)

    def markdown(self) -> str:
        """The selection as markdown source."""
        return self._join(markdown=True)

    def _ordered(self) -> tuple[Place, Place]:
        assert self.anchor is not None
        assert self.cursor is not None
        return min(self.anchor, self.cursor), max(self.anchor, self.cursor)

    def _end_of(self, row: int) -> Place:
        blocks = self._column.parsed(row).blocks
        return Place(row, max(0, len(blocks) - 1), 1 << 30)

    def _join(self, *, markdown: bool) -> str:
        result = ""
        before: _Part | None = None
        for part in self._parts():
            text = self._part_text(part, markdown=markdown)
            if not text:
                continue
            if before is not None and markdown and before.item.is_user:
                result = result if part.item is before.item else result.rstrip("\n") + "\n\n"
            elif before is not None:
                result += _separator(before, part)
            result += text
            before = part
        return result

    def _parts(self) -> Iterator[_Part]:
        if self.is_empty:
            return
        first, last = self._ordered()
        for row in range(first.row, min(last.row, len(self._column.items) - 1) + 1):
            item = self._column.parsed(row)
            for index, block in enumerate(item.blocks):
                here = (row, index)
                if here < (first.row, first.block) or here > (last.row, last.block):
                    continue
                if block.piece.thinking and not item.thinking_open:
                    continue
                start = first.position if here == (first.row, first.block) else 0
                end = last.position if here == (last.row, last.block) else None
                yield _Part(item, index, block, start, end)

    def _part_text(self, part: _Part, *, markdown: bool) -> str:
        whole = part.start == 0 and (part.end is None or self._reaches_end(part))
        if whole and markdown:
            return _source_of(part)
        if whole:
            assert part.item.parts is not None
            return part.block.rendered_text(part.item.parts.references)
        block = self._column.built(part.item.row, part.index)
        end = block.end_position() if part.end is None else min(part.end, block.end_position())
        if end <= part.start:
            return ""
        if markdown:
            return block.source_range(part.start, end)
        return block.text(part.start, end)

    def _reaches_end(self, part: _Part) -> bool:
        assert part.end is not None
        if part.end == 1 << 30:
            return True
        return part.block.is_built and part.end >= part.block.end_position()


def _source_of(part: _Part) -> str:
    """The markdown of a whole block, without the line ends around it."""
    source = part.block.piece.source
    if part.item.is_user:
        return source
    if part.block.piece.in_code is not None:
        return source.removesuffix("\n")
    if isinstance(part.block, CodeBlock):
        return source.lstrip("\n").removesuffix("\n")
    return source.strip("\n")


def _separator(before: _Part, part: _Part) -> str:
    if part.item is not before.item:
        return "\n\n"
    if part.block.piece.in_list is not None and part.block.piece.in_list.follows:
        return "\n"
    if part.block.piece.in_table is not None and part.block.piece.in_table.first_row:
        return "\n"
    if part.block.piece.in_code is not None:
        return "\n"
    if part.item.is_user:
        return "\n" if before.block.piece.source.endswith("\n") else ""
    return "\n\n"
