"""Connects the list of runs, import, export and the comparison of two runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QCoreApplication, QDateTime, QIODevice, QLocale, QObject, Qt
from PySide6.QtWidgets import QFileDialog

from app.controllers.lab_runs import ComparedRuns
from app.core.filling import filled
from app.core.formatting import DASH, rate, ratio, size
from app.core.lab_text import cell_name, set_name
from app.viewmodels.lab_board import LabResults
from app.viewmodels.lab_shapes import TableShape
from app.views.lab.page import LabTab
from app.views.lab.runs_tab import RunEntry
from app.views.models.questions import ask
from engine.lab.history import RunSummary
from engine.lab.record import LabHeader

if TYPE_CHECKING:
    from app.features.lab_page import LabPageLink

translate = QCoreApplication.translate


class LabHistoryLink(QObject):
    """The history tab and the export menu."""

    def __init__(self, page: LabPageLink) -> None:
        super().__init__(page)
        self._page = page
        self._runs = page.feature.runs
        tab, runs = page.widget.runs, self._runs
        tab.open_requested.connect(runs.open)
        tab.resume_requested.connect(page.controller.resume)
        tab.delete_requested.connect(self._ask_to_delete)
        tab.compare_requested.connect(runs.compare)
        tab.import_requested.connect(runs.bring_in)
        page.widget.export_requested.connect(self._choose_file)
        page.widget.tab_shown.connect(self._on_tab)
        runs.listed.connect(self._on_listed)
        runs.opened.connect(self._on_opened)
        runs.imported.connect(self._on_imported)
        runs.compared.connect(self._on_compared)
        runs.exported.connect(self._on_exported)
        runs.failed.connect(page.say_error)

    def refresh(self) -> None:
        """Read the list anew."""
        self._runs.refresh()

    def export(self, file: Path) -> None:
        """Write the run in view, by the suffix of the file."""
        results = self._page.results.results
        if results is None:
            return
        if file.suffix.lower() == ".png":
            self._runs.export_image(self._picture(), file)
        else:
            self._runs.export(results, file)

    def _choose_file(self, suffix: str) -> None:
        results = self._page.results.results
        if results is None:
            return
        name = f"slipstream-lab-{results.record.header.run_id}{suffix}"
        chosen, _ = QFileDialog.getSaveFileName(
            self._page.widget, self.tr("Export"), name, f"*{suffix}"
        )
        if chosen:
            file = Path(chosen)
            self.export(file if file.suffix else file.with_suffix(suffix))

    def _picture(self) -> bytes:
        """What the results look like, as PNG."""
        buffer = QBuffer()
        buffer.open(QIODevice.OpenModeFlag.WriteOnly)
        self._page.widget.results.grab().save(buffer, "PNG")
        return bytes(buffer.data().data())

    def _on_tab(self, tab: LabTab) -> None:
        if tab is LabTab.RUNS:
            self.refresh()

    def _on_listed(self, runs: tuple[RunSummary, ...]) -> None:
        self._page.widget.runs.show_runs([self._entry(run) for run in runs])

    def _entry(self, run: RunSummary) -> RunEntry:
        header = run.header
        plan = header.plan
        sets = ", ".join(set_name(s.set_id, translate) for s in plan.prompt_sets)
        detail = self.tr(
            "{placements} {placements:placement|placements}  \u00b7  {sets}  \u00b7  {processor}"
            "  \u00b7  {size}"
        )
        return RunEntry(
            run_id=header.run_id,
            title=f"{_when(header)}  \u00b7  {_models(header)}",
            detail=filled(
                detail,
                placements=len(header.measured_cells),
                sets=sets,
                processor=header.machine.processor,
                size=size(run.size_bytes),
            ),
            can_resume=bool(plan.main.path) and not run.is_finished,
        )

    def _ask_to_delete(self, run_id: str) -> None:
        ask(
            self._page.widget,
            title=self.tr("Delete this run?"),
            sentence=self.tr("Its measurements are gone for good."),
            action=self.tr("Delete"),
            on_yes=lambda: self._runs.delete(run_id),
            danger=True,
        )

    def _on_opened(self, results: LabResults) -> None:
        if not self._page.controller.is_busy:
            self._page.widget.finding.hide()
            self._page.show_record(results)
            self._page.widget.show_tab(LabTab.COMPARE)

    def _on_imported(self, results: LabResults) -> None:
        self._on_opened(results)
        said = self.tr("The report of {models} was imported and kept.")
        self._page.widget.say(filled(said, models=_models(results.record.header)))

    def _on_exported(self, file: Path) -> None:
        self._page.widget.say(self.tr("Saved as {file}.").format(file=file.name))

    def _on_compared(self, runs: ComparedRuns) -> None:
        before, after = runs.before.header, runs.after.header
        title = self.tr("{before} and {after}").format(
            before=f"{_when(before)}, {_models(before)}", after=f"{_when(after)}, {_models(after)}"
        )
        lines = [
            f"{name}: {old or DASH} \u2192 {new or DASH}"
            for name, old, new in runs.comparison.differences
        ]
        self._page.widget.runs.show_comparison(title, "\n".join(lines), self._table(runs))

    def _table(self, runs: ComparedRuns) -> TableShape:
        changes = runs.comparison.cells
        return TableShape(
            heads=(
                self.tr("Placement"),
                self.tr("tok/s before"),
                self.tr("tok/s after"),
                self.tr("After / before"),
                self.tr("Speed-up before"),
                self.tr("Speed-up after"),
            ),
            rows=tuple(
                (
                    cell_name(change.cell, translate),
                    rate(change.before),
                    rate(change.after),
                    _times(change.ratio),
                    _times(change.speed_up_before),
                    _times(change.speed_up_after),
                )
                for change in changes
            ),
            keys=tuple(change.cell.key for change in changes),
        )


def _times(value: float | None) -> str:
    return DASH if value is None else f"{ratio(value)}\u00d7"


def _models(header: LabHeader) -> str:
    plan = header.plan
    return " + ".join([plan.main.name, *(draft.name for draft in plan.drafts)])


def _when(header: LabHeader) -> str:
    """When a run began, in local time and the user's form; as written where that is no time."""
    started = QDateTime.fromString(header.started_at, Qt.DateFormat.ISODate)
    if not started.isValid():
        return header.started_at
    return QLocale().toString(started.toLocalTime(), QLocale.FormatType.ShortFormat)
