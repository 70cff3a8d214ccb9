"""Remembers models that proved unusable only when they were loaded, so that nobody waits again."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from engine.codec import from_plain, to_plain
from engine.errors import EngineError, ErrorCode, ErrorInfo, ModelError
from engine.models.json_file import read_json_object, write_json_atomically

FORMAT: Final = 1
UNUSABLE_NAME: Final = "unusable-models.json"
"""The file, in the folder of the data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mark:
    digest: str
    folder: str
    error: ErrorInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    format: int
    marks: tuple[_Mark, ...]


class UnusableModels:
    """The marks of one user. A folder whose files change loses its mark by that.

    Guarantees: a damaged file counts as empty. One process at a time uses it.

    Args:
        path: made when first needed.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def find(self, folder: Path) -> ErrorInfo | None:
        """Why a model cannot be used, None for one without a mark."""
        marks = self._read()
        if not marks:
            return None
        digest = _digest(folder)
        return next((mark.error for mark in marks if mark.digest == digest), None)

    def require_usable(self, folder: Path) -> None:
        """Refuse a model with a mark.

        Raises:
            ModelError: with what was found when it was loaded, and the fact `marked`.
        """
        error = self.find(folder)
        if error is not None:
            marked = (*error.facts, ("marked", True))
            raise ModelError.from_info(replace(error, facts=marked))

    def mark(self, folder: Path, error: ErrorInfo) -> None:
        """Remember what was found.

        Raises:
            StorageError: the file cannot be written.
        """
        digest = _digest(folder)
        others = tuple(mark for mark in self._read() if mark.digest != digest)
        self._write((*others, _Mark(digest=digest, folder=str(folder), error=error)))

    def forget(self, folder: Path) -> None:
        """Give a model another chance ("Try again")."""
        digest, marks = _digest(folder), self._read()
        kept = tuple(mark for mark in marks if mark.digest != digest)
        if kept != marks:
            self._write(kept)

    def _read(self) -> tuple[_Mark, ...]:
        try:
            stored = from_plain(_File, read_json_object(self._path))
        except (ValueError, EngineError):
            return ()
        return stored.marks if stored.format == FORMAT else ()

    def _write(self, marks: tuple[_Mark, ...]) -> None:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        write_json_atomically(self._path, to_plain(_File(format=FORMAT, marks=marks)))


def is_lasting(error: EngineError) -> bool:
    """Whether a load that ended so would end so again, after a wait or a crash: a chat template
    that took longer than allowed, or ended the engine."""
    facts = dict(error.to_info().facts)
    is_costly = "limit_s" in facts or facts.get("reason") == "crashed"
    return error.code is ErrorCode.TEMPLATE_UNUSABLE and is_costly


def _digest(folder: Path) -> str:
    """Names, sizes and times of the files of a folder: whatever is repaired, it changes."""
    import hashlib  # with the first load, not with the window

    entries = sorted(path for path in folder.iterdir() if path.is_file()) if folder.is_dir() else []
    status = [(path.name, path.stat().st_size, path.stat().st_mtime_ns) for path in entries]
    text = json.dumps(status or [str(folder)])
    return hashlib.sha256(text.encode("utf-8")).hexdigest()[:32]
