"""Which cells a plan has, and which the runtime refuses."""

from __future__ import annotations

import pytest

from engine.errors import ParameterError
from engine.lab.cells import ModelRef
from engine.lab.plan import load_spec, params_of, plan_cells
from engine.lab.prompts import BUILT_IN_SETS, LabPrompt, prompts_of_chat
from engine.messages import ChatMessage, Role
from engine.placement import Strategy
from engine.placement_rules import Reason
from tests.engine.lab.conftest import make_plan


def test_the_grid_of_one_device() -> None:
    keys = [entry.cell.key for entry in plan_cells(make_plan(lengths=(2, 4)))]
    assert keys == [
        "none/CPU",
        "prompt_lookup/CPU/5",
        "draft/CPU+CPU/small/2",
        "draft/CPU+CPU/small/4",
    ]


def test_keys_are_unique_over_devices_drafts_and_lengths() -> None:
    plan = make_plan(
        main_devices=("CPU", "GPU", "NPU"),
        draft_devices=("CPU", "GPU", "NPU"),
        drafts=(ModelRef(name="a", path="/a"), ModelRef(name="b", path="/b")),
    )
    keys = [entry.cell.key for entry in plan_cells(plan)]
    assert len(keys) == len(set(keys)) == 3 + 3 + 2 * 9 * 3


def test_impossible_cells_keep_their_reason() -> None:
    plan = make_plan(main_devices=("NPU",), draft_devices=("NPU",), lengths=(4, 8))
    reasons = {
        entry.cell.key: {finding.code for finding in entry.findings}
        for entry in plan_cells(plan)
        if not entry.is_possible
    }
    assert reasons["prompt_lookup/NPU/5"] >= {Reason.PROMPT_LOOKUP_NOT_ON_NPU}
    assert reasons["draft/NPU+NPU/small/8"] >= {Reason.DRAFT_LENGTH_BUILT_IN}
    assert "draft/NPU+NPU/small/4" not in reasons


def test_a_plan_without_drafts_or_with_one_strategy() -> None:
    assert [e.cell.group.strategy for e in plan_cells(make_plan(strategies=(), drafts=()))] == [
        Strategy.NONE
    ]


def test_loads_share_everything_but_the_length() -> None:
    plan = make_plan(properties=(("CPU", (("INFERENCE_PRECISION_HINT", "f32"),)),))
    cells = [entry.cell for entry in plan_cells(plan) if entry.cell.group.draft]
    specs = {load_spec(plan, cell.group) for cell in cells}
    assert len(specs) == 1
    spec = specs.pop()
    assert spec.draft_path == "/models/small"
    assert spec.main_properties == spec.draft_properties == (("INFERENCE_PRECISION_HINT", "f32"),)
    assert {params_of(plan, cell).num_assistant_tokens for cell in cells} == set(plan.lengths)
    assert all(params_of(plan, cell).temperature == 0 for cell in cells)


@pytest.mark.parametrize(
    "changes",
    [
        {"prompt_sets": ()},
        {"repeats": 0},
        {"main_devices": ()},
        {"drafts": (ModelRef(name="a", path="/1"), ModelRef(name="a", path="/2"))},
    ],
)
def test_nonsense_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(ParameterError):
        make_plan(**changes)


def test_built_in_sets_allow_a_test_over_prompts() -> None:
    assert set(BUILT_IN_SETS) == {"story", "code", "summarise", "question", "chinese"}
    for found in BUILT_IN_SETS.values():
        assert len(set(found.prompts)) >= 6


def test_a_chat_gives_each_question_with_its_history() -> None:
    chat = (
        ChatMessage(Role.SYSTEM, "Be brief."),
        ChatMessage(Role.USER, "One?"),
        ChatMessage(Role.ASSISTANT, "One."),
        ChatMessage(Role.USER, "Two?"),
    )
    assert [len(prompt.messages) for prompt in prompts_of_chat(chat).prompts] == [2, 4]
    with pytest.raises(ParameterError):
        LabPrompt(chat[:1])
