"""Successive halving over cells: all get a few prompts, the better half gets more, and so on.

Karnin et al. 2013. Pure: measuring is the caller's.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.lab.cells import Cell
from engine.lab.record import Measurement
from engine.lab.results import decode_rate
from engine.placement import Strategy
from engine.tuning.pair_model import PairModel

Measure = Callable[[Sequence[Cell], Sequence[int]], Sequence[Measurement]]
"""Measures cells for the answers of these numbers; what failed or was stopped is left out."""
_PLANNED_SHARE = 0.3
_KEEP = 0.5
_FINALISTS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class HalvingPlan:
    """Which part of the answers each round takes, and how many cells it has."""

    cells_by_rung: tuple[int, ...]
    answers_per_rung: int
    """Per cell and for the baseline."""

    @property
    def answers(self) -> int:
        """All answers, the baseline's included."""
        return sum(count + 1 for count in self.cells_by_rung) * self.answers_per_rung


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One round that was measured."""

    cells: tuple[Cell, ...]
    scores: tuple[float, ...]
    """Estimated decode rates, in the order of the cells; 0 for a cell that failed."""
    kept: tuple[Cell, ...]


def plan_halving(cells: int, answers: int) -> HalvingPlan:
    """A plan that costs at most about a third of measuring all cells for all answers.

    Args:
        cells: without the baseline.
        answers: per cell in an exhaustive run.
    """
    sizes = [cells]
    while sizes[-1] > _FINALISTS:
        sizes.append(max(math.ceil(sizes[-1] * _KEEP), _FINALISTS))
    budget = _PLANNED_SHARE * (cells + 1) * answers
    per_rung = int(budget / sum(size + 1 for size in sizes))
    return HalvingPlan(cells_by_rung=tuple(sizes), answers_per_rung=max(per_rung, 1))


def halve(
    cells: Sequence[Cell], baseline: Cell, *, plan: HalvingPlan, measure: Measure
) -> tuple[list[Rung], list[Measurement]]:
    """Measure rung by rung.

    The baseline takes part in every rung, so that whoever is left can be compared with it over
    the same prompts. Returns the rungs and everything measured.
    """
    rungs: list[Rung] = []
    measured: list[Measurement] = []
    left = list(cells)
    for index, size in enumerate(plan.cells_by_rung):
        start = index * plan.answers_per_rung
        numbers = range(start, start + plan.answers_per_rung)
        measured += measure([baseline, *left[:size]], numbers)
        scores = score(left, measured)
        ranked = sorted(left, key=lambda cell: scores[cell.key], reverse=True)
        following = plan.cells_by_rung[index + 1 : index + 2] or (1,)
        kept = [cell for cell in ranked if scores[cell.key] > 0][: following[0]]
        rungs.append(
            Rung(
                cells=tuple(left),
                scores=tuple(scores[cell.key] for cell in left),
                kept=tuple(kept),
            )
        )
        left = kept
        if not left:
            break
    return rungs, measured


def score(cells: Sequence[Cell], measured: Sequence[Measurement]) -> dict[str, float]:
    """Estimated decode rate of each cell, 0 for one without answers.

    Draft lengths of one group teach about each other: the geometric mean of what a cell measured
    and what the model of its group expects is less noisy than either.
    """
    by_cell: Mapping[str, list[Measurement]] = defaultdict(list)
    for measurement in measured:
        by_cell[measurement.cell_key].append(measurement)
    models = _models(cells, by_cell)
    scores: dict[str, float] = {}
    for cell in cells:
        rates = [rate for m in by_cell[cell.key] if (rate := decode_rate(m))]
        own = statistics.harmonic_mean(rates) if rates else 0.0
        expected = None
        if cell.group.key in models and cell.num_assistant_tokens is not None:
            expected = models[cell.group.key].tokens_per_s(cell.num_assistant_tokens)
        scores[cell.key] = math.sqrt(own * expected) if own and expected else own
    return scores


def _models(
    cells: Sequence[Cell], by_cell: Mapping[str, Sequence[Measurement]]
) -> dict[str, PairModel]:
    """A model for every draft group with several lengths; the NPU varies lengths by itself."""
    models: dict[str, PairModel] = {}
    members: dict[str, list[Cell]] = defaultdict(list)
    for cell in cells:
        group = cell.group
        if group.strategy is Strategy.DRAFT and not group.placement.uses_npu:
            members[group.key].append(cell)
    for key, lengths in members.items():
        if len(lengths) > 1:
            models[key] = _model(lengths, by_cell)
    return models


def _model(cells: Sequence[Cell], by_cell: Mapping[str, Sequence[Measurement]]) -> PairModel:
    model = PairModel()
    for cell in cells:
        assert cell.num_assistant_tokens is not None
        for measurement in by_cell.get(cell.key, ()):
            model.add(
                measurement.run_lengths,
                measurement.run_times_s,
                num_assistant_tokens=cell.num_assistant_tokens,
                max_new_tokens=sum(measurement.run_lengths),
            )
    return model
