"""Where file dialogs open first."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths


def documents_folder() -> str:
    """The folder of the user's documents, or the home folder where there is none."""
    place = QStandardPaths.StandardLocation.DocumentsLocation
    found = QStandardPaths.writableLocation(place)
    # A dialog that is given a missing folder opens wherever the program was started.
    return found if found and Path(found).is_dir() else str(Path.home())
