"""The embedded pair arrives whole: every file of the manifests, and nothing beside them."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from engine.models.manifest import ModelManifest, ModelRole, SourceType, read_manifest
from engine.resources import asset_path

ROLES = ["main", "draft"]


def read_pair_member(role: str) -> tuple[Path, ModelManifest]:
    folder = asset_path("models", f"demo-{role}")
    return folder, read_manifest(folder)


@pytest.mark.parametrize("role", ROLES)
def test_every_file_has_its_digest(role: str) -> None:
    folder, manifest = read_pair_member(role)
    for file in manifest.files:
        data = (folder / file.path).read_bytes()
        assert len(data) == file.size_bytes, file.path
        assert hashlib.sha256(data).hexdigest() == file.sha256, file.path


@pytest.mark.parametrize("role", ROLES)
def test_the_manifest_lists_the_whole_folder(role: str) -> None:
    folder, manifest = read_pair_member(role)
    found = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert found == {file.path for file in manifest.files} | {"manifest.json"}


@pytest.mark.parametrize("role", ROLES)
def test_the_manifest_says_what_the_model_is(role: str) -> None:
    folder, manifest = read_pair_member(role)
    config = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    assert manifest.id == f"slipstream/demo-{role}"
    assert manifest.role is ModelRole(role)
    assert manifest.source.type is SourceType.EMBEDDED
    assert manifest.context_length == config["max_position_embeddings"]
    assert manifest.parameters == count_parameters(config)


def test_both_models_share_one_tokenizer() -> None:
    digests = [
        {file.path: file.sha256 for file in read_pair_member(role)[1].files} for role in ROLES
    ]
    assert digests[0]["tokenizer.json"] == digests[1]["tokenizer.json"]
    assert digests[0]["openvino_tokenizer.bin"] == digests[1]["openvino_tokenizer.bin"]


def test_each_names_the_other_as_its_pair() -> None:
    main, draft = (read_pair_member(role)[1] for role in ROLES)
    assert main.pair == (draft.id,)
    assert draft.pair == (main.id,)


def count_parameters(config: dict[str, int]) -> int:
    """Parameters of a Llama with tied embeddings and as many key as query heads."""
    hidden = config["hidden_size"]
    layer = 4 * hidden**2 + 3 * hidden * config["intermediate_size"] + 2 * hidden
    return config["vocab_size"] * hidden + config["num_hidden_layers"] * layer + hidden
