"""The files of the store and their names. Moves and looks; opens no database."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.core.store.connection import make_private_folder
from engine.atomic_file import sync_folder

_COMPANIONS = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class StoreFiles:
    """Everything the store keeps, beside one database file."""

    database: Path
    memory_only: bool = False
    """Nothing may be written: for chats that are not to be kept."""

    @property
    def wal(self) -> Path:
        """The write-ahead log; a filled one at start tells of an unclean stop."""
        return self.database.with_name(self.database.name + "-wal")

    @property
    def backups(self) -> Path:
        """Folder of backups."""
        return self.database.with_name("backups")

    @property
    def rebuilt(self) -> Path:
        """A complete replacement for a damaged file, not yet in its place."""
        return self.database.with_name(self.database.name + ".rebuilt")

    @property
    def unfinished(self) -> Path:
        """A replacement in the making; worthless after a crash."""
        return self.database.with_name(self.database.name + ".rebuilding")

    def is_missing_or_empty(self) -> bool:
        """Tell whether there is no database; one of 0 bytes counts as none."""
        return not self.database.exists() or self.database.stat().st_size == 0

    def stopped_uncleanly(self) -> bool:
        """Tell whether the last program was ended in the middle of things."""
        return self.wal.exists() and self.wal.stat().st_size > 0

    def remove_unfinished(self) -> None:
        """Clear away what a crash left of a replacement in the making."""
        for suffix in ("", *_COMPANIONS, "-journal"):
            self.unfinished.with_name(self.unfinished.name + suffix).unlink(missing_ok=True)

    def publish_rebuilt(self) -> None:
        """Declare the replacement complete; from here a crash only delays it."""
        sync_file(self.unfinished)
        self.unfinished.replace(self.rebuilt)
        sync_folder(self.rebuilt.parent)

    def swap_in_rebuilt(self, now: float) -> str:
        """Move the damaged file and its companions aside and put the replacement in place.

        Returns the name of the folder the old files are in, "" when there were none.
        """
        aside = ""
        old = [self.database.with_name(self.database.name + end) for end in (*_COMPANIONS, "")]
        if any(path.exists() for path in old):
            folder = _new_folder(self.database.parent, now)
            for path in old:
                if path.exists():
                    path.replace(folder / path.name)
            aside = folder.name
        self.rebuilt.replace(self.database)
        sync_folder(self.database.parent)
        return aside


def _new_folder(parent: Path, now: float) -> Path:
    stem = f"corrupt-{datetime.fromtimestamp(now):%Y-%m-%d}"
    number, folder = 1, parent / stem
    while folder.exists():
        number += 1
        folder = parent / f"{stem}-{number}"
    make_private_folder(folder)
    return folder


def sync_file(path: Path) -> None:
    """Push a file's bytes to the disk."""
    with path.open("rb+") as stream:
        os.fsync(stream.fileno())
