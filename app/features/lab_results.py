"""Shows a run, measured or being measured, and puts a cell of it to use."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.core.filling import filled
from app.core.lab_pairs import judged_pairs
from app.core.lab_text import cell_name, set_name
from app.core.lab_verdict_text import note_sentences, too_few_sentence, verdict_sentence
from app.viewmodels.lab_board import (
    CellRow,
    LabResults,
    LiveBoard,
    best_by_group,
    best_rows,
    result_rows,
)
from app.viewmodels.lab_setup import setup_with_more
from app.viewmodels.lab_shapes import Bar
from app.viewmodels.lab_words import bar_shapes, detail_figures, result_shape, table_shape
from app.views.models.parts import joined
from engine.lab.cells import Cell
from engine.lab.record import LabHeader, LabRecord
from engine.lab.results import ALL_SETS
from engine.lab.statistics import FEWEST_PAIRS
from engine.lab.verdict import Verdict, VerdictCode
from engine.placement import Strategy

if TYPE_CHECKING:
    from app.features.lab_page import LabPageLink

translate = QCoreApplication.translate


class LabResultsLink(QObject):
    """The lower half of the compare tab."""

    def __init__(self, page: LabPageLink) -> None:
        super().__init__(page)
        self._page = page
        self._view = page.widget.results
        self.results: LabResults | None = None
        self.set_id = ALL_SETS
        self.chosen: Cell | None = None
        self._board: LiveBoard | None = None
        view = self._view
        view.set_chosen.connect(self._on_set)
        view.cell_chosen.connect(self._on_cell)
        view.group_chosen.connect(self._on_group)
        view.lengths_toggled.connect(lambda _: self.show_again())
        view.use_best.connect(self._use_best)
        view.more_requested.connect(self._repeat_with_more)
        view.use_cell.connect(self._use_cell)

    def begin(self, board: LiveBoard) -> None:
        """A run begins: bars grow as answers come."""
        self.clear()
        self._board = board
        self._view.show_finished(False)
        self._view.setup_line.setText("")
        self._page.widget.show_results(True)
        self.show_board()

    def clear(self) -> None:
        """Show nothing of the last run any more."""
        self.results, self._board, self.chosen = None, None, None
        self.set_id = ALL_SETS

    def show_board(self) -> None:
        """Show what is measured so far."""
        board = self._board
        if board is None:
            return
        rows = board.rows(self.set_id)
        self._show_sets(board.set_ids)
        heat = result_shape(board.header, rows, chosen=self.chosen, translate=translate)
        self._view.show_rows(self._bars(rows, board.header), heat, chosen="")

    def show_results(self, results: LabResults) -> None:
        """Show a run that is over."""
        self._board = None
        self.results = results
        if self.set_id not in results.set_ids:
            self.set_id = ALL_SETS
        found = results.verdict(self.set_id)
        told = (found.best or found.candidate) if found is not None else None
        self.chosen = told or self._first_cell(results)
        self._page.widget.show_results(True)
        self._page.widget.show_setup(False)
        self._view.show_finished(True)
        self._view.setup_line.setText(self._setup_line(results.record))
        self._show()

    def use(self, record: LabRecord, cell: Cell) -> None:
        """Make a cell the default of its pair: load it, and remember it."""
        if not self._is_own_pair(record, cell):
            self._page.widget.say(
                self.tr("This run measured {main}. Choose that pair in the chat first.").format(
                    main=record.header.plan.main.name
                ),
                fault=True,
            )
            return
        loads, placement = self._page.feature.loads, cell.group.placement
        length = cell.num_assistant_tokens or loads.choice.num_assistant_tokens
        loads.choose(
            replace(
                loads.choice,
                strategy=cell.group.strategy,
                main_device=placement.main_device,
                draft_device=placement.draft_device or loads.choice.draft_device,
                num_assistant_tokens=length,
                draft_rests=False,
            )
        )
        self._page.feature.placement_chosen.emit()
        header = record.header
        said = self.tr("{cell} is used from now on for this pair.")
        if header.is_emulated(cell):
            said += " " + self.tr("Its figures say nothing about a real device.")
        name = cell_name(cell, translate, emulated=header.emulated)
        self._page.widget.say(filled(said, cell=name))

    def _offers_more(self, results: LabResults, verdict: Verdict) -> bool:
        return verdict.code is VerdictCode.UNDECIDED and self._is_own_main(results.record)

    def _repeat_with_more(self) -> None:
        """Offer the same run with as many prompts as would settle it."""
        results = self.results
        verdict = results.verdict(self.set_id) if results is not None else None
        if results is None or verdict is None:
            return
        needed = verdict.pairs_needed or FEWEST_PAIRS
        header = results.record.header
        more = setup_with_more(self._page.setup, header.plan, needed=needed)
        self._page.start_over(more, {cell.group.key for cell in header.measured_cells})

    def _is_own_main(self, record: LabRecord) -> bool:
        pair = self._page.feature.loads.choice.pair
        return record.header.plan.main.name == pair.main_path.name

    def _is_own_pair(self, record: LabRecord, cell: Cell) -> bool:
        pair = self._page.feature.loads.choice.pair
        if not self._is_own_main(record):
            return False
        own_draft = pair.draft_path.name if pair.draft_path is not None else None
        return cell.group.strategy is not Strategy.DRAFT or cell.group.draft == own_draft

    def _show(self) -> None:
        results = self.results
        if results is None:
            return
        rows = result_rows(results, self.set_id)
        self._show_sets(results.set_ids)
        self._show_verdict(results)
        chosen = self.chosen.key if self.chosen is not None else ""
        heat = result_shape(results.record.header, rows, chosen=self.chosen, translate=translate)
        self._view.show_rows(self._bars(rows, results.record.header), heat, chosen=chosen)
        self._show_detail(results)
        self._view.show_table(table_shape(results, self.set_id, translate))

    def _bars(self, rows: tuple[CellRow, ...], header: LabHeader) -> tuple[Bar, ...]:
        """The bars: of every group its fastest length, unless all are wanted."""
        if not self._view.all_lengths.isChecked():
            rows = best_rows(rows, header.plan.baseline)
        return bar_shapes(rows, translate)

    def show_again(self) -> None:
        """Show everything anew, in the language of now."""
        self.show_board()
        self._show()

    def _show_sets(self, set_ids: tuple[str, ...]) -> None:
        names = [(key, set_name(key, translate)) for key in set_ids]
        self._view.show_sets(names, self.set_id)

    def _show_verdict(self, results: LabResults) -> None:
        verdict = results.verdict(self.set_id)
        if verdict is None:
            return
        plan = results.record.header.plan
        pairs = judged_pairs(plan, verdict)
        if pairs < FEWEST_PAIRS:
            sentence = too_few_sentence(self.set_id, pairs, translate)
            self._view.verdict.show_verdict(
                sentence,
                (),
                use="",
                symbol="scale",
                is_gain=False,
                offers_more=self._is_own_main(results.record),
            )
            return
        gain = verdict.code in (
            VerdictCode.CANDIDATES_ARE_BEST,
            VerdictCode.PLAIN_ELSEWHERE_IS_BEST,
        )
        self._view.verdict.show_verdict(
            verdict_sentence(
                verdict, plan.baseline, translate, emulated=results.record.header.emulated
            ),
            note_sentences(verdict, translate),
            use=self.tr("Use this") if self._may_use(results, verdict) else "",
            symbol="trophy" if gain else "scale",
            is_gain=gain,
            offers_more=self._offers_more(results, verdict),
        )

    def _may_use(self, results: LabResults, verdict: Verdict) -> bool:
        """What is emulated is not recommended, not even where it won among its kind."""
        best = verdict.best
        return best is not None and not results.record.header.is_emulated(best)

    def _show_detail(self, results: LabResults) -> None:
        found = next((f for f in results.of_set(self.set_id) if f.cell == self.chosen), None)
        if found is None:
            return
        self._view.show_detail(
            cell_name(found.cell, translate, emulated=results.record.header.emulated),
            detail_figures(found, translate),
            found.acceptance_by_position,
            can_use=found.tokens_per_s is not None,
        )

    def _setup_line(self, record: LabRecord) -> str:
        plan = record.header.plan
        names = [plan.main.name, *(draft.name for draft in plan.drafts)]
        text = self.tr(
            "{models}  \u00b7  {prompts} {prompts:prompt|prompts} \u00d7 {rounds}, up to {tokens} "
            "{tokens:token|tokens} each, always the likeliest token  \u00b7  {processor}"
        )
        line = filled(
            text,
            models=" + ".join(names),
            prompts=sum(len(s.prompts) for s in plan.prompt_sets),
            rounds=plan.repeats,
            tokens=plan.max_new_tokens,
            processor=record.header.machine.processor,
        )
        changes = (f"{device}: {name} = {value}" for device, name, value in plan.changes)
        return joined(line, ", ".join(changes))

    def _first_cell(self, results: LabResults) -> Cell | None:
        return next(iter(results.record.header.measured_cells), None)

    def _rows(self) -> tuple[CellRow, ...]:
        if self.results is not None:
            return result_rows(self.results, self.set_id)
        return self._board.rows(self.set_id) if self._board is not None else ()

    def _on_set(self, set_id: str) -> None:
        self.set_id = set_id
        self.show_again()

    def _on_cell(self, key: str) -> None:
        self.chosen = next((row.cell for row in self._rows() if row.cell.key == key), self.chosen)
        self._show()

    def _on_group(self, key: str) -> None:
        row = best_by_group(self._rows()).get(key)
        if row is not None:
            self.chosen = row.cell
        self.show_again()

    def _use_best(self) -> None:
        verdict = self.results.verdict(self.set_id) if self.results is not None else None
        if self.results is not None and verdict is not None and verdict.best is not None:
            self.use(self.results.record, verdict.best)

    def _use_cell(self) -> None:
        results = self.results
        if results is None or self.chosen is None:
            return
        self.use(results.record, self.chosen)
