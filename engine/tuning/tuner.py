"""`TuneRun`: finds the best cell of a plan at a third of the cost of measuring it all. Blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.energy import EnergyCounter
from engine.errors import Cancelled, EngineError
from engine.lab.cells import Cell, CellGroup
from engine.lab.events import (
    LabCellFailed,
    LabEvent,
    LabLoaded,
    LabLoading,
    LabMeasured,
    LabProgressed,
)
from engine.lab.measuring import BackendFactory, GroupBench, Slot, settle
from engine.lab.plan import params_of
from engine.lab.prompts import LabPrompt
from engine.lab.record import CellFailure, GroupLoad, LabHeader, LabRecord, Measurement
from engine.lab.results import paired_times
from engine.lab.statistics import Estimate, paired_ratio
from engine.stop_token import StopToken
from engine.tuning.halving import HalvingPlan, Rung, halve, plan_halving


class TuneOutcome(StrEnum):
    """What a tuning run found."""

    BETTER = "better"
    """`winner` beats plain decoding beyond noise: worth saving."""
    NO_DRAFT_IS_BEST = "no_draft_is_best"
    """Nothing beats plain decoding beyond noise, and nothing is likely to; nothing is saved."""
    UNDECIDED = "undecided"
    """`winner` may be faster by a gain worth having, or not; nothing is saved."""
    NOT_MEASURED = "not_measured"
    """Plain decoding or everything else failed."""
    STOPPED = "stopped"


@dataclass(frozen=True, slots=True, kw_only=True)
class TuneResult:
    """The outcome with its numbers."""

    outcome: TuneOutcome
    winner: Cell | None
    """The last cell standing, whether it beats plain decoding or not."""
    speed_up: Estimate | None
    """Of `winner` against the baseline, over the prompts both had."""
    rungs: tuple[Rung, ...]
    answers: int
    exhaustive_answers: int
    """What measuring every cell for every prompt and repeat takes."""
    record: LabRecord
    """Everything measured, as a Lab record (unfinished on purpose)."""


class TuneRun:
    """Successive halving over the cells of a plan.

    Guarantees: an emulated cell is not tried against a real one; a cell that fails drops out and
    the rest goes on; a stop ends it after the run in progress. Sends the events of a Lab run,
    without start and end.

    Args:
        header: from `engine.lab.start.new_record(plan).header`.
    """

    def __init__(
        self,
        header: LabHeader,
        *,
        make_backend: BackendFactory,
        sink: Callable[[LabEvent], None],
        energy: EnergyCounter | None = None,
    ) -> None:
        self._plan = header.plan
        self._record = LabRecord(header=header)
        self._make_backend = make_backend
        self._sink = sink
        self._energy = energy or EnergyCounter()
        self._baseline = header.plan.baseline
        self._cells = [
            c for c in header.measured_cells if c != self._baseline and header.is_judged(c)
        ]
        self._answers = _answers(header)
        self._halving: HalvingPlan = plan_halving(len(self._cells), len(self._answers))
        self._stop = StopToken()
        self._failed: set[str] = set()

    def run(self, stop: StopToken) -> TuneResult:
        """Tune until one cell is left."""
        self._stop = stop
        if not self._cells:
            return self._result([], [])
        rungs, measured = halve(
            self._cells, self._baseline, plan=self._halving, measure=self._measure
        )
        return self._result(rungs, measured)

    def _measure(self, cells: Sequence[Cell], numbers: Sequence[int]) -> list[Measurement]:
        found: list[Measurement] = []
        for group in dict.fromkeys(cell.group for cell in cells):
            members = [c for c in cells if c.group == group and c.key not in self._failed]
            if members and not self._stop.is_set():
                found += self._measure_group(group, members, numbers)
                settle(self._stop, self._plan.settle_s)
        return found

    def _measure_group(
        self, group: CellGroup, cells: Sequence[Cell], numbers: Sequence[int]
    ) -> list[Measurement]:
        bench = GroupBench(self._make_backend(), self._plan, group, energy=self._energy)
        found: list[Measurement] = []
        try:
            self._sink(LabLoading(group_key=group.key, round=0))
            load = bench.load(round=0, stop=self._stop)
            self._keep(load)
            self._sink(LabLoaded(load=load))
            for number in numbers:
                for cell in cells:
                    if measurement := self._answer(bench, cell, number):
                        found.append(measurement)
        except Cancelled:
            return found
        except EngineError as error:
            # A pipeline that failed once is not worth a second load while tuning.
            for cell in cells:
                self._fail(cell, error)
        finally:
            bench.close()
        return found

    def _answer(self, bench: GroupBench, cell: Cell, number: int) -> Measurement | None:
        if self._stop.is_set() or number >= len(self._answers):
            return None
        slot, prompt = self._answers[number]
        measurement = bench.measure(
            Slot(
                cell_key=cell.key,
                set_id=slot.set_id,
                prompt_index=slot.prompt_index,
                round=slot.round,
            ),
            prompt,
            params_of(self._plan, cell),
            stop=self._stop,
        )
        if measurement is not None:
            self._keep(measurement)
            self._sink(LabMeasured(measurement=measurement))
            done = len(self._record.measurements)
            total = max(self._halving.answers, done)
            self._sink(LabProgressed(done=done, total=total, remaining_s=None))
        return measurement

    def _fail(self, cell: Cell, error: EngineError) -> None:
        self._failed.add(cell.key)
        failure = CellFailure(cell_key=cell.key, round=0, error=error.to_info())
        self._keep(failure)
        self._sink(LabCellFailed(failure=failure))

    def _keep(self, entry: GroupLoad | Measurement | CellFailure) -> None:
        self._record = self._record.with_entry(entry)

    def _result(self, rungs: Sequence[Rung], measured: Sequence[Measurement]) -> TuneResult:
        winner = rungs[-1].kept[0] if rungs and rungs[-1].kept else None
        speed_up = self._compare(winner, measured) if winner is not None else None
        return TuneResult(
            outcome=self._outcome(speed_up),
            winner=winner,
            speed_up=speed_up,
            rungs=tuple(rungs),
            answers=len(measured),
            exhaustive_answers=(len(self._cells) + 1) * len(self._answers),
            record=self._record,
        )

    def _compare(self, winner: Cell, measured: Sequence[Measurement]) -> Estimate | None:
        ours = [m for m in measured if m.cell_key == winner.key]
        plain = [m for m in measured if m.cell_key == self._baseline.key]
        times, references = paired_times(ours, plain)
        return paired_ratio(references, times)

    def _outcome(self, speed_up: Estimate | None) -> TuneOutcome:
        if self._stop.is_set():
            return TuneOutcome.STOPPED
        if speed_up is None:
            return TuneOutcome.NOT_MEASURED
        if speed_up.is_faster():
            return TuneOutcome.BETTER
        return TuneOutcome.UNDECIDED if speed_up.may_be_faster else TuneOutcome.NO_DRAFT_IS_BEST


def _answers(header: LabHeader) -> list[tuple[Slot, LabPrompt]]:
    """The answers of an exhaustive run of one cell: prompts of all sets in turn, then repeats."""
    sets = header.plan.prompt_sets
    longest = max(len(prompts.prompts) for prompts in sets)
    return [
        (
            Slot(cell_key="", set_id=prompts.set_id, prompt_index=index, round=round_index),
            prompts.prompts[index],
        )
        for round_index in range(header.plan.repeats)
        for index in range(longest)
        for prompts in sets
        if index < len(prompts.prompts)
    ]
