"""Replaces small files so that a crash leaves the old content or the new, never half of it, and
sets aside those that cannot be read.
"""

from __future__ import annotations

import contextlib
import errno
import os
import time
from pathlib import Path

from engine.errors import ErrorCode, ErrorInfo


def write_atomically(path: Path, content: bytes | str) -> None:
    """Replace `path` by `content`: temporary file beside it, fsync, rename.

    Text becomes UTF-8; half a character, which UTF-8 has no place for, becomes "?".

    Raises:
        OSError: it cannot be written; the old file is untouched.
    """
    data = content.encode("utf-8", "replace") if isinstance(content, str) else content
    # A name of its own: two threads may be at the same file.
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        sync_folder(path.parent)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def sync_folder(folder: Path) -> None:
    """Make renames inside `folder` durable. Windows cannot open folders and needs no such call."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that knows no such call
            raise
    finally:
        os.close(descriptor)


def set_aside(path: Path) -> Path:
    """Rename a file that cannot be read, so that it is neither lost nor read again.

    Returns where it lies now: the old name when renaming failed.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    try:
        path.replace(target)
    except OSError:
        return path
    return target


def file_notice(code: ErrorCode, path: Path, reason: str) -> ErrorInfo:
    """What has to be said about a file of settings; `reason` is English, for the log."""
    return ErrorInfo(
        code=code,
        message=f"{path.name}: {reason}",
        facts=(("file", path.name),),
        details=reason,
    )
