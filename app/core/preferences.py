"""What the user has chosen: declared, self-describing fields. `preferences_file` keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from app.core.declaration import (
    Declaration,
    PreferenceValue,
    Section,
    checked,
    declarations_of,
    declared,
)
from app.core.translation import QT_TRANSLATE_NOOP
from engine.metrics.definitions import DEFAULT_NUM_ASSISTANT_TOKENS
from engine.params import MAX_NEW_TOKENS_LIMIT, MAX_NUM_ASSISTANT_TOKENS
from engine.placement import LEAST_CONTEXT_LIMIT, Strategy

__all__ = [
    "Declaration",
    "FontSize",
    "Language",
    "Overflow",
    "PreferenceValue",
    "Preferences",
    "Theme",
    "changed",
    "declarations",
    "from_mapping",
]


class Theme(StrEnum):
    """Which colours the window uses."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Language(StrEnum):
    """In which language the window speaks."""

    SYSTEM = "system"
    ENGLISH = "en"
    CHINESE = "zh_CN"


class FontSize(StrEnum):
    """How large the text of the window is."""

    SMALL = "s"
    MEDIUM = "m"
    LARGE = "l"
    EXTRA_LARGE = "xl"

    @property
    def scale(self) -> float:
        """Size relative to MEDIUM."""
        return {"s": 0.9, "m": 1.0, "l": 1.15, "xl": 1.35}[self.value]


class Overflow(StrEnum):
    """What happens when a chat is longer than the context of the model."""

    STOP = "stop"
    """Say so and ask nothing."""
    DROP_OLDEST = "drop_oldest"
    """Leave out the oldest exchanges; the system prompt stays."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """All preferences. A file may lack any of them; values out of range become defaults."""

    theme: Theme = declared(  # noqa: RUF009  an enum is immutable
        Theme.SYSTEM,
        QT_TRANSLATE_NOOP("Preferences", "Theme"),
        QT_TRANSLATE_NOOP("Preferences", "Light, dark, or what the system uses."),
        choices=tuple(Theme),
        choice_labels=(
            QT_TRANSLATE_NOOP("Preferences", "As the system"),
            QT_TRANSLATE_NOOP("Preferences", "Light"),
            QT_TRANSLATE_NOOP("Preferences", "Dark"),
        ),
        section=Section.APPEARANCE,
    )
    language: Language = declared(  # noqa: RUF009  an enum is immutable
        Language.SYSTEM,
        QT_TRANSLATE_NOOP("Preferences", "Language"),
        QT_TRANSLATE_NOOP("Preferences", "The language of the window; answers choose their own."),
        choices=tuple(Language),
        choice_labels=(
            QT_TRANSLATE_NOOP("Preferences", "As the system"),
            "English",
            "\u7b80\u4f53\u4e2d\u6587",
        ),
        section=Section.GENERAL,
    )
    font_size: FontSize = declared(  # noqa: RUF009  an enum is immutable
        FontSize.MEDIUM,
        QT_TRANSLATE_NOOP("Preferences", "Font size"),
        QT_TRANSLATE_NOOP("Preferences", "Of the chat and of every control."),
        choices=tuple(FontSize),
        choice_labels=(
            QT_TRANSLATE_NOOP("Preferences", "Small"),
            QT_TRANSLATE_NOOP("Preferences", "Medium"),
            QT_TRANSLATE_NOOP("Preferences", "Large"),
            QT_TRANSLATE_NOOP("Preferences", "Extra large"),
        ),
        section=Section.APPEARANCE,
    )
    token_colours: bool = declared(
        False,
        QT_TRANSLATE_NOOP("Preferences", "Token colours"),
        QT_TRANSLATE_NOOP("Preferences", "Tint the text that the draft model proposed."),
        section=Section.APPEARANCE,
    )
    stats_panel: bool = declared(
        True,
        QT_TRANSLATE_NOOP("Preferences", "Statistics panel"),
        QT_TRANSLATE_NOOP("Preferences", "Show live figures beside the chat."),
        section=Section.APPEARANCE,
    )
    figures_per_s: int = declared(
        5,
        QT_TRANSLATE_NOOP("Preferences", "Update rate of the figures"),
        QT_TRANSLATE_NOOP("Preferences", "How often per second the live figures are drawn anew."),
        low=1,
        high=10,
        section=Section.APPEARANCE,
    )
    tray: bool = declared(
        False,
        QT_TRANSLATE_NOOP("Preferences", "Icon in the system tray"),
        QT_TRANSLATE_NOOP("Preferences", "Reach the window from the tray of the desktop."),
        section=Section.GENERAL,
    )
    close_to_tray: bool = declared(
        False,
        QT_TRANSLATE_NOOP("Preferences", "Close to tray"),
        QT_TRANSLATE_NOOP(
            "Preferences",
            "Closing the window leaves the program running in the tray, with its models loaded.",
        ),
        section=Section.GENERAL,
    )
    stay_awake: bool = declared(
        True,
        QT_TRANSLATE_NOOP("Preferences", "Stay awake while working"),
        QT_TRANSLATE_NOOP(
            "Preferences",
            "The computer does not go to sleep by itself during answers, comparisons and "
            "downloads; the screen may go dark.",
        ),
        section=Section.POWER,
    )
    overflow: Overflow = declared(  # noqa: RUF009  an enum is immutable
        Overflow.STOP,
        QT_TRANSLATE_NOOP("Preferences", "When a chat is too long"),
        QT_TRANSLATE_NOOP(
            "Preferences", "A model reads only so much; the meter below the message shows how much."
        ),
        choices=tuple(Overflow),
        choice_labels=(
            QT_TRANSLATE_NOOP("Preferences", "Stop and say so"),
            QT_TRANSLATE_NOOP("Preferences", "Leave out the oldest exchanges"),
        ),
        section=Section.CHAT,
    )
    main_model: str = declared(
        "",
        QT_TRANSLATE_NOOP("Preferences", "Main model"),
        QT_TRANSLATE_NOOP("Preferences", "The model that decides every token of an answer."),
    )
    draft_model: str = declared(
        "",
        QT_TRANSLATE_NOOP("Preferences", "Draft model"),
        QT_TRANSLATE_NOOP("Preferences", "The small model that proposes tokens to the main model."),
    )
    strategy: Strategy = declared(  # noqa: RUF009  an enum is immutable
        Strategy.DRAFT,
        QT_TRANSLATE_NOOP("Preferences", "Strategy"),
        QT_TRANSLATE_NOOP("Preferences", "Where the proposed tokens come from."),
        choices=tuple(Strategy),
    )
    main_device: str = declared(
        "CPU",
        QT_TRANSLATE_NOOP("Preferences", "Main device"),
        QT_TRANSLATE_NOOP("Preferences", "The device that runs the main model."),
        max_length=64,
    )
    draft_device: str = declared(
        "CPU",
        QT_TRANSLATE_NOOP("Preferences", "Draft device"),
        QT_TRANSLATE_NOOP("Preferences", "The device that runs the draft model."),
        max_length=64,
    )
    num_assistant_tokens: int = declared(
        DEFAULT_NUM_ASSISTANT_TOKENS,
        QT_TRANSLATE_NOOP("Preferences", "num_assistant_tokens"),
        QT_TRANSLATE_NOOP("Preferences", "Tokens proposed before the main model checks them."),
        low=1,
        high=MAX_NUM_ASSISTANT_TOKENS,
    )
    context_limit: int | None = declared(
        None,
        QT_TRANSLATE_NOOP("Preferences", "Context limit"),
        QT_TRANSLATE_NOOP(
            "Preferences", "Most tokens of prompt and answer; empty is what the model can."
        ),
        kind=int,
        low=LEAST_CONTEXT_LIMIT,
        high=MAX_NEW_TOKENS_LIMIT,
    )
    temperature: float = declared(
        0.0,
        QT_TRANSLATE_NOOP("Preferences", "Temperature"),
        QT_TRANSLATE_NOOP("Preferences", "0 always takes the likeliest token; higher is freer."),
        low=0.0,
        high=5.0,
    )
    max_new_tokens: int = declared(
        512,
        QT_TRANSLATE_NOOP("Preferences", "Token limit"),
        QT_TRANSLATE_NOOP("Preferences", "An answer is cut after this many tokens."),
        low=1,
        high=MAX_NEW_TOKENS_LIMIT,
    )
    system_prompt: str = declared(
        "",
        QT_TRANSLATE_NOOP("Preferences", "System prompt"),
        QT_TRANSLATE_NOOP("Preferences", "Instructions that stand before every chat."),
        max_length=20_000,
    )
    top_p: float | None = declared(
        None,
        QT_TRANSLATE_NOOP("Preferences", "Top p"),
        QT_TRANSLATE_NOOP(
            "Preferences", "Only the likeliest tokens that together reach this probability."
        ),
        kind=float,
        low=0.01,
        high=1.0,
    )
    top_k: int | None = declared(
        None,
        QT_TRANSLATE_NOOP("Preferences", "Top k"),
        QT_TRANSLATE_NOOP("Preferences", "Only this many of the likeliest tokens; 0 is no limit."),
        kind=int,
        low=0,
        high=1000,
    )
    repetition_penalty: float | None = declared(
        None,
        QT_TRANSLATE_NOOP("Preferences", "Repetition penalty"),
        QT_TRANSLATE_NOOP(
            "Preferences", "Above 1, tokens that were used already become less likely."
        ),
        kind=float,
        low=0.1,
        high=2.0,
    )
    seed: int | None = declared(
        None,
        QT_TRANSLATE_NOOP("Preferences", "Seed"),
        QT_TRANSLATE_NOOP("Preferences", "The same seed repeats the same choice of tokens."),
        kind=int,
        low=0,
        high=2_147_483_647,
    )
    stop_strings: tuple[str, ...] = declared(
        (),
        QT_TRANSLATE_NOOP("Preferences", "Stop strings"),
        QT_TRANSLATE_NOOP("Preferences", "An answer ends where one of these appears; one a line."),
        max_length=16,
    )
    assistant_confidence_threshold: float | None = declared(
        None,
        QT_TRANSLATE_NOOP("Preferences", "Confidence threshold"),
        QT_TRANSLATE_NOOP(
            "Preferences", "The draft model proposes until it is less sure than this."
        ),
        kind=float,
        low=0.01,
        high=1.0,
    )
    auto_draft_length: bool = declared(
        False,
        QT_TRANSLATE_NOOP("Preferences", "Automatic draft length"),
        QT_TRANSLATE_NOOP(
            "Preferences",
            "The number of proposed tokens is chosen between answers from what was measured.",
        ),
    )
    preset: str = declared(
        "exact",
        QT_TRANSLATE_NOOP("Preferences", "Preset"),
        QT_TRANSLATE_NOOP("Preferences", "Named settings for the answers of a chat."),
        max_length=80,
    )
    told_folders: tuple[str, ...] = declared(
        (),
        QT_TRANSLATE_NOOP("Preferences", "Folders warned of"),
        QT_TRANSLATE_NOOP("Preferences", "Risky folders that were told of at a start."),
        max_length=16,
    )
    last_version: str = declared(
        "",
        QT_TRANSLATE_NOOP("Preferences", "Last version"),
        QT_TRANSLATE_NOOP("Preferences", "The version whose changes were shown last."),
        max_length=40,
    )


def declarations() -> Mapping[str, Declaration]:
    """Key -> what is declared about it, in the order of the settings page."""
    return declarations_of(Preferences)


def changed(preferences: Preferences, changes: Mapping[str, PreferenceValue]) -> Preferences:
    """Return a copy with `changes` made.

    Raises:
        ValueError: an unknown key, a wrong type or a value out of range; the message names the key.
    """
    known = declarations()
    clean: dict[str, PreferenceValue] = {}
    for key, value in changes.items():
        if key not in known:
            raise ValueError(f"There is no preference '{key}'.")
        clean[key] = checked(key, value, known[key])
    return replace(preferences, **clean)  # type: ignore[arg-type]


def from_mapping(values: Mapping[str, Any]) -> tuple[Preferences, tuple[str, ...]]:
    """Read stored values leniently: returns preferences and the keys whose values were refused."""
    preferences, refused = Preferences(), []
    for key in declarations():
        if key not in values:
            continue
        try:
            preferences = changed(preferences, {key: values[key]})
        except ValueError:
            refused.append(key)
    return preferences, tuple(refused)
