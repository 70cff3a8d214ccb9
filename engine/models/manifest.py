"""The manifest of an installed model: `manifest.json`, written last. A folder below the model
folder is an installed model exactly when it has one. Values, reading and writing only.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from engine.errors import ErrorCode, ModelError, StorageError
from engine.models.json_file import read_json_object, write_json_atomically
from engine.models.safe_names import is_safe_id, is_safe_path, reason_against, shown

__all__ = [
    "MANIFEST_NAME", "MANIFEST_SCHEMA", "ModelFile", "ModelKind", "ModelManifest", "ModelRole",
    "ModelSource", "SourceType", "is_safe_id", "is_safe_path", "manifest_from_json",
    "manifest_to_json", "read_manifest", "write_manifest",
]  # fmt: skip

MANIFEST_NAME = "manifest.json"
MANIFEST_SCHEMA = 1
_MANIFEST_LIMIT_BYTES = 8 * 1024 * 1024
_SHA256_PATTERN = re.compile(r"[0-9a-f]{64}")
_Member = TypeVar("_Member", bound=StrEnum)
_Value = TypeVar("_Value")


class ModelRole(StrEnum):
    """What a model is meant for. Only MAIN models appear in the main picker."""

    MAIN = "main"
    DRAFT = "draft"
    """A small complete model that proposes tokens for a larger one."""
    HEAD = "head"
    """A draft head (EAGLE-3, DFlash, MTP): no use without its main model."""
    OTHER = "other"


class ModelKind(StrEnum):
    """What pipeline a folder belongs to."""

    LLM = "llm"
    EAGLE3 = "eagle3"
    DFLASH = "dflash"
    MTP = "mtp"
    VLM = "vlm"
    WHISPER = "whisper"
    EMBEDDING = "embedding"
    RERANK = "rerank"
    DIFFUSION = "diffusion"
    UNKNOWN = "unknown"


class SourceType(StrEnum):
    """Where a model came from."""

    EMBEDDED = "embedded"
    HUGGINGFACE = "huggingface"
    MIRROR = "mirror"
    MODELSCOPE = "modelscope"
    LOCAL = "local"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelSource:
    """Where a model came from. `revision` is a commit id where the source has one."""

    type: SourceType
    repository: str | None = None
    revision: str | None = None
    endpoint: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of a model: path relative to the folder with `/`, size and SHA-256 in lower hex.

    Raises:
        ModelError: the path leaves the folder or is not portable, the size is negative or the
            digest is no SHA-256.
    """

    path: str
    size_bytes: int
    sha256: str
    mtime_ns: int | None = None
    """Kept for models used in place only: the cheap sign that a foreign file changed."""

    def __post_init__(self) -> None:
        reason = reason_against(self.path)
        if reason is not None:
            raise ModelError(
                "The manifest names an unsafe path.",
                code=ErrorCode.UNSAFE_NAME,
                file=shown(self.path),
                reason=reason,
            )
        if self.size_bytes < 0 or not _SHA256_PATTERN.fullmatch(self.sha256):
            raise ModelError(f"The manifest entry of {self.path} is damaged.", file=self.path)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelManifest:
    """What an installed model is, and the size and digest of each of its files.

    Raises:
        ModelError: UNSAFE_NAME when the id is not `name` or `owner/name` in plain characters.
    """

    id: str
    name: str
    role: ModelRole
    kind: ModelKind
    source: ModelSource
    license: str | None = None
    parameters: int | None = None
    precision: str | None = None
    context_length: int | None = None
    """Most tokens of prompt and answer together."""
    pair: tuple[str, ...] = ()
    """Ids this model is meant to be used with."""
    files: tuple[ModelFile, ...] = field(default=())
    path: str | None = None
    """Absolute folder of the files when the model is used in place, else None."""

    def __post_init__(self) -> None:
        if not is_safe_id(self.id):
            raise ModelError("The model id is not usable.", code=ErrorCode.UNSAFE_NAME, id=self.id)

    @property
    def size_bytes(self) -> int:
        """Bytes of all files together."""
        return sum(file.size_bytes for file in self.files)


def read_manifest(folder: Path) -> ModelManifest:
    """Read the manifest of a model folder.

    Raises:
        ModelError: MODEL_NOT_FOUND without a manifest, MODEL_CORRUPT or UNSAFE_NAME when damaged.
        StorageError: STORAGE_NEWER_SCHEMA when a newer program wrote it.
    """
    data = read_json_object(folder / MANIFEST_NAME, limit_bytes=_MANIFEST_LIMIT_BYTES)
    schema = data.get("schema")
    if type(schema) is not int:
        raise _damaged("schema")
    if schema > MANIFEST_SCHEMA:
        raise StorageError(
            "A newer program wrote this manifest.",
            code=ErrorCode.STORAGE_NEWER_SCHEMA,
            schema=schema,
            known_schema=MANIFEST_SCHEMA,
        )
    if schema != MANIFEST_SCHEMA:
        raise _damaged("schema")
    return manifest_from_json(data)


def write_manifest(folder: Path, manifest: ModelManifest) -> None:
    """Write the manifest durably; this is what makes the folder an installed model.

    Raises:
        StorageError: STORAGE_NOT_WRITABLE or DISK_FULL.
    """
    write_json_atomically(folder / MANIFEST_NAME, manifest_to_json(manifest))


def manifest_to_json(manifest: ModelManifest) -> dict[str, object]:
    """The manifest as a JSON object of the current schema."""
    source = manifest.source
    value: dict[str, object] = {
        "schema": MANIFEST_SCHEMA,
        "id": manifest.id,
        "name": manifest.name,
        "role": str(manifest.role),
        "kind": str(manifest.kind),
        "source": {
            "type": str(source.type),
            "repository": source.repository,
            "revision": source.revision,
            "endpoint": source.endpoint,
        },
        "license": manifest.license,
        "parameters": manifest.parameters,
        "precision": manifest.precision,
        "context_length": manifest.context_length,
        "pair": list(manifest.pair),
        "files": [_file_to_json(file) for file in manifest.files],
    }
    return value if manifest.path is None else {**value, "path": manifest.path}


def manifest_from_json(data: Mapping[str, object]) -> ModelManifest:
    """Build a manifest from a JSON object; an unknown kind or role of the same schema is kept
    as UNKNOWN or OTHER.

    Raises:
        ModelError: a field is missing or of the wrong type; fact: field.
    """
    return ModelManifest(
        id=_text(data, "id"),
        name=_text(data, "name"),
        role=_member(ModelRole, data.get("role"), ModelRole.OTHER),
        kind=_member(ModelKind, data.get("kind"), ModelKind.UNKNOWN),
        source=_source_from_json(data.get("source")),
        license=_optional(data, "license", str),
        parameters=_optional(data, "parameters", int),
        precision=_optional(data, "precision", str),
        context_length=_optional(data, "context_length", int),
        pair=tuple(_strings(data, "pair")),
        files=tuple(_file_from_json(entry) for entry in _list(data, "files")),
        path=_optional(data, "path", str),
    )


def _file_to_json(file: ModelFile) -> dict[str, object]:
    value: dict[str, object] = {
        "path": file.path,
        "size_bytes": file.size_bytes,
        "sha256": file.sha256,
    }
    return value if file.mtime_ns is None else {**value, "mtime_ns": file.mtime_ns}


def _file_from_json(entry: object) -> ModelFile:
    if not isinstance(entry, dict):
        raise _damaged("files")
    size = _optional(entry, "size_bytes", int)
    if size is None:
        raise _damaged("size_bytes")
    return ModelFile(
        path=_text(entry, "path"),
        size_bytes=size,
        sha256=_text(entry, "sha256"),
        mtime_ns=_optional(entry, "mtime_ns", int),
    )


def _source_from_json(value: object) -> ModelSource:
    if not isinstance(value, dict):
        raise _damaged("source")
    return ModelSource(
        type=_member(SourceType, value.get("type"), SourceType.LOCAL),
        repository=_optional(value, "repository", str),
        revision=_optional(value, "revision", str),
        endpoint=_optional(value, "endpoint", str),
    )


def _member(kind: type[_Member], value: object, fallback: _Member) -> _Member:
    return next((member for member in kind if member == value), fallback)


def _text(data: Mapping[str, object], key: str) -> str:
    value = _optional(data, key, str)
    if not value:
        raise _damaged(key)
    return value


def _optional(data: Mapping[str, object], key: str, kind: type[_Value]) -> _Value | None:
    value = data.get(key)
    if value is None:
        return None
    if not isinstance(value, kind) or isinstance(value, bool):
        raise _damaged(key)
    return value


def _list(data: Mapping[str, object], key: str) -> list[Any]:
    value = data.get(key, [])
    if not isinstance(value, list):
        raise _damaged(key)
    return value


def _strings(data: Mapping[str, object], key: str) -> list[str]:
    values = _list(data, key)
    if not all(isinstance(value, str) for value in values):
        raise _damaged(key)
    return values


def _damaged(field_name: str) -> ModelError:
    return ModelError(
        f"The manifest is damaged: {field_name}.",
        file=MANIFEST_NAME,
        field=field_name,
        reason="bad_field",
    )
