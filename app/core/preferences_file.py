"""Keeps preferences in one JSON file: written atomically, a damaged one is set aside."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from app.core.preferences import Preferences, from_mapping
from engine.atomic_file import file_notice, set_aside, write_atomically
from engine.errors import ErrorCode, ErrorInfo

SCHEMA_VERSION = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedPreferences:
    """Preferences, and what has to be said about the file they came from."""

    preferences: Preferences
    notice: ErrorInfo | None = None
    writable: bool = True
    """False: a newer version wrote the file, and this one must not touch it."""


class PreferencesFile:
    """One `preferences.json`. Guarantees: reading never fails, writing never leaves half a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> LoadedPreferences:
        """Read the file; a missing one gives the defaults."""
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
            version, values = _parts(document)
        except FileNotFoundError:
            return LoadedPreferences(preferences=Preferences())
        except (OSError, ValueError, RecursionError) as error:
            return self._damaged(str(error))
        if version > SCHEMA_VERSION:
            return LoadedPreferences(
                preferences=from_mapping(values)[0],
                notice=file_notice(ErrorCode.STORAGE_NEWER_SCHEMA, self.path, f"schema {version}"),
                writable=False,
            )
        return LoadedPreferences(preferences=from_mapping(values)[0])

    def write(self, preferences: Preferences) -> None:
        """Replace the file.

        Raises:
            OSError: the folder cannot be written to.
        """
        document = {"schema_version": SCHEMA_VERSION, **asdict(preferences)}
        write_atomically(self.path, json.dumps(document, indent=2, ensure_ascii=False) + "\n")

    def _damaged(self, reason: str) -> LoadedPreferences:
        return LoadedPreferences(
            preferences=Preferences(),
            notice=file_notice(ErrorCode.STORAGE_CORRUPT, set_aside(self.path), reason),
        )


def _parts(document: Any) -> tuple[int, dict[str, Any]]:
    if not isinstance(document, dict) or not isinstance(document.get("schema_version"), int):
        raise ValueError("preferences.json holds no object with a schema_version")
    return document["schema_version"], document
