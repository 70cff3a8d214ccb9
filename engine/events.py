"""Frozen messages from the engine to the outside.

Plain values, JSON-representable, no display text.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.device_properties import DeviceProperty
from engine.errors import ErrorInfo
from engine.metrics.report import GenerationReport, LengthDecision, LiveStats
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement
from engine.state import SessionState


class LoadPhase(StrEnum):
    """What a load is doing. The runtime gives no percentage, so there is none."""

    STARTING_ENGINE = "starting_engine"
    CHECKING = "checking"
    COMPILING_DRAFT = "compiling_draft"
    COMPILING_MAIN = "compiling_main"
    READING_TEMPLATE = "reading_template"
    """The chat template is tried; it has a time limit of its own."""
    WARMING_UP = "warming_up"


class FinishReason(StrEnum):
    """Why an answer ended."""

    END = "end"
    """End-of-sequence token or stop string."""
    LENGTH = "length"
    """max_new_tokens or the end of the context."""
    STOPPED = "stopped"
    """The user asked for it."""


class RestartCause(StrEnum):
    """Why the engine process had to be replaced."""

    CRASHED = "crashed"
    KILLED = "killed"
    PROTOCOL = "protocol"
    UNRESPONSIVE = "unresponsive"


class DeviceKind(StrEnum):
    """Kind of a compute device."""

    CPU = "cpu"
    INTEGRATED_GPU = "integrated_gpu"
    DISCRETE_GPU = "discrete_gpu"
    NPU = "npu"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceInfo:
    """One device as OpenVINO names it."""

    name: str
    """OpenVINO name: `CPU`, `GPU.0`, `NPU`."""
    full_name: str
    kind: DeviceKind
    memory_bytes: int | None = None
    driver_version: str | None = None
    uuid: str | None = None
    emulated: bool = False
    plugin_version: str | None = None
    capabilities: tuple[str, ...] = ()
    """What the plugin says it can do: `FP16`, `INT8`, `EXPORT_IMPORT`, ..."""
    properties: tuple[DeviceProperty, ...] = ()
    """What can be set; empty where the plugin was not asked."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TextSpan:
    """A stretch of released text and the verify step that completed it.

    Text lags tokens (incomplete UTF-8 is held back), so spans belong to text, not to tokens:
    every character belongs to the token that completes it.
    """

    characters: int
    step: int
    """Index of the run (0 = prefill) whose token completed these characters."""
    accepted: bool
    """True: an accepted draft token; False: the main model's own token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPipeline:
    """What was really built, as the backend reports it."""

    spec: LoadSpec
    main_name: str
    draft_name: str | None
    actual_main_device: str
    actual_draft_device: str | None
    load_s: float
    defaults: GenerationParams
    """The model's own defaults, from its generation_config.json."""
    context_length: int | None
    """Most tokens of prompt + answer; None when the model does not say."""
    knows_thinking: bool
    """Whether the chat template reads `enable_thinking`."""
    versions: tuple[tuple[str, str], ...]
    """(("openvino", "2026.4.1"), ...)"""
    fallback_from: Placement | None = None
    """What was asked for, where that placement crashes and this one took its place."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineEvent:
    """Root of all events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StateChanged(EngineEvent):
    """The only way the outside learns the state."""

    previous: SessionState
    state: SessionState


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadPhaseChanged(EngineEvent):
    """How far a load is."""

    phase: LoadPhase


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineLoaded(EngineEvent):
    """A load ended well."""

    pipeline: LoadedPipeline


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadFailed(EngineEvent):
    """A load ended without a pipeline of its own."""

    spec: LoadSpec
    error: ErrorInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationStarted(EngineEvent):
    """An answer is being made from now on."""

    generation_id: int
    params: GenerationParams
    """As asked for, with the draft length that was chosen; None fields are the model's own."""
    length_decision: LengthDecision | None = None
    """Where the draft length comes from, when it was chosen automatically."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensStreamed(EngineEvent):
    """One run. The last of an answer may have token_count 0: text that was held back."""

    generation_id: int
    text: str
    """May be empty."""
    spans: tuple[TextSpan, ...]
    """Cover `text` exactly."""
    token_count: int
    at_s: float
    """Seconds since the engine was asked to generate, on the engine's clock."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatsUpdated(EngineEvent):
    """Latest wins; at most one per run."""

    generation_id: int
    stats: LiveStats


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationFinished(EngineEvent):
    """An answer ended well, or was stopped."""

    generation_id: int
    finish_reason: FinishReason
    text: str
    """Exactly what was streamed."""
    report: GenerationReport


@dataclass(frozen=True, slots=True, kw_only=True)
class LengthDecided(EngineEvent):
    """What is decided for the next answer, told just before `GenerationFinished` of one with an
    automatic draft length.

    With the reason PLAIN_IS_FASTER it takes a load of the same main model without a draft to
    follow it; with BEST_EXPECTED while decoding is plain, one with the draft.
    """

    generation_id: int
    decision: LengthDecision


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationFailed(EngineEvent):
    """The text so far stays."""

    generation_id: int
    error: ErrorInfo
    text: str
    report: GenerationReport | None
    """What had been measured, or None when nothing was streamed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EngineRestarted(EngineEvent):
    """The engine process died or was ended; a fresh one stands ready, or will at the next load."""

    cause: RestartCause
    exit_code: int | None
    crash_file: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DevicesListed(EngineEvent):
    """The devices of this machine."""

    devices: tuple[DeviceInfo, ...]
    error: ErrorInfo | None
