"""Folders with unusual names and great depth (D36). Meant for Windows; runs everywhere."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from engine.errors import ErrorCode
from engine.hub.disk import DiskAccess, disk_error
from engine.hub.events import TransferFailed, TransferFinished
from tests.hub.rig import REPOSITORY, Rig, facts, model_files, same_content


@pytest.mark.parametrize(
    "name", ["Пользователь", "用户 名", "OneDrive - Größe & Söhne", "emoji 🙂", "it's %TEMP%"]
)
def test_d36_unusual_user_folders(rig: Rig, tmp_path: Path, name: str) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.models = tmp_path / name / "models"
    rig.models.mkdir(parents=True)
    assert same_content(rig.install(), model_files())


def test_d36_path_over_260_characters_works_or_is_named(rig: Rig, tmp_path: Path) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    rig.models = tmp_path.joinpath(*["a-rather-long-folder-name-of-forty-letters"] * 5)
    try:
        rig.models.mkdir(parents=True)
    except OSError:  # this machine cannot even make the folder
        assert not rig.models.exists()
        return
    event = rig.download()
    if isinstance(event, TransferFinished):
        assert same_content(event.path, model_files())
    else:
        assert isinstance(event, TransferFailed)
        assert event.error.code is ErrorCode.STORAGE_NOT_WRITABLE
        assert facts(event.error)["reason"] == "path_too_long"


@pytest.mark.parametrize(
    ("number", "length", "expected"),
    [
        (errno.ENOENT, 300, "path_too_long"),  # what Windows says
        (errno.ENOENT, 100, "folder_gone"),
        (errno.ENAMETOOLONG, 100, "path_too_long"),
        (errno.EACCES, 300, "not_permitted"),
        (errno.EINTR, 10, "error"),
    ],
)
def test_d36_long_paths_are_told_from_missing_folders(
    tmp_path: Path, number: int, length: int, expected: str
) -> None:
    failure = OSError(number, "refused", "x" * length)
    error = disk_error(failure, folder=tmp_path, disk=DiskAccess())
    assert dict(error.facts)["reason"] == expected
