"""What a draft gains at real-size cost, and how well the formula of Leviathan et al. predicts it.

Runs inflated copies of the embedded pair (see `inflate`): plain, prompt lookup and draft lengths
1-8, interleaved over the same prompts in one process. Ratios, not absolute speeds, are the result.
"""

from __future__ import annotations

import argparse
import itertools
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

from engine.backends.openvino_backend import OpenVinoBackend
from engine.metrics.definitions import acceptance_by_position, expected_speedup
from engine.placement import LoadSpec, Strategy

LENGTHS = (1, 2, 3, 4, 5, 6, 7, 8)
LOOKUP_LENGTH = 5
PAIR_SHARE = 0.75
"""Of the time of a case that has prompt lookup or sampled answers too."""
SAMPLED_LENGTH = 3
TEMPERATURE = 0.7
TUNED: Properties = {"DYNAMIC_QUANTIZATION_GROUP_SIZE": 128}


@dataclass(frozen=True, slots=True)
class Case:
    """One pair of models with the settings of both."""

    precision: str
    draft: str
    properties: Properties
    goal: float | None = None
    """Wanted gain over plain decoding at the best length."""

    @property
    def has_lookup(self) -> bool:
        """Prompt lookup knows no draft model: it is measured once per main model."""
        return self.draft == decoding.EMBEDDED and not self.properties

    @property
    def has_sampled(self) -> bool:
        """Sampled answers are measured with one pair, of the usual precision and cost."""
        return self.precision == "int8" and self.draft == "1/15" and not self.properties

    @property
    def weight(self) -> float:
        """Its part of the time: bytes of a weight, more where more is measured."""
        size = 2.0 if self.precision == "fp16" else 1.0
        return size / self.pair_share

    @property
    def pair_share(self) -> float:
        """Part of its time that greedy answers of the pair have."""
        return PAIR_SHARE if self.has_lookup or self.has_sampled else 1.0


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
    temperature: float = 0.0


def run_case(case: Case, parameters: float, plan: Plan, budget: Budget) -> dict[str, Any]:
    """Measure one pair, and prompt lookup or sampled answers where the case has them; returns
    ratios, measured and predicted, against plain decoding with the runtime's defaults, whatever
    the pair's settings.

    Never holds more than two main models of fp16: each takes three times its size.
    """
    main = decoding.main_folder(parameters, case.precision)
    draft = decoding.draft_folder(case.draft, parameters)
    specs = _pair_specs(main, draft, case.properties, plan)
    series, pages = _measure(specs, plan, budget.fraction(case.pair_share))
    found = summary(series, plan.lengths)
    found["huge_page_share"] = pages
    if case.has_lookup:
        lookups, _ = _measure(_lookup_specs(main, plan), plan, budget)
        gains = ratios(_rates(lookups["prompt_lookup"]), _rates(lookups["plain"]))
        found["prompt_lookup"] = spread(gains)
    if case.has_sampled:
        sampled, _ = _measure(
            _sampled_specs(main, draft, plan), replace(plan, temperature=TEMPERATURE), budget
        )
        found["sampled"] = _sampled(sampled)
    return found


def _pair_specs(
    main: Path, draft: Path, properties: Properties, plan: Plan
) -> dict[str, tuple[LoadSpec, Sequence[int]]]:
    """What is loaded for a pair, each with the draft lengths it is asked for (none: plain)."""
    forced = dict(plan.ruler.properties)
    own = {**properties, **forced}
    plain = decoding.plain_spec(main, own)
    specs: dict[str, tuple[LoadSpec, Sequence[int]]] = {
        "plain": (decoding.plain_spec(main, forced), ()),
        "draft_alone": (decoding.plain_spec(draft, own), ()),
        "draft": (decoding.pair_spec(plain, draft), plan.lengths),
    }
    return specs | ({"plain_tuned": (plain, ())} if properties else {})


def _lookup_specs(main: Path, plan: Plan) -> dict[str, tuple[LoadSpec, Sequence[int]]]:
    plain = decoding.plain_spec(main, dict(plan.ruler.properties))
    lookup = replace(plain, strategy=Strategy.PROMPT_LOOKUP)
    return {"plain": (plain, ()), "prompt_lookup": (lookup, (LOOKUP_LENGTH,))}


def _sampled_specs(
    main: Path, draft: Path, plan: Plan
) -> dict[str, tuple[LoadSpec, Sequence[int]]]:
    """The draft as it is, and as the application loads it."""
    plain = decoding.plain_spec(main, dict(plan.ruler.properties))
    pair = decoding.pair_spec(plain, draft)
    return {
        "plain": (plain, ()),
        "draft_as_it_is": (pair, (SAMPLED_LENGTH,)),
        "greedy_draft": (replace(pair, greedy_draft=True), (SAMPLED_LENGTH,)),
    }


def _sampled(series: Series) -> dict[str, Any]:
    def figures(name: str) -> dict[str, float]:
        gains = spread(ratios(_rates(series[name]), _rates(series["plain"])))
        tokens = decoding.tokens_per_iteration(_all(series[name]))
        return {**gains, "tokens_per_iteration": round(tokens, 3)}

    names = [name for name in series if name != "plain"]
    found: dict[str, Any] = {name: figures(name) for name in names}
    return {"temperature": TEMPERATURE, "num_assistant_tokens": SAMPLED_LENGTH, **found}


def _measure(
    specs: Mapping[str, tuple[LoadSpec, Sequence[int]]], plan: Plan, budget: Budget
) -> tuple[Series, float | None]:
    """All answers, and the share of memory on huge pages while they were made."""
    with ExitStack() as stack:
        askers: dict[str, Ask] = {}
        for name, (spec, lengths) in specs.items():
            backend = decoding.load(spec)
            stack.callback(backend.close)
            if len(lengths) < 2:
                askers[name] = _asker(backend, next(iter(lengths), None), plan)
            else:
                askers |= {f"{name}_{n}": _asker(backend, n, plan) for n in lengths}
        series: Series = {name: [] for name in askers}
        for number in budget.rounds(plan.rounds):
            for answers in series.values():
                answers.append([])
            for prompt in decoding.PROMPTS:
                for name in turned(list(askers), number):
                    series[name][number].append(askers[name](prompt))
        return series, machine.huge_page_share()


def _asker(backend: OpenVinoBackend, length: int | None, plan: Plan) -> Ask:
    """Every asker counts its answers for a seed: the same answer of each has the same."""
    seeds = itertools.count()
    return lambda prompt: decoding.ask(
        backend,
        prompt,
        length,
        plan.max_new_tokens,
        now_s=plan.ruler.now_s,
        temperature=plan.temperature,
        seed=next(seeds) if plan.temperature else None,
    )


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
        **_tuned(series),
        "draft": curve,
        "best": best["measured"],
        "best_num_assistant_tokens": best["num_assistant_tokens"],
        "prediction_error": round(statistics.median(errors), 3),
    }


def _tuned(series: Series) -> dict[str, Any]:
    if "plain_tuned" not in series:
        return {}
    return {"plain_tuned": spread(ratios(_rates(series["plain_tuned"]), _rates(series["plain"])))}


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
    weights = [CASES[name].weight for name in args.cases]
    for number, name in enumerate(args.cases):
        case = CASES[name]
        part = budget.fraction(weights[number] / sum(weights[number:]))
        found = run_case(case, args.parameters, plan, part)
        figures["pairs"][name] = {**found, "goal": case.goal, "settings": dict(case.properties)}
        print(f"{name}: best {found['best']:.2f}x plain", file=sys.stderr, flush=True)
        machine.progress(figures)
    machine.finish(figures)


if __name__ == "__main__":
    main()
