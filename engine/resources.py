"""Where the files that ship with the program lie: from source, installed and frozen alike."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.errors import EngineError, ErrorCode

_SOURCE = Path(__file__).resolve().parent.parent


class AssetMissingError(EngineError, FileNotFoundError):
    """A file that belongs to the program is not there: the installation is incomplete."""

    default_code = ErrorCode.STORAGE_CORRUPT


def asset_root() -> Path:
    """The folder `assets`: inside the frozen bundle, or beside this package."""
    bundle: str | None = getattr(sys, "_MEIPASS", None)
    base = Path(bundle) if bundle else _SOURCE
    return base / "assets"


def asset_path(*parts: str) -> Path:
    """The existing file or folder `assets/<parts>`.

    Raises:
        AssetMissingError: nothing lies there.
    """
    path = asset_root().joinpath(*parts)
    if not path.exists():
        relative = "/".join(parts)
        raise AssetMissingError(
            f"The program's own file assets/{relative} is missing.",
            hint="Install the program again; its folder is incomplete.",
            asset=relative,
        )
    return path
