"""Lists the devices OpenVINO sees, each with what its plugin tells. Only in the engine process."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from engine.backends.openvino_emulation import with_emulated
from engine.backends.openvino_properties import read_properties
from engine.backends.openvino_runtime import load_openvino
from engine.events import DeviceInfo, DeviceKind


def list_devices(*, with_properties: bool = True) -> tuple[DeviceInfo, ...]:
    """All devices, in OpenVINO's order; emulated ones last.

    Args:
        with_properties: whether the plugins are also asked what can be set.

    Raises:
        RuntimeError: a plugin failed.
    """
    core = load_openvino().Core()
    found = with_emulated(tuple(_describe(core, name) for name in core.available_devices))
    return tuple(map(_with_properties, found)) if with_properties else found


def _with_properties(device: DeviceInfo) -> DeviceInfo:
    """What can be set. For an emulated device its own plugin is asked where it can be loaded
    without one; the processor stands in for the others.
    """
    # A runtime of its own: values are tried on it, and must not stay for the next device.
    core = load_openvino().Core()
    name = "CPU" if device.emulated and device.name != "NPU" else device.name
    return replace(device, properties=read_properties(core, name))


def _describe(core: Any, name: str) -> DeviceInfo:
    driver = _text(core, name, "NPU_DRIVER_VERSION") or _text(core, name, "GPU_DRIVER_VERSION")
    return DeviceInfo(
        name=name,
        full_name=_text(core, name, "FULL_DEVICE_NAME") or name,
        kind=_kind(name, _text(core, name, "DEVICE_TYPE") or ""),
        memory_bytes=_memory_bytes(core, name),
        driver_version=driver,
        uuid=_text(core, name, "DEVICE_UUID"),
        plugin_version=_plugin_version(core, name),
        capabilities=_capabilities(core, name),
    )


def _plugin_version(core: Any, name: str) -> str | None:
    try:
        versions = core.get_versions(name)
    except (RuntimeError, TypeError):
        return None
    return next((str(version.build_number) for version in versions.values()), None)


def _capabilities(core: Any, name: str) -> tuple[str, ...]:
    try:
        return tuple(str(entry) for entry in core.get_property(name, "OPTIMIZATION_CAPABILITIES"))
    except (RuntimeError, TypeError):
        return ()


def _kind(name: str, device_type: str) -> DeviceKind:
    family = name.split(".", maxsplit=1)[0]
    if family == "GPU":
        discrete = "discrete" in device_type.lower()
        return DeviceKind.DISCRETE_GPU if discrete else DeviceKind.INTEGRATED_GPU
    kinds = {"CPU": DeviceKind.CPU, "NPU": DeviceKind.NPU}
    return kinds.get(family, DeviceKind.OTHER)


def _memory_bytes(core: Any, name: str) -> int | None:
    if name == "CPU":
        import psutil

        return int(psutil.virtual_memory().total)
    for key in ("GPU_DEVICE_TOTAL_MEM_SIZE", "NPU_DEVICE_TOTAL_MEM_SIZE"):
        digits = re.fullmatch(r"\d+", _text(core, name, key) or "")
        if digits and int(digits.group()) > 0:
            return int(digits.group())
    return None


def _text(core: Any, name: str, key: str) -> str | None:
    """A property as text, None when this plugin does not have it."""
    try:
        value = core.get_property(name, key)
    except (RuntimeError, TypeError):
        return None
    return str(value).strip() or None
