"""What the Lab page shows of a run, measured or being measured. Values and pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from engine.errors import ErrorInfo
from engine.lab.cells import Cell
from engine.lab.record import CellFailure, GroupLoad, LabHeader, LabRecord, Measurement
from engine.lab.results import ALL_SETS, CellFigures, decode_rate, figures_of
from engine.lab.statistics import Spread, spread
from engine.lab.verdict import Verdict, verdicts_of


@dataclass(frozen=True, slots=True, kw_only=True)
class LabResults:
    """Figures and verdicts of a record; costly to make, so made in a thread."""

    record: LabRecord
    figures: tuple[CellFigures, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def set_ids(self) -> tuple[str, ...]:
        """`ALL_SETS`, then the sets of the plan."""
        sets = self.record.header.plan.prompt_sets
        return (ALL_SETS, *(prompts.set_id for prompts in sets))

    def of_set(self, set_id: str) -> tuple[CellFigures, ...]:
        """Figures of every cell for one set."""
        return tuple(f for f in self.figures if f.set_id == set_id)

    def verdict(self, set_id: str) -> Verdict | None:
        """The verdict for one set."""
        return next((v for v in self.verdicts if v.set_id == set_id), None)


def make_results(record: LabRecord) -> LabResults:
    """Compute everything that is shown of a record."""
    return LabResults(record=record, figures=figures_of(record), verdicts=verdicts_of(record))


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRow:
    """One bar. Rates in tokens per second; None where nothing is measured (yet)."""

    cell: Cell
    rate: Spread | None = None
    speed_up: float | None = None
    """Against the baseline."""
    low: float | None = None
    high: float | None = None
    error: ErrorInfo | None = None
    is_baseline: bool = False
    is_best: bool = False
    is_tie: bool = False
    """The difference from the best may be noise."""
    is_uncertain: bool = False
    """The difference from the baseline may be noise."""
    is_emulated: bool = False


def result_rows(results: LabResults, set_id: str) -> tuple[CellRow, ...]:
    """The bars of a finished run: fastest first, failed cells last."""
    header, verdict = results.record.header, results.verdict(set_id)
    best = verdict.best if verdict is not None else None
    candidate = verdict.candidate if verdict is not None else None
    ties = verdict.ties if verdict is not None else ()
    rows = [
        CellRow(
            cell=f.cell,
            rate=f.tokens_per_s,
            speed_up=f.speed_up.value if f.speed_up is not None else None,
            low=f.speed_up.low if f.speed_up is not None else None,
            high=f.speed_up.high if f.speed_up is not None else None,
            error=f.error,
            is_baseline=f.cell == header.plan.baseline,
            is_best=f.cell == best,
            is_tie=f.cell in ties,
            is_uncertain=f.speed_up is not None
            and (f.speed_up.is_uncertain or f.cell == candidate),
            is_emulated=header.is_emulated(f.cell),
        )
        for f in results.of_set(set_id)
    ]
    return tuple(sorted(rows, key=_speed, reverse=True))


class LiveBoard:
    """A run while it is measured: medians only, for tests take time from the measuring."""

    def __init__(self, record: LabRecord) -> None:
        self.header: LabHeader = record.header
        self._rates: dict[tuple[str, str], list[float]] = defaultdict(list)
        self._errors: dict[str, ErrorInfo] = {}
        for measurement in record.measurements:
            self.add(measurement)
        for failure in record.failures:
            self.add(failure)

    @property
    def set_ids(self) -> tuple[str, ...]:
        """`ALL_SETS`, then the sets of the plan."""
        return (ALL_SETS, *(prompts.set_id for prompts in self.header.plan.prompt_sets))

    def add(self, entry: GroupLoad | Measurement | CellFailure) -> None:
        """Take an entry as it comes."""
        if isinstance(entry, CellFailure):
            self._errors[entry.cell_key] = entry.error
        elif isinstance(entry, Measurement) and (rate := decode_rate(entry)):
            for set_id in (ALL_SETS, entry.set_id):
                self._rates[entry.cell_key, set_id].append(rate)

    def rows(self, set_id: str) -> tuple[CellRow, ...]:
        """The bars so far, in the order of the plan: rows do not jump while one watches."""
        baseline = self.header.plan.baseline
        plain = spread(self._rates.get((baseline.key, set_id), ()))
        rates = {
            cell.key: spread(self._rates.get((cell.key, set_id), ()))
            for cell in self.header.measured_cells
        }
        return tuple(
            CellRow(
                cell=cell,
                rate=(rate := rates[cell.key]),
                speed_up=rate.median / plain.median
                if rate is not None and plain is not None and cell != baseline
                else None,
                error=self._errors.get(cell.key),
                is_baseline=cell == baseline,
                is_emulated=self.header.is_emulated(cell),
            )
            for cell in self.header.measured_cells
        )


def best_rows(rows: Sequence[CellRow], baseline: Cell) -> tuple[CellRow, ...]:
    """One row of every group, in their order: its fastest draft length."""
    kept = {row.cell.key for row in best_by_group(rows).values()} | {baseline.key}
    marked = (row for row in rows if row.is_best or row.cell.key in kept)
    return tuple(marked)


def best_by_group(rows: Sequence[CellRow]) -> dict[str, CellRow]:
    """The fastest draft length of every group; a failed one when there is no other."""
    found: dict[str, CellRow] = {}
    for row in rows:
        key = row.cell.group.key
        if key not in found or _speed(row) > _speed(found[key]):
            found[key] = row
    return found


def _speed(row: CellRow) -> float:
    return row.rate.median if row.rate is not None else 0.0
