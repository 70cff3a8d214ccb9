"""`placement.json`: which models worked on which devices, so that a crash is not repeated.

A try is noted before it begins and durably: a crash of the whole machine leaves its trace too.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Final

from engine.codec import from_plain, to_plain
from engine.errors import EngineError
from engine.events import DeviceInfo
from engine.models.json_file import read_json_object, write_json_atomically
from engine.models.manifest import read_manifest
from engine.placement import LoadSpec

FORMAT: Final = 1
MAX_STRIKES = 2


class PlacementStatus(StrEnum):
    """What is known of a model on a device."""

    TRYING = "trying"
    """Begun. Found at a start: the try ended in a crash."""
    GOOD = "good"
    """It finished an answer."""
    BAD = "bad"
    """It crashed twice; not tried again until driver or runtime change, or somebody says so."""
    SUSPECT = "suspect"
    """It crashed once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementKey:
    """A model on a device, with everything a crash may depend on."""

    model_digest: str
    device: str
    """OpenVINO name."""
    driver_version: str
    runtime_version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacementEntry:
    """One line of the file."""

    key: PlacementKey
    status: PlacementStatus
    strikes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    format: int
    entries: tuple[PlacementEntry, ...]


class PlacementHistory:
    """The ladder of every placement.

    Guarantees: what `begin` notes is on disk when it returns; a damaged or foreign file counts as
    empty; a key with a new driver or runtime starts afresh and drops what was known of the old.
    Methods may be called from any thread.

    Args:
        path: made when first needed. One process at a time uses it.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._entries = {entry.key: entry for entry in self._read()}
        crashed = [e.key for e in self._entries.values() if e.status is PlacementStatus.TRYING]
        if crashed:
            self.strike(crashed)

    def entries(self) -> tuple[PlacementEntry, ...]:
        """Everything that is known."""
        with self._lock:
            return tuple(self._entries.values())

    def status(self, key: PlacementKey) -> PlacementStatus | None:
        """What is known of a key; None for one that was never tried."""
        entry = self._entries.get(key)
        return entry.status if entry is not None else None

    def bad_keys(self, keys: Iterable[PlacementKey]) -> tuple[PlacementKey, ...]:
        """Those that are not to be tried."""
        return tuple(key for key in keys if self.status(key) is PlacementStatus.BAD)

    def begin(self, keys: Sequence[PlacementKey]) -> None:
        """Note that these are about to be tried; before enumerating, compiling, answering.

        Raises:
            StorageError: the file cannot be written.
        """
        with self._lock:
            for key in keys:
                self._drop_outdated(key)
                trying = PlacementStatus.TRYING
                known = self._entries.get(key) or PlacementEntry(key=key, status=trying)
                self._entries[key] = replace(known, status=trying)
            self._write()

    def succeed(self, keys: Sequence[PlacementKey]) -> None:
        """Note a finished answer: all strikes are forgiven."""
        with self._lock:
            for key in keys:
                self._entries[key] = PlacementEntry(key=key, status=PlacementStatus.GOOD)
            self._write()

    def strike(self, keys: Sequence[PlacementKey]) -> tuple[PlacementKey, ...]:
        """Note a crash. Returns the keys that are bad now."""
        with self._lock:
            for key in keys:
                known = self._entries.get(key)
                strikes = (known.strikes if known is not None else 0) + 1
                is_bad = strikes >= MAX_STRIKES
                status = PlacementStatus.BAD if is_bad else PlacementStatus.SUSPECT
                self._entries[key] = PlacementEntry(key=key, status=status, strikes=strikes)
            self._write()
        return self.bad_keys(keys)

    def withdraw(self, keys: Sequence[PlacementKey]) -> None:
        """Note that a try ended without telling anything: cancelled, or refused in words."""
        with self._lock:
            for key in keys:
                entry = self._entries.get(key)
                if entry is None or entry.status is not PlacementStatus.TRYING:
                    continue
                if entry.strikes:
                    self._entries[key] = replace(entry, status=PlacementStatus.SUSPECT)
                else:
                    del self._entries[key]
            self._write()

    def forget(self, keys: Iterable[PlacementKey]) -> None:
        """Give these another chance ("Try again")."""
        with self._lock:
            for key in keys:
                self._entries.pop(key, None)
            self._write()

    def _drop_outdated(self, key: PlacementKey) -> None:
        same = (key.model_digest, key.device)
        for other in list(self._entries):
            if other != key and (other.model_digest, other.device) == same:
                del self._entries[other]

    def _read(self) -> tuple[PlacementEntry, ...]:
        try:
            stored = from_plain(_File, read_json_object(self._path))
        except (ValueError, EngineError):
            return ()
        return stored.entries if stored.format == FORMAT else ()

    def _write(self) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        stored = _File(format=FORMAT, entries=tuple(self._entries.values()))
        write_json_atomically(self._path, to_plain(stored))


def placement_keys(
    spec: LoadSpec, devices: Sequence[DeviceInfo], *, runtime_version: str | None = None
) -> tuple[PlacementKey, ...]:
    """Keys of a load, one per model that is not on the CPU; the CPU is where falls end."""
    version = installed_runtime_version() if runtime_version is None else runtime_version
    models = [(spec.main_path, spec.placement.main_device)]
    if spec.draft_path is not None and spec.placement.draft_device is not None:
        models.append((spec.draft_path, spec.placement.draft_device))
    drivers = {device.name: device.driver_version or "" for device in devices}
    return tuple(
        PlacementKey(
            model_digest=folder_digest(Path(path)),
            device=device,
            driver_version=drivers.get(device, ""),
            runtime_version=version,
        )
        for path, device in models
        if device != "CPU"
    )


def installed_runtime_version() -> str:
    """Version of the runtime's package, without importing it; empty in a program that lacks it."""
    from importlib import metadata  # a parser of mail comes along: not before a window is painted

    try:
        return metadata.version("openvino")
    except metadata.PackageNotFoundError:
        return ""


def folder_digest(folder: Path) -> str:
    """A short digest of a model folder: of its manifest's digests, else of names, sizes, times."""
    import hashlib  # with the first load, not with the window

    try:
        parts = [f"{file.path} {file.sha256}" for file in read_manifest(folder).files]
    except EngineError:
        parts = [_describe(path) for path in sorted(folder.glob("openvino_*")) if path.is_file()]
    text = json.dumps(parts or [str(folder)])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]


def _describe(path: Path) -> str:
    status = path.stat()
    return f"{path.name} {status.st_size} {status.st_mtime_ns}"
