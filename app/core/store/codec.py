"""Spans and reports to bytes and plain data and back, exactly. No SQL, no files."""

from __future__ import annotations

import re
import sys
import types
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from itertools import pairwise
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from engine.errors import ParameterError
from engine.events import TextSpan
from engine.metrics.report import (
    GenerationReport,
    LengthDecision,
    LengthReason,
    RuntimeFigures,
)
from engine.params import GenerationParams

_SPAN_FORMAT = 1
_BYTES_PER_SPAN = 9
_HUGE = 2**64
"""Above any figure of an answer; infinities and numbers of a thousand digits are refused."""
_SURROGATES = re.compile("[\ud800-\udfff]")
_NESTED: Mapping[str, type[Any]] = {"params": GenerationParams, "runtime": RuntimeFigures}

_Record = TypeVar("_Record")


def clean_text(text: str) -> str:
    """Replace lone surrogates, which no file can hold, by U+FFFD; the length stays."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _SURROGATES.sub("\ufffd", text)
    return text


def text_checksum(text: str) -> int:
    """CRC-32 of the text, to notice a page that went bad under it."""
    return zlib.crc32(text.encode())


def pack_spans(spans: Sequence[TextSpan]) -> bytes | None:
    """Pack spans column by column (1-2 bytes each after compression); None for no spans."""
    if not spans:
        return None
    steps = [span.step for span in spans]
    deltas = [steps[0], *(b - a for a, b in pairwise(steps))]
    columns = (array("I", [span.characters for span in spans]), array("i", deltas))
    for column in columns:
        if sys.byteorder == "big":
            column.byteswap()
    raw = b"".join(column.tobytes() for column in columns)
    raw += bytes(span.accepted for span in spans)
    return bytes([_SPAN_FORMAT]) + zlib.compress(raw, 6)


def unpack_spans(packed: bytes | None) -> tuple[TextSpan, ...]:
    """Undo `pack_spans`. Raises ValueError when the bytes are not its output."""
    if packed is None:
        return ()
    try:
        raw = zlib.decompress(packed[1:])
    except zlib.error as error:
        raise ValueError("packed spans are damaged") from error
    count, rest = divmod(len(raw), _BYTES_PER_SPAN)
    if packed[0] != _SPAN_FORMAT or rest:
        raise ValueError("packed spans have an unknown format")
    characters, deltas = array("I"), array("i")
    characters.frombytes(raw[: 4 * count])
    deltas.frombytes(raw[4 * count : 8 * count])
    if sys.byteorder == "big":
        characters.byteswap()
        deltas.byteswap()
    spans, step = [], 0
    for length, delta, accepted in zip(characters, deltas, raw[8 * count :], strict=True):
        step += delta
        spans.append(TextSpan(characters=length, step=step, accepted=bool(accepted)))
    return tuple(spans)


def report_to_plain(report: GenerationReport) -> dict[str, Any]:
    """A report as JSON-ready dictionaries."""
    return asdict(report)


def report_from_plain(plain: object) -> GenerationReport:
    """Undo `report_to_plain` after a trip through JSON; unknown fields are left out.

    Raises:
        ValueError: a field is missing or of another type; the message names it.
    """
    if not isinstance(plain, Mapping):
        raise ValueError("a report must be an object")
    values = dict(plain)
    for name, kind in _NESTED.items():
        if name in values:
            values[name] = _build(kind, values[name])
    values["length_decision"] = _decision(values.get("length_decision"))
    return _build(GenerationReport, values)


def _decision(plain: object) -> LengthDecision | None:
    """Where a draft length came from; nothing else of a report depends on it."""
    if not isinstance(plain, Mapping):
        return None
    try:
        reason = LengthReason(str(plain.get("reason")))
        return _build(LengthDecision, {**plain, "reason": reason})
    except ValueError:
        return None


def _build(kind: type[_Record], plain: object) -> _Record:
    if not isinstance(plain, Mapping):
        raise ValueError(f"{kind.__name__} must be an object")
    hints = _HINTS[kind]
    known = {name: _tuples(plain[name]) for name in hints if name in plain}
    for name, value in known.items():
        if not _matches(value, hints[name]):
            raise ValueError(f"{kind.__name__}.{name} has the wrong type")
    try:
        return kind(**known)
    except (TypeError, ParameterError) as error:
        raise ValueError(str(error)) from error


_HINTS: Mapping[type[Any], Mapping[str, Any]] = {
    kind: get_type_hints(kind)
    for kind in (GenerationReport, GenerationParams, RuntimeFigures, LengthDecision)
}


def _tuples(value: object) -> object:
    return tuple(_tuples(item) for item in value) if isinstance(value, list | tuple) else value


def _matches(value: object, hint: Any) -> bool:
    origin = get_origin(hint)
    if origin in (Union, types.UnionType):
        return any(_matches(value, option) for option in get_args(hint))
    if origin is tuple:
        return isinstance(value, tuple) and _matches_items(value, get_args(hint))
    if hint is float:
        return _is_number(value, int | float)
    if hint is int:
        return _is_number(value, int)
    return isinstance(value, hint)


def _is_number(value: object, kind: Any) -> bool:
    return isinstance(value, kind) and not isinstance(value, bool) and abs(value) < _HUGE


def _matches_items(value: tuple[object, ...], hints: tuple[Any, ...]) -> bool:
    if len(hints) == 2 and hints[1] is Ellipsis:
        return all(_matches(item, hints[0]) for item in value)
    return len(value) == len(hints) and all(map(_matches, value, hints))
