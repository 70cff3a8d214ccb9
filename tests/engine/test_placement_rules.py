"""What is refused, ignored or changed, combination by combination."""

from __future__ import annotations

from typing import Any

import pytest

from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.placement_rules import (
    Effect,
    Finding,
    check_load,
    check_params,
    drafts_greedily,
    npu_context_length,
    npu_prompt_limit,
    reserved_tokens,
    unused_defaults,
)


def draft(main: str = "CPU", second: str = "CPU", **options: Any) -> LoadSpec:
    return LoadSpec(
        main_path="m",
        draft_path="d",
        strategy=Strategy.DRAFT,
        placement=Placement(main, second),
        **options,
    )


def alone(strategy: Strategy = Strategy.NONE, device: str = "CPU") -> LoadSpec:
    return LoadSpec(main_path="m", strategy=strategy, placement=Placement(device))


def told(findings: tuple[Finding, ...]) -> list[tuple[str, str, str]]:
    return [(str(f.effect), f.subject, str(f.code)) for f in findings]


@pytest.mark.parametrize(
    "spec",
    [
        alone(),
        alone(device="NPU"),
        alone(device="GPU.1"),
        alone(Strategy.PROMPT_LOOKUP),
        draft(),
        draft("GPU.0", "CPU"),
        draft("AUTO", "CPU"),
    ],
)
def test_what_simply_works(spec: LoadSpec) -> None:
    assert check_load(spec) == ()


@pytest.mark.parametrize(
    ("spec", "effect", "code"),
    [
        (alone(Strategy.PROMPT_LOOKUP, "NPU"), "refused", "prompt_lookup_not_on_npu"),
        (alone(device="NPU.0"), "refused", "device_name_unknown_to_npu_path"),
        (draft("CPU", "NPU.1"), "refused", "device_name_unknown_to_npu_path"),
        (draft("GPU", "CPU", sampling=True), "refused", "sampling_with_draft_not_on_gpu"),
        (draft("CPU", "GPU.1", sampling=True), "refused", "sampling_with_draft_not_on_gpu"),
        (draft("NPU", "NPU", sampling=True), "refused", "sampling_with_draft_not_on_npu"),
        (draft("CPU", "NPU"), "changed", "draft_length_adapts"),
        (draft("NPU", "CPU", num_assistant_tokens=8), "refused", "draft_length_built_in"),
    ],
)
def test_a_load_that_is_special(spec: LoadSpec, effect: str, code: str) -> None:
    assert (effect, code) in [(e, c) for e, _, c in told(check_load(spec))]


@pytest.mark.parametrize(
    ("spec", "params", "expected"),
    [
        (alone(), {"num_assistant_tokens": 3}, "no_candidates_in_plain_decoding"),
        (alone(), {"assistant_confidence_threshold": 0.4}, "threshold_needs_draft"),
        (
            alone(Strategy.PROMPT_LOOKUP),
            {"assistant_confidence_threshold": 0.4},
            "threshold_needs_draft",
        ),
        (draft("NPU", "NPU"), {"assistant_confidence_threshold": 0.4}, "threshold_not_on_npu"),
        (draft("GPU", "CPU"), {"temperature": 0.7}, "sampling_with_draft_not_on_gpu"),
        (draft("CPU", "NPU"), {"temperature": 0.7}, "sampling_with_draft_not_on_npu"),
        (
            draft(greedy_draft=True),
            {"assistant_confidence_threshold": 0.4},
            "threshold_needs_confidence",
        ),
        (draft("NPU", "CPU"), {"repetition_penalty": 1.1}, "penalty_not_on_npu_draft"),
        (draft("NPU", "CPU"), {"num_assistant_tokens": 8}, "draft_length_built_in"),
    ],
)
def test_refused_parameters(spec: LoadSpec, params: dict[str, Any], expected: str) -> None:
    refused = [
        f for f in check_params(spec, GenerationParams(**params)) if f.effect is Effect.REFUSED
    ]
    assert told(tuple(refused)) == [("refused", next(iter(params)), expected)]


@pytest.mark.parametrize(
    ("spec", "params"),
    [
        (alone(), {"temperature": 0.7, "top_p": 0.9, "top_k": 5, "seed": 1}),
        (alone(device="NPU"), {"repetition_penalty": 1.2, "stop_strings": ("x",)}),
        (alone(Strategy.PROMPT_LOOKUP), {"num_assistant_tokens": 3, "temperature": 0.5}),
        (draft(), {"assistant_confidence_threshold": 0.4}),
        (draft("GPU", "CPU", greedy_draft=True), {"assistant_confidence_threshold": 0.4}),
        (draft(), {"temperature": 0.7, "num_assistant_tokens": 30, "seed": 1}),
        (draft(greedy_draft=True), {"temperature": 0.7, "num_assistant_tokens": 3}),
        (draft("NPU", "NPU"), {"num_assistant_tokens": 7, "stop_strings": ("x",)}),
        (draft("CPU", "NPU"), {"num_assistant_tokens": 12, "repetition_penalty": 1.0}),
        (draft("NPU", "CPU"), {"temperature": 0.0}),
    ],
)
def test_parameters_that_work(spec: LoadSpec, params: dict[str, Any]) -> None:
    assert check_params(spec, GenerationParams(**params)) == ()


def test_sampling_parameters_of_a_greedy_answer_are_not_used() -> None:
    params = GenerationParams(temperature=0, top_p=0.9, top_k=4, seed=1)
    expected = [("ignored", name, "greedy") for name in ("top_p", "top_k", "seed")]
    assert told(check_params(alone(), params)) == expected
    assert told(check_params(draft(), GenerationParams(top_p=0.9))) == expected[:1]


def test_what_a_model_wishes_and_does_not_get() -> None:
    wishes = GenerationParams(temperature=0.6, top_p=0.9, repetition_penalty=1.2)
    assert unused_defaults(alone(), wishes) == ()
    assert unused_defaults(draft(sampling=True), wishes) == ()
    assert [f.subject for f in unused_defaults(draft(), wishes)] == ["temperature", "top_p"]
    assert [f.subject for f in unused_defaults(draft("NPU", "NPU"), wishes)] == [
        "temperature",
        "top_p",
        "repetition_penalty",
    ]
    greedy = GenerationParams(temperature=0.0, repetition_penalty=1.0)
    assert unused_defaults(draft("NPU", "NPU"), greedy) == ()


def test_limits_of_the_npu() -> None:
    assert npu_prompt_limit(()) == 1024
    assert npu_context_length(()) == 1152
    properties = (("MAX_PROMPT_LEN", 200), ("MIN_RESPONSE_LEN", 50))
    assert (npu_prompt_limit(properties), npu_context_length(properties)) == (200, 250)
    assert reserved_tokens(alone(device="NPU"), GenerationParams()) == 0
    assert reserved_tokens(draft("NPU", "NPU"), GenerationParams()) == 15
    assert reserved_tokens(draft("CPU", "NPU"), GenerationParams(num_assistant_tokens=7)) == 19


def test_a_draft_is_greedy_on_the_cpu_alone() -> None:
    assert drafts_greedily(draft(greedy_draft=True))
    assert not drafts_greedily(draft())
    for main, other in (("GPU", "CPU"), ("CPU", "GPU"), ("CPU", "NPU")):
        assert not drafts_greedily(draft(main, other, greedy_draft=True))


def test_on_the_cpu_sampling_with_a_draft_is_nothing_special() -> None:
    assert check_load(draft(sampling=True)) == ()


def test_sampled_drafts_have_a_fixed_length() -> None:
    params = GenerationParams(temperature=0.7, assistant_confidence_threshold=0.4)
    assert told(check_params(draft(), params)) == [
        ("ignored", "assistant_confidence_threshold", "threshold_needs_greedy")
    ]
