"""Keeps the user's presets in one JSON file; a damaged one is set aside."""

from __future__ import annotations

from pathlib import Path

from app.core.presets import Preset, PresetsUnreadableError, dump_presets, load_presets
from engine.atomic_file import set_aside, write_atomically

_LARGEST_BYTES = 4 * 1024 * 1024


class PresetsFile:
    """One `presets.json`. Guarantees: reading never fails, writing never leaves half a file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> tuple[Preset, ...]:
        """The presets; none when the file is missing or had to be set aside."""
        try:
            return read_presets(self.path)
        except FileNotFoundError:
            return ()
        except (OSError, PresetsUnreadableError):
            set_aside(self.path)
            return ()

    def write(self, presets: tuple[Preset, ...]) -> None:
        """Replace the file.

        Raises:
            OSError: the folder cannot be written to.
        """
        write_atomically(self.path, dump_presets(presets))


def read_presets(path: Path) -> tuple[Preset, ...]:
    """Read an exported file.

    Raises:
        OSError: it cannot be read.
        PresetsUnreadableError: it holds something else.
    """
    if path.stat().st_size > _LARGEST_BYTES:
        raise PresetsUnreadableError("it is too large")
    try:
        return load_presets(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise PresetsUnreadableError("it is not UTF-8 text") from error
