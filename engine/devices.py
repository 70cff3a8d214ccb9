"""Devices as values: order, identity over re-enumeration, and what a missing one would need. Pure
but for `missing_devices` on Linux, which looks at device files.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.events import DeviceInfo, DeviceKind

_ORDER = (
    DeviceKind.CPU,
    DeviceKind.DISCRETE_GPU,
    DeviceKind.INTEGRATED_GPU,
    DeviceKind.NPU,
    DeviceKind.OTHER,
)
_GPUS = (DeviceKind.DISCRETE_GPU, DeviceKind.INTEGRATED_GPU)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceIdentity:
    """What is remembered of a chosen device. Numbers such as GPU.0 move when a card is added."""

    name: str
    full_name: str
    uuid: str | None = None


class MissingHint(StrEnum):
    """What would be needed for a device that is not there. Front ends have a sentence for each."""

    NO_HARDWARE = "no_hardware"
    """The system shows no such device at all. Facts, on Linux: driver, packages."""
    NO_PERMISSION = "no_permission"
    """The device file may not be opened: the user is not in its group. Facts: path, group."""
    INSTALL_COMPUTE_RUNTIME = "install_compute_runtime"
    """Linux, GPU. Facts: packages."""
    INSTALL_NPU_DRIVER = "install_npu_driver"
    """Linux: packages, Windows: from Intel's page or Windows Update. Facts: packages."""
    INSTALL_GRAPHICS_DRIVER = "install_graphics_driver"
    """Windows."""
    NOT_ON_THIS_SYSTEM = "not_on_this_system"
    """OpenVINO has no such plugin for this system."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingDevice:
    """A family of devices that OpenVINO does not see, and why that may be."""

    family: str
    """`GPU` or `NPU`."""
    hint: MissingHint
    facts: tuple[tuple[str, str], ...] = ()


def order_devices(devices: Iterable[DeviceInfo]) -> tuple[DeviceInfo, ...]:
    """CPU first, then GPUs (discrete before integrated), NPU, others; real before emulated."""
    return tuple(sorted(devices, key=lambda d: (_ORDER.index(d.kind), d.emulated, d.name)))


def identity_of(device: DeviceInfo) -> DeviceIdentity:
    """What to remember of a device."""
    return DeviceIdentity(name=device.name, full_name=device.full_name, uuid=device.uuid)


def find_device(wanted: DeviceIdentity, devices: Sequence[DeviceInfo]) -> DeviceInfo | None:
    """The device that was chosen, under whatever name it has now: by UUID, then by name together
    with full name, then by full name. None when it is gone.

    A device with another UUID is another device, even under the same name.
    """
    if wanted.uuid is not None:
        for device in devices:
            if device.uuid == wanted.uuid:
                return device
    rest = [d for d in devices if d.uuid is None or wanted.uuid is None]
    by_name = [d for d in rest if (d.name, d.full_name) == (wanted.name, wanted.full_name)]
    by_full_name = [d for d in rest if d.full_name == wanted.full_name]
    return next(iter(by_name or by_full_name), None)


def missing_devices(
    devices: Sequence[DeviceInfo], *, system: str | None = None, root: Path = Path("/dev")
) -> tuple[MissingDevice, ...]:
    """The families OpenVINO does not see, with what would be needed.

    Args:
        system: as `platform.system()` names it.
        root: folder of the device files, on Linux.
    """
    name = _system() if system is None else system
    missing = []
    if not any(device.kind in _GPUS for device in devices):
        missing.append(_missing("GPU", name, root / "dri", "renderD*", ("intel-opencl-icd",)))
    if not any(device.kind is DeviceKind.NPU for device in devices):
        packages = ("intel-driver-compiler-npu", "intel-fw-npu", "intel-level-zero-npu")
        missing.append(_missing("NPU", name, root / "accel", "accel*", packages))
    return tuple(missing)


def _system() -> str:
    import platform  # not before a window is painted

    return platform.system()


def _missing(
    family: str, system: str, folder: Path, pattern: str, packages: tuple[str, ...]
) -> MissingDevice:
    is_gpu = family == "GPU"
    if system == "Windows":
        hint = MissingHint.INSTALL_GRAPHICS_DRIVER if is_gpu else MissingHint.INSTALL_NPU_DRIVER
        return MissingDevice(family=family, hint=hint)
    if system != "Linux":
        return MissingDevice(family=family, hint=MissingHint.NOT_ON_THIS_SYSTEM)
    files = sorted(folder.glob(pattern))
    if not files:
        # A device without its kernel driver looks the same as none.
        driver = "i915, xe" if is_gpu else "intel_vpu"
        facts = (("driver", driver), ("packages", " ".join(packages)))
        return MissingDevice(family=family, hint=MissingHint.NO_HARDWARE, facts=facts)
    if not any(os.access(path, os.R_OK | os.W_OK) for path in files):
        facts = (("path", str(files[0])), ("group", "render"))
        return MissingDevice(family=family, hint=MissingHint.NO_PERMISSION, facts=facts)
    hint = MissingHint.INSTALL_COMPUTE_RUNTIME if is_gpu else MissingHint.INSTALL_NPU_DRIVER
    return MissingDevice(family=family, hint=hint, facts=(("packages", " ".join(packages)),))
