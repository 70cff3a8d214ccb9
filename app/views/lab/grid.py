"""The grid main device x draft device, as a choice before a run and as a heat map after it."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from app.palette import LIGHT, Palette
from app.viewmodels.lab_shapes import GridCell, GridHead, GridShape
from app.views.lab.tile import Tile
from app.views.labels import label


class PlacementGrid(QWidget):
    """`tile_clicked(key, is_checked)`."""

    tile_clicked = Signal(str, bool)

    def __init__(self, *, name: str, ticks: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles: dict[str, Tile] = {}
        self._ticks = ticks
        self._palette = LIGHT
        self._heads: tuple[tuple[GridHead, ...], tuple[GridHead, ...]] = ((), ())
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(8)
        self.setAccessibleName(name)

    def show_shape(self, shape: GridShape) -> None:
        """Show these tiles; widgets are kept as long as the heads and keys stay."""
        heads, cells = (shape.rows, shape.columns), shape.cells
        if heads != self._heads or set(self.tiles) != {cell.key for cell in cells}:
            self._heads = heads
            self._build(cells)
        for cell in cells:
            tile = self.tiles[cell.key]
            tile.show_text(cell.text, ticks=self._ticks)
            tile.setChecked(cell.is_checked and cell.text.is_possible)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        for tile in self.tiles.values():
            tile.apply_palette(palette)

    def _build(self, cells: Sequence[GridCell]) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        rows, columns = self._heads
        for number, head in enumerate(columns, start=1):
            self._grid.addWidget(_head(head), 0, number, Qt.AlignmentFlag.AlignBottom)
            self._grid.setColumnStretch(number, 1)
        for number, head in enumerate(rows, start=1):
            self._grid.addWidget(_head(head), number, 0)
        self._grid.setColumnMinimumWidth(0, 92)
        self.tiles = {}
        for cell in sorted(cells, key=lambda cell: (cell.row, cell.column)):
            tile = Tile()
            tile.apply_palette(self._palette)
            tile.clicked.connect(lambda checked, key=cell.key: self.tile_clicked.emit(key, checked))
            self.tiles[cell.key] = tile
            self._grid.addWidget(tile, cell.row + 1, cell.column + 1)


def _head(head: GridHead) -> QWidget:
    widget = label(head.title, role="strong", wrap=True)
    widget.setToolTip(head.detail)
    widget.setAccessibleDescription(head.detail)
    return widget
