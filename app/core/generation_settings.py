"""How answers of one chat are made: sampling, limits, system prompt. A value that JSON can hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from app.core.preferences import Preferences, PreferenceValue, changed, declarations
from engine.params import GenerationParams
from engine.placement import Strategy

USUAL_THRESHOLD = 0.4
"""The confidence threshold that is offered first."""


class LengthMode(StrEnum):
    """How the draft length is chosen."""

    FIXED = "fixed"
    CONFIDENCE = "confidence"
    AUTO = "auto"


@dataclass(frozen=True, slots=True, kw_only=True)
class GenerationSettings:
    """Every field but `preset` and `enable_thinking` is a preference of the same name and range.

    None means: what the model's generation_config.json says. Guarantees, when made by `changed`:
    an automatic draft length and a confidence threshold exclude each other.
    """

    preset: str = ""
    """Key of the preset they came from; empty without one."""
    system_prompt: str = ""
    temperature: float = 0.0
    top_p: float | None = None
    top_k: int | None = None
    repetition_penalty: float | None = None
    seed: int | None = None
    max_new_tokens: int = 512
    stop_strings: tuple[str, ...] = ()
    assistant_confidence_threshold: float | None = None
    """Draft until its confidence falls below; None drafts num_assistant_tokens at a time."""
    auto_draft_length: bool = False
    """The engine chooses num_assistant_tokens between answers from its own measurements."""
    enable_thinking: bool | None = None

    @property
    def length_mode(self) -> LengthMode:
        """How the draft length is chosen."""
        if self.auto_draft_length:
            return LengthMode.AUTO
        has_threshold = self.assistant_confidence_threshold is not None
        return LengthMode.CONFIDENCE if has_threshold else LengthMode.FIXED

    @property
    def uses_threshold(self) -> bool:
        """Whether drafts end by their confidence, which a pipeline is built for."""
        return self.length_mode is LengthMode.CONFIDENCE

    def with_length_mode(self, mode: LengthMode) -> GenerationSettings:
        """A copy with another way to choose the draft length; a threshold that is set stays."""
        threshold = self.assistant_confidence_threshold or USUAL_THRESHOLD
        return replace(
            self,
            auto_draft_length=mode is LengthMode.AUTO,
            assistant_confidence_threshold=threshold if mode is LengthMode.CONFIDENCE else None,
        )

    def to_params(self, *, strategy: Strategy, num_assistant_tokens: int) -> GenerationParams:
        """Parameters of the next answer; candidates are asked for only where there are any."""
        threshold = self.assistant_confidence_threshold if strategy is Strategy.DRAFT else None
        if self.auto_draft_length:
            threshold = None
        has_length = strategy is not Strategy.NONE and threshold is None
        return GenerationParams(
            max_new_tokens=self.max_new_tokens,
            temperature=self.temperature,
            top_p=self.top_p,
            top_k=self.top_k,
            repetition_penalty=self.repetition_penalty,
            seed=self.seed,
            stop_strings=self.stop_strings,
            num_assistant_tokens=num_assistant_tokens if has_length else None,
            assistant_confidence_threshold=threshold,
            auto_num_assistant_tokens=self.auto_draft_length,
        )

    def to_json(self) -> dict[str, Any]:
        """A mapping that JSON can hold; only what differs from the defaults."""
        plain = GenerationSettings()
        values = {item.name: getattr(self, item.name) for item in fields(self)}
        return {
            key: list(value) if isinstance(value, tuple) else value
            for key, value in values.items()
            if value != getattr(plain, key)
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> GenerationSettings:
        """Read what `to_json` wrote, leniently: values that are not possible become defaults."""
        settings = cls()
        for key in SHARED_KEYS:
            if key in values:
                try:
                    settings = settings.changed({key: values[key]})
                except ValueError:
                    continue
        preset, thinking = values.get("preset"), values.get("enable_thinking")
        return replace(
            settings,
            preset=preset if isinstance(preset, str) else "",
            enable_thinking=thinking if isinstance(thinking, bool) else None,
        )

    def changed(self, changes: Mapping[str, PreferenceValue]) -> GenerationSettings:
        """A copy with shared fields changed.

        Raises:
            ValueError: unknown key, wrong type or a value out of range; the message names the key.
        """
        if unknown := set(changes) - set(SHARED_KEYS):
            raise ValueError(f"There is no setting {sorted(unknown)}.")
        checked = changed(Preferences(), changes)
        new = replace(self, **{key: getattr(checked, key) for key in changes})
        if new.auto_draft_length and new.assistant_confidence_threshold is not None:
            if changes.get("auto_draft_length"):
                return replace(new, assistant_confidence_threshold=None)
            return replace(new, auto_draft_length=False)
        return new

    def to_preferences(self) -> dict[str, PreferenceValue]:
        """The shared fields, to be kept for chats that are begun later."""
        return {key: getattr(self, key) for key in (*SHARED_KEYS, "preset")}


SHARED_KEYS = tuple(
    item.name
    for item in fields(GenerationSettings)
    if item.name in declarations() and item.name != "preset"
)


def settings_for_new_chat(preferences: Preferences) -> GenerationSettings:
    """What a new chat begins with: the settings used last."""
    values = {key: getattr(preferences, key) for key in (*SHARED_KEYS, "preset")}
    return GenerationSettings(**values)
