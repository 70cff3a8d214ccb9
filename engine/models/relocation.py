"""Moves the model folder. At every moment each model is whole in one of the two places."""

from __future__ import annotations

import errno
import shutil
import uuid
from collections.abc import Callable, Iterable
from pathlib import Path

from engine.atomic_file import sync_folder
from engine.errors import Cancelled, ErrorCode, ModelError, StorageError
from engine.models.digest import copy_and_hash, hash_file
from engine.models.folders import delete_folder, folder_bytes, paths_below
from engine.models.json_file import not_writable
from engine.models.machine import read_machine
from engine.models.registry import INCOMING_NAME, TRASH_PREFIX, Registry
from engine.stop_token import StopToken

OnProgress = Callable[[int, int], object]
_STAGING_PREFIX = f"{TRASH_PREFIX}moving-"
"""What a crash leaves of it goes with the trash."""


def move_models(
    registry: Registry,
    target: Path,
    *,
    loaded_paths: Iterable[Path | str] = (),
    on_progress: OnProgress = lambda done, total: None,
    stop: StopToken | None = None,
) -> Registry:
    """Move every model, download under way and record to `target`; returns the registry there.

    On the same volume this renames. On another it copies everything first, compares digests,
    and only then publishes and deletes. Models used in place stay where they are.

    Raises:
        ModelError: MODEL_IN_USE while a model of this folder is loaded; MODEL_EXISTS when
            `target` already has an entry of the same name.
        StorageError: STORAGE_NOT_WRITABLE, DISK_FULL, or the two folders contain each other.
        Cancelled: `stop` was set; everything is still at the old place.
    """
    source, goal = registry.root.resolve(), target.expanduser().resolve()
    moved = Registry(goal, embedded=registry.embedded)
    if source == goal:
        return moved
    _check(source, goal, loaded_paths)
    entries = _entries(source)
    try:
        goal.mkdir(parents=True, exist_ok=True)
        if not _rename_all(entries, goal):
            _copy_all(entries, goal, on_progress=on_progress, stop=stop or StopToken())
        sync_folder(goal)
    except OSError as error:
        raise not_writable(goal, error) from error
    return moved


def _check(source: Path, goal: Path, loaded_paths: Iterable[Path | str]) -> None:
    if source in goal.parents or goal in source.parents:
        raise StorageError(
            "One of the two folders lies inside the other.",
            code=ErrorCode.STORAGE_NOT_WRITABLE,
            reason="nested",
        )
    for loaded in loaded_paths:
        if source in Path(loaded).resolve().parents:
            raise ModelError(
                "A model of this folder is loaded.", code=ErrorCode.MODEL_IN_USE, model=str(loaded)
            )
    for entry in _entries(source):
        if (goal / entry.name).exists():
            raise ModelError(
                f"The new folder already has '{entry.name}'.",
                code=ErrorCode.MODEL_EXISTS,
                model=entry.name,
            )


def _entries(source: Path) -> list[Path]:
    """What belongs to the registry: owners, models and downloads, no trash, no stray files."""
    if not source.is_dir():
        return []
    return sorted(
        path
        for path in source.iterdir()
        if path.is_dir()
        and not path.name.startswith(TRASH_PREFIX)
        and (path.name == INCOMING_NAME or not path.name.startswith("."))
    )


def _rename_all(entries: list[Path], goal: Path) -> bool:
    """Rename everything, or put everything back. False when the volumes differ."""
    done: list[tuple[Path, Path]] = []
    try:
        for entry in entries:
            entry.rename(goal / entry.name)
            done.append((entry, goal / entry.name))
    except OSError as error:
        for old, new in reversed(done):
            new.rename(old)
        if error.errno == errno.EXDEV:
            return False
        raise
    return True


def _copy_all(entries: list[Path], goal: Path, *, on_progress: OnProgress, stop: StopToken) -> None:
    total = sum(folder_bytes(entry) for entry in entries)
    free = read_machine(goal).disk_free_bytes
    if total >= free:
        raise StorageError(
            "There is not enough free disk space at the new place.",
            code=ErrorCode.DISK_FULL, needed_bytes=total, available_bytes=free,
        )  # fmt: skip
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        done += count
        on_progress(done, total)

    staging = goal / f"{_STAGING_PREFIX}{uuid.uuid4().hex}"
    try:
        for entry in entries:
            _copy_tree(entry, staging / entry.name, on_bytes=advance, stop=stop)
        for entry in entries:
            (staging / entry.name).rename(goal / entry.name)
    finally:
        delete_folder(staging)
    for entry in entries:
        delete_folder(entry)


def _copy_tree(
    source: Path, target: Path, *, on_bytes: Callable[[int], None], stop: StopToken
) -> None:
    target.mkdir(parents=True)
    for path in paths_below(source):
        copy = target / path.relative_to(source)
        if path.is_symlink():
            copy.symlink_to(path.readlink())
        elif path.is_dir():
            copy.mkdir(exist_ok=True)
        else:
            digest = copy_and_hash(path, copy, on_bytes=on_bytes, stop=stop)
            if hash_file(copy, on_bytes=lambda count: None, stop=stop) != digest:
                raise ModelError(
                    f"The copy of {path.name} is damaged.",
                    code=ErrorCode.CHECKSUM, file=path.name,
                )  # fmt: skip
            shutil.copystat(path, copy)
    if stop.is_set():
        raise Cancelled("Moving the models was cancelled.")
