"""Blocks of ordinary text: markdown, text without markup, thematic breaks. While the last paragraph
grows only its end is changed."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QRectF
from PySide6.QtGui import (
    QPainter,
    QPen,
    QTextBlock,
    QTextCursor,
)

from app.chat_view import style as measures
from app.chat_view.block import LINE_OVERHANG, Block, BlockContext, CodeArea, Shade
from app.chat_view.built import Decoration, DecorationKind, shared_runs
from app.chat_view.doc_builder import new_document
from app.chat_view.elements import (
    Element,
    Paragraph,
    ParagraphKind,
    RunStyle,
    flatten,
    plain_text,
    prose,
)
from app.chat_view.markdown import References, parse, presentable
from app.chat_view.pieces import Piece, PieceKind
from app.chat_view.style import Style


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
            last = document.blockCount() - 1
            self.recolour(context.tokens, context.style, first_block=last)
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
        plain = prose(source) if self.piece.in_list is None else None
        if plain is not None:
            return plain
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
            CodeArea(
                rect=self._rect(decoration),
                source=decoration.source,
                whole=partial(str, decoration.source),
                language="",
            )
            for decoration in self.built.decorations
            if decoration.kind is DecorationKind.CODE
        ]

    def _rect(self, decoration: Decoration) -> QRectF:
        assert self.document is not None
        top = self._block_rect(self.document.findBlockByNumber(decoration.first)).top()
        bottom = self._block_rect(self.document.findBlockByNumber(decoration.last)).bottom()
        if decoration.kind is DecorationKind.QUOTE:
            bottom = max(bottom, self._text_bottom(decoration.last))
        if decoration.kind is DecorationKind.CODE:
            bottom += measures.CODE_PADDING - 4
            top -= measures.CODE_HEADER
        width = self.document.textWidth()
        return QRectF(decoration.indent, top, width - decoration.indent, bottom - top)

    def _text_bottom(self, number: int) -> float:
        """Where the last line of a text block ends; Qt leaves its upper room out of the block."""
        assert self.document is not None
        layout = self.document.findBlockByNumber(number).layout()
        line = layout.lineAt(layout.lineCount() - 1)
        return layout.position().y() + line.y() + line.height() if line.isValid() else 0.0

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
