"""The runs that were kept: list, open, delete, import, export, compare. Files in threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.controllers.model_tasks import ModelTasks
from app.core.lab_report_text import report_text
from app.core.translation import Translate
from app.viewmodels.lab_board import LabResults, make_results
from engine.hub.blocking import run_blocking
from engine.lab.comparison import RunComparison, compare_runs
from engine.lab.export import read_report, to_csv, to_json
from engine.lab.history import LabHistory, RunSummary
from engine.lab.record import LabRecord
from engine.lab.report_html import render_report
from engine.models.json_file import replace_file


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRuns:
    """Two runs and what changed."""

    before: LabRecord
    after: LabRecord
    comparison: RunComparison


class LabRuns(QObject):
    """Signals: `listed(tuple[RunSummary, ...])`, `opened(LabResults)`, `imported(LabResults)`,
    `compared(ComparedRuns)`, `exported(Path)`, `failed(ErrorInfo)`.
    """

    listed = Signal(object)
    opened = Signal(object)
    imported = Signal(object)
    compared = Signal(object)
    exported = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        history: LabHistory,
        *,
        tasks: ModelTasks,
        translate: Translate,
        language: Callable[[], str],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._history = history
        self._tasks = tasks
        self._translate = translate
        self._language = language
        self._listings = 0

    def refresh(self) -> None:
        """Read the list anew."""
        self._tasks.start(self._refresh(), on_error=self.failed.emit)

    def open(self, run_id: str) -> None:
        """Read a run and compute its figures."""
        self._tasks.start(self._open(run_id), on_error=self.failed.emit)

    def delete(self, run_id: str) -> None:
        """Remove a run for good."""
        self._tasks.start(self._delete(run_id), on_error=self.failed.emit)

    def bring_in(self, file: Path) -> None:
        """Keep somebody else's report, JSON or HTML, among the runs."""
        self._tasks.start(self._bring_in(file), on_error=self.failed.emit)

    def export(self, results: LabResults, file: Path) -> None:
        """Write a run as .json, .csv or .html, by the name of the file."""
        self._tasks.start(self._export(results, file), on_error=self.failed.emit)

    def export_image(self, png: bytes, file: Path) -> None:
        """Write a picture of the results."""
        self._tasks.start(self._write(file, png), on_error=self.failed.emit)

    def compare(self, first_id: str, second_id: str) -> None:
        """Compare two runs, the older one first."""
        self._tasks.start(self._compare(first_id, second_id), on_error=self.failed.emit)

    async def _refresh(self) -> None:
        self._listings += 1
        number = self._listings
        runs: tuple[RunSummary, ...] = await run_blocking(self._history.runs)
        # Threads overtake each other: what was read before the newest change is not shown after it.
        if number == self._listings:
            self.listed.emit(runs)

    async def _open(self, run_id: str) -> None:
        record = await run_blocking(self._history.read, run_id)
        self.opened.emit(await run_blocking(make_results, record))

    async def _delete(self, run_id: str) -> None:
        await run_blocking(self._history.delete, run_id)
        await self._refresh()

    async def _bring_in(self, file: Path) -> None:
        record = await run_blocking(read_report, file)
        await run_blocking(self._history.add, record)
        self.imported.emit(await run_blocking(make_results, record))
        await self._refresh()

    async def _export(self, results: LabResults, file: Path) -> None:
        text = await run_blocking(self._render, results, file.suffix.lower())
        await self._write(file, text.encode("utf-8"))

    async def _write(self, file: Path, content: bytes) -> None:
        await run_blocking(replace_file, file, content)
        self.exported.emit(file)

    async def _compare(self, first_id: str, second_id: str) -> None:
        records = [await run_blocking(self._history.read, name) for name in (first_id, second_id)]
        before, after = sorted(records, key=lambda record: record.header.started_at)
        comparison = await run_blocking(compare_runs, before, after)
        self.compared.emit(ComparedRuns(before=before, after=after, comparison=comparison))

    def _render(self, results: LabResults, suffix: str) -> str:
        if suffix == ".csv":
            return to_csv(results.record)
        if suffix == ".html":
            words = report_text(
                results.record, results.verdicts, self._translate, language=self._language()
            )
            return render_report(results.record, words)
        return to_json(results.record)
