"""A table of texts that can be copied: the raw figures of a run, or of two."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QTableWidget,
    QTableWidgetItem,
    QWidget,
)

from app.viewmodels.lab_shapes import TableShape

_FEW_COLUMNS = 6
_ROW_HEIGHT = 28


class FigureTable(QTableWidget):
    """`row_chosen(key)` when the current row changes; Ctrl+C copies the selected rows."""

    row_chosen = Signal(str)

    def __init__(self, *, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: tuple[str, ...] = ()
        self.setAccessibleName(name)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setShowGrid(False)
        self.setTabKeyNavigation(False)
        self.setWordWrap(False)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(_ROW_HEIGHT)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        self.currentCellChanged.connect(self._on_current)
        copy = QShortcut(QKeySequence(QKeySequence.StandardKey.Copy), self)
        copy.setContext(Qt.ShortcutContext.WidgetShortcut)
        copy.activated.connect(self.copy_rows)

    def show_shape(self, shape: TableShape) -> None:
        """Show another table; as high as its rows."""
        self.blockSignals(True)
        self.clearSpans()
        self._keys = shape.keys
        self.setColumnCount(len(shape.heads))
        self.setHorizontalHeaderLabels(list(shape.heads))
        for column in range(len(shape.heads)):
            head = self.horizontalHeaderItem(column)
            assert head is not None
            head.setTextAlignment(_side(column) | Qt.AlignmentFlag.AlignVCenter)
        self.setRowCount(len(shape.rows))
        hints = shape.hints or ("",) * len(shape.rows)
        for number, (texts, hint) in enumerate(zip(shape.rows, hints, strict=True)):
            self._fill_row(number, texts, hint)
        self._spread(len(shape.heads))
        self.blockSignals(False)
        height = self.horizontalHeader().sizeHint().height()
        bar = self.horizontalScrollBar().sizeHint().height()
        self.setFixedHeight(height + _ROW_HEIGHT * len(shape.rows) + bar + 6)

    def _spread(self, columns: int) -> None:
        """A few columns stand together at the right, where their heads are; many scroll."""
        header, mode = self.horizontalHeader(), QHeaderView.ResizeMode
        is_small = columns <= _FEW_COLUMNS
        header.setStretchLastSection(not is_small)
        header.setSectionResizeMode(0, mode.Stretch if is_small else mode.ResizeToContents)

    def copy_rows(self) -> None:
        """Put the selected rows into the clipboard, columns separated by tabs."""
        rows = sorted({index.row() for index in self.selectedIndexes()})
        lines = ["\t".join(self._texts(number)) for number in rows]
        QApplication.clipboard().setText("\n".join(lines))

    def _texts(self, number: int) -> list[str]:
        items = (self.item(number, column) for column in range(self.columnCount()))
        return [item.text() for item in items if item is not None]

    def _fill_row(self, number: int, texts: Sequence[str], hint: str) -> None:
        for column, text in enumerate(texts):
            item = QTableWidgetItem(text)
            item.setToolTip(hint)
            item.setTextAlignment(_side(column) | Qt.AlignmentFlag.AlignVCenter)
            self.setItem(number, column, item)
        missing = self.columnCount() - len(texts)
        if missing and texts:
            last = len(texts) - 1
            self.setSpan(number, last, 1, missing + 1)
            words = self.item(number, last)
            if words is not None:
                words.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)

    def _on_current(self, number: int) -> None:
        if 0 <= number < len(self._keys):
            self.row_chosen.emit(self._keys[number])


def _side(column: int) -> Qt.AlignmentFlag:
    """Names stand left, figures right, and so do their heads."""
    return Qt.AlignmentFlag.AlignLeft if column == 0 else Qt.AlignmentFlag.AlignRight
