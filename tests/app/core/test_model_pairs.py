"""Which pair is loaded at the start."""

import shutil
from pathlib import Path

from app.core.model_pairs import find_pair
from engine.errors import ErrorCode
from engine.models.registry import Registry
from engine.resources import asset_path


def registry(root: Path) -> Registry:
    return Registry(root, embedded=asset_path("models"))


def test_without_a_choice_the_pair_that_ships_is_found(tmp_path: Path) -> None:
    found = find_pair(registry(tmp_path), main="", draft="")
    assert found.problem is None
    assert found.pair.is_demonstration
    assert found.pair.main_path == asset_path("models", "demo-main")
    assert found.pair.draft_path == asset_path("models", "demo-draft")


def test_the_draft_can_be_left_out(tmp_path: Path) -> None:
    assert find_pair(registry(tmp_path), main="", draft="none").pair.draft_path is None


def test_a_folder_can_be_named(tmp_path: Path) -> None:
    folder = tmp_path / "my model"
    shutil.copytree(asset_path("models", "demo-draft"), folder)
    (folder / "manifest.json").unlink()
    found = find_pair(registry(tmp_path / "models"), main=str(folder), draft="")
    assert found.problem is None
    assert found.pair.main_path == folder
    assert found.pair.draft_path is None
    assert not found.pair.is_demonstration


def test_a_model_that_is_gone_is_named_and_the_shipped_pair_stands_in(tmp_path: Path) -> None:
    found = find_pair(registry(tmp_path), main="someone/gone", draft="")
    assert found.problem is not None
    assert found.problem.code is ErrorCode.MODEL_NOT_FOUND
    assert found.pair.is_demonstration
