"""Choices about models: which hub, its mirror, speed, what was agreed to, defaults per model. The
window and the headless front end read the same file.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from engine.atomic_file import set_aside
from engine.codec import from_plain, to_plain
from engine.errors import EngineError
from engine.metrics.definitions import DEFAULT_NUM_ASSISTANT_TOKENS
from engine.models.json_file import read_json_object, write_json_atomically
from engine.models.manifest import SourceType
from engine.models.orders import HubChoice
from engine.placement import Placement, Strategy

_log = logging.getLogger(__name__)
SETTINGS_NAME = "models.json"
"""The file, in the folder of the configuration."""
_SCHEMA = 1
HUBS = (SourceType.HUGGINGFACE, SourceType.MIRROR, SourceType.MODELSCOPE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelDefaults:
    """How a main model is loaded and asked when it is chosen."""

    model_id: str
    strategy: Strategy | None = None
    """None is what it was chosen with."""
    main_device: str = "CPU"
    draft_device: str = "CPU"
    num_assistant_tokens: int = DEFAULT_NUM_ASSISTANT_TOKENS
    temperature: float = 0.0
    top_p: float | None = None
    """None, here and below, is the model's own."""
    top_k: int | None = None
    repetition_penalty: float | None = None
    max_new_tokens: int = 512
    context_limit: int | None = None
    """Most tokens of prompt and answer; None is what the model can."""


SAMPLING = ("temperature", "top_p", "top_k", "repetition_penalty", "max_new_tokens")
"""Fields of `ModelDefaults` about how a main is asked, not loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSettings:
    """All of them. A file that cannot be read means the defaults."""

    hub: SourceType = SourceType.HUGGINGFACE
    mirror: str = ""
    """Address of the mirror; empty until one was verified."""
    speed_limit_kb_per_s: int = 0
    """0 means none."""
    agreed: tuple[str, ...] = ()
    """Repositories of unknown owners the user agreed to."""
    defaults: tuple[ModelDefaults, ...] = ()

    @property
    def hub_choice(self) -> HubChoice:
        """The hub to ask; a mirror without an address is the hub itself."""
        if self.hub is SourceType.MIRROR and self.mirror:
            return HubChoice(type=self.hub, endpoint=self.mirror)
        known = self.hub if self.hub is SourceType.MODELSCOPE else SourceType.HUGGINGFACE
        return HubChoice(type=known)

    @property
    def speed_limit_bytes_per_s(self) -> float | None:
        """The limit for the queue."""
        return self.speed_limit_kb_per_s * 1000.0 or None

    def defaults_of(self, model_id: str) -> ModelDefaults | None:
        """The defaults of a main model, or None."""
        return next((entry for entry in self.defaults if entry.model_id == model_id), None)

    def with_defaults(self, model_id: str, defaults: ModelDefaults | None) -> ModelSettings:
        """A copy with other defaults for one model; None takes them away."""
        kept = tuple(entry for entry in self.defaults if entry.model_id != model_id)
        return replace(self, defaults=kept if defaults is None else (*kept, defaults))

    def with_placement(
        self,
        base: ModelDefaults,
        *,
        strategy: Strategy,
        placement: Placement,
        num_assistant_tokens: int | None,
    ) -> ModelSettings:
        """A copy in which a main is loaded as was found best for it.

        Args:
            base: what the defaults of the main are made from where it has none yet.
            num_assistant_tokens: None where the strategy has no length; the one there is stays.
        """
        before = self.defaults_of(base.model_id) or base
        found = replace(
            before,
            strategy=strategy,
            main_device=placement.main_device,
            draft_device=placement.draft_device or before.draft_device,
            num_assistant_tokens=num_assistant_tokens or before.num_assistant_tokens,
        )
        return self.with_defaults(base.model_id, found)

    def with_renamed(self, names: Mapping[str, str]) -> ModelSettings:
        """A copy for devices that have another name now: old name -> new name."""
        moved = tuple(
            replace(
                entry,
                main_device=names.get(entry.main_device, entry.main_device),
                draft_device=names.get(entry.draft_device, entry.draft_device),
            )
            for entry in self.defaults
        )
        return replace(self, defaults=moved)

    def with_agreed(self, repository: str) -> ModelSettings:
        """A copy that remembers an agreement."""
        if repository in self.agreed:
            return self
        return replace(self, agreed=(*self.agreed, repository))


def read_model_settings(file: Path, *, mirror: str | None = None) -> ModelSettings:
    """Read the file; `mirror` is what to begin with where there is none.

    One that cannot be read, or that a newer program wrote, is set aside.
    """
    fresh = ModelSettings()
    if mirror is not None:
        fresh = ModelSettings(hub=SourceType.MIRROR, mirror=mirror)
    if not file.is_file():
        return fresh
    try:
        data = read_json_object(file)
        if data.get("schema") == _SCHEMA:
            return from_plain(ModelSettings, data.get("settings"))
    except (EngineError, ValueError) as error:
        _log.info("%s cannot be read: %s", file.name, error)
    set_aside(file)
    return fresh


def write_model_settings(file: Path, settings: ModelSettings) -> None:
    """Replace the file.

    Raises:
        StorageError: STORAGE_NOT_WRITABLE or DISK_FULL.
    """
    write_json_atomically(file, {"schema": _SCHEMA, "settings": to_plain(settings)})
