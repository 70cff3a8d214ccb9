"""What is set on devices: merged into loads, following its device, never lost, never in the way."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from engine.compile_cache import cache_bytes, clear_cache
from engine.device_properties import DeviceProperty, PropertyKind
from engine.device_settings import (
    CACHE_PROPERTY,
    DeviceBook,
    DeviceSettings,
    keeps_compiled,
    without_refused,
)
from engine.device_settings_file import DeviceSettingsFile
from engine.errors import ErrorCode, StorageError
from engine.events import DeviceInfo, DeviceKind
from engine.placement import LoadSpec, Placement, SchedulerSettings, Strategy

CPU = DeviceInfo(name="CPU", full_name="Processor", kind=DeviceKind.CPU)
CARD = DeviceInfo(name="GPU.1", full_name="Card", kind=DeviceKind.DISCRETE_GPU, uuid="aa")
INTEGRATED = DeviceInfo(name="GPU.0", full_name="Part", kind=DeviceKind.INTEGRATED_GPU, uuid="bb")
PRECISE = DeviceSettings(properties=(("INFERENCE_PRECISION_HINT", "f32"),))
SMALL = DeviceSettings(scheduler=SchedulerSettings(cache_size_gb=2))
SPEC = LoadSpec(
    main_path="main",
    draft_path="draft",
    strategy=Strategy.DRAFT,
    placement=Placement("GPU.1", "CPU"),
)


def book(**settings: DeviceSettings) -> DeviceBook:
    made = DeviceBook().seen((CPU, INTEGRATED, CARD))
    for name, value in settings.items():
        made = made.with_settings(name.replace("_", "."), value)
    return made


def test_a_load_takes_what_is_set_on_each_of_its_devices() -> None:
    spec = book(GPU_1=PRECISE, CPU=SMALL).apply(SPEC)
    assert spec.main_properties == PRECISE.properties
    assert spec.draft_properties == (), "the draft has a device of its own"
    assert spec.scheduler == SchedulerSettings(), "that of the main model's device counts"
    turned = replace(SPEC, placement=Placement("CPU", "GPU.1"))
    assert book(CPU=SMALL).apply(turned).scheduler.cache_size_gb == 2


def test_nothing_set_changes_nothing_but_the_cache_of_accelerators(tmp_path: Path) -> None:
    plain = LoadSpec(main_path="main")
    made = replace(book(), cache_root=tmp_path)
    assert made.apply(plain) == plain
    spec = made.apply(replace(plain, placement=Placement("GPU.1")))
    assert spec.main_properties == ((CACHE_PROPERTY, str(tmp_path / "GPU.1")),)
    off = made.with_settings("GPU.1", DeviceSettings(keeps_compiled=False))
    assert off.apply(spec).main_properties == ()
    assert off.settings("GPU.1").changes == (), "it changes no figure of an answer"
    assert [keeps_compiled(name, DeviceSettings()) for name in ("CPU", "GPU.0", "NPU")] == [
        False,
        True,
        True,
    ]


def test_settings_follow_their_device_to_its_new_name() -> None:
    before = book(GPU_1=PRECISE)
    alone = replace(CARD, name="GPU.0")
    assert before.renamed((CPU, alone)) == {"GPU.1": "GPU.0"}
    after = before.seen((CPU, alone))
    assert after.settings("GPU.0") == PRECISE
    swapped = (CPU, replace(CARD, name="GPU.0"), replace(INTEGRATED, name="GPU.1"))
    assert before.renamed(swapped) == {"GPU.0": "GPU.1", "GPU.1": "GPU.0"}
    assert before.seen(swapped).settings("GPU.1") == DeviceSettings()
    assert before.seen(swapped).settings("GPU.0") == PRECISE


def test_a_device_that_is_away_keeps_its_settings_and_leaves_its_name_to_another() -> None:
    before = book(GPU_1=PRECISE)
    other = DeviceInfo(name="GPU.1", full_name="New", kind=DeviceKind.DISCRETE_GPU, uuid="cc")
    meanwhile = before.seen((CPU, other))
    assert meanwhile.settings("GPU.1") == DeviceSettings()
    assert meanwhile.renamed((CPU, other)) == {}
    assert meanwhile.seen((CPU, CARD)).settings("GPU.1") == PRECISE


def test_settings_put_aside_are_kept_and_not_used() -> None:
    aside = book(CPU=PRECISE).suspended(["CPU", "GPU.1"])
    assert aside.settings("CPU").is_suspended
    assert aside.settings("CPU").properties == PRECISE.properties
    assert not aside.settings("GPU.1").is_suspended
    plain = LoadSpec(main_path="main")
    assert aside.apply(plain) == plain
    again = aside.suspended(["CPU"], is_suspended=False)
    assert again.apply(plain).main_properties == PRECISE.properties


def test_values_a_new_driver_refuses_are_dropped() -> None:
    known = DeviceProperty(name="A", kind=PropertyKind.INTEGER, minimum=0, maximum=1)
    settings = DeviceSettings(properties=(("A", 1), ("B", 2)))
    told = replace(CPU, properties=(known,))
    assert without_refused(book(CPU=settings), (told,)).settings("CPU").properties == (("A", 1),)
    assert without_refused(book(CPU=settings), (CPU,)).settings("CPU") == settings


def test_everything_comes_back_from_the_file(tmp_path: Path) -> None:
    file = DeviceSettingsFile(tmp_path / "devices.json", cache_root=tmp_path)
    assert file.read().book == DeviceBook(cache_root=tmp_path)
    kept = book(CPU=replace(SMALL, is_suspended=True), GPU_1=replace(PRECISE, keeps_compiled=True))
    file.write(kept)
    assert file.read().book == replace(kept, cache_root=tmp_path)
    assert file.read().notice is None


@pytest.mark.parametrize(
    "content",
    [
        b"{",
        b"[]",
        b'{"format": 1}',
        b'{"format": 1, "devices": [{"identity": 3}]}',
        b"\xff",
        b'{"format": 1, "devices": [{"identity": {"name": "CPU", "full_name": "P"}, '
        b'"settings": {"scheduler": {"cache_size_gb": -1}}}]}',
    ],
)
def test_a_damaged_file_is_set_aside_with_a_notice(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "devices.json"
    path.write_bytes(content)
    loaded = DeviceSettingsFile(path).read()
    assert loaded.book == DeviceBook()
    assert loaded.notice is not None
    assert loaded.notice.code is ErrorCode.STORAGE_CORRUPT
    (aside,) = tmp_path.iterdir()
    assert aside.name.startswith("devices.damaged-")
    assert aside.read_bytes() == content


def test_a_file_of_a_newer_version_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "devices.json"
    text = json.dumps({"format": 2, "something": "else"})
    path.write_text(text, encoding="utf-8")
    file = DeviceSettingsFile(path)
    loaded = file.read()
    assert loaded.notice is not None
    assert loaded.notice.code is ErrorCode.STORAGE_NEWER_SCHEMA
    file.write(book(CPU=PRECISE))
    assert path.read_text(encoding="utf-8") == text


def test_a_folder_that_cannot_be_written_is_a_typed_error(tmp_path: Path) -> None:
    file = DeviceSettingsFile(tmp_path / "nowhere" / "devices.json")
    with pytest.raises(StorageError):
        file.write(book())


def test_clearing_takes_compiled_models_alone(tmp_path: Path) -> None:
    folder = tmp_path / "NPU"
    assert cache_bytes(folder) == clear_cache(folder) == 0
    folder.mkdir()
    (folder / "1.blob").write_bytes(b"x" * 10)
    (folder / "kernel.cl_cache").write_bytes(b"x" * 5)
    (folder / "mine.txt").write_bytes(b"x" * 3)
    assert cache_bytes(folder) == 18
    assert clear_cache(folder) == 15
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]
