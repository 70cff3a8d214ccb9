"""What a Lab run found, as it came: loads, measurements, failures. Values only, no figures."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Final

from engine.errors import ErrorInfo
from engine.events import DeviceInfo
from engine.lab.cells import Cell, ModelRef
from engine.lab.plan import LabPlan, PlannedCell

FORMAT: Final = 1
"""Version of the stored form. A larger one is refused, a smaller one would be migrated."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabMachine:
    """Where and with what a run was measured."""

    processor: str
    cores: int
    memory_bytes: int
    system: str
    devices: tuple[DeviceInfo, ...] = ()
    on_battery: bool | None = None
    """None where there is no battery or nobody can say."""
    has_energy: bool = False
    """Whether joules could be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LabHeader:
    """What is known when a run begins."""

    format: int = FORMAT
    run_id: str
    started_at: str
    """ISO 8601, UTC."""
    plan: LabPlan
    cells: tuple[PlannedCell, ...]
    """The whole grid, impossible cells included."""
    machine: LabMachine

    @property
    def emulated(self) -> tuple[str, ...]:
        """Names of the devices that were only emulated."""
        return tuple(device.name for device in self.machine.devices if device.emulated)

    def is_emulated(self, cell: Cell) -> bool:
        """Whether a device of a cell was only emulated: its figures say nothing of a real one."""
        placement = cell.group.placement
        used = (placement.main_device, placement.draft_device)
        return any(name in self.emulated for name in used)

    @property
    def is_all_emulated(self) -> bool:
        """Whether there is nothing real to compare with."""
        return all(self.is_emulated(cell) for cell in self.measured_cells)

    def is_judged(self, cell: Cell) -> bool:
        """Whether a cell may be recommended. Emulated ones only among themselves."""
        if self.is_all_emulated:
            return True
        return not (self.is_emulated(cell) or self.is_emulated(self.plan.baseline))

    @property
    def measured_cells(self) -> tuple[Cell, ...]:
        """The possible cells the user did not take out. The baseline cannot be taken out."""
        return tuple(
            entry.cell
            for entry in self.cells
            if entry.is_possible
            and (entry.cell.key not in self.plan.excluded or entry.cell == self.plan.baseline)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupLoad:
    """One load of the pipeline of a group."""

    group_key: str
    round: int
    load_s: float
    memory_bytes: int | None
    actual_main_device: str
    actual_draft_device: str | None
    versions: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One answer.

    Raises:
        ValueError: times and lengths do not belong together.
    """

    cell_key: str
    set_id: str
    prompt_index: int
    round: int
    run_lengths: tuple[int, ...]
    run_times_s: tuple[float, ...]
    finish_reason: str
    text: str
    pieces: tuple[tuple[int, int], ...] = ()
    """Per run: characters of `text` accepted from candidates, and the main model's own."""
    prompt_tokens: int | None = None
    is_cold: bool = True
    """The pipeline had not seen the prompt: only then does TTFT hold the whole prefill."""
    memory_bytes: int | None = None
    energy_j: float | None = None

    def __post_init__(self) -> None:
        times = self.run_times_s
        if len(times) != len(self.run_lengths) or min(self.run_lengths, default=1) < 1:
            raise ValueError("lengths and times of a measurement do not match")
        if not all(math.isfinite(t) and t >= 0 for t in times) or list(times) != sorted(times):
            raise ValueError("times of a measurement do not run forward")

    @property
    def slot(self) -> tuple[str, str, int, int]:
        """Cell, set, prompt and round: measured once."""
        return (self.cell_key, self.set_id, self.prompt_index, self.round)


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFailure:
    """A cell that could not be measured; the rest of the run goes on."""

    cell_key: str
    round: int
    error: ErrorInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class LabRecord:
    """A run, finished or not."""

    header: LabHeader
    loads: tuple[GroupLoad, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    failures: tuple[CellFailure, ...] = ()
    is_finished: bool = False

    @property
    def versions(self) -> tuple[tuple[str, str], ...]:
        """Versions of the runtime, as the pipelines told them."""
        return next((load.versions for load in self.loads if load.versions), ())

    def with_entry(self, entry: GroupLoad | Measurement | CellFailure) -> LabRecord:
        """This record and one entry more."""
        match entry:
            case GroupLoad():
                return replace(self, loads=(*self.loads, entry))
            case Measurement():
                return replace(self, measurements=(*self.measurements, entry))
            case CellFailure():
                return replace(self, failures=(*self.failures, entry))

    def without_paths(self) -> LabRecord:
        """The same record, fit to be given away: folders are named, not located, and runtime
        texts of failures are left out."""
        header = self.header
        devices = tuple(replace(device, uuid=None) for device in header.machine.devices)
        return replace(
            self,
            header=replace(
                header,
                plan=_bare_plan(header.plan),
                machine=replace(header.machine, devices=devices),
            ),
            failures=tuple(replace(f, error=_bare_error(f.error)) for f in self.failures),
        )


def _bare_plan(plan: LabPlan) -> LabPlan:
    properties = tuple(
        (device, tuple(entry for entry in entries if not entry[0].endswith(_PATH_PROPERTIES)))
        for device, entries in plan.properties
    )
    return replace(
        plan,
        main=ModelRef(name=plan.main.name),
        drafts=tuple(ModelRef(name=draft.name) for draft in plan.drafts),
        properties=properties,
    )


def _bare_error(error: ErrorInfo) -> ErrorInfo:
    facts = tuple((name, value) for name, value in error.facts if name not in _PATH_FACTS)
    return replace(error, message=str(error.code), details="", hint=None, facts=facts)


_PATH_FACTS = ("path", "crash_file", "file")
_PATH_PROPERTIES = ("_DIR", "_PATH")
