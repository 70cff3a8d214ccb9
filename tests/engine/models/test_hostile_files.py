"""Foreign bytes of any sort end in a typed error or in a named problem, never in anything else."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import EngineError, ErrorCode, ModelError
from engine.models.catalog import load_catalog
from engine.models.inspection import inspect_folder
from engine.models.inspection_cache import InspectionCache
from engine.models.ir_reader import read_ir
from engine.models.manifest import MANIFEST_NAME, manifest_from_json, read_manifest
from engine.models.registry import Registry
from tests.engine.models.folder_maker import make_llm

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
MANIFEST_KEYS = (
    "schema", "id", "name", "role", "kind", "source", "license", "parameters", "precision",
    "context_length", "pair", "files", "path",
)  # fmt: skip
DAMAGED = (
    "openvino_model.xml", "openvino_model.bin", "openvino_tokenizer.xml", "openvino_tokenizer.bin",
    "config.json", "generation_config.json", "tokenizer.json", "tokenizer_config.json", "README.md",
)  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = make_llm(tmp_path_factory.mktemp("hostile") / "model", rows=16, with_json=True)
    (made / "tokenizer_config.json").write_text(
        json.dumps({"chat_template": "{{ x }}", "eos_token": "<eos>"}), encoding="utf-8"
    )
    (made / "README.md").write_text("---\nlicense: mit\n---\n", encoding="utf-8")
    return made


def mutate(data: bytes, position: float, patch: bytes, *, insert: bool) -> bytes:
    at = int(len(data) * position)
    return data[:at] + patch + data[at if insert else at + len(patch) :]


@given(
    name=st.sampled_from(DAMAGED),
    position=st.floats(0, 1),
    patch=st.binary(max_size=12)
    | st.sampled_from([b'"', b"<", b"-1", b"9" * 40, b"{", b"]", b"\0"]),
    insert=st.booleans(),
    keep=st.floats(0, 1) | st.just(1.0),
)
def test_a_damaged_folder_is_inspected_without_surprise(
    folder: Path, name: str, position: float, patch: bytes, insert: bool, keep: float
) -> None:
    original = (folder / name).read_bytes()
    changed = mutate(original, position, patch, insert=insert)
    (folder / name).write_bytes(changed[: int(len(changed) * keep)])
    try:
        found = inspect_folder(folder)
    finally:
        (folder / name).write_bytes(original)
    assert all(isinstance(problem.code, ErrorCode) for problem in found.problems)


@given(data=st.binary(max_size=200))
def test_any_bytes_as_an_ir_are_a_model_error(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.xml"
    path.write_bytes(data)
    with pytest.raises(ModelError):
        read_ir(path)


@given(value=st.dictionaries(st.sampled_from(MANIFEST_KEYS), JSON_VALUES))
def test_any_object_as_a_manifest_is_a_typed_error(value: dict[str, object]) -> None:
    with pytest.raises(EngineError):
        manifest_from_json({**value, "source": value.get("source")})


@given(data=st.binary(max_size=80) | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_file_as_manifest_catalogue_or_cache(
    tmp_path_factory: pytest.TempPathFactory, data: bytes
) -> None:
    base = tmp_path_factory.getbasetemp() / "any-models" / "any"
    base.mkdir(parents=True, exist_ok=True)
    (base / MANIFEST_NAME).write_bytes(data)
    with pytest.raises(EngineError):
        read_manifest(base)
    (model,) = Registry(base.parent).scan() or (None,)
    assert model is None or model.problem is not None
    with pytest.raises(EngineError):
        load_catalog(base / MANIFEST_NAME)
    InspectionCache(base / MANIFEST_NAME).save()


@pytest.mark.parametrize(
    ("xml", "reason"),
    [
        ('<!DOCTYPE a [<!ENTITY x "y">]><net><layers/></net>', "hostile_xml"),
        ('<!DOCTYPE net SYSTEM "file:///etc/passwd"><net/>', "hostile_xml"),
        ("<net>" + "<a>" * 100 + "</a>" * 100 + "</net>", "hostile_xml"),
        ("<net></net>", "not_an_ir"),
        ('<?xml version="1.0" encoding="no-such"?><net/>', "bad_xml"),
        ("<net>&undefined;</net>", "bad_xml"),
    ],
)
def test_hostile_xml_is_refused(tmp_path: Path, xml: str, reason: str) -> None:
    path = tmp_path / "openvino_model.xml"
    path.write_text(xml, encoding="utf-8")
    with pytest.raises(ModelError) as caught:
        read_ir(path)
    assert dict(caught.value.facts)["reason"] == reason


def test_an_endless_tag_is_refused_before_it_is_read_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "openvino_model.xml"
    path.write_bytes(b"<net><layers a='" + b"x" * (20 << 20) + b"'/></net>")
    with pytest.raises(ModelError) as caught:
        read_ir(path)
    assert dict(caught.value.facts)["reason"] == "hostile_xml"


def test_a_file_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "openvino_model.xml"
    with path.open("wb") as stream:
        stream.truncate(300 << 20)
    with pytest.raises(ModelError) as caught:
        read_ir(path)
    assert dict(caught.value.facts)["reason"] == "too_large"


def test_a_manifest_beyond_the_limit_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / MANIFEST_NAME).open("wb") as stream:
        stream.truncate(1 << 30)
    with pytest.raises(ModelError) as caught:
        read_manifest(tmp_path)
    assert dict(caught.value.facts)["reason"] == "too_large"
