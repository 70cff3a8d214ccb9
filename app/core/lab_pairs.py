"""How many pairs of answers a comparison rests on: fewer than six can tell nothing. No Qt."""

from __future__ import annotations

from engine.lab.plan import LabPlan
from engine.lab.results import ALL_SETS
from engine.lab.statistics import FEWEST_PAIRS
from engine.lab.verdict import Verdict


def compared_pairs(plan: LabPlan, set_id: str = ALL_SETS) -> int:
    """Pairs of answers that a comparison of two cells has: prompts, or rounds of few prompts."""
    sets = [s for s in plan.prompt_sets if set_id in (ALL_SETS, s.set_id)]
    prompts = sum(len(s.prompts) for s in sets)
    return prompts if prompts >= FEWEST_PAIRS else prompts * plan.repeats


def judged_pairs(plan: LabPlan, verdict: Verdict) -> int:
    """Pairs of answers a verdict rests on: those planned, or measured where it is fewer."""
    planned = compared_pairs(plan, verdict.set_id)
    measured = verdict.speed_up.pairs if verdict.speed_up is not None else planned
    return min(planned, measured)
