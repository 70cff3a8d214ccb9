"""Fills text documents from elements: paragraphs, lists, quotes, nested code and small tables.
It records what it did in a `Built`."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt
from PySide6.QtGui import (
    QTextBlockFormat,
    QTextCursor,
    QTextDocument,
    QTextFrameFormat,
    QTextOption,
    QTextTable,
    QTextTableFormat,
)

from app.chat_view import style as measures
from app.chat_view.alignment import Aligner, drawn_length
from app.chat_view.built import Built, Change, Decoration, DecorationKind
from app.chat_view.elements import (
    DISPLAY_MARKS,
    Element,
    Paragraph,
    ParagraphKind,
    RunStyle,
    Table,
    maths_of,
)
from app.chat_view.highlighting import cached_code_spans
from app.chat_view.run_writer import RunWriter, place_run
from app.chat_view.style import Style

ALIGNMENT = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "center": Qt.AlignmentFlag.AlignHCenter,
}


def new_document(style: Style) -> QTextDocument:
    """An empty document that keeps no undo history, adds no margin and loads nothing."""
    document = QTextDocument()
    document.setUndoRedoEnabled(False)
    document.setDocumentMargin(0)
    document.setDefaultFont(style.font)
    return document


class DocBuilder:
    """Builds documents in one style, with what `writer` writes into them."""

    def __init__(self, style: Style, writer: RunWriter | None = None) -> None:
        self._style = style
        self._indent = round(style.font_px * 1.75)
        self._writer = writer or RunWriter(style)
        self._cell_formats = {name: _cell_format(style, name) for name in ALIGNMENT}

    def fill(
        self, cursor: QTextCursor, elements: Iterable[Element], source: str, *, muted: bool = False
    ) -> Built:
        """Insert elements into an empty document; `source` is the markdown they were made of."""
        built = Built()
        aligner = Aligner(source)
        before: Element | None = None
        for element in elements:
            built.last_segment, built.last_cursor = len(built.segments), aligner.cursor
            if isinstance(element, Table):
                self._insert_table(cursor, element, aligner, built)
            else:
                self._insert_paragraph(cursor, element, before, aligner, built, muted)
            before = element
        return built

    def fill_plain(self, cursor: QTextCursor, text: str) -> Built:
        """Insert text without markup, line breaks kept."""
        lines = text.removesuffix("\n")
        cursor.setBlockFormat(self._style.paragraph)
        cursor.insertText(lines.replace("\n", "\u2028"), self._style.text_format)
        return Built(segments=Aligner(lines).place(lines, 0))

    def extend(
        self,
        document: QTextDocument,
        built: Built,
        new: Paragraph,
        change: Change,
        source: str,
        *,
        muted: bool,
    ) -> None:
        """Turn the last paragraph into `new`; what is kept of it is not touched."""
        muted = muted or new.quote_depth > 0
        start = document.lastBlock().position()
        cursor = QTextCursor(document)
        cursor.setPosition(start + change.kept)
        cursor.movePosition(QTextCursor.MoveOperation.End, QTextCursor.MoveMode.KeepAnchor)
        if cursor.hasSelection():
            cursor.removeSelectedText()
        for run in change.rest:
            cursor.insertText(run.text, self._writer.run_format(run, run.style, new.level, muted))
        aligner = Aligner(source, built.last_cursor)
        del built.segments[built.last_segment :]
        for run in new.runs:
            built.segments += place_run(run, aligner, start)
            start += drawn_length(run.text)

    def insert_code(self, cursor: QTextCursor, spans: Iterable[tuple[str, str]]) -> None:
        """Insert highlighted code at the cursor; each line becomes a text block."""
        cursor.setBlockFormat(self._style.code_line)
        for text, category in spans:
            cursor.insertText(text, self._writer.code_format(category))

    def _insert_paragraph(
        self,
        cursor: QTextCursor,
        paragraph: Paragraph,
        before: Element | None,
        aligner: Aligner,
        built: Built,
        muted: bool,
    ) -> None:
        block_format = self._block_format(paragraph, before)
        if before is None:
            cursor.setBlockFormat(block_format)
        else:
            cursor.insertBlock(block_format, self._style.text_format)
        first = cursor.blockNumber()
        if paragraph.kind is ParagraphKind.CODE:
            self._insert_nested_code(cursor, paragraph, aligner, built)
        else:
            known = len(built.sources)
            self._writer.insert_runs(
                cursor,
                paragraph.runs,
                aligner,
                built,
                level=paragraph.level,
                muted=muted or paragraph.quote_depth > 0,
            )
            if len(built.sources) > known:
                _make_room(cursor, paragraph)
        if paragraph.kind is ParagraphKind.RULE:
            built.decorations.append(
                Decoration(kind=DecorationKind.RULE, first=first, last=first, indent=0)
            )
        for depth in range(paragraph.quote_depth):
            self._extend_quote(built, first, cursor.blockNumber(), depth)

    def _extend_quote(self, built: Built, first: int, last: int, depth: int) -> None:
        indent = depth * self._indent
        for decoration in reversed(built.decorations):
            same = decoration.kind is DecorationKind.QUOTE and decoration.indent == indent
            if same and decoration.last == first - 1:
                decoration.last = last
                return
        built.decorations.append(
            Decoration(kind=DecorationKind.QUOTE, first=first, last=last, indent=indent)
        )

    def _block_format(self, paragraph: Paragraph, before: Element | None) -> QTextBlockFormat:
        level = paragraph.level
        base = self._style.heading(level) if level else self._style.paragraph
        block_format = QTextBlockFormat(base)
        indent = self._indent * (paragraph.list_depth + paragraph.quote_depth)
        block_format.setLeftMargin(indent)
        if before is not None:
            block_format.setTopMargin(_gap(before, paragraph))
        if paragraph.has_marker:
            characters = len(paragraph.runs[0].text) - 1
            hang = max(self._indent, round(self._style.font_px * 0.54 * characters) + 2)
            block_format.setLeftMargin(indent + hang - self._indent)
            block_format.setTextIndent(-hang)
            block_format.setTabPositions([QTextOption.Tab(hang, QTextOption.TabType.LeftTab)])
        if level:
            block_format.setHeadingLevel(level)
        return block_format

    def _insert_nested_code(
        self, cursor: QTextCursor, paragraph: Paragraph, aligner: Aligner, built: Built
    ) -> None:
        """Code inside a list item or quote: a painted box behind ordinary text blocks."""
        source = "".join(run.text for run in paragraph.runs)
        outer = cursor.blockFormat()
        left = int(outer.leftMargin())
        line_format = QTextBlockFormat(self._style.code_line)
        line_format.setLeftMargin(left + measures.CODE_PADDING)
        line_format.setRightMargin(measures.CODE_PADDING)
        cursor.setBlockFormat(line_format)
        first = cursor.blockNumber()
        for text, category in cached_code_spans(source, paragraph.language):
            built.segments += aligner.place(text, cursor.position())
            cursor.insertText(text, self._writer.code_format(category))
        _pad_first_and_last(cursor, first, outer.topMargin())
        built.decorations.append(
            Decoration(
                kind=DecorationKind.CODE,
                first=first,
                last=cursor.blockNumber(),
                indent=left,
                source=source,
            )
        )

    def _insert_table(
        self, cursor: QTextCursor, table: Table, aligner: Aligner, built: Built
    ) -> None:
        """A table within other text: plain borders, natural widths."""
        table_format = QTextTableFormat()
        table_format.setBorder(1)
        table_format.setBorderCollapse(True)
        table_format.setBorderStyle(QTextFrameFormat.BorderStyle.BorderStyle_Solid)
        table_format.setBorderBrush(self._style.colours.line)
        self.insert_cells(cursor, table, table_format, aligner, built)
        cursor.movePosition(QTextCursor.MoveOperation.End)

    def insert_cells(
        self,
        cursor: QTextCursor,
        table: Table,
        table_format: QTextTableFormat,
        aligner: Aligner,
        built: Built,
    ) -> QTextTable:
        """Insert a table of text and return it; the cursor is left inside its last cell."""
        table_format.setCellSpacing(0)
        table_format.setCellPadding(measures.CELL_PADDING)
        inserted = cursor.insertTable(len(table.rows), len(table.alignments), table_format)
        for row_index, row in enumerate(table.rows):
            for column, (cell, alignment) in enumerate(zip(row, table.alignments, strict=True)):
                inner = inserted.cellAt(row_index, column).firstCursorPosition()
                inner.setBlockFormat(self._cell_formats[alignment])
                bold = table.has_head and row_index == 0
                known = len(built.sources)
                self._writer.insert_runs(inner, cell, aligner, built, bold=bold)
                if len(built.sources) > known:
                    _let_lines_grow(inner)
        return inserted


def _cell_format(style: Style, alignment: str) -> QTextBlockFormat:
    block_format = QTextBlockFormat(style.cell_line)
    block_format.setAlignment(ALIGNMENT[alignment])
    return block_format


def _let_lines_grow(cursor: QTextCursor) -> None:
    """Lines of the block at the cursor become as high as their formulas."""
    block_format = cursor.blockFormat()
    at_least = QTextBlockFormat.LineHeightTypes.MinimumHeight.value
    block_format.setLineHeight(block_format.lineHeight(), at_least)
    cursor.setBlockFormat(block_format)


def _make_room(cursor: QTextCursor, paragraph: Paragraph) -> None:
    """Lines as high as their formulas; one that stands alone stands in the middle."""
    _let_lines_grow(cursor)
    block_format = cursor.blockFormat()
    first = paragraph.runs[0]
    alone = len(paragraph.runs) == 1 and bool(first.style & RunStyle.MATH)
    if alone and maths_of(first).mark in DISPLAY_MARKS:
        block_format.setAlignment(Qt.AlignmentFlag.AlignHCenter)
    cursor.setBlockFormat(block_format)


def _gap(before: Element, paragraph: Paragraph) -> int:
    if paragraph.has_marker and isinstance(before, Paragraph) and before.list_depth:
        return measures.ITEM_GAP
    if paragraph.kind is ParagraphKind.HEADING:
        return measures.BLOCK_GAP + measures.HEADING_GAP
    return measures.BLOCK_GAP


def _pad_first_and_last(cursor: QTextCursor, first: int, top_margin: float) -> None:
    """Room for the box above the first and below the last line of nested code."""
    document = cursor.document()
    edge = QTextCursor(document.findBlockByNumber(first))
    block_format = edge.blockFormat()
    block_format.setTopMargin(top_margin + measures.CODE_HEADER)
    edge.setBlockFormat(block_format)
    edge = QTextCursor(document.findBlockByNumber(cursor.blockNumber()))
    block_format = edge.blockFormat()
    block_format.setBottomMargin(measures.CODE_PADDING + measures.ITEM_GAP)
    edge.setBlockFormat(block_format)
