"""What the settings that an application can choose do to the speed, on a pair of real-size cost.

A few are loaded together and asked in turn; every row is compared with the runtime's own defaults
in the same rounds. On a busy machine `--clock cpu` counts processor time of one thread instead.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import decoding
import machine
from decoding import Answer, Ruler
from measuring import Budget, ratios, spread, turned
from tuning_parts.settings import ABOUT_THREADS, RUNTIME, SETTINGS, SHORT, Setting

from engine.errors import EngineError

MEMORY_BYTES = 9e9
"""Of weights loaded together at most."""
Samples = dict[str, dict[str, list[Answer]]]
"""By setting and way of decoding (plain, draft, pair_3 ...): one answer per round."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What the settings are tried on."""

    main: Path
    parameters: float
    draft: str
    ruler: Ruler
    lengths: Sequence[int]
    max_new_tokens: int


class Rig:
    """One setting: plain decoding, the draft model alone, and both together."""

    def __init__(self, setting: Setting, trial: Trial) -> None:
        self._trial = trial
        forced = dict(trial.ruler.properties)
        own = {**forced, **(setting.main if setting.draft is None else setting.draft)}
        draft = decoding.draft_folder(setting.draft_model or trial.draft, trial.parameters)
        plain = decoding.plain_spec(trial.main, {**forced, **setting.main}, setting.scheduler)
        with ExitStack() as stack:
            self._backends = {}
            for name, spec in {
                "plain": plain,
                "draft": decoding.plain_spec(draft, own),
                "pair": decoding.pair_spec(plain, draft, own),
            }.items():
                self._backends[name] = decoding.load(spec)
                stack.callback(self._backends[name].close)
            self._stack = stack.pop_all()

    def measure(self, way: str, prompt: str) -> Answer:
        """Answer once; `way` is plain, draft or pair_LENGTH."""
        name, _, length = way.partition("_")
        return decoding.ask(
            self._backends[name],
            prompt,
            int(length) if length else None,
            self._trial.max_new_tokens,
            now_s=self._trial.ruler.now_s,
        )

    def close(self) -> None:
        """Give everything back."""
        self._stack.close()


def load_all(
    names: Sequence[str], trial: Trial, stack: ExitStack
) -> tuple[dict[str, Rig], dict[str, str]]:
    """Load every setting; second, those that the runtime refused and why."""
    rigs: dict[str, Rig] = {}
    refused: dict[str, str] = {}
    for name in names:
        try:
            rigs[name] = Rig(SETTINGS[name], trial)
        except EngineError as error:
            refused[name] = str(error)
        else:
            stack.callback(rigs[name].close)
    return rigs, refused


def compare(rigs: Mapping[str, Rig], trial: Trial, *, rounds: int) -> Samples:
    """Measure every setting in every way once per round; the order moves on."""
    ways = ["plain", "draft", *(f"pair_{length}" for length in trial.lengths)]
    samples: Samples = {name: {way: [] for way in ways} for name in rigs}
    for number in range(rounds):
        prompt = decoding.PROMPTS[number % len(decoding.PROMPTS)]
        for way in ways:
            for name in turned(list(rigs), number):
                samples[name][way].append(rigs[name].measure(way, prompt))
    return samples


def rows(samples: Samples) -> dict[str, dict[str, Any]]:
    """One row per setting: rates, gain of the draft, and ratios to the runtime's defaults."""
    return {name: _row(own, samples[RUNTIME]) for name, own in samples.items()}


def _row(own: Mapping[str, Sequence[Answer]], base: Mapping[str, Sequence[Answer]]) -> Any:
    rates = {way: [decoding.rate([answer]) for answer in answers] for way, answers in own.items()}
    bases = {way: [decoding.rate([answer]) for answer in answers] for way, answers in base.items()}
    pairs = [way for way in own if way.startswith("pair_")]
    best = max(pairs, key=lambda way: statistics.median(rates[way]))
    same = [
        pair.token_ids == plain.token_ids
        for pair, plain in zip(own[best], own["plain"], strict=True)
    ]
    like_default = [
        one.token_ids == other.token_ids
        for one, other in zip(own["plain"], base["plain"], strict=True)
    ]
    return {
        "plain_tokens_per_s": round(statistics.median(rates["plain"]), 2),
        "draft_tokens_per_s": round(statistics.median(rates["draft"]), 1),
        "num_assistant_tokens": int(best.partition("_")[2]),
        "pair_tokens_per_s": round(statistics.median(rates[best]), 2),
        "gain": spread(ratios(rates[best], rates["plain"])),
        "gain_over_default_plain": spread(ratios(rates[best], bases["plain"])),
        "plain_to_default": spread(ratios(rates["plain"], bases["plain"])),
        "draft_to_default": spread(ratios(rates["draft"], bases["draft"])),
        "iteration_to_default": {
            way: round(decoding.step_s(own[way]) / decoding.step_s(base[way]), 3) for way in pairs
        },
        "same_text_with_draft": round(statistics.mean(same), 3),
        "same_plain_text_as_default": round(statistics.mean(like_default), 3),
    }


def run(trial: Trial, names: Sequence[str], *, rounds: int, budget: Budget) -> dict[str, Any]:
    """Compare the settings on one pair, as many at a time as memory allows."""
    at_once = max(int(MEMORY_BYTES / (2 * decoding.weight_bytes(trial.main))), 2)
    groups = [names[start : start + at_once - 1] for start in range(0, len(names), at_once - 1)]
    found: dict[str, Any] = {"rows": {}, "refused": {}, "left_out": list(names)}
    found["huge_page_share"] = []
    for number in budget.rounds(len(groups)):
        # What is loaded first may have the better or the worse memory: the defaults move about.
        group = list(groups[number])
        group.insert(number % (len(group) + 1), RUNTIME)
        with ExitStack() as stack:
            rigs, refused = load_all(group, trial, stack)
            found["rows"] = rows(compare(rigs, trial, rounds=rounds)) | found["rows"]
            found["refused"] |= refused
            found["huge_page_share"].append(machine.huge_page_share())
        found["left_out"] = [name for name in found["left_out"] if name not in groups[number]]
        print(f"{number + 1} of {len(groups)} groups", file=sys.stderr, flush=True)
    return found


def names_of(wanted: Sequence[str] | None, precision: str, clock: str) -> list[str]:
    """Settings to try: all for int8, a short list for others; without threads where one counts."""
    names = wanted or (SETTINGS if precision == "int8" else SHORT)
    left_out = {RUNTIME, *(ABOUT_THREADS if clock == "cpu" else ())}
    return [name for name in names if name not in left_out]


def main() -> None:
    """Compare on all pairs and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parameters", type=float, default=1.0e9, help="of the main model")
    parser.add_argument("--precisions", nargs="+", default=["int8", "fp16"])
    parser.add_argument("--draft", choices=list(decoding.DRAFTS), default="1/15")
    parser.add_argument("--settings", nargs="+", choices=list(SETTINGS))
    parser.add_argument("--clock", choices=list(decoding.RULERS), default="wall")
    parser.add_argument("--lengths", type=int, nargs="+", default=[3, 5])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--max-new-tokens", type=int, default=32)
    parser.add_argument("--seconds", type=float, help="no further settings that would not fit in")
    parser.add_argument("--small-pages", action="store_true", help=machine.SMALL_PAGES_HELP)
    args = parser.parse_args()
    machine.start_like_engine(small_pages=args.small_pages)
    budget = Budget(args.seconds)
    figures: dict[str, Any] = {"bench": "tuning", "parameters": args.parameters}
    figures["small_pages"] = args.small_pages
    figures |= {"draft": args.draft, "clock": args.clock}
    figures |= {"threads": machine.threads(args.clock), "pairs": {}}
    counts = {name: len(names_of(args.settings, name, args.clock)) for name in args.precisions}
    for precision in args.precisions:
        trial = Trial(
            main=decoding.main_folder(args.parameters, precision),
            parameters=args.parameters,
            draft=args.draft,
            ruler=decoding.RULERS[args.clock],
            lengths=args.lengths,
            max_new_tokens=args.max_new_tokens,
        )
        share = sum(counts.values()) / counts.pop(precision)
        names = names_of(args.settings, precision, args.clock)
        part = budget.fraction(1 / share)
        figures["pairs"][precision] = run(trial, names, rounds=args.rounds, budget=part)
        machine.progress(figures)
    machine.finish(figures)


if __name__ == "__main__":
    main()
