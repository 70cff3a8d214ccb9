"""Sentences about devices: kinds, what a missing one needs, what is known against one. No Qt."""

from __future__ import annotations

from collections.abc import Mapping

from app.core.filling import filled
from app.core.formatting import size
from app.core.translation import QT_TRANSLATE_NOOP, Translate
from engine.device_settings import DeviceSettings, keeps_compiled
from engine.devices import MissingDevice, MissingHint
from engine.events import DeviceInfo, DeviceKind
from engine.placement_history import PlacementStatus
from engine.placement_rules import npu_context_length, npu_prompt_limit

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
        "DeviceText",
        "The system shows no {family}: this machine has none, or it is turned off or without its "
        "kernel driver ({driver}). Besides that one needs the packages {packages}.",
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


_CHANGES = QT_TRANSLATE_NOOP("DeviceText", "Set: {changes}")
_SUSPENDED = QT_TRANSLATE_NOOP(
    "DeviceText",
    "A load failed with what is set, so it is not used until it is changed: {changes}",
)
_NPU_BUDGET = QT_TRANSLATE_NOOP(
    "DeviceText",
    "Prompts of at most {prompt} {prompt:token|tokens}, answers with room for {answer}: {total} "
    "in all.",
)
_NPU_CHAT = QT_TRANSLATE_NOOP(
    "DeviceText",
    "With every message the whole chat is read again from its start, so long chats answer later.",
)
_CACHE_EMPTY = QT_TRANSLATE_NOOP(
    "DeviceText", "Compiled models are kept: none yet. The first start with a model takes longer."
)
_CACHE_FULL = QT_TRANSLATE_NOOP("DeviceText", "Compiled models are kept: {size}.")
_CACHE_OFF = QT_TRANSLATE_NOOP("DeviceText", "Compiled models are not kept; {size} from before.")
_NO_COMPUTING = frozenset({"BIN", "EXPORT_IMPORT", "WINOGRAD"})


def changes_text(settings: DeviceSettings, translate: Translate) -> str:
    """What is set on a device, in one line; empty when that is nothing."""
    if not settings.changes:
        return ""
    changes = ", ".join(f"{name} = {value}" for name, value in settings.changes)
    source = _SUSPENDED if settings.is_suspended else _CHANGES
    return filled(translate(_CONTEXT, source), changes=changes)


def cache_text(
    device: DeviceInfo, settings: DeviceSettings, *, size_bytes: int, translate: Translate
) -> str:
    """What is known of the compiled models of a device; empty when there is nothing to say."""
    if not keeps_compiled(device.name, settings):
        source = _CACHE_OFF if size_bytes else ""
    else:
        source = _CACHE_FULL if size_bytes else _CACHE_EMPTY
    return filled(translate(_CONTEXT, source), size=size(size_bytes)) if source else ""


def npu_lines(
    device: DeviceInfo, settings: DeviceSettings, translate: Translate
) -> tuple[str, ...]:
    """How long a chat with an NPU may be, and why it answers later and later."""
    if device.kind is not DeviceKind.NPU:
        return ()
    properties = () if settings.is_suspended else settings.properties
    prompt, total = npu_prompt_limit(properties), npu_context_length(properties)
    budget = filled(
        translate(_CONTEXT, _NPU_BUDGET), prompt=prompt, answer=total - prompt, total=total
    )
    return (budget, translate(_CONTEXT, _NPU_CHAT))


def computes_in(device: DeviceInfo) -> str:
    """The kinds of numbers a device computes with."""
    return ", ".join(name for name in device.capabilities if name not in _NO_COMPUTING)


def kind_text(kind: DeviceKind, translate: Translate) -> str:
    """What sort of device it is."""
    return translate(_CONTEXT, _KINDS[kind])


def missing_text(missing: MissingDevice, translate: Translate) -> str:
    """Why a family of devices is not there and what would help."""
    facts = {"family": missing.family, "packages": "", "driver": "", **dict(missing.facts)}
    return filled(translate(_CONTEXT, _HINTS[missing.hint]), **facts)


def status_text(status: PlacementStatus, translate: Translate) -> str:
    """What is known of a model on a device."""
    return translate(_CONTEXT, _STATES[status])
