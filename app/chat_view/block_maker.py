"""Makes the blocks of one message from its pieces; pieces of one table, or of one code, share what
belongs to the whole."""

from __future__ import annotations

from collections.abc import Sequence

from app.chat_view.attachment_block import AttachmentBlock, MarkBlock
from app.chat_view.block import Block
from app.chat_view.code_block import CodeBlock
from app.chat_view.code_parts import CodeParts
from app.chat_view.pieces import Piece, PieceKind
from app.chat_view.sideways import Sideways
from app.chat_view.table_block import TableBlock
from app.chat_view.table_columns import TableColumns, raw_cells
from app.chat_view.text_block import RuleBlock, TextBlock


class BlockMaker:
    """Remembers tables and codes by the offset where they start."""

    def __init__(self) -> None:
        self._codes: dict[int, CodeParts] = {}
        self._tables: dict[int, tuple[TableColumns, Sideways]] = {}

    def make(self, piece: Piece) -> Block:
        """The block for a piece, not yet laid out."""
        match piece.kind:
            case PieceKind.CODE:
                return self._code(piece)
            case PieceKind.RULE:
                return RuleBlock(piece)
            case PieceKind.ATTACHED:
                return AttachmentBlock(piece)
            case PieceKind.ATTACHED_END:
                return MarkBlock(piece)
            case PieceKind.TABLE:
                return self._table(piece)
        return TextBlock(piece)

    def _code(self, piece: Piece) -> Block:
        start = piece.in_code.offset if piece.in_code is not None else piece.offset
        return CodeBlock(piece, self._codes.setdefault(start, CodeParts()))

    def _table(self, piece: Piece) -> Block:
        assert piece.in_table is not None
        head = raw_cells(piece.in_table.head.splitlines()[0])
        new = (TableColumns(len(head)), Sideways())
        return TableBlock(piece, *self._tables.setdefault(piece.in_table.offset, new))


def mark_last(blocks: Sequence[Block], first: int) -> None:
    """Tell tables and codes, from the block before `first` on, whether they end with that block."""
    for index in range(max(0, first - 1), len(blocks)):
        block = blocks[index]
        if isinstance(block, TableBlock | CodeBlock):
            following = blocks[index + 1 : index + 2]
            block.set_last(is_last=not any(_goes_on(block, other) for other in following))


def _goes_on(block: Block, other: Block) -> bool:
    """Whether another block holds more of the same table or code."""
    if isinstance(block, TableBlock):
        return isinstance(other, TableBlock) and other.columns is block.columns
    return (
        isinstance(block, CodeBlock) and isinstance(other, CodeBlock) and other.parts is block.parts
    )


def same_shape(old: Piece, new: Piece) -> bool:
    """Whether one block can show first the one piece and then the other."""
    return (
        old.kind is new.kind
        and old.offset == new.offset
        and old.thinking == new.thinking
        and old.in_list == new.in_list
        and (old.in_table is None) == (new.in_table is None)
        and (old.in_table is None or new.in_table is None or old.in_table == new.in_table)
    )
