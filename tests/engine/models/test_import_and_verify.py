"""Import by copy and in place, verification, and what happens when either is interrupted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import Cancelled, EngineError, ErrorCode, ModelError, StorageError
from engine.models.import_folder import import_copy, import_in_place, plan_import
from engine.models.manifest import MANIFEST_NAME, ModelKind, SourceType
from engine.models.registry import INCOMING_NAME, Registry
from engine.models.verify import Fault, verify_model
from engine.stop_token import StopToken
from tests.engine.models.folder_maker import make_diffusion, make_llm


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = make_llm(tmp_path / "My Qwen (test)", with_json=True)
    (folder / "run.py").write_text("import os", encoding="utf-8")
    (folder / "pytorch_model.bin").write_bytes(b"pickle")
    (folder / "LICENSE").write_text("Apache", encoding="utf-8")
    return folder


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def test_a_copy_is_installed_whole_with_digests(source: Path, registry: Registry) -> None:
    seen: list[tuple[int, int]] = []
    model = import_copy(
        plan_import(source), registry, on_progress=lambda *progress: seen.append(progress)
    )
    assert (model.id, model.name) == ("local/My-Qwen-test", "My Qwen (test)")
    assert model.usable
    assert not model.in_place
    assert model.kind is ModelKind.LLM
    assert model.manifest is not None
    assert model.manifest.source.type is SourceType.LOCAL
    assert model.manifest.precision == "int4_sym_g128"
    assert seen[-1][0] == seen[-1][1] == model.manifest.size_bytes == model.size_bytes
    assert verify_model(model).ok
    assert list((registry.root / INCOMING_NAME).iterdir()) == []


def test_code_and_pickles_are_left_behind(source: Path, registry: Registry) -> None:
    plan = plan_import(source)
    assert not {"pytorch_model.bin", "run.py"} & set(plan.files)
    model = import_copy(plan, registry)
    assert {path.name for path in model.path.iterdir()} == {*plan.files, MANIFEST_NAME}
    assert "LICENSE" in plan.files


def test_names_are_made_free_and_a_given_one_must_be(source: Path, registry: Registry) -> None:
    plan = plan_import(source)
    import_copy(plan, registry)
    assert import_copy(plan, registry).id == "local/My-Qwen-test-2"
    assert import_copy(plan, registry, model_id="me/mine").id == "me/mine"
    with pytest.raises(ModelError) as caught:
        import_copy(plan, registry, model_id="me/mine")
    assert caught.value.code is ErrorCode.MODEL_EXISTS
    with pytest.raises(ModelError) as caught:
        import_copy(plan, registry, model_id="../mine")
    assert caught.value.code is ErrorCode.UNSAFE_NAME


@pytest.mark.parametrize("name", ["模型", "...", "CON", "a" * 300])
def test_any_folder_name_becomes_a_usable_id(tmp_path: Path, registry: Registry, name: str) -> None:
    folder = make_llm(tmp_path / "x")
    renamed = folder.rename(tmp_path / (name[:200]))
    model = import_in_place(plan_import(renamed), registry)
    assert model.id.startswith("local/")
    assert model.usable


def test_parts_in_folders_of_their_own_come_along(tmp_path: Path, registry: Registry) -> None:
    model = import_copy(plan_import(make_diffusion(tmp_path / "image")), registry)
    assert (model.path / "unet" / "openvino_model.bin").is_file()
    assert verify_model(model).ok


def test_links_to_files_are_followed(tmp_path: Path, source: Path, registry: Registry) -> None:
    snapshot = tmp_path / "snapshot"
    snapshot.mkdir()
    for path in source.iterdir():
        (snapshot / path.name).symlink_to(path)
    model = import_copy(plan_import(snapshot), registry)
    assert not (model.path / "openvino_model.bin").is_symlink()
    assert verify_model(model).ok


def test_in_place_nothing_is_copied_and_removing_keeps_the_files(
    source: Path, registry: Registry
) -> None:
    model = import_in_place(plan_import(source), registry)
    assert model.in_place
    assert model.path == source
    assert [path.name for path in (registry.root / "local" / "My-Qwen-test").iterdir()] == [
        MANIFEST_NAME
    ]
    assert registry.total_bytes() == 0
    assert registry.find(str(source)).id == model.id
    registry.remove(model.id)
    assert registry.scan() == ()
    assert (source / "openvino_model.bin").is_file()


def test_a_changed_file_in_place_is_noticed_and_imported_anew(
    source: Path, registry: Registry
) -> None:
    model = import_in_place(plan_import(source), registry)
    os.utime(source / "config.json", ns=(1, 1))
    problem = registry.find(model.id).problem
    assert problem is not None
    assert dict(problem.facts) == {"file": "config.json", "reason": "changed_since_import"}
    again = import_in_place(plan_import(source), registry)
    assert (again.id, again.usable) == (model.id, True)
    (source / "openvino_model.bin").unlink()
    assert not registry.find(model.id).usable


def test_d32_a_folder_with_a_fault_is_refused_before_anything_is_written(
    source: Path, registry: Registry
) -> None:
    (source / "openvino_detokenizer.xml").unlink()
    with pytest.raises(ModelError) as caught:
        plan_import(source)
    assert dict(caught.value.facts)["file"] == "openvino_detokenizer.xml"
    assert not registry.root.exists()


@pytest.mark.parametrize("name", ["absent", "a\0b", "x" * 5000])
def test_d32_a_folder_that_is_not_there_is_a_typed_error(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError) as caught:
        plan_import(tmp_path / name)
    assert caught.value.code is ErrorCode.MODEL_NOT_FOUND


@pytest.mark.parametrize("way", [import_copy, import_in_place])
def test_cancelling_leaves_nothing_behind(
    source: Path, registry: Registry, way: Callable[..., object]
) -> None:
    stop = StopToken()
    with pytest.raises(Cancelled):
        way(plan_import(source), registry, on_progress=lambda done, total: stop.set(), stop=stop)
    assert registry.scan() == ()
    assert [path for path in registry.root.rglob("*") if path.is_file()] == []


def test_a_file_that_vanishes_while_copying_leaves_nothing_behind(
    source: Path, registry: Registry
) -> None:
    plan = plan_import(source)
    (source / "openvino_tokenizer.bin").unlink()
    with pytest.raises(EngineError):
        import_copy(plan, registry)
    with pytest.raises(EngineError):
        import_in_place(plan, registry)
    assert registry.scan() == ()
    assert [path for path in registry.root.rglob("*") if path.is_file()] == []


def test_without_disk_space_nothing_is_copied(
    source: Path, registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = shutil.disk_usage(source)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real._replace(free=1 << 20))
    with pytest.raises(StorageError) as caught:
        import_copy(plan_import(source), registry)
    assert caught.value.code is ErrorCode.DISK_FULL
    assert dict(caught.value.facts)["available_bytes"] == 1 << 20


def test_d33_a_tampered_file_is_found_though_size_and_time_are_kept(
    source: Path, registry: Registry
) -> None:
    model = import_copy(plan_import(source), registry)
    weights = model.path / "openvino_model.bin"
    before = weights.stat()
    with weights.open("r+b") as stream:
        stream.seek(1000)
        stream.write(b"\x5a" * 64)
    os.utime(weights, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert registry.find(model.id).usable
    report = verify_model(registry.find(model.id))
    assert [(bad.path, bad.fault) for bad in report.bad_files] == [
        ("openvino_model.bin", Fault.WRONG_DIGEST)
    ]
    assert not report.ok
    assert report.bad_files[0].expected.size_bytes == before.st_size


def test_d33_every_sort_of_fault_is_named_and_additions_are_listed(
    source: Path, registry: Registry
) -> None:
    model = import_copy(plan_import(source), registry)
    (model.path / "config.json").unlink()
    (model.path / "openvino_tokenizer.bin").write_bytes(b"short")
    (model.path / "planted.so").write_bytes(b"x")
    report = verify_model(model)
    assert {(bad.path, bad.fault) for bad in report.bad_files} == {
        ("config.json", Fault.MISSING),
        ("openvino_tokenizer.bin", Fault.WRONG_SIZE),
    }
    assert report.unlisted == ("planted.so",)


def test_a_verification_can_be_cancelled_and_needs_a_manifest(
    source: Path, registry: Registry
) -> None:
    model = import_copy(plan_import(source), registry)
    stop = StopToken()
    stop.set()
    with pytest.raises(Cancelled):
        verify_model(model, stop=stop)
    with pytest.raises(ModelError):
        verify_model(registry.find(str(source)))
