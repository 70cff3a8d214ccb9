"""Lines of the headless front end: results on standard output, remarks on standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping, Sequence


def write_json(value: Mapping[str, object]) -> None:
    """One object on a line of its own; what JSON has not, like a path, as text."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")
    sys.stdout.flush()


def write_table(rows: Sequence[Sequence[str]]) -> None:
    """Columns as wide as their widest cell."""
    if not rows:
        return
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = [cell.ljust(width) for cell, width in zip(row, widths, strict=True)]
        sys.stdout.write("  ".join(cells).rstrip() + "\n")


def remark(text: str) -> None:
    """Say something that is no result."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def event_name(event: object) -> str:
    """How an event is called in JSON: its class in snake case."""
    return re.sub(r"(?<!^)(?=[A-Z])", "_", type(event).__name__).lower()
