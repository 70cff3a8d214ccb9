"""Two runs side by side: what changed between them, and by how much each cell did. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.lab.cells import Cell
from engine.lab.record import LabRecord
from engine.lab.results import ALL_SETS, figures_of


@dataclass(frozen=True, slots=True, kw_only=True)
class CellChange:
    """One cell in two runs; decode rates in tokens per second, None where not measured."""

    cell: Cell
    before: float | None
    after: float | None
    speed_up_before: float | None
    speed_up_after: float | None

    @property
    def ratio(self) -> float | None:
        """after / before."""
        return self.after / self.before if self.before and self.after else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunComparison:
    """What differs between two runs."""

    cells: tuple[CellChange, ...]
    differences: tuple[tuple[str, str, str], ...]
    """(what, before, after) of machine, versions, drivers and power, where they differ."""


def compare_runs(before: LabRecord, after: LabRecord) -> RunComparison:
    """Compare two runs over all of their prompt sets; cells of either."""
    old, new = _rates(before), _rates(after)
    cells = {cell.key: cell for cell, _, _ in (*old.values(), *new.values())}
    changes = []
    for key, cell in cells.items():
        _, rate_before, gain_before = old.get(key, (cell, None, None))
        _, rate_after, gain_after = new.get(key, (cell, None, None))
        changes.append(
            CellChange(
                cell=cell,
                before=rate_before,
                after=rate_after,
                speed_up_before=gain_before,
                speed_up_after=gain_after,
            )
        )
    return RunComparison(cells=tuple(changes), differences=_differences(before, after))


def _rates(record: LabRecord) -> dict[str, tuple[Cell, float | None, float | None]]:
    return {
        f.cell.key: (
            f.cell,
            f.tokens_per_s.median if f.tokens_per_s else None,
            f.speed_up.value if f.speed_up else None,
        )
        for f in figures_of(record)
        if f.set_id == ALL_SETS
    }


def _differences(before: LabRecord, after: LabRecord) -> tuple[tuple[str, str, str], ...]:
    old, new = _facts(before), _facts(after)
    old["main"], new["main"] = before.header.plan.main.name, after.header.plan.main.name
    names = dict.fromkeys([*old, *new])
    return tuple(
        (name, old.get(name, ""), new.get(name, ""))
        for name in names
        if old.get(name, "") != new.get(name, "")
    )


def _facts(record: LabRecord) -> dict[str, str]:
    machine = record.header.machine
    facts: dict[str, str] = {
        "processor": machine.processor,
        "cores": str(machine.cores),
        "memory_bytes": str(machine.memory_bytes),
        "system": machine.system,
        "on_battery": "" if machine.on_battery is None else str(machine.on_battery).lower(),
    }
    facts.update(_prefixed("version", dict(record.versions)))
    drivers = {d.name: d.driver_version or "" for d in machine.devices}
    facts.update(_prefixed("driver", drivers))
    changes = record.header.plan.changes
    facts.update({f"set:{device}:{name}": str(value) for device, name, value in changes})
    return facts


def _prefixed(prefix: str, values: Mapping[str, str]) -> dict[str, str]:
    return {f"{prefix}:{name}": value for name, value in values.items()}
