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
from app.chat_view.doc_builder import new_document
from app.chat_view.elements import Paragraph, flatten
from app.chat_view.highlighting import cached_code_spans, code_spans, ends_outside
from app.chat_view.markdown import References, parse
from app.chat_view.pieces import Piece
from app.chat_view.sideways import Sideways
from app.chat_view.style import Style
from app.chat_view.token_colours import colour_document

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
    """Copying gives the code as it stands in the source."""

    def __init__(self, piece: Piece) -> None:
        super().__init__(piece)
        self.code = Code("", "")
        self.sideways = Sideways()
        self.wraps = False
        """The user's choice: long lines go on below, instead of scrolling."""
        self._width = 0
        self._kept = 0
        """Characters at the start that are highlighted for good."""
        self._clean = True
        """False once a line was kept although a comment or string went on."""

    def estimate(self, width: int, style: Style) -> None:
        lines = max(1, self.piece.source.strip().count("\n") - 1)
        line = (style.font_px - 2) * measures.CODE_LINE_HEIGHT_PERCENT / 100
        self.height = round(lines * line) + measures.CODE_HEADER + measures.CODE_PADDING

    def build(self, context: BlockContext) -> None:
        before = self.code
        self.code = (open_code if self.piece.is_open else finished_code)(self.piece.source)
        fresh = self.document is None or before.language != self.code.language
        grown = self.code.text.startswith(before.text[: self._kept])
        if fresh or not grown or not (self.piece.is_open or self._clean):
            self._kept, self._clean = 0, True
            self.document = _code_document(context.style, wraps=self.wraps)
            if self.wraps:
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
        self.built = Built(segments=segments_of_code(self.piece.source, text))
        if context.tokens is not None:
            colour_document(
                document,
                self.built.segments,
                context.tokens,
                start=self.piece.offset,
                style=context.style,
                underline_only=True,
                first_block=first_block,
            )
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
        self.sideways.fit(content=size.width(), visible=width - 2 * measures.CODE_PADDING)
        self.height = math.ceil(
            measures.CODE_HEADER + size.height() + measures.CODE_PADDING - 4 + self.sideways.room
        )

    def drop(self) -> None:
        super().drop()
        self._kept, self._clean = 0, True
        self.code = Code("", "")

    @property
    def origin(self) -> QPointF:
        return QPointF(measures.CODE_PADDING - self.sideways.value, measures.CODE_HEADER)

    @property
    def box(self) -> QRectF:
        """The painted box."""
        return QRectF(0, 0, self._width, self.height)

    def draw(self, painter: QPainter, clip: QRectF, style: Style, shades: Sequence[Shade]) -> None:
        painter.setPen(QPen(style.colours.line, 1))
        painter.setBrush(style.colours.code)
        painter.drawRoundedRect(self.box, measures.BOX_RADIUS, measures.BOX_RADIUS)
        painter.setFont(style.small_font)
        painter.setPen(style.colours.muted)
        header = QRectF(measures.CODE_PADDING, 0, self._width / 2, measures.CODE_HEADER)
        label = self.code.language or QCoreApplication.translate("ChatView", "text")
        painter.drawText(header, Qt.AlignmentFlag.AlignVCenter, label)
        painter.save()
        inside = self.box.adjusted(measures.CODE_PADDING, 0, -measures.CODE_PADDING, 0)
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        super().draw(painter, clip.intersected(inside), style, shades)
        painter.restore()
        self.sideways.draw(painter, inside, style)

    def rendered_text(self, references: References) -> str:
        return finished_code(self.piece.source).text

    def code_areas(self) -> list[CodeArea]:
        area = CodeArea(
            rect=self.box,
            source=self.code.text,
            language=self.code.language,
            wraps=self.wraps if self.wraps or self.sideways.maximum else None,
        )
        return [area] if self.is_built else []

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
