"""Whether the figures of `compare --json` are what an outside stopwatch sees.

This script reads the runs of every answer as the command prints them, takes the time of each by
its own clock, works out decode rates by itself, and compares. Two runs must also rank alike.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import machine

Figures = dict[str, dict[str, Any]]


def compare(data_dir: Path, options: list[str]) -> tuple[Figures, dict[str, float]]:
    """Run the command. Returns its figures by cell, and the stopwatch's median rates by cell."""
    command = [sys.executable, "-m", "engine", "compare", "--json", "--stream"]
    command += ["--data-dir", str(data_dir), *options]
    watch = Stopwatch()
    figures: Figures = {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        for line in process.stdout:
            at_s = time.perf_counter()
            event = json.loads(line)
            watch.see(event, at_s)
            if event["event"] == "result":
                figures = {f["cell_key"]: f for f in event["figures"] if f["set_id"] == ""}
    if process.returncode:
        raise SystemExit(f"compare ended with exit code {process.returncode}")
    return figures, watch.rates()


class Stopwatch:
    """Counts tokens and seconds between the first and the last run of each answer."""

    def __init__(self) -> None:
        self._rates: dict[str, list[float]] = defaultdict(list)
        self._runs: list[tuple[float, int]] = []

    def see(self, event: dict[str, Any], at_s: float) -> None:
        """Take one line of the command and when it came."""
        if event["event"] == "lab_answer_started":
            self._runs = []
        elif event["event"] == "lab_run_streamed":
            self._runs.append((at_s, event["token_count"]))
        elif event["event"] == "lab_measured" and len(self._runs) > 1:
            tokens = sum(count for _, count in self._runs[1:])
            seconds = self._runs[-1][0] - self._runs[0][0]
            self._rates[event["measurement"]["cell_key"]].append(tokens / seconds)

    def rates(self) -> dict[str, float]:
        """Median decode rate of each cell."""
        return {key: statistics.median(values) for key, values in self._rates.items()}


def disagreements(first: Figures, second: Figures) -> Iterator[tuple[str, str]]:
    """Pairs of cells that two runs rank differently although neither calls it a tie."""
    for a, b in itertools.combinations(first, 2):
        if (_rate(first[a]) > _rate(first[b])) != (_rate(second[a]) > _rate(second[b])):
            apart = all(_apart(figures[a], figures[b]) for figures in (first, second))
            if apart:
                yield a, b


def _rate(figures: dict[str, Any]) -> float:
    return float(figures["tokens_per_s"]["median"])


def _apart(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Whether the intervals of the speed-ups do not meet; the baseline's is exactly 1."""
    plain = {"low": 1.0, "high": 1.0}
    one, other = a["speed_up"] or plain, b["speed_up"] or plain
    return bool(one["high"] < other["low"] or other["high"] < one["low"])


def main() -> None:
    """Compare twice and print one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data-dir", type=Path, default=Path("build") / "compare-data")
    parser.add_argument("--main", help="model folder (default: the embedded pair)")
    parser.add_argument("--draft")
    parser.add_argument("--max-new-tokens", type=int, default=256)
    args = parser.parse_args()
    options = ["--set", "story", "--repeats", "2", "--settle-s", "0.3", "--lengths", "2,4"]
    options += ["--max-new-tokens", str(args.max_new_tokens)]
    if args.main:
        options += ["--main", args.main, *(["--draft", args.draft] if args.draft else [])]
    runs = [compare(args.data_dir, options) for _ in range(2)]
    errors = {
        f"{key}#{index}": rate / _rate(figures[key]) - 1
        for index, (figures, rates) in enumerate(runs)
        for key, rate in rates.items()
    }
    swapped = list(disagreements(runs[0][0], runs[1][0]))
    worst = max(map(abs, errors.values()))
    print(f"largest difference {worst:.2%}, {len(swapped)} cells ranked differently", flush=True)
    machine.finish(
        {
            "bench": "compare_accuracy",
            "relative_errors": {key: round(error, 5) for key, error in errors.items()},
            "largest": round(worst, 5),
            "ranked_differently": swapped,
            "passed": worst <= 0.02 and not swapped,
        }
    )


if __name__ == "__main__":
    main()
