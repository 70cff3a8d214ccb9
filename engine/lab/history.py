"""Lab runs on disk: one file a run, a line per entry, so that nothing measured is ever lost.

First line: the header with its format; a last line cut off by a crash is left out.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.atomic_file import write_atomically
from engine.codec import from_plain, to_plain
from engine.errors import EngineError, ErrorCode, StorageError
from engine.lab.record import (
    FORMAT,
    CellFailure,
    GroupLoad,
    LabHeader,
    LabRecord,
    Measurement,
)
from engine.models.json_file import not_writable

MAX_FILE_BYTES = 256 * 1024 * 1024
_RUN_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]{0,80}")
_KINDS: dict[str, type[Any]] = {
    "load": GroupLoad,
    "measurement": Measurement,
    "failure": CellFailure,
}
_NAMES = {kind: name for name, kind in _KINDS.items()}
_FINISHED = "finished"
_END = b'{"finished": null}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSummary:
    """A run in the list of runs."""

    header: LabHeader
    size_bytes: int
    is_finished: bool = False


class LabHistory:
    """The runs of this machine and those imported, newest first.

    Guarantees: an entry is on disk when `RunJournal.save` returns; a damaged file spoils no other.

    Args:
        folder: made when first needed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def runs(self) -> tuple[RunSummary, ...]:
        """All readable runs, by their headers alone."""
        found = []
        for path in sorted(self._folder.glob("*.jsonl"), reverse=True):
            try:
                with path.open("rb") as stream:
                    header = _decode_header(stream.readline(MAX_FILE_BYTES))
                    size = stream.seek(0, os.SEEK_END)
                    stream.seek(max(0, size - len(_END)))
                    is_finished = stream.read() == _END
                summary = RunSummary(header=header, size_bytes=size, is_finished=is_finished)
                found.append(summary)
            except (OSError, StorageError):
                continue
        return tuple(sorted(found, key=lambda run: run.header.started_at, reverse=True))

    def read(self, run_id: str) -> LabRecord:
        """A whole run.

        Raises:
            StorageError: STORAGE_CORRUPT or STORAGE_NEWER_SCHEMA.
        """
        path = self._path(run_id)
        try:
            if path.stat().st_size > MAX_FILE_BYTES:
                raise _corrupt(path.name, "too_large")
            lines = path.read_bytes().split(b"\n")
        except OSError as error:
            raise _corrupt(path.name, "unreadable") from error
        return _read_lines(lines)

    def begin(self, record: LabRecord) -> RunJournal:
        """Open the file of a run for more entries; written anew from `record`.

        Raises:
            StorageError: STORAGE_NOT_WRITABLE or DISK_FULL.
        """
        path = self._path(record.header.run_id)
        try:
            self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            return RunJournal(path, record)
        except OSError as error:
            raise not_writable(path, error) from error

    def add(self, record: LabRecord) -> None:
        """Keep a whole record, e.g. an imported one; replaces one of the same id."""
        self.begin(record).close()

    def delete(self, run_id: str) -> None:
        """Remove a run; nothing when there is none."""
        path = self._path(run_id)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise not_writable(path, error) from error

    def _path(self, run_id: str) -> Path:
        if not _RUN_ID.fullmatch(run_id) or ".." in run_id:
            raise _corrupt(run_id, "bad_name")
        return self._folder / f"{run_id}.jsonl"


class RunJournal:
    """The open file of a run. Close it when the run has ended; a crash loses at most a line."""

    def __init__(self, path: Path, record: LabRecord) -> None:
        self._path = path
        write_atomically(path, b"".join(_lines(record)))
        self._stream = path.open("ab")

    def save(self, entry: GroupLoad | Measurement | CellFailure) -> None:
        """Write one entry durably.

        Raises:
            StorageError: STORAGE_NOT_WRITABLE or DISK_FULL.
        """
        self._write(_line(_NAMES[type(entry)], entry))

    def finish(self) -> None:
        """Note that the run is complete."""
        self._write(_line(_FINISHED, None))

    def close(self) -> None:
        """Close the file. Idempotent."""
        self._stream.close()

    def _write(self, line: bytes) -> None:
        try:
            self._stream.write(line)
            self._sync()
        except OSError as error:
            raise not_writable(self._path, error) from error

    def _sync(self) -> None:
        self._stream.flush()
        os.fsync(self._stream.fileno())


def record_to_plain(record: LabRecord) -> dict[str, Any]:
    """A record as one JSON object, its format first."""
    plain: dict[str, Any] = {"format": FORMAT}
    plain.update(to_plain(record))
    return plain


def record_from_plain(plain: object) -> LabRecord:
    """Read a record that may come from anywhere.

    Raises:
        StorageError: STORAGE_NEWER_SCHEMA or STORAGE_CORRUPT.
    """
    if not isinstance(plain, dict):
        raise _corrupt("record", "not_an_object")
    body = dict(plain)
    _check_format(body.pop("format", None))
    record: LabRecord = _decode(LabRecord, body)
    return record


def _lines(record: LabRecord) -> Iterable[bytes]:
    yield _line("header", record.header)
    entries = (*record.loads, *record.measurements, *record.failures)
    yield from (_line(_NAMES[type(entry)], entry) for entry in entries)
    if record.is_finished:
        yield _line(_FINISHED, None)


def _line(name: str, value: object) -> bytes:
    text = json.dumps({name: to_plain(value)}, ensure_ascii=False, allow_nan=False)
    return text.encode("utf-8") + b"\n"


def _read_lines(lines: list[bytes]) -> LabRecord:
    entries: dict[str, list[Any]] = {name: [] for name in _KINDS}
    is_finished = False
    # What follows the last line break was being written when the program ended.
    for line in lines[1:-1]:
        name, value = _split(line)
        if name == _FINISHED:
            is_finished = True
        elif name in _KINDS:
            entries[name].append(_decode(_KINDS[name], value))
        else:
            raise _corrupt(name, "unknown_entry")
    return LabRecord(
        header=_decode_header(lines[0]),
        loads=tuple(entries["load"]),
        measurements=tuple(entries["measurement"]),
        failures=tuple(entries["failure"]),
        is_finished=is_finished,
    )


def _decode_header(line: bytes) -> LabHeader:
    name, value = _split(line)
    if name != "header" or not isinstance(value, dict):
        raise _corrupt("header", "missing")
    _check_format(value.get("format"))
    header: LabHeader = _decode(LabHeader, value)
    return header


def _split(line: bytes) -> tuple[str, Any]:
    try:
        plain = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _corrupt("line", "bad_json") from error
    if not isinstance(plain, dict) or len(plain) != 1:
        raise _corrupt("line", "not_an_entry")
    ((name, value),) = plain.items()
    return name, value


def _check_format(found: object) -> None:
    if isinstance(found, int) and found > FORMAT:
        raise StorageError(
            f"The Lab run has format {found}; this program knows {FORMAT}.",
            code=ErrorCode.STORAGE_NEWER_SCHEMA,
            found=found,
            known=FORMAT,
        )
    if found != FORMAT:
        raise _corrupt("format", "unknown")


def _decode(kind: type[Any], plain: object) -> Any:
    try:
        return from_plain(kind, plain)
    except (ValueError, EngineError) as error:
        raise _corrupt(kind.__name__, "bad_value") from error


def _corrupt(name: str, reason: str) -> StorageError:
    return StorageError(
        f"The Lab run cannot be read: {name}, {reason}.",
        code=ErrorCode.STORAGE_CORRUPT,
        file=name,
        reason=reason,
    )
