"""Facts about the machine and the versions a figure was measured with, and how a benchmark ends."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
import sys
from pathlib import Path
from typing import Any

from engine.huge_pages import with_huge_pages
from engine.system_name import system_name

PACKAGES = ("openvino", "openvino-genai", "openvino-tokenizers", "PySide6-Essentials")
QUIET_SHARE = 0.05
"""Of all cores' time; what else runs may take no more of it."""

SMALL_PAGES_HELP = "without the huge pages that the engine process asks for"


def facts() -> dict[str, Any]:
    """Return CPU, cores, memory, system, Python and package versions, and the date."""
    import psutil

    return {
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "system": system_name(),
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "huge_pages": _huge_pages(),
        "date": datetime.date.today().isoformat(),
    }


def threads(clock: str = "wall") -> int:
    """Threads that a model computes with: all cores, or one where processor time is counted."""
    return 1 if clock == "cpu" else os.cpu_count() or 1


def start_like_engine(*, small_pages: bool = False) -> None:
    """Start this script anew with the environment of the engine process, unless it has it.

    `small_pages` True: without the huge pages that the engine process asks for.
    """
    wanted = dict(os.environ) if small_pages else with_huge_pages(os.environ)
    if wanted != dict(os.environ):
        os.execve(sys.executable, [sys.executable, *sys.argv], wanted)


def others(seconds: float = 3.0) -> dict[str, Any]:
    """What else runs here while this process waits: shares of all cores' time, load average."""
    import psutil

    times = psutil.cpu_times_percent(interval=seconds)
    busy = (100.0 - times.idle - getattr(times, "iowait", 0.0)) / 100.0
    stolen = getattr(times, "steal", 0.0) / 100.0
    return {
        "busy_share": round(max(busy, 0.0), 3),
        "stolen_share": round(stolen, 3),
        "load_average_1min": round(psutil.getloadavg()[0], 2),
        "quiet": busy <= QUIET_SHARE,
    }


def progress(figures: dict[str, Any]) -> None:
    """Print what is known so far, as a line: the last one counts when the time is up."""
    print(json.dumps({**figures, "unfinished": True}), flush=True)


def finish(figures: dict[str, Any]) -> None:
    """Print the figures as one JSON object on the last line, with the machine they belong to."""
    print(json.dumps({**figures, "machine": facts()}), flush=True)


def _huge_pages() -> str:
    """What the system does with large pages (always, madvise, never), as it says itself."""
    try:
        text = Path("/sys/kernel/mm/transparent_hugepage/enabled").read_text()
    except OSError:
        return "unknown"
    return text.partition("[")[2].partition("]")[0]


def huge_page_share() -> float | None:
    """Share of this process's memory that stands on huge pages now; None where it is not told."""
    try:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    sizes = {line.split(":")[0]: int(line.split()[1]) for line in lines if line.endswith("kB")}
    whole = sizes.get("Anonymous", 0)
    return round(sizes.get("AnonHugePages", 0) / whole, 3) if whole else None


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
