"""One laid-out piece of a message: it owns a document only while it is near the viewport.
The base class; text, code and tables have modules of their own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QPainter,
    QPalette,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
)

from app.chat_view import style as measures
from app.chat_view.alignment import Segment, put_sources, source_end, source_offset
from app.chat_view.built import Built
from app.chat_view.doc_builder import DocBuilder
from app.chat_view.markdown import References
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
    """The code itself, or the first part of long code."""
    whole: Callable[[], str]
    """All of it, for copying."""
    language: str
    wraps: bool | None = None
    """Whether long lines are wrapped; None: there is nothing to choose."""


class Block(ABC):
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

    @abstractmethod
    def build(self, context: BlockContext) -> None:
        """Make or renew the document and measure it."""

    def drop(self) -> None:
        """Forget the document; the height stays."""
        self.document = None
        self.built = Built()

    def recolour(self, tokens: TokenMap | None, style: Style, *, first_block: int = 0) -> None:
        """Tint accepted draft tokens, or take the tint away; text blocks before `first_block` stay.

        In code, whose colours mean something else, they are underlined alone.
        """
        if self.document is not None:
            colour_document(
                self.document,
                self.built.segments,
                tokens,
                start=self.piece.offset,
                style=style,
                underline_only=self.piece.kind is PieceKind.CODE,
                first_block=first_block,
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

    @abstractmethod
    def rendered_text(self, references: References) -> str:
        """All text of the block as it would be drawn, without building it."""

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


def segments_of_code(source: str, code: str, *, first_line: int = 1) -> list[Segment]:
    """Where the code of a fence stands in its source, behind the opening line if it has one."""
    start = source.find("\n", len(source) - len(source.lstrip())) + 1 if first_line else 0
    found = source.find(code, start)
    return [Segment(0, len(code), found)] if found >= 0 and code else []
