"""Facts of this machine the planner needs, as values. Reads numbers, decides nothing."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from engine.errors import ErrorCode, StorageError
from engine.events import DeviceInfo, DeviceKind
from engine.models.catalog import DeviceClass


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineFacts:
    """Memory, disk and devices of a machine at one moment."""

    ram_available_bytes: int
    disk_free_bytes: int
    """On the volume of the model folder."""
    devices: tuple[DeviceInfo, ...] = ()

    def device(self, name: str) -> DeviceInfo:
        """The device of this OpenVINO name; one that is not listed is taken for a CPU."""
        plain = DeviceInfo(name=name, full_name=name, kind=DeviceKind.CPU)
        return next((device for device in self.devices if device.name == name), plain)

    def first(self, *kinds: DeviceKind) -> DeviceInfo | None:
        """The first device of one of these kinds, in the order of the kinds."""
        for kind in kinds:
            for device in self.devices:
                if device.kind is kind:
                    return device
        return None


def read_machine(model_root: Path, devices: tuple[DeviceInfo, ...] = ()) -> MachineFacts:
    """Read memory and disk now. `devices` come from the engine, which alone may ask for them.

    Raises:
        StorageError: STORAGE_NOT_WRITABLE when the volume of the model folder cannot be read.
    """
    import psutil

    memory = psutil.virtual_memory()
    existing = model_root
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    try:
        disk = shutil.disk_usage(existing)
    except OSError as error:
        raise StorageError(
            "The volume of the model folder cannot be read.",
            code=ErrorCode.STORAGE_NOT_WRITABLE,
        ) from error
    return MachineFacts(
        ram_available_bytes=memory.available,
        disk_free_bytes=disk.free,
        devices=devices,
    )


def device_class(device_name: str) -> DeviceClass:
    """The class of an OpenVINO device name; what is neither GPU nor NPU counts as CPU."""
    if device_name.startswith("GPU"):
        return DeviceClass.GPU
    return DeviceClass.NPU if device_name.startswith("NPU") else DeviceClass.CPU
