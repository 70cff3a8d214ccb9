"""Small files are there as they were or as they shall be, whatever happens meanwhile."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from engine import atomic_file
from engine.atomic_file import set_aside, write_atomically


def test_the_content_is_on_the_disk_before_the_name_changes_and_the_name_after(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps: list[str] = []
    fsync, replace = os.fsync, Path.replace

    def noted_fsync(descriptor: int) -> None:
        steps.append("fsync")
        fsync(descriptor)

    def noted_replace(source: Path, target: Path) -> Path:
        steps.append("replace")
        return replace(source, target)

    monkeypatch.setattr(os, "fsync", noted_fsync)
    monkeypatch.setattr(Path, "replace", noted_replace)
    monkeypatch.setattr(atomic_file, "sync_folder", lambda folder: steps.append(folder.name))
    write_atomically(tmp_path / "file", "text")
    assert steps == ["fsync", "replace", tmp_path.name]


def test_two_writers_of_one_file_do_not_meet(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, fsync = tmp_path / "file", os.fsync

    def write_too(descriptor: int) -> None:
        monkeypatch.setattr(os, "fsync", fsync)
        write_atomically(file, "of the other")
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", write_too)
    write_atomically(file, "of the first")
    assert file.read_text() == "of the first"
    assert list(tmp_path.iterdir()) == [file]


def test_half_a_character_costs_no_more_than_itself(tmp_path: Path) -> None:
    file = tmp_path / "file"
    write_atomically(file, "half \ud83d of one, 中文")
    assert file.read_text(encoding="utf-8") == "half ? of one, 中文"


@pytest.mark.parametrize("content", ["text", b"bytes"])
def test_what_fails_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: str | bytes
) -> None:
    file = tmp_path / "file"
    write_atomically(file, "old")

    def refuse(source: Path, target: Path) -> Path:
        raise PermissionError(source, target)

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError):
        write_atomically(file, content)
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_is_set_aside_under_its_own_name(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text("{")
    aside = set_aside(file)
    assert (aside.stem.split("-")[0], aside.suffix) == ("settings.damaged", ".json")
    assert list(tmp_path.iterdir()) == [aside]
    assert set_aside(file) == file, "there is none any more"
