"""What a draft gains at real-size cost, and how well the formula of Leviathan et al. predicts it.

Runs inflated copies of the embedded pair (see `inflate`): plain, prompt lookup and draft lengths
1-8, interleaved over the same prompts in one process. Ratios, not absolute speeds, are the result.
"""

from __future__ import annotations

import argparse
import itertools
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import machine
from inflate import inflate

from engine.backends.openvino_backend import OpenVinoBackend
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.metrics.definitions import acceptance_by_position, expected_speedup
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, PropertyValue, Strategy
from engine.resources import asset_path
from engine.stop_token import StopToken

PROMPTS = (
    "Tell me a story about a dog.",
    "Tell me a story about a little girl and the sea.",
    "What is speculative decoding?",
    "Hello! How are you today?",
)
LENGTHS = (1, 2, 3, 4, 5, 6, 8)
DRAFTS = {"embedded": 0, "1/15": 15}
"""Drafts by name, and by what part of the main model's weights they are widened to (0: not)."""
CACHE = Path("build") / "inflated"


@dataclass(slots=True)
class Series:
    """Runs of one configuration, over all prompts and repeats."""

    run_lengths: list[tuple[int, ...]] = field(default_factory=list)
    steps_s: list[float] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)

    def add(self, lengths: Sequence[int], times_s: Sequence[float]) -> None:
        """Take one answer; the first run (prefill) is left out of time and count."""
        self.run_lengths.append(tuple(lengths))
        self.steps_s += [after - before for before, after in itertools.pairwise(times_s)]
        self.tokens.append(sum(lengths[1:]))

    @property
    def tokens_per_s(self) -> float:
        """Decode rate by the median iteration, which what else runs here disturbs least."""
        return sum(self.tokens) / len(self.steps_s) / self.step_s

    @property
    def step_s(self) -> float:
        """Median seconds of one main iteration, its drafting included."""
        return statistics.median(self.steps_s)


Ask = Callable[[str], tuple[list[int], list[float]]]


@dataclass(frozen=True, slots=True)
class Ruler:
    """How time is taken: by the wall, or as processor time of one thread per model."""

    now_s: Callable[[], float]
    properties: tuple[tuple[str, PropertyValue], ...] = ()


RULERS = {
    "wall": Ruler(time.perf_counter),
    "cpu": Ruler(time.process_time, (("INFERENCE_NUM_THREADS", 1),)),
}
"""Processor time tells more on a machine that is busy with other things."""


def run_pair(
    main: Path,
    draft: Path,
    *,
    ruler: Ruler,
    lengths: Sequence[int] = LENGTHS,
    repeats: int,
    max_new_tokens: int,
) -> dict[str, Any]:
    """Measure one pair; returns ratios against plain decoding, measured and predicted."""
    backends = {name: _load(spec) for name, spec in _specs(main, draft, ruler).items()}

    def asker(name: str, length: int | None) -> Ask:
        backend = backends[name]
        return lambda prompt: _answer(backend, prompt, length, max_new_tokens, clock=ruler.now_s)

    askers = {
        "plain": asker("plain", None),
        "prompt_lookup": asker("prompt_lookup", 5),
        "draft_alone": asker("draft_alone", None),
    } | {f"draft_{length}": asker("pair", length) for length in lengths}
    series = {name: Series() for name in askers}
    for repeat, prompt in itertools.product(range(repeats), PROMPTS):
        names = list(askers)
        shift = repeat % len(names)
        for name in names[shift:] + names[:shift]:
            series[name].add(*askers[name](prompt))
    for backend in backends.values():
        backend.close()
    return _summary(series, lengths)


def _specs(main: Path, draft: Path, ruler: Ruler) -> dict[str, LoadSpec]:
    plain = LoadSpec(main_path=str(main), main_properties=ruler.properties)
    return {
        "plain": plain,
        "prompt_lookup": replace(plain, strategy=Strategy.PROMPT_LOOKUP),
        "pair": replace(
            plain,
            draft_path=str(draft),
            strategy=Strategy.DRAFT,
            placement=Placement("CPU", "CPU"),
        ),
        "draft_alone": replace(plain, main_path=str(draft)),
    }


def _summary(series: dict[str, Series], lengths: Sequence[int]) -> dict[str, Any]:
    plain = series["plain"]
    longest = max(lengths)
    shares = acceptance_by_position(series[f"draft_{longest}"].run_lengths, longest)
    cost_ratio = series["draft_alone"].step_s / plain.step_s
    curve = [
        {
            "num_assistant_tokens": length,
            "measured": round(series[f"draft_{length}"].tokens_per_s / plain.tokens_per_s, 3),
            "predicted": round(expected_speedup(shares, length, cost_ratio), 3),
            "iteration_cost": round(series[f"draft_{length}"].step_s / plain.step_s, 3),
            "verification_cost": round(
                series[f"draft_{length}"].step_s / plain.step_s - length * cost_ratio, 3
            ),
        }
        for length in lengths
    ]
    return {
        "plain_tokens_per_s": round(plain.tokens_per_s, 2),
        "cost_ratio": round(cost_ratio, 4),
        "acceptance_by_position": [round(share, 3) for share in shares],
        "prompt_lookup": round(series["prompt_lookup"].tokens_per_s / plain.tokens_per_s, 3),
        "draft": curve,
        "best": max(point["measured"] for point in curve),
        "prediction_error": round(
            statistics.median(abs(p["predicted"] / p["measured"] - 1) for p in curve), 3
        ),
    }


def _load(spec: LoadSpec) -> OpenVinoBackend:
    backend = OpenVinoBackend()
    backend.load(spec, on_phase=lambda phase: None)
    return backend


def _answer(
    backend: OpenVinoBackend,
    prompt: str,
    length: int | None,
    max_new_tokens: int,
    *,
    clock: Callable[[], float] = time.perf_counter,
) -> tuple[list[int], list[float]]:
    lengths: list[int] = []
    times_s: list[float] = []
    params = GenerationParams(
        temperature=0.0,
        repetition_penalty=1.0,
        max_new_tokens=max_new_tokens,
        num_assistant_tokens=length,
    )
    request = GenerationRequest(messages=(ChatMessage(Role.USER, prompt),), params=params)

    def note(run: Any) -> None:
        if run.token_count:
            lengths.append(run.token_count)
            times_s.append(clock())

    backend.generate(request, on_run=note, stop=StopToken())
    return lengths, times_s


def main_folder(parameters: float, precision: str) -> Path:
    """The embedded main model widened to `parameters` weights; made on first use."""
    folder = CACHE / f"main-{parameters:.0f}-{precision}"
    if not (folder / "inflated.json").exists():
        source = asset_path("models", "demo-main")
        inflate(source, folder, parameters=int(parameters), precision=precision)
    return folder


def draft_folder(draft: str, main_parameters: float) -> Path:
    """The embedded draft as it is, or widened to 1/15 of the main model's weights."""
    embedded = asset_path("models", "demo-draft")
    if draft == "embedded":
        return embedded
    folder = CACHE / f"draft-{main_parameters / DRAFTS[draft]:.0f}-int8"
    if not (folder / "inflated.json").exists():
        inflate(embedded, folder, parameters=int(main_parameters / DRAFTS[draft]), precision="int8")
    return folder


def main() -> None:
    """Measure all pairs and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--parameters", type=float, default=1.0e9, help="of the main model")
    parser.add_argument("--precisions", nargs="+", default=["fp16", "int8"])
    parser.add_argument("--drafts", nargs="+", choices=list(DRAFTS), default=list(DRAFTS))
    parser.add_argument("--lengths", type=int, nargs="+", default=list(LENGTHS))
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--max-new-tokens", type=int, default=64)
    parser.add_argument("--clock", choices=list(RULERS), default="wall")
    args = parser.parse_args()
    results: dict[str, Any] = {}
    for precision, draft in itertools.product(args.precisions, args.drafts):
        name = f"{precision} + {draft} draft"
        results[name] = run_pair(
            main_folder(args.parameters, precision),
            draft_folder(draft, args.parameters),
            lengths=args.lengths,
            ruler=RULERS[args.clock],
            repeats=args.repeats,
            max_new_tokens=args.max_new_tokens,
        )
        best = results[name]["best"]
        print(f"{name}: best {best:.2f}x plain", flush=True)
    facts = {"parameters": args.parameters, "clock": args.clock}
    machine.finish({"bench": "speculation", **facts, "pairs": results})


if __name__ == "__main__":
    main()
