"""What our layers cost: the same pair, prompt and tokens through each of them, in turn, in one run.

Prints medians and, per layer, the median of its ratio to the bare runtime in the same round: for
the embedded pair at its 900 tokens/s, and for a pair with the cost of one that people use.
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from inflate import inflate
from machine import finish, start_like_engine
from measuring import Budget

from engine.backends.base import InferenceBackend, Run
from engine.backends.openvino_backend import OpenVinoBackend
from engine.backends.process_backend import ProcessBackend
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.resources import asset_path
from engine.stop_token import StopToken

BARE = "bare"
PROMPT = "Tell me a story about a dog."
EMBEDDED_SHARE = 0.5
"""Of the time, when the pair of real size is measured as well."""
DRAFT_SHARE = 15
"""The real-size main model has so many times the weights of its draft."""
GOALS = {"process_rate_ratio": 0.99, "window_rate_ratio": 0.97, "added_ttft_s": 0.010}


@dataclass(frozen=True, slots=True)
class Job:
    """What every layer does: one answer of a fixed length."""

    main: Path
    draft: Path
    prompt: str
    tokens: int

    @property
    def spec(self) -> LoadSpec:
        return LoadSpec(
            main_path=str(self.main),
            draft_path=str(self.draft),
            strategy=Strategy.DRAFT,
            placement=Placement("CPU", "CPU"),
        )

    @property
    def request(self) -> GenerationRequest:
        return GenerationRequest(
            messages=(ChatMessage(Role.USER, self.prompt),),
            params=GenerationParams(
                max_new_tokens=self.tokens, num_assistant_tokens=5, ignore_eos=True
            ),
        )


@dataclass(frozen=True, slots=True)
class Sample:
    """One answer as its receiver saw it. Decode rate without the first run."""

    tokens: int
    ttft_s: float
    tokens_per_s: float


class Layer(Protocol):
    """One way to have the job done; loaded when made."""

    def measure(self) -> Sample:
        """Do the job once."""
        ...

    def close(self) -> None:
        """Give everything back."""
        ...


class ScriptLayer:
    """A script in a process of its own: one answer per line of input."""

    def __init__(self, job: Job, name: str) -> None:
        script = Path(__file__).with_name("scripts") / name
        arguments = [str(job.main), str(job.draft), job.prompt, str(job.tokens)]
        self._process = subprocess.Popen(
            [sys.executable, str(script), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self) -> Sample:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("go\n")
        self._process.stdin.flush()
        return Sample(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate("", timeout=30)


class BackendLayer:
    """A backend of the engine; times are taken where the runs arrive."""

    def __init__(self, backend: InferenceBackend, job: Job) -> None:
        self._backend = backend
        self._request = job.request
        backend.load(job.spec, on_phase=lambda _phase: None)

    def measure(self) -> Sample:
        arrivals: list[tuple[float, int]] = []

        def on_run(run: Run) -> None:
            arrivals.append((time.perf_counter(), run.token_count))

        started_s = time.perf_counter()
        self._backend.generate(self._request, on_run=on_run, stop=StopToken())
        arrivals = [(at_s, count) for at_s, count in arrivals if count]
        (first_s, first_run), (last_s, _) = arrivals[0], arrivals[-1]
        tokens = sum(count for _, count in arrivals)
        return Sample(tokens, first_s - started_s, (tokens - first_run) / (last_s - first_s))

    def close(self) -> None:
        self._backend.close()


class ProcessLayer(BackendLayer):
    """The backend the window uses: a child process behind a pipe."""

    def __init__(self, job: Job) -> None:
        self._logs = tempfile.TemporaryDirectory(prefix="overhead-")
        super().__init__(ProcessBackend(log_dir=Path(self._logs.name)), job)

    def close(self) -> None:
        super().close()
        self._logs.cleanup()


LAYERS: Mapping[str, Callable[[Job], Layer]] = {
    BARE: lambda job: ScriptLayer(job, "bare_runtime.py"),
    "in_process": lambda job: BackendLayer(OpenVinoBackend(), job),
    "process": ProcessLayer,
    "window": lambda job: ScriptLayer(job, "whole_window.py"),
}
"""Every layer, by name; a further one is one more line here."""


def compare(job: Job, *, rounds: int, names: list[str], budget: Budget) -> dict[str, list[Sample]]:
    """Measure each layer once per round, in an order that changes with the round."""
    samples: dict[str, list[Sample]] = {name: [] for name in names}
    with ExitStack() as stack:
        layers = {name: LAYERS[name](job) for name in names}
        for layer in layers.values():
            stack.callback(layer.close)
            layer.measure()
        for number in budget.rounds(rounds):
            turn = number % len(names)
            for name in names[turn:] + names[:turn]:
                samples[name].append(layers[name].measure())
            print(f"round {number + 1} of {rounds}", file=sys.stderr, flush=True)
    return samples


def summarise(samples: Mapping[str, list[Sample]]) -> dict[str, object]:
    """Medians, and ratios to the bare runtime round by round."""
    figures: dict[str, object] = {}
    for name, own in samples.items():
        pairs = list(zip(own, samples[BARE], strict=True))
        figures[name] = {
            "tokens_per_s": statistics.median(s.tokens_per_s for s in own),
            "ttft_s": statistics.median(s.ttft_s for s in own),
            "rate_ratio": statistics.median(s.tokens_per_s / b.tokens_per_s for s, b in pairs),
            "best_rate_ratio": max(s.tokens_per_s for s in own)
            / max(b.tokens_per_s for _, b in pairs),
            "added_ttft_s": statistics.median(s.ttft_s - b.ttft_s for s, b in pairs),
        }
    return figures


def measure(job: Job, *, rounds: int, layers: list[str], budget: Budget) -> dict[str, object]:
    """Every layer with one pair. Ends the program when an answer is not as long as it should be."""
    names = [BARE, *(name for name in layers if name != BARE)]
    samples = compare(job, rounds=rounds, names=names, budget=budget)
    counts = {sample.tokens for own in samples.values() for sample in own}
    if counts != {job.tokens}:
        sys.exit(f"The answers differ in length: {sorted(counts)}")
    return {
        "rounds": len(samples[BARE]),
        "tokens": job.tokens,
        "layers": summarise(samples),
        "samples": {name: [asdict(s) for s in own] for name, own in samples.items()},
    }


@contextmanager
def real_size(embedded: Job, *, parameters: int, tokens: int) -> Iterator[Job]:
    """The same job for the embedded pair widened to so many weights: it says the same, slower."""
    with tempfile.TemporaryDirectory(prefix="overhead-pair-") as folder:
        main, draft = Path(folder) / "main", Path(folder) / "draft"
        inflate(embedded.main, main, parameters=parameters)
        inflate(embedded.draft, draft, parameters=parameters // DRAFT_SHARE)
        yield Job(main, draft, embedded.prompt, tokens)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--tokens", type=int, default=140)
    parser.add_argument("--layers", nargs="+", choices=list(LAYERS), default=list(LAYERS))
    parser.add_argument("--real-size", type=float, default=300e6, help="weights; 0: leave it out")
    parser.add_argument("--real-rounds", type=int, default=5)
    parser.add_argument("--real-tokens", type=int, default=60)
    parser.add_argument("--seconds", type=float, help="no further round that would not fit in")
    given = parser.parse_args()
    start_like_engine()  # the bare runtime gets what the engine process has
    main_path, draft_path = asset_path("models", "demo-main"), asset_path("models", "demo-draft")
    job = Job(main_path, draft_path, PROMPT, given.tokens)
    budget = Budget(given.seconds)
    own = budget.fraction(EMBEDDED_SHARE if given.real_size else 1.0)
    figures = measure(job, rounds=given.rounds, layers=given.layers, budget=own)
    if given.real_size:
        parameters = int(given.real_size)
        with real_size(job, parameters=parameters, tokens=given.real_tokens) as slow_job:
            real = measure(slow_job, rounds=given.real_rounds, layers=given.layers, budget=budget)
        figures["real_size"] = {"main_parameters": parameters, **real}
    finish({"benchmark": "overhead", **figures, "goals": GOALS})


if __name__ == "__main__":
    main()
