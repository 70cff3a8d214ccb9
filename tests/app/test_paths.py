"""Folders of the user's data and their permissions."""

import os
import stat
from pathlib import Path

from app.paths import DATA_DIR_VARIABLE, resolve_paths


def test_the_argument_wins_over_the_environment(tmp_path: Path) -> None:
    environment = {DATA_DIR_VARIABLE: str(tmp_path / "environment")}
    asked = resolve_paths(tmp_path / "asked", environment)
    assert asked.preferences_file.is_relative_to(tmp_path / "asked")
    assert resolve_paths(None, environment).models.is_relative_to(tmp_path / "environment")


def test_everything_lies_below_the_data_folder(tmp_path: Path) -> None:
    paths = resolve_paths(tmp_path, {})
    for folder in (paths.config, paths.data, paths.cache, paths.logs, paths.models):
        assert folder.is_relative_to(tmp_path)


def test_without_either_the_platform_decides() -> None:
    assert "slipstream" in str(resolve_paths(None, {}).data).lower()


def test_folders_are_private(tmp_path: Path) -> None:
    paths = resolve_paths(tmp_path / "new" / "data", {})
    paths.logs.mkdir(parents=True)
    paths.logs.chmod(0o755)
    paths.create()
    paths.create()
    for folder in (paths.config, paths.data, paths.cache, paths.logs, paths.models):
        assert folder.is_dir()
        # Windows has no such modes; its profile folders are private already.
        assert os.name != "posix" or stat.S_IMODE(folder.stat().st_mode) == 0o700
