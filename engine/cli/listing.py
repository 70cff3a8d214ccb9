"""`devices` and `models`: lists, as text or as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence

from engine.backends.process_backend import ProcessBackend
from engine.cli.exit_codes import ExitCode
from engine.cli.requests import find_folders, open_registry
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
        _write_table([[d.name, str(d.kind), _size(d.memory_bytes), d.full_name] for d in devices])
    return ExitCode.OK


def run_models(arguments: argparse.Namespace) -> ExitCode:
    """List the installed models; those with a problem too."""
    models = open_registry(find_folders(arguments.data_dir)).scan()
    if arguments.json:
        _write_json(
            {
                "id": model.id,
                "name": model.name,
                "role": str(model.role),
                "kind": str(model.kind),
                "path": str(model.path),
                "size_bytes": model.size_bytes,
                "embedded": model.embedded,
                "problem": str(model.problem.code) if model.problem else None,
            }
            for model in models
        )
    else:
        _write_table(
            [
                [m.id, str(m.role), _size(m.size_bytes), str(m.problem.code) if m.problem else ""]
                for m in models
            ]
        )
    return ExitCode.OK


def _size(size_bytes: int | None) -> str:
    return "-" if size_bytes is None else f"{size_bytes / 2**20:.1f} MiB"


def _write_json(objects: Iterable[dict[str, object]]) -> None:
    for value in objects:
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def _write_table(rows: Sequence[Sequence[str]]) -> None:
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")
