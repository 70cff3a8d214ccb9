"""The messages one below the other, and which of their documents exist. Only what is near the
viewport is built; the place the reader looks at never moves by itself."""

from __future__ import annotations

from app.chat_view import style as measures
from app.chat_view.block import Block
from app.chat_view.doc_builder import DocBuilder
from app.chat_view.documents import Documents
from app.chat_view.formulas import Formulas
from app.chat_view.lines_below import footer_height, notice_height
from app.chat_view.message_item import CUT_AT_ONCE, MessageItem
from app.chat_view.message_stack import MessageStack, Placed
from app.chat_view.run_writer import RunWriter
from app.chat_view.style import Style
from app.chat_view.table_block import TableBlock
from app.viewmodels.transcript_model import TranscriptModel

RING_MARGIN = 8
RECENT_BLOCKS = 4
"""Blocks at the end of an answer that new text may move."""
NOTHING_DIRTY = 1 << 40


class MessageColumn(MessageStack):
    """Lays out a model in a column of `width` pixels."""

    def __init__(self, style: Style, formulas: Formulas | None = None) -> None:
        super().__init__()
        self.style = style
        self.pixel_ratio = 1.0
        self._formulas = formulas
        self.width = measures.COLUMN_WIDTH
        self.colours = False
        self.documents_built = 0
        """Documents made so far, for tests of cost."""
        self._builder = self._new_builder()
        self._documents = Documents()
        self._dirty_from = 0
        self._unfinished: dict[MessageItem, None] = {}
        """Messages whose text is not yet wholly cut, the oldest first."""

    @property
    def built_blocks(self) -> int:
        """Documents that exist now."""
        return len(self._documents)

    def take_dirty_from(self) -> int:
        """Above this position nothing has changed since the last call."""
        dirty, self._dirty_from = self._dirty_from, NOTHING_DIRTY
        return dirty

    def mark_dirty(self, y: int) -> None:
        """Everything from a position on has to be painted again."""
        self._dirty_from = min(self._dirty_from, y)

    def reset(self, model: TranscriptModel) -> None:
        """Lay out another conversation."""
        self.mark_dirty(0)
        self._documents.clear()
        self._unfinished.clear()
        self.items = [MessageItem(model, row) for row in range(len(model))]
        for item in self.items:
            item.estimate(self.width, self.style)
        self._place_from(0)

    def append(self, model: TranscriptModel, row: int) -> None:
        """Take a new message at the end."""
        item = MessageItem(model, row)
        item.estimate(self.width, self.style)
        self.mark_dirty(self._tops[row] - RING_MARGIN)
        self.items.append(item)
        if not item.is_user:
            item.parse(self.width, self.style)
            self._layout(item)
        self._place_from(row)

    def remove(self, first: int, last: int) -> None:
        """Forget messages `first` to `last`, the latter included."""
        self.mark_dirty(self._tops[first] - RING_MARGIN)
        gone = set(self.items[first : last + 1])
        for item in gone:
            self._unfinished.pop(item, None)
        self._documents.forget_items(gone)
        del self.items[first : last + 1]
        for row in range(first, len(self.items)):
            self.items[row].row = row
        self._place_from(first)

    def restyle(self, style: Style, width: int) -> None:
        """Change style or width: every document is dropped."""
        self.style = style
        self._builder = self._new_builder()
        self.width = width
        self.mark_dirty(0)
        self._documents.clear()
        for item in self.items:
            item.restyle(width, style)
            if item.is_parsed:
                self._layout(item)
        self._place_from(0)

    def _new_builder(self) -> DocBuilder:
        writer = RunWriter(self.style, self._formulas, pixel_ratio=self.pixel_ratio)
        return DocBuilder(self.style, writer)

    def renew(self, block: Block) -> None:
        """Build a block again, from nothing."""
        block.drop()
        item = self._documents.take(block)
        if item is not None:
            self.mark_dirty(self._tops[item.row] + block.top)

    def renew_waiting(self) -> None:
        """Build again what showed source because a picture was not ready."""
        self._documents.make_waiting_stale()

    def sync(self, row: int, *, whole: bool = True) -> None:
        """Take new text of a message; `whole`: anything else about it may have changed too."""
        item = self.items[row]
        if item.is_parsed:
            self._sync_parsed(item, whole=whole)
        self._place_from(row)

    def _sync_parsed(
        self, item: MessageItem, *, whole: bool, most: int | None = CUT_AT_ONCE
    ) -> None:
        top = self._tops[item.row]
        head = (item.has_thinking, item.thinking_open, item.is_waiting)
        tops = [block.top for block in item.blocks[-RECENT_BLOCKS:]]
        known = len(item.blocks)
        first = item.take_text(self.style, most=most)
        self._note_rest(item)
        has_lost = bool(item.removed)
        self._forget_removed(item)
        self._layout(item, first=max(0, first - 1))
        if whole or head != (item.has_thinking, item.thinking_open, item.is_waiting):
            self.mark_dirty(top - RING_MARGIN)
        elif has_lost or first < known - len(tops):
            self.mark_dirty(top + item.blocks[max(0, first - 1)].top if first else top)
        else:
            self._mark_moved(item, tops, known)

    def _mark_moved(self, item: MessageItem, tops: list[int], known: int) -> None:
        """Building marks what is new; what stands elsewhere than before is marked here."""
        top = self._tops[item.row]
        for before, block in zip(tops, item.blocks[known - len(tops) :], strict=False):
            if block.top != before:
                self.mark_dirty(top + min(block.top, before))
                return
        if known and isinstance(item.blocks[known - 1], TableBlock):
            self.mark_dirty(top + item.blocks[known - 1].top)

    def _forget_removed(self, item: MessageItem) -> None:
        self._documents.forget(item.removed)
        item.removed.clear()

    def recolour(self, *, on: bool) -> None:
        """Switch token colours in all documents that exist."""
        self.colours = on
        self.mark_dirty(0)
        self._documents.recolour(self.style, on=on)

    def parsed(self, row: int) -> MessageItem:
        """A message, wholly cut into blocks."""
        item = self.items[row]
        if not item.is_parsed:
            self._open(item, most=None)
        elif not item.is_complete:
            self._sync_parsed(item, whole=True, most=None)
            self._place_from(row)
        return item

    def _open(self, item: MessageItem, *, most: int | None) -> None:
        self.mark_dirty(self._tops[item.row] - RING_MARGIN)
        item.parse(self.width, self.style, most=most)
        self._layout(item)
        self._place_from(item.row)
        self._note_rest(item)

    @property
    def has_more_to_cut(self) -> bool:
        """Whether a long message is being opened part by part."""
        return bool(self._unfinished)

    def cut_more(self) -> None:
        """The next part of a message that is being opened."""
        if self._unfinished:
            self.sync(next(iter(self._unfinished)).row)

    def _note_rest(self, item: MessageItem) -> None:
        if item.is_complete:
            self._unfinished.pop(item, None)
        else:
            self._unfinished[item] = None

    def built(self, row: int, index: int) -> Block:
        """A block with a document, made if need be."""
        item = self.parsed(row)
        block = item.blocks[index]
        if not block.is_built:
            self._build(item, block)
            self._layout(item, first=index)
            self._place_from(row)
        return block

    def toggle_thinking(self, row: int) -> None:
        """Fold or unfold the thinking of a message."""
        item = self.items[row]
        item.thinking_unfolded = not item.thinking_open
        self._relayout(row)

    def toggle_attachment(self, row: int, offset: int) -> None:
        """Fold or unfold the attached text that starts at an offset of a message."""
        self.items[row].unfolded ^= {offset}
        self._relayout(row)

    def unfold(self, row: int, block: Block) -> None:
        """Show a block that is folded away, with all that is folded with it."""
        attached = block.piece.attached
        if attached is None:
            self.toggle_thinking(row)
        elif attached.offset not in self.items[row].unfolded:
            self.toggle_attachment(row, attached.offset)

    def _relayout(self, row: int) -> None:
        self.mark_dirty(self._tops[row] - RING_MARGIN)
        self._layout(self.items[row])
        self._place_from(row)

    def ensure(self, scroll: int, viewport_height: int, *, follow: bool) -> int:
        """Build what is visible; returns the scroll position that keeps the reader's place."""
        anchor = self._built_anchor(scroll, scroll + viewport_height) or self.anchor(scroll)
        while True:
            if follow:
                scroll = max(0, self.height - viewport_height)
            wanted = self._first_missing(scroll, scroll + viewport_height, backwards=follow)
            if wanted is None:
                break
            self._make(wanted)
            scroll = self.resolve(anchor)
        self._documents.evict(self.top, scroll=scroll, viewport_height=viewport_height)
        return scroll

    def _first_missing(
        self, top: int, bottom: int, *, backwards: bool
    ) -> MessageItem | Placed | None:
        found: MessageItem | Placed | None = None
        for item in self.visible_items(top, bottom):
            if not item.is_parsed:
                found = item
                if not backwards:
                    return found
        for placed in self.visible(top, bottom):
            if not placed.block.is_built:
                if not backwards:
                    return placed
                found = placed if not isinstance(found, MessageItem) else found
        return found

    def _make(self, wanted: MessageItem | Placed) -> None:
        if isinstance(wanted, MessageItem):
            self._open(wanted, most=CUT_AT_ONCE)
            return
        self._build(wanted.item, wanted.block)
        self._layout(wanted.item, first=wanted.index)
        self._place_from(wanted.item.row)

    def _build(self, item: MessageItem, block: Block) -> None:
        top = self._tops[item.row]
        block.build(item.context(block, self._builder, self.style, colours=self.colours))
        changed = top + block.top + block.changed_from
        self.mark_dirty(top - RING_MARGIN if item.is_user else changed)
        block.is_stale = False
        self._documents.note(block, item)
        self.documents_built += 1

    def _layout(self, item: MessageItem, *, first: int = 0) -> None:
        item.layout(
            notice_height(item, self.width, self.style),
            footer_height(item, self.style),
            first=first,
        )
