"""Facts about the machine and the versions a figure was measured with, and how a benchmark ends."""

from __future__ import annotations

import datetime
import importlib.metadata
import json
import os
import platform
from pathlib import Path
from typing import Any

PACKAGES = ("openvino", "openvino-genai", "openvino-tokenizers", "PySide6-Essentials")


def facts() -> dict[str, Any]:
    """Return CPU, cores, memory, system, Python and package versions, and the date."""
    import psutil

    return {
        "cpu": _cpu_name(),
        "cores": os.cpu_count(),
        "memory_bytes": psutil.virtual_memory().total,
        "system": platform.platform(),
        "python": platform.python_version(),
        "versions": {name: importlib.metadata.version(name) for name in PACKAGES},
        "date": datetime.date.today().isoformat(),
    }


def finish(figures: dict[str, Any]) -> None:
    """Print the figures as one JSON object on the last line, with the machine they belong to."""
    print(json.dumps({**figures, "machine": facts()}), flush=True)


def _cpu_name() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()
