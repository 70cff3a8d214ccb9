"""Orders carry what the catalogue knows; the place of the models is agreed on by everyone."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.errors import ErrorCode, TransferError
from engine.hub.endpoints import endpoints_from, mirror_from
from engine.models.catalog import load_catalog
from engine.models.location import LOCATION_NAME, models_folder, remember_models_folder
from engine.models.manifest import ModelRole, SourceType
from engine.models.orders import HubChoice, holds_model, is_trusted, order_for, partners_of

MAIN, DRAFT = "OpenVINO/Qwen3-8B-int4-ov", "OpenVINO/Qwen3-0.6B-int4-ov"


def test_the_catalogue_gives_role_and_partners() -> None:
    catalog = load_catalog()
    order = order_for(HubChoice().source_of(DRAFT), catalog)
    assert order.role is ModelRole.DRAFT
    assert MAIN in order.pair
    assert DRAFT in partners_of(MAIN, catalog)


def test_the_chosen_hub_is_in_the_order() -> None:
    choice = HubChoice(type=SourceType.MIRROR, endpoint="https://mirror.example")
    source = order_for(choice.source_of("a/b", revision="v1"), load_catalog()).source
    assert (source.type, source.endpoint, source.revision) == (choice.type, choice.endpoint, "v1")
    elsewhere = HubChoice(type=SourceType.MODELSCOPE).source_of("a/b", revision="v1")
    assert elsewhere.revision is None


@pytest.mark.parametrize("name", ["", "plain", "../../etc/passwd", "a/b/c", "a/CON"])
def test_what_is_no_repository_is_refused(name: str) -> None:
    with pytest.raises(TransferError) as raised:
        order_for(HubChoice().source_of(name), load_catalog())
    assert raised.value.code is ErrorCode.REPOSITORY_NOT_FOUND


def test_who_is_trusted() -> None:
    catalog = load_catalog()
    assert is_trusted("OpenVINO/anything", catalog)
    assert is_trusted("fakezeta/Meta-Llama-3.1-8B-Instruct-ov-int4", catalog)
    assert not is_trusted("fakezeta/another", catalog)
    assert not is_trusted("openvino/lookalike", catalog)


def test_a_listing_with_an_ir_holds_a_model() -> None:
    assert holds_model(["README.md", "openvino_model.xml", "openvino_model.bin"])
    assert not holds_model(["pytorch_model.bin", "config.json", "openvino_model.xml"])


def test_the_models_folder_is_remembered_and_forgotten(tmp_path: Path) -> None:
    data, other = tmp_path / "data", tmp_path / "elsewhere"
    data.mkdir()
    assert models_folder(data) == data / "models"
    remember_models_folder(data, other)
    assert models_folder(data) == other
    remember_models_folder(data, data / "models")
    assert not (data / LOCATION_NAME).exists()


@pytest.mark.parametrize("content", ["", "{", '{"folder": 3}', '{"folder": "relative"}'])
def test_a_damaged_record_means_the_default(tmp_path: Path, content: str) -> None:
    (tmp_path / LOCATION_NAME).write_text(content)
    assert models_folder(tmp_path) == tmp_path / "models"


def test_endpoints_follow_the_variables_of_this_program_only() -> None:
    given = {
        "HF_ENDPOINT": "https://mirror.example/",
        "SLIPSTREAM_HF_ENDPOINT": "http://127.0.0.1:1",
    }
    assert endpoints_from(given).huggingface == "http://127.0.0.1:1"
    assert endpoints_from({"HF_ENDPOINT": "https://mirror.example"}).huggingface == (
        "https://huggingface.co"
    )
    assert mirror_from(given) == "https://mirror.example"
    assert mirror_from({"HF_ENDPOINT": "https://huggingface.co"}) is None
    assert mirror_from({}) is None
