"""What a draft gains at real-size cost, and how well the formula of Leviathan et al. predicts it.

Runs inflated copies of the embedded pair (see `inflate`): plain, prompt lookup and draft lengths
1-8, interleaved over the same prompts in one process. Ratios, not absolute speeds, are the result.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import decoding
import machine
from decoding import Answer, Properties, Ruler
from measuring import Budget, ratios, spread, turned

from engine.metrics.definitions import acceptance_by_position, expected_speedup
from engine.placement import Strategy

LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8)
LOOKUP_LENGTH = 5
TUNED: Properties = {"DYNAMIC_QUANTIZATION_GROUP_SIZE": 128}


@dataclass(frozen=True, slots=True)
class Case:
    """One pair of models with the settings of both."""

    precision: str
    draft: str
    properties: Properties
    goal: float | None = None
    """Wanted gain over plain decoding at the best length."""


CASES: Mapping[str, Case] = {
    "fp16 + embedded": Case("fp16", decoding.EMBEDDED, {}, 3.0),
    "fp16 + 1/15": Case("fp16", "1/15", {}, 2.5),
    "int8 + embedded": Case("int8", decoding.EMBEDDED, {}, 3.0),
    "int8 + 1/15": Case("int8", "1/15", {}, 2.5),
    "int8 + embedded, tuned": Case("int8", decoding.EMBEDDED, TUNED, 3.0),
    "int8 + 1/15 in int4, tuned": Case("int8", "1/15 int4", TUNED, 2.5),
}
"""`tuned`: with what the tuning benchmark found, where the runtime's defaults miss the goal."""

Ask = Callable[[str], Answer]
Series = dict[str, list[list[Answer]]]
"""By configuration and round: the answers to all prompts."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How much is measured."""

    ruler: Ruler
    lengths: Sequence[int]
    rounds: int
    max_new_tokens: int


def run_case(main: Path, draft: Path, properties: Properties, plan: Plan, budget: Budget) -> Any:
    """Measure one pair; returns ratios, measured and predicted, against plain decoding with the
    runtime's defaults, whatever `properties` the pair has.
    """
    with ExitStack() as stack:
        askers = _askers(main, draft, properties, plan, stack)
        series: Series = {name: [] for name in askers}
        for number in budget.rounds(plan.rounds):
            for answers in series.values():
                answers.append([])
            for prompt in decoding.PROMPTS:
                for name in turned(list(askers), number):
                    series[name][number].append(askers[name](prompt))
    return summary(series, plan.lengths)


def _askers(
    main: Path, draft: Path, properties: Properties, plan: Plan, stack: ExitStack
) -> dict[str, Ask]:
    forced = dict(plan.ruler.properties)
    own = {**properties, **forced}
    plain = decoding.plain_spec(main, own)
    specs = {
        "plain": decoding.plain_spec(main, forced),
        "prompt_lookup": replace(plain, strategy=Strategy.PROMPT_LOOKUP),
        "pair": decoding.pair_spec(plain, draft),
        "draft_alone": decoding.plain_spec(draft, own),
    }
    if properties:
        specs["plain_tuned"] = plain
    backends = {}
    for name, spec in specs.items():
        backends[name] = decoding.load(spec)
        stack.callback(backends[name].close)

    def asker(name: str, length: int | None) -> Ask:
        backend, tokens, now_s = backends[name], plan.max_new_tokens, plan.ruler.now_s
        return lambda prompt: decoding.ask(backend, prompt, length, tokens, now_s=now_s)

    lookup = {"prompt_lookup": asker("prompt_lookup", LOOKUP_LENGTH)}
    plain_ones = {name: asker(name, None) for name in specs if name not in ("pair", *lookup)}
    drafted = {f"draft_{length}": asker("pair", length) for length in plan.lengths}
    return {**plain_ones, **lookup, **drafted}


def summary(series: Series, lengths: Sequence[int]) -> dict[str, Any]:
    """Figures of one pair; every gain is the median over rounds, with the least and the most."""
    plain = _all(series["plain"])
    plain_rates = [decoding.rate(answers) for answers in series["plain"]]
    shares = _shares(series, max(lengths))
    cost_ratio = decoding.step_s(_all(series["draft_alone"])) / decoding.step_s(plain)
    curve = [
        _point(length, series[f"draft_{length}"], series["plain"], shares, cost_ratio)
        for length in lengths
    ]
    best = max(curve, key=lambda point: point["measured"])
    errors = [abs(point["predicted"] / point["measured"] - 1) for point in curve]
    return {
        "rounds": len(plain_rates),
        "plain_tokens_per_s": spread(plain_rates, digits=2),
        "draft_tokens_per_s": spread(_rates(series["draft_alone"]), digits=1),
        "cost_ratio": round(cost_ratio, 4),
        "acceptance_by_position": [round(share, 3) for share in shares],
        **{
            name: spread(ratios(_rates(series[name]), plain_rates))
            for name in ("plain_tuned", "prompt_lookup")
            if name in series
        },
        "draft": curve,
        "best": best["measured"],
        "best_num_assistant_tokens": best["num_assistant_tokens"],
        "prediction_error": round(statistics.median(errors), 3),
    }


def _point(
    length: int,
    rounds: Sequence[Sequence[Answer]],
    plain: Sequence[Sequence[Answer]],
    shares: Sequence[float],
    cost_ratio: float,
) -> dict[str, Any]:
    gains = spread(ratios(_rates(rounds), _rates(plain)))
    own, base = _all(rounds), _all(plain)
    cost = decoding.step_s(own) / decoding.step_s(base)
    total_s = sum(answer.total_s for answer in own)
    same = [one.token_ids == other.token_ids for one, other in zip(own, base, strict=True)]
    return {
        "num_assistant_tokens": length,
        "measured": gains["median"],
        "low": gains["low"],
        "high": gains["high"],
        "predicted": round(expected_speedup(shares, length, cost_ratio), 3),
        "tokens_per_iteration": round(decoding.tokens_per_iteration(own), 3),
        "iteration_cost": round(cost, 3),
        "verification_cost": round(cost - length * cost_ratio, 3),
        "main_share": round(sum(a.main_s or 0.0 for a in own) / total_s, 3),
        "draft_share": round(sum(a.draft_s or 0.0 for a in own) / total_s, 3),
        "same_text": round(statistics.mean(same), 3),
    }


def _shares(series: Series, longest: int) -> list[float]:
    answers = _all(series[f"draft_{longest}"])
    return list(acceptance_by_position([answer.counts for answer in answers], longest))


def _all(rounds: Sequence[Sequence[Answer]]) -> list[Answer]:
    return [answer for answers in rounds for answer in answers]


def _rates(rounds: Sequence[Sequence[Answer]]) -> list[float]:
    return [decoding.rate(answers) for answers in rounds]


def main() -> None:
    """Measure all pairs and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parameters", type=float, default=1.0e9, help="of the main model")
    parser.add_argument("--cases", nargs="+", choices=list(CASES), default=list(CASES))
    parser.add_argument("--lengths", type=int, nargs="+", default=list(LENGTHS))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--max-new-tokens", type=int, default=48)
    parser.add_argument("--seconds", type=float, help="no further round that would not fit in")
    parser.add_argument("--clock", choices=list(decoding.RULERS), default="wall")
    parser.add_argument("--small-pages", action="store_true", help=machine.SMALL_PAGES_HELP)
    args = parser.parse_args()
    machine.start_like_engine(small_pages=args.small_pages)
    plan = Plan(decoding.RULERS[args.clock], args.lengths, args.rounds, args.max_new_tokens)
    budget = Budget(args.seconds)
    figures: dict[str, Any] = {"bench": "speculation", "parameters": args.parameters}
    figures["small_pages"] = args.small_pages
    figures |= {"clock": args.clock, "threads": machine.threads(args.clock), "pairs": {}}
    for number, name in enumerate(args.cases):
        case = CASES[name]
        main_path = decoding.main_folder(args.parameters, case.precision)
        draft_path = decoding.draft_folder(case.draft, args.parameters)
        part = budget.part(len(args.cases) - number)
        found = run_case(main_path, draft_path, case.properties, plan, part)
        figures["pairs"][name] = {**found, "goal": case.goal, "settings": dict(case.properties)}
        print(f"{name}: best {found['best']:.2f}x plain", file=sys.stderr, flush=True)
        machine.progress(figures)
    machine.finish(figures)


if __name__ == "__main__":
    main()
