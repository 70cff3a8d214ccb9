"""Keeps the settings of devices in one JSON file: written atomically, a damaged one set aside."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from engine.atomic_file import file_notice, set_aside
from engine.codec import from_plain, to_plain
from engine.device_settings import DeviceBook, DeviceEntry
from engine.errors import EngineError, ErrorCode, ErrorInfo
from engine.models.json_file import read_json_object, write_json_atomically

FORMAT: Final = 1
FILE_NAME: Final = "devices.json"
CACHE_NAME: Final = "compiled"


@dataclass(frozen=True, slots=True, kw_only=True)
class _File:
    format: int
    devices: tuple[DeviceEntry, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedBook:
    """The book, and what has to be said about the file it came from."""

    book: DeviceBook
    notice: ErrorInfo | None = None
    writable: bool = True
    """False: a newer version wrote the file, and this one must not touch it."""


class DeviceSettingsFile:
    """One `devices.json`. Guarantees: reading never fails, writing never leaves half a file.

    Args:
        cache_root: folder of the compiled models.
    """

    def __init__(self, path: Path, *, cache_root: Path | None = None) -> None:
        self.path = path
        self._cache_root = cache_root
        self._is_writable = True

    def read(self) -> LoadedBook:
        """Read the file; a missing one gives an empty book, a damaged one is renamed."""
        empty = DeviceBook(cache_root=self._cache_root)
        try:
            plain = read_json_object(self.path)
            version = plain.get("format")
            if isinstance(version, int) and version > FORMAT:
                self._is_writable = False
                notice = file_notice(ErrorCode.STORAGE_NEWER_SCHEMA, self.path, f"format {version}")
                return LoadedBook(book=empty, notice=notice, writable=False)
            file = from_plain(_File, plain)
        except EngineError as error:
            if error.code is ErrorCode.MODEL_NOT_FOUND:
                return LoadedBook(book=empty)
            return LoadedBook(book=empty, notice=self._damaged(str(error)))
        except ValueError as error:
            return LoadedBook(book=empty, notice=self._damaged(str(error)))
        return LoadedBook(book=DeviceBook(entries=file.devices, cache_root=self._cache_root))

    def write(self, book: DeviceBook) -> None:
        """Replace the file; one of a newer version is left alone.

        Raises:
            StorageError: STORAGE_NOT_WRITABLE or DISK_FULL.
        """
        if self._is_writable:
            plain = to_plain(_File(format=FORMAT, devices=book.entries))
            write_json_atomically(self.path, plain)

    def _damaged(self, reason: str) -> ErrorInfo:
        return file_notice(ErrorCode.STORAGE_CORRUPT, set_aside(self.path), reason)
