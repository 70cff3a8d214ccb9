"""From the chosen pair and devices to a load specification."""

from dataclasses import replace
from pathlib import Path

import pytest

from app.core.load_choice import LoadChoice, ModelPair
from engine.placement import Strategy

PAIR = ModelPair(main_name="m", main_path=Path("main"), draft_name="d", draft_path=Path("draft"))
ALONE = ModelPair(main_name="m", main_path=Path("main"))


def test_a_pair_becomes_a_spec_with_both_devices() -> None:
    spec = LoadChoice(pair=PAIR, main_device="GPU", draft_device="CPU").to_spec(sampling=True)
    assert (spec.main_path, spec.draft_path, spec.strategy) == ("main", "draft", Strategy.DRAFT)
    assert (spec.placement.main_device, spec.placement.draft_device) == ("GPU", "CPU")
    assert spec.sampling


def test_on_the_cpu_sampling_loads_nothing_anew() -> None:
    choice = LoadChoice(pair=PAIR)
    assert choice.to_spec(sampling=True) == choice.to_spec(sampling=False)


def test_a_draft_keeps_its_confidence_for_a_threshold_alone() -> None:
    choice = LoadChoice(pair=PAIR)
    assert choice.to_spec(sampling=True).greedy_draft
    assert not choice.to_spec(sampling=True, uses_threshold=True).greedy_draft
    on_gpu = replace(choice, main_device="GPU")
    assert on_gpu.to_spec(sampling=False) == on_gpu.to_spec(sampling=False, uses_threshold=True)
    assert not LoadChoice(pair=ALONE).to_spec(sampling=True).greedy_draft


@pytest.mark.parametrize("strategy", [Strategy.NONE, Strategy.PROMPT_LOOKUP])
def test_other_strategies_use_no_draft(strategy: Strategy) -> None:
    spec = LoadChoice(pair=PAIR, strategy=strategy).to_spec(sampling=True)
    assert spec.draft_path is None
    assert spec.placement.draft_device is None
    assert not spec.sampling, "only a draft has to be built for sampling"


def test_without_a_draft_model_decoding_is_plain() -> None:
    choice = LoadChoice(pair=ALONE, strategy=Strategy.DRAFT)
    assert choice.effective_strategy is Strategy.NONE
    assert choice.to_spec(sampling=False).strategy is Strategy.NONE


def test_a_limit_of_the_context_goes_along() -> None:
    spec = LoadChoice(pair=PAIR, context_limit=2048).to_spec(sampling=False)
    assert spec.context_limit == 2048
    assert LoadChoice(pair=PAIR).to_spec(sampling=False).context_limit is None


def test_the_draft_length_matters_to_a_load_on_the_npu_alone() -> None:
    on_cpu = LoadChoice(pair=PAIR, num_assistant_tokens=7)
    on_npu = LoadChoice(pair=PAIR, num_assistant_tokens=7, main_device="NPU")
    assert on_cpu.to_spec(sampling=False).num_assistant_tokens is None
    assert on_npu.to_spec(sampling=False).num_assistant_tokens == 7
    assert on_npu.on_cpu() == on_cpu
