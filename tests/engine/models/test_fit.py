"""The memory planner against numbers added up by hand, and the pack it leads to."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.events import DeviceInfo, DeviceKind
from engine.models.catalog import load_catalog
from engine.models.fit import (
    FitLabel,
    ModelLoad,
    Pool,
    load_of,
    plan_disk,
    plan_memory,
    plan_pair,
)
from engine.models.inspection import inspect_folder
from engine.models.machine import MachineFacts, device_class, read_machine
from engine.models.recommendation import recommend
from engine.placement import Placement
from tests.engine.models.folder_maker import make_llm, make_vlm

GB = 10**9
GIB = 1 << 30
MIB = 1 << 20
CPU = DeviceInfo(name="CPU", full_name="CPU", kind=DeviceKind.CPU)
IGPU = DeviceInfo(name="GPU.0", full_name="Integrated", kind=DeviceKind.INTEGRATED_GPU)
DGPU = DeviceInfo(
    name="GPU.1", full_name="Discrete", kind=DeviceKind.DISCRETE_GPU, memory_bytes=12 * GIB
)
NPU = DeviceInfo(name="NPU", full_name="NPU", kind=DeviceKind.NPU)


def machine(ram: int, *devices: DeviceInfo, disk: int = 500 * GB) -> MachineFacts:
    return MachineFacts(
        ram_available_bytes=ram,
        disk_free_bytes=disk, devices=devices or (CPU,),
    )  # fmt: skip


def load(weights: int | None, device: DeviceInfo, kv: int = 100_000) -> ModelLoad:
    return ModelLoad(weight_bytes=weights, kv_bytes_per_token=kv, device=device)


def test_on_a_cpu_weights_cache_and_overhead_add_up() -> None:
    report = plan_memory((load(4 * GB, CPU),), machine(16 * GB), context_tokens=1000)
    (need,) = report.needs
    assert need.needed_bytes == 4 * GB + 100_000_000 + GIB
    assert (report.label, report.weight_bytes, report.kv_bytes) == (
        FitLabel.FITS,
        4 * GB,
        100_000_000,
    )


def test_the_draft_brings_weights_and_a_cache_of_its_own() -> None:
    both = (load(4 * GB, CPU), load(GB, CPU, kv=50_000))
    report = plan_memory(both, machine(16 * GB), context_tokens=1000)
    assert report.needs[0].needed_bytes == 5 * GB + 150_000_000 + GIB + 64 * MIB
    assert report.overhead_bytes == GIB + 64 * MIB


def test_an_integrated_gpu_needs_the_weights_twice() -> None:
    report = plan_memory((load(4 * GB, IGPU),), machine(16 * GB, IGPU), context_tokens=1000)
    assert report.needs[0].needed_bytes == 8 * GB + 100_000_000 + GIB + GIB // 2


def test_a_discrete_gpu_has_memory_of_its_own_and_weights_pass_through_ram() -> None:
    report = plan_memory(
        (load(4 * GB, DGPU), load(GB, CPU)), machine(16 * GB, CPU, DGPU), context_tokens=1000
    )
    ram, device = report.needs
    assert (ram.pool, ram.needed_bytes) == (Pool.RAM, 5 * GB + 100_000_000 + GIB)
    assert (device.pool, device.device) == (Pool.DEVICE, "GPU.1")
    assert device.needed_bytes == 4 * GB + 100_000_000 + GIB + GIB // 2
    assert device.available_bytes == 12 * GIB


@pytest.mark.parametrize(
    ("available", "label"),
    [
        (10_000_000_000, FitLabel.FITS),
        (7_400_000_000, FitLabel.FITS),
        (7_300_000_000, FitLabel.MAY_BE_SLOW),
        (6_200_000_000, FitLabel.MAY_BE_SLOW),
        (6_100_000_000, FitLabel.WILL_NOT_FIT),
    ],
)
def test_the_label_changes_at_80_and_95_percent(available: int, label: FitLabel) -> None:
    # 5.874 GB: 80 % of 7.342 GB and 95 % of 6.183 GB.
    report = plan_memory((load(4_800_258_176, CPU, kv=0),), machine(available))
    assert report.needs[0].needed_bytes == 5_874_000_000
    assert report.label is label


def test_a_discrete_gpu_that_is_too_small_decides() -> None:
    report = plan_memory((load(13 * GB, DGPU),), machine(64 * GB, CPU, DGPU))
    assert report.label is FitLabel.WILL_NOT_FIT
    assert [need.label for need in report.needs] == [FitLabel.FITS, FitLabel.WILL_NOT_FIT]


def test_unknown_sizes_give_no_promise() -> None:
    assert plan_memory((load(None, CPU),), machine(64 * GB)).label is FitLabel.UNKNOWN
    nameless = replace(DGPU, memory_bytes=None)
    assert plan_memory((load(GB, nameless),), machine(64 * GB, nameless)).label is FitLabel.UNKNOWN
    assert plan_memory((load(None, CPU),), machine(GB)).label is FitLabel.WILL_NOT_FIT


@pytest.mark.parametrize(
    ("files", "free", "label"),
    [
        (10 * GB, 11 * GB, FitLabel.WILL_NOT_FIT),
        (10 * GB, 10 * GB + GIB, FitLabel.FITS),
        (40 * GB, 41_900_000_000, FitLabel.WILL_NOT_FIT),
        (40 * GB, 42 * GB, FitLabel.FITS),
    ],
)
def test_the_disk_keeps_a_reserve(files: int, free: int, label: FitLabel) -> None:
    need = plan_disk(files, replace(machine(16 * GB), disk_free_bytes=free))
    assert (need.label, need.available_bytes) == (label, free)


def test_an_installed_model_is_planned_with_its_own_figures(tmp_path: Path) -> None:
    found = inspect_folder(make_llm(tmp_path / "m"))
    planned = load_of(found, CPU)
    assert planned.weight_bytes == found.weight_bytes
    assert planned.kv_bytes_per_token == found.config.kv_bytes_per_token
    assert not planned.kv_is_guess
    assert load_of(found, CPU, shares_memory=True).weight_bytes == 0


def test_a_pair_is_planned_on_the_devices_of_its_placement(tmp_path: Path) -> None:
    one = inspect_folder(make_llm(tmp_path / "a"))
    facts = machine(16 * GB, CPU, DGPU)
    report = plan_pair(one, one, placement=Placement("GPU.1", "CPU"), machine=facts)
    assert [need.device for need in report.needs] == [None, "GPU.1"]
    assert (report.weight_bytes, report.estimated) == (2 * one.weight_bytes, False)
    alone = plan_pair(one, None, placement=Placement("CPU"), machine=facts)
    assert (alone.weight_bytes, len(alone.needs)) == (one.weight_bytes, 1)


def test_an_mtp_head_brings_no_weights_of_its_own(tmp_path: Path) -> None:
    vlm = inspect_folder(make_vlm(tmp_path / "v", mtp=True))
    report = plan_pair(vlm, vlm, placement=Placement("CPU", "CPU"), machine=machine(16 * GB))
    assert report.weight_bytes == vlm.weight_bytes


def test_a_guessed_cache_is_called_an_estimate() -> None:
    entry = load_catalog().model("OpenVINO/gemma-4-E4B-it-int4-ov")
    assert entry is not None
    report = plan_memory((load_of(entry, CPU),), machine(32 * GB))
    assert report.estimated
    assert report.kv_bytes > 0


@pytest.mark.parametrize(
    ("facts", "pack", "placement"),
    [
        (machine(16 * GB), "cpu-balanced", ("CPU", "CPU")),
        (machine(6_500_000_000), "cpu-small", ("CPU", "CPU")),
        (machine(4_500_000_000), "cpu-tiny", ("CPU", None)),
        (machine(32 * GB, CPU, DGPU), "gpu-balanced", ("GPU.1", "GPU.1")),
        (machine(32 * GB, CPU, IGPU), "gpu-large", ("GPU.0", "GPU.0")),
        (machine(16 * GB, CPU, NPU), "cpu-balanced", ("CPU", "CPU")),
    ],
)
def test_the_recommended_pack_is_the_best_that_fits(
    facts: MachineFacts, pack: str, placement: tuple[str, str | None]
) -> None:
    best = recommend(load_catalog(), facts).best
    assert best is not None
    assert best.pack.id == pack
    assert (best.placement.main_device, best.placement.draft_device) == placement
    assert best.label is FitLabel.FITS


def test_on_a_tiny_machine_nothing_is_recommended_and_the_numbers_are_there() -> None:
    outcome = recommend(load_catalog(), machine(GB))
    assert outcome.best is None
    assert outcome.offers
    assert {offer.label for offer in outcome.offers} == {FitLabel.WILL_NOT_FIT}


def test_packs_are_offered_only_for_devices_that_are_there() -> None:
    offers = recommend(load_catalog(), machine(64 * GB, CPU, NPU)).offers
    assert {offer.pack.device_class.value for offer in offers} == {"cpu", "npu"}
    mixed = next(offer for offer in offers if offer.pack.id == "npu-cpu-draft")
    assert (mixed.placement.main_device, mixed.placement.draft_device) == ("NPU", "CPU")


def test_the_facts_of_this_machine_are_plausible(tmp_path: Path) -> None:
    facts = read_machine(tmp_path / "not" / "yet" / "there", (CPU,))
    assert facts.ram_available_bytes > 0
    assert facts.disk_free_bytes >= 0
    assert facts.first(DeviceKind.NPU, DeviceKind.CPU) == CPU
    assert [device_class(name).value for name in ("CPU", "GPU.1", "NPU")] == ["cpu", "gpu", "npu"]
