"""What is set on the devices of this machine, as values: per device, found again when a device
has another name. Pure; `engine.device_settings_file` keeps it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.device_properties import Refusal, check_properties
from engine.devices import DeviceIdentity, find_device, identity_of
from engine.events import DeviceInfo
from engine.placement import LoadSpec, Properties, SchedulerSettings

CACHE_PROPERTY = "CACHE_DIR"
_CACHED_FAMILIES = ("GPU", "NPU")


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceSettings:
    """What is set on one device; the default is what the runtime does unasked."""

    properties: Properties = ()
    scheduler: SchedulerSettings = field(default_factory=SchedulerSettings)
    """Used where this device runs the main model."""
    keeps_compiled: bool | None = None
    """Whether compiled models are kept for the next start. None: where compiling is slow, that is
    on GPUs and NPUs."""
    is_suspended: bool = False
    """A load failed with them: kept, but not used until they are changed."""

    @property
    def changes(self) -> Properties:
        """What is not the default and can change what is measured."""
        return (*self.properties, *self.scheduler.changes)

    @property
    def is_default(self) -> bool:
        """Whether there is nothing to reset."""
        return not self.changes and self.keeps_compiled is None


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceEntry:
    """A device that was seen, and what is set on it."""

    identity: DeviceIdentity
    settings: DeviceSettings = field(default_factory=DeviceSettings)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeviceBook:
    """Every device that was seen on this machine, those of the last list first.

    Args:
        cache_root: folder of the compiled models, one folder a device below it; None keeps none.
    """

    entries: tuple[DeviceEntry, ...] = ()
    cache_root: Path | None = None

    def settings(self, device: str) -> DeviceSettings:
        """What is set on a device, by its present name, used or not."""
        for entry in self.entries:
            if entry.identity.name == device:
                return entry.settings
        return DeviceSettings()

    def used(self, device: str) -> DeviceSettings:
        """What a load on a device uses."""
        settings = self.settings(device)
        kept = DeviceSettings(keeps_compiled=settings.keeps_compiled)
        return kept if settings.is_suspended else settings

    def properties(self, device: str) -> Properties:
        """Plugin properties of a load on a device, the cache of compiled models included."""
        settings, cache = self.used(device), self.cache_folder(device)
        if cache is None or not keeps_compiled(device, settings):
            return settings.properties
        return (*settings.properties, (CACHE_PROPERTY, str(cache)))

    def cache_folder(self, device: str) -> Path | None:
        """Where compiled models of a device are kept; the folder may be missing."""
        if self.cache_root is None:
            return None
        return self.cache_root / re.sub(r"[^A-Za-z0-9._-]", "_", device)

    def with_settings(self, device: str, settings: DeviceSettings) -> DeviceBook:
        """The same with other settings of one device."""
        known = [entry.identity.name for entry in self.entries]
        if device not in known:
            entry = DeviceEntry(
                identity=DeviceIdentity(name=device, full_name=device), settings=settings
            )
            return replace(self, entries=(*self.entries, entry))
        index = known.index(device)
        changed = replace(self.entries[index], settings=settings)
        entries = (*self.entries[:index], changed, *self.entries[index + 1 :])
        return replace(self, entries=entries)

    def suspended(self, devices: Iterable[str], *, is_suspended: bool = True) -> DeviceBook:
        """The same with the changes on these devices put aside, or taken up again."""
        book = self
        for device in devices:
            settings = book.settings(device)
            if settings.changes:
                book = book.with_settings(device, replace(settings, is_suspended=is_suspended))
        return book

    def seen(self, devices: Sequence[DeviceInfo]) -> DeviceBook:
        """The same after a list of devices came: settings follow their device to its new name."""
        present, taken = [], set()
        for entry in self.entries:
            device = find_device(entry.identity, devices)
            if device is not None and device.name not in taken:
                taken.add(device.name)
                present.append(replace(entry, identity=identity_of(device)))
        known = {entry.identity.name for entry in present}
        fresh = [
            DeviceEntry(identity=identity_of(device))
            for device in devices
            if device.name not in known
        ]
        absent = [entry for entry in self.entries if find_device(entry.identity, devices) is None]
        return replace(self, entries=(*present, *fresh, *absent))

    def renamed(self, devices: Sequence[DeviceInfo]) -> dict[str, str]:
        """Devices that have another name now: old name -> new name."""
        names: dict[str, str] = {}
        for entry in self.entries:
            device, old = find_device(entry.identity, devices), entry.identity.name
            if device is not None and old not in names:
                names[old] = device.name
        return {old: new for old, new in names.items() if old != new}

    def apply(self, spec: LoadSpec) -> LoadSpec:
        """A load with what is set on its devices."""
        placement = spec.placement
        draft = placement.draft_device
        return replace(
            spec,
            main_properties=self.properties(placement.main_device),
            draft_properties=None if draft is None else self.properties(draft),
            scheduler=self.used(placement.main_device).scheduler,
        )


def keeps_compiled(device: str, settings: DeviceSettings) -> bool:
    """Whether compiled models of a device are kept."""
    if settings.keeps_compiled is not None:
        return settings.keeps_compiled
    return device.split(".", maxsplit=1)[0] in _CACHED_FAMILIES


def refusals(device: DeviceInfo, settings: DeviceSettings) -> tuple[Refusal, ...]:
    """What of the settings the device does not take."""
    return check_properties(device.properties, settings.properties)


def without_refused(book: DeviceBook, devices: Sequence[DeviceInfo]) -> DeviceBook:
    """The same without values the present plugins refuse, e.g. after a change of driver. A device
    that reported nothing keeps all of its own.
    """
    for device in devices:
        settings = book.settings(device.name)
        refused = {refusal.name for refusal in refusals(device, settings)}
        if refused and device.properties:
            left = tuple(entry for entry in settings.properties if entry[0] not in refused)
            book = book.with_settings(device.name, replace(settings, properties=left))
    return book
