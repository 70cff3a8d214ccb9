"""What can be set on a device, as values: the engine process asks the plugin, others check and
show. Pure; it talks to no plugin.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from engine.placement import PropertyValue
from engine.placement_rules import (
    NPU_DEFAULT_MAX_PROMPT_TOKENS,
    NPU_DEFAULT_MIN_RESPONSE_TOKENS,
)


class PropertyKind(StrEnum):
    """What sort of value a property takes."""

    SWITCH = "switch"
    INTEGER = "integer"
    NUMBER = "number"
    CHOICE = "choice"
    """One of `options`."""
    TEXT = "text"


class PropertySource(StrEnum):
    """Who reads the property."""

    PLUGIN = "plugin"
    """The device's plugin, which reported it."""
    PIPELINE = "pipeline"
    """The runtime's pipeline for an NPU; the plugin knows nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceProperty:
    """One property of a device as it was reported."""

    name: str
    kind: PropertyKind
    value: PropertyValue | None = None
    """What holds unless something else is asked for; None when the plugin does not say."""
    is_read_only: bool = False
    options: tuple[str, ...] = ()
    """Values the plugin takes, tried one by one; only for `CHOICE`."""
    minimum: int | None = None
    maximum: int | None = None
    source: PropertySource = PropertySource.PLUGIN


PIPELINE_NPU_PROPERTIES = (
    DeviceProperty(
        name="MAX_PROMPT_LEN",
        kind=PropertyKind.INTEGER,
        value=NPU_DEFAULT_MAX_PROMPT_TOKENS,
        minimum=64,
        maximum=131072,
        source=PropertySource.PIPELINE,
    ),
    DeviceProperty(
        name="MIN_RESPONSE_LEN",
        kind=PropertyKind.INTEGER,
        value=NPU_DEFAULT_MIN_RESPONSE_TOKENS,
        minimum=64,
        maximum=131072,
        source=PropertySource.PIPELINE,
    ),
    DeviceProperty(
        name="PREFILL_HINT",
        kind=PropertyKind.CHOICE,
        value="DYNAMIC",
        options=("DYNAMIC", "STATIC"),
        source=PropertySource.PIPELINE,
    ),
    DeviceProperty(
        name="GENERATE_HINT",
        kind=PropertyKind.CHOICE,
        value="FAST_COMPILE",
        options=("FAST_COMPILE", "BEST_PERF"),
        source=PropertySource.PIPELINE,
    ),
)
"""What the runtime's path for an NPU reads before the plugin sees anything."""


class RefusalCode(StrEnum):
    """Why a value cannot be set. Front ends have a sentence for each."""

    UNKNOWN = "unknown"
    """The device does not report such a property."""
    READ_ONLY = "read_only"
    WRONG_KIND = "wrong_kind"
    """Facts: kind."""
    NOT_OFFERED = "not_offered"
    """Facts: options."""
    OUT_OF_RANGE = "out_of_range"
    """Facts: minimum, maximum; a dash where there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One value that is refused."""

    name: str
    code: RefusalCode
    facts: tuple[tuple[str, str], ...] = ()


def check_property(
    known: Iterable[DeviceProperty], name: str, value: PropertyValue
) -> Refusal | None:
    """Why a device would not take a value, None when it would."""
    found = next((entry for entry in known if entry.name == name), None)
    if found is None:
        return Refusal(name=name, code=RefusalCode.UNKNOWN)
    if found.is_read_only:
        return Refusal(name=name, code=RefusalCode.READ_ONLY)
    if not _fits_kind(found.kind, value):
        return Refusal(name=name, code=RefusalCode.WRONG_KIND, facts=(("kind", str(found.kind)),))
    if found.kind is PropertyKind.CHOICE and value not in found.options:
        facts = (("options", ", ".join(found.options)),)
        return Refusal(name=name, code=RefusalCode.NOT_OFFERED, facts=facts)
    if found.kind is PropertyKind.INTEGER and isinstance(value, int):
        return _check_range(found, value)
    return None


def check_properties(
    known: Sequence[DeviceProperty], properties: Iterable[tuple[str, PropertyValue]]
) -> tuple[Refusal, ...]:
    """Everything of a set of properties that a device would not take."""
    found = (check_property(known, name, value) for name, value in properties)
    return tuple(refusal for refusal in found if refusal is not None)


def _fits_kind(kind: PropertyKind, value: PropertyValue) -> bool:
    is_switch = isinstance(value, bool)
    match kind:
        case PropertyKind.SWITCH:
            return is_switch
        case PropertyKind.INTEGER:
            return isinstance(value, int) and not is_switch
        case PropertyKind.NUMBER:
            return isinstance(value, int | float) and not is_switch
        case PropertyKind.CHOICE | PropertyKind.TEXT:
            return isinstance(value, str)


def _check_range(found: DeviceProperty, value: int) -> Refusal | None:
    low, high = found.minimum, found.maximum
    if (low is None or value >= low) and (high is None or value <= high):
        return None
    facts = (
        ("minimum", "-" if low is None else str(low)),
        ("maximum", "-" if high is None else str(high)),
    )
    return Refusal(name=found.name, code=RefusalCode.OUT_OF_RANGE, facts=facts)
