"""`devices`: the list of them, as text or as JSON; and tables for other lists."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence

from engine.backends.process_backend import ProcessBackend
from engine.cli.exit_codes import ExitCode
from engine.cli.requests import find_folders
from engine.codec import to_plain


def run_devices(arguments: argparse.Namespace) -> ExitCode:
    """List the devices, as the engine process sees them.

    Raises:
        EngineError: the engine process died of it, or a plugin failed.
    """
    backend = ProcessBackend(log_dir=find_folders(arguments.data_dir).logs)
    try:
        devices = backend.devices()
    finally:
        backend.close()
    if arguments.json:
        _write_json(to_plain(device) for device in devices)
    else:
        write_table([[d.name, str(d.kind), _size(d.memory_bytes), d.full_name] for d in devices])
    return ExitCode.OK


def _size(size_bytes: int | None) -> str:
    return "-" if size_bytes is None else f"{size_bytes / 2**20:.1f} MiB"


def _write_json(objects: Iterable[dict[str, object]]) -> None:
    for value in objects:
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def write_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
