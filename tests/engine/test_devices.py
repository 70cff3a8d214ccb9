"""Order, identity over re-enumeration, and hints for what is missing."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest

from engine.devices import (
    MissingHint,
    find_device,
    identity_of,
    missing_devices,
    order_devices,
)
from engine.events import DeviceInfo, DeviceKind

CPU = DeviceInfo(name="CPU", full_name="Processor", kind=DeviceKind.CPU)
IGPU = DeviceInfo(name="GPU.0", full_name="Graphics", kind=DeviceKind.INTEGRATED_GPU, uuid="aa")
CARD = DeviceInfo(name="GPU.1", full_name="Card", kind=DeviceKind.DISCRETE_GPU, uuid="bb")
NPU = DeviceInfo(name="NPU", full_name="AI Boost", kind=DeviceKind.NPU)
FAKE = DeviceInfo(name="NPU", full_name="Processor", kind=DeviceKind.NPU, emulated=True)


def test_the_order_does_not_depend_on_enumeration() -> None:
    wanted = (CPU, CARD, IGPU, NPU, FAKE)
    for given in permutations(wanted):
        assert order_devices(given) == wanted


def test_a_card_is_found_under_its_new_name() -> None:
    moved = replace(CARD, name="GPU.0")
    assert find_device(identity_of(CARD), [CPU, replace(IGPU, name="GPU.1"), moved]) == moved


def test_another_card_in_the_same_slot_is_another_device() -> None:
    assert find_device(identity_of(CARD), [CPU, replace(CARD, uuid="cc")]) is None


def test_without_uuids_the_name_counts_then_the_full_name() -> None:
    first, second = replace(CARD, uuid=None), replace(CARD, uuid=None, name="GPU.2")
    assert find_device(identity_of(second), [first, second]) == second
    assert find_device(identity_of(replace(second, name="GPU.7")), [CPU, first]) == first
    assert find_device(identity_of(NPU), [CPU, first]) is None


def test_a_device_that_gained_a_uuid_is_still_found() -> None:
    assert find_device(identity_of(replace(IGPU, uuid=None)), [CPU, IGPU]) == IGPU


def test_nothing_is_missing_where_all_is_there() -> None:
    assert missing_devices([CPU, CARD, NPU], system="Linux") == ()


@pytest.mark.parametrize(
    ("system", "hints"),
    [
        ("Windows", {MissingHint.INSTALL_GRAPHICS_DRIVER, MissingHint.INSTALL_NPU_DRIVER}),
        ("Darwin", {MissingHint.NOT_ON_THIS_SYSTEM}),
        ("Linux", {MissingHint.NO_HARDWARE}),
    ],
)
def test_hints_per_system(tmp_path: Path, system: str, hints: set[MissingHint]) -> None:
    missing = missing_devices([CPU], system=system, root=tmp_path)
    assert [m.family for m in missing] == ["GPU", "NPU"]
    assert {m.hint for m in missing} == hints


def test_hardware_without_its_driver_names_the_packages(tmp_path: Path) -> None:
    for folder, name in (("dri", "renderD128"), ("accel", "accel0")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / name).touch()
    gpu, npu = missing_devices([CPU], system="Linux", root=tmp_path)
    assert (gpu.hint, dict(gpu.facts)["packages"]) == (
        MissingHint.INSTALL_COMPUTE_RUNTIME,
        "intel-opencl-icd",
    )
    assert npu.hint is MissingHint.INSTALL_NPU_DRIVER
    assert "intel-level-zero-npu" in dict(npu.facts)["packages"]


def test_a_device_file_that_may_not_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "dri").mkdir()
    (tmp_path / "dri" / "renderD128").touch()
    monkeypatch.setattr("os.access", lambda _path, _mode: False)
    (gpu,) = missing_devices([CPU, NPU], system="Linux", root=tmp_path)
    assert gpu.hint is MissingHint.NO_PERMISSION
    assert dict(gpu.facts)["group"] == "render"
