"""Asks a plugin what can be set on its device: type, range, options, value. Engine process only.

Options are tried one by one on a runtime of their own: no plugin lists them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

from engine.device_properties import PIPELINE_NPU_PROPERTIES, DeviceProperty, PropertyKind
from engine.placement import PropertyValue

_MAX_INTEGER = 2**31 - 1
_UNSUITABLE = frozenset(
    {
        # Where a model runs and where it is cached is decided elsewhere.
        "CACHE_DIR",
        "DEVICE_ID",
        "SUPPORTED_PROPERTIES",
        # Not for people: handles, callbacks, and what needs other properties beside it.
        "CACHE_ENCRYPTION_CALLBACKS",
        "COMPATIBILITY_CHECK",
        "MAX_BATCH_SIZE",
        "OPTIMAL_BATCH_SIZE",
        "MODEL_DISTRIBUTION_POLICY",
        "MODEL_PTR",
        "WEIGHTS_PATH",
        # For those who work on plugins.
        "LOG_LEVEL",
        "PERF_COUNT",
        "TBB_PARTITIONER",
    }
)
_FAULTS = (RuntimeError, TypeError, ValueError, AttributeError)
"""A refusal, or a value that has no form in Python."""
_PRECISIONS = ("f32", "bf16", "f16", "i8", "u8", "i4", "u4", "u3", "dynamic")
_CANDIDATES = {
    "EXECUTION_MODE_HINT": ("PERFORMANCE", "ACCURACY"),
    "MODEL_PRIORITY": ("LOW", "MEDIUM", "HIGH"),
    "NPU_COMPILER_TYPE": ("PREFER_PLUGIN", "PLUGIN", "DRIVER"),
    "PERFORMANCE_HINT": ("LATENCY", "THROUGHPUT", "CUMULATIVE_THROUGHPUT"),
    "SCHEDULING_CORE_TYPE": ("ANY_CORE", "PCORE_ONLY", "ECORE_ONLY"),
    "GPU_QUEUE_PRIORITY": ("LOW", "MEDIUM", "HIGH"),
    "GPU_QUEUE_THROTTLE": ("LOW", "MEDIUM", "HIGH"),
    "GPU_HOST_TASK_PRIORITY": ("LOW", "MEDIUM", "HIGH"),
}
_SHORT_PRECISIONS = {
    "float32": "f32",
    "bfloat16": "bf16",
    "float16": "f16",
    "int8_t": "i8",
    "uint8_t": "u8",
    "int4_t": "i4",
    "uint4_t": "u4",
    "uint3_t": "u3",
}


def read_properties(core: Any, name: str) -> tuple[DeviceProperty, ...]:
    """What a device's plugin reports, settable properties first; for an NPU also what its
    pipeline reads. Nothing when the plugin cannot be asked.

    Args:
        core: a runtime of its own, for values are tried on it.
    """
    try:
        reported = dict(core.get_property(name, "SUPPORTED_PROPERTIES"))
    except _FAULTS:
        reported = {}
    # All values first: trying one changes what holds for others.
    values = {
        key: value
        for key in sorted(reported.keys() - _UNSUITABLE)
        if (value := _value(core, name, key)) is not None
    }
    found = [
        described
        for key, value in values.items()
        if (described := _describe(core, name, key, value, reported[key] == "RO")) is not None
    ]
    extra = PIPELINE_NPU_PROPERTIES if name == "NPU" else ()
    return (*extra, *sorted(found, key=lambda entry: entry.is_read_only))


def _value(core: Any, device: str, key: str) -> Any:
    try:
        return core.get_property(device, key)
    except _FAULTS:
        return None


def _describe(
    core: Any, device: str, key: str, value: Any, is_read_only: bool
) -> DeviceProperty | None:
    if is_read_only:
        return _fact(key, value)
    if isinstance(value, bool):
        return DeviceProperty(name=key, kind=PropertyKind.SWITCH, value=value)
    if isinstance(value, int):
        return _integer(core, device, key, value)
    if isinstance(value, float):
        return DeviceProperty(name=key, kind=PropertyKind.NUMBER, value=value)
    return _choice(core, device, key, value)


def _fact(key: str, value: Any) -> DeviceProperty | None:
    """A property that is only told."""
    text = _text(value)
    if not text:
        return None
    return DeviceProperty(name=key, kind=PropertyKind.TEXT, value=text, is_read_only=True)


def _integer(core: Any, device: str, key: str, value: int) -> DeviceProperty:
    low = next((number for number in (-1, 0, 1) if _takes(core, device, key, number)), None)
    high = _MAX_INTEGER
    if key == "INFERENCE_NUM_THREADS":
        low, high = 0, os.cpu_count() or 1  # it takes any number, and drowns in it
    elif key == "NUM_STREAMS":
        high = _streams(core, device) or high
    elif low == -1 and not _takes_as_said(core, device, key, -1):
        low = 0  # taken for a huge number
    return DeviceProperty(
        name=key, kind=PropertyKind.INTEGER, value=min(value, high), minimum=low, maximum=high
    )


def _choice(core: Any, device: str, key: str, value: Any) -> DeviceProperty | None:
    candidates: Iterable[str] = _CANDIDATES.get(key, ())
    if key.endswith("PRECISION") or key == "INFERENCE_PRECISION_HINT":
        candidates = _PRECISIONS
    options = tuple(option for option in candidates if _takes(core, device, key, option))
    if not options:
        return _fact(key, value)  # nobody knows what else it may be
    said = _text(value)
    return DeviceProperty(name=key, kind=PropertyKind.CHOICE, value=said, options=options)


def _takes(core: Any, device: str, key: str, value: PropertyValue) -> bool:
    try:
        core.set_property(device, {key: value})
    except _FAULTS:
        return False
    return True


def _takes_as_said(core: Any, device: str, key: str, value: int) -> bool:
    return bool(_value(core, device, key) == value)


def _streams(core: Any, device: str) -> int | None:
    reported = _value(core, device, "RANGE_FOR_STREAMS")
    return int(reported[1]) if isinstance(reported, tuple) and len(reported) == 2 else None


def _text(value: Any) -> str:
    """A value as plugins take it: `f32`, `LATENCY`; lists with commas."""
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(filter(None, map(_text, value)))
    name = getattr(value, "name", None)
    if isinstance(name, str):
        return name
    text = str(value).strip()
    if text.startswith("<Type: '"):
        text = text.removeprefix("<Type: '").removesuffix("'>")
        return _SHORT_PRECISIONS.get(text, text)
    return text.rsplit(".", maxsplit=1)[-1] if text.startswith("Type.") else text
