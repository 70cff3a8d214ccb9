"""Reads JSON objects of a model folder within limits. The files are foreign: nothing they hold may
raise anything but a typed error. Writes JSON atomically.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from engine.atomic_file import write_atomically
from engine.errors import ErrorCode, ModelError, StorageError

DEFAULT_LIMIT_BYTES = 4 * 1024 * 1024


def read_json_object(path: Path, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> dict[str, object]:
    """Read a JSON object of at most `limit_bytes` bytes.

    Raises:
        ModelError: MODEL_NOT_FOUND when the file is absent, MODEL_CORRUPT when it is too large,
            unreadable, no JSON or no object. Facts: file, reason.
    """
    text = read_text(path, limit_bytes=limit_bytes)
    try:
        value = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise _damaged(path, "bad_json") from error
    if not isinstance(value, dict):
        raise _damaged(path, "not_an_object")
    return value


def read_text(path: Path, *, limit_bytes: int = DEFAULT_LIMIT_BYTES) -> str:
    """Read UTF-8 text of at most `limit_bytes` bytes; errors as `read_json_object`."""
    try:
        with path.open("rb") as stream:
            data = stream.read(limit_bytes + 1)
    except FileNotFoundError as error:
        raise ModelError(
            f"The file {path.name} is missing.",
            code=ErrorCode.MODEL_NOT_FOUND,
            file=path.name,
            reason="missing",
        ) from error
    except (OSError, ValueError) as error:
        raise _damaged(path, "unreadable") from error
    if len(data) > limit_bytes:
        raise _damaged(path, "too_large")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _damaged(path, "not_utf8") from error


def write_json_atomically(path: Path, value: Mapping[str, object]) -> None:
    """Replace `path` by the JSON of `value`, through a temporary file beside it and fsync.

    Raises:
        StorageError: STORAGE_NOT_WRITABLE or DISK_FULL.
    """
    replace_file(path, json.dumps(value, ensure_ascii=False, indent=1))


def replace_file(path: Path, content: bytes | str) -> None:
    """Replace any file atomically; text becomes UTF-8.

    Raises:
        StorageError: STORAGE_NOT_WRITABLE or DISK_FULL; the old file is untouched.
    """
    try:
        write_atomically(path, content)
    except OSError as error:
        raise not_writable(path, error) from error


def not_writable(path: Path, error: OSError) -> StorageError:
    """The typed error for a failed write; knows a full disk from a forbidden one."""
    code = ErrorCode.DISK_FULL if error.errno in _NO_SPACE else ErrorCode.STORAGE_NOT_WRITABLE
    return StorageError(f"Cannot write {path.name}: {error.strerror}.", code=code, file=path.name)


def _damaged(path: Path, reason: str) -> ModelError:
    return ModelError(
        f"The file {path.name} cannot be used: {reason}.",
        code=ErrorCode.MODEL_CORRUPT,
        file=path.name,
        reason=reason,
    )


_NO_SPACE = (28, 122)  # ENOSPC; EDQUOT, which Windows' errno module does not name
