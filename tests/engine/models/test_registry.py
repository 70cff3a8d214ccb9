"""The registry: what counts as installed, and what deleting may and may not do."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import ErrorCode, ModelError, StorageError
from engine.models.manifest import MANIFEST_NAME, ModelManifest, write_manifest
from engine.models.registry import Registry

Install = Callable[..., ModelManifest]


def problem_of(registry: Registry, model_id: str) -> tuple[ErrorCode, str, str]:
    problem = registry.find(model_id).problem
    assert problem is not None
    facts = dict(problem.facts)
    return problem.code, str(facts["reason"]), str(facts["file"])


def test_an_empty_or_absent_root_has_no_models(tmp_path: Path) -> None:
    assert Registry(tmp_path / "absent").scan() == ()
    assert Registry(tmp_path).total_bytes() == 0


def test_models_lie_one_or_two_folders_deep(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "plain", model_id="plain")
    install(tmp_path / "owner" / "name", model_id="owner/name")
    registry = Registry(tmp_path)
    assert [model.id for model in registry.scan()] == ["owner/name", "plain"]
    assert registry.folder_for("owner/name") == tmp_path / "owner" / "name"
    assert registry.find("owner/name").path == tmp_path / "owner" / "name"
    assert all(model.usable for model in registry.scan())


def test_a_folder_without_manifest_is_not_installed_but_can_be_opened(tmp_path: Path) -> None:
    folder = tmp_path / "models" / "bare"
    folder.mkdir(parents=True)
    (folder / "openvino_model.bin").write_bytes(b"x" * 10)
    registry = Registry(tmp_path / "models")
    assert registry.scan() == ()
    model = registry.find(str(folder))
    assert (model.name, model.size_bytes, model.manifest) == ("bare", 10, None)


@pytest.mark.parametrize("name", ["", "nobody/nothing", "a\0b", "x" * 5000])
def test_find_says_not_found(tmp_path: Path, name: str) -> None:
    with pytest.raises(ModelError) as caught:
        Registry(tmp_path).find(name)
    assert caught.value.code is ErrorCode.MODEL_NOT_FOUND


@pytest.mark.parametrize(
    "model_id", ["../x", "a/b/c", "/abs", "a\\b", "CON", "a/nul.txt", "x.", ""]
)
def test_unsafe_ids_have_no_folder(tmp_path: Path, model_id: str) -> None:
    with pytest.raises(ModelError) as caught:
        Registry(tmp_path).folder_for(model_id)
    assert caught.value.code is ErrorCode.UNSAFE_NAME


def test_embedded_models_are_listed_after_installed_ones_of_the_same_id(
    tmp_path: Path, install: Install
) -> None:
    install(tmp_path / "embedded" / "demo", model_id="slipstream/demo")
    registry = Registry(tmp_path / "root", embedded=tmp_path / "embedded")
    assert [model.embedded for model in registry.scan()] == [True]
    assert registry.total_bytes() == 0
    with pytest.raises(StorageError):
        registry.remove("slipstream/demo")
    install(tmp_path / "root" / "slipstream" / "demo", model_id="slipstream/demo")
    assert [model.embedded for model in registry.scan()] == [False]


def test_d25_a_half_folder_is_incomplete_and_not_usable(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "o" / "m", model_id="o/m")
    (tmp_path / "o" / "m" / "openvino_tokenizer.bin").unlink()
    registry = Registry(tmp_path)
    assert not registry.find("o/m").usable
    assert problem_of(registry, "o/m") == (
        ErrorCode.MODEL_INCOMPLETE,
        "missing_file",
        "openvino_tokenizer.bin",
    )


def test_d25_a_shortened_file_is_incomplete(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "o" / "m", model_id="o/m")
    weights = tmp_path / "o" / "m" / "openvino_model.bin"
    weights.write_bytes(weights.read_bytes()[:-1])
    assert problem_of(Registry(tmp_path), "o/m")[1:] == ("wrong_size", "openvino_model.bin")


def test_d25_without_its_manifest_a_folder_is_not_installed(
    tmp_path: Path, install: Install
) -> None:
    install(tmp_path / "o" / "m", model_id="o/m")
    (tmp_path / "o" / "m" / MANIFEST_NAME).unlink()
    assert Registry(tmp_path).scan() == ()


def test_a_damaged_manifest_is_shown_with_its_problem(tmp_path: Path) -> None:
    folder = tmp_path / "o" / "m"
    folder.mkdir(parents=True)
    (folder / MANIFEST_NAME).write_text("{", encoding="utf-8")
    (model,) = Registry(tmp_path).scan()
    assert (model.id, model.manifest, model.usable) == ("o/m", None, False)
    assert Registry(tmp_path).remove("o/m") == 1


def test_a_copied_folder_gets_its_folder_name_as_id(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "a" / "one", model_id="a/one")
    install(tmp_path / "b" / "copy", model_id="a/one")
    assert [model.id for model in Registry(tmp_path).scan()] == ["a/one", "b/copy"]


def test_remove_frees_bytes_and_the_empty_owner_folder(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "o" / "m", model_id="o/m")
    registry = Registry(tmp_path)
    expected = sum(path.stat().st_size for path in (tmp_path / "o" / "m").iterdir())
    assert registry.remove("o/m") == expected
    assert list(tmp_path.iterdir()) == []


def test_remove_keeps_the_owners_other_models(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "o" / "m", model_id="o/m")
    install(tmp_path / "o" / "n", model_id="o/n")
    registry = Registry(tmp_path)
    registry.remove("o/m")
    assert [model.id for model in registry.scan()] == ["o/n"]


def test_d31_delete_is_refused_while_loaded(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "o" / "m", model_id="o/m")
    registry = Registry(tmp_path)
    with pytest.raises(ModelError) as caught:
        registry.remove("o/m", loaded_paths=[str(tmp_path / "o" / ".." / "o" / "m")])
    assert caught.value.code is ErrorCode.MODEL_IN_USE
    assert registry.find("o/m").usable


_DIE_AFTER_RENAME = """
import os, shutil, sys
from pathlib import Path
from engine.models import folders
from engine.models.registry import Registry

def die_half_way(path):
    next(Path(path).glob("*.xml")).unlink()
    os._exit(9)

folders.shutil.rmtree = die_half_way
Registry(Path(sys.argv[1])).remove("o/m")
"""


def test_d31_a_crash_in_delete_leaves_nothing_installed_and_is_swept(
    tmp_path: Path, install: Install
) -> None:
    install(tmp_path / "o" / "m", model_id="o/m")
    command = [sys.executable, "-c", _DIE_AFTER_RENAME, str(tmp_path)]
    root = Path(__file__).parents[3]
    assert subprocess.run(command, cwd=root, timeout=60, check=False).returncode == 9
    registry = Registry(tmp_path)
    assert registry.scan() == ()
    assert len(list(tmp_path.glob(".trash-*"))) == 1
    assert registry.sweep() > 0
    assert list(tmp_path.glob(".trash-*")) == []


def test_sweep_takes_abandoned_imports_and_leaves_downloads(tmp_path: Path) -> None:
    old, fresh, download = (
        tmp_path / ".incoming" / name for name in (".import-a", ".import-b", "org--model")
    )
    for folder in (old, fresh, download):
        folder.mkdir(parents=True)
        (folder / "file.partial").write_bytes(b"123")
    long_ago = time.time() - 7200
    for path in (old / "file.partial", old, download / "file.partial", download):
        os.utime(path, (long_ago, long_ago))
    assert Registry(tmp_path).sweep() == 3
    assert not old.exists()
    assert fresh.exists()
    assert download.exists()


def test_a_linked_model_loses_the_link_only(tmp_path: Path, install: Install) -> None:
    install(tmp_path / "elsewhere" / "m", model_id="o/m")
    (tmp_path / "root" / "o").mkdir(parents=True)
    (tmp_path / "root" / "o" / "m").symlink_to(tmp_path / "elsewhere" / "m")
    registry = Registry(tmp_path / "root")
    assert registry.find("o/m").usable
    registry.remove("o/m")
    assert registry.scan() == ()
    assert (tmp_path / "elsewhere" / "m" / MANIFEST_NAME).exists()


def test_a_scan_opens_manifests_only(
    tmp_path: Path, install: Install, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(40):
        install(tmp_path / "o" / f"m{number}", model_id=f"o/m{number}")
    opened: list[str] = []
    real_open = Path.open

    def spy(self: Path, *args: object, **kwargs: object) -> object:
        opened.append(self.name)
        return real_open(self, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", spy)
    assert len(Registry(tmp_path).scan()) == 40
    assert opened == [MANIFEST_NAME] * 40


def test_writing_the_manifest_again_keeps_the_model(tmp_path: Path, install: Install) -> None:
    manifest = install(tmp_path / "o" / "m", model_id="o/m")
    write_manifest(tmp_path / "o" / "m", manifest)
    assert Registry(tmp_path).find("o/m").manifest == manifest
