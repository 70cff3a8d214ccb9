"""Joules from a powercap folder, and their absence."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.energy import EnergyCounter, is_on_battery


def zone(root: Path, name: str, energy_uj: int, *, limit_uj: int = 10_000_000) -> Path:
    folder = root / name
    folder.mkdir(exist_ok=True)
    (folder / "energy_uj").write_text(f"{energy_uj}\n", encoding="ascii")
    (folder / "max_energy_range_uj").write_text(f"{limit_uj}\n", encoding="ascii")
    return folder


def test_packages_are_summed_and_their_parts_are_not(tmp_path: Path) -> None:
    zone(tmp_path, "intel-rapl:0", 1_000_000)
    zone(tmp_path, "intel-rapl:1", 0)
    zone(tmp_path, "intel-rapl:0:0", 0)
    counter = EnergyCounter(tmp_path)
    zone(tmp_path, "intel-rapl:0", 3_500_000)
    zone(tmp_path, "intel-rapl:1", 500_000)
    zone(tmp_path, "intel-rapl:0:0", 9_000_000)
    assert counter.is_available
    assert counter.take_j() == pytest.approx(3.0)
    assert counter.take_j() == 0.0


def test_a_counter_that_starts_anew_is_unwound(tmp_path: Path) -> None:
    zone(tmp_path, "intel-rapl:0", 9_000_000)
    counter = EnergyCounter(tmp_path)
    zone(tmp_path, "intel-rapl:0", 1_000_000)
    assert counter.take_j() == pytest.approx(2.0)


def test_nothing_is_invented_where_nothing_is_counted(tmp_path: Path) -> None:
    for root in (tmp_path, tmp_path / "absent"):
        counter = EnergyCounter(root)
        assert (counter.is_available, counter.take_j()) == (False, None)


def test_a_counter_that_vanishes_is_unknown(tmp_path: Path) -> None:
    folder = zone(tmp_path, "intel-rapl:0", 5)
    counter = EnergyCounter(tmp_path)
    (folder / "energy_uj").unlink()
    assert counter.take_j() is None


def test_the_power_source_is_known_or_not_but_never_an_error() -> None:
    assert is_on_battery() in (True, False, None)
