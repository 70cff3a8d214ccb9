"""Brings a folder of the user's own into the registry: by copy, or by remembering where it is.

The folder is inspected first, and a bad one is refused with a named reason. A copy appears whole
or not at all.
"""

from __future__ import annotations

import os
import re
import unicodedata
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from engine.atomic_file import sync_folder
from engine.errors import ErrorCode, ModelError, StorageError
from engine.hub.names import wanted_files
from engine.models.digest import copy_and_hash, hash_file
from engine.models.fit import plan_disk
from engine.models.folders import delete_folder
from engine.models.inspection import Inspection, inspect_folder, require_loadable
from engine.models.json_file import not_writable
from engine.models.machine import read_machine
from engine.models.manifest import (
    ModelFile,
    ModelManifest,
    ModelSource,
    SourceType,
    is_safe_path,
    write_manifest,
)
from engine.models.registry import IMPORT_PREFIX, INCOMING_NAME, InstalledModel, Registry
from engine.stop_token import StopToken

OnProgress = Callable[[int, int], object]
LOCAL_OWNER = "local"
_MOST_FILES = 10_000
_DEEPEST = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPlan:
    """What an import would take in."""

    folder: Path
    inspection: Inspection
    files: tuple[str, ...]
    """Those of a model: no scripts, pickles or other formats."""
    size_bytes: int


def plan_import(folder: Path) -> ImportPlan:
    """Look at a folder and decide what belongs to the model. Reads no weights.

    Raises:
        ModelError: the folder is missing, or the first problem that would keep it from loading.
    """
    resolved = _resolve(folder)
    inspection = inspect_folder(resolved)
    require_loadable(inspection)
    listing = _list_files(resolved)
    wanted = wanted_files(listing)
    files = tuple(path for path in listing if path in wanted and is_safe_path(path))
    return ImportPlan(
        folder=resolved,
        inspection=inspection,
        files=files,
        size_bytes=sum((resolved / path).stat().st_size for path in files),
    )


def import_copy(
    plan: ImportPlan,
    registry: Registry,
    *,
    model_id: str | None = None,
    on_progress: OnProgress = lambda done, total: None,
    stop: StopToken | None = None,
) -> InstalledModel:
    """Copy the files of a plan below the model folder, hashing them, and publish by one rename.

    Raises:
        ModelError: UNSAFE_NAME or MODEL_EXISTS (the id is taken).
        StorageError: DISK_FULL, STORAGE_NOT_WRITABLE; nothing is left behind.
        Cancelled: `stop` was set; nothing is left behind.
    """
    chosen = _free_id(registry, model_id or plan.folder.name, given=model_id is not None)
    target = registry.folder_for(chosen)
    _check_disk(plan, registry)
    staging = registry.root / INCOMING_NAME / f"{IMPORT_PREFIX}{uuid.uuid4().hex}"
    try:
        staging.mkdir(parents=True)
        progress = _Progress(plan.size_bytes, on_progress)
        files = [
            _copy_file(plan, name, staging, progress, stop or StopToken()) for name in plan.files
        ]
        write_manifest(staging, _manifest(plan, chosen, tuple(files), in_place=False))
        target.parent.mkdir(parents=True, exist_ok=True)
        staging.rename(target)
        sync_folder(target.parent)
    except OSError as error:
        raise not_writable(target, error) from error
    finally:
        if staging.exists():
            delete_folder(staging)
    return registry.find(chosen)


def import_in_place(
    plan: ImportPlan,
    registry: Registry,
    *,
    model_id: str | None = None,
    on_progress: OnProgress = lambda done, total: None,
    stop: StopToken | None = None,
) -> InstalledModel:
    """Remember where the files of a plan lie, with their digests; copies nothing.

    Calling it again for the same folder and id takes the digests anew.

    Raises:
        ModelError: UNSAFE_NAME, or MODEL_EXISTS when the id belongs to another folder.
        StorageError: STORAGE_NOT_WRITABLE or DISK_FULL.
        Cancelled: `stop` was set; nothing is left behind.
    """
    known = next((m for m in registry.scan() if m.in_place and m.path == plan.folder), None)
    if known is not None and known.manifest is not None and model_id in (None, known.id):
        chosen = known.id
    else:
        chosen = _free_id(registry, model_id or plan.folder.name, given=model_id is not None)
    progress = _Progress(plan.size_bytes, on_progress)
    files = []
    for name in plan.files:
        path = plan.folder / name
        try:
            status = path.stat()
            digest = hash_file(path, on_bytes=progress.advance, stop=stop or StopToken())
        except OSError as error:
            raise _unreadable(name) from error
        files.append(
            ModelFile(
                path=name, size_bytes=status.st_size, sha256=digest, mtime_ns=status.st_mtime_ns
            )
        )
    record = registry.folder_for(chosen)
    try:
        record.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise not_writable(record, error) from error
    write_manifest(record, _manifest(plan, chosen, tuple(files), in_place=True))
    return registry.find(chosen)


class _Progress:
    """Counts bytes for the caller's callback."""

    def __init__(self, total: int, on_progress: OnProgress) -> None:
        self._total = total
        self._done = 0
        self._on_progress = on_progress

    def advance(self, count: int) -> None:
        self._done += count
        self._on_progress(self._done, self._total)


def _copy_file(
    plan: ImportPlan, name: str, staging: Path, progress: _Progress, stop: StopToken
) -> ModelFile:
    target = staging / name
    target.parent.mkdir(parents=True, exist_ok=True)
    digest = copy_and_hash(plan.folder / name, target, on_bytes=progress.advance, stop=stop)
    return ModelFile(path=name, size_bytes=target.stat().st_size, sha256=digest)


def _manifest(
    plan: ImportPlan, model_id: str, files: tuple[ModelFile, ...], *, in_place: bool
) -> ModelManifest:
    found = plan.inspection
    return ModelManifest(
        id=model_id,
        name=plan.folder.name,
        role=found.role,
        kind=found.kind,
        source=ModelSource(type=SourceType.LOCAL),
        license=found.license,
        parameters=found.parameters,
        precision=found.precision.label if found.precision is not None else None,
        context_length=found.context_length,
        files=files,
        path=str(plan.folder) if in_place else None,
    )


def _free_id(registry: Registry, wanted: str, *, given: bool) -> str:
    """The id asked for, or `local/<name>` with a number when that is taken."""
    taken = {model.id.casefold() for model in registry.scan()}
    if given:
        if wanted.casefold() in taken or registry.folder_for(wanted).exists():
            raise ModelError(
                f"There is already a model '{wanted}'.",
                code=ErrorCode.MODEL_EXISTS, model=wanted, reason="id_taken",
            )  # fmt: skip
        return wanted
    base = f"{LOCAL_OWNER}/{_slug(wanted)}"
    for number in range(1, _MOST_FILES):
        candidate = base if number == 1 else f"{base}-{number}"
        if candidate.casefold() not in taken and not registry.folder_for(candidate).exists():
            return candidate
    raise ModelError("No free name for the model.", code=ErrorCode.MODEL_EXISTS, model=base)


def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode("ascii")
    slug = re.sub(r"[^A-Za-z0-9._-]+", "-", plain).strip("-._")[:100].rstrip("-._")
    return slug if slug and is_safe_path(slug) else "model"


def _resolve(folder: Path) -> Path:
    try:
        return folder.expanduser().resolve(strict=True)
    except (OSError, RuntimeError, ValueError) as error:
        raise ModelError(
            f"There is no folder '{folder.name}'.",
            code=ErrorCode.MODEL_NOT_FOUND, folder=folder.name, reason="missing_folder",
        ) from error  # fmt: skip


def _list_files(folder: Path) -> list[str]:
    """Relative paths of the files, links to files followed, links to folders not."""
    found: list[str] = []
    for parent, folders, names in os.walk(folder):
        depth = len(Path(parent).relative_to(folder).parts)
        folders[:] = sorted(n for n in folders if not n.startswith(".") and depth < _DEEPEST)
        for name in sorted(names):
            path = Path(parent, name)
            if path.is_file():
                found.append(path.relative_to(folder).as_posix())
        if len(found) > _MOST_FILES:
            raise ModelError(
                "The folder holds too many files for one model.",
                code=ErrorCode.MODEL_UNSUPPORTED, reason="too_many_files", files=len(found),
            )  # fmt: skip
    return found


def _check_disk(plan: ImportPlan, registry: Registry) -> None:
    need = plan_disk(plan.size_bytes, read_machine(registry.root))
    if need.needed_bytes > need.available_bytes:
        raise StorageError(
            "There is not enough free disk space for the copy.",
            code=ErrorCode.DISK_FULL,
            needed_bytes=need.needed_bytes,
            available_bytes=need.available_bytes,
        )


def _unreadable(name: str) -> ModelError:
    return ModelError(f"The file {name} cannot be read.", file=name, reason="unreadable")
