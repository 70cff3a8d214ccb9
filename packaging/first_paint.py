"""Start of the frozen program to its first paint, warm: median of N, drawing into memory.

python packaging/first_paint.py [PROGRAM] [--runs N]
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
from collections.abc import Sequence
from pathlib import Path

from bundle.places import PROGRAM, Places

GOAL_S = 0.6


def main(arguments: Sequence[str]) -> int:
    """Measure and print; 1 when the median is above the goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", nargs="?", type=Path, default=Places().onedir / PROGRAM)
    parser.add_argument("--runs", type=int, default=10)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        # The first run warms the disk cache and is not counted.
        times = [first_paint_s(options.program, Path(folder)) for _ in range(options.runs + 1)][1:]
    median = statistics.median(times)
    print(json.dumps({"median_s": round(median, 3), "all_s": sorted(round(t, 3) for t in times)}))
    return int(median > GOAL_S)


def first_paint_s(program: Path, data: Path) -> float:
    """Start the program once, end it, and return seconds to its first paint."""
    environment = os.environ | {"SLIPSTREAM_STARTUP_PROBE": "1", "QT_QPA_PLATFORM": "offscreen"}
    started_s = time.time()
    with subprocess.Popen(
        [str(program), "--data-dir", str(data)],
        env=environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        painted_s = json.loads(process.stdout.readline())["first_paint_unix_s"]
        process.terminate()
    return float(painted_s) - started_s


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
