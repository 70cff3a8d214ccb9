"""The order of the downloads, kept beside them. Only a wish: a missing or damaged file costs only
the order.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.errors import EngineError
from engine.models.json_file import read_json_object, write_json_atomically
from engine.models.registry import INCOMING_NAME

_NAME = "queue.json"


def read_order(models_folder: Path) -> tuple[str, ...]:
    """Operation ids in the order of the last time."""
    try:
        names = read_json_object(models_folder / INCOMING_NAME / _NAME).get("order")
    except EngineError:
        return ()
    return tuple(str(name) for name in names) if isinstance(names, list) else ()


def write_order(models_folder: Path, operation_ids: Sequence[str]) -> None:
    """Keep the order; without downloads no file is left.

    Raises:
        StorageError: it cannot be written.
    """
    path = models_folder / INCOMING_NAME / _NAME
    for torn in path.parent.glob(f".{_NAME}.*.tmp"):  # left by a crash
        torn.unlink(missing_ok=True)
    if operation_ids:
        write_json_atomically(path, {"order": list(operation_ids)})
    else:
        path.unlink(missing_ok=True)
