"""Remembers inspections, because parsing large vocabularies takes a second each. Never needed: a
missing, damaged or outdated file only means inspecting again.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from pathlib import Path

from engine.codec import from_plain, to_plain
from engine.errors import EngineError
from engine.models.inspection import Inspection, inspect_folder, inspect_model
from engine.models.json_file import read_json_object, write_json_atomically
from engine.models.registry import InstalledModel

_CACHE_SCHEMA = 1
_LIMIT_BYTES = 32 * 1024 * 1024


class InspectionCache:
    """Inspections by folder, valid while names, sizes and times of its files stay the same.

    Not thread-safe. `save` writes; nothing else does.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._entries = _load(file)
        self._changed = False

    def inspect(self, model: InstalledModel) -> Inspection:
        """The inspection of an installed model, remembered or new.

        Raises:
            ModelError: MODEL_NOT_FOUND when the folder is gone.
        """
        signature = _signature(model)
        entry = self._entries.get(str(model.path))
        if isinstance(entry, dict) and entry.get("signature") == signature:
            try:
                return from_plain(Inspection, entry.get("inspection"))
            except ValueError:  # written by another version of the program
                pass
        known = inspect_model(model) if model.manifest is not None else _at_path(model)
        self._entries[str(model.path)] = {
            "signature": signature,
            "inspection": to_plain(known),
        }
        self._changed = True
        return known

    def save(self) -> None:
        """Write what is new, without entries of folders that are gone.

        Raises:
            StorageError: STORAGE_NOT_WRITABLE or DISK_FULL; the caller may go on without.
        """
        if not self._changed:
            return
        entries = {path: entry for path, entry in self._entries.items() if Path(path).is_dir()}
        write_json_atomically(self._file, {"schema": _CACHE_SCHEMA, "entries": entries})
        self._changed = False


def _at_path(model: InstalledModel) -> Inspection:
    found = replace(inspect_folder(model.path), id=model.id, name=model.name)
    if model.problem is None:
        return found
    return replace(found, problems=(model.problem, *found.problems))


def _load(file: Path) -> dict[str, object]:
    try:
        data = read_json_object(file, limit_bytes=_LIMIT_BYTES)
    except EngineError:
        return {}
    entries = data.get("entries")
    return entries if data.get("schema") == _CACHE_SCHEMA and isinstance(entries, dict) else {}


def _signature(model: InstalledModel) -> str:
    """Digest of the manifest's content that counts, and of name, size and time of every file."""
    manifest = model.manifest
    parts = [model.id, model.name, model.role.value, str(model.problem and model.problem.facts)]
    if manifest is not None:
        parts += [str(manifest.license), *manifest.pair]
    try:
        files = sorted(model.path.rglob("*"))
        stats = [(path, path.stat()) for path in files]
    except OSError:
        stats = []
    for path, status in stats:
        parts.append(f"{path.relative_to(model.path)}|{status.st_size}|{status.st_mtime_ns}")
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()
