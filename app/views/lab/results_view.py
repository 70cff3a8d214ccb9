"""What a run found: verdict, bars, heat map, one cell in detail, raw figures. No decisions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from app.icons import icon
from app.palette import LIGHT, Palette
from app.viewmodels.lab_shapes import Bar, GridShape, TableShape
from app.views.lab.bars import BarChart
from app.views.lab.figure_table import FigureTable
from app.views.lab.grid import PlacementGrid
from app.views.lab.positions import PositionChart
from app.views.labels import label
from app.views.models.parts import Card, button, clear, row

_ALL_AND_ONE = 2
"""With one prompt set it and all prompts are the same."""


class VerdictCard(QFrame):
    """One plain sentence, what has to be said beside it, and what to do about it.

    Signals: `use_requested()`, `more_requested()`.
    """

    use_requested = Signal()
    more_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "verdict")
        self.setAccessibleName(self.tr("Verdict"))
        self._palette, self._symbol = LIGHT, "trophy"
        self.mark = QLabel()
        self.headline = label("", role="headline", wrap=True)
        self.notes = label("", role="muted", wrap=True)
        self.use = button(self.tr("Use this"), role="primary")
        self.more = button(self.tr("Repeat with more\u2026"), role="primary")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(16, 13, 16, 13)
        layout.setSpacing(12)
        texts = QVBoxLayout()
        texts.setSpacing(4)
        texts.addWidget(self.headline)
        texts.addWidget(self.notes)
        layout.addWidget(self.mark)
        layout.addLayout(texts, 1)
        layout.addWidget(self.use)
        layout.addWidget(self.more)
        self.more.hide()
        self.more.clicked.connect(self.more_requested)
        self.use.clicked.connect(self.use_requested)

    def show_verdict(
        self,
        sentence: str,
        notes: Iterable[str],
        *,
        use: str,
        symbol: str,
        is_gain: bool,
        offers_more: bool = False,
    ) -> None:
        """Say it; an empty `use` hides the button."""
        self.more.setVisible(offers_more)
        self.headline.setText(sentence)
        said = "\n".join(note for note in notes if note)
        self.notes.setText(said)
        self.notes.setVisible(bool(said))
        self.use.setText(use)
        self.use.setAccessibleName(use)
        self.use.setVisible(bool(use))
        self._symbol = symbol
        self.setProperty("kind", "gain" if is_gain else "plain")
        self.style().unpolish(self)
        self.style().polish(self)
        self.apply_palette(self._palette)

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        self._palette = palette
        colour = palette.ok if self.property("kind") == "gain" else palette.muted
        pixmap = icon(self._symbol, colour, size_px=26).pixmap(
            QSize(26, 26), self.devicePixelRatioF()
        )
        self.mark.setPixmap(pixmap)


class ResultsView(QWidget):
    """`set_chosen(set_id)`, `cell_chosen(key)`, `group_chosen(key)`, `lengths_toggled(bool)`,
    `use_best()`, `use_cell()`, `more_requested()`.
    """

    set_chosen = Signal(str)
    cell_chosen = Signal(str)
    group_chosen = Signal(str)
    lengths_toggled = Signal(bool)
    use_best = Signal()
    use_cell = Signal()
    more_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.verdict = VerdictCard()
        self.setup_line = label("", role="muted", wrap=True)
        self._sets_row = QWidget()
        self._sets = QHBoxLayout(self._sets_row)
        self._sets.setContentsMargins(0, 0, 0, 0)
        self._set_ids: tuple[str, ...] = ()
        self.bars = BarChart(name=self.tr("Speed of every placement"))
        self.heat = PlacementGrid(name=self.tr("Heat map of the placements"), ticks=False)
        self.positions = PositionChart(name=self.tr("Accepted by position"))
        self.detail_name = label("", role="name", wrap=True)
        self._figures = QGridLayout()
        self.all_lengths = button(self.tr("All draft lengths"), role="chip")
        self.all_lengths.setCheckable(True)
        self.use_this = button(self.tr("Use this one"))
        self.table = FigureTable(name=self.tr("All figures"))
        self._build()
        self.bars.bar_clicked.connect(self.cell_chosen)
        self.table.row_chosen.connect(self.cell_chosen)
        self.heat.tile_clicked.connect(lambda key, _: self.group_chosen.emit(key))
        self.verdict.use_requested.connect(self.use_best)
        self.verdict.more_requested.connect(self.more_requested)
        self.all_lengths.clicked.connect(self.lengths_toggled)
        self.use_this.clicked.connect(self.use_cell)

    def show_sets(self, sets: Sequence[tuple[str, str]], chosen: str) -> None:
        """Offer the prompt sets of the run."""
        ids = tuple(key for key, _ in sets)
        if ids != self._set_ids:
            self._set_ids = ids
            clear(self._sets)
            for key, name in sets:
                chip = button(name, role="chip")
                chip.setCheckable(True)
                chip.clicked.connect(lambda _=False, key=key: self.set_chosen.emit(key))
                self._sets.addWidget(chip)
            self._sets.addStretch(1)
        self._sets_row.setVisible(len(ids) > _ALL_AND_ONE)
        for number, key in enumerate(ids):
            item = self._sets.itemAt(number)
            chip_widget = item.widget() if item is not None else None
            if chip_widget is not None:
                chip_widget.setChecked(key == chosen)  # type: ignore[attr-defined]

    def show_rows(self, bars: Sequence[Bar], heat: GridShape, *, chosen: str) -> None:
        """Draw the cells."""
        self.bars.show_bars(bars, chosen=chosen)
        self.heat.show_shape(heat)

    def show_detail(
        self,
        name: str,
        figures: Iterable[tuple[str, str]],
        shares: Sequence[float],
        *,
        can_use: bool,
    ) -> None:
        """Show one cell."""
        self.detail_name.setText(name)
        self.positions.show_shares(shares)
        clear(self._figures)
        for number, (title, value) in enumerate(figures):
            self._figures.addWidget(label(title, role="muted"), number, 0)
            self._figures.addWidget(label(value, role="strong"), number, 1)
        self.use_this.setVisible(can_use)

    def show_table(self, shape: TableShape) -> None:
        """Show the raw figures."""
        self.table.show_shape(shape)

    def show_finished(self, finished: bool) -> None:
        """While a run is measured there is neither a verdict nor a table."""
        for widget in (self.verdict, self.setup_line, self._table_card, self._detail_card):
            widget.setVisible(finished)

    def hide_verdict(self) -> None:
        """Something else says what was found."""
        self.verdict.hide()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme."""
        for part in (self.verdict, self.bars, self.heat, self.positions):
            part.apply_palette(palette)

    def _build(self) -> None:
        self._sets.setSpacing(6)
        speed = Card(name=self.tr("Speed"))
        title = self.tr(
            "Speed in tokens per second, higher is better; the line is the middle half, the factor "
            "compares prompt by prompt"
        )
        speed.column.addLayout(row(label(title, role="cardTitle"), 1, self.all_lengths))
        speed.column.addWidget(self.bars)
        heat = Card(name=self.tr("Speed-up"))
        heat.column.addWidget(
            label(self.tr("Speed-up over the baseline, best draft length"), role="cardTitle")
        )
        heat.column.addWidget(self.heat)
        self._detail_card = self._detail()
        self._table_card = Card(name=self.tr("All figures"))
        self._table_card.column.addWidget(label(self.tr("All figures"), role="cardTitle"))
        self._table_card.column.addWidget(self.table)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(self.verdict)
        layout.addWidget(self.setup_line)
        layout.addWidget(self._sets_row)
        for part in (heat, speed, self._detail_card, self._table_card):
            layout.addWidget(part)

    def _detail(self) -> Card:
        card = Card(name=self.tr("One placement"))
        self._figures.setHorizontalSpacing(24)
        self._figures.setVerticalSpacing(6)
        left = QVBoxLayout()
        left.addWidget(self.detail_name)
        left.addLayout(self._figures)
        left.addStretch(1)
        left.addLayout(row(self.use_this, 1))
        right = QVBoxLayout()
        right.addWidget(label(self.tr("Accepted by position"), role="cardTitle"))
        right.addWidget(self.positions)
        right.addStretch(1)
        columns = QHBoxLayout()
        columns.setSpacing(24)
        columns.addLayout(left, 1)
        columns.addLayout(right, 1)
        card.column.addLayout(columns)
        return card
