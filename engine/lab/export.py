"""Records out of the program and back: JSON, CSV, and reading JSON or an HTML report again."""

from __future__ import annotations

import csv
import io
import json
import re
from pathlib import Path

from engine.errors import ErrorCode, StorageError
from engine.lab.history import MAX_FILE_BYTES, record_from_plain, record_to_plain
from engine.lab.record import LabRecord
from engine.lab.results import CellFigures, figures_of

DATA_ELEMENT = "slipstream-lab"
"""Id of the element that holds the record inside an HTML report."""
_DATA = re.compile(rf'<script type="application/json" id="{DATA_ELEMENT}">(.*?)</script>', re.S)
_COLUMNS = (
    "set",
    "strategy",
    "main_device",
    "draft_device",
    "draft",
    "num_assistant_tokens",
    "answers",
    "tokens_per_s",
    "tokens_per_s_low",
    "tokens_per_s_high",
    "ttft_s",
    "mean_acceptance_length",
    "acceptance_by_position",
    "speed_up",
    "speed_up_low",
    "speed_up_high",
    "p_value",
    "speed_up_same_device",
    "memory_bytes",
    "load_s",
    "energy_j_per_token",
    "equal_texts",
    "compared_texts",
    "error",
)


def to_json(record: LabRecord) -> str:
    """The record without paths, as one JSON object; `read_report` reads it."""
    return json.dumps(record_to_plain(record.without_paths()), ensure_ascii=False, allow_nan=False)


def to_csv(record: LabRecord) -> str:
    """A line of figures for every cell and prompt set; an empty set name is all of them."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows(_row(figures) for figures in figures_of(record))
    return target.getvalue()


def read_report(path: Path) -> LabRecord:
    """Read a run somebody exported, as JSON or as an HTML report.

    Raises:
        StorageError: STORAGE_CORRUPT or STORAGE_NEWER_SCHEMA.
    """
    try:
        if path.stat().st_size > MAX_FILE_BYTES:
            raise _unreadable(path, "too_large")
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(path, "unreadable") from error
    embedded = _DATA.search(text)
    try:
        plain = json.loads(embedded.group(1) if embedded else text)
    except (ValueError, RecursionError) as error:
        raise _unreadable(path, "bad_json") from error
    return record_from_plain(plain).without_paths()


def _row(figures: CellFigures) -> list[object]:
    group, rate, gain = figures.cell.group, figures.tokens_per_s, figures.speed_up
    same = figures.speed_up_same_device
    return [
        figures.set_id,
        group.strategy,
        group.placement.main_device,
        group.placement.draft_device,
        group.draft,
        figures.cell.num_assistant_tokens,
        figures.answers,
        rate and rate.median,
        rate and rate.low,
        rate and rate.high,
        figures.ttft_s and figures.ttft_s.median,
        figures.mean_acceptance_length,
        " ".join(f"{share:.4f}" for share in figures.acceptance_by_position),
        gain and gain.value,
        gain and gain.low,
        gain and gain.high,
        gain and gain.p_value,
        same and same.value,
        figures.memory_bytes,
        figures.load_s,
        figures.energy_j_per_token,
        figures.equal_texts,
        figures.compared_texts,
        figures.error and figures.error.code,
    ]


def _unreadable(path: Path, reason: str) -> StorageError:
    return StorageError(
        f"{path.name} is no Lab report: {reason}.",
        code=ErrorCode.STORAGE_CORRUPT,
        file=path.name,
        reason=reason,
    )
