"""One message in the view: its pieces as blocks, their places, and the lines around them."""

from __future__ import annotations

from bisect import bisect_right

from app.chat_view import style as measures
from app.chat_view.attached import user_pieces
from app.chat_view.attachment_block import AttachmentBlock, MarkBlock
from app.chat_view.block import Block, BlockContext
from app.chat_view.block_maker import BlockMaker, mark_last, same_shape
from app.chat_view.code_block import CodeBlock
from app.chat_view.doc_builder import DocBuilder
from app.chat_view.message_parts import MessageParts, Thinking
from app.chat_view.pieces import Piece
from app.chat_view.style import Style
from app.chat_view.thinking import ThinkingFigures, thinking_figures
from app.chat_view.token_map import TokenMap
from app.core.conversation import MessageState
from app.viewmodels.transcript_model import TranscriptModel
from engine.messages import Role
from engine.placement import Strategy

CUT_AT_ONCE = 64_000
"""Characters of a message that are cut into blocks in one go while it is opened."""
LIVE_STATES = (MessageState.WAITING, MessageState.STREAMING)


class MessageItem:
    """A row of the model as it is laid out. Text is cut into blocks when the message comes near."""

    def __init__(self, model: TranscriptModel, row: int) -> None:
        self.model = model
        self.row = row
        self.role = model.role_of(row)
        self.blocks: list[Block] = []
        self.tokens = TokenMap()
        self.height = 0
        self.width = 0
        self.notice_height = 0
        self.footer_height = 0
        self.parts: MessageParts | None = None
        self.thinking_unfolded: bool | None = None
        """The user's choice; None: open while the message thinks."""
        self.unfolded: set[int] = set()
        """Offsets of the attached texts that are shown."""
        self.label_height = self.think_header = 0
        self.body_top = 0
        self.body_bottom = 0
        self.removed: list[Block] = []
        """Blocks that are no longer part of the message since the list was emptied last."""
        self._shape = (False, False, False)
        self._consumed = 0
        self._maker = BlockMaker()
        self._finished = False

    @property
    def is_user(self) -> bool:
        """Whether the user wrote it."""
        return self.role is Role.USER

    @property
    def is_live(self) -> bool:
        """Whether more text is expected."""
        return self.model.state_of(self.row) in LIVE_STATES

    @property
    def is_waiting(self) -> bool:
        """Whether there is nothing to show yet."""
        return self.is_live and not self.blocks

    @property
    def is_parsed(self) -> bool:
        """Whether the text has been cut into blocks."""
        return self.parts is not None

    @property
    def has_thinking(self) -> bool:
        """Whether the answer began with thinking."""
        return any(block.piece.thinking for block in self.blocks[:1])

    @property
    def has_line_below(self) -> bool:
        """Whether a line for figures and versions stands under the text."""
        return bool(self.model.footer(self.row)) or self.model.versions(self.row).count > 1

    @property
    def strip_height(self) -> int:
        """Pixels for the strip of run lengths; 0 where there is nothing to show in it."""
        report = self.model.report(self.row)
        if report is None or self.is_live or len(report.run_lengths) < 2:
            return 0
        is_plain = report.strategy == Strategy.NONE
        return 0 if is_plain else measures.STRIP_HEIGHT + measures.STRIP_GAP

    @property
    def strip_top(self) -> int:
        """Where the bars of the strip begin, from the top of the message."""
        bottom = self.height - measures.MESSAGE_GAP - self.footer_height
        return bottom - measures.STRIP_HEIGHT

    @property
    def is_thinking(self) -> bool:
        """Whether the thinking still goes on."""
        return self.is_live and self.parts is not None and self.parts.thinking is Thinking.OPEN

    def thinking_figures(self) -> ThinkingFigures:
        """How long the thinking took and how many tokens it had, as far as that is known."""
        end = self.parts.thinking_end if self.parts is not None else None
        if end is None:
            end = self.model.text_length(self.row)
        return thinking_figures(self.tokens, end, self.model.report(self.row))

    @property
    def thinking_open(self) -> bool:
        """Whether the thinking is shown."""
        return self.is_thinking if self.thinking_unfolded is None else self.thinking_unfolded

    def estimate(self, width: int, style: Style) -> None:
        """Guess the height of a message that has not been cut into blocks."""
        self._take_measures(style)
        text_width = self.text_width(width)
        per_line = max(20, text_width / (style.font_px * 0.52))
        length = self.model.text_length(self.row)
        lines = 1 + length / per_line + length / 120
        self.width = width
        self.height = round(lines * style.font_px * 1.45) + measures.MESSAGE_GAP + 40

    def _take_measures(self, style: Style) -> None:
        self.label_height, self.think_header = style.label_height, style.think_header

    def text_width(self, width: int) -> int:
        """Pixels for text in a column of `width`."""
        if not self.is_user:
            return width
        return width - 2 * measures.BUBBLE_PADDING_X - measures.BUBBLE_INDENT

    @property
    def is_complete(self) -> bool:
        """Whether all text there is has been cut into blocks."""
        return self._consumed == self.model.text_length(self.row)

    def parse(self, width: int, style: Style, *, most: int | None = None) -> None:
        """Cut text into blocks with estimated heights: all there is so far, or its first part."""
        self.parts = MessageParts()
        self.blocks = []
        self._consumed = 0
        self._finished = False
        self._maker = BlockMaker()
        self.tokens = TokenMap()
        self.width = width
        self.take_text(style, most=most)

    @property
    def attachments(self) -> list[AttachmentBlock]:
        """The lines that stand for attached texts."""
        return [block for block in self.blocks if isinstance(block, AttachmentBlock)]

    def take_text(self, style: Style, *, most: int | None = None) -> int:
        """Cut text that has arrived since, at most so many characters of it.

        Returns the index of the first changed block.
        """
        assert self.parts is not None
        text = self.model.text_from(self.row, self._consumed)[:most]
        self._consumed += len(text)
        spans = self.model.spans(self.row)
        self.tokens.extend(spans[len(self.tokens) :])
        if self.is_user:
            self._consumed = self.model.text_length(self.row)
            return self._sync_blocks(user_pieces(self.model.text(self.row)), 0, style)
        known = len(self.parts.references)
        first = self.parts.feed(text) if text else len(self.parts.pieces)
        if not self.is_live and not self._finished and self.is_complete:
            first = min(first, self.parts.finish())
            self._finished = True
        first = self._sync_blocks(self.parts.pieces, first, style)
        if len(self.parts.references) != known:
            self._drop_blocks_with_links()
        return first

    def _drop_blocks_with_links(self) -> None:
        for block in self.blocks:
            if "[" in block.piece.source:
                block.drop()

    def _sync_blocks(self, pieces: list[Piece], first: int, style: Style) -> int:
        first = min(first, len(self.blocks))
        for index in range(first, len(pieces)):
            piece = pieces[index]
            old = self.blocks[index] if index < len(self.blocks) else None
            if old is not None and same_shape(old.piece, piece):
                if old.piece != piece:
                    old.update(piece)
                    old.is_stale = True
                continue
            block = self._maker.make(piece)
            block.estimate(self.text_width(self.width), style)
            if old is not None:
                self.removed.append(old)
            self.blocks[index : index + 1] = [block]
        self.removed += self.blocks[len(pieces) :]
        del self.blocks[len(pieces) :]
        mark_last(self.blocks, first)
        return first

    def context(
        self, block: Block, builder: DocBuilder, style: Style, *, colours: bool
    ) -> BlockContext:
        """What a block needs for building."""
        indent = measures.THINK_INDENT if block.piece.thinking else 0
        return BlockContext(
            style=style,
            builder=builder,
            references=self.parts.references if self.parts is not None else {},
            width=self.text_width(self.width) - indent,
            tokens=self.tokens if colours and len(self.tokens) else None,
        )

    def layout(self, notice_height: int, footer_height: int, *, first: int = 0) -> None:
        """Place the blocks from index `first` on; those before have not changed.

        Heights of blocks and of the lines below are known or estimated.
        """
        shape = (self.is_user, self.has_thinking, self.thinking_open)
        if shape != self._shape:
            self._shape, first = shape, 0
        first = min(first, len(self.blocks))
        y = self._head_height()
        previous: Block | None = None
        if first:
            last = self.blocks[first - 1]
            previous = None if last.hidden else last
            y = last.top + (0 if last.hidden else last.height)
        for block in self.blocks[first:]:
            block.hidden = self._hides(block)
            if not block.hidden and previous is not None:
                y += self._gap(previous, block)
            block.top = y
            if not block.hidden:
                y += block.height
                previous = block
        self.body_top, self.body_bottom = self._head_height(), y
        if self.is_waiting:
            y += measures.WAITING_HEIGHT
        y += measures.BUBBLE_PADDING_Y if self.is_user else 0
        self.notice_height, self.footer_height = notice_height, footer_height
        below = notice_height + self.strip_height + footer_height
        self.height = y + below + measures.MESSAGE_GAP

    def _hides(self, block: Block) -> bool:
        attached = block.piece.attached
        if isinstance(block, AttachmentBlock):
            block.is_unfolded = block.attached.offset in self.unfolded
        elif attached is not None:
            return isinstance(block, MarkBlock) or attached.offset not in self.unfolded
        return block.piece.thinking and not self.thinking_open

    def _head_height(self) -> int:
        if self.is_user:
            return measures.BUBBLE_PADDING_Y
        return self.label_height + (self.think_header if self.has_thinking else 0)

    def block_at(self, y: int) -> int:
        """Index of the last block that starts at or above a position in the message, at least 0."""
        return max(0, bisect_right(self.blocks, y, key=lambda block: block.top) - 1)

    def _gap(self, previous: Block, block: Block) -> int:
        if self.is_user:
            is_edge = isinstance(block, AttachmentBlock) or isinstance(previous, AttachmentBlock)
            left = previous.piece.attached != block.piece.attached
            return measures.ATTACHED_GAP if is_edge or left else 0
        if previous.piece.thinking and not block.piece.thinking:
            return measures.BLOCK_GAP + 4
        return block.gap_before + block.extra_gap

    @property
    def bubble_width(self) -> int:
        """Width of the bubble of a user message."""
        shown = [block for block in self.blocks if not block.hidden]
        if not all(block.is_built for block in shown):
            return self.text_width(self.width) + 2 * measures.BUBBLE_PADDING_X
        ideal = max((block.ideal_width for block in shown), default=0.0)
        text = min(self.text_width(self.width), int(ideal) + 1)
        return text + 2 * measures.BUBBLE_PADDING_X

    def left_of(self, block: Block) -> int:
        """Where a block starts, from the left edge of the column."""
        if self.is_user:
            return self.width - self.bubble_width + measures.BUBBLE_PADDING_X
        return measures.THINK_INDENT if block.piece.thinking else 0

    def restyle(self, width: int, style: Style) -> None:
        """Forget what depends on width or style; heights become estimates again."""
        if not self.is_parsed:
            self.estimate(width, style)
            return
        self.width = width
        self._take_measures(style)
        self._maker = BlockMaker()
        blocks, self.blocks = self.blocks, []
        for old in blocks:
            block = self._maker.make(old.piece)
            if isinstance(block, CodeBlock) and isinstance(old, CodeBlock):
                block.parts.wraps = old.parts.wraps
            block.estimate(self.text_width(width), style)
            self.blocks.append(block)
        mark_last(self.blocks, 0)
