"""Settings of memory and batching reach the runtime, and their defaults change nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.backends.openvino_backend import OpenVinoBackend
from engine.backends.openvino_pipeline import _scheduler, draft_properties
from engine.errors import ParameterError
from engine.placement import LoadSpec, Placement, SchedulerSettings, Strategy
from engine.placement_rules import Effect, Reason, check_load
from tests.engine.backends.runtime.conftest import Pair
from tests.tiny_models.asking import ask

EXACT = (("INFERENCE_PRECISION_HINT", "f32"),)
PLAIN = LoadSpec(main_path="main")
PAIR = LoadSpec(
    main_path="main",
    draft_path="draft",
    strategy=Strategy.DRAFT,
    placement=Placement("CPU", "CPU"),
)
CHANGED = SchedulerSettings(cache_size_gb=1, max_num_batched_tokens=32)


@pytest.mark.openvino
def test_nothing_is_passed_unless_something_was_changed() -> None:
    assert _scheduler(PLAIN) == {}
    assert _scheduler(PAIR) == {}
    assert _scheduler(replace(PLAIN, placement=Placement("NPU"), scheduler=CHANGED)) == {}


@pytest.mark.openvino
def test_what_was_changed_is_passed_and_the_rest_is_as_without_it() -> None:
    passed = _scheduler(replace(PLAIN, scheduler=CHANGED))["scheduler_config"]
    assert (passed.cache_size, passed.max_num_batched_tokens) == (1, 32)
    assert passed.enable_prefix_caching
    assert passed.dynamic_split_fuse
    only_memory = replace(PLAIN, scheduler=SchedulerSettings(cache_size_gb=2))
    assert _scheduler(only_memory)["scheduler_config"].max_num_batched_tokens == 2**63


def test_sampling_with_a_draft_changes_nothing() -> None:
    assert _scheduler(replace(PAIR, sampling=True)) == {}


def test_an_npu_says_that_it_does_not_use_them() -> None:
    findings = check_load(replace(PLAIN, placement=Placement("NPU"), scheduler=CHANGED))
    assert [(f.code, f.effect) for f in findings] == [(Reason.SCHEDULER_NOT_ON_NPU, Effect.IGNORED)]
    assert check_load(replace(PLAIN, scheduler=CHANGED)) == ()


@pytest.mark.parametrize(
    "wrong", [{"cache_size_gb": -1}, {"cache_size_gb": 4096}, {"max_num_batched_tokens": 0}]
)
def test_numbers_out_of_range_are_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ParameterError):
        SchedulerSettings(**wrong)  # type: ignore[arg-type]


def test_a_draft_takes_the_main_models_properties_only_unasked() -> None:
    inherited = replace(PAIR, main_properties=EXACT)
    assert draft_properties(inherited) == dict(EXACT)
    own = replace(inherited, draft_properties=(("INFERENCE_NUM_THREADS", 1),))
    assert draft_properties(own) == {"INFERENCE_NUM_THREADS": 1}
    none = draft_properties(replace(inherited, draft_properties=()))
    assert "INFERENCE_PRECISION_HINT" not in none
    assert none, "the runtime hands the main model's to a draft with an empty list"


@pytest.mark.openvino
@pytest.mark.parametrize("has_draft", [False, True])
def test_answers_are_the_same_with_every_scheduler(tiny: Pair, has_draft: bool) -> None:
    spec = LoadSpec(
        main_path=str(tiny.main),
        draft_path=str(tiny.draft) if has_draft else None,
        strategy=Strategy.DRAFT if has_draft else Strategy.NONE,
        placement=Placement("CPU", "CPU" if has_draft else None),
        main_properties=EXACT,
    )
    schedulers = (
        SchedulerSettings(),
        SchedulerSettings(cache_size_gb=1),
        SchedulerSettings(enable_prefix_caching=False),
        SchedulerSettings(max_num_batched_tokens=16),
        SchedulerSettings(max_num_batched_tokens=512, dynamic_split_fuse=False),
    )
    texts = set()
    backend = OpenVinoBackend()
    try:
        for scheduler in schedulers:
            backend.load(replace(spec, scheduler=scheduler), on_phase=lambda _phase: None)
            texts.add(ask(backend, "Hi", max_new_tokens=16, ignore_eos=True).text)
    finally:
        backend.close()
    assert len(texts) == 1
