"""What a Lab run measures: the grid of cells and which of them the runtime refuses. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.errors import ParameterError
from engine.lab.cells import Cell, CellGroup, ModelRef
from engine.lab.prompts import PromptSet
from engine.params import GenerationParams
from engine.placement import (
    LoadSpec,
    Placement,
    Properties,
    PropertyValue,
    SchedulerSettings,
    Strategy,
)
from engine.placement_rules import Effect, Finding, check_load, check_params

DEFAULT_LENGTHS = (2, 5, 8)
DEFAULT_MAX_NEW_TOKENS = 96


@dataclass(frozen=True, slots=True, kw_only=True)
class LabPlan:
    """Everything a run is told.

    Raises:
        ParameterError: nothing would be measured.
    """

    main: ModelRef
    drafts: tuple[ModelRef, ...] = ()
    """Names must differ."""
    main_devices: tuple[str, ...] = ("CPU",)
    draft_devices: tuple[str, ...] = ("CPU",)
    strategies: tuple[Strategy, ...] = (Strategy.NONE, Strategy.DRAFT, Strategy.PROMPT_LOOKUP)
    """Plain decoding is always measured: it is the baseline."""
    lengths: tuple[int, ...] = DEFAULT_LENGTHS
    lookup_lengths: tuple[int, ...] = (5,)
    prompt_sets: tuple[PromptSet, ...]
    repeats: int = 2
    """Rounds over all cells; each loads every pipeline anew."""
    max_new_tokens: int = DEFAULT_MAX_NEW_TOKENS
    settle_s: float = 1.0
    """Pause after a pipeline is dropped, so that heat and memory settle."""
    excluded: tuple[str, ...] = ()
    """Keys of cells the user took out."""
    properties: tuple[tuple[str, Properties], ...] = ()
    """Plugin properties by device name."""
    schedulers: tuple[tuple[str, SchedulerSettings], ...] = ()
    """Settings of memory and batching by name of the main device."""

    def __post_init__(self) -> None:
        if not self.main_devices or not any(s.prompts for s in self.prompt_sets):
            raise ParameterError("There is nothing to measure.", parameter="prompt_sets")
        if self.repeats < 1 or self.max_new_tokens < 2 or self.settle_s < 0:
            raise ParameterError("A Lab run needs a repeat and two tokens.", parameter="repeats")
        names = [draft.name for draft in self.drafts]
        if len(set(names)) < len(names):
            raise ParameterError("Two draft models have the same name.", parameter="drafts")

    @property
    def changes(self) -> tuple[tuple[str, str, PropertyValue], ...]:
        """What was set on the devices: (device, name, value), without where things lie."""
        found = [
            (device, name, value)
            for device, entries in self.properties
            for name, value in entries
            if not name.endswith(("_DIR", "_PATH"))
        ]
        found += [
            (device, name, value)
            for device, scheduler in self.schedulers
            for name, value in scheduler.changes
        ]
        return tuple(found)

    @property
    def baseline(self) -> Cell:
        """Plain decoding on the first main device; speed-ups are against it."""
        return plain_cell(self.main_devices[0])


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedCell:
    """A cell and what the runtime would refuse or change of it."""

    cell: Cell
    findings: tuple[Finding, ...] = ()

    @property
    def is_possible(self) -> bool:
        """Whether the runtime takes it; if not, a finding says why."""
        return all(finding.effect is not Effect.REFUSED for finding in self.findings)


def plain_cell(main_device: str) -> Cell:
    """Plain decoding on a device."""
    return Cell(group=CellGroup(strategy=Strategy.NONE, placement=Placement(main_device)))


def plan_cells(plan: LabPlan) -> tuple[PlannedCell, ...]:
    """All cells of the grid, plain decoding first; impossible ones with their reasons."""
    planned = []
    for cell in _cells(plan):
        spec = load_spec(plan, cell.group)
        findings = check_load(spec) + check_params(spec, params_of(plan, cell))
        relevant = tuple(f for f in findings if f.effect is not Effect.IGNORED)
        planned.append(PlannedCell(cell=cell, findings=relevant))
    return tuple(planned)


def load_spec(plan: LabPlan, group: CellGroup) -> LoadSpec:
    """How the pipeline of a group is built."""
    properties = dict(plan.properties)
    placement = group.placement
    draft = next((ref for ref in plan.drafts if ref.name == group.draft), None)
    return LoadSpec(
        main_path=plan.main.path,
        draft_path=draft.path if draft is not None else None,
        strategy=group.strategy,
        placement=placement,
        main_properties=properties.get(placement.main_device, ()),
        draft_properties=properties.get(placement.draft_device or "", ())
        if draft is not None
        else None,
        scheduler=dict(plan.schedulers).get(placement.main_device, SchedulerSettings()),
    )


def params_of(plan: LabPlan, cell: Cell) -> GenerationParams:
    """Greedy, without penalties: texts of all cells may then be compared."""
    return GenerationParams(
        temperature=0.0,
        repetition_penalty=1.0,
        max_new_tokens=plan.max_new_tokens,
        num_assistant_tokens=cell.num_assistant_tokens,
    )


def _cells(plan: LabPlan) -> Iterator[Cell]:
    for device in plan.main_devices:
        yield plain_cell(device)
    if Strategy.PROMPT_LOOKUP in plan.strategies:
        for device in plan.main_devices:
            group = CellGroup(strategy=Strategy.PROMPT_LOOKUP, placement=Placement(device))
            for length in plan.lookup_lengths:
                yield Cell(group=group, num_assistant_tokens=length)
    if Strategy.DRAFT in plan.strategies:
        yield from _draft_cells(plan)


def _draft_cells(plan: LabPlan) -> Iterator[Cell]:
    for draft in plan.drafts:
        for main_device in plan.main_devices:
            for draft_device in plan.draft_devices:
                group = CellGroup(
                    strategy=Strategy.DRAFT,
                    placement=Placement(main_device, draft_device),
                    draft=draft.name,
                )
                for length in plan.lengths:
                    yield Cell(group=group, num_assistant_tokens=length)
