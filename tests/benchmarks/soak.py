"""Row E14: hundreds of loads and unloads in one engine process, hundreds of answers of one
pipeline, many engine processes one by one.

Resident memory must grow by less than 5 % after the first tenth, and no process may be left.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import machine
import psutil

from engine.backends.process_backend import ProcessBackend
from engine.messages import ChatMessage, GenerationRequest, Role
from engine.params import GenerationParams
from engine.placement import LoadSpec, Placement, Strategy
from engine.resources import asset_path
from engine.stop_token import StopToken

_TURNS_OF_A_CHAT = 6
_WORDS = ("dog", "boat", "garden", "letter", "train", "river", "cake")
_LARGEST_GROWTH = 0.05


class Deadline(Exception):
    """The time allowed is over; what was measured so far stands."""


class Soak:
    """One engine process that is asked again and again.

    Args:
        seconds: after so long no further cycle is begun.
    """

    def __init__(self, *, seconds: float, log_dir: Path) -> None:
        self.backend = ProcessBackend(log_dir=log_dir)
        self._ends_s = time.monotonic() + seconds
        self._history: list[ChatMessage] = []

    def check_time(self) -> None:
        """Raises Deadline when the time is over."""
        if time.monotonic() > self._ends_s:
            raise Deadline

    def load(self) -> None:
        """Load the embedded pair on the CPU."""
        self.backend.load(
            LoadSpec(
                main_path=str(asset_path("models", "demo-main")),
                draft_path=str(asset_path("models", "demo-draft")),
                strategy=Strategy.DRAFT,
                placement=Placement("CPU", "CPU"),
            ),
            on_phase=lambda _phase: None,
        )

    def cycle(self, _number: int) -> None:
        """Load, answer, unload."""
        self.load()
        self._history.clear()
        self._ask("Tell me a story about a dog.", tokens=16)
        self.backend.unload()

    def turn(self, number: int) -> None:
        """One turn of a chat that grows; after a few turns another chat begins."""
        if number % _TURNS_OF_A_CHAT == 0:
            self._history.clear()
        self._ask(f"Tell me a story about a {_WORDS[number % len(_WORDS)]}.", tokens=64)

    def resident_bytes(self) -> int:
        """Resident memory of the engine process."""
        return int(psutil.Process(self.backend.pid).memory_info().rss)

    def repeat(self, name: str, work: Callable[[int], None], *, times: int) -> list[int]:
        """Do something many times; resident bytes after each, fewer when the time is over."""
        sizes: list[int] = []
        try:
            for number in range(times):
                self.check_time()
                work(number)
                sizes.append(self.resident_bytes())
                if (number + 1) % 50 == 0:
                    print(f"{name} {number + 1}/{times}: {sizes[-1] / 1e6:.1f} MB", flush=True)
        except Deadline:
            print(f"{name}: the time was over after {len(sizes)} of {times}", flush=True)
        return sizes

    def _ask(self, text: str, *, tokens: int) -> None:
        parts: list[str] = []
        self._history.append(ChatMessage(Role.USER, text))
        request = GenerationRequest(
            messages=tuple(self._history), params=GenerationParams(max_new_tokens=tokens)
        )
        self.backend.generate(request, on_run=lambda run: parts.append(run.text), stop=StopToken())
        self._history.append(ChatMessage(Role.ASSISTANT, "".join(parts)))


def figures(sizes: list[int], *, wanted: int) -> dict[str, Any]:
    """What memory did: relative growth from the second tenth to the last, bytes per cycle."""
    if len(sizes) < 20:
        return {"done": len(sizes), "wanted": wanted, "growth": None, "passed": False}
    tenth = len(sizes) // 10
    late = sizes[tenth:]
    growth = statistics.median(sizes[-tenth:]) / statistics.median(sizes[tenth : 2 * tenth]) - 1
    slope = statistics.linear_regression(range(len(late)), late).slope
    return {
        "done": len(sizes),
        "wanted": wanted,
        "first_bytes": sizes[0],
        "last_bytes": sizes[-1],
        "growth": round(growth, 4),
        "bytes_per_cycle": round(slope),
        "passed": len(sizes) == wanted and growth < _LARGEST_GROWTH,
    }


def measure(args: argparse.Namespace, log_dir: Path) -> dict[str, Any]:
    """All three parts."""
    started_s, processes = time.monotonic(), 0
    soak = Soak(seconds=60 * args.minutes, log_dir=log_dir)
    try:
        cycles = soak.repeat("cycle", soak.cycle, times=args.cycles)
        soak.load()
        turns = soak.repeat("turn", soak.turn, times=args.turns)
    finally:
        soak.backend.close()
    for _ in range(args.processes):
        one = Soak(seconds=60.0, log_dir=log_dir)
        one.cycle(0)
        one.backend.close()
        processes += 1
    time.sleep(0.5)
    left = len(psutil.Process().children(recursive=True))
    parts = {
        "cycles": figures(cycles, wanted=args.cycles),
        "turns": figures(turns, wanted=args.turns),
    }
    return {
        "bench": "soak",
        **parts,
        "processes": processes,
        "processes_left": left,
        "seconds": round(time.monotonic() - started_s),
        "passed": all(part["passed"] for part in parts.values()) and left == 0,
    }


def main() -> None:
    """Run all parts and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cycles", type=int, default=500, help="loads and unloads")
    parser.add_argument("--turns", type=int, default=500, help="answers of one pipeline")
    parser.add_argument("--processes", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=25.0, help="for cycles and turns")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="soak-") as folder:
        result = measure(args, Path(folder))
    for name in ("cycles", "turns"):
        part = result[name]
        if part["growth"] is None:
            print(f"{name}: {part['done']} of {part['wanted']}, too few to say")
            continue
        print(
            f"{name}: {part['done']} of {part['wanted']}, {part['growth']:+.2%}, "
            f"{part['bytes_per_cycle'] / 1024:+.1f} KiB each"
        )
    print("passed" if result["passed"] else "FAILED", flush=True)
    machine.finish(result)


if __name__ == "__main__":
    main()
