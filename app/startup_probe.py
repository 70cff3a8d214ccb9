"""Tells the start-up benchmark when the chat area was painted first. Off unless asked for."""

from __future__ import annotations

import json
import os
import sys
import time

PROBE_VARIABLE = "SLIPSTREAM_STARTUP_PROBE"
_HEAVY = (
    *("openvino", "openvino_genai", "openvino_tokenizers", "huggingface_hub", "httpx2", "numpy"),
    *("app.chat_view.view", "engine.models.inspection", "engine.lab", "email"),
)


def is_wanted() -> bool:
    """Whether the environment asks for the probe."""
    return bool(os.environ.get(PROBE_VARIABLE))


def report() -> None:
    """Print one JSON line: the time now, processor time so far, heavy modules in memory."""
    line = {
        "first_paint_unix_s": time.time(),
        "process_cpu_s": time.process_time(),
        "heavy_modules": sorted(name for name in _HEAVY if name in sys.modules),
    }
    print(json.dumps(line), flush=True)
