"""What a preference says about itself, and the check of a value against that. No Qt."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any

PreferenceValue = str | int | float | bool | tuple[str, ...] | None


class Section(StrEnum):
    """Pages of the settings dialog, in order."""

    GENERAL = "general"
    APPEARANCE = "appearance"
    CHAT = "chat"
    POWER = "power"


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """What a settings page needs to know about one field."""

    label: str
    explanation: str
    kind: type = str
    """Type of a value that is set: bool, int, float, str, tuple or a StrEnum."""
    is_optional: bool = False
    """None is possible and means: not set here."""
    low: float | None = None
    high: float | None = None
    choices: tuple[str, ...] = ()
    choice_labels: tuple[str, ...] = ()
    """English sources beside `choices`."""
    max_length: int | None = None
    restart_required: bool = False
    """Takes effect with the next start of the program."""
    section: Section | None = None
    """Page of the settings dialog; None where the field is chosen elsewhere in the window."""


def declared(default: Any, label: str, explanation: str, **more: Any) -> Any:
    """A dataclass field that carries its declaration; `kind` follows from the default."""
    kind = more.pop("kind", type(default))
    declaration = Declaration(
        label=label, explanation=explanation, kind=kind, is_optional=default is None, **more
    )
    return field(default=default, metadata={"declaration": declaration})


def declarations_of(owner: type) -> dict[str, Declaration]:
    """Key -> declaration of a dataclass of declared fields, in order."""
    return {item.name: item.metadata["declaration"] for item in fields(owner)}


def checked(key: str, value: Any, declaration: Declaration) -> PreferenceValue:
    """Return `value` in the type of the field.

    Raises:
        ValueError: wrong type, out of range or too long; the message names the key.
    """
    if value is None:
        if declaration.is_optional:
            return None
        raise ValueError(f"{key} must be of type {declaration.kind.__name__}.")
    value = _converted(key, value, declaration.kind)
    if declaration.low is not None and not declaration.low <= value <= (declaration.high or 0):
        raise ValueError(f"{key} is {value}; it must be in [{declaration.low}, {declaration.high}]")
    if declaration.max_length is not None and len(value) > declaration.max_length:
        raise ValueError(f"{key} is longer than {declaration.max_length}.")
    result: PreferenceValue = value
    return result


def _converted(key: str, value: Any, kind: type) -> Any:
    """Give `value` its type; JSON has neither enums nor tuples, nor a 1.0 that stays a float."""
    if issubclass(kind, StrEnum):
        return kind(value)
    if kind is float and type(value) is int:
        return float(value)
    if kind is tuple:
        return _texts(key, value)
    if type(value) is not kind:
        raise ValueError(f"{key} must be of type {kind.__name__}.")
    return value


def _texts(key: str, value: Any) -> tuple[str, ...]:
    is_list = isinstance(value, list | tuple)
    if not is_list or not all(isinstance(text, str) and text for text in value):
        raise ValueError(f"{key} must be a list of texts, none of them empty.")
    return tuple(value)
