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


def run_stream(
    parts: tuple[float, ...], *, seed: int, cost_ratio: float, answers: int, tokens: int
) -> list[float]:
    """Seconds of each part with automatic length."""
    auto = AutoLength(max_length=max(LENGTHS))
    talk = Talk(acceptance=parts[0], seed=seed, cost_ratio=cost_ratio)
    times = []
    for acceptance in parts:
        talk.acceptance = acceptance
        reports = []
        for _ in range(answers):
            reports.append(talk.answer(auto.decide().num_assistant_tokens, tokens))
            auto.observe(reports[-1])
        times.append(decode_s(reports))
    return times


def main() -> None:
    """Run all streams and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--answers", type=int, default=30, help="per part")
    parser.add_argument("--tokens", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=5)
    args = parser.parse_args()
    results: dict[str, Any] = {}
    for cost_ratio in (0.03, 0.1, 0.25):
        best = [best_fixed(part, cost_ratio, args.answers, args.tokens) for part in PARTS]
        runs = []
        for seed in range(args.seeds):
            times = run_stream(
                PARTS, seed=seed, cost_ratio=cost_ratio, answers=args.answers, tokens=args.tokens
            )
            runs.append([fixed / auto for fixed, auto in zip(best, times, strict=True)])
        parts = [statistics.mean(part) for part in zip(*runs, strict=True)]
        worst = min(min(run) for run in runs)
        results[str(cost_ratio)] = {
            "share_of_best_by_part": [round(part, 4) for part in parts],
            "worst": round(worst, 4),
        }
        print(f"cost ratio {cost_ratio}: {parts}, worst {worst:.3f}", flush=True)
    passed = all(min(r["share_of_best_by_part"]) >= 0.95 for r in results.values())
    machine.finish({"bench": "auto_length", "parts": PARTS, "results": results, "passed": passed})


if __name__ == "__main__":
    main()
