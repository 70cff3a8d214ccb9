"""Named settings for answers: a few are built in, the user's own can be exported and imported."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from app.core.generation_settings import GenerationSettings
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.params import MAX_NUM_ASSISTANT_TOKENS
from engine.placement import Strategy

FORMAT = "slipstream-presets"
VERSION = 1
MAX_NAME_LENGTH = 60
MAX_PRESETS = 500
_CONTEXT = "Presets"
_KEY = re.compile(r"[a-z0-9-]{1,80}\Z")


class PresetsUnreadableError(ValueError):
    """The text holds no presets; `reason` is English, for the log."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A name and what choosing it sets."""

    key: str
    """Lower-case letters, digits and hyphens; stays when the name changes."""
    name: str
    """Of a built-in one the English source: see `preset_name`."""
    settings: GenerationSettings = field(default_factory=GenerationSettings)
    strategy: Strategy | None = None
    """None leaves the strategy as it is."""
    num_assistant_tokens: int | None = None
    """None leaves the draft length as it is."""
    is_built_in: bool = False

    def applied(self) -> GenerationSettings:
        """The settings of a chat that chose this preset."""
        return replace(self.settings, preset=self.key)

    def matches(self, settings: GenerationSettings) -> bool:
        """Whether nothing was changed since it was chosen."""
        mine = replace(self.applied(), enable_thinking=None)
        return mine == replace(settings, preset=self.key, enable_thinking=None)

    def to_json(self) -> dict[str, Any]:
        """A mapping that JSON can hold."""
        return {
            "key": self.key,
            "name": self.name,
            "settings": replace(self.settings, preset="").to_json(),
            "strategy": self.strategy,
            "num_assistant_tokens": self.num_assistant_tokens,
        }

    @classmethod
    def from_json(cls, values: Any) -> Preset:
        """Read one preset.

        Raises:
            PresetsUnreadableError: it has no usable key or name, or a part of the wrong type.
        """
        if not isinstance(values, Mapping):
            raise PresetsUnreadableError("a preset is not an object")
        name, settings = values.get("name"), values.get("settings", {})
        if not isinstance(name, str) or not name.strip():
            raise PresetsUnreadableError("a preset has no name")
        if not isinstance(settings, Mapping):
            raise PresetsUnreadableError(f"the settings of '{name}' are not an object")
        key = values.get("key")
        return cls(
            key=key if isinstance(key, str) and _KEY.match(key) else key_for(name, ()),
            name=name.strip()[:MAX_NAME_LENGTH],
            settings=replace(GenerationSettings.from_json(settings), preset=""),
            strategy=_strategy(values.get("strategy")),
            num_assistant_tokens=_draft_length(values.get("num_assistant_tokens")),
        )


BUILT_IN: tuple[Preset, ...] = (
    Preset(key="exact", name=QT_TRANSLATE_NOOP("Presets", "Exact"), is_built_in=True),
    Preset(
        key="balanced",
        name=QT_TRANSLATE_NOOP("Presets", "Balanced"),
        settings=GenerationSettings(temperature=0.7, top_p=0.9, max_new_tokens=1024),
        is_built_in=True,
    ),
    Preset(
        key="inventive",
        name=QT_TRANSLATE_NOOP("Presets", "Inventive"),
        settings=GenerationSettings(temperature=1.0, top_p=0.95, max_new_tokens=1024),
        is_built_in=True,
    ),
    Preset(
        key="code",
        name=QT_TRANSLATE_NOOP("Presets", "Code"),
        settings=GenerationSettings(
            system_prompt="You are a careful programmer. Answer with code first, then explain it "
            "briefly. Name the language of every code block.",
            max_new_tokens=2048,
        ),
        num_assistant_tokens=5,
        is_built_in=True,
    ),
    Preset(
        key="from-a-text",
        name=QT_TRANSLATE_NOOP("Presets", "Work on a given text"),
        settings=GenerationSettings(
            system_prompt="Work only with the text you are given. When the text does not say "
            "something, say so.",
            max_new_tokens=1024,
        ),
        strategy=Strategy.PROMPT_LOOKUP,
        num_assistant_tokens=5,
        is_built_in=True,
    ),
)


def preset_name(preset: Preset, translate: Translate) -> str:
    """The name as it is shown."""
    return translate(_CONTEXT, preset.name) if preset.is_built_in else preset.name


def key_for(name: str, taken: Iterable[str]) -> str:
    """A key for a new preset that is not in `taken`."""
    stem = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60] or "preset"
    known, key, number = {*taken, *(preset.key for preset in BUILT_IN)}, stem, 2
    while key in known:
        key, number = f"{stem}-{number}", number + 1
    return key


def dump_presets(presets: Iterable[Preset]) -> str:
    """The text of a file with these presets."""
    document = {
        "format": FORMAT,
        "version": VERSION,
        "presets": [preset.to_json() for preset in presets],
    }
    return json.dumps(document, indent=2, ensure_ascii=False) + "\n"


def load_presets(text: str) -> tuple[Preset, ...]:
    """Read the text of a file.

    Raises:
        PresetsUnreadableError: it is not such a file, newer, or one preset is broken; then none
            is taken.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise PresetsUnreadableError("it is not JSON") from error
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        raise PresetsUnreadableError("it is not a file with presets")
    if document.get("version") != VERSION:
        raise PresetsUnreadableError("a newer version wrote it")
    entries = document.get("presets")
    if not isinstance(entries, list) or len(entries) > MAX_PRESETS:
        raise PresetsUnreadableError("it holds no list of presets")
    return merged((), [Preset.from_json(entry) for entry in entries])


def merged(own: Iterable[Preset], imported: Iterable[Preset]) -> tuple[Preset, ...]:
    """Own presets and imported ones; one whose key is taken gets another."""
    result = list(own)
    for preset in imported:
        keys = [known.key for known in result]
        result.append(replace(preset, key=key_for(preset.key, keys)))
    return tuple(result)


def _strategy(value: Any) -> Strategy | None:
    return Strategy(value) if value in set(Strategy) else None


def _draft_length(value: Any) -> int | None:
    possible = isinstance(value, int) and not isinstance(value, bool)
    return value if possible and 1 <= value <= MAX_NUM_ASSISTANT_TOKENS else None
