"""Requests that fit: what is left out before asking, and after the engine said it was too long."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from app.core.generation_settings import GenerationSettings
from app.core.preferences import Overflow
from app.core.request_builder import RequestBasis, RequestBuilder
from engine.errors import ErrorCode, ErrorInfo
from engine.events import LoadedPipeline
from engine.messages import ChatMessage, Role
from engine.metrics.report import GenerationReport, RuntimeFigures
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy

BASIS = RequestBasis(
    settings=GenerationSettings(system_prompt="be kind", max_new_tokens=50, temperature=0.5),
    strategy=Strategy.DRAFT,
    num_assistant_tokens=4,
    overflow=Overflow.DROP_OLDEST,
)
REPORT = GenerationReport(
    finish_reason="end", strategy="draft", main_name="m", draft_name=None, main_device="CPU",
    draft_device=None, params=GenerationParams(), token_count=30, prompt_tokens=270,
    elapsed_s=1.0, ttft_s=None, tpot_s=None, tokens_per_s=None, accepted=None, drafted=None,
    acceptance_rate=None, mean_acceptance_length=None, run_lengths=(), run_times_s=(),
    versions=(), runtime=RuntimeFigures(),
)  # fmt: skip


def chat(turns: int) -> tuple[ChatMessage, ...]:
    messages = [ChatMessage(Role.SYSTEM, "be kind")]
    for number in range(turns):
        messages.append(ChatMessage(Role.USER, f"question {number} " * 5))
        messages.append(ChatMessage(Role.ASSISTANT, f"answer {number} " * 10))
    return (*messages, ChatMessage(Role.USER, "last"))


def builder(
    context: int | None = 400, *, basis: RequestBasis = BASIS, **spec: Any
) -> RequestBuilder:
    made = RequestBuilder(lambda: basis)
    made.use_pipeline(
        LoadedPipeline(
            spec=LoadSpec(main_path="m", **spec), main_name="m", draft_name=None,
            actual_main_device="CPU", actual_draft_device=None, load_s=1.0,
            defaults=GenerationParams(), context_length=context, knows_thinking=False, versions=(),
        )
    )  # fmt: skip
    return made


def too_long(prompt_tokens: int, limit: int) -> ErrorInfo:
    facts = (("limit", limit), ("prompt_tokens", prompt_tokens))
    return ErrorInfo(code=ErrorCode.PROMPT_TOO_LONG, message="too long", facts=facts)


def test_a_request_takes_the_settings_of_the_chat() -> None:
    request = builder().build(chat(1))
    assert request.params == GenerationParams(
        max_new_tokens=50, temperature=0.5, num_assistant_tokens=4
    )
    assert request.messages == chat(1)


def test_the_oldest_are_left_out_before_asking() -> None:
    made = builder()
    request = made.build(chat(20))
    assert made.dropped > 0
    assert request.messages[0].role is Role.SYSTEM
    assert request.messages[-1].content == "last"
    assert len(request.messages) == len(chat(20)) - 2 * made.dropped


def test_what_was_too_long_is_asked_again_until_it_fits() -> None:
    """The tokenizer counts three times what the estimate says; each answer teaches it."""
    made = builder(context=None)
    request = made.build(chat(12))
    assert made.dropped == 0
    asked = 1
    while (tokens := 40 * len(request.messages)) > 300:
        shorter = made.shorter(too_long(tokens, 300))
        assert shorter is not None
        assert len(shorter.messages) < len(request.messages)
        request, asked = shorter, asked + 1
    assert asked <= 4
    assert request.messages[0].role is Role.SYSTEM
    assert len(request.messages) == len(chat(12)) - 2 * made.dropped


def test_a_message_that_alone_is_too_long_is_not_asked_again() -> None:
    made = builder()
    made.build(chat(0))
    assert made.shorter(too_long(900, 300)) is None


@pytest.mark.parametrize(
    ("basis", "error"),
    [
        (replace(BASIS, overflow=Overflow.STOP), too_long(900, 300)),
        (BASIS, ErrorInfo(code=ErrorCode.RUNTIME_FAILED, message="broke")),
    ],
)
def test_other_failures_and_the_other_policy_stop(basis: RequestBasis, error: ErrorInfo) -> None:
    made = builder(context=None, basis=basis)
    assert made.build(chat(20)).messages == chat(20)
    assert made.shorter(error) is None


def test_the_use_is_what_the_report_says_until_the_chat_changes() -> None:
    made = builder(4096)
    asked = chat(2)
    made.build(asked)
    made.learn(REPORT)
    answered = (*asked, ChatMessage(Role.ASSISTANT, "yes"))
    use = made.use(answered, "")
    assert (use.used, use.is_measured, use.context) == (300, True, 4096)
    edited = (asked[0], ChatMessage(Role.USER, "other"), *answered[2:])
    assert not made.use(edited, "").is_measured
    made.use_pipeline(replace(_pipeline(), main_name="other"))
    assert not made.use(answered, "").is_measured


def test_an_npu_has_a_limit_of_its_own() -> None:
    npu = builder(None, placement=Placement(main_device="NPU"))
    assert npu.use(chat(1), "").budget == 1024


def test_what_the_pipeline_refuses_is_not_asked_for() -> None:
    settings = GenerationSettings(repetition_penalty=1.3, assistant_confidence_threshold=0.4)
    pair = {"draft_path": "d", "strategy": Strategy.DRAFT}
    on_npu = Placement(main_device="NPU", draft_device="NPU")
    made = builder(None, basis=replace(BASIS, settings=settings), placement=on_npu, **pair)
    params = made.build(chat(0)).params
    assert (params.repetition_penalty, params.assistant_confidence_threshold) == (None, None)
    on_cpu = Placement(main_device="CPU", draft_device="CPU")
    made = builder(None, basis=replace(BASIS, settings=settings), placement=on_cpu, **pair)
    params = made.build(chat(0)).params
    assert (params.repetition_penalty, params.assistant_confidence_threshold) == (1.3, 0.4)


def _pipeline() -> LoadedPipeline:
    return LoadedPipeline(
        spec=LoadSpec(main_path="m"), main_name="m", draft_name=None, actual_main_device="CPU",
        actual_draft_device=None, load_s=1.0, defaults=GenerationParams(), context_length=4096,
        knows_thinking=False, versions=(),
    )  # fmt: skip
