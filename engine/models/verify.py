"""Re-hashes an installed model and names the files that are not what its manifest says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from engine.errors import ErrorCode, ModelError
from engine.models.digest import hash_file
from engine.models.folders import paths_below
from engine.models.manifest import MANIFEST_NAME, ModelFile
from engine.models.registry import InstalledModel
from engine.stop_token import StopToken

OnProgress = Callable[[int, int], object]
"""Bytes done, bytes in all."""


class Fault(StrEnum):
    """What is wrong with a file."""

    MISSING = "missing"
    WRONG_SIZE = "wrong_size"
    WRONG_DIGEST = "wrong_digest"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True, kw_only=True)
class BadFile:
    """A file to repair: only this one has to be fetched again."""

    path: str
    fault: Fault
    expected: ModelFile


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyReport:
    """The outcome of a verification."""

    model_id: str
    checked_bytes: int
    bad_files: tuple[BadFile, ...]
    unlisted: tuple[str, ...]
    """Files in the folder the manifest does not know; harmless to the runtime unless they are
    ones it looks for."""

    @property
    def ok(self) -> bool:
        """Whether every file is what the manifest says."""
        return not self.bad_files


def verify_model(
    model: InstalledModel,
    *,
    on_progress: OnProgress = lambda done, total: None,
    stop: StopToken | None = None,
) -> VerifyReport:
    """Compare every file of a model with its digest. Blocking; about 1 GB a second at best.

    Raises:
        ModelError: MODEL_NOT_FOUND when the model has no readable manifest to compare with.
        Cancelled: `stop` was set.
    """
    manifest = model.manifest
    if manifest is None:
        raise ModelError(
            f"'{model.id}' has no manifest to compare with.",
            code=ErrorCode.MODEL_NOT_FOUND,
            model=model.id,
            reason="no_manifest",
        )
    token = stop if stop is not None else StopToken()
    total, done = manifest.size_bytes, 0
    bad: list[BadFile] = []

    def advance(count: int) -> None:
        nonlocal done
        done += count
        on_progress(done, total)

    for file in manifest.files:
        fault = _fault_of(model.path / file.path, file, on_bytes=advance, stop=token)
        if fault is not None:
            bad.append(BadFile(path=file.path, fault=fault, expected=file))
    return VerifyReport(
        model_id=model.id,
        checked_bytes=done,
        bad_files=tuple(bad),
        unlisted=_unlisted(model.path, {file.path for file in manifest.files}),
    )


def _fault_of(
    path: Path, file: ModelFile, *, on_bytes: Callable[[int], None], stop: StopToken
) -> Fault | None:
    try:
        if path.stat().st_size != file.size_bytes:
            return Fault.WRONG_SIZE
        digest = hash_file(path, on_bytes=on_bytes, stop=stop)
    except FileNotFoundError:
        return Fault.MISSING
    except OSError:
        return Fault.UNREADABLE
    return None if digest == file.sha256 else Fault.WRONG_DIGEST


def _unlisted(folder: Path, listed: set[str]) -> tuple[str, ...]:
    found = (path.relative_to(folder).as_posix() for path in paths_below(folder) if path.is_file())
    return tuple(sorted(name for name in found if name not in listed and name != MANIFEST_NAME))
