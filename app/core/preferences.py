"""What the user has chosen: declared, self-describing fields. `preferences_file` keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from enum import StrEnum
from typing import Any

from app.core.translation import QT_TRANSLATE_NOOP
from engine.params import MAX_NEW_TOKENS_LIMIT, MAX_NUM_ASSISTANT_TOKENS
from engine.placement import Strategy

PreferenceValue = str | int | float | bool


class Theme(StrEnum):
    """Which colours the window uses."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a settings page needs to know about one field."""

    label: str
    explanation: str
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    max_length: int | None = None
    needs_reload: bool = False
    """Takes effect with the next load of the models."""


def _declared(default: Any, label: str, explanation: str, **limits: Any) -> Any:
    declaration = Declaration(label=label, explanation=explanation, **limits)
    return field(default=default, metadata={"declaration": declaration})


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """All preferences. A file may lack any of them; values out of range become defaults."""

    theme: Theme = _declared(  # noqa: RUF009  an enum is immutable
        Theme.SYSTEM,
        QT_TRANSLATE_NOOP("Preferences", "Theme"),
        QT_TRANSLATE_NOOP("Preferences", "Light, dark, or what the system uses."),
        choices=tuple(Theme),
    )
    token_colours: bool = _declared(
        False,
        QT_TRANSLATE_NOOP("Preferences", "Token colours"),
        QT_TRANSLATE_NOOP("Preferences", "Tint the text that the draft model proposed."),
    )
    stats_panel: bool = _declared(
        True,
        QT_TRANSLATE_NOOP("Preferences", "Statistics panel"),
        QT_TRANSLATE_NOOP("Preferences", "Show live figures beside the chat."),
    )
    main_model: str = _declared(
        "",
        QT_TRANSLATE_NOOP("Preferences", "Main model"),
        QT_TRANSLATE_NOOP("Preferences", "The model that decides every token of an answer."),
        needs_reload=True,
    )
    draft_model: str = _declared(
        "",
        QT_TRANSLATE_NOOP("Preferences", "Draft model"),
        QT_TRANSLATE_NOOP("Preferences", "The small model that proposes tokens to the main model."),
        needs_reload=True,
    )
    strategy: Strategy = _declared(  # noqa: RUF009  an enum is immutable
        Strategy.DRAFT,
        QT_TRANSLATE_NOOP("Preferences", "Strategy"),
        QT_TRANSLATE_NOOP("Preferences", "Where the proposed tokens come from."),
        choices=tuple(Strategy),
        needs_reload=True,
    )
    main_device: str = _declared(
        "CPU",
        QT_TRANSLATE_NOOP("Preferences", "Main device"),
        QT_TRANSLATE_NOOP("Preferences", "The device that runs the main model."),
        max_length=64,
        needs_reload=True,
    )
    draft_device: str = _declared(
        "CPU",
        QT_TRANSLATE_NOOP("Preferences", "Draft device"),
        QT_TRANSLATE_NOOP("Preferences", "The device that runs the draft model."),
        max_length=64,
        needs_reload=True,
    )
    num_assistant_tokens: int = _declared(
        3,
        QT_TRANSLATE_NOOP("Preferences", "num_assistant_tokens"),
        QT_TRANSLATE_NOOP("Preferences", "Tokens proposed before the main model checks them."),
        low=1,
        high=MAX_NUM_ASSISTANT_TOKENS,
    )
    temperature: float = _declared(
        0.0,
        QT_TRANSLATE_NOOP("Preferences", "Temperature"),
        QT_TRANSLATE_NOOP("Preferences", "0 always takes the likeliest token; higher is freer."),
        low=0.0,
        high=5.0,
    )
    max_new_tokens: int = _declared(
        512,
        QT_TRANSLATE_NOOP("Preferences", "Token limit"),
        QT_TRANSLATE_NOOP("Preferences", "An answer is cut after this many tokens."),
        low=1,
        high=MAX_NEW_TOKENS_LIMIT,
    )
    system_prompt: str = _declared(
        "",
        QT_TRANSLATE_NOOP("Preferences", "System prompt"),
        QT_TRANSLATE_NOOP("Preferences", "Instructions that stand before every chat."),
        max_length=20_000,
    )


def declarations() -> Mapping[str, Declaration]:
    """Key -> what is declared about it, in the order of the settings page."""
    return {item.name: item.metadata["declaration"] for item in fields(Preferences)}


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
        clean[key] = _checked(key, value, known[key])
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


def _checked(key: str, value: Any, declaration: Declaration) -> PreferenceValue:
    default = getattr(Preferences(), key)
    value = _converted(key, value, default)
    if declaration.low is not None and not declaration.low <= value <= (declaration.high or 0):
        raise ValueError(f"{key} is {value}; it must be in [{declaration.low}, {declaration.high}]")
    if declaration.max_length is not None and len(value) > declaration.max_length:
        raise ValueError(f"{key} is longer than {declaration.max_length} characters.")
    result: PreferenceValue = value
    return result


def _converted(key: str, value: Any, default: Any) -> Any:
    """Give `value` the type of `default`; JSON has neither enums nor a float 1.0 that stays one."""
    if isinstance(default, StrEnum):
        return type(default)(value)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if type(value) is not type(default):
        raise ValueError(f"{key} must be of type {type(default).__name__}.")
    return value
