"""Builds the runtime's pipeline for a load specification. Raises typed errors only."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from engine.backends.detokenizer import DetokenizerFactory
from engine.backends.greedy_draft import GreedyDrafts
from engine.backends.openvino_config import ModelSettings, read_settings
from engine.backends.openvino_emulation import runtime_device, runtime_properties
from engine.backends.openvino_errors import load_error
from engine.backends.openvino_runtime import load_genai, load_openvino
from engine.backends.openvino_tokenizer import PipelineTokenizer
from engine.errors import DeviceError, EngineError, ErrorCode, ModelError
from engine.events import LoadPhase
from engine.messages import GenerationRequest
from engine.models.inspection import Inspection, inspect_folder, require_loadable
from engine.models.loadable import main_reasons
from engine.models.manifest import ModelKind
from engine.models.pair_rules import check_pair
from engine.models.reasons import Reason, ReasonCode, Severity
from engine.placement import LoadSpec, PropertyValue, Strategy
from engine.placement_rules import (
    Effect,
    check_load,
    context_limit_of,
    drafts_greedily,
    prompt_limit_of,
    properties_of_draft,
)

_CODES = {
    ReasonCode.TOKENIZER_DIFFERS: ErrorCode.TOKENIZER_MISMATCH,
    ReasonCode.SPECIAL_IDS_DIFFER: ErrorCode.TOKENIZER_MISMATCH,
}
_OF_THE_MAIN = (
    ReasonCode.MAIN_NOT_RUN_HERE,
    ReasonCode.MAIN_TAKES_NO_DRAFT,
    ReasonCode.MAIN_CONFIG_MISSING,
    ReasonCode.TOO_FEW_LAYERS,
)
_NEUTRAL = (("PERFORMANCE_HINT", "LATENCY"),)
"""The default of every plugin: says nothing, and keeps a list from being empty."""
_UNLIMITED = 2**63
# Punctuation that clean-up rules would move, a decomposed accent, and characters of 1 to 4 bytes.
_PROBE = "Hello , world ! It 's  a do n't . \n\n\te\u0301 naïve Ünïcode 中文，你好。 🙂👩‍🚀 <0x0A>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pipeline:
    """A built pipeline and what is known of it."""

    spec: LoadSpec
    runtime: Any
    tokenizer: PipelineTokenizer
    detokenizers: DetokenizerFactory
    settings: ModelSettings
    main_name: str
    draft_name: str | None
    context_length: int | None
    prompt_limit: int | None


def build_pipeline(
    spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None], stand_ins: GreedyDrafts | None = None
) -> Pipeline:
    """Check both folders, then build.

    Args:
        stand_ins: makes the folder that a greedy draft is read from, which the caller clears away
            afterwards; None reads every draft as it is.

    Raises:
        ModelError, DeviceError, LoadError: with facts `model` (main, draft) and `device`.
    """
    on_phase(LoadPhase.CHECKING)
    _require_supported(spec)
    main, draft = require_models(spec)
    folder = _draft_folder(spec, draft, stand_ins)
    candidates = _candidates(spec, folder, on_phase=on_phase)
    on_phase(LoadPhase.COMPILING_MAIN)
    runtime = _build_main(spec, candidates)
    return _describe(spec, runtime=runtime, main=main, draft=draft)


def _require_supported(spec: LoadSpec) -> None:
    for finding in check_load(spec):
        if finding.effect is Effect.REFUSED:
            raise DeviceError(
                f"{finding.subject} cannot be used with this placement: {finding.code}.",
                code=ErrorCode.PLACEMENT_UNSUPPORTED,
                subject=finding.subject,
                reason=str(finding.code),
                main_device=spec.placement.main_device,
                draft_device=spec.placement.draft_device or "",
            )


def require_models(spec: LoadSpec) -> tuple[Inspection, Inspection | None]:
    """Look at the folders and refuse what the pair checker calls impossible; loads nothing.

    Raises:
        ModelError: with facts `model` (main, draft) and, unless a folder is damaged, `reason`.
    """
    main = _inspect(spec.main_path, role="main")
    if spec.draft_path is None:
        _refuse(main_reasons(main, spec.placement.main_device), main, None)
        return main, None
    draft = _inspect(spec.draft_path, role="draft")
    _refuse(check_pair(main, draft, placement=spec.placement), main, draft)
    return main, draft


def _inspect(path: str, *, role: str) -> Inspection:
    try:
        inspection = inspect_folder(Path(path))
        require_loadable(inspection)
    except EngineError as error:
        facts = {**dict(error.facts), "model": role, "path": path}
        raise ModelError(str(error), code=error.code, hint=error.hint, **facts) from error
    return inspection


def _refuse(reasons: Iterable[Reason], main: Inspection, draft: Inspection | None) -> None:
    reason = next((reason for reason in reasons if reason.severity is Severity.BLOCK), None)
    if reason is None:
        return
    is_main = reason.code in _OF_THE_MAIN or dict(reason.facts).get("which") == "main"
    role, model = ("main", main) if is_main or draft is None else ("draft", draft)
    facts = {
        **dict(reason.facts),
        "model": role,
        "path": model.path,
        "kind": str(model.kind),
        "reason": str(reason.code),
    }
    raise ModelError(
        f"{model.name} cannot be the {role} model: {reason.code}.",
        code=_CODES.get(reason.code, ErrorCode.MODEL_UNSUPPORTED),
        hint=None,
        **facts,
    )


def _draft_folder(
    spec: LoadSpec, draft: Inspection | None, stand_ins: GreedyDrafts | None
) -> str | None:
    """Where the runtime reads the draft; everyone else goes on using the model's own folder."""
    is_model = draft is not None and draft.kind is ModelKind.LLM  # no head on the main model
    if spec.draft_path is None or stand_ins is None or not is_model or not drafts_greedily(spec):
        return spec.draft_path
    return str(stand_ins.stand_in_for(Path(spec.draft_path)))


def _candidates(
    spec: LoadSpec, draft_folder: str | None, *, on_phase: Callable[[LoadPhase], None]
) -> dict[str, Any]:
    """Properties that say where candidates come from.

    A draft model is made anew for every load: the runtime transforms it in place.
    """
    if spec.strategy is Strategy.PROMPT_LOOKUP:
        return {"prompt_lookup": True}
    if spec.strategy is not Strategy.DRAFT or draft_folder is None:
        return {}
    on_phase(LoadPhase.COMPILING_DRAFT)
    device = spec.placement.draft_device or spec.placement.main_device
    try:
        draft = load_genai().draft_model(
            draft_folder,
            runtime_device(device),
            **runtime_properties(device, draft_properties(spec)),
        )
    except (RuntimeError, MemoryError) as error:
        raise load_error(error, model="draft", path=str(spec.draft_path), device=device) from error
    return {"draft_model": draft}


def _scheduler(spec: LoadSpec) -> dict[str, Any]:
    """Memory and batching where something else than the runtime's own is wanted."""
    wanted = spec.scheduler
    if spec.placement.uses_npu or not wanted.changes:
        return {}
    scheduler = load_genai().SchedulerConfig()
    # Without a scheduler the runtime reads prompts in one piece; this object's own default does
    # not.
    batch = wanted.max_num_batched_tokens or _UNLIMITED
    scheduler.max_num_batched_tokens = batch
    scheduler.max_num_seqs = min(scheduler.max_num_seqs, batch)
    scheduler.enable_prefix_caching = wanted.enable_prefix_caching
    scheduler.cache_size = wanted.cache_size_gb
    scheduler.dynamic_split_fuse = wanted.dynamic_split_fuse
    return {"scheduler_config": scheduler}


def draft_properties(spec: LoadSpec) -> dict[str, PropertyValue]:
    """Plugin properties of the draft model: its own, else the main model's that fit its device."""
    if spec.draft_properties:
        return dict(spec.draft_properties)
    if spec.draft_properties is not None:
        # The runtime hands the main model's on to a draft without any.
        return dict(_NEUTRAL) if spec.main_properties else {}
    return dict(properties_of_draft(spec))


def _build_main(spec: LoadSpec, candidates: dict[str, Any]) -> Any:
    device = spec.placement.main_device
    properties = runtime_properties(device, dict(spec.main_properties))
    name = runtime_device(device)
    try:
        return load_genai().LLMPipeline(
            spec.main_path, name, **properties, **candidates, **_scheduler(spec)
        )
    except (RuntimeError, MemoryError) as error:
        facts = {"model": "main", "path": spec.main_path, "device": device}
        if spec.placement.draft_device is not None:
            facts["draft_device"] = spec.placement.draft_device
        raise load_error(error, **facts) from error


def _describe(
    spec: LoadSpec, *, runtime: Any, main: Inspection, draft: Inspection | None
) -> Pipeline:
    tokenizer = PipelineTokenizer(runtime.get_tokenizer())
    end_tokens = main.config.eos_ids or (tokenizer.end_token,)
    return Pipeline(
        spec=spec,
        runtime=runtime,
        tokenizer=tokenizer,
        detokenizers=DetokenizerFactory(
            tokenizer, tokenizer.vocabulary(), probe=tokenizer.encode(_PROBE)
        ),
        settings=read_settings(Path(spec.main_path), end_tokens=end_tokens),
        main_name=main.name,
        draft_name=draft.name if draft is not None else None,
        context_length=_context_length(spec, main),
        prompt_limit=prompt_limit_of(spec),
    )


def _context_length(spec: LoadSpec, main: Inspection) -> int | None:
    limits = (main.context_length, spec.context_limit, context_limit_of(spec))
    return min((limit for limit in limits if limit is not None), default=None)


def make_history(request: GenerationRequest) -> Any:
    """The runtime's chat history for a request, without the answer that is to be continued."""
    said = request.messages[:-1] if request.begun_answer else request.messages
    messages = [{"role": str(message.role), "content": message.content} for message in said]
    history = load_genai().ChatHistory(messages)
    if request.enable_thinking is not None:
        history.set_extra_context({"enable_thinking": request.enable_thinking})
    return history


def runtime_versions() -> tuple[tuple[str, str], ...]:
    """Versions of the runtime's parts."""
    versions = [
        ("openvino", str(load_openvino().get_version())),
        ("openvino_genai", str(load_genai().get_version())),
    ]
    with suppress(metadata.PackageNotFoundError):  # a frozen program may lack it
        versions.append(("openvino_tokenizers", metadata.version("openvino-tokenizers")))
    return tuple(versions)
