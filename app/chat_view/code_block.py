"""A block of code: header, highlighting, its own sideways scrolling.
While it grows only its unfinished end is highlighted again, so that the cost stays flat."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QTextBlock, QTextCursor, QTextDocument, QTextOption

from app.chat_view import style as measures
from app.chat_view.block import (
    LINE_OVERHANG,
    Block,
    BlockContext,
    CodeArea,
    Shade,
    segments_of_code,
)
from app.chat_view.built import Built
from app.chat_view.code_parts import CodeParts
from app.chat_view.doc_builder import new_document
from app.chat_view.elements import Paragraph, flatten
from app.chat_view.highlighting import cached_code_spans, code_spans, ends_outside
from app.chat_view.markdown import References, parse
from app.chat_view.pieces import Piece
from app.chat_view.sideways import Sideways
from app.chat_view.style import Style

BOX_FOOT = measures.CODE_PADDING + measures.BOX_RADIUS
"""Height of the end of the box, which moves when lines are added."""
LONGEST_OPEN_LINES = 40
"""Lines that may wait for the end of a comment or string before they are taken as they are."""

_FENCE = re.compile(r"(?:[ \t]*\r?\n)* {0,3}(`{3,}|~{3,})[ \t]*([^\s`]*)[^\n]*(?:\n|$)")


@dataclass(frozen=True, slots=True)
class Code:
    """Code without its fence."""

    text: str
    language: str


def open_code(source: str) -> Code:
    """The code of a fence that still grows; half a closing fence is left out."""
    match = _FENCE.match(source)
    if match is None:
        return Code("", "")
    body = source[match.end() :]
    head, newline, last = body.rpartition("\n")
    if last.strip() and set(last.strip()) == {match.group(1)[0]}:
        body = head + newline
    return Code(body.removesuffix("\n"), match.group(2))


def finished_code(source: str) -> Code:
    """The code of a complete piece."""
    for element in flatten(parse(source)):
        if isinstance(element, Paragraph):
            return Code("".join(run.text for run in element.runs), element.language)
    return Code("", "")


class CodeBlock(Block):
    """Some lines of code, or all of them; copying gives the code as it stands in the source."""

    def __init__(self, piece: Piece, parts: CodeParts | None = None) -> None:
        super().__init__(piece)
        self.code = Code("", "")
        self.parts = parts or CodeParts()
        self.part = piece.in_code.part if piece.in_code is not None else 0
        self.parts.blocks[self.part] = self
        self._is_last = True
        self._width = 0
        self._text_height = 0.0
        self._kept = 0
        """Characters at the start that are highlighted for good."""
        self._clean = True
        """False once a line was kept although a comment or string went on."""

    @property
    def sideways(self) -> Sideways:
        """Shared by all parts."""
        return self.parts.sideways

    @property
    def gap_before(self) -> int:
        return 0 if self.part else super().gap_before

    @property
    def _header(self) -> int:
        return 0 if self.part else measures.CODE_HEADER

    def estimate(self, width: int, style: Style) -> None:
        lines = max(1, self.piece.source.strip().count("\n") - 1)
        line = (style.font_px - 2) * measures.CODE_LINE_HEIGHT_PERCENT / 100
        self.height = round(lines * line) + self._header + measures.CODE_PADDING

    def _read(self) -> Code:
        head = self.piece.in_code.head if self.piece.in_code is not None else ""
        return (open_code if self.piece.is_open else finished_code)(head + self.piece.source)

    def code_text(self) -> str:
        """The code of this part."""
        return self.code.text if self.is_built else self._read().text

    def build(self, context: BlockContext) -> None:
        before = self.code
        self.code = self._read()
        fresh = self.document is None or before.language != self.code.language
        grown = self.code.text.startswith(before.text[: self._kept])
        if fresh or not grown or not (self.piece.is_open or self._clean):
            self._kept, self._clean = 0, True
            self.document = _code_document(context.style, wraps=self.parts.wraps)
            if self.parts.wraps:
                self.document.setTextWidth(context.width - 2 * measures.CODE_PADDING)
        bar = self.sideways.maximum
        self._append(context)
        self._measure(context.width)
        if fresh or bar != self.sideways.maximum:
            self.changed_from = 0

    def _append(self, context: BlockContext) -> None:
        """Highlight what follows the kept part."""
        document = self.document
        assert document is not None
        text = self.code.text
        cursor = QTextCursor(document)
        cursor.beginEditBlock()
        cursor.setPosition(min(self._kept, document.characterCount() - 1))
        first_block = cursor.blockNumber()
        self.changed_from = self._top_of(cursor.block()) - BOX_FOOT
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        cursor.removeSelectedText()
        whole = self._kept == 0 and not self.piece.is_open
        spans = cached_code_spans if whole else code_spans
        context.builder.insert_code(cursor, spans(text[self._kept :], self.code.language))
        first_line = 0 if self.part else 1
        self.built = Built(
            segments=segments_of_code(self.piece.source, text, first_line=first_line)
        )
        if context.tokens is not None:
            self.recolour(context.tokens, context.style, first_block=first_block)
        cursor.endEditBlock()
        self._keep_finished_lines()

    def _top_of(self, line: QTextBlock) -> int:
        assert self.document is not None
        top = self.document.documentLayout().blockBoundingRect(line).top()
        return max(0, math.floor(self.origin.y() + top) - LINE_OVERHANG)

    def _keep_finished_lines(self) -> None:
        text = self.code.text
        end = text.rfind("\n") + 1
        if end <= self._kept:
            return
        waiting = text[self._kept : end - 1]
        outside = ends_outside(waiting, self.code.language)
        if outside or waiting.count("\n") >= LONGEST_OPEN_LINES:
            self._kept = end
            self._clean = self._clean and outside

    def _measure(self, width: int) -> None:
        document = self.document
        assert document is not None
        self._width = width
        size = document.size()
        visible = width - 2 * measures.CODE_PADDING
        self.parts.fit(self.part, content=size.width(), visible=visible)
        self._text_height = size.height()
        self._set_height()

    def _set_height(self) -> None:
        foot = measures.CODE_PADDING - 4 + self.sideways.room if self._is_last else 0
        self.height = math.ceil(self._header + self._text_height + foot)

    def set_last(self, *, is_last: bool) -> None:
        """Whether no further parts follow: the box ends below the last one."""
        if is_last != self._is_last:
            self._is_last = is_last
            if self.document is not None:
                self._set_height()

    def drop(self) -> None:
        super().drop()
        self._kept, self._clean = 0, True
        self.code = Code("", "")

    @property
    def origin(self) -> QPointF:
        return QPointF(measures.CODE_PADDING - self.sideways.value, self._header)

    @property
    def box(self) -> QRectF:
        """The painted box."""
        return QRectF(0, 0, self._width, self.height)

    def draw(self, painter: QPainter, clip: QRectF, style: Style, shades: Sequence[Shade]) -> None:
        self._draw_box(painter, style)
        if not self.part:
            self._draw_header(painter, style)
        painter.save()
        inside = self.box.adjusted(measures.CODE_PADDING, 0, -measures.CODE_PADDING, 0)
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        super().draw(painter, clip.intersected(inside), style, shades)
        painter.restore()
        if self._is_last:
            self.sideways.draw(painter, inside, style)

    def _draw_box(self, painter: QPainter, style: Style) -> None:
        """The box of all parts as far as this one goes: what is beyond its ends is cut off."""
        radius = measures.BOX_RADIUS
        above, below = radius if self.part else 0, 0 if self._is_last else radius
        painter.save()
        if above or below:
            bounds = QRectF(-1, 0, self._width + 2, self.height + (1 if self._is_last else 0))
            painter.setClipRect(bounds, Qt.ClipOperation.IntersectClip)
        painter.setPen(QPen(style.colours.line, 1))
        painter.setBrush(style.colours.code)
        painter.drawRoundedRect(self.box.adjusted(0, -above, 0, below), radius, radius)
        painter.restore()

    def _draw_header(self, painter: QPainter, style: Style) -> None:
        painter.setFont(style.small_font)
        painter.setPen(style.colours.muted)
        header = QRectF(measures.CODE_PADDING, 0, self._width / 2, measures.CODE_HEADER)
        label = self.code.language or QCoreApplication.translate("ChatView", "text")
        painter.drawText(header, Qt.AlignmentFlag.AlignVCenter, label)

    def rendered_text(self, references: References) -> str:
        return self._read().text

    def code_areas(self) -> list[CodeArea]:
        if self.part or not self.is_built:
            return []
        wraps = self.parts.wraps
        area = CodeArea(
            rect=self.box,
            source=self.code.text,
            whole=self.parts.whole,
            language=self.code.language,
            wraps=wraps if wraps or self.sideways.maximum else None,
        )
        return [area]

    def scroll_by(self, pixels: int) -> bool:
        return self.sideways.move(pixels)


def _code_document(style: Style, *, wraps: bool) -> QTextDocument:
    document = new_document(style)
    option = QTextOption()
    mode = QTextOption.WrapMode
    option.setWrapMode(mode.WrapAtWordBoundaryOrAnywhere if wraps else mode.NoWrap)
    document.setDefaultTextOption(option)
    document.setDefaultFont(style.mono_font)
    return document
