"""Strategies and placements: what is decided when a pipeline is built. Values only."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum

from engine.errors import ErrorCode, ParameterError

LEAST_CONTEXT_LIMIT = 256
"""Fewest tokens of prompt and answer a limit leaves."""
PropertyValue = str | int | float | bool
Properties = tuple[tuple[str, PropertyValue], ...]
"""Plugin properties, e.g. `(("INFERENCE_PRECISION_HINT", "f32"),)`."""


_PLACES = ("_DIR", "_PATH")
"""How properties end that say where something lies: they change no figure of an answer."""


class Strategy(StrEnum):
    """How candidate tokens are proposed. Fixed when the pipeline is built."""

    DRAFT = "draft"
    """Speculative decoding: a draft model proposes, the main model verifies."""
    PROMPT_LOOKUP = "prompt_lookup"
    """Candidates are copied from the prompt (n-gram match); no second model."""
    NONE = "none"
    """Plain decoding: one main step per token."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Which device runs which model, by OpenVINO device name (`CPU`, `GPU.0`, `NPU`)."""

    main_device: str = "CPU"
    draft_device: str | None = None
    """None without a draft model."""

    @property
    def uses_npu(self) -> bool:
        """Whether either model runs on an NPU; the runtime takes another path then.

        The runtime compares with exactly "NPU"; "NPU.0" is not recognised by it.
        """
        return "NPU" in (self.main_device, self.draft_device)

    @property
    def is_cpu_only(self) -> bool:
        """Whether no accelerator takes part."""
        return {self.main_device, self.draft_device} <= {"CPU", None}


@dataclass(frozen=True, slots=True, kw_only=True)
class SchedulerSettings:
    """Memory and batching of the runtime's continuous batching (CPU and GPU). The defaults are
    what the runtime does unasked.

    Raises:
        ParameterError: a number is out of range.
    """

    cache_size_gb: int = 0
    """KV cache of both models in GiB, taken when the pipeline is built; 0 grows as needed."""
    enable_prefix_caching: bool = True
    """Whether what was read once need not be read again in the next turn."""
    max_num_batched_tokens: int | None = None
    """Most tokens of a prompt read at a time; None reads all of it in one piece."""
    dynamic_split_fuse: bool = True
    """Whether a long prompt may be read in pieces at all."""

    def __post_init__(self) -> None:
        batch = self.max_num_batched_tokens
        if not 0 <= self.cache_size_gb <= 1024:
            raise ParameterError("cache_size_gb is out of range.", parameter="cache_size_gb")
        if batch is not None and not 1 <= batch <= 2**31 - 1:
            raise ParameterError(
                "max_num_batched_tokens is out of range.", parameter="max_num_batched_tokens"
            )

    @property
    def changes(self) -> Properties:
        """The settings that are not the default, by name."""
        default = SchedulerSettings()
        values = ((field.name, getattr(self, field.name)) for field in fields(self))
        return tuple((name, value) for name, value in values if value != getattr(default, name))


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadSpec:
    """Everything that is fixed when a pipeline is built.

    Raises:
        ParameterError: the parts contradict each other (draft strategy without a draft, ...).
    """

    main_path: str
    """Folder of the main model."""
    draft_path: str | None = None
    strategy: Strategy = Strategy.NONE
    placement: Placement = field(default_factory=Placement)
    sampling: bool = False
    """Whether answers with temperature > 0 will be asked for, which a GPU or an NPU cannot give
    together with a draft. On the CPU one pipeline does both; there it only says that the model's
    own temperature holds, too."""
    greedy_draft: bool = False
    """Whether the draft may propose nothing but its likeliest tokens, of which more are accepted
    when answers are sampled. It has no confidence then: an assistant_confidence_threshold is
    refused. Only on the CPU; elsewhere it changes nothing, for there a draft never samples."""
    num_assistant_tokens: int | None = None
    """Draft length the pipeline is built for; the NPU bakes it in. None: the runtime's 5."""
    main_properties: Properties = ()
    """Plugin properties for the main model, e.g. `(("INFERENCE_PRECISION_HINT", "f32"),)`."""
    draft_properties: Properties | None = None
    """None: those of the main model that fit the draft's device; empty: none at all."""
    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    """Ignored on an NPU, which has no continuous batching."""
    context_limit: int | None = None
    """Most tokens of prompt and answer that are wanted; None is what the model can."""

    @property
    def changes(self) -> tuple[tuple[str, str, PropertyValue], ...]:
        """What was set and may change what is measured: (device, name, value). Device twice the
        same holds for both models; memory and batching come under the main model's.
        """
        found: dict[tuple[str, str], PropertyValue] = {}
        for device, properties in (
            (self.placement.main_device, self.main_properties),
            (self.placement.main_device, self.scheduler.changes),
            (self.placement.draft_device, self.draft_properties or ()),
        ):
            for name, value in properties:
                if device is not None and not name.endswith(_PLACES):
                    found.setdefault((device, name), value)
        return tuple((device, name, value) for (device, name), value in found.items())

    def __post_init__(self) -> None:
        if not self.main_path:
            raise ParameterError("No main model was chosen.", code=ErrorCode.MODEL_NOT_FOUND)
        if self.context_limit is not None and self.context_limit < 1:
            raise ParameterError("context_limit is below 1.", parameter="context_limit")
        wants_draft = self.strategy is Strategy.DRAFT
        if wants_draft and not self.draft_path:
            raise ParameterError(
                "The draft strategy needs a draft model.", code=ErrorCode.MODEL_NOT_FOUND
            )
        if wants_draft and not self.placement.draft_device:
            raise ParameterError(
                "The draft model has no device.", code=ErrorCode.DEVICE_NOT_AVAILABLE
            )
        if not wants_draft and (self.draft_path or self.placement.draft_device):
            raise ParameterError(
                f"The strategy '{self.strategy}' uses no draft model.",
                code=ErrorCode.PARAMETER_UNSUPPORTED,
            )
