"""Moving the model folder: whole at the old place or whole at the new one."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.errors import Cancelled, EngineError, ErrorCode
from engine.models import relocation
from engine.models.manifest import ModelManifest
from engine.models.registry import Registry
from engine.models.relocation import move_models
from engine.models.verify import verify_model
from engine.stop_token import StopToken

Install = Callable[..., ModelManifest]


@pytest.fixture
def registry(tmp_path: Path, install: Install) -> Registry:
    root = tmp_path / "old"
    install(root / "o" / "m", model_id="o/m")
    install(root / "o" / "n", model_id="o/n")
    install(root / "plain", model_id="plain")
    (root / ".incoming" / "org+model").mkdir(parents=True)
    (root / ".incoming" / "org+model" / "file.partial").write_bytes(b"123")
    (root / ".trash-1").mkdir()
    return Registry(root)


@pytest.fixture
def other_volume(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.is_relative_to(tmp_path / "old") != Path(target).is_relative_to(tmp_path / "old"):
            raise OSError(errno.EXDEV, "cross-device link")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)


def ids(registry: Registry) -> list[str]:
    return [model.id for model in registry.scan()]


def check_moved(old: Registry, new: Registry) -> None:
    assert ids(old) == []
    assert ids(new) == ["o/m", "o/n", "plain"]
    assert all(verify_model(model).ok for model in new.scan())
    assert (new.root / ".incoming" / "org+model" / "file.partial").read_bytes() == b"123"
    assert not list(new.root.glob(".trash-*"))


def test_on_one_volume_everything_is_renamed(registry: Registry, tmp_path: Path) -> None:
    check_moved(registry, move_models(registry, tmp_path / "deep" / "new"))


@pytest.mark.usefixtures("other_volume")
def test_across_volumes_everything_is_copied_then_deleted(
    registry: Registry, tmp_path: Path
) -> None:
    seen: list[tuple[int, int]] = []
    moved = move_models(
        registry, tmp_path / "new", on_progress=lambda *progress: seen.append(progress)
    )
    check_moved(registry, moved)
    assert seen[-1][0] == seen[-1][1] > 0


@pytest.mark.usefixtures("other_volume")
def test_cancelled_half_way_everything_is_still_at_the_old_place(
    registry: Registry, tmp_path: Path
) -> None:
    stop = StopToken()
    with pytest.raises(Cancelled):
        move_models(
            registry, tmp_path / "new", on_progress=lambda done, total: stop.set(), stop=stop
        )
    assert ids(registry) == ["o/m", "o/n", "plain"]
    assert list((tmp_path / "new").iterdir()) == []


@pytest.mark.usefixtures("other_volume")
def test_what_a_crash_left_at_the_new_place_is_swept(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop = StopToken()
    stop.set()
    monkeypatch.setattr(relocation, "delete_folder", lambda folder: None)
    with pytest.raises(Cancelled):
        move_models(registry, tmp_path / "new", stop=stop)
    assert list((tmp_path / "new").iterdir())
    Registry(tmp_path / "new").sweep()
    assert not list((tmp_path / "new").iterdir())
    assert ids(registry) == ["o/m", "o/n", "plain"]


def test_a_rename_that_fails_is_taken_back(
    registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self.name == "plain" and self.parent.name == "old":
            raise PermissionError(errno.EACCES, "no")
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(EngineError) as caught:
        move_models(registry, tmp_path / "new")
    assert caught.value.code is ErrorCode.STORAGE_NOT_WRITABLE
    assert ids(registry) == ["o/m", "o/n", "plain"]


def test_it_is_refused_while_loaded_inside_itself_and_over_another_model(
    registry: Registry, tmp_path: Path, install: Install
) -> None:
    with pytest.raises(EngineError) as caught:
        move_models(registry, tmp_path / "new", loaded_paths=[registry.root / "o" / "m"])
    assert caught.value.code is ErrorCode.MODEL_IN_USE
    with pytest.raises(EngineError) as caught:
        move_models(registry, registry.root / "inside")
    assert caught.value.code is ErrorCode.STORAGE_NOT_WRITABLE
    install(tmp_path / "new" / "plain", model_id="plain")
    with pytest.raises(EngineError) as caught:
        move_models(registry, tmp_path / "new")
    assert caught.value.code is ErrorCode.MODEL_EXISTS
    assert ids(registry) == ["o/m", "o/n", "plain"]


def test_to_where_it_is_nothing_happens(registry: Registry) -> None:
    assert move_models(registry, registry.root).root == registry.root
    assert ids(registry) == ["o/m", "o/n", "plain"]
