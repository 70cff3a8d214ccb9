"""Every benchmark in turn, in a bounded time: one JSON and one Markdown report.

A benchmark that fails or runs over its time is reported as such; the others go on.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import machine

FOLDER = Path(__file__).parent
REPORTS = Path("build") / "benchmarks"


@dataclass(frozen=True, slots=True)
class Entry:
    """One benchmark: its script, its arguments, and the time it may take."""

    name: str
    arguments: tuple[str, ...] = ()
    limit_s: int = 180


ENTRIES = (
    Entry("startup", (), 120),
    Entry("view"),
    Entry("store", (), 120),
    Entry("overhead", ("--rounds", "12"), 240),
    Entry("roofline", (), 240),
    Entry("speculation", ("--repeats", "1", "--max-new-tokens", "48"), 720),
    Entry("tuning", ("--rounds", "3"), 480),
    Entry("auto_length", (), 180),
    Entry("tune", (), 120),
)
"""Together at most 40 minutes; the peers are apart, since they install what they compare with."""


def run(entry: Entry) -> dict[str, Any]:
    """Run one benchmark; returns its figures, or an `error` in their place."""
    command = [sys.executable, str(FOLDER / f"{entry.name}.py"), *entry.arguments]
    started_s = time.monotonic()
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, timeout=entry.limit_s, check=False
        )
    except subprocess.TimeoutExpired:
        return {"error": f"took longer than {entry.limit_s} s"}
    lines = done.stdout.strip().splitlines()
    if done.returncode or not lines:
        return {"error": f"ended with exit code {done.returncode}"}
    figures: dict[str, Any] = json.loads(lines[-1])
    for repeated in ("machine", "samples"):
        figures.pop(repeated, None)
    return {**figures, "took_s": round(time.monotonic() - started_s, 1)}


def markdown(report: dict[str, Any]) -> str:
    """The report as a page to read: the machine, then a table of figures per benchmark."""
    facts = report["machine"]
    lines = [
        "# Benchmarks",
        "",
        f"{facts['date']}, {facts['cpu']}, {facts['cores']} cores, "
        f"{facts['memory_bytes'] / 2**30:.0f} GiB, {facts['system']}, Python {facts['python']}",
        "",
        ", ".join(f"{name} {version}" for name, version in facts["versions"].items()),
    ]
    for name, figures in report["results"].items():
        lines += ["", f"## {name}", "", "| figure | value |", "|---|---|"]
        lines += [f"| {key} | {value} |" for key, value in _flat(figures)]
    return "\n".join(lines) + "\n"


def _flat(figures: Any, prefix: str = "") -> list[tuple[str, str]]:
    if isinstance(figures, dict):
        rows = []
        for key, value in figures.items():
            rows += _flat(
                value, f"{prefix}{key} / " if isinstance(value, dict | list) else prefix + key
            )
        return rows
    if isinstance(figures, list) and any(isinstance(item, dict | list) for item in figures):
        rows = []
        for number, item in enumerate(figures, 1):
            rows += _flat(item, f"{prefix}{number} / ")
        return rows
    text = f"{figures:.4g}" if isinstance(figures, float) else str(figures)
    return [(prefix.removesuffix(" / "), text)]


def main() -> None:
    """Run all and print the whole report as one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [entry.name for entry in ENTRIES]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--output", type=Path, default=REPORTS)
    args = parser.parse_args()
    results = {}
    for entry in ENTRIES:
        if entry.name in args.only:
            print(f"{entry.name} ...", file=sys.stderr, flush=True)
            results[entry.name] = run(entry)
    report = {"bench": "all", "results": results, "machine": machine.facts()}
    args.output.mkdir(parents=True, exist_ok=True)
    (args.output / "report.json").write_text(json.dumps(report, indent=2))
    (args.output / "report.md").write_text(markdown(report))
    print(f"written to {args.output}", file=sys.stderr)
    machine.finish({"bench": "all", "results": results})


if __name__ == "__main__":
    main()
