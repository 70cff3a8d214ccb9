"""Connects the page of the Lab with its controller: what is compared, and how it goes."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.controllers.lab_controller import LabJob, LabStage
from app.core.error_text import error_text
from app.core.filling import filled
from app.core.formatting import THIN_SPACE, duration
from app.core.lab_pairs import compared_pairs
from app.core.lab_text import cell_name, set_name
from app.core.lab_verdict_text import tune_sentences
from app.core.lab_verify_text import conclusion_text, remark_texts
from app.features.lab_history import LabHistoryLink
from app.features.lab_race import LabRaceLink
from app.features.lab_results import LabResultsLink
from app.viewmodels.lab_board import LabResults, LiveBoard
from app.viewmodels.lab_setup import (
    SET_IDS,
    LabSetup,
    counted_answers,
    counted_cells,
    make_grid,
    make_plan,
    setup_of_groups,
    with_settings,
)
from app.viewmodels.lab_words import setup_shape
from app.views.lab.page import LabPage, LabTab
from engine.errors import ErrorInfo
from engine.lab.cells import Cell
from engine.lab.events import LabAnswerStarted, LabLoading, LabProgressed
from engine.lab.plan import LabPlan, plan_cells
from engine.lab.prompts import prompts_of_chat
from engine.lab.statistics import FEWEST_PAIRS
from engine.placement import Strategy
from engine.tuning.tuner import TuneOutcome, TuneResult
from engine.verify.plan import VerifyPlan
from engine.verify.prompts import verification_prompts
from engine.verify.report import Conclusion, VerifyReport

if TYPE_CHECKING:
    from app.features.lab import LabFeature

translate = QCoreApplication.translate
_SAMPLES_PER_PROMPT = 5
_CERTAIN_PAIRS = 12


class LabPageLink(QObject):
    """The page, and what its buttons do."""

    def __init__(self, feature: LabFeature) -> None:
        super().__init__(feature)
        self.feature = feature
        self.controller = feature.controller
        self.widget = LabPage((key, set_name(key, translate)) for key in SET_IDS)
        self.results = LabResultsLink(self)
        self.race = LabRaceLink(self)
        self.history = LabHistoryLink(self)
        self._setup = LabSetup()
        self._tuned: TuneResult | None = None
        self._cells: dict[str, Cell] = {}
        self._connect()
        self.show_setup()

    @property
    def setup(self) -> LabSetup:
        """What is chosen."""
        return self._setup

    def show_setup(self) -> None:
        """Show the choice with all that follows from devices, pair and chat."""
        chat = prompts_of_chat(self.feature.chat_messages())
        self._setup = replace(self._setup, chat=chat if chat.prompts else None)
        self._show(self._setup)

    def change_setup(self, setup: LabSetup) -> None:
        """Take another choice."""
        self._setup = setup
        self._show(setup)

    def plan(self) -> LabPlan | None:
        """The plan of the choice, None when there is nothing to compare."""
        loads = self.feature.loads
        plan = make_plan(loads.choice.pair, self._device_names(), self._setup)
        return with_settings(plan, loads.settings.book) if plan is not None else None

    def show_record(self, results: LabResults) -> None:
        """Show a run on all tabs."""
        self.results.show_results(results)
        self.race.show_results(results)

    def say_error(self, error: ErrorInfo) -> None:
        """Tell a fault."""
        self.widget.say(error_text(error, translate).sentence, fault=True)

    def _connect(self) -> None:
        page, controller = self.widget, self.controller
        page.setup.setup_changed.connect(self.change_setup)
        page.setup.compare_requested.connect(self._compare)
        page.setup.tune_requested.connect(self._tune)
        page.setup.verify_requested.connect(self._verify)
        page.progress.cancel_requested.connect(controller.cancel)
        page.new_run.clicked.connect(self._start_over)
        page.finding.use_requested.connect(self._use_tuned)
        controller.stage_changed.connect(self._on_stage)
        controller.begun.connect(self._on_begun)
        controller.activity_changed.connect(self._on_activity)
        controller.progressed.connect(self._on_progress)
        controller.board_changed.connect(self.results.show_board)
        controller.results_made.connect(self._on_results)
        controller.tuned.connect(self._on_tuned)
        controller.verified.connect(self._on_verified)
        controller.failed.connect(self.say_error)

    def _device_names(self) -> tuple[str, ...]:
        return tuple(device.name for device in self.feature.devices) or ("CPU",)

    def _emulated(self) -> tuple[str, ...]:
        return tuple(device.name for device in self.feature.devices if device.emulated)

    def _show(self, setup: LabSetup) -> None:
        pair, card = self.feature.loads.choice.pair, self.widget.setup
        plan = self.plan()
        devices = {device.name: device for device in self.feature.devices}
        names = [name for name in (pair.main_name, pair.draft_name) if name]
        card.show_pair("  +  ".join(names), self._about())
        card.show_setup(setup)
        grid = make_grid(pair, self._device_names(), setup)
        card.show_grid(setup_shape(grid, plan.baseline if plan else None, devices, translate))
        can_run = plan is not None and not self.controller.is_busy
        card.show_cost(
            self._cost(plan),
            can_run=can_run,
            can_verify=can_run and plan is not None and self._cell_to_verify(plan) is not None,
            why_not=self.tr("It needs a draft model or prompt lookup among the placements."),
        )

    def _about(self) -> str:
        pair = self.feature.loads.choice.pair
        if pair.is_scripted:
            return self.tr("Invented text without any model: the figures mean nothing.")
        if pair.draft_path is None:
            return self.tr("This pair has no draft model; prompt lookup can still be compared.")
        return self.tr(
            "Main model and draft model of the chat. Choose another pair in the bar above the chat."
        )

    def _cost(self, plan: LabPlan | None) -> str:
        if plan is None:
            return self.tr("Choose at least one prompt set and one placement.")
        if compared_pairs(plan) < FEWEST_PAIRS:
            return self.tr(
                "At least six prompts, or rounds over fewer, are needed to tell a difference from "
                "noise."
            )
        text = self.tr(
            "{cells} {cells:placement|placements}, {answers} {answers:answer|answers}. While it "
            "runs the chat's models are put away; they come back afterwards. Figures are best when "
            "nothing else is running."
        )
        said = filled(text, cells=counted_cells(plan), answers=counted_answers(plan))
        pairs = compared_pairs(plan)
        if pairs < _CERTAIN_PAIRS:
            few = self.tr(
                "{pairs} {pairs:prompt|prompts} find large differences only; twelve find a third "
                "more speed."
            )
            said = f"{said} {filled(few, pairs=pairs)}"
        return said

    def _compare(self) -> None:
        plan = self.plan()
        if plan is not None:
            self.controller.compare(plan)

    def _tune(self) -> None:
        plan = self.plan()
        if plan is not None:
            self.controller.tune(plan)

    def _verify(self, prompts: int) -> None:
        plan = self.plan()
        cell = self._cell_to_verify(plan) if plan is not None else None
        if plan is not None and cell is not None:
            self.controller.verify(
                VerifyPlan(
                    plan=plan,
                    cell=cell,
                    prompts=verification_prompts(prompts),
                    samples=prompts * _SAMPLES_PER_PROMPT,
                )
            )

    def _cell_to_verify(self, plan: LabPlan) -> Cell | None:
        """What the chat uses, where that is a strategy; else the first of the grid."""
        choice = self.feature.loads.choice
        if choice.pair.is_scripted:
            return None
        cells = [
            planned.cell
            for planned in plan_cells(plan)
            if planned.is_possible
            and not planned.cell.is_plain
            and planned.cell.key not in plan.excluded
        ]

        def likeness(cell: Cell) -> tuple[bool, bool, bool, int]:
            placement = cell.group.placement
            return (
                cell.group.strategy is choice.effective_strategy,
                placement.main_device == choice.main_device,
                placement.draft_device in (None, choice.draft_device),
                -abs((cell.num_assistant_tokens or 0) - choice.num_assistant_tokens),
            )

        drafts_first = sorted(cells, key=lambda cell: cell.group.strategy is not Strategy.DRAFT)
        return max(drafts_first, key=likeness, default=None)

    def start_over(self, setup: LabSetup, groups: Collection[str] = ()) -> None:
        """Put the results away and show this choice for another run, of these groups alone."""
        if groups:
            grid = make_grid(self.feature.loads.choice.pair, self._device_names(), setup)
            setup = setup_of_groups(setup, grid, groups)
        self._setup = setup
        self.results.clear()
        self.widget.finding.hide()
        self.widget.show_results(False)
        self.widget.show_setup(True)
        self.show_setup()

    def _start_over(self) -> None:
        self.start_over(self._setup)

    def _on_begun(self, job: LabJob, board: LiveBoard | None) -> None:
        titles = {
            LabJob.COMPARE: self.tr("Comparing placements"),
            LabJob.TUNE: self.tr("Looking for the best placement"),
            LabJob.VERIFY: self.tr("Verifying equality"),
        }
        note = self.tr(
            "The chat's models are put away while this runs and come back afterwards. "
            "A message sent meanwhile waits; stopping keeps what was measured."
        )
        page = self.widget
        page.notice.hide()
        page.finding.hide()
        page.progress.begin(titles[job], note)
        page.show_progress(True)
        page.show_setup(False)
        page.show_tab(LabTab.COMPARE)
        self._cells = {c.key: c for c in board.header.measured_cells} if board is not None else {}
        if board is not None:
            self.results.begin(board)

    def _on_stage(self, stage: LabStage) -> None:
        page = self.widget
        if stage is LabStage.WAITING:
            page.progress.show_activity(self.tr("Waiting for the chat's answer to end\u2026"))
        elif stage is LabStage.STOPPING:
            page.progress.show_stopping(self.tr("Stopping\u2026"))
        elif stage is LabStage.IDLE:
            page.show_progress(False)
            page.show_setup(page.results.isHidden())
            self._show(self._setup)
            self.history.refresh()

    def _on_activity(self, event: LabLoading | LabAnswerStarted) -> None:
        if isinstance(event, LabLoading):
            cells = (c for c in self._cells.values() if c.group.key == event.group_key)
            cell = next(cells, None)
            text = self.tr("Loading: {cell}")
        else:
            cell = self._cells.get(event.cell_key)
            text = self.tr("{cell}: {set}, prompt {prompt}, round {round}")
        if cell is not None:
            name = cell_name(cell, translate, emulated=self._emulated())
            facts = {"cell": name, "round": event.round + 1}
            if isinstance(event, LabAnswerStarted):
                facts["set"] = set_name(event.set_id, translate)
                facts["prompt"] = event.prompt_index + 1
            self.widget.progress.show_activity(filled(text, **facts))

    def _on_progress(self, event: LabProgressed) -> None:
        left = ""
        if event.remaining_s is not None:
            left = filled(
                self.tr("{done} of {total} {total:answer|answers}, about {time} left"),
                done=event.done,
                total=event.total,
                time=_rough(event.remaining_s),
            )
        self.widget.progress.show_progress(event.done, event.total, left)

    def _on_results(self, results: LabResults) -> None:
        self.show_record(results)

    def _on_tuned(self, result: TuneResult) -> None:
        self._tuned = result
        self.widget.results.hide_verdict()
        found, *cost = tune_sentences(result, translate)
        better = result.outcome is TuneOutcome.BETTER
        self.widget.finding.show_verdict(
            found,
            cost,
            use=self.tr("Use this") if better and not result.record.header.is_all_emulated else "",
            symbol="gauge",
            is_gain=better,
        )
        self.widget.finding.show()

    def _use_tuned(self) -> None:
        if self._tuned is not None and self._tuned.winner is not None:
            self.results.use(self._tuned.record, self._tuned.winner)

    def _on_verified(self, report: VerifyReport) -> None:
        equal = report.conclusion is Conclusion.EQUAL
        cell = Cell(group=report.group, num_assistant_tokens=report.num_assistant_tokens)
        name = cell_name(cell, translate, emulated=self._emulated())
        about = self.tr("Checked: {cell}").format(cell=name)
        self.widget.finding.show_verdict(
            conclusion_text(report, translate),
            (about, *remark_texts(report, translate)),
            use="",
            symbol="shield-check" if equal else "scale",
            is_gain=equal,
        )
        self.widget.finding.show()


def _rough(seconds: float) -> str:
    """A guess needs no tenths of a second."""
    return duration(seconds) if seconds >= 60 else f"{max(1, round(seconds))}{THIN_SPACE}s"
