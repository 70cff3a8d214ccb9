"""Automatic draft length on a stream that switches from high to low acceptance and back.

A synthetic pair with known acceptance and cost: each part of the stream is compared with the best
fixed length for that part, calibration and adaption included.
"""

from __future__ import annotations

import argparse
import statistics
from dataclasses import dataclass
from typing import Any

import machine

from engine.backends.base import Run
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.metrics.recorder import RunRecorder
from engine.metrics.report import GenerationReport
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.stop_token import StopToken
from engine.tuning.auto_length import AutoLength
from tests.synthetic.pair import PairCosts, SyntheticBackend

SPEC = LoadSpec(
    main_path="main",
    draft_path="draft",
    strategy=Strategy.DRAFT,
    placement=Placement("CPU", "CPU"),
)
PARTS = (0.9, 0.25, 0.75)
"""Acceptance of code, of free talk, of prose."""
LENGTHS = range(1, 11)
WITHIN = 0.95
"""Least share of the best fixed length's decode rate, in every part of every run."""


@dataclass(slots=True)
class Talk:
    """One backend that answers with the acceptance of the moment."""

    acceptance: float
    seed: int
    cost_ratio: float

    def __post_init__(self) -> None:
        self.backend = SyntheticBackend(lambda _spec: self.costs(), seed=self.seed)
        self.pipeline = self.backend.load(SPEC, on_phase=lambda _phase: None)

    backend: SyntheticBackend = None  # type: ignore[assignment]
    pipeline: Any = None

    def costs(self) -> PairCosts:
        return PairCosts(acceptance=self.acceptance, draft_step_s=0.05 * self.cost_ratio)

    def answer(self, length: int, tokens: int) -> GenerationReport:
        params = GenerationParams(num_assistant_tokens=length, max_new_tokens=tokens)
        recorder = RunRecorder.for_answer(self.pipeline, params)

        def take(run: Run) -> None:
            recorder.observe(run.token_count, run.at_s)

        request = GenerationRequest(messages=(ChatMessage(Role.USER, "?"),), params=params)
        outcome = self.backend.generate(request, on_run=take, stop=StopToken())
        return recorder.report(
            finish_reason=str(outcome.finish_reason),
            strategy=str(SPEC.strategy),
            main_name="main",
            draft_name="draft",
            main_device="CPU",
            draft_device="CPU",
            params=params,
            prompt_tokens=12,
            versions=(),
            runtime=outcome.runtime,
        )


def decode_s(reports: list[GenerationReport]) -> float:
    """Seconds of decoding, without the first runs."""
    return sum(r.run_times_s[-1] - r.run_times_s[0] for r in reports)


def best_fixed(acceptance: float, cost_ratio: float, answers: int, tokens: int) -> float:
    """Seconds the part takes with the length that is best for it, by measuring them all.

    Three times as many answers as the part has, so that the best is not the luckiest.
    """
    times = []
    for length in LENGTHS:
        talk = Talk(acceptance=acceptance, seed=length, cost_ratio=cost_ratio)
        times.append(decode_s([talk.answer(length, tokens) for _ in range(3 * answers)]) / 3)
    return min(times)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a stream with automatic length."""

    seconds: float
    share: float
    """Of the best fixed length's rate, every answer counted at the true rate of its length: the
    luck of the draw is out of it."""
    first_answer: float
    """What the first answer costs of it: it still has the length of the text before."""


def true_share(lengths: list[int], costs: PairCosts) -> tuple[float, float]:
    """Share of the best fixed length's rate, and what the first answer takes from it."""
    best = max(costs.tokens_per_s(length) for length in LENGTHS)
    times = [best / costs.tokens_per_s(length) for length in lengths]
    mean = statistics.mean(times)
    without = statistics.mean([1.0, *times[1:]])
    return 1 / mean, 1 / without - 1 / mean


def run_stream(*, seed: int, cost_ratio: float, answers: int, tokens: int) -> list[Part]:
    """All parts, one after the other, with one `AutoLength`."""
    auto = AutoLength(max_length=max(LENGTHS))
    talk = Talk(acceptance=PARTS[0], seed=seed, cost_ratio=cost_ratio)
    parts = []
    for acceptance in PARTS:
        talk.acceptance = acceptance
        reports: list[GenerationReport] = []
        lengths: list[int] = []
        for _ in range(answers):
            lengths.append(auto.decide().num_assistant_tokens)
            reports.append(talk.answer(lengths[-1], tokens))
            auto.observe(reports[-1])
        share, first = true_share(lengths, talk.costs())
        parts.append(Part(seconds=decode_s(reports), share=share, first_answer=first))
    return parts


def measure(cost_ratio: float, args: argparse.Namespace) -> dict[str, Any]:
    """All seeds at one cost of the draft."""
    best = [best_fixed(part, cost_ratio, args.answers, args.tokens) for part in PARTS]
    runs = [
        run_stream(seed=seed, cost_ratio=cost_ratio, answers=args.answers, tokens=args.tokens)
        for seed in range(args.seeds)
    ]
    by_part = list(zip(*runs, strict=True))
    measured = [
        [fixed / part.seconds for part in column]
        for fixed, column in zip(best, by_part, strict=True)
    ]
    return {
        "measured_share_by_part": [round(statistics.mean(column), 4) for column in measured],
        "true_share_by_part": [
            round(statistics.mean(part.share for part in column), 4) for column in by_part
        ],
        "worst_true_share": round(min(part.share for run in runs for part in run), 4),
        "first_answer_by_part": [
            round(statistics.mean(part.first_answer for part in column), 4) for column in by_part
        ],
    }


def main() -> None:
    """Run all streams and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=30, help="per part")
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=10)
    args = parser.parse_args()
    results: dict[str, Any] = {}
    for cost_ratio in (0.03, 0.1, 0.25):
        result = results[str(cost_ratio)] = measure(cost_ratio, args)
        print(
            f"draft step {cost_ratio} of a main step: measured {result['measured_share_by_part']}, "
            f"without luck {result['true_share_by_part']}, worst {result['worst_true_share']}; "
            f"of that the first answers cost {result['first_answer_by_part']}",
            flush=True,
        )
    passed = all(
        min(*r["measured_share_by_part"], r["worst_true_share"]) >= WITHIN for r in results.values()
    )
    machine.finish({"bench": "auto_length", "parts": PARTS, "results": results, "passed": passed})


if __name__ == "__main__":
    main()
