"""One laid-out piece of a message: it owns a document only while it is near the viewport.
The base class and the block of ordinary text; code and tables have modules of their own."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPalette,
    QPen,
    QTextBlock,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

from app.chat_view import style as measures
from app.chat_view.alignment import Segment, put_sources, source_end, source_offset
from app.chat_view.built import Built, Decoration, DecorationKind, shared_runs
from app.chat_view.doc_builder import DocBuilder, new_document
from app.chat_view.elements import Element, Paragraph, ParagraphKind, RunStyle, flatten, plain_text
from app.chat_view.markdown import References, parse, presentable
from app.chat_view.pieces import Piece, PieceKind
from app.chat_view.style import Style
from app.chat_view.token_colours import colour_document
from app.chat_view.token_map import TokenMap

LINE_OVERHANG = 4
"""Pixels that glyphs may reach above their line."""


@dataclass(slots=True, kw_only=True)
class BlockContext:
    """What blocks of one message share."""

    style: Style
    builder: DocBuilder
    references: References
    width: int
    tokens: TokenMap | None = None
    """None while token colours are off."""


@dataclass(frozen=True, slots=True)
class Shade:
    """A background behind the text positions `start` to `end` of a block."""

    start: int
    end: int
    colour: QColor


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeArea:
    """Code that can be copied by a button, in the coordinates of its block."""

    rect: QRectF
    source: str
    language: str
    wraps: bool | None = None
    """Whether long lines are wrapped; None: there is nothing to choose."""


class Block:
    """Geometry is in pixels from the top left corner of the block; `top` is within the message."""

    def __init__(self, piece: Piece) -> None:
        self.piece = piece
        self.top = 0
        self.height = 0
        self.hidden = False
        self.is_stale = False
        """True: the document shows an older version of the piece."""
        self.document: QTextDocument | None = None
        self.built = Built()
        self.changed_from = 0
        """Pixels below the top that the last building left as they were."""

    @property
    def is_built(self) -> bool:
        """Whether there is a document to draw, and it is up to date."""
        return self.document is not None and not self.is_stale

    @property
    def gap_before(self) -> int:
        """Pixels to the block above."""
        in_list = self.piece.in_list
        return measures.ITEM_GAP if in_list and in_list.follows else measures.BLOCK_GAP

    @property
    def extra_gap(self) -> int:
        """Further pixels to the block above: headings stand apart."""
        return measures.HEADING_GAP if self.piece.source.lstrip("\n").startswith("#") else 0

    def estimate(self, width: int, style: Style) -> None:
        """Guess the height before anything is built."""
        per_line = max(20, width / (style.font_px * 0.52))
        source = self.piece.source.rstrip()
        lines = 1 + source.count("\n") + len(source) / per_line
        self.height = round(lines * style.font_px * measures.LINE_HEIGHT_PERCENT / 100)

    def update(self, piece: Piece) -> None:
        """Take a longer or finished version of the same piece; it needs building again."""
        self.piece = piece

    def build(self, context: BlockContext) -> None:
        """Make or renew the document and measure it."""
        raise NotImplementedError

    def drop(self) -> None:
        """Forget the document; the height stays."""
        self.document = None
        self.built = Built()

    def recolour(self, tokens: TokenMap | None, style: Style) -> None:
        """Tint accepted draft tokens, or take the tint away."""
        if self.document is not None:
            colour_document(
                self.document,
                self.built.segments,
                tokens,
                start=self.piece.offset,
                style=style,
                underline_only=self.piece.kind is PieceKind.CODE,
            )

    @property
    def origin(self) -> QPointF:
        """Where the document starts."""
        return QPointF(0, 0)

    @property
    def ideal_width(self) -> float:
        """Pixels that the text would like to have."""
        return self.document.idealWidth() if self.document is not None else 0.0

    def draw(self, painter: QPainter, clip: QRectF, style: Style, shades: Sequence[Shade]) -> None:
        """Paint the block; `clip` is what is visible of it."""
        if self.document is None:
            return
        painter.save()
        painter.translate(self.origin)
        self.draw_text(painter, clip.translated(-self.origin), style, shades)
        painter.restore()

    def draw_text(
        self, painter: QPainter, clip: QRectF, style: Style, shades: Sequence[Shade]
    ) -> None:
        """Paint the document at the painter's origin."""
        assert self.document is not None
        context = QAbstractTextDocumentLayout.PaintContext()
        context.clip = clip
        context.palette.setColor(QPalette.ColorRole.Text, style.colours.text)
        if shades:
            context.selections = [self._shaded(shade) for shade in shades]
        self.document.documentLayout().draw(painter, context)

    def _shaded(self, shade: Shade) -> QAbstractTextDocumentLayout.Selection:
        assert self.document is not None
        cursor = QTextCursor(self.document)
        last = self.document.characterCount() - 1
        cursor.setPosition(min(shade.start, last))
        cursor.setPosition(min(shade.end, last), QTextCursor.MoveMode.KeepAnchor)
        shown = QAbstractTextDocumentLayout.Selection()
        char_format = QTextCharFormat()
        char_format.setBackground(shade.colour)
        shown.cursor = cursor
        shown.format = char_format
        return shown

    def place_of(self, position: int) -> QRectF:
        """Where the line and the character at a text position are, in the block."""
        document = self.document
        if document is None:
            return QRectF()
        text_block = document.findBlock(min(position, document.characterCount() - 1))
        layout = text_block.layout()
        inside = position - text_block.position()
        line = layout.lineForTextPosition(inside)
        top = document.documentLayout().blockBoundingRect(text_block).top()
        if not line.isValid():
            return QRectF(self.origin.x(), self.origin.y() + top, 0, 0)
        x: float = line.cursorToX(inside)[0]  # type: ignore[index]
        left = layout.position().x()
        y = layout.position().y() + line.y()
        return QRectF(self.origin.x() + left + x, self.origin.y() + y, 1, line.height())

    def drawn_position(self, offset: int) -> int:
        """The text position where the source at or behind a message offset is drawn."""
        inside = offset - self.piece.offset
        following = [s for s in self.built.segments if s.offset + s.length > inside]
        if not following:
            return self.end_position()
        segment = min(following, key=lambda s: s.offset)
        ahead = 0 if segment.drawn else max(0, inside - segment.offset)
        return segment.position + ahead

    def position_at(self, point: QPointF) -> int:
        """The text position nearest to a point."""
        if self.document is None:
            return 0
        layout = self.document.documentLayout()
        return max(0, layout.hitTest(point - self.origin, Qt.HitTestAccuracy.FuzzyHit))

    def exact_position_at(self, point: QPointF) -> int:
        """The text position under a point, -1 beside the text."""
        if self.document is None:
            return -1
        layout = self.document.documentLayout()
        return layout.hitTest(point - self.origin, Qt.HitTestAccuracy.ExactHit)

    def link_at(self, point: QPointF) -> str:
        """The link under a point, or an empty string."""
        if self.document is None:
            return ""
        return self.document.documentLayout().anchorAt(point - self.origin)

    def end_position(self) -> int:
        """The last text position."""
        return self.document.characterCount() - 1 if self.document is not None else 0

    def text(self, start: int = 0, end: int | None = None) -> str:
        """Drawn text between two positions of the built document."""
        if self.document is None:
            return ""
        last = self.end_position()
        cursor = QTextCursor(self.document)
        cursor.setPosition(min(start, last))
        cursor.setPosition(last if end is None else min(end, last), QTextCursor.MoveMode.KeepAnchor)
        drawn = put_sources(cursor.selectedText(), min(start, last), self.built.sources)
        return drawn.replace("\u2028", "\n").replace("\u2029", "\n")

    def rendered_text(self, references: References) -> str:
        """All text of the block as it would be drawn, without building it."""
        raise NotImplementedError

    def source_range(self, start: int, end: int) -> str:
        """Markdown between two positions of the built document, as near as it is known."""
        first = source_offset(self.built.segments, start)
        last = source_end(self.built.segments, max(start, end - 1))
        if first is None or last is None:
            return self.text(start, end)
        return self.piece.source[first:last]

    def message_offset(self, position: int) -> int | None:
        """Where a drawn character stands in the message, None for text of ours."""
        offset = source_offset(self.built.segments, position)
        return None if offset is None else offset + self.piece.offset

    def code_areas(self) -> list[CodeArea]:
        """Code in this block that deserves a copy button."""
        return []

    def scroll_by(self, pixels: int) -> bool:
        """Scroll sideways; False when there is nothing to scroll."""
        del pixels
        return False


class TextBlock(Block):
    """Markdown text, or text without markup."""

    def __init__(self, piece: Piece) -> None:
        super().__init__(piece)
        self._shown: tuple[Element, ...] = ()
        """What the document was made of."""

    def drop(self) -> None:
        super().drop()
        self._shown = ()

    def build(self, context: BlockContext) -> None:
        self.changed_from = 0
        if self.piece.kind is PieceKind.PLAIN:
            self._fill(context, ())
        else:
            elements = self._elements(context.references)
            if not self._extend(context, elements):
                self._fill(context, elements)
            self._shown = elements
        assert self.document is not None
        self.height = math.ceil(self.document.size().height()) + self._room_below()

    def _fill(self, context: BlockContext, elements: tuple[Element, ...]) -> None:
        document = self.document = new_document(context.style)
        document.setTextWidth(context.width)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        if self.piece.kind is PieceKind.PLAIN:
            self.built = context.builder.fill_plain(cursor, self.piece.source)
        else:
            self.built = context.builder.fill(
                cursor, elements, self.piece.source, muted=self.piece.thinking
            )
        if context.tokens is not None:
            self.recolour(context.tokens, context.style)
        cursor.endEditBlock()

    def _extend(self, context: BlockContext, elements: tuple[Element, ...]) -> bool:
        """Change the end of the last paragraph only, when nothing else is new."""
        old = self._shown
        if self.document is None or not old or len(old) != len(elements):
            return False
        before, after = old[-1], elements[-1]
        if old[:-1] != elements[:-1] or not _differ_in_text(before, after):
            return False
        assert isinstance(before, Paragraph)
        assert isinstance(after, Paragraph)
        if before == after:
            self.changed_from = self.height
            return True
        self._extend_last(context, before, after)
        return True

    def _extend_last(self, context: BlockContext, before: Paragraph, after: Paragraph) -> None:
        document = self.document
        assert document is not None
        change = shared_runs(before, after)
        self.changed_from = self._top_of_line(change.kept)
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        context.builder.extend(
            document, self.built, after, change, self.piece.source, muted=self.piece.thinking
        )
        if context.tokens is not None:
            colour_document(
                document,
                self.built.segments,
                context.tokens,
                start=self.piece.offset,
                style=context.style,
                underline_only=False,
                first_block=document.blockCount() - 1,
            )
        cursor.endEditBlock()

    def _top_of_line(self, position: int) -> int:
        """Where the line begins that holds what stands before a position of the last paragraph.

        That character changes as well: a word may move to the next line when it grows.
        """
        assert self.document is not None
        layout = self.document.lastBlock().layout()
        line = layout.lineForTextPosition(max(0, position - 1))
        top = layout.position().y() + (line.y() if line.isValid() else 0)
        return max(0, math.floor(top) - LINE_OVERHANG)

    def _room_below(self) -> int:
        """A document leaves out the margin below its last line, which a box around code needs."""
        assert self.document is not None
        last = self.document.blockCount() - 1
        boxed = any(
            decoration.kind is DecorationKind.CODE and decoration.last == last
            for decoration in self.built.decorations
        )
        return measures.CODE_PADDING if boxed else 0

    def _elements(self, references: References) -> tuple[Element, ...]:
        source = self.piece.source
        if self.piece.is_open:
            source = presentable(source)
        return flatten(parse(source, references), self.piece.in_list)

    def rendered_text(self, references: References) -> str:
        if self.piece.kind is PieceKind.PLAIN:
            return self.piece.source.removesuffix("\n")
        return plain_text(self._elements(references)).replace("\u2028", "\n")

    def draw(self, painter: QPainter, clip: QRectF, style: Style, shades: Sequence[Shade]) -> None:
        for decoration in self.built.decorations:
            self._draw_decoration(painter, decoration, style)
        super().draw(painter, clip, style, shades)

    def code_areas(self) -> list[CodeArea]:
        return [
            CodeArea(rect=self._rect(decoration), source=decoration.source, language="")
            for decoration in self.built.decorations
            if decoration.kind is DecorationKind.CODE
        ]

    def _rect(self, decoration: Decoration) -> QRectF:
        assert self.document is not None
        top = self._block_rect(self.document.findBlockByNumber(decoration.first)).top()
        bottom = self._block_rect(self.document.findBlockByNumber(decoration.last)).bottom()
        if decoration.kind is DecorationKind.CODE:
            bottom += measures.CODE_PADDING - 4
            top -= measures.CODE_HEADER
        width = self.document.textWidth()
        return QRectF(decoration.indent, top, width - decoration.indent, bottom - top)

    def _block_rect(self, block: QTextBlock) -> QRectF:
        assert self.document is not None
        return self.document.documentLayout().blockBoundingRect(block)

    def _draw_decoration(self, painter: QPainter, decoration: Decoration, style: Style) -> None:
        rect = self._rect(decoration)
        match decoration.kind:
            case DecorationKind.CODE:
                painter.setPen(QPen(style.colours.line, 1))
                painter.setBrush(style.colours.code)
                painter.drawRoundedRect(rect, measures.BOX_RADIUS, measures.BOX_RADIUS)
            case DecorationKind.QUOTE:
                bar = QRectF(rect.left() + 2, rect.top(), 3, rect.height())
                painter.fillRect(bar, style.colours.quote)
            case DecorationKind.RULE:
                middle = round(rect.center().y())
                painter.fillRect(QRectF(0, middle, rect.width(), 1), style.colours.line)


def _differ_in_text(old: Element, new: Element) -> bool:
    """Whether two elements are paragraphs that look the same and hold other text at most."""
    return (
        isinstance(old, Paragraph)
        and isinstance(new, Paragraph)
        and new.kind in (ParagraphKind.TEXT, ParagraphKind.HEADING)
        and replace(old, runs=()) == replace(new, runs=())
        and (not new.has_marker or old.runs[:1] == new.runs[:1])
        and not any(run.style & RunStyle.MATH for run in (*old.runs, *new.runs))
    )


class RuleBlock(Block):
    """A thematic break: a line without text."""

    def build(self, context: BlockContext) -> None:
        self.document = new_document(context.style)
        self.document.setTextWidth(context.width)
        self.height = 13

    def draw(self, painter: QPainter, clip: QRectF, style: Style, shades: Sequence[Shade]) -> None:
        if self.document is not None:
            painter.fillRect(QRectF(0, 6, self.document.textWidth(), 1), style.colours.line)

    def rendered_text(self, references: References) -> str:
        return ""


def segments_of_code(source: str, code: str) -> list[Segment]:
    """Where the code of a fence stands in its source."""
    found = source.find(code, source.find("\n", len(source) - len(source.lstrip())) + 1)
    return [Segment(0, len(code), found)] if found >= 0 and code else []
