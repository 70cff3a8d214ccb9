"""The folder of one unfinished download, `<models>/.incoming/<name>/`: what was wanted, what was
planned, what has arrived. Everything a later run needs is in it; no token ever is.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from engine.errors import EngineError, ErrorInfo, ModelError
from engine.hub.disk import refuse_link, resolve_inside
from engine.hub.lock import FileLock, is_locked
from engine.hub.names import job_folder_name
from engine.hub.partial_file import PARTIAL_SUFFIX, bytes_on_disk
from engine.hub.sources import RemoteFile
from engine.models.folders import delete_folder, newest_mtime_s, subfolders
from engine.models.json_file import read_json_object, write_json_atomically
from engine.models.manifest import ModelManifest, manifest_from_json, manifest_to_json
from engine.models.registry import INCOMING_NAME

RECORD_NAME = "job.json"
_LOCK_SUFFIX = ".lock"
_SCHEMA = 1
_DAY_S = 86400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedFile:
    """One file of the plan of the last run."""

    path: str
    size_bytes: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRecord:
    """What a job folder says about itself."""

    wanted: ModelManifest
    """The manifest to write; its source names the repository and, when pinned, the revision."""
    files: tuple[PlannedFile, ...] = ()
    """Empty until a hub was asked."""

    @property
    def bytes_total(self) -> int:
        """Bytes of the plan."""
        return sum(file.size_bytes for file in self.files)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnfinishedJob:
    """A download that did not come to its end, as found on the disk."""

    operation_id: str
    path: Path
    record: JobRecord | None
    """None when it cannot be read: then it can only be deleted."""
    problem: ErrorInfo | None
    bytes_done: int
    age_days: float
    """Since anything in it changed."""
    running: bool
    """Another process works on it."""


class JobFolder:
    """Reads and writes one job folder. Blocking.

    Guarantees: links are never followed, neither the folder itself nor anything in it.
    """

    def __init__(self, models_folder: Path, operation_id: str) -> None:
        self.operation_id = operation_id
        self.incoming = models_folder / INCOMING_NAME
        self.path = self.incoming / operation_id

    @classmethod
    def for_model(cls, models_folder: Path, model_id: str) -> JobFolder:
        """The folder of a model's download.

        Raises:
            TransferError: UNSAFE_NAME.
        """
        return cls(models_folder, job_folder_name(model_id))

    def lock(self) -> FileLock:
        """The lock of this job; beside the folder, so that the folder can be renamed under it.

        Raises:
            TransferError: UNSAFE_NAME for a link in place of the folder of all downloads.
            OSError: that folder cannot be made.
        """
        refuse_link(self.incoming)
        self.incoming.mkdir(parents=True, exist_ok=True)
        return FileLock(self._lock_path)

    def create(self, wanted: ModelManifest) -> JobRecord:
        """Make the folder, or take over the one of an earlier run for the same model.

        Raises:
            TransferError: UNSAFE_NAME for a link in its place.
            StorageError: it cannot be written.
            OSError: it cannot be made.
        """
        refuse_link(self.path)
        self.path.mkdir(parents=True, exist_ok=True)
        try:
            files = self.read().files
        except EngineError:  # none yet, or unreadable: the plan is made anew anyway
            files = ()
        record = JobRecord(wanted=wanted, files=files)
        self._write(record)
        return record

    def read(self) -> JobRecord:
        """Read the record.

        Raises:
            ModelError: it is missing or damaged.
        """
        data = read_json_object(self.path / RECORD_NAME)
        wanted, files = data.get("wanted"), data.get("files")
        if data.get("schema") != _SCHEMA or not isinstance(wanted, dict):
            raise ModelError("The record of a download is damaged.", file=RECORD_NAME)
        if not isinstance(files, list):
            raise ModelError("The record of a download is damaged.", file=RECORD_NAME)
        return JobRecord(
            wanted=manifest_from_json(wanted), files=tuple(_planned(entry) for entry in files)
        )

    def adopt(self, record: JobRecord, files: Iterable[RemoteFile]) -> JobRecord:
        """Take a new plan: keep what is unchanged, delete everything else in the folder.

        Raises:
            TransferError: UNSAFE_NAME when a link stands where a file shall be written.
            StorageError: the record cannot be written.
        """
        planned = tuple(
            PlannedFile(path=file.path, size_bytes=file.size_bytes, digest=file.digest)
            for file in files
        )
        for file in planned:
            resolve_inside(self.path, file.path)
        unchanged = set(record.files) & set(planned)
        kept = {file.path for file in unchanged}
        kept |= {file.path + PARTIAL_SUFFIX for file in unchanged} | {RECORD_NAME}
        for path in _files_below(self.path):
            if path.relative_to(self.path).as_posix() not in kept:
                path.unlink()
        adopted = JobRecord(wanted=record.wanted, files=planned)
        self._write(adopted)
        return adopted

    def bytes_kept(self, record: JobRecord) -> int:
        """Bytes that need not be fetched again, as far as sizes tell."""
        return sum(bytes_on_disk(self.path / file.path, file.size_bytes) for file in record.files)

    def delete(self) -> int:
        """Delete everything; returns bytes freed."""
        return delete_folder(self.path)

    def inspect(self) -> UnfinishedJob:
        """What there is, for a list; never raises for what it finds."""
        record, problem = None, None
        try:
            record = self.read()
        except EngineError as error:
            problem = error.to_info()
        return UnfinishedJob(
            operation_id=self.operation_id,
            path=self.path,
            record=record,
            problem=problem,
            bytes_done=self.bytes_kept(record) if record else 0,
            age_days=max(0.0, time.time() - newest_mtime_s(self.path)) / _DAY_S,
            running=is_locked(self._lock_path),
        )

    @property
    def _lock_path(self) -> Path:
        return self.incoming / (self.operation_id + _LOCK_SUFFIX)

    def _write(self, record: JobRecord) -> None:
        files = [
            {"path": file.path, "size_bytes": file.size_bytes, "digest": file.digest}
            for file in record.files
        ]
        value = {"schema": _SCHEMA, "wanted": manifest_to_json(record.wanted), "files": files}
        write_json_atomically(self.path / RECORD_NAME, value)


def list_unfinished(models_folder: Path) -> tuple[UnfinishedJob, ...]:
    """Every unfinished download below a models folder, oldest change last.

    Nothing is deleted here: whoever shows the list asks first, above all for old ones.
    """
    folders = subfolders(models_folder / INCOMING_NAME)
    jobs = [
        JobFolder(models_folder, folder.name).inspect()
        for folder in folders
        if not folder.name.startswith(".") and not folder.is_symlink()
    ]
    return tuple(sorted(jobs, key=lambda job: job.age_days))


def _planned(entry: object) -> PlannedFile:
    if isinstance(entry, dict):
        path, size, digest = entry.get("path"), entry.get("size_bytes"), entry.get("digest")
        if isinstance(path, str) and isinstance(size, int) and isinstance(digest, str):
            return PlannedFile(path=path, size_bytes=size, digest=digest)
    raise ModelError("The record of a download is damaged.", file=RECORD_NAME)


def _files_below(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        links = [name for name in folders if Path(parent, name).is_symlink()]
        for name in (*files, *links):
            yield Path(parent, name)
