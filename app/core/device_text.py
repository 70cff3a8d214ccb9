"""Sentences about devices: kinds, what a missing one needs, what is known against one. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.devices import MissingDevice, MissingHint
from engine.events import DeviceKind
from engine.placement_history import PlacementStatus

_CONTEXT = "DeviceText"

_KINDS: Mapping[DeviceKind, str] = {
    DeviceKind.CPU: QT_TRANSLATE_NOOP("DeviceText", "Processor"),
    DeviceKind.INTEGRATED_GPU: QT_TRANSLATE_NOOP("DeviceText", "Graphics in the processor"),
    DeviceKind.DISCRETE_GPU: QT_TRANSLATE_NOOP("DeviceText", "Graphics card"),
    DeviceKind.NPU: QT_TRANSLATE_NOOP("DeviceText", "Neural processor (NPU)"),
    DeviceKind.OTHER: QT_TRANSLATE_NOOP("DeviceText", "Other device"),
}

_HINTS: Mapping[MissingHint, str] = {
    MissingHint.NO_HARDWARE: QT_TRANSLATE_NOOP(
        "DeviceText", "The system shows no {family}: this machine has none, or it is turned off."
    ),
    MissingHint.NO_PERMISSION: QT_TRANSLATE_NOOP(
        "DeviceText",
        "There is one at {path}, but you may not use it. Add yourself to the group {group} "
        "(sudo usermod -aG {group} $USER), then log in again.",
    ),
    MissingHint.INSTALL_COMPUTE_RUNTIME: QT_TRANSLATE_NOOP(
        "DeviceText",
        "There is one, but its compute runtime is missing. On Ubuntu and Debian: sudo apt install "
        "{packages}; elsewhere from the Intel compute-runtime releases.",
    ),
    MissingHint.INSTALL_NPU_DRIVER: QT_TRANSLATE_NOOP(
        "DeviceText",
        "OpenVINO sees none. If this machine has one, install its driver: the packages {packages} "
        "from the Intel linux-npu-driver releases, or on Windows the Intel NPU Driver from "
        "Intel's download page or Windows Update.",
    ),
    MissingHint.INSTALL_GRAPHICS_DRIVER: QT_TRANSLATE_NOOP(
        "DeviceText",
        "OpenVINO sees none. If this machine has Intel graphics, install the present driver from "
        "Intel's download page or Windows Update.",
    ),
    MissingHint.NOT_ON_THIS_SYSTEM: QT_TRANSLATE_NOOP(
        "DeviceText", "OpenVINO offers no {family} on this system."
    ),
}

_STATES: Mapping[PlacementStatus, str] = {
    PlacementStatus.TRYING: QT_TRANSLATE_NOOP("DeviceText", "Being tried now."),
    PlacementStatus.GOOD: QT_TRANSLATE_NOOP("DeviceText", "Works."),
    PlacementStatus.SUSPECT: QT_TRANSLATE_NOOP(
        "DeviceText", "Ended the engine once. It is tried once more."
    ),
    PlacementStatus.BAD: QT_TRANSLATE_NOOP(
        "DeviceText",
        "Ended the engine twice. The CPU is used in its place until the driver changes or you say "
        "so.",
    ),
}


def kind_text(kind: DeviceKind, translate: Translate) -> str:
    """What sort of device it is."""
    return translate(_CONTEXT, _KINDS[kind])


def missing_text(missing: MissingDevice, translate: Translate) -> str:
    """Why a family of devices is not there and what would help."""
    facts = {"family": missing.family, "packages": "", **dict(missing.facts)}
    return translate(_CONTEXT, _HINTS[missing.hint]).format(**facts)


def status_text(status: PlacementStatus, translate: Translate) -> str:
    """What is known of a model on a device."""
    return translate(_CONTEXT, _STATES[status])
