"""Emulated devices for tests and demonstrations: the NPU code path of the runtime and the rules for
a GPU, carried out by the CPU. Never on unless SLIPSTREAM_EMULATE asks for it, and always labelled.
"""

from __future__ import annotations

import os
from collections.abc import Mapping

from engine.events import DeviceInfo, DeviceKind
from engine.placement import PropertyValue

VARIABLE = "SLIPSTREAM_EMULATE"
"""Names separated by commas, e.g. `NPU,GPU`."""
_KINDS = {"GPU": DeviceKind.INTEGRATED_GPU, "NPU": DeviceKind.NPU}
_NPU_ON_CPU: Mapping[str, PropertyValue] = {
    "NPU_USE_NPUW": "YES",
    "NPUW_DEVICES": "CPU",
    "NPUW_ONLINE_PIPELINE": "NONE",
}


def emulated_names(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """Names of the devices to emulate; unknown names are left out."""
    wanted = {name.strip().upper() for name in environment.get(VARIABLE, "").split(",")}
    return tuple(name for name in _KINDS if name in wanted)


def with_emulated(devices: tuple[DeviceInfo, ...]) -> tuple[DeviceInfo, ...]:
    """The devices with emulated ones in place of real ones of the same family."""
    names = emulated_names()
    processor = next((d for d in devices if d.name == "CPU"), None)
    real = [device for device in devices if device.name.split(".", maxsplit=1)[0] not in names]
    emulated = [
        DeviceInfo(
            name=name,
            full_name=processor.full_name if processor is not None else "CPU",
            kind=_KINDS[name],
            memory_bytes=processor.memory_bytes if processor is not None else None,
            uuid=f"emulated-{name.lower()}",
            emulated=True,
            plugin_version=processor.plugin_version if processor is not None else None,
            capabilities=processor.capabilities if processor is not None else (),
        )
        for name in names
    ]
    return (*real, *emulated)


def runtime_device(name: str) -> str:
    """The device to name to the runtime. The NPU keeps its name: only then its path is taken."""
    return "CPU" if name in emulated_names() and name != "NPU" else name


def computing_device(name: str) -> str:
    """The device that computes: the CPU for every emulated one."""
    return "CPU" if name in emulated_names() else name


def runtime_properties(
    name: str, properties: Mapping[str, PropertyValue]
) -> dict[str, PropertyValue]:
    """Plugin properties that make the emulation work, with those asked for."""
    if name not in emulated_names():
        return dict(properties)
    if name == "NPU":
        return {**_NPU_ON_CPU, **properties}
    # What only a GPU plugin knows would be refused by the one that stands in for it.
    return {key: value for key, value in properties.items() if not key.startswith("GPU_")}
