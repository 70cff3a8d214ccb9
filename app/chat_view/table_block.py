"""Some rows of a table: columns shared with the other rows, thin lines, own sideways scrolling."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import (
    QFont,
    QFontMetricsF,
    QPainter,
    QTextBlock,
    QTextCursor,
    QTextFrameFormat,
    QTextLength,
    QTextTable,
    QTextTableFormat,
)

from app.chat_view import style as measures
from app.chat_view.alignment import Aligner, part_of, put_sources
from app.chat_view.block import Block, BlockContext, Shade
from app.chat_view.built import Built
from app.chat_view.doc_builder import new_document
from app.chat_view.elements import Table, flatten, plain_text
from app.chat_view.markdown import References, parse
from app.chat_view.pieces import Piece, TableContext
from app.chat_view.sideways import Sideways
from app.chat_view.style import Style
from app.chat_view.table_columns import TableColumns


class TableBlock(Block):
    """Rows of a table; `columns` and `sideways` belong to the whole table."""

    def __init__(self, piece: Piece, columns: TableColumns, sideways: Sideways) -> None:
        super().__init__(piece)
        self.columns = columns
        self.sideways = sideways
        self._revision = -1
        self._inserted: QTextTable | None = None
        self._row_edges: list[float] = []
        self._column_count = 0
        self._widths: list[float] = []
        self._visible_width = 0
        self._is_last = True

    @property
    def _context(self) -> TableContext:
        assert self.piece.in_table is not None
        return self.piece.in_table

    @property
    def is_built(self) -> bool:
        return super().is_built and self._revision == self.columns.revision

    @property
    def gap_before(self) -> int:
        return 0 if self._context.first_row else measures.BLOCK_GAP

    def estimate(self, width: int, style: Style) -> None:
        rows = self.piece.source.rstrip().count("\n") + (1 if self._context.first_row else 0)
        self.height = round(rows * (style.font_px * 1.25 + 2 * measures.CELL_PADDING))

    def measure(self, style: Style) -> None:
        """Tell the columns how wide these rows are."""
        bold = QFont(style.font)
        bold.setWeight(QFont.Weight.DemiBold)
        plain_metrics, bold_metrics = QFontMetricsF(style.font), QFontMetricsF(bold)
        lines = self.piece.source.strip("\n").splitlines()
        if not self._context.first_row:
            self.columns.include(lines[:1], bold_metrics.horizontalAdvance)
            lines = lines[2:]
        self.columns.include(lines, plain_metrics.horizontalAdvance)

    def _table(self, references: References) -> Table | None:
        later = self._context.first_row > 0
        source = self._context.head + self.piece.source if later else self.piece.source
        for element in flatten(parse(source, references)):
            if isinstance(element, Table):
                rows = element.rows[1:] if later else element.rows
                return Table(rows=rows, alignments=element.alignments, has_head=not later)
        return None

    def build(self, context: BlockContext) -> None:
        self.measure(context.style)
        is_filled = self.document is not None and not self.is_stale
        self._revision = self.columns.revision
        if is_filled and self._inserted is not None:
            self._refit(self._inserted, context.width)
            return
        self._inserted = None
        self.document = new_document(context.style)
        table = self._table(context.references)
        if table is None or not table.rows:
            self.height = 0
            return
        self._widths = self.columns.fit(context.width, measures.CELL_PADDING)
        cursor = QTextCursor(self.document)
        cursor.beginEditBlock()
        self.built = Built()
        aligner = Aligner(self.piece.source)
        inserted = context.builder.insert_cells(cursor, table, self._format(), aligner, self.built)
        if context.tokens is not None:
            self.recolour(context.tokens, context.style)
        cursor.endEditBlock()
        self._column_count = len(table.alignments)
        self._inserted = inserted
        self._measure_rows(inserted, context.width)

    def _refit(self, inserted: QTextTable, width: int) -> None:
        """Other rows have made a column wider: the text stays as it is."""
        self._widths = self.columns.fit(width, measures.CELL_PADDING)
        table_format = inserted.format().toTableFormat()
        table_format.setColumnWidthConstraints(self._constraints())
        inserted.setFormat(table_format)
        self._measure_rows(inserted, width)

    def drop(self) -> None:
        super().drop()
        self._inserted = None

    def _constraints(self) -> list[QTextLength]:
        return [QTextLength(QTextLength.Type.FixedLength, width) for width in self._widths]

    def _format(self) -> QTextTableFormat:
        table_format = QTextTableFormat()
        table_format.setBorder(0)
        table_format.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_None)
        table_format.setColumnWidthConstraints(self._constraints())
        return table_format

    def _measure_rows(self, table: QTextTable, width: int) -> None:
        assert self.document is not None
        total = sum(self._widths)
        self.document.setTextWidth(total + 4)
        self.sideways.fit(content=total, visible=width)
        self._visible_width = width
        layout = self.document.documentLayout()
        edges = []
        for row in range(table.rows()):
            block = table.cellAt(row, 0).firstCursorPosition().block()
            edges.append(layout.blockBoundingRect(block).top() - measures.CELL_PADDING)
        # Qt moves this rectangle by the padding of a cell; its height is right.
        edges.append(edges[0] + layout.frameBoundingRect(table).height())
        self._row_edges = [edge - edges[0] for edge in edges]
        self._top = edges[0]
        self._set_height()

    def _set_height(self) -> None:
        room = self.sideways.room if self._is_last else 0
        self.height = math.ceil(self._row_edges[-1]) + room

    def set_last(self, *, is_last: bool) -> None:
        """Whether no further rows follow: the bar stands below the last ones."""
        if is_last != self._is_last:
            self._is_last = is_last
            if self._row_edges:
                self._set_height()

    @property
    def origin(self) -> QPointF:
        top = self._top if self._row_edges else 0.0
        return QPointF(-self.sideways.value, -top)

    def draw(self, painter: QPainter, clip: QRectF, style: Style, shades: Sequence[Shade]) -> None:
        if not self._row_edges or self.document is None:
            return
        width = min(sum(self._widths), self._visible_width)
        inside = QRectF(0, 0, width, self._row_edges[-1])
        self._draw_lines(painter, inside, style)
        painter.save()
        painter.setClipRect(inside, Qt.ClipOperation.IntersectClip)
        super().draw(painter, clip.intersected(inside), style, shades)
        painter.restore()
        if self._is_last:
            self.sideways.draw(painter, QRectF(0, 0, width, self.height), style)

    def _draw_lines(self, painter: QPainter, inside: QRectF, style: Style) -> None:
        edges = [round(edge) for edge in self._row_edges]
        if not self._context.first_row:
            painter.fillRect(
                QRectF(0, 0, inside.width(), self._row_edges[1]), style.colours.table_head
            )
            painter.fillRect(QRectF(0, 0, inside.width(), 1), style.colours.line)
        for edge in edges[1:]:
            painter.fillRect(QRectF(0, edge - 1, inside.width(), 1), style.colours.line)

    def text(self, start: int = 0, end: int | None = None) -> str:
        if self.document is None:
            return ""
        limit = self.end_position() if end is None else end
        rows: list[str] = []
        for index, block in enumerate(self._cell_blocks()):
            first = max(0, start - block.position())
            last = max(0, limit - block.position())
            part = part_of(block.text(), first, last)
            cell = put_sources(part, block.position() + first, self.built.sources)
            cell = cell.replace("\u2028", "\n")
            touched = block.position() <= limit and block.position() + block.length() > start
            if not touched:
                continue
            if index % self._column_count == 0 or not rows:
                rows.append(cell)
            else:
                rows[-1] += "\t" + cell
        return "\n".join(rows)

    def _cell_blocks(self) -> list[QTextBlock]:
        assert self.document is not None
        blocks = []
        block = self.document.begin().next()
        while block.isValid():
            blocks.append(block)
            block = block.next()
        return blocks[:-1]

    def rendered_text(self, references: References) -> str:
        table = self._table(references)
        return plain_text([table]).replace("\u2028", "\n") if table else ""

    def scroll_by(self, pixels: int) -> bool:
        return self.sideways.move(pixels)
