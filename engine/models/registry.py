"""The installed models: folders with a manifest below one root, and nothing else. There is no
index that could be wrong; deleting a folder by hand is legal. Reads manifests and file sizes only.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from engine.errors import EngineError, ErrorCode, ErrorInfo, ModelError, StorageError
from engine.models.file_problem import file_problem
from engine.models.folders import delete_folder, folder_bytes, newest_mtime_s, subfolders
from engine.models.json_file import not_writable
from engine.models.manifest import (
    MANIFEST_NAME,
    ModelKind,
    ModelManifest,
    ModelRole,
    is_safe_id,
    read_manifest,
)

INCOMING_NAME = ".incoming"
"""Downloads and imports under way live here; the transfer layer owns what it puts there."""
IMPORT_PREFIX = ".import-"
TRASH_PREFIX = ".trash-"
_STALE_IMPORT_S = 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class InstalledModel:
    """One model on this disk. With a `problem` it must not be loaded."""

    id: str
    name: str
    path: Path
    """Folder of the model's files; for a model used in place not the folder of its manifest."""
    role: ModelRole
    kind: ModelKind
    size_bytes: int
    """Bytes of its files as they are on the disk."""
    manifest: ModelManifest | None
    """None when the folder has none (opened by path) or when it cannot be read."""
    manifest_folder: Path | None = None
    """Folder of the manifest: what `remove` takes away."""
    problem: ErrorInfo | None = None
    in_place: bool = False
    embedded: bool = False
    """Part of the program: cannot be removed."""

    @property
    def usable(self) -> bool:
        """Whether nothing speaks against loading it, as far as names and sizes tell."""
        return self.problem is None


class Registry:
    """Installed models below `root`, plus those delivered with the program.

    Guarantees: holds no state but two paths, so any number may exist; never opens a file other
    than manifests. Hazard: `remove` and `sweep` delete; call them off the GUI thread.
    """

    def __init__(self, root: Path, *, embedded: Path | None = None) -> None:
        self.root = root
        self.embedded = embedded

    def folder_for(self, model_id: str) -> Path:
        """Where a model of this id is installed; the folder need not exist.

        Raises:
            ModelError: UNSAFE_NAME when the id cannot be a folder name.
        """
        if not is_safe_id(model_id):
            raise ModelError("The model id is not usable.", code=ErrorCode.UNSAFE_NAME, id=model_id)
        return self.root.joinpath(*model_id.split("/"))

    def scan(self) -> tuple[InstalledModel, ...]:
        """Every installed model, problems included, sorted by name."""
        found: dict[str, InstalledModel] = {}
        for folder in _manifest_folders(self.root):
            model = _read_model(folder, fallback_id=folder.relative_to(self.root).as_posix())
            if model.id in found:  # a copy made by hand: the folder name tells the two apart
                model = replace(model, id=folder.relative_to(self.root).as_posix())
            found.setdefault(model.id, model)
        for folder in _manifest_folders(self.embedded) if self.embedded else ():
            model = replace(_read_model(folder, fallback_id=folder.name), embedded=True)
            found.setdefault(model.id, model)
        return tuple(sorted(found.values(), key=lambda model: (model.name.casefold(), model.id)))

    def find(self, id_or_path: str) -> InstalledModel:
        """The model of this id, or the folder at this path, with or without a manifest.

        Raises:
            ModelError: MODEL_NOT_FOUND.
        """
        for model in self.scan():
            if model.id == id_or_path:
                return model
        folder = Path(id_or_path).expanduser()
        if id_or_path and _is_folder(folder):
            return self._at_path(folder)
        raise ModelError(
            f"There is no installed model and no folder '{id_or_path}'.",
            code=ErrorCode.MODEL_NOT_FOUND,
            model=id_or_path,
        )

    def total_bytes(self) -> int:
        """Bytes of all installed models; those used in place and the embedded ones not counted."""
        return sum(m.size_bytes for m in self.scan() if not (m.in_place or m.embedded))

    def remove(self, model_id: str, *, loaded_paths: Iterable[Path | str] = ()) -> int:
        """Delete an installed model: first renamed to a trash name, so that a crash in the middle
        leaves no half model. A model used in place loses its record only. Returns bytes freed.

        Raises:
            ModelError: MODEL_NOT_FOUND, or MODEL_IN_USE while it is loaded.
            StorageError: STORAGE_NOT_WRITABLE, also for an embedded model.
        """
        model = next((m for m in self.scan() if m.id == model_id), None)
        if model is None or model.manifest_folder is None:
            raise ModelError(
                f"'{model_id}' is not installed.", code=ErrorCode.MODEL_NOT_FOUND, model=model_id
            )
        self._check_removable(model, loaded_paths)
        freed = folder_bytes(model.manifest_folder)
        trash = self.root / f"{TRASH_PREFIX}{os.urandom(16).hex()}"
        try:
            model.manifest_folder.rename(trash)
        except OSError as error:
            raise not_writable(model.manifest_folder, error) from error
        delete_folder(trash)
        self._drop_empty_owner(model.manifest_folder.parent)
        return freed

    def sweep(self) -> int:
        """Finish what a crash interrupted: delete trash and abandoned imports. Returns bytes freed.

        Downloads under way are left alone; the transfer layer resumes or discards them.
        """
        leftovers = [p for p in subfolders(self.root) if p.name.startswith(TRASH_PREFIX)]
        now = time.time()
        for staging in subfolders(self.root / INCOMING_NAME):
            is_import = staging.name.startswith(IMPORT_PREFIX)
            if is_import and now - newest_mtime_s(staging) > _STALE_IMPORT_S:
                leftovers.append(staging)
        return sum(delete_folder(path) for path in leftovers)

    def _at_path(self, folder: Path) -> InstalledModel:
        resolved = folder.resolve()
        for model in self.scan():
            if resolved in (model.path.resolve(), _resolved(model.manifest_folder)):
                return model
        if (resolved / MANIFEST_NAME).is_file():
            return _read_model(resolved, fallback_id=str(resolved))
        return InstalledModel(
            id=str(resolved),
            name=resolved.name,
            path=resolved,
            role=ModelRole.OTHER,
            kind=ModelKind.UNKNOWN,
            size_bytes=folder_bytes(resolved),
            manifest=None,
            in_place=True,
        )

    def _check_removable(self, model: InstalledModel, loaded_paths: Iterable[Path | str]) -> None:
        if model.embedded:
            raise StorageError(
                f"'{model.id}' is part of the program.",
                code=ErrorCode.STORAGE_NOT_WRITABLE,
                model=model.id,
            )
        if model.path.resolve() in {Path(path).resolve() for path in loaded_paths}:
            raise ModelError(
                f"'{model.id}' is loaded.", code=ErrorCode.MODEL_IN_USE, model=model.id
            )

    def _drop_empty_owner(self, folder: Path) -> None:
        if folder == self.root:
            return
        try:
            folder.rmdir()
        except OSError:  # other models of the same owner: nothing to do
            return


def _manifest_folders(root: Path) -> Iterator[Path]:
    """Folders with a manifest at `root/name` and `root/owner/name`."""
    for child in subfolders(root):
        if child.name.startswith("."):
            continue
        if (child / MANIFEST_NAME).is_file():
            yield child
            continue
        for grandchild in subfolders(child):
            if not grandchild.name.startswith(".") and (grandchild / MANIFEST_NAME).is_file():
                yield grandchild


def _read_model(folder: Path, *, fallback_id: str) -> InstalledModel:
    try:
        manifest = read_manifest(folder)
    except EngineError as error:
        return InstalledModel(
            id=fallback_id,
            name=folder.name,
            path=folder,
            role=ModelRole.OTHER,
            kind=ModelKind.UNKNOWN,
            size_bytes=folder_bytes(folder),
            manifest=None,
            manifest_folder=folder,
            problem=error.to_info(),
        )
    path = Path(manifest.path) if manifest.path is not None else folder
    size_bytes, problem = _check_files(path, manifest)
    return InstalledModel(
        id=manifest.id,
        name=manifest.name,
        path=path,
        role=manifest.role,
        kind=manifest.kind,
        size_bytes=size_bytes,
        manifest=manifest,
        manifest_folder=folder,
        problem=problem,
        in_place=manifest.path is not None,
    )


def _check_files(path: Path, manifest: ModelManifest) -> tuple[int, ErrorInfo | None]:
    """Bytes found on the disk, and the first thing wrong by name, size or time."""
    total, problem = 0, None
    if not manifest.files:
        problem = file_problem(ErrorCode.MODEL_INCOMPLETE, "no_files", MANIFEST_NAME)
    for file in manifest.files:
        try:
            status = (path / file.path).stat()
        except OSError:
            problem = problem or file_problem(ErrorCode.MODEL_INCOMPLETE, "missing_file", file.path)
            continue
        total += status.st_size
        if status.st_size != file.size_bytes:
            problem = problem or file_problem(
                ErrorCode.MODEL_INCOMPLETE,
                "wrong_size",
                file.path,
                size_bytes=status.st_size,
                expected_bytes=file.size_bytes,
            )
        elif file.mtime_ns is not None and status.st_mtime_ns != file.mtime_ns:
            problem = problem or file_problem(
                ErrorCode.MODEL_CORRUPT, "changed_since_import", file.path
            )
    return total, problem


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except (OSError, ValueError):  # too long, or a NUL in the text a person typed
        return False


def _resolved(path: Path | None) -> Path | None:
    return None if path is None else path.resolve()
