"""SHA-256 of files, with progress and a way out. Blocking: run it off the GUI thread."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

from engine.errors import Cancelled
from engine.stop_token import StopToken

OnBytes = Callable[[int], None]
"""Called with the number of bytes done since the last call."""
_BLOCK_BYTES = 1024 * 1024


def hash_file(path: Path, *, on_bytes: OnBytes, stop: StopToken) -> str:
    """The digest of a file in lower hex.

    Raises:
        OSError: the file cannot be read.
        Cancelled: `stop` was set.
    """
    with path.open("rb") as source:
        return _pump(source, None, on_bytes=on_bytes, stop=stop)


def copy_and_hash(
    source_path: Path, target_path: Path, *, on_bytes: OnBytes, stop: StopToken
) -> str:
    """Copy a file durably and return the digest of what was read.

    Raises:
        OSError: reading or writing failed; a partial target may remain.
        Cancelled: `stop` was set.
    """
    with source_path.open("rb") as source, target_path.open("xb") as target:
        digest = _pump(source, target, on_bytes=on_bytes, stop=stop)
        target.flush()
        os.fsync(target.fileno())
    return digest


def _pump(source: BinaryIO, target: BinaryIO | None, *, on_bytes: OnBytes, stop: StopToken) -> str:
    digest = hashlib.sha256()
    while block := source.read(_BLOCK_BYTES):
        if stop.is_set():
            raise Cancelled("The work on the files was cancelled.")
        digest.update(block)
        if target is not None:
            target.write(block)
        on_bytes(len(block))
    return digest.hexdigest()
