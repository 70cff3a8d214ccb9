"""Every benchmark in turn, in a bounded time: one JSON and one Markdown report.

The most important come first. One that fails or runs over its time is reported as such, with what
it had measured until then; the others go on. `--prepare` makes everything that needs no quiet
machine: models, and the environment of the peers.
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

import decoding
import machine
from measuring import Budget
from reporting.pages import full_report
from roofline import CASES as ROOFLINE_CASES
from roofline import SMALLER
from speculation import CASES as SPECULATION_CASES

FOLDER = Path(__file__).parent
REPORTS = Path("build") / "benchmarks"
MINUTES = 38.0
"""The parts have nine tenths of it, the rest is for those that run over."""
PARAMETERS = 1.0e9
GRACE_S = 75.0
"""After its own time is up, for the round that was begun."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One benchmark: its script, its arguments, and the seconds it should take."""

    name: str
    seconds: int
    arguments: tuple[str, ...] = ()
    keeps_time: bool = False
    """Takes `--seconds` and ends itself in time."""
    widens: bool = False
    """Takes `--parameters`, the weights of the main model."""
    script: str = ""
    """Where it is not called as the entry is."""


INT8_PAIRS = ("int8 + embedded", "int8 + 1/15")
ENTRIES = (
    Entry("speculation", 790, keeps_time=True, widens=True),
    Entry("roofline", 130, keeps_time=True, widens=True),
    Entry("peers", 330, keeps_time=True, widens=True),
    Entry("tuning", 390, ("--precisions", "int8", "--lengths", "4"), keeps_time=True, widens=True),
    Entry(
        "speculation with small pages",
        110,
        ("--small-pages", "--cases", *INT8_PAIRS, "--lengths", "2", "3", "4", "5", "6"),
        keeps_time=True,
        widens=True,
        script="speculation",
    ),
    Entry(
        "roofline with small pages",
        45,
        ("--small-pages", "--cases", "int8"),
        True,
        True,
        "roofline",
    ),
    Entry("overhead", 110, keeps_time=True),
    Entry("startup", 40),
    Entry("view", 45),
    Entry("store", 45),
    Entry("auto_length", 30),
    Entry("tune", 30),
)
"""Together nine tenths of `MINUTES`."""


def run(entry: Entry, *, parameters: float, scale: float, left_s: float) -> dict[str, Any]:
    """Run one benchmark; returns its figures, with an `error` where it did not end well.

    Args:
        entry: what to run.
        parameters: weights of the main model, where one is widened.
        scale: of the time the entry has, for shorter trials.
        left_s: seconds until everything must be over.
    """
    if left_s <= 0:
        return {"error": "no time was left", "took_s": 0.0}
    seconds = min(entry.seconds * scale, left_s)
    command = [sys.executable, str(FOLDER / f"{entry.script or entry.name}.py"), *entry.arguments]
    if entry.keeps_time:
        command += ["--seconds", f"{seconds:.0f}"]
    if entry.widens:
        command += ["--parameters", f"{parameters:g}"]
    before = machine.others()
    started_s = time.monotonic()
    code, output = _call(command, limit_s=min(seconds + GRACE_S, left_s))
    figures = last_figures(output)
    if code is None:
        figures["error"] = "took too long and was ended"
    elif code:
        figures["error"] = f"ended with exit code {code}"
    elif not figures:
        figures["error"] = "printed no figures"
    for repeated in ("machine", "samples", "unfinished"):
        figures.pop(repeated, None)
    return {**figures, "took_s": round(time.monotonic() - started_s, 1), "machine_before": before}


def _call(command: list[str], *, limit_s: float) -> tuple[int | None, str]:
    """Exit code, None where it had to be ended, and what was printed."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            output, _ = process.communicate(timeout=limit_s)
        except subprocess.TimeoutExpired:
            process.terminate()
            try:
                output, _ = process.communicate(timeout=15)
            except subprocess.TimeoutExpired:
                process.kill()
                output, _ = process.communicate()
            return None, output
        return process.returncode, output


def last_figures(output: str) -> dict[str, Any]:
    """The last line that is a JSON object; empty without one."""
    for line in reversed(output.splitlines()):
        try:
            found = json.loads(line)
        except ValueError:
            continue
        if isinstance(found, dict):
            return found
    return {}


def prepare(parameters: float) -> None:
    """Make all models and the environment of the peers; a failure shows in the run itself."""
    precisions = {case.precision for case in SPECULATION_CASES.values()}
    for precision in sorted(precisions | {name for name, _ in ROOFLINE_CASES.values()}):
        print(decoding.main_folder(parameters, precision), file=sys.stderr)
    for draft in decoding.DRAFTS:
        print(decoding.draft_folder(draft, parameters), file=sys.stderr)
    decoding.main_folder(SMALLER, "int8")
    command = [sys.executable, str(FOLDER / "peers.py"), "--prepare"]
    subprocess.run([*command, "--parameters", f"{parameters:g}"], check=False)


def main() -> None:
    """Run all and print the whole report as one JSON object on the last line."""
    parser = argparse.ArgumentParser(description=__doc__)
    names = [entry.name for entry in ENTRIES]
    parser.add_argument("--only", nargs="+", choices=names, default=names)
    parser.add_argument("--minutes", type=float, default=MINUTES, help="for all together")
    parser.add_argument("--parameters", type=float, default=PARAMETERS, help="of main models")
    parser.add_argument("--output", type=Path, default=REPORTS)
    parser.add_argument("--prepare", action="store_true", help="make the models and end")
    args = parser.parse_args()
    prepare(args.parameters)
    if args.prepare:
        return
    budget = Budget(args.minutes * 60)
    report: dict[str, Any] = {"bench": "all", "minutes": args.minutes, "machine": machine.facts()}
    report["parameters"] = args.parameters
    report["machine"]["threads"] = machine.threads()
    report["results"] = {}
    for entry in ENTRIES:
        if entry.name in args.only:
            print(f"{entry.name} ...", file=sys.stderr, flush=True)
            left_s = budget.left_s or 0.0
            scale = args.minutes / MINUTES
            found = run(entry, parameters=args.parameters, scale=scale, left_s=left_s)
            report["results"][entry.name] = found
            print(f"{found['took_s']:.0f} s {found.get('error', '')}", file=sys.stderr)
            write(report, args.output)
    print(f"written to {args.output}", file=sys.stderr)
    print(json.dumps(report), flush=True)


def write(report: dict[str, Any], folder: Path) -> None:
    """Write what there is, so that a run which is stopped leaves something."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "report.json").write_text(json.dumps(report, indent=2), encoding="utf-8")
    (folder / "report.md").write_text(full_report(report), encoding="utf-8")


if __name__ == "__main__":
    main()
