"""The folders of this user's data. Everything honours --data-dir; nothing else chooses paths."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.models.location import DEFAULT_NAME, models_folder

DATA_DIR_VARIABLE = "SLIPSTREAM_DATA_DIR"
_PRIVATE = 0o700


@dataclass(frozen=True, slots=True, kw_only=True)
class AppPaths:
    """Folders of one user. With --data-dir all of them lie below that folder."""

    config: Path
    data: Path
    cache: Path
    logs: Path

    @property
    def preferences_file(self) -> Path:
        """The user's choices."""
        return self.config / "preferences.json"

    @property
    def presets_file(self) -> Path:
        """The user's own presets."""
        return self.config / "presets.json"

    @property
    def devices_file(self) -> Path:
        """What is set on the devices of this machine."""
        from engine.device_settings_file import FILE_NAME  # with the first load

        return self.data / FILE_NAME

    @property
    def compiled(self) -> Path:
        """Models as devices compiled them: disposable."""
        from engine.device_settings_file import CACHE_NAME

        return self.cache / CACHE_NAME

    @property
    def window_file(self) -> Path:
        """Window geometry: disposable, so apart from the preferences."""
        return self.config / "window.json"

    @property
    def models(self) -> Path:
        """Installed models, wherever they were moved to."""
        return models_folder(self.data)

    @property
    def chats_file(self) -> Path:
        """The conversations; backups are kept beside it."""
        return self.data / "chats" / "chats.sqlite3"

    def create(self) -> None:
        """Make the folders, readable by this user alone.

        Raises:
            OSError: a folder cannot be made.
        """
        for folder in (self.config, self.data, self.cache, self.logs, self.data / DEFAULT_NAME):
            for missing in reversed([f for f in (folder, *folder.parents) if not f.exists()]):
                missing.mkdir(mode=_PRIVATE, exist_ok=True)
            if os.name == "posix" and folder.stat().st_mode & 0o077:
                folder.chmod(_PRIVATE)


def resolve_paths(data_dir: Path | None, environment: Mapping[str, str]) -> AppPaths:
    """Choose the folders: --data-dir, then SLIPSTREAM_DATA_DIR, then the platform's own."""
    override = data_dir or _from_environment(environment)
    if override is not None:
        root = override.expanduser().absolute()
        return AppPaths(
            config=root / "config", data=root / "data", cache=root / "cache", logs=root / "logs"
        )
    from platformdirs import PlatformDirs

    platform = PlatformDirs("slipstream", appauthor=False)
    return AppPaths(
        config=platform.user_config_path,
        data=platform.user_data_path,
        cache=platform.user_cache_path,
        logs=platform.user_log_path,
    )


def _from_environment(environment: Mapping[str, str]) -> Path | None:
    value = environment.get(DATA_DIR_VARIABLE)
    return Path(value) if value else None
