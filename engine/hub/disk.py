"""The disk as an argument: free space and one write call, so that a full disk can be tested.
Also the refusal of links and the errors a failing disk is turned into.
"""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import stat
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.errors import ErrorCode, TransferError
from engine.hub.names import safe_rel, unsafe_name

_JUNCTION = 0xA0000003
_WINDOWS_PATH_LIMIT = 259
_NO_SPACE = frozenset({errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)})


_REASONS = {
    errno.EROFS: "read_only",
    errno.EACCES: "not_permitted",
    errno.EPERM: "not_permitted",
    errno.EFBIG: "file_too_large",  # 4 GB on FAT32
    errno.ENOENT: "folder_gone",
    errno.ENODEV: "folder_gone",
    errno.ENXIO: "folder_gone",
    errno.EIO: "device_error",
    errno.ENAMETOOLONG: "path_too_long",
}


def free_bytes(folder: Path) -> int:
    """Bytes this user may still write on the volume of `folder`."""
    return shutil.disk_usage(folder).free


@dataclass(frozen=True, slots=True, kw_only=True)
class DiskAccess:
    """How transfers reach the disk."""

    free_bytes: Callable[[Path], int] = free_bytes
    write: Callable[[int, bytes], int] = os.write


def disk_error(error: OSError, *, folder: Path, disk: DiskAccess) -> TransferError:
    """The typed error for a failed call: DISK_FULL, or STORAGE_NOT_WRITABLE with a reason."""
    if error.errno in _NO_SPACE:
        return disk_full(folder, needed_bytes=None, disk=disk)
    return TransferError(
        f"The models folder cannot be written: {error.strerror or error}.",
        code=ErrorCode.STORAGE_NOT_WRITABLE,
        reason=_reason(error),
        folder=str(folder),
    )


def _reason(error: OSError) -> str:
    if len(str(error.filename or "")) > _WINDOWS_PATH_LIMIT and error.errno != errno.EACCES:
        return "path_too_long"  # Windows says "not found" to these
    return _REASONS.get(error.errno or 0, "error")


def disk_full(folder: Path, *, needed_bytes: int | None, disk: DiskAccess) -> TransferError:
    """DISK_FULL with both numbers, as far as they can be told."""
    facts: dict[str, Any] = {"folder": str(folder)}
    with contextlib.suppress(OSError):  # the volume may be gone as well
        facts["free_bytes"] = disk.free_bytes(folder)
    if needed_bytes is not None:
        facts["needed_bytes"] = needed_bytes
    return TransferError("The disk is full.", code=ErrorCode.DISK_FULL, **facts)


def refuse_link(path: Path) -> None:
    """Raise UNSAFE_NAME when `path` exists and is a link."""
    if _is_link(path):
        raise unsafe_name(path.name, "link")


def resolve_inside(folder: Path, relative: str) -> Path:
    """The path of a repository file in `folder`; refuses links planted on the way.

    Raises:
        TransferError: UNSAFE_NAME, reason `link` when any part exists and is a link.
    """
    path = folder.joinpath(*safe_rel(relative).parts)
    for step in (path, *path.parents):
        refuse_link(step)
        if step == folder:
            break
    return path


def open_regular(path: Path) -> int:
    """Open or make a file for reading and writing at its end; never follows a link.

    Raises:
        TransferError: UNSAFE_NAME when the path is a link, a device or has a second name.
        OSError: as `os.open`.
    """
    refuse_link(path)
    flags = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode) or status.st_nlink > 1:
        os.close(descriptor)
        raise unsafe_name(path.name, "link")
    return descriptor


def _is_link(path: Path) -> bool:
    try:
        status = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    # Windows: a junction is no symbolic link. Other reparse points (OneDrive) are plain files.
    return stat.S_ISLNK(status.st_mode) or getattr(status, "st_reparse_tag", 0) == _JUNCTION
