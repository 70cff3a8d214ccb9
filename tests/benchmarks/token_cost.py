"""Processor time our layers spend per run of tokens, without any model: what a pair loses to us.

Runs come from the scripted engine at the pace of the embedded pair. Processor time, unlike wall
time, hardly depends on what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from machine import finish

from engine.backends.base import InferenceBackend, Run
from engine.backends.detokenizer import DetokenizerFactory
from engine.backends.fake_backend import FakeBackend
from engine.backends.fake_script import FakeAnswer, FakeOptions, FakeTiming
from engine.backends.process_backend import ProcessBackend
from engine.backends.run_streamer import RunCollector
from engine.child_process import engine_command
from engine.codec import to_plain
from engine.events import EngineEvent, GenerationFinished
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.placement import LoadSpec, Placement, Strategy
from engine.session import InferenceSession
from engine.stop_token import StopToken

TOKENS_PER_RUN = 4
RUNS_PER_PARAGRAPH = 15
WORDS = ("The", " old", " dog", " found")
SPEC = LoadSpec(
    main_path="main", draft_path="draft", strategy=Strategy.DRAFT, placement=Placement("CPU", "CPU")
)
REQUEST = GenerationRequest(messages=(ChatMessage(Role.USER, "A story."),))


class Words:
    """A tokenizer of four words."""

    def decode(self, tokens: list[int]) -> str:
        return "".join(WORDS[token] for token in tokens)

    def decode_each(self, tokens: range) -> list[str]:
        return [WORDS[token] for token in tokens]


def options(runs: int, run_s: float) -> FakeOptions:
    """Scripted answers of `runs` runs, more of them than are asked for."""
    text = "".join(WORDS)
    paragraph = [(TOKENS_PER_RUN, text)] * (RUNS_PER_PARAGRAPH - 1)
    paragraph.append((TOKENS_PER_RUN, f"{text}.\n\n"))
    answer = FakeAnswer(runs=tuple((paragraph * (runs // RUNS_PER_PARAGRAPH + 1))[:runs]))
    return FakeOptions(answers=(answer,) * 4, timing=FakeTiming(run_s=run_s))


def collector_us(runs: int) -> float:
    """The callback that the runtime waits for: decoding and packing one run, not sending it."""
    vocabulary = {word.encode(): number for number, word in enumerate(WORDS)}
    factory = DetokenizerFactory(Words(), vocabulary, probe=range(len(WORDS)))  # type: ignore[arg-type]
    collector = RunCollector(
        factory.make(), on_run=lambda run: None, is_stopped=lambda: False, has_candidates=True
    )
    tokens = list(range(TOKENS_PER_RUN))
    started_s = time.thread_time()
    for _ in range(runs):
        collector.take(tokens)
    return (time.thread_time() - started_s) / runs * 1e6


def generate(backend: InferenceBackend, on_run: Callable[[Run], None]) -> None:
    """One answer."""
    backend.generate(REQUEST, on_run=on_run, stop=StopToken())


def scripted_us(runs: int, run_s: float) -> float:
    """The scripted engine alone, which is part of every figure that follows."""
    backend = FakeBackend(options(runs, run_s))
    backend.load(SPEC, on_phase=lambda _: None)
    started_s = time.process_time()
    generate(backend, lambda _: None)
    return (time.process_time() - started_s) / runs * 1e6


def process_us(runs: int, run_s: float) -> dict[str, float]:
    """The engine process and its proxy."""
    with tempfile.TemporaryDirectory(prefix="token-cost-") as logs:
        backend = ProcessBackend(log_dir=Path(logs), command=scripted_engine(runs, run_s))
        try:
            backend.load(SPEC, on_phase=lambda _: None)
            child = psutil.Process(backend.pid)
            generate(backend, lambda _: None)
            child_s, parent_s = busy_s(child), time.process_time()
            generate(backend, lambda _: None)
            child_s, parent_s = busy_s(child) - child_s, time.process_time() - parent_s
        finally:
            backend.close()
    return {"child_us": child_s / runs * 1e6, "parent_us": parent_s / runs * 1e6}


def scripted_engine(runs: int, run_s: float) -> list[str]:
    """The command of an engine process that follows the script."""
    script = json.dumps(to_plain(options(runs, run_s)))
    return [*engine_command(), "--backend", "fake", "--fake-options", script]


def busy_s(process: psutil.Process) -> float:
    """Seconds of processor time so far: the kernel's fine count, where there is one."""
    counts = [*Path(f"/proc/{process.pid}/task").glob("*/schedstat")]
    if counts:
        return sum(int(count.read_text().split()[0]) for count in counts) / 1e9
    times = process.cpu_times()
    return float(times.user + times.system)


def session_us(runs: int, run_s: float) -> float:
    """The session: recorder, events and their order; nobody listens."""
    ended = threading.Event()

    def sink(event: EngineEvent) -> None:
        if isinstance(event, GenerationFinished):
            ended.set()

    session = InferenceSession(FakeBackend(options(runs, run_s)), sink)
    try:
        session.load(SPEC)
        session.generate(REQUEST)
        ended.wait()
        ended.clear()
        started_s = time.process_time()
        session.generate(REQUEST)
        ended.wait()
        return (time.process_time() - started_s) / runs * 1e6
    finally:
        session.close()


def window_us(runs: int, run_s: float) -> dict[str, float]:
    """The whole window offscreen, the engine's process left out."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from scripted_window import measure  # Qt: only here

    whole_s, gui_s = measure(scripted_engine(runs, run_s))
    return {"whole_us": whole_s / runs * 1e6, "gui_thread_us": gui_s / runs * 1e6}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=500)
    parser.add_argument("--run-ms", type=float, default=4.0)
    parser.add_argument("--no-window", action="store_true")
    given = parser.parse_args()
    run_s = given.run_ms / 1e3
    figures: dict[str, object] = {
        "collector_us": collector_us(20 * given.runs),
        "scripted_engine_us": scripted_us(given.runs, run_s),
        "session_us": session_us(given.runs, run_s),
        "process": process_us(given.runs, run_s),
    }
    if not given.no_window:
        figures["window"] = window_us(given.runs, run_s)
    finish(
        {
            "bench": "token_cost",
            "runs": given.runs,
            "run_ms": given.run_ms,
            "tokens_per_run": TOKENS_PER_RUN,
            "per_run": figures,
        }
    )


if __name__ == "__main__":
    main()
