"""Tells the start-up benchmark when the chat area was painted first. Off unless asked for."""

from __future__ import annotations

import json
import os
import sys
import time

PROBE_VARIABLE = "SLIPSTREAM_STARTUP_PROBE"
_HEAVY = (
    *("openvino", "openvino_genai", "openvino_tokenizers", "huggingface_hub", "httpx2", "numpy"),
    *("asyncio", "qasync", "ssl", "hashlib", "sqlite3", "email", "PySide6.QtNetwork"),
    *("app.chat_view.view", "app.chat_view.style", "app.core.store.values"),
    *("engine.models.inspection", "engine.device_settings", "engine.lab"),
)
_OWN = ("app", "engine")


def is_wanted() -> bool:
    """Whether the environment asks for the probe."""
    return bool(os.environ.get(PROBE_VARIABLE))


def report() -> None:
    """Print one JSON line: the time now, processor time so far, modules in memory."""
    line = {
        "first_paint_unix_s": time.time(),
        "process_cpu_s": time.process_time(),
        "heavy_modules": sorted(name for name in _HEAVY if name in sys.modules),
        "module_count": len(sys.modules),
        "own_module_count": sum(name.partition(".")[0] in _OWN for name in sys.modules),
    }
    print(json.dumps(line), flush=True)
