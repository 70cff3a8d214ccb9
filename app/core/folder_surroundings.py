"""Asks this computer what `folder_risk` wants to know: mounts, drives, the user's folders."""

from __future__ import annotations

import os
import sys
from pathlib import Path, PurePath

from app.core.folder_risk import Finding, Surroundings, find_risk

_MOUNTS = Path("/proc/self/mounts")
_REMOTE = 4
"""What Windows calls DRIVE_REMOTE."""


def risk_of(folder: Path) -> Finding | None:
    """The risk of a folder of this computer, links followed."""
    return find_risk(folder.resolve(), surroundings())


def surroundings() -> Surroundings:
    """What is known of this computer now."""
    return Surroundings(
        home=Path.home(),
        mounts=read_mounts(_MOUNTS),
        environment=os.environ,
        is_remote_drive=_is_remote_drive,
        exists=os.path.exists,
    )


def read_mounts(table: Path) -> tuple[tuple[PurePath, str], ...]:
    """Places and types of a table of mounts; none where there is no such file."""
    try:
        lines = table.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return ()
    rows = (line.split() for line in lines)
    return tuple((Path(_plain(row[1])), row[2]) for row in rows if len(row) > 2)


def _plain(name: str) -> str:
    """A name of the table with its spaces; they are written as octal numbers."""
    for code, character in (("040", " "), ("011", "\t"), ("012", "\n"), ("134", "\\")):
        name = name.replace(f"\\{code}", character)
    return name


def _is_remote_drive(folder: PurePath) -> bool:
    if sys.platform == "win32":
        import ctypes

        return int(ctypes.windll.kernel32.GetDriveTypeW(f"{folder.drive}\\")) == _REMOTE
    return False
