"""From what is ticked to the plan of a run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.lab_pairs import compared_pairs, judged_pairs
from app.core.load_choice import ModelPair
from app.core.translation import untranslated
from app.viewmodels.lab_setup import (
    LabSetup,
    counted_answers,
    make_grid,
    make_plan,
    prompt_sets,
    setup_of_groups,
    setup_with_more,
)
from app.viewmodels.lab_words import setup_shape
from engine.lab.plan import LabPlan, plain_cell, plan_cells
from engine.lab.prompts import prompts_of_chat
from engine.lab.statistics import Estimate
from engine.lab.verdict import Verdict, VerdictCode
from engine.messages import ChatMessage, Role
from engine.placement import Strategy

from .conftest import DEVICES

PAIR = ModelPair(
    main_name="Big", main_path=Path("/m/big"), draft_name="Small", draft_path=Path("/m/small")
)
ALONE = replace(PAIR, draft_name=None, draft_path=None)
NAMES = ("CPU", "GPU", "NPU")


def test_the_grid_has_every_placement_and_greys_what_cannot_be() -> None:
    grid = make_grid(PAIR, NAMES, LabSetup())
    assert [len(grid.row(name)) for name in NAMES] == [5, 5, 5]
    lookup_on_npu = grid.row("NPU")[1]
    assert lookup_on_npu.group.strategy is Strategy.PROMPT_LOOKUP
    assert not lookup_on_npu.possible
    by_name = {device.name: device for device in DEVICES}
    shape = setup_shape(grid, plain_cell("CPU"), by_name, untranslated)
    greyed = [cell.text for cell in shape.cells if not cell.text.is_possible]
    assert [text.title for text in greyed] == ["Not possible"]
    assert greyed[0].detail == "Prompt lookup does not run on an NPU."
    assert [head.title for head in shape.rows] == ["Main CPU", "Main GPU (emulated)", "Main NPU"]
    assert shape.cells[0].text.title == "Baseline"


def test_a_length_the_npu_cannot_take_is_left_out_of_its_tile_alone() -> None:
    setup = LabSetup(lengths=(4, 10))
    grid = make_grid(PAIR, NAMES, setup)
    draft_tiles = {name: grid.row(name)[2] for name in NAMES}
    lengths = {
        name: [c.cell.num_assistant_tokens for c in tile.possible]
        for name, tile in draft_tiles.items()
    }
    assert lengths["CPU"] == [4, 10]
    assert lengths["NPU"] == [4]
    shape = setup_shape(grid, None, {}, untranslated)
    text = next(c.text for c in shape.cells if c.key == draft_tiles["NPU"].group.key)
    assert "at most 7" in text.hint


def test_without_a_draft_there_are_no_draft_columns() -> None:
    grid = make_grid(ALONE, NAMES, LabSetup())
    assert [len(grid.row(name)) for name in NAMES] == [2, 2, 2]


def test_tiles_taken_out_are_not_measured_but_the_baseline_is() -> None:
    grid = make_grid(PAIR, NAMES, LabSetup())
    plain, lookup, *_ = grid.row("CPU")
    setup = LabSetup().toggled(plain.group.key, wanted=False)
    setup = setup.toggled(lookup.group.key, wanted=False)
    plan = make_plan(PAIR, NAMES, setup)
    assert plan is not None
    assert lookup.cells[0].cell.key in plan.excluded
    assert plan.baseline == plain.cells[0].cell
    everything = make_plan(PAIR, NAMES, LabSetup())
    assert everything is not None
    prompts = 12 * plan.repeats
    assert counted_answers(everything) - counted_answers(plan) == prompts


def test_a_device_without_any_tile_gives_the_baseline_to_the_next() -> None:
    setup = LabSetup()
    for tile in make_grid(PAIR, NAMES, setup).row("CPU"):
        setup = setup.toggled(tile.group.key, wanted=False)
    plan = make_plan(PAIR, NAMES, setup)
    assert plan is not None
    assert plan.baseline == plain_cell("GPU")
    assert {p.cell.group.placement.main_device for p in plan_cells(plan)} == {"GPU", "NPU"}
    assert setup.toggled(next(iter(setup.excluded)), wanted=True).excluded < setup.excluded


def test_nothing_ticked_is_no_plan() -> None:
    assert make_plan(PAIR, NAMES, LabSetup(set_ids=())) is None
    assert make_plan(PAIR, NAMES, LabSetup(set_ids=("own",), own_prompts=("  ",))) is None


def plan_of(setup: LabSetup) -> LabPlan:
    plan = make_plan(PAIR, ("CPU",), setup)
    assert plan is not None
    return plan


def test_a_run_that_was_too_short_is_repeated_with_as_many_prompts_as_it_takes() -> None:
    short = LabSetup(set_ids=("story", "code"), repeats=1, max_new_tokens=48, lengths=(5,))
    more = setup_with_more(LabSetup(), plan_of(short), needed=20)
    assert (more.set_ids, more.lengths) == (("story", "code"), (5,))
    assert (more.prompts_per_set, more.repeats) == (12, 1)
    assert more.max_new_tokens == LabSetup().max_new_tokens
    assert compared_pairs(plan_of(more)) == 24


def test_a_run_is_repeated_with_the_placements_it_had() -> None:
    grid = make_grid(PAIR, NAMES, LabSetup())
    setup = setup_of_groups(LabSetup(), grid, {"none/CPU", "draft/CPU+CPU/small", "gone"})
    wanted = {key for key, tile in make_grid(PAIR, NAMES, setup).tiles.items() if tile.is_wanted}
    assert wanted == {"none/CPU", "draft/CPU+CPU/small"}


@pytest.mark.parametrize("needed", [60, None])
def test_where_a_set_has_no_more_prompts_there_are_more_rounds(needed: int | None) -> None:
    short = LabSetup(set_ids=("story",), repeats=1)
    more = setup_with_more(LabSetup(), plan_of(short), needed=needed)
    assert more.repeats == 3
    assert compared_pairs(plan_of(more)) == 12


def test_a_run_that_was_stopped_early_rests_on_what_was_measured() -> None:
    plan = plan_of(LabSetup(set_ids=("story",), prompts_per_set=12))
    gain = Estimate(value=0.99, low=0.004, high=228.8, pairs=2, p_value=1.0)
    verdict = Verdict(set_id="", code=VerdictCode.UNDECIDED, best=None, speed_up=gain)
    assert judged_pairs(plan, verdict) == 2
    assert judged_pairs(plan, replace(verdict, speed_up=None)) == 12


def test_own_prompts_and_the_chat_are_sets_like_others() -> None:
    chat = prompts_of_chat((ChatMessage(Role.USER, "One?"), ChatMessage(Role.ASSISTANT, "Yes.")))
    setup = LabSetup(set_ids=("own", "last_chat"), own_prompts=("A?", "", "B?"), chat=chat)
    own, last = prompt_sets(setup)
    assert [prompt.messages[-1].content for prompt in own.prompts] == ["A?", "B?"]
    assert last.prompts[0].messages[-1].content == "One?"
    plan = make_plan(PAIR, ("CPU",), replace(setup, repeats=2))
    assert plan is not None
    assert compared_pairs(plan) == 6
    assert compared_pairs(plan, "own") == 4
