"""The ladder file: tries, strikes, forgiveness, and what a crash leaves behind."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.events import DeviceInfo, DeviceKind
from engine.placement import LoadSpec, Placement, Strategy
from engine.placement_history import (
    PlacementHistory,
    PlacementKey,
    PlacementStatus,
    folder_digest,
    placement_keys,
)

KEY = PlacementKey(model_digest="m", device="NPU", driver_version="1", runtime_version="2026.4")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "config" / "placement.json"


def test_a_try_is_on_disk_before_it_begins(path: Path) -> None:
    PlacementHistory(path).begin([KEY])
    stored = json.loads(path.read_text(encoding="utf-8"))
    assert [entry["status"] for entry in stored["entries"]] == ["trying"]


def test_a_try_that_took_the_program_with_it_is_a_strike(path: Path) -> None:
    PlacementHistory(path).begin([KEY])
    again = PlacementHistory(path)
    assert again.status(KEY) is PlacementStatus.SUSPECT
    again.begin([KEY])
    last = PlacementHistory(path)
    assert last.status(KEY) is PlacementStatus.BAD
    assert last.bad_keys([KEY]) == (KEY,)


def test_an_answer_forgives_a_strike(path: Path) -> None:
    history = PlacementHistory(path)
    assert history.strike([KEY]) == ()
    history.begin([KEY])
    history.succeed([KEY])
    assert history.status(KEY) is PlacementStatus.GOOD
    assert history.strike([KEY]) == ()


def test_a_try_that_was_given_up_tells_nothing(path: Path) -> None:
    history = PlacementHistory(path)
    history.begin([KEY])
    history.withdraw([KEY])
    assert history.status(KEY) is None
    history.strike([KEY])
    history.begin([KEY])
    history.withdraw([KEY])
    assert history.status(KEY) is PlacementStatus.SUSPECT


@pytest.mark.parametrize("changed", ["driver_version", "runtime_version"])
def test_e3_a_new_driver_or_runtime_starts_afresh(path: Path, changed: str) -> None:
    history = PlacementHistory(path)
    history.strike([KEY])
    assert history.strike([KEY]) == (KEY,)
    new = replace(KEY, **{changed: "new"})
    assert history.bad_keys([new]) == ()
    history.begin([new])
    history.succeed([new])
    reread = PlacementHistory(path)
    assert (reread.status(new), reread.status(KEY)) == (PlacementStatus.GOOD, None)


def test_other_models_and_devices_are_left_alone(path: Path) -> None:
    history = PlacementHistory(path)
    others = [replace(KEY, device="GPU"), replace(KEY, model_digest="n")]
    for key in (*others, KEY):
        history.strike([key])
        history.strike([key])
    history.forget([KEY])
    assert history.bad_keys([KEY, *others]) == tuple(others)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"format": 9, "entries": []}', '{"x": 1}'])
def test_a_damaged_or_foreign_file_counts_as_empty(path: Path, content: str) -> None:
    path.parent.mkdir()
    path.write_text(content, encoding="utf-8")
    history = PlacementHistory(path)
    assert history.status(KEY) is None
    history.begin([KEY])
    assert PlacementHistory(path).status(KEY) is PlacementStatus.SUSPECT


def test_keys_name_every_model_off_the_cpu(tmp_path: Path) -> None:
    for name in ("main", "draft"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "openvino_model.xml").write_text(name, encoding="utf-8")
    spec = LoadSpec(
        main_path=str(tmp_path / "main"),
        draft_path=str(tmp_path / "draft"),
        strategy=Strategy.DRAFT,
        placement=Placement("GPU", "NPU"),
    )
    npu = DeviceInfo(name="NPU", full_name="N", kind=DeviceKind.NPU, driver_version="32.0")
    keys = placement_keys(spec, [npu], runtime_version="v")
    assert [(k.device, k.driver_version, k.runtime_version) for k in keys] == [
        ("GPU", "", "v"),
        ("NPU", "32.0", "v"),
    ]
    assert keys[0].model_digest != keys[1].model_digest
    assert placement_keys(LoadSpec(main_path=str(tmp_path / "main")), [npu]) == ()


def test_the_digest_follows_the_files(tmp_path: Path) -> None:
    model = tmp_path / "openvino_model.bin"
    model.write_bytes(b"one")
    before = folder_digest(tmp_path)
    assert folder_digest(tmp_path) == before
    model.write_bytes(b"other")
    assert folder_digest(tmp_path) != before
