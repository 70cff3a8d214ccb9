"""Successive halving against measuring everything, on made pairs of known acceptance and cost.

For each pair: true decode rate of the cell that was found / that of the best cell, and the cost
(seconds the pair would have run, loads included) / that of the exhaustive run.
"""

from __future__ import annotations

import argparse
import statistics
from typing import Any

import machine

from engine.lab.cells import Cell, ModelRef
from engine.lab.plan import LabPlan
from engine.lab.prompts import BUILT_IN_SETS
from engine.lab.runner import LabRun
from engine.lab.start import new_record
from engine.placement import Strategy
from engine.stop_token import StopToken
from engine.tuning.tuner import TuneResult, TuneRun
from tests.synthetic.pair import PairCosts, SyntheticBackend

PAIRS = {
    "code, tiny draft": PairCosts(acceptance=0.9, draft_step_s=0.0015),
    "prose, small draft": PairCosts(acceptance=0.75, draft_step_s=0.005),
    "talk, small draft": PairCosts(acceptance=0.55, draft_step_s=0.005),
    "prose, large draft": PairCosts(acceptance=0.8, draft_step_s=0.0125),
    "useless draft": PairCosts(acceptance=0.2, draft_step_s=0.0125),
    "summary, lookup": PairCosts(acceptance=0.6, draft_step_s=0.02, lookup_acceptance=0.7),
    "main short of arithmetic": PairCosts(acceptance=0.85, verify_square_s=0.002),
    "noisy machine": PairCosts(acceptance=0.7, draft_step_s=0.005, noise=0.15),
}
PLAN = LabPlan(
    main=ModelRef(name="main", path="main"),
    drafts=(ModelRef(name="draft", path="draft"),),
    lengths=(1, 2, 3, 4, 5, 6, 8, 10),
    prompt_sets=tuple(BUILT_IN_SETS[name].first(6) for name in ("story", "code")),
    repeats=2,
    max_new_tokens=96,
    settle_s=0.0,
)


class Workshop:
    """Makes backends of one pair and adds up what they would have taken."""

    def __init__(self, costs: PairCosts, *, seed: int) -> None:
        self._costs = costs
        self._seed = seed
        self._backends: list[SyntheticBackend] = []

    def make(self) -> SyntheticBackend:
        seed = self._seed * 1000 + len(self._backends)
        self._backends.append(SyntheticBackend(lambda _spec: self._costs, seed=seed))
        return self._backends[-1]

    @property
    def seconds(self) -> float:
        return sum(backend.seconds_spent for backend in self._backends)


def true_rate(costs: PairCosts, cell: Cell) -> float:
    """Decode rate of a cell, from the costs it is made of."""
    if cell.group.strategy is Strategy.NONE:
        return costs.tokens_per_s(0)
    assert cell.num_assistant_tokens is not None
    rate = costs.acceptance
    if cell.group.strategy is Strategy.PROMPT_LOOKUP:
        rate = costs.lookup_acceptance
    expected = sum(rate**i for i in range(cell.num_assistant_tokens + 1))
    return expected / costs.iteration_s(cell.num_assistant_tokens)


def choice(result: TuneResult) -> Cell:
    """What would be used: the winner only where it beats plain decoding beyond noise."""
    if result.outcome.value == "better" and result.winner is not None:
        return result.winner
    return PLAN.baseline


def tune_once(costs: PairCosts, seed: int) -> tuple[float, float, float]:
    """(share of the best rate, share of the cost in seconds, share in answers)."""
    record = new_record(PLAN)
    exhaustive, tuned = Workshop(costs, seed=seed), Workshop(costs, seed=seed + 500)
    LabRun(record, make_backend=exhaustive.make, sink=lambda _event: None).run(StopToken())
    run = TuneRun(record.header, make_backend=tuned.make, sink=lambda _event: None)
    result = run.run(StopToken())
    best = max(true_rate(costs, cell) for cell in record.header.measured_cells)
    return (
        true_rate(costs, choice(result)) / best,
        tuned.seconds / exhaustive.seconds,
        result.answers / result.exhaustive_answers,
    )


def main() -> None:
    """Tune every pair and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    args = parser.parse_args()
    results: dict[str, Any] = {}
    for name, costs in PAIRS.items():
        shares = [tune_once(costs, seed) for seed in range(args.seeds)]
        quality, seconds, answers = (statistics.mean(part) for part in zip(*shares, strict=True))
        results[name] = {
            "share_of_best": round(quality, 4),
            "worst_share_of_best": round(min(share[0] for share in shares), 4),
            "share_of_cost_s": round(seconds, 4),
            "share_of_answers": round(answers, 4),
        }
        print(f"{name}: {quality:.1%} of the best at {seconds:.1%} of the cost", flush=True)
    passed = all(
        r["share_of_best"] >= 0.97 and r["share_of_cost_s"] <= 1 / 3 for r in results.values()
    )
    machine.finish({"bench": "tune", "results": results, "passed": passed})


if __name__ == "__main__":
    main()
