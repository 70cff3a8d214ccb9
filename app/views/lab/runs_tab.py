"""The runs that were kept: a list with what can be done, and two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from app.palette import Palette
from app.viewmodels.lab_shapes import TableShape
from app.views.lab.figure_table import FigureTable
from app.views.labels import label
from app.views.models.parts import Card, Pile, ScrollColumn, button, row


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEntry:
    """One run of the list, in words."""

    run_id: str
    title: str
    detail: str
    can_resume: bool


class RunCard(Card):
    """One run."""

    def __init__(self, entry: RunEntry, tab: RunsTab) -> None:
        super().__init__(name=entry.title)
        self.mark = button(
            tab.tr("Mark"), name=tab.tr("Mark {run}").format(run=entry.title), role="chip"
        )
        self.mark.setCheckable(True)
        self.mark.setToolTip(tab.tr("Mark two runs to compare them"))
        self.open = button(tab.tr("Show"), name=tab.tr("Show {run}").format(run=entry.title))
        self.resume = button(
            tab.tr("Go on"), name=tab.tr("Go on with {run}").format(run=entry.title)
        )
        self.resume.setVisible(entry.can_resume)
        self.delete = button(
            tab.tr("Delete"), name=tab.tr("Delete {run}").format(run=entry.title), role="danger"
        )
        title = label(entry.title, role="name")
        self.column.addLayout(row(title, 1, self.mark, self.resume, self.open, self.delete))
        self.column.addWidget(label(entry.detail, role="muted", wrap=True))
        self.open.clicked.connect(lambda: tab.open_requested.emit(entry.run_id))
        self.resume.clicked.connect(lambda: tab.resume_requested.emit(entry.run_id))
        self.delete.clicked.connect(lambda: tab.delete_requested.emit(entry.run_id))
        self.mark.toggled.connect(lambda on: tab.on_marked(entry.run_id, on))


class RunsTab(QWidget):
    """`open_requested(id)`, `resume_requested(id)`, `delete_requested(id)`,
    `compare_requested(id, id)`, `import_requested(Path)`.
    """

    open_requested = Signal(str)
    resume_requested = Signal(str)
    delete_requested = Signal(str)
    compare_requested = Signal(str, str)
    import_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.cards: dict[str, RunCard] = {}
        self._marked: list[str] = []
        self.area = ScrollColumn(name=self.tr("Runs"))
        self.bring_in = button(self.tr("Import a report\u2026"))
        self.compare = button(self.tr("Compare the two marked"))
        self.empty = label(self.tr("No run was kept yet."), role="lead")
        self._pile = Pile(spacing=8)
        self._comparison = Card(name=self.tr("Two runs compared"))
        self.compared_title = label("", role="name", wrap=True)
        self.differences = label("", role="muted", wrap=True)
        self.table = FigureTable(name=self.tr("Two runs compared"))
        self._build()
        self.bring_in.clicked.connect(self._choose_file)
        self.compare.clicked.connect(self._on_compare)
        self._fit()

    def show_runs(self, entries: Sequence[RunEntry]) -> None:
        """Show the list anew."""
        known = {entry.run_id for entry in entries}
        self._marked = [run_id for run_id in self._marked if run_id in known]
        self.cards = {entry.run_id: RunCard(entry, self) for entry in entries}
        for run_id in self._marked:
            self.cards[run_id].mark.setChecked(True)
        self._pile.show_all(list(self.cards.values()))
        self.empty.setVisible(not entries)
        self._fit()

    def show_comparison(self, title: str, differences: str, shape: TableShape) -> None:
        """Show two runs side by side."""
        self.compared_title.setText(title)
        self.differences.setText(differences)
        self.differences.setVisible(bool(differences))
        self.table.show_shape(shape)
        self._comparison.show()

    def apply_palette(self, palette: Palette) -> None:
        """Take the colours of a theme: all of it comes from the sheet."""

    def on_marked(self, run_id: str, on: bool) -> None:
        """A run was marked or not; at most two are, the newest marks count."""
        if not on:
            self._marked = [entry for entry in self._marked if entry != run_id]
        elif run_id not in self._marked:
            self._marked.append(run_id)
            if len(self._marked) > 2:
                self.cards[self._marked[0]].mark.setChecked(False)
        self._fit()

    def _fit(self) -> None:
        self.compare.setEnabled(len(self._marked) == 2)

    def _on_compare(self) -> None:
        first, second = self._marked
        self.compare_requested.emit(first, second)

    def _choose_file(self) -> None:
        kinds = self.tr("Lab reports (*.json *.html)")
        name, _ = QFileDialog.getOpenFileName(self, self.tr("Import a report"), "", kinds)
        if name:
            self.import_requested.emit(Path(name))

    def _build(self) -> None:
        self._comparison.column.addWidget(self.compared_title)
        self._comparison.column.addWidget(self.differences)
        self._comparison.column.addWidget(self.table)
        self._comparison.hide()
        scroll = self.area
        scroll.column.addLayout(row(self.bring_in, self.compare, 1))
        scroll.column.addWidget(self._comparison)
        scroll.column.addWidget(self.empty)
        scroll.column.addWidget(self._pile)
        scroll.column.addStretch(1)
        layout = row(scroll)
        self.setLayout(layout)
