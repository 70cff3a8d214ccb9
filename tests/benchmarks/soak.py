"""Row E14: many loads and unloads in one engine process, and many engine processes one by one.

Resident memory must grow by less than 5 % after the first tenth, and no process may be left.
"""

from __future__ import annotations

import argparse
import statistics
import time
from pathlib import Path

import machine
import psutil

from engine.backends.process_backend import ProcessBackend
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.resources import asset_path
from engine.stop_token import StopToken

QUESTION = GenerationRequest(
    messages=(ChatMessage(Role.USER, "Tell me a story about a dog."),),
    params=GenerationParams(max_new_tokens=16),
)


def pair_spec() -> LoadSpec:
    """The embedded pair on the CPU."""
    return LoadSpec(
        main_path=str(asset_path("models", "demo-main")),
        draft_path=str(asset_path("models", "demo-draft")),
        strategy=Strategy.DRAFT,
        placement=Placement("CPU", "CPU"),
    )


def cycle(backend: ProcessBackend) -> None:
    """Load, answer, unload."""
    backend.load(pair_spec(), on_phase=lambda _phase: None)
    backend.generate(QUESTION, on_run=lambda _run: None, stop=StopToken())
    backend.unload()


def resident_after_cycles(log_dir: Path, cycles: int) -> list[int]:
    """Resident bytes of one engine process after each cycle."""
    backend = ProcessBackend(log_dir=log_dir)
    sizes = []
    try:
        for _ in range(cycles):
            cycle(backend)
            sizes.append(psutil.Process(backend.pid).memory_info().rss)
    finally:
        backend.close()
    return sizes


def growth(sizes: list[int]) -> float:
    """Relative growth from the second tenth to the last."""
    tenth = max(len(sizes) // 10, 1)
    return statistics.median(sizes[-tenth:]) / statistics.median(sizes[tenth : 2 * tenth]) - 1


def main() -> None:
    """Run both parts and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=500)
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--log-dir", type=Path, default=Path("build") / "soak-logs")
    args = parser.parse_args()
    started_s = time.monotonic()
    sizes = resident_after_cycles(args.log_dir, args.cycles)
    for _ in range(args.processes):
        backend = ProcessBackend(log_dir=args.log_dir)
        cycle(backend)
        backend.close()
    time.sleep(0.5)
    left = len(psutil.Process().children(recursive=True))
    rise = growth(sizes)
    print(f"{rise:+.2%} after {args.cycles} cycles, {left} processes left", flush=True)
    machine.finish(
        {
            "bench": "soak",
            "cycles": args.cycles,
            "first_bytes": sizes[0],
            "last_bytes": sizes[-1],
            "growth": round(rise, 4),
            "processes_left": left,
            "seconds": round(time.monotonic() - started_s),
            "passed": rise < 0.05 and left == 0,
        }
    )


if __name__ == "__main__":
    main()
