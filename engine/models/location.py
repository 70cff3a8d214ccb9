"""Where the models of a user are: below the data folder, or where they were moved to.

A small file beside the default folder names the other place, so that the window and the headless
front end agree.
"""

from __future__ import annotations

from pathlib import Path

from engine.errors import EngineError
from engine.models.json_file import read_json_object, write_json_atomically

DEFAULT_NAME = "models"
LOCATION_NAME = "models-location.json"


def models_folder(data: Path) -> Path:
    """The folder of the models; a missing or damaged record means the default one."""
    file = data / LOCATION_NAME
    if not file.is_file():
        return data / DEFAULT_NAME
    try:
        named = read_json_object(file).get("folder")
    except EngineError:
        return data / DEFAULT_NAME
    folder = Path(named) if isinstance(named, str) and named else None
    return folder if folder is not None and folder.is_absolute() else data / DEFAULT_NAME


def remember_models_folder(data: Path, folder: Path) -> None:
    """Keep another place; the default one needs no record.

    Raises:
        StorageError: STORAGE_NOT_WRITABLE or DISK_FULL.
    """
    if folder.absolute() == (data / DEFAULT_NAME).absolute():
        (data / LOCATION_NAME).unlink(missing_ok=True)
        return
    write_json_atomically(data / LOCATION_NAME, {"folder": str(folder.absolute())})
