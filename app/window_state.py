"""Remembers where the window was. Disposable: whatever cannot be read is forgotten."""

from __future__ import annotations

import json
import logging
from pathlib import Path

from PySide6.QtCore import QByteArray
from PySide6.QtWidgets import QWidget

from engine.atomic_file import write_atomically

_LOG = logging.getLogger(__name__)


def restore_window(window: QWidget, path: Path) -> bool:
    """Give the window its last place and size. Returns False when there is none."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        geometry = QByteArray.fromBase64(str(document["geometry"]).encode("ascii"))
    except (OSError, ValueError, KeyError, TypeError):
        return False
    return window.restoreGeometry(geometry)


def save_window(window: QWidget, path: Path) -> None:
    """Write the place and size of the window."""
    geometry = bytes(window.saveGeometry().toBase64().data()).decode("ascii")
    try:
        write_atomically(path, json.dumps({"geometry": geometry}) + "\n")
    except OSError as error:
        _LOG.info("the window's place could not be saved: %s", error)
