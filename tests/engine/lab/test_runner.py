"""Order, failures, stops and the way back after a break."""

from __future__ import annotations

from itertools import pairwise

import pytest

from engine.errors import (
    DeviceError,
    EngineError,
    EngineProcessError,
    ErrorCode,
    GenerationError,
    StorageError,
)
from engine.lab.events import (
    LabCellFailed,
    LabEvent,
    LabFinished,
    LabLoaded,
    LabMeasured,
    LabProgressed,
    LabRunStreamed,
    LabStarted,
)
from engine.lab.plan import DEFAULT_LENGTHS
from engine.lab.record import GroupLoad, LabRecord, Measurement
from engine.lab.runner import LabRun
from engine.lab.start import new_record
from engine.placement import LoadSpec, Strategy
from engine.stop_token import StopToken
from tests.engine.lab.conftest import Laboratory, make_plan

CELLS = 1 + 1 + 3


def test_every_cell_is_measured_for_every_prompt_in_every_round(laboratory: Laboratory) -> None:
    record = laboratory.measure()
    slots = [m.slot for m in record.measurements]
    assert len(slots) == len(set(slots)) == CELLS * 6 * 2
    assert record.is_finished
    assert not record.failures
    assert isinstance(laboratory.events[0], LabStarted)
    assert isinstance(laboratory.events[-1], LabFinished)
    assert sum(isinstance(e, LabRunStreamed) for e in laboratory.events) == sum(
        len(m.run_lengths) for m in record.measurements
    )


def test_a_group_is_loaded_once_a_round_and_rounds_turn_back(laboratory: Laboratory) -> None:
    loads = [(load.group_key, load.round) for load in laboratory.measure().loads]
    assert [key for key, turn in loads if turn == 0] == [k for k, t in loads[::-1] if t == 1]
    assert laboratory.backends == len(loads) == 6


def test_lengths_of_a_load_take_turns_prompt_by_prompt(laboratory: Laboratory) -> None:
    record = laboratory.measure()
    draft = [m for m in record.measurements if m.cell_key.startswith("draft") and m.round == 0]
    firsts = [draft[start].cell_key for start in range(0, len(draft), 3)]
    assert len(set(firsts)) == 3
    assert [m.is_cold for m in draft] == [True, False, False] * 6


def test_entries_are_saved_before_they_are_told(laboratory: Laboratory) -> None:
    told: list[object] = []

    def check(event: LabEvent) -> None:
        entry = {LabLoaded: "load", LabMeasured: "measurement"}.get(type(event))
        if entry is not None:
            told.append(getattr(event, entry))
            assert laboratory.saved[-1] == told[-1]

    laboratory.on_event = check
    record = laboratory.measure()
    assert len(told) == len(record.loads) + len(record.measurements)


def test_progress_runs_to_the_end_and_knows_what_is_left(laboratory: Laboratory) -> None:
    laboratory.measure()
    steps = [e for e in laboratory.events if isinstance(e, LabProgressed)]
    assert (steps[0].done, steps[0].total, steps[0].remaining_s) == (0, CELLS * 12, None)
    assert all(a.done < b.done for a, b in pairwise(steps))
    assert (steps[-1].done, steps[-1].remaining_s) == (CELLS * 12, 0.0)


def refuse_lookup(spec: LoadSpec, loading: bool) -> EngineError | None:
    if loading and spec.strategy is Strategy.PROMPT_LOOKUP:
        return DeviceError("no", code=ErrorCode.PLACEMENT_UNSUPPORTED)
    return None


def test_a_group_that_cannot_be_loaded_shows_its_error_and_the_rest_goes_on(
    laboratory: Laboratory,
) -> None:
    laboratory.fail = refuse_lookup
    record = laboratory.measure()
    assert [f.cell_key for f in record.failures] == ["prompt_lookup/CPU/5"]
    assert record.failures[0].error.code is ErrorCode.PLACEMENT_UNSUPPORTED
    assert len(record.measurements) == (CELLS - 1) * 12
    assert record.is_finished


def test_a_cell_that_crashes_is_left_out_and_its_group_is_loaded_again(
    laboratory: Laboratory,
) -> None:
    answers = 0

    def crash_once(spec: LoadSpec, loading: bool) -> EngineError | None:
        nonlocal answers
        if spec.strategy is not Strategy.DRAFT or loading:
            return None
        answers += 1
        return EngineProcessError("died") if answers == 6 else None

    laboratory.fail = crash_once
    record = laboratory.measure()
    failed = {failure.cell_key for failure in record.failures}
    assert len(failed) == 1
    others = [m for m in record.measurements if m.cell_key not in failed]
    assert len(others) == (CELLS - 1) * 12
    assert [e.failure for e in laboratory.events if isinstance(e, LabCellFailed)] == list(
        record.failures
    )


def test_a_whole_group_that_keeps_crashing_ends(laboratory: Laboratory) -> None:
    def crash(spec: LoadSpec, loading: bool) -> EngineError | None:
        is_draft = spec.strategy is Strategy.DRAFT
        return GenerationError("broken") if is_draft and not loading else None

    laboratory.fail = crash
    record = laboratory.measure()
    assert {f.cell_key for f in record.failures} == {
        f"draft/CPU+CPU/small/{n}" for n in DEFAULT_LENGTHS
    }
    assert record.is_finished


def stop_after(laboratory: Laboratory, measurements: int) -> StopToken:
    stop = StopToken()

    def watch(_event: LabEvent) -> None:
        measured = sum(isinstance(e, LabMeasured) for e in laboratory.events)
        if measured == measurements:
            stop.set()

    laboratory.on_event = watch
    return stop


@pytest.mark.parametrize("measured", [1, 7, 20])
def test_a_stopped_run_goes_on_where_it_ended(laboratory: Laboratory, measured: int) -> None:
    begun = new_record(make_plan())
    part = laboratory.run(begun, stop_after(laboratory, measured))
    assert not part.is_finished
    assert len(part.measurements) == measured
    finished = laboratory.events[-1]
    assert isinstance(finished, LabFinished)
    assert finished.was_stopped
    laboratory.on_event = lambda _event: None
    whole = laboratory.run(part)
    assert whole.is_finished
    assert whole.measurements[:measured] == part.measurements
    slots = [m.slot for m in whole.measurements]
    assert len(slots) == len(set(slots)) == CELLS * 12


def test_a_stop_before_the_start_measures_nothing(laboratory: Laboratory) -> None:
    stop = StopToken()
    stop.set()
    record = laboratory.run(new_record(make_plan()), stop)
    assert not record.measurements
    assert laboratory.backends == 0


def test_cells_taken_out_are_not_measured_but_the_baseline_is(laboratory: Laboratory) -> None:
    record = laboratory.measure(excluded=("none/CPU", "prompt_lookup/CPU/5"))
    measured = {m.cell_key for m in record.measurements}
    assert "none/CPU" in measured
    assert "prompt_lookup/CPU/5" not in measured


def test_a_full_disk_ends_the_run_and_says_so(laboratory: Laboratory) -> None:
    def save(entry: object) -> None:
        if isinstance(entry, Measurement):
            raise StorageError("full", code=ErrorCode.DISK_FULL)

    events: list[LabEvent] = []
    run = LabRun(
        new_record(make_plan()),
        make_backend=laboratory.make_backend,
        sink=events.append,
        save=save,
    )
    with pytest.raises(StorageError):
        run.run(StopToken())
    assert isinstance(events[-1], LabFinished)


def test_entries_are_added_in_their_place() -> None:
    record = LabRecord(header=new_record(make_plan()).header)
    load = GroupLoad(
        group_key="g",
        round=0,
        load_s=1.0,
        memory_bytes=None,
        actual_main_device="CPU",
        actual_draft_device=None,
        versions=(("openvino", "1"),),
    )
    assert record.with_entry(load).loads == (load,)
    assert record.with_entry(load).versions == (("openvino", "1"),)
