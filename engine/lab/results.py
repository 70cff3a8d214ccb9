"""Figures of the cells of a record, per prompt set and over all. Formulas are in
`engine.metrics.definitions`; here they are only applied.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from engine.errors import ErrorInfo
from engine.lab.cells import Cell
from engine.lab.plan import plain_cell
from engine.lab.record import LabRecord, Measurement
from engine.lab.statistics import FEWEST_PAIRS, Estimate, Spread, paired_ratio, spread
from engine.metrics import definitions
from engine.placement import Strategy

ALL_SETS = ""
"""Stands for all prompt sets together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellFigures:
    """What is shown of one cell for one prompt set. None: not measured."""

    cell: Cell
    set_id: str
    """`ALL_SETS` over all."""
    answers: int
    tokens_per_s: Spread | None
    """Decode rate of the answers."""
    ttft_s: Spread | None
    """Over answers to prompts the pipeline had not seen, of all lengths of the group."""
    acceptance_by_position: tuple[float, ...]
    mean_acceptance_length: float | None
    memory_bytes: int | None
    """Most resident memory of the engine process."""
    load_s: float | None
    speed_up: Estimate | None
    """Against the baseline of the plan."""
    speed_up_same_device: Estimate | None
    """Against plain decoding on the same main device: what the candidates alone gain."""
    equal_texts: int
    compared_texts: int
    """Greedy answers that equal plain decoding's; they may differ by rounding."""
    energy_j_per_token: float | None
    error: ErrorInfo | None


def figures_of(record: LabRecord) -> tuple[CellFigures, ...]:
    """Figures of every cell, over all sets first, then per set in the order of the plan."""
    tables = _Tables(record)
    sets = [ALL_SETS, *(prompts.set_id for prompts in record.header.plan.prompt_sets)]
    cells = record.header.measured_cells
    return tuple(tables.figures(cell, set_id) for set_id in sets for cell in cells)


def decode_rate(measurement: Measurement) -> float | None:
    """Decode rate of one answer in tokens per second."""
    return definitions.tokens_per_s(_tpot_s(measurement))


def paired_times(
    cell: Sequence[Measurement], reference: Sequence[Measurement]
) -> tuple[list[float], list[float]]:
    """TPOT of two cells in s, paired by prompt; by prompt and round when prompts are few.

    Rounds of one prompt are not independent, so they are averaged wherever there are enough
    prompts for a test.
    """
    prompts = {(m.set_id, m.prompt_index) for m in cell}
    by_round = len(prompts) < FEWEST_PAIRS
    ours, theirs = _means(cell, by_round=by_round), _means(reference, by_round=by_round)
    shared = sorted(ours.keys() & theirs.keys())
    return [ours[key] for key in shared], [theirs[key] for key in shared]


class _Tables:
    """The entries of a record, sorted for quick access."""

    def __init__(self, record: LabRecord) -> None:
        self._record = record
        self._by_cell: dict[str, list[Measurement]] = defaultdict(list)
        for measurement in record.measurements:
            self._by_cell[measurement.cell_key].append(measurement)
        self._errors = {failure.cell_key: failure.error for failure in record.failures}
        self._groups: dict[str, list[str]] = defaultdict(list)
        for cell in record.header.measured_cells:
            self._groups[cell.group.key].append(cell.key)

    def measurements(self, cell: Cell, set_id: str) -> list[Measurement]:
        return [m for m in self._by_cell[cell.key] if set_id in (ALL_SETS, m.set_id)]

    def figures(self, cell: Cell, set_id: str) -> CellFigures:
        found = self.measurements(cell, set_id)
        plain = self.measurements(plain_cell(cell.group.placement.main_device), set_id)
        equal, compared = _compare_texts(found, plain)
        return CellFigures(
            cell=cell,
            set_id=set_id,
            answers=len(found),
            tokens_per_s=spread([rate for m in found if (rate := decode_rate(m))]),
            ttft_s=self._ttft(cell, set_id),
            acceptance_by_position=_acceptance(cell, found),
            mean_acceptance_length=None if cell.is_plain else _mean_acceptance_length(found),
            memory_bytes=self._memory(cell),
            load_s=self._load_s(cell),
            speed_up=self._speed_up(
                cell, found, self.measurements(self._record.header.plan.baseline, set_id)
            ),
            speed_up_same_device=None if cell.is_plain else self._speed_up(cell, found, plain),
            equal_texts=equal,
            compared_texts=0 if cell.is_plain else compared,
            energy_j_per_token=_energy(found),
            error=self._errors.get(cell.key),
        )

    def _ttft(self, cell: Cell, set_id: str) -> Spread | None:
        group = [m for key in self._groups[cell.group.key] for m in self._by_cell[key]]
        return spread(
            [
                m.run_times_s[0]
                for m in group
                if m.is_cold and m.run_times_s and set_id in (ALL_SETS, m.set_id)
            ]
        )

    def _memory(self, cell: Cell) -> int | None:
        loads = [e.memory_bytes for e in self._record.loads if e.group_key == cell.group.key]
        answers = [m.memory_bytes for m in self._by_cell[cell.key]]
        return max((size for size in (*loads, *answers) if size is not None), default=None)

    def _load_s(self, cell: Cell) -> float | None:
        loads = [e.load_s for e in self._record.loads if e.group_key == cell.group.key]
        return statistics.median(loads) if loads else None

    def _speed_up(
        self, cell: Cell, found: Sequence[Measurement], reference: Sequence[Measurement]
    ) -> Estimate | None:
        if cell == self._record.header.plan.baseline:
            return None
        ours, theirs = paired_times(found, reference)
        return paired_ratio(theirs, ours)


def _tpot_s(measurement: Measurement) -> float | None:
    lengths, times = measurement.run_lengths, measurement.run_times_s
    if not lengths:
        return None
    return definitions.tpot_s(
        first_at_s=times[0],
        last_at_s=times[-1],
        token_count=sum(lengths),
        first_run_length=lengths[0],
    )


def _means(
    measurements: Iterable[Measurement], *, by_round: bool
) -> dict[tuple[str, int, int], float]:
    """Geometric mean of TPOT per prompt, or per prompt and round."""
    logs: dict[tuple[str, int, int], list[float]] = defaultdict(list)
    for m in measurements:
        if tpot := _tpot_s(m):
            logs[m.set_id, m.prompt_index, m.round if by_round else 0].append(math.log(tpot))
    return {key: math.exp(statistics.fmean(values)) for key, values in logs.items()}


def _acceptance(cell: Cell, found: Sequence[Measurement]) -> tuple[float, ...]:
    # Prompt lookup proposes nothing where nothing matches, which run lengths do not show; the NPU
    # varies the length by itself.
    group = cell.group
    if group.strategy is not Strategy.DRAFT or group.placement.uses_npu:
        return ()
    assert cell.num_assistant_tokens is not None
    runs = [m.run_lengths for m in found]
    return tuple(definitions.acceptance_by_position(runs, cell.num_assistant_tokens))


def _mean_acceptance_length(found: Sequence[Measurement]) -> float | None:
    """Over all answers together: long answers count more."""
    if not found:
        return None
    first = [m.run_lengths[0] if m.run_lengths else 0 for m in found]
    return definitions.mean_acceptance_length(
        token_count=sum(sum(m.run_lengths) for m in found),
        first_run_length=sum(first),
        run_count=sum(max(len(m.run_lengths) - 1, 0) for m in found) + 1,
    )


def _compare_texts(found: Sequence[Measurement], plain: Sequence[Measurement]) -> tuple[int, int]:
    texts = {(m.set_id, m.prompt_index): m.text for m in plain}
    pairs = [(m.text, texts.get((m.set_id, m.prompt_index))) for m in found]
    compared = [(ours, theirs) for ours, theirs in pairs if theirs is not None]
    return sum(ours == theirs for ours, theirs in compared), len(compared)


def _energy(found: Sequence[Measurement]) -> float | None:
    known = [(m.energy_j, sum(m.run_lengths)) for m in found if m.energy_j is not None]
    tokens = sum(count for _, count in known)
    return sum(joules for joules, _ in known) / tokens if tokens else None
