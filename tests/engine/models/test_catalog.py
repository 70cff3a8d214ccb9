"""The catalogue that ships keeps its schema; faults in one are found on loading."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.errors import ErrorCode, StorageError
from engine.models.catalog import DeviceClass, PairBasis, load_catalog
from engine.models.manifest import ModelKind, ModelRole, SourceType
from engine.resources import asset_path

Data = dict[str, Any]


@pytest.fixture
def data() -> Data:
    loaded: Data = json.loads(asset_path("catalog.json").read_text(encoding="utf-8"))
    return loaded


def write(tmp_path: Path, data: object) -> Path:
    path = tmp_path / "catalog.json"
    path.write_text(json.dumps(data), encoding="utf-8")
    return path


def test_the_shipped_catalogue_is_whole() -> None:
    catalog = load_catalog()
    assert len(catalog.models) > 60
    assert {model.kind for model in catalog.models} >= {
        ModelKind.LLM, ModelKind.VLM, ModelKind.WHISPER, ModelKind.EMBEDDING, ModelKind.DIFFUSION,
    }  # fmt: skip
    assert all(model.source.type is SourceType.HUGGINGFACE for model in catalog.models)
    assert all(model.source.repository == model.id for model in catalog.models)


def test_nothing_is_called_verified_that_was_not_read_at_its_source() -> None:
    for model in load_catalog().models:
        assert model.estimated or model.source.revision is not None
        assert not model.verified or model.source.revision is not None


def test_every_device_class_has_packs_and_recommendations_without_an_asymmetric_npu_main() -> None:
    catalog = load_catalog()
    for device_class in DeviceClass:
        packs = [pack for pack in catalog.packs if pack.device_class is device_class]
        assert len(packs) >= 3
        assert catalog.recommended.for_class(device_class)
        for pack in packs:
            main = catalog.model(pack.main)
            assert main is not None
            assert device_class in main.devices
            assert main.size_bytes is not None
            assert pack.draft is None or catalog.basis_of(pack.main, pack.draft) is not None


def test_pairs_share_family_and_width() -> None:
    catalog = load_catalog()
    for pair in catalog.pairs:
        main, draft = catalog.model(pair.main), catalog.model(pair.draft)
        assert main is not None
        assert draft is not None
        assert main.logits_width == draft.logits_width
        assert (main.family or "").removesuffix("_moe") == draft.family
    assert catalog.basis_of("OpenVINO/Qwen3-8B-int4-ov", "OpenVINO/Qwen3-0.6B-int4-ov") is (
        PairBasis.SAME_VOCABULARY
    )
    assert all(model.role in (ModelRole.DRAFT, ModelRole.HEAD) for model in catalog.drafts())


def drop_field(data: Data) -> None:
    del data["models"][3]["license"]


def add_field(data: Data) -> None:
    data["models"][3]["trust_me"] = True


def unsafe_id(data: Data) -> None:
    data["models"][-1]["id"] = "../../etc"


def repeat_id(data: Data) -> None:
    data["models"][-1]["id"] = data["models"][-2]["id"].upper()


def unknown_draft(data: Data) -> None:
    data["pairs"][0]["draft"] = "OpenVINO/Nothing"


def main_as_draft(data: Data) -> None:
    data["packs"][1]["draft"] = data["packs"][1]["main"]


def negative_size(data: Data) -> None:
    data["models"][0]["size_bytes"] = -1


def verified_without_revision(data: Data) -> None:
    data["models"][0]["verified"] = True


def wrong_class(data: Data) -> None:
    data["recommended"]["npu"] = ["cpu-tiny"]


@pytest.mark.parametrize(
    "damage",
    [
        drop_field, add_field, unsafe_id, repeat_id, unknown_draft, main_as_draft, negative_size,
        verified_without_revision, wrong_class,
    ],
)  # fmt: skip
def test_a_fault_is_found_on_loading(
    tmp_path: Path, data: Data, damage: Callable[[Data], None]
) -> None:
    load_catalog(write(tmp_path, data))
    damage(data)
    with pytest.raises(StorageError) as caught:
        load_catalog(write(tmp_path, data))
    assert caught.value.code is ErrorCode.STORAGE_CORRUPT
    assert dict(caught.value.facts)["fault"]


def test_a_newer_catalogue_is_left_alone(tmp_path: Path, data: Data) -> None:
    with pytest.raises(StorageError) as caught:
        load_catalog(write(tmp_path, {**data, "schema": 2}))
    assert caught.value.code is ErrorCode.STORAGE_NEWER_SCHEMA
