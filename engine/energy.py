"""Energy the processor used, where the system counts it (Linux RAPL), and the power source."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

POWERCAP = Path("/sys/class/powercap")


class EnergyCounter:
    """Joules since the last reading, summed over the processor packages.

    Guarantees: every call costs one small read per package; a counter that wraps around is
    unwound once. Linux allows the reading to root alone on many systems: then there is none.

    Args:
        root: the powercap folder.
    """

    def __init__(self, root: Path = POWERCAP) -> None:
        self._zones = _packages(root)
        self._last = [_read(zone / "energy_uj") for zone in self._zones]

    @property
    def is_available(self) -> bool:
        """Whether joules can be read here."""
        return bool(self._last) and None not in self._last

    def take_j(self) -> float | None:
        """Joules since the last call (or since the counter was made), None where unknown."""
        if not self.is_available:
            return None
        total_uj = 0
        for index, zone in enumerate(self._zones):
            now, before = _read(zone / "energy_uj"), self._last[index]
            self._last[index] = now
            if now is None or before is None:
                return None
            if now < before:
                now += _read(zone / "max_energy_range_uj") or before
            total_uj += now - before
        return total_uj / 1e6


def is_on_battery() -> bool | None:
    """Whether the machine runs on its battery; None without one or where nobody can say."""
    import psutil

    if not hasattr(psutil, "sensors_battery"):
        return None
    with suppress(OSError, RuntimeError, NotImplementedError):
        battery = psutil.sensors_battery()
        if battery is not None and battery.power_plugged is not None:
            return not battery.power_plugged
    return None


def _packages(root: Path) -> list[Path]:
    """Top zones only: core, uncore and memory zones below them are parts of the same joules."""
    # "intel-rapl:0" is a package, "intel-rapl:0:1" a part of it; AMD processors use the name too.
    return sorted(path for path in root.glob("intel-rapl:*") if path.name.count(":") == 1)


def _read(path: Path) -> int | None:
    with suppress(OSError, ValueError):
        return int(path.read_text(encoding="ascii"))
    return None
