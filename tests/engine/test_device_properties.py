"""What a device takes, and why it takes no other value."""

from __future__ import annotations

import pytest

from engine.device_properties import (
    DeviceProperty,
    PropertyKind,
    RefusalCode,
    check_properties,
    check_property,
)
from engine.placement import PropertyValue

KNOWN = (
    DeviceProperty(name="THREADS", kind=PropertyKind.INTEGER, minimum=0, maximum=8),
    DeviceProperty(name="PRECISION", kind=PropertyKind.CHOICE, options=("f32", "bf16")),
    DeviceProperty(name="PINNING", kind=PropertyKind.SWITCH, value=True),
    DeviceProperty(name="RATE", kind=PropertyKind.NUMBER, value=1.0),
    DeviceProperty(name="NAME", kind=PropertyKind.TEXT, value="x", is_read_only=True),
    DeviceProperty(name="OPEN", kind=PropertyKind.INTEGER),
)


@pytest.mark.parametrize(
    ("name", "value"),
    [("THREADS", 8), ("PRECISION", "f32"), ("PINNING", False), ("RATE", 1), ("OPEN", -(10**9))],
)
def test_a_value_within_what_was_reported_is_taken(name: str, value: PropertyValue) -> None:
    assert check_property(KNOWN, name, value) is None


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("THREADS", 9, RefusalCode.OUT_OF_RANGE),
        ("THREADS", -1, RefusalCode.OUT_OF_RANGE),
        ("THREADS", True, RefusalCode.WRONG_KIND),
        ("THREADS", "4", RefusalCode.WRONG_KIND),
        ("PRECISION", "f64", RefusalCode.NOT_OFFERED),
        ("PINNING", 1, RefusalCode.WRONG_KIND),
        ("RATE", True, RefusalCode.WRONG_KIND),
        ("NAME", "y", RefusalCode.READ_ONLY),
        ("NOTHING", 1, RefusalCode.UNKNOWN),
    ],
)
def test_any_other_value_is_refused_with_the_reason(
    name: str, value: PropertyValue, code: RefusalCode
) -> None:
    refusal = check_property(KNOWN, name, value)
    assert refusal is not None
    assert (refusal.name, refusal.code) == (name, code)


def test_a_refusal_names_what_would_be_taken() -> None:
    refused = check_properties(KNOWN, [("THREADS", 9), ("RATE", 0.5), ("PRECISION", "x")])
    assert [dict(refusal.facts) for refusal in refused] == [
        {"minimum": "0", "maximum": "8"},
        {"options": "f32, bf16"},
    ]
