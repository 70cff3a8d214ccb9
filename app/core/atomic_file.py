"""Writes small files so that a crash leaves the old content or the new, never half of it."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from pathlib import Path


def write_atomic(path: Path, content: str) -> None:
    """Replace `path` by `content` (UTF-8): temporary file beside it, fsync, rename.

    Raises:
        OSError: the folder cannot be written to; the old file is untouched.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def set_aside(path: Path) -> Path | None:
    """Rename a file that cannot be read, so that it is neither lost nor read again.

    Returns the new name, or None when renaming failed.
    """
    stamp = time.strftime("%Y%m%d-%H%M%S")
    target = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    try:
        path.replace(target)
    except OSError:
        return None
    return target
