"""The folders of compiled models: how large, and away with them. Files only."""

from __future__ import annotations

from pathlib import Path

from engine.models.json_file import not_writable


def cache_bytes(folder: Path) -> int:
    """Size of the compiled models in a folder; 0 when there is none."""
    try:
        return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    except OSError:
        return 0


def clear_cache(folder: Path) -> int:
    """Delete the compiled models in a folder; returns the bytes freed.

    Only what the runtime makes is touched: files named *.blob and *.cl_cache.

    Raises:
        StorageError: a file cannot be deleted, e.g. because a loaded model uses it on Windows.
    """
    freed = 0
    for path in sorted(folder.rglob("*")):
        if path.suffix not in (".blob", ".cl_cache") or not path.is_file():
            continue
        try:
            size = path.stat().st_size
            path.unlink()
        except OSError as error:
            raise not_writable(path, error) from error
        freed += size
    return freed
