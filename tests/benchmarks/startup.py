"""Process start to first paint of the chat area, warm: median of 10, engine child and scripted.

The program itself prints the moment (see app/startup_probe.py); runs of both kinds are interleaved.
Byte code is kept between the runs, as on every machine where the program was started before.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import machine

ROOT = Path(__file__).resolve().parents[2]
GOAL_S = 0.5
KINDS = {"with_engine": [], "scripted_engine": ["--demo"]}


def start_once(arguments: list[str], data: Path, *, byte_code: Path) -> dict[str, Any]:
    """Start the program once; return what it printed and the seconds to its first paint."""
    wanted = {"SLIPSTREAM_STARTUP_PROBE": "1", "PYTHONPYCACHEPREFIX": str(byte_code)}
    environment = os.environ | wanted
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [sys.executable, "-m", "app", "--data-dir", str(data), *arguments]
    started_s = time.time()
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as process:
        assert process.stdout is not None
        line: dict[str, Any] = json.loads(process.stdout.readline())
        process.terminate()
    return {**line, "first_paint_s": line["first_paint_unix_s"] - started_s}


def measure(runs: int) -> dict[str, Any]:
    """Interleave the kinds; the first round warms the disk cache and is not counted."""
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    cpu: list[float] = []
    heavy: set[str] = set()
    modules = 0
    with tempfile.TemporaryDirectory() as folder:
        for turn in range(runs + 1):
            for kind, arguments in KINDS.items():
                byte_code = Path(folder) / "byte_code"
                line = start_once(arguments, Path(folder) / kind, byte_code=byte_code)
                heavy.update(line["heavy_modules"])
                modules = max(modules, line["module_count"])
                if turn:
                    times[kind].append(line["first_paint_s"])
                    cpu.append(line["process_cpu_s"])
    figures: dict[str, Any] = {
        "heavy_modules_before_first_paint": sorted(heavy),
        "modules_before_first_paint": modules,
    }
    # Other work on the machine stretches the times below, but hardly this one.
    figures["window_process_cpu_median_s"] = round(statistics.median(cpu), 3)
    for kind, values in times.items():
        figures[f"{kind}_median_s"] = round(statistics.median(values), 3)
        figures[f"{kind}_all_s"] = [round(value, 3) for value in sorted(values)]
    return figures


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    figures = measure(options.runs)
    for name, value in figures.items():
        print(f"{name}: {value}")
    machine.finish({"bench": "startup", "runs": options.runs, "goal_s": GOAL_S, **figures})
    return 0


if __name__ == "__main__":
    sys.exit(main())
