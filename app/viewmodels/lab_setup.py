"""What the user wants compared, and the grid and the plan that follow from it. Pure."""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

from app.core.load_choice import ModelPair
from engine.device_settings import DeviceBook
from engine.lab.cells import CellGroup, ModelRef
from engine.lab.plan import DEFAULT_LENGTHS, DEFAULT_MAX_NEW_TOKENS, LabPlan, PlannedCell
from engine.lab.plan import plan_cells as cells_of
from engine.lab.prompts import BUILT_IN_SETS, LAST_CHAT, OWN_PROMPTS, PromptSet, prompt_set
from engine.placement import Strategy

LENGTHS = (1, 2, 3, 4, 5, 6, 8, 10)
"""Draft lengths that can be ticked."""
LOOKUP_LENGTHS = (5,)
MOST_PROMPTS = 200
"""Prompts per set, at most."""
_MORE_ROUNDS = 3
DEFAULT_SETS = ("story", "question")
SET_IDS = (*BUILT_IN_SETS, OWN_PROMPTS, LAST_CHAT)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabSetup:
    """Everything that can be chosen before a run. `excluded` names groups of cells."""

    set_ids: tuple[str, ...] = DEFAULT_SETS
    prompts_per_set: int = 6
    own_prompts: tuple[str, ...] = ()
    chat: PromptSet | None = None
    """The chat in the window, as prompts; None when it is empty."""
    lengths: tuple[int, ...] = DEFAULT_LENGTHS
    repeats: int = 2
    max_new_tokens: int = DEFAULT_MAX_NEW_TOKENS
    settle_s: float = 1.0
    excluded: frozenset[str] = frozenset()

    def toggled(self, group_key: str, *, wanted: bool) -> LabSetup:
        """The same with one tile taken out or back in."""
        keys = self.excluded - {group_key} if wanted else self.excluded | {group_key}
        return replace(self, excluded=keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class GridTile:
    """One place of the grid: a group of cells, or nothing at all."""

    group: CellGroup
    cells: tuple[PlannedCell, ...]
    is_wanted: bool

    @property
    def possible(self) -> tuple[PlannedCell, ...]:
        """Cells the runtime takes."""
        return tuple(cell for cell in self.cells if cell.is_possible)


@dataclass(frozen=True, slots=True, kw_only=True)
class LabGrid:
    """Rows are main devices; columns no draft, prompt lookup, then draft devices."""

    main_devices: tuple[str, ...]
    draft_devices: tuple[str, ...]
    tiles: dict[str, GridTile]
    """By group key."""

    def row(self, main_device: str) -> tuple[GridTile, ...]:
        """Tiles of a main device in the order of the columns."""
        found = [t for t in self.tiles.values() if t.group.placement.main_device == main_device]
        return tuple(sorted(found, key=self._column))

    def _column(self, tile: GridTile) -> tuple[int, int]:
        order = (Strategy.NONE, Strategy.PROMPT_LOOKUP, Strategy.DRAFT)
        draft = tile.group.placement.draft_device
        place = self.draft_devices.index(draft) if draft in self.draft_devices else 0
        return order.index(tile.group.strategy), place


def setup_with_more(setup: LabSetup, plan: LabPlan, *, needed: int | None) -> LabSetup:
    """What a run was about, with more prompts, or where its sets have no more, more rounds.

    Args:
        needed: prompts that would settle it; None where no number of them would.
    """
    ids = [prompts.set_id for prompts in plan.prompt_sets if prompts.set_id in SET_IDS]
    asked = max(len(prompts.prompts) for prompts in plan.prompt_sets)
    wanted = min(max(math.ceil((needed or 0) / max(1, len(ids))), 2 * asked), MOST_PROMPTS)
    more = replace(
        setup,
        set_ids=tuple(ids) or setup.set_ids,
        prompts_per_set=wanted,
        lengths=plan.lengths,
        max_new_tokens=max(plan.max_new_tokens, DEFAULT_MAX_NEW_TOKENS),
    )
    there = sum(len(found.prompts) for found in prompt_sets(more))
    longer = max(plan.repeats, _MORE_ROUNDS)
    return replace(more, repeats=longer if there < (needed or MOST_PROMPTS) else plan.repeats)


def setup_of_groups(setup: LabSetup, grid: LabGrid, keys: Collection[str]) -> LabSetup:
    """The same with these groups of the grid alone."""
    return replace(setup, excluded=frozenset(grid.tiles) - frozenset(keys))


def prompt_sets(setup: LabSetup) -> tuple[PromptSet, ...]:
    """The prompts of a set-up; empty sets are left out."""
    found = {
        **BUILT_IN_SETS,
        OWN_PROMPTS: prompt_set(OWN_PROMPTS, setup.own_prompts),
        LAST_CHAT: setup.chat or PromptSet(set_id=LAST_CHAT, prompts=()),
    }
    wanted = [found[set_id] for set_id in SET_IDS if set_id in setup.set_ids]
    return tuple(s.first(setup.prompts_per_set) for s in wanted if s.prompts)


def make_grid(pair: ModelPair, devices: tuple[str, ...], setup: LabSetup) -> LabGrid:
    """The grid of all devices, impossible tiles included."""
    asked = prompt_sets(setup) or (BUILT_IN_SETS["story"],)
    plan = _plan(pair, main_devices=devices, devices=devices, setup=setup, sets=asked)
    groups: dict[str, list[PlannedCell]] = {}
    for planned in cells_of(plan):
        groups.setdefault(planned.cell.group.key, []).append(planned)
    tiles = {
        key: GridTile(
            group=cells[0].cell.group, cells=tuple(cells), is_wanted=key not in setup.excluded
        )
        for key, cells in groups.items()
    }
    drafts = devices if pair.draft_path is not None else ()
    return LabGrid(main_devices=devices, draft_devices=drafts, tiles=tiles)


def make_plan(pair: ModelPair, devices: tuple[str, ...], setup: LabSetup) -> LabPlan | None:
    """The plan of a run; None while there is nothing to compare.

    A main device without any wanted tile is left out; the first one left is the baseline's.
    """
    grid, sets = make_grid(pair, devices, setup), prompt_sets(setup)
    used = tuple(
        device
        for device in devices
        if any(tile.is_wanted and tile.possible for tile in grid.row(device))
    )
    if not used or not sets:
        return None
    excluded = [
        planned.cell.key
        for tile in grid.tiles.values()
        if not tile.is_wanted
        for planned in tile.cells
    ]
    plan = _plan(pair, main_devices=used, devices=devices, setup=setup, sets=sets)
    return replace(plan, excluded=tuple(excluded))


def with_settings(plan: LabPlan, book: DeviceBook) -> LabPlan:
    """The plan with what is set on its devices: the Lab measures what the chat would use."""
    devices = tuple(dict.fromkeys((*plan.main_devices, *plan.draft_devices)))
    properties = ((name, book.properties(name)) for name in devices)
    schedulers = ((name, book.used(name).scheduler) for name in plan.main_devices)
    return replace(
        plan,
        properties=tuple(entry for entry in properties if entry[1]),
        schedulers=tuple(entry for entry in schedulers if entry[1].changes),
    )


def counted_cells(plan: LabPlan) -> int:
    """How many cells of a plan will be measured."""
    return sum(
        planned.is_possible
        and (planned.cell.key not in plan.excluded or planned.cell == plan.baseline)
        for planned in cells_of(plan)
    )


def counted_answers(plan: LabPlan) -> int:
    """How many answers that takes."""
    prompts = sum(len(s.prompts) for s in plan.prompt_sets)
    return counted_cells(plan) * prompts * plan.repeats


def _plan(
    pair: ModelPair,
    *,
    main_devices: tuple[str, ...],
    devices: tuple[str, ...],
    setup: LabSetup,
    sets: tuple[PromptSet, ...],
) -> LabPlan:
    return LabPlan(
        main=reference(pair.main_path),
        drafts=(reference(pair.draft_path),) if pair.draft_path is not None else (),
        main_devices=main_devices,
        draft_devices=devices,
        lengths=setup.lengths or DEFAULT_LENGTHS,
        lookup_lengths=LOOKUP_LENGTHS,
        prompt_sets=sets,
        repeats=setup.repeats,
        max_new_tokens=setup.max_new_tokens,
        settle_s=setup.settle_s,
    )


def reference(path: Path) -> ModelRef:
    """A model as the records of the Lab know it."""
    return ModelRef(name=path.name, path=str(path))
