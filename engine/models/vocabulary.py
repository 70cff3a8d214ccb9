"""Fingerprints of a vocabulary: every token with its id, and the special tokens apart.

Equal fingerprints mean that ids mean the same in both models. Read from `tokenizer.json` or from
the constants of the tokenizer IR; the two ways give different digests and compare only with
their like. Reads data, runs no tokenizer.
"""

from __future__ import annotations

import hashlib
import sys
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from engine.errors import ModelError
from engine.models.ir_reader import Constant, IrSummary
from engine.models.json_file import read_json_object

_TOKENIZER_JSON_LIMIT_BYTES = 96 * 1024 * 1024
_CONSTANT_LIMIT_BYTES = 96 * 1024 * 1024
_VOCABULARY_OPERATIONS = (
    "BPETokenizer", "TrieTokenizer", "WordpieceTokenizer", "UnigramTokenizer",
    "SentencepieceTokenizer", "VocabEncoder", "CharsToBytes",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Fingerprint:
    """SHA-256 over the ordinary tokens and over the special ones, each with its id."""

    vocabulary: str
    special: str
    token_count: int


def fingerprint_of_json(path: Path) -> Fingerprint:
    """The fingerprint of a `tokenizer.json`.

    Raises:
        ModelError: MODEL_NOT_FOUND or MODEL_CORRUPT; facts: file, reason.
    """
    data = read_json_object(path, limit_bytes=_TOKENIZER_JSON_LIMIT_BYTES)
    special = dict(_added_tokens(data.get("added_tokens"), path.name))
    model = data.get("model")
    ordinary = dict(_vocabulary(model.get("vocab") if isinstance(model, dict) else None, path.name))
    for token_id in special:
        ordinary.pop(token_id, None)
    return Fingerprint(
        vocabulary=_digest(ordinary), special=_digest(special),
        token_count=len(ordinary) + len(special),
    )  # fmt: skip


def fingerprint_of_ir(ir: IrSummary, bin_path: Path) -> Fingerprint | None:
    """The fingerprint of a tokenizer IR read with its graph; None when it keeps no vocabulary.

    Checks that every token lies inside its table: the runtime does not, and a damaged table
    kills the process that encodes with it.

    Raises:
        ModelError: MODEL_CORRUPT with reason damaged_vocabulary, or unreadable.
    """
    layer = next((i for i, kind in ir.operation_of.items() if kind in _VOCABULARY_OPERATIONS), None)
    if layer is None:
        return None
    constants = _constants_feeding(ir, layer)
    try:
        with bin_path.open("rb") as stream:
            blobs = [(constant, _read_constant(stream, constant)) for constant in constants]
    except OSError as error:
        raise _damaged(bin_path.name, "unreadable") from error
    try:
        return _fingerprint_of_blobs(blobs)
    except _BrokenTableError as error:
        raise _damaged(bin_path.name, "damaged_vocabulary") from error


class _BrokenTableError(ValueError):
    """A table of tokens points outside its characters."""


def _constants_feeding(ir: IrSummary, layer: str) -> list[Constant]:
    sources = sorted(ir.sources_of.get(layer, {}).items())
    return [ir.constants[source] for _, source in sources if source in ir.constants]


def _read_constant(stream: BinaryIO, constant: Constant) -> bytes:
    stream.seek(constant.offset)
    data = stream.read(min(constant.size_bytes, _CONSTANT_LIMIT_BYTES))
    if len(data) != constant.size_bytes:
        raise _damaged(Path(stream.name).name, "truncated")
    return data


def _fingerprint_of_blobs(blobs: list[tuple[Constant, bytes]]) -> Fingerprint | None:
    tables = list(_tables(blobs))
    if tables:
        ordinary = tables[0]
        special = tables[-1] if len(tables) > 1 and tables[-1].has_ids else _Table({}, True)
        for token_id in special.tokens:
            ordinary.tokens.pop(token_id, None)
        return Fingerprint(
            vocabulary=_digest(ordinary.tokens),
            special=_digest(special.tokens),
            token_count=len(ordinary.tokens) + len(special.tokens),
        )
    raw = [data for constant, data in blobs if constant.element_type in ("u8", "string")]
    if not raw:
        return None
    # A SentencePiece model is one sealed block; what follows it are its special tokens.
    digests = [hashlib.sha256(b"".join(part)).hexdigest() for part in (raw[:1], raw[1:])]
    return Fingerprint(vocabulary=digests[0], special=digests[1], token_count=0)


@dataclass(slots=True)
class _Table:
    tokens: dict[int, bytes]
    has_ids: bool


def _tables(blobs: list[tuple[Constant, bytes]]) -> Iterator[_Table]:
    """Groups of begins, ends and characters, each with the ids that may follow it."""
    index = 0
    while index + 2 < len(blobs):
        kinds = tuple(constant.element_type for constant, _ in blobs[index : index + 3])
        if kinds != ("i32", "i32", "u8"):
            index += 1
            continue
        begins, ends = (_integers(blobs[index + offset][1]) for offset in (0, 1))
        tokens = _slices(begins, ends, blobs[index + 2][1])
        index += 3
        ids = _ids_after(blobs, index, len(tokens))
        yield _Table(dict(zip(ids or range(len(tokens)), tokens, strict=True)), ids is not None)


def _ids_after(blobs: list[tuple[Constant, bytes]], index: int, count: int) -> list[int] | None:
    """The integers at `index` when they number the table before them, not begin the next one."""
    types = [constant.element_type for constant, _ in blobs[index : index + 3]]
    if types[:1] != ["i32"] or types == ["i32", "i32", "u8"]:
        return None
    ids = _integers(blobs[index][1])
    return list(ids) if len(ids) == count else None


def _integers(data: bytes) -> array[int]:
    values = array("i")
    if len(data) % values.itemsize:
        raise _BrokenTableError
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def _slices(begins: array[int], ends: array[int], characters: bytes) -> list[bytes]:
    size = len(characters)
    if len(begins) != len(ends):
        raise _BrokenTableError
    if any(not 0 <= begin <= end <= size for begin, end in zip(begins, ends, strict=True)):
        raise _BrokenTableError
    return [characters[begin:end] for begin, end in zip(begins, ends, strict=True)]


def _vocabulary(value: object, file_name: str) -> Iterator[tuple[int, bytes]]:
    """Tokens of the `vocab` of a tokenizer.json: a mapping, or a list of pieces with scores."""
    if isinstance(value, dict):
        for token, token_id in value.items():
            if not isinstance(token_id, int):
                raise _damaged(file_name, "bad_vocabulary")
            yield token_id, _bytes(token)
        return
    if not isinstance(value, list):
        raise _damaged(file_name, "bad_vocabulary")
    for token_id, entry in enumerate(value):
        if not isinstance(entry, list) or not entry or not isinstance(entry[0], str):
            raise _damaged(file_name, "bad_vocabulary")
        yield token_id, _bytes(entry[0])


def _added_tokens(value: object, file_name: str) -> Iterator[tuple[int, bytes]]:
    for entry in value if isinstance(value, list) else ():
        token_id = entry.get("id") if isinstance(entry, dict) else None
        content = entry.get("content") if isinstance(entry, dict) else None
        if not isinstance(token_id, int) or not isinstance(content, str):
            raise _damaged(file_name, "bad_vocabulary")
        yield token_id, _bytes(content)


def _bytes(token: str) -> bytes:
    return token.encode("utf-8", "surrogatepass")


def _digest(tokens: Mapping[int, bytes]) -> str:
    """Digest of ids and tokens in the order of the ids, lengths included, so that no two
    different tables run into the same bytes."""
    digest = hashlib.sha256()
    for token_id in sorted(tokens):
        token = tokens[token_id]
        digest.update(b"%d %d " % (token_id, len(token)))
        digest.update(token)
    return digest.hexdigest()


def _damaged(file_name: str, reason: str) -> ModelError:
    return ModelError(
        f"The file {file_name} cannot be used: {reason}.", file=file_name, reason=reason
    )
