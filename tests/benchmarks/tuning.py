"""What the settings that an application can choose do to the speed, on a pair of real-size cost.

A few are loaded together and asked in turn; each figure is a ratio to the runtime's own defaults in
the same round. On a busy machine `--clock cpu` counts processor time of one thread instead.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import machine
import speculation

from engine.backends.openvino_backend import OpenVinoBackend
from engine.errors import EngineError
from engine.placement import LoadSpec, Placement, PropertyValue, Strategy

Properties = Mapping[str, PropertyValue]
RUNTIME = "runtime default"


@dataclass(frozen=True, slots=True)
class Setting:
    """Properties of both models; `draft` None: the same as the main model's."""

    main: Properties = field(default_factory=dict)
    draft: Properties | None = None


_GROUP = "DYNAMIC_QUANTIZATION_GROUP_SIZE"
_PRECISION = "INFERENCE_PRECISION_HINT"
_THREADS = "INFERENCE_NUM_THREADS"
SETTINGS: Mapping[str, Setting] = {
    RUNTIME: Setting(),
    "group size 0": Setting({_GROUP: 0}),
    "group size 64": Setting({_GROUP: 64}),
    "group size 128": Setting({_GROUP: 128}),
    "f32": Setting({_PRECISION: "f32"}),
    "f16": Setting({_PRECISION: "f16"}),
    "f32, group size 128": Setting({_PRECISION: "f32", _GROUP: 128}),
    "KV f16": Setting({"KV_CACHE_PRECISION": "f16"}),
    "latency": Setting({"PERFORMANCE_HINT": "LATENCY"}),
    "draft in f32": Setting({}, {_PRECISION: "f32"}),
    "no pinning": Setting({"ENABLE_CPU_PINNING": False}),
    "hyper-threading": Setting({"ENABLE_HYPER_THREADING": True}),
    "1 thread": Setting({_THREADS: 1}),
    "draft on 1 thread": Setting({}, {_THREADS: 1}),
}
"""A further setting is one more line here."""
ABOUT_THREADS = ("no pinning", "hyper-threading", "1 thread", "draft on 1 thread")
AT_ONCE = 3
"""Settings loaded together, the runtime's own among them: bounds the memory."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer: tokens per iteration and the median seconds of an iteration."""

    tokens_per_iteration: float
    step_s: float

    @property
    def tokens_per_s(self) -> float:
        return self.tokens_per_iteration / self.step_s


@dataclass(frozen=True, slots=True)
class Pair:
    """What the settings are tried on."""

    main: Path
    draft: Path
    clock: str


class Rig:
    """One setting: a plain pipeline and one with a draft."""

    def __init__(self, setting: Setting, pair: Pair) -> None:
        ruler = speculation.RULERS[pair.clock]
        self._clock = ruler.now_s
        base = dict(ruler.properties)
        own = base | dict(setting.main if setting.draft is None else setting.draft)
        spec = LoadSpec(
            main_path=str(pair.main), main_properties=tuple((base | dict(setting.main)).items())
        )
        with_draft = replace(
            spec,
            draft_path=str(pair.draft),
            strategy=Strategy.DRAFT,
            placement=Placement("CPU", "CPU"),
            draft_properties=tuple(own.items()),
        )
        self._plain, self._pair = speculation._load(spec), speculation._load(with_draft)

    def measure(self, prompt: str, length: int, max_new_tokens: int) -> Sample:
        """Answer once, with `length` drafted tokens per iteration (0: plain)."""
        backend: OpenVinoBackend = self._pair if length else self._plain
        counts, times_s = speculation._answer(
            backend, prompt, length or None, max_new_tokens, clock=self._clock
        )
        steps_s = [after - before for before, after in pairwise(times_s)]
        return Sample(statistics.mean(counts[1:]), statistics.median(steps_s))

    def close(self) -> None:
        self._plain.close()
        self._pair.close()


def load_all(
    names: Sequence[str], pair: Pair, stack: ExitStack
) -> tuple[dict[str, Rig], dict[str, str]]:
    """Load every setting; second, those that the runtime refused and why."""
    rigs: dict[str, Rig] = {}
    refused: dict[str, str] = {}
    for name in names:
        try:
            rigs[name] = Rig(SETTINGS[name], pair)
        except EngineError as error:
            refused[name] = str(error)
        else:
            stack.callback(rigs[name].close)
    return rigs, refused


def compare(
    rigs: Mapping[str, Rig], lengths: Sequence[int], *, rounds: int, max_new_tokens: int
) -> dict[str, dict[int, list[Sample]]]:
    """Measure every setting at every length once per round; the order moves on."""
    samples: dict[str, dict[int, list[Sample]]] = {
        name: {length: [] for length in lengths} for name in rigs
    }
    names = list(rigs)
    for number in range(rounds):
        prompt = speculation.PROMPTS[number % len(speculation.PROMPTS)]
        shift = number % len(names)
        for length in lengths:
            for name in names[shift:] + names[:shift]:
                sample = rigs[name].measure(prompt, length, max_new_tokens)
                samples[name][length].append(sample)
        print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return samples


def summarise(samples: Mapping[str, Mapping[int, Sequence[Sample]]]) -> dict[str, Any]:
    """Per setting and length: rate and its ratio to the runtime's defaults, round by round."""
    base = samples[RUNTIME]
    return {
        name: {
            "plain" if length == 0 else f"draft_{length}": {
                "tokens_per_s": round(statistics.median(s.tokens_per_s for s in own), 2),
                "step_ms": round(statistics.median(s.step_s for s in own) * 1e3, 2),
                "rate_ratio": round(_ratio(own, base[length]), 3),
                "to_own_plain": round(_ratio(own, by_length[0]), 3),
            }
            for length, own in by_length.items()
        }
        for name, by_length in samples.items()
    }


def _ratio(samples: Sequence[Sample], base: Sequence[Sample]) -> float:
    pairs = zip(samples, base, strict=True)
    return statistics.median(one.tokens_per_s / other.tokens_per_s for one, other in pairs)


def run(parameters: float, precision: str, args: argparse.Namespace) -> dict[str, Any]:
    """Compare the settings on one pair, a few at a time."""
    main_path = speculation.main_folder(parameters, precision)
    pair = Pair(main_path, speculation.draft_folder(args.draft, parameters), args.clock)
    names = [name for name in args.settings if name != RUNTIME]
    if args.clock == "cpu":
        names = [name for name in names if name not in ABOUT_THREADS]
    settings: dict[str, Any] = {}
    refused: dict[str, str] = {}
    for start in range(0, len(names), AT_ONCE - 1):
        with ExitStack() as stack:
            group = [RUNTIME, *names[start : start + AT_ONCE - 1]]
            rigs, unusable = load_all(group, pair, stack)
            refused |= unusable
            lengths = [0, *args.lengths]
            settings = (
                summarise(
                    compare(rigs, lengths, rounds=args.rounds, max_new_tokens=args.max_new_tokens)
                )
                | settings
            )
    return {"settings": settings, "refused": refused}


def main() -> None:
    """Compare on all pairs and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parameters", type=float, default=0.3e9, help="of the main model")
    parser.add_argument("--precisions", nargs="+", default=["int8", "fp16"])
    parser.add_argument("--draft", choices=list(speculation.DRAFTS), default="embedded")
    parser.add_argument("--settings", nargs="+", choices=list(SETTINGS), default=list(SETTINGS))
    parser.add_argument("--clock", choices=list(speculation.RULERS), default="wall")
    parser.add_argument("--lengths", type=int, nargs="+", default=[3, 5])
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--max-new-tokens", type=int, default=24)
    args = parser.parse_args()
    pairs = {name: run(args.parameters, name, args) for name in args.precisions}
    facts = {"parameters": args.parameters, "draft": args.draft, "clock": args.clock}
    machine.finish({"bench": "tuning", **facts, "pairs": pairs})


if __name__ == "__main__":
    main()
