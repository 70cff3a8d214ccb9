"""The line that stands for an attached text: its name, size and tokens, and whether it is open."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPolygonF, QTextCharFormat, QTextCursor

from app.chat_view import style as measures
from app.chat_view.alignment import Aligner
from app.chat_view.block import Block, BlockContext, Shade
from app.chat_view.built import Built
from app.chat_view.doc_builder import new_document
from app.chat_view.markdown import References
from app.chat_view.pieces import AttachedText
from app.chat_view.style import Style
from app.core.filling import filled
from app.core.formatting import size

PADDING_X = 12
PADDING_Y = 7
ARROW_ROOM = 18


class AttachmentBlock(Block):
    """Copied it gives the name; the text it stands for is in the blocks that follow."""

    is_unfolded = False

    @property
    def attached(self) -> AttachedText:
        """What it stands for."""
        assert self.piece.attached is not None
        return self.piece.attached

    def estimate(self, width: int, style: Style) -> None:
        self.height = round(style.font_px * 1.4) + 2 * PADDING_Y

    def build(self, context: BlockContext) -> None:
        self.changed_from = 0
        self.document = new_document(context.style)
        self.document.setTextWidth(context.width - 2 * PADDING_X - ARROW_ROOM)
        cursor = QTextCursor(self.document)
        cursor.insertText(self.attached.name, context.style.text_format)
        self.built = Built(segments=Aligner(self.piece.source).place(self.attached.name, 0))
        quiet = QTextCharFormat(context.style.text_format)
        quiet.setFont(context.style.small_font)
        quiet.setForeground(context.style.colours.muted)
        cursor.insertText(f"   {describe_attached(self.attached)}", quiet)
        self.height = math.ceil(self.document.size().height()) + 2 * PADDING_Y

    @property
    def origin(self) -> QPointF:
        return QPointF(PADDING_X + ARROW_ROOM, PADDING_Y)

    @property
    def ideal_width(self) -> float:
        return super().ideal_width + 2 * PADDING_X + ARROW_ROOM

    @property
    def box(self) -> QRectF:
        """The painted box, which is clicked."""
        return QRectF(0, 0, math.ceil(self.ideal_width), self.height)

    def draw(self, painter: QPainter, clip: QRectF, style: Style, shades: Sequence[Shade]) -> None:
        painter.setPen(QPen(style.colours.line, 1))
        painter.setBrush(style.colours.background)
        painter.drawRoundedRect(self.box, measures.BOX_RADIUS, measures.BOX_RADIUS)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colours.muted)
        painter.drawPolygon(self._arrow())
        super().draw(painter, clip, style, shades)

    def _arrow(self) -> QPolygonF:
        x, y = float(PADDING_X), self.height / 2
        if self.is_unfolded:
            return QPolygonF([QPointF(x, y - 3), QPointF(x + 9, y - 3), QPointF(x + 4.5, y + 3)])
        return QPolygonF([QPointF(x + 2, y - 4.5), QPointF(x + 8, y), QPointF(x + 2, y + 4.5)])

    def rendered_text(self, references: References) -> str:
        return self.attached.name


class MarkBlock(Block):
    """A mark that is never drawn: the end of an attached text."""

    def estimate(self, width: int, style: Style) -> None:
        self.height = 0

    def build(self, context: BlockContext) -> None:
        self.document = new_document(context.style)

    def rendered_text(self, references: References) -> str:
        return ""


def describe_attached(attached: AttachedText) -> str:
    """Size and estimated tokens of an attached text."""
    text = QCoreApplication.translate("Attached", "{size}, about {tokens} {tokens:token|tokens}")
    return filled(text, size=size(attached.size_bytes), tokens=attached.estimated_tokens)


def folding_label(attached: AttachedText, *, is_unfolded: bool) -> str:
    """What a menu calls the way to show or hide an attached text."""
    if is_unfolded:
        text = QCoreApplication.translate("Attached", "Hide {name}")
    else:
        text = QCoreApplication.translate("Attached", "Show {name}")
    return filled(text, name=attached.name)
