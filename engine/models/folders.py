"""Sizes and deletion of folder trees that other programs may be changing at the same time."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path


def subfolders(folder: Path) -> list[Path]:
    """Folders directly below `folder`, sorted; none when it cannot be listed."""
    try:
        with os.scandir(folder) as entries:
            return sorted(Path(entry.path) for entry in entries if entry.is_dir())
    except OSError:  # absent, a file, or no permission: no models there
        return []


def paths_below(folder: Path) -> Iterator[Path]:
    """Every file and folder below `folder`; links are not followed."""
    for parent, folders, files in os.walk(folder):
        for name in (*folders, *files):
            yield Path(parent, name)


def folder_bytes(folder: Path) -> int:
    """Bytes of all files below `folder`, links not followed."""
    total = 0
    for path in paths_below(folder):
        try:
            status = path.lstat()
        except OSError:  # vanished meanwhile
            continue
        total += 0 if path.is_dir() else status.st_size
    return total


def newest_mtime_s(folder: Path) -> float:
    """The latest change anywhere in `folder`, in seconds since the epoch; 0 when it is gone."""
    newest = 0.0
    for path in (folder, *paths_below(folder)):
        try:
            newest = max(newest, path.lstat().st_mtime)
        except OSError:
            continue
    return newest


def delete_folder(path: Path) -> int:
    """Delete a folder, or a link without what it points to. What resists stays, for a later
    sweep. Returns the bytes that are really gone."""
    if path.is_symlink():
        with contextlib.suppress(OSError):
            path.unlink()
        return 0
    before = folder_bytes(path)
    try:
        shutil.rmtree(path)
    except OSError:
        return before - folder_bytes(path)
    return before
