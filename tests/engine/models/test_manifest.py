"""The manifest: what is written is read back; what is foreign is refused with a type."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from engine.errors import EngineError, ErrorCode, ModelError, StorageError
from engine.models.manifest import (
    MANIFEST_NAME,
    ModelFile,
    ModelKind,
    ModelManifest,
    ModelRole,
    ModelSource,
    SourceType,
    manifest_from_json,
    manifest_to_json,
    read_manifest,
    write_manifest,
)

FILE = ModelFile(path="a/openvino_model.bin", size_bytes=5, sha256="0" * 64)
MANIFEST = ModelManifest(
    id="owner/name",
    name="Name 名",
    role=ModelRole.DRAFT,
    kind=ModelKind.EAGLE3,
    source=ModelSource(
        type=SourceType.MIRROR, repository="o/n", revision="abc", endpoint="https://example.org"
    ),
    license="mit",
    parameters=7,
    precision="int4_sym_cw",
    context_length=4096,
    pair=("owner/main",),
    files=(FILE,),
)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_manifest(tmp_path, MANIFEST)
    assert read_manifest(tmp_path) == MANIFEST
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST_NAME]
    assert MANIFEST.size_bytes == 5


def test_the_json_has_the_documented_keys() -> None:
    value = manifest_to_json(MANIFEST)
    assert list(value) == [
        "schema", "id", "name", "role", "kind", "source", "license", "parameters", "precision",
        "context_length", "pair", "files",
    ]  # fmt: skip
    assert value["schema"] == 1
    assert value["files"] == [{"path": FILE.path, "size_bytes": 5, "sha256": "0" * 64}]


def test_a_newer_schema_is_told_apart_from_damage(tmp_path: Path) -> None:
    (tmp_path / MANIFEST_NAME).write_text(json.dumps({"schema": 2, "anything": []}))
    with pytest.raises(StorageError) as caught:
        read_manifest(tmp_path)
    assert caught.value.code is ErrorCode.STORAGE_NEWER_SCHEMA
    assert dict(caught.value.facts) == {"schema": 2, "known_schema": 1}


@pytest.mark.parametrize("schema", [None, 0, "1", 1.0, True])
def test_any_other_schema_is_damage(tmp_path: Path, schema: object) -> None:
    value = {**manifest_to_json(MANIFEST), "schema": schema}
    (tmp_path / MANIFEST_NAME).write_text(json.dumps(value))
    with pytest.raises(EngineError):
        read_manifest(tmp_path)


def test_unknown_words_of_the_same_schema_are_kept_harmless() -> None:
    value = {**manifest_to_json(MANIFEST), "kind": "eagle4", "role": "judge", "extra": 1}
    found = manifest_from_json(value)
    assert (found.kind, found.role) == (ModelKind.UNKNOWN, ModelRole.OTHER)


@pytest.mark.parametrize(
    "path",
    ["../x", "/abs", "a//b", "a/../b", "a\\b", "C:x", "CON", "aux.bin", "x.", "x ", "a\x00b", "",
     "x" * 300, "a|b"],
)  # fmt: skip
def test_paths_that_leave_the_folder_or_a_platform_are_refused(path: str) -> None:
    with pytest.raises(ModelError) as caught:
        ModelFile(path=path, size_bytes=1, sha256="0" * 64)
    assert caught.value.code is ErrorCode.UNSAFE_NAME


@pytest.mark.parametrize(
    "entry",
    [
        {"path": "a", "size_bytes": -1, "sha256": "0" * 64},
        {"path": "a", "size_bytes": 1, "sha256": "0" * 63},
        {"path": "a", "size_bytes": 1, "sha256": "G" * 64},
        {"path": "a", "size_bytes": True, "sha256": "0" * 64},
        {"path": "a", "sha256": "0" * 64},
        "a",
    ],
)
def test_damaged_file_entries_are_refused(entry: object) -> None:
    with pytest.raises(ModelError):
        manifest_from_json({**manifest_to_json(MANIFEST), "files": [entry]})


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        write_manifest(tmp_path / "absent", MANIFEST)
    assert caught.value.code is ErrorCode.STORAGE_NOT_WRITABLE


def test_a_write_that_fails_leaves_the_old_manifest(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_manifest(tmp_path, MANIFEST)

    def fail(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", fail)
    with pytest.raises(StorageError) as caught:
        write_manifest(tmp_path, MANIFEST)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert read_manifest(tmp_path) == MANIFEST
    assert [path.name for path in tmp_path.iterdir()] == [MANIFEST_NAME]
