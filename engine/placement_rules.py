"""What the runtime refuses, changes or ignores, by strategy, placement and parameters.

Pure: front ends ask before they offer something, the backend before it acts.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.metrics.definitions import DEFAULT_NUM_ASSISTANT_TOKENS
from engine.params import GenerationParams
from engine.placement import LoadSpec, Properties, Strategy

NPU_DEFAULT_MAX_PROMPT_TOKENS = 1024
NPU_DEFAULT_MIN_RESPONSE_TOKENS = 128
_PORTABLE_PROPERTIES = ("INFERENCE_PRECISION_HINT", "CACHE_DIR")
_NPU_RUN_CAPACITY = 16  # 2 * 5 + 1 tokens, rounded up by the compiler


class Effect(StrEnum):
    """What becomes of a setting."""

    REFUSED = "refused"
    """It cannot be had here; the backend raises."""
    IGNORED = "ignored"
    """It has no effect here; shown as "not used here"."""
    CHANGED = "changed"
    """It works, but something else than usual comes with it."""


class Reason(StrEnum):
    """Why. Front ends have a sentence for each."""

    DEVICE_NAME_UNKNOWN_TO_NPU_PATH = "device_name_unknown_to_npu_path"
    PROMPT_LOOKUP_NOT_ON_NPU = "prompt_lookup_not_on_npu"
    SAMPLING_WITH_DRAFT_NOT_ON_NPU = "sampling_with_draft_not_on_npu"
    SAMPLING_WITH_DRAFT_NOT_ON_GPU = "sampling_with_draft_not_on_gpu"
    NO_CANDIDATES_IN_PLAIN_DECODING = "no_candidates_in_plain_decoding"
    THRESHOLD_NEEDS_DRAFT = "threshold_needs_draft"
    THRESHOLD_NOT_ON_NPU = "threshold_not_on_npu"
    THRESHOLD_NEEDS_GREEDY = "threshold_needs_greedy"
    THRESHOLD_NEEDS_CONFIDENCE = "threshold_needs_confidence"
    PENALTY_NOT_ON_NPU_DRAFT = "penalty_not_on_npu_draft"
    DRAFT_LENGTH_BUILT_IN = "draft_length_built_in"
    DRAFT_LENGTH_ADAPTS = "draft_length_adapts"
    ANSWER_LIMITED_ON_NPU = "answer_limited_on_npu"
    """Facts: limit, prompt."""
    AUTO_LENGTH_NEEDS_DRAFT = "auto_length_needs_draft"
    AUTO_LENGTH_NOT_ON_NPU = "auto_length_not_on_npu"
    SCHEDULER_NOT_ON_NPU = "scheduler_not_on_npu"
    GREEDY = "greedy"
    GREEDY_UNLESS_ASKED = "greedy_unless_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One setting that does not do what it says, and why."""

    code: Reason
    effect: Effect
    subject: str
    """Field of `GenerationParams` or `LoadSpec`, or a device name."""
    facts: tuple[tuple[str, str | int | float], ...] = ()


def uses_npu_draft_path(spec: LoadSpec) -> bool:
    """Whether the runtime takes its NPU path with a draft: other limits, other omissions."""
    return spec.strategy is Strategy.DRAFT and spec.placement.uses_npu


def check_load(spec: LoadSpec) -> tuple[Finding, ...]:
    """What of a load specification is refused or changed."""
    findings = [_sub_npu(device) for device in _devices(spec) if device.startswith("NPU.")]
    if spec.strategy is Strategy.PROMPT_LOOKUP and spec.placement.uses_npu:
        findings.append(_refused(Reason.PROMPT_LOOKUP_NOT_ON_NPU, "strategy"))
    if spec.strategy is Strategy.DRAFT:
        findings.extend(_check_draft_load(spec))
    if spec.placement.uses_npu and spec.scheduler.changes:
        code = Reason.SCHEDULER_NOT_ON_NPU
        findings.append(Finding(code=code, effect=Effect.IGNORED, subject="scheduler"))
    return tuple(findings)


def _check_draft_load(spec: LoadSpec) -> list[Finding]:
    findings: list[Finding] = []
    if spec.sampling and (reason := _why_no_sampling(spec)) is not None:
        findings.append(_refused(reason, "sampling"))
    if spec.placement.uses_npu:
        findings.append(_changed(Reason.DRAFT_LENGTH_ADAPTS, "num_assistant_tokens"))
        findings.extend(_check_draft_length(spec, spec.num_assistant_tokens))
    return findings


def _why_no_sampling(spec: LoadSpec) -> Reason | None:
    """Why a pipeline only ever takes the likeliest token, None when it samples."""
    if spec.strategy is not Strategy.DRAFT:
        return None
    if spec.placement.uses_npu:
        return Reason.SAMPLING_WITH_DRAFT_NOT_ON_NPU
    if any(device.startswith("GPU") for device in _devices(spec)):
        # openvino.genai issue 4190: crashes, or text that is silently wrong.
        return Reason.SAMPLING_WITH_DRAFT_NOT_ON_GPU
    return None


def check_params(spec: LoadSpec, params: GenerationParams) -> tuple[Finding, ...]:
    """What of the parameters a pipeline built from `spec` would refuse, change or ignore.

    Only what was set counts; for a model's own defaults ask `unused_defaults`.
    """
    findings = [*_check_candidates(spec, params), *_check_answer(spec, params)]
    if spec.strategy is Strategy.DRAFT:
        findings.extend(_check_with_draft(spec, params))
    if params.temperature == 0 or (params.temperature is None and is_greedy_by_rule(spec)):
        inert = ("top_p", "top_k", "seed")
        findings.extend(
            Finding(code=Reason.GREEDY, effect=Effect.IGNORED, subject=name)
            for name in inert
            if getattr(params, name) is not None
        )
    return tuple(findings)


def _check_answer(spec: LoadSpec, params: GenerationParams) -> list[Finding]:
    """An NPU has room for so much; a longer answer ends there."""
    limit = context_limit_of(spec)
    if limit is None or params.max_new_tokens is None or params.max_new_tokens < limit:
        return []
    return [
        Finding(
            code=Reason.ANSWER_LIMITED_ON_NPU,
            effect=Effect.CHANGED,
            subject="max_new_tokens",
            facts=(("limit", limit), ("prompt", prompt_limit_of(spec) or limit)),
        )
    ]


def _check_candidates(spec: LoadSpec, params: GenerationParams) -> list[Finding]:
    findings: list[Finding] = []
    if params.auto_num_assistant_tokens and not auto_length_is_possible(spec):
        has_draft = spec.strategy is Strategy.DRAFT
        code = Reason.AUTO_LENGTH_NOT_ON_NPU if has_draft else Reason.AUTO_LENGTH_NEEDS_DRAFT
        subject = "auto_num_assistant_tokens"
        findings.append(Finding(code=code, effect=Effect.IGNORED, subject=subject))
    if params.num_assistant_tokens is not None and spec.strategy is Strategy.NONE:
        findings.append(_refused(Reason.NO_CANDIDATES_IN_PLAIN_DECODING, "num_assistant_tokens"))
    if params.assistant_confidence_threshold is not None:
        if spec.strategy is not Strategy.DRAFT:
            # The runtime would loop for ever and fill the memory.
            findings.append(
                _refused(Reason.THRESHOLD_NEEDS_DRAFT, "assistant_confidence_threshold")
            )
        elif spec.placement.uses_npu:
            findings.append(_refused(Reason.THRESHOLD_NOT_ON_NPU, "assistant_confidence_threshold"))
    return findings


def _check_with_draft(spec: LoadSpec, params: GenerationParams) -> list[Finding]:
    findings: list[Finding] = []
    reason = _why_no_sampling(spec)
    if params.temperature and reason is not None:
        findings.append(_refused(reason, "temperature"))
    if reason is None and params.assistant_confidence_threshold is not None:
        findings.extend(_check_threshold(spec, params))
    if spec.placement.uses_npu and params.repetition_penalty not in (None, 1.0):
        findings.append(_refused(Reason.PENALTY_NOT_ON_NPU_DRAFT, "repetition_penalty"))
    findings.extend(_check_draft_length(spec, params.num_assistant_tokens))
    return findings


def _check_threshold(spec: LoadSpec, params: GenerationParams) -> list[Finding]:
    """Of a pipeline that samples."""
    subject = "assistant_confidence_threshold"
    if params.temperature:
        # The one exact way of accepting sampled candidates has a fixed length, see openvino_config.
        code = Reason.THRESHOLD_NEEDS_GREEDY
        return [Finding(code=code, effect=Effect.IGNORED, subject=subject)]
    if drafts_greedily(spec):
        return [_refused(Reason.THRESHOLD_NEEDS_CONFIDENCE, subject)]
    return []


def _check_draft_length(spec: LoadSpec, wanted: int | None) -> list[Finding]:
    limit = npu_draft_length_limit(spec)
    if limit is None or wanted is None or wanted <= limit:
        return []
    return [
        Finding(
            code=Reason.DRAFT_LENGTH_BUILT_IN,
            effect=Effect.REFUSED,
            subject="num_assistant_tokens",
            facts=(("limit", limit), ("wanted", wanted)),
        )
    ]


def unused_defaults(spec: LoadSpec, defaults: GenerationParams) -> tuple[Finding, ...]:
    """Which of a model's own defaults this pipeline does not use; nobody asked for them."""
    names: list[tuple[Reason, str]] = []
    if is_greedy_by_rule(spec) and defaults.temperature:
        names += [(_why_no_sampling(spec) or Reason.GREEDY_UNLESS_ASKED, "temperature")]
        inert = [name for name in ("top_p", "top_k") if getattr(defaults, name) is not None]
        names += [(Reason.GREEDY, name) for name in inert]
    if uses_npu_draft_path(spec) and defaults.repetition_penalty not in (None, 1.0):
        names += [(Reason.PENALTY_NOT_ON_NPU_DRAFT, "repetition_penalty")]
    return tuple(Finding(code=code, effect=Effect.IGNORED, subject=name) for code, name in names)


def is_greedy_by_rule(spec: LoadSpec) -> bool:
    """Whether answers are greedy unless a temperature is asked for, whatever the model says."""
    return spec.strategy is Strategy.DRAFT and not spec.sampling


def drafts_greedily(spec: LoadSpec) -> bool:
    """Whether the draft proposes its likeliest tokens even when answers are sampled."""
    return spec.greedy_draft and spec.strategy is Strategy.DRAFT and spec.placement.is_cpu_only


def auto_length_is_possible(spec: LoadSpec) -> bool:
    """Whether the session can choose the draft length of every answer.

    Not on an NPU: there the length is fixed when the pipeline is built, and the runtime varies it
    by itself. Not without a draft model: runs do not tell how often prompt lookup proposed.
    """
    return spec.strategy is Strategy.DRAFT and not spec.placement.uses_npu


def npu_draft_length_limit(spec: LoadSpec) -> int | None:
    """Longest `num_assistant_tokens` of a main model on the NPU with a draft, None elsewhere.

    A run of twice that length and one must fit into what the main model is compiled for, and the
    runtime lets no property change that.
    """
    if spec.strategy is not Strategy.DRAFT or spec.placement.main_device != "NPU":
        return None
    return (_NPU_RUN_CAPACITY - 1) // 2


def properties_of_draft(spec: LoadSpec) -> Properties:
    """Plugin properties of the draft model: its own, else the main model's that fit its device."""
    if spec.draft_properties is not None:
        return spec.draft_properties
    placement = spec.placement
    same_kind = (placement.main_device == "NPU") == (placement.draft_device == "NPU")
    return tuple(
        entry for entry in spec.main_properties if same_kind or entry[0] in _PORTABLE_PROPERTIES
    )


def prompt_limit_of(spec: LoadSpec) -> int | None:
    """Most prompt tokens the models on an NPU take, None without one; the tightest counts."""
    return min(map(npu_prompt_limit, _npu_properties(spec)), default=None)


def context_limit_of(spec: LoadSpec) -> int | None:
    """Most tokens of prompt and answer the models on an NPU take, None without one."""
    return min(map(npu_context_length, _npu_properties(spec)), default=None)


def _npu_properties(spec: LoadSpec) -> list[Properties]:
    found = []
    if spec.placement.main_device == "NPU":
        found.append(spec.main_properties)
    if spec.placement.draft_device == "NPU":
        found.append(properties_of_draft(spec))
    return found


def npu_prompt_limit(properties: Properties) -> int:
    """Most prompt tokens of a pipeline with an NPU, from its plugin properties."""
    return int(dict(properties).get("MAX_PROMPT_LEN", NPU_DEFAULT_MAX_PROMPT_TOKENS))


def npu_context_length(properties: Properties) -> int:
    """Most tokens of prompt and answer of a pipeline with an NPU."""
    response = dict(properties).get("MIN_RESPONSE_LEN", NPU_DEFAULT_MIN_RESPONSE_TOKENS)
    return npu_prompt_limit(properties) + int(response)


def reserved_tokens(spec: LoadSpec, params: GenerationParams) -> int:
    """Tokens that must stay free at the end of the context.

    With a draft the NPU path throws there: it needs room for a whole rejected run.
    """
    if not uses_npu_draft_path(spec):
        return 0
    seed = params.num_assistant_tokens or spec.num_assistant_tokens or DEFAULT_NUM_ASSISTANT_TOKENS
    return 2 * seed + 5


def _devices(spec: LoadSpec) -> tuple[str, ...]:
    placement = spec.placement
    return tuple(name for name in (placement.main_device, placement.draft_device) if name)


def _sub_npu(device: str) -> Finding:
    return _refused(Reason.DEVICE_NAME_UNKNOWN_TO_NPU_PATH, device)


def _refused(code: Reason, subject: str) -> Finding:
    return Finding(code=code, effect=Effect.REFUSED, subject=subject)


def _changed(code: Reason, subject: str) -> Finding:
    return Finding(code=code, effect=Effect.CHANGED, subject=subject)
