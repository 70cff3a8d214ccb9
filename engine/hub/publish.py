"""Turns a complete job folder into an installed model: manifest last, then one rename. Blocking.
A crash at any point leaves either the job folder or the installed model, never half of one.
"""

from __future__ import annotations

import contextlib
import os
import time
import uuid
from pathlib import Path

from engine.atomic_file import sync_folder
from engine.errors import EngineError, ErrorCode, ModelError
from engine.hub.disk import refuse_link, resolve_inside
from engine.hub.job_folder import RECORD_NAME, JobFolder
from engine.hub.names import unsafe_name
from engine.models.folders import delete_folder, subfolders
from engine.models.json_file import not_writable
from engine.models.manifest import (
    MANIFEST_NAME,
    ModelManifest,
    is_safe_id,
    read_manifest,
    write_manifest,
)
from engine.models.registry import INCOMING_NAME, TRASH_PREFIX

_RENAME_TRIES = 10
_RENAME_PAUSE_S = 0.1


def publish(job_dir: Path, target: Path, manifest: ModelManifest) -> None:
    """Install the files of `job_dir` as the model folder `target`.

    `job_dir` is `<models>/.incoming/<name>`; every file of the manifest is in it, hashed and
    safely on the disk. A model already at `target` is replaced.

    Raises:
        ModelError: MODEL_INCOMPLETE when a file of the manifest is missing or of another size.
        StorageError: STORAGE_NOT_WRITABLE or DISK_FULL; then nothing was installed.
        TransferError: UNSAFE_NAME when a link is among the files.
    """
    refuse_link(job_dir)
    _check_files(job_dir, manifest)
    for torn in job_dir.glob(".*.tmp"):  # a manifest or record a crash left half written
        torn.unlink(missing_ok=True)
    write_manifest(job_dir, manifest)
    _move_into_place(job_dir, target)


def finish_interrupted(models_folder: Path) -> tuple[Path, ...]:
    """Publish what was complete when the program was killed; returns the installed folders."""
    finished = []
    for folder in subfolders(models_folder / INCOMING_NAME):
        # Names with a dot are imports, which somebody else looks after.
        if folder.name.startswith(".") or folder.is_symlink():
            continue
        if not (folder / MANIFEST_NAME).is_file():
            continue
        try:
            with JobFolder(models_folder, folder.name).lock():
                finished.append(_finish_one(models_folder, folder))
        except EngineError:  # running elsewhere, damaged or not writable: it stays in the list
            continue
    _remove_left_records(models_folder)
    return tuple(finished)


def target_folder(models_folder: Path, model_id: str) -> Path:
    """Where a model of this id is installed.

    Raises:
        TransferError: UNSAFE_NAME.
    """
    if not is_safe_id(model_id):
        raise unsafe_name(model_id, "id")
    return models_folder.joinpath(*model_id.split("/"))


def _finish_one(models_folder: Path, folder: Path) -> Path:
    manifest = read_manifest(folder)
    _check_files(folder, manifest)
    target = target_folder(models_folder, manifest.id)
    _move_into_place(folder, target)
    return target


def _remove_left_records(models_folder: Path) -> None:
    for pattern in (f"*/{RECORD_NAME}", f"*/*/{RECORD_NAME}"):
        for record in models_folder.glob(pattern):
            installed = (record.parent / MANIFEST_NAME).is_file()
            if installed and record.parent.parent.name != INCOMING_NAME:
                record.unlink(missing_ok=True)


def _check_files(folder: Path, manifest: ModelManifest) -> None:
    for file in manifest.files:
        path = resolve_inside(folder, file.path)
        if not path.is_file() or path.stat().st_size != file.size_bytes:
            raise ModelError(
                f"{file.path} is not complete.", code=ErrorCode.MODEL_INCOMPLETE, file=file.path
            )


def _move_into_place(job_dir: Path, target: Path) -> None:
    trash = job_dir.parent.parent / f"{TRASH_PREFIX}{uuid.uuid4().hex}"
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists():
            _rename(target, trash)
        _rename(job_dir, target)
        sync_folder(target.parent)
        (target / RECORD_NAME).unlink(missing_ok=True)
    except OSError as error:
        if not target.exists():
            with contextlib.suppress(OSError):  # there was none, or it stays in the trash
                trash.rename(target)
        raise not_writable(target, error) from error
    if trash.exists():
        delete_folder(trash)


def _rename(source: Path, target: Path) -> None:
    for _ in range(_RENAME_TRIES - 1):
        try:
            source.rename(target)
        except PermissionError:
            if os.name != "nt":
                raise
            # A virus scanner still reads the new files.
            time.sleep(_RENAME_PAUSE_S)
        else:
            return
    source.rename(target)
