"""`LabRun`: measures the cells of a plan, one pipeline at a time. Blocks; run it on a thread.

Rounds go over all groups, so that slow drifts of the machine hit every cell alike.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

from engine.energy import EnergyCounter
from engine.errors import Cancelled, EngineError
from engine.lab.cells import Cell, CellGroup
from engine.lab.events import (
    LabAnswerStarted,
    LabCellFailed,
    LabEvent,
    LabFinished,
    LabLoaded,
    LabLoading,
    LabMeasured,
    LabProgressed,
    LabRunStreamed,
    LabStarted,
)
from engine.lab.measuring import BackendFactory, GroupBench, Slot, settle
from engine.lab.plan import params_of
from engine.lab.prompts import LabPrompt
from engine.lab.record import CellFailure, GroupLoad, LabRecord, Measurement
from engine.lab.remaining import RemainingTime
from engine.stop_token import StopToken

LabSink = Callable[[LabEvent], None]
Entry = GroupLoad | Measurement | CellFailure


class LabRun:
    """One run of the Lab.

    Guarantees: a cell that cannot be loaded, fails or crashes is recorded as a failure and left
    out from then on, the rest goes on; every entry is handed to `save` before its event is sent;
    a run made from a record with entries goes on where that one ended. The events end with one
    `LabFinished`. Hazard: `LabRunStreamed` may come on another thread than the rest.

    Args:
        record: a fresh one from `new_record`, or one that was interrupted.
        make_backend: makes the backend of one load; it is closed before the next is made.
        sink: takes the events; it may only enqueue.
        save: makes an entry durable; it may raise, which ends the run.
    """

    def __init__(
        self,
        record: LabRecord,
        *,
        make_backend: BackendFactory,
        sink: LabSink,
        save: Callable[[Entry], None] = lambda _entry: None,
        energy: EnergyCounter | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._record = record
        self._plan = record.header.plan
        self._cells = record.header.measured_cells
        self._make_backend = make_backend
        self._sink = sink
        self._save = save
        self._energy = energy or EnergyCounter()
        self._clock = clock
        self._remaining = RemainingTime(settle_s=self._plan.settle_s)
        self._failed = {failure.cell_key for failure in record.failures}
        self._done = {measurement.slot for measurement in record.measurements}
        self._prompts: dict[tuple[str, int], LabPrompt] = {
            (prompts.set_id, index): prompt
            for prompts in self._plan.prompt_sets
            for index, prompt in enumerate(prompts.prompts)
        }

    def run(self, stop: StopToken) -> LabRecord:
        """Measure what is not measured yet; returns early when `stop` is set.

        Raises:
            StorageError: an entry could not be saved.
        """
        self._sink(LabStarted(header=self._record.header))
        self._tell_progress()
        try:
            for round_index in range(self._plan.repeats):
                for group in self._groups(round_index):
                    if stop.is_set():
                        break
                    self._measure_group(group, round_index, stop)
            self._record = self._closed_record(stop)
        finally:
            self._sink(LabFinished(record=self._record, was_stopped=stop.is_set()))
        return self._record

    def _closed_record(self, stop: StopToken) -> LabRecord:
        return self._record if stop.is_set() else replace(self._record, is_finished=True)

    def _groups(self, round_index: int) -> list[CellGroup]:
        """The groups in the order of a round: every other round backwards."""
        groups = list(dict.fromkeys(cell.group for cell in self._cells))
        return groups[::-1] if round_index % 2 else groups

    def _open_cells(self, group: CellGroup) -> list[Cell]:
        return [
            cell for cell in self._cells if cell.group == group and cell.key not in self._failed
        ]

    def _open_slots(self, group: CellGroup, round_index: int) -> Iterator[tuple[Cell, Slot]]:
        """Answers still to be measured: prompt by prompt, the lengths in turning order."""
        for turn, (set_id, index) in enumerate(self._prompts):
            cells = self._open_cells(group)
            shift = (turn + round_index) % len(cells) if cells else 0
            for cell in cells[shift:] + cells[:shift]:
                slot = Slot(cell_key=cell.key, set_id=set_id, prompt_index=index, round=round_index)
                if slot.as_tuple not in self._done:
                    yield cell, slot

    def _measure_group(self, group: CellGroup, round_index: int, stop: StopToken) -> None:
        """Load a group and measure it; a pipeline that is lost is loaded again."""
        while not stop.is_set() and any(self._open_slots(group, round_index)):
            bench = GroupBench(self._make_backend(), self._plan, group, energy=self._energy)
            try:
                if self._load(bench, group, round_index, stop):
                    self._measure_open(bench, group, round_index, stop)
            finally:
                bench.close()
            settle(stop, self._plan.settle_s)

    def _load(self, bench: GroupBench, group: CellGroup, round_index: int, stop: StopToken) -> bool:
        self._sink(LabLoading(group_key=group.key, round=round_index))
        started_s = self._clock()
        try:
            load = bench.load(round=round_index, stop=stop)
        except Cancelled:
            return False
        except EngineError as error:
            for cell in self._open_cells(group):
                self._fail(cell, round_index, error)
            return False
        self._remaining.note_load(group.key, self._clock() - started_s)
        self._keep(load)
        self._sink(LabLoaded(load=load))
        return not stop.is_set()

    def _measure_open(
        self, bench: GroupBench, group: CellGroup, round_index: int, stop: StopToken
    ) -> None:
        for cell, slot in self._open_slots(group, round_index):
            if stop.is_set() or cell.key in self._failed:
                continue
            started_s = self._clock()
            try:
                measurement = self._measure(bench, cell, slot, stop)
            except Cancelled:
                return
            except EngineError as error:
                self._fail(cell, round_index, error)
                if not bench.is_loaded:
                    return
                continue
            if measurement is not None:
                self._take(measurement, self._clock() - started_s)

    def _measure(
        self, bench: GroupBench, cell: Cell, slot: Slot, stop: StopToken
    ) -> Measurement | None:
        self._sink(
            LabAnswerStarted(
                cell_key=cell.key,
                set_id=slot.set_id,
                prompt_index=slot.prompt_index,
                round=slot.round,
            )
        )

        def on_run(token_count: int, at_s: float) -> None:
            self._sink(LabRunStreamed(cell_key=cell.key, token_count=token_count, at_s=at_s))

        prompt = self._prompts[slot.set_id, slot.prompt_index]
        params = params_of(self._plan, cell)
        return bench.measure(slot, prompt, params, stop=stop, on_run=on_run)

    def _take(self, measurement: Measurement, seconds: float) -> None:
        self._remaining.note_answer(measurement.cell_key, seconds)
        self._done.add(measurement.slot)
        self._keep(measurement)
        self._sink(LabMeasured(measurement=measurement))
        self._tell_progress()

    def _fail(self, cell: Cell, round_index: int, error: EngineError) -> None:
        failure = CellFailure(cell_key=cell.key, round=round_index, error=error.to_info())
        self._failed.add(cell.key)
        self._keep(failure)
        self._sink(LabCellFailed(failure=failure))
        self._tell_progress()

    def _keep(self, entry: Entry) -> None:
        self._save(entry)
        self._record = self._record.with_entry(entry)

    def _tell_progress(self) -> None:
        answers, loads = self._left()
        self._sink(
            LabProgressed(
                done=len(self._done),
                total=len(self._done) + len(answers),
                remaining_s=self._remaining.estimate_s(answers=answers, loads=loads),
            )
        )

    def _left(self) -> tuple[list[str], list[str]]:
        """Cells of the answers and groups of the loads that are left."""
        answers: list[str] = []
        loads: list[str] = []
        for round_index in range(self._plan.repeats):
            for group in self._groups(round_index):
                slots = [cell.key for cell, _ in self._open_slots(group, round_index)]
                answers += slots
                begun = any(
                    load.round == round_index and load.group_key == group.key
                    for load in self._record.loads
                )
                loads += [group.key] if slots and not begun else []
        return answers, loads
