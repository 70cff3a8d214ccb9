"""Tells the start-up benchmark when the chat area was painted first. Off unless asked for."""

from __future__ import annotations

import json
import os
import sys
import time

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QWidget

PROBE_VARIABLE = "SLIPSTREAM_STARTUP_PROBE"
_HEAVY = ("openvino", "openvino_genai", "openvino_tokenizers", "huggingface_hub", "httpx2", "numpy")


class StartupProbe(QObject):
    """Prints a JSON line after the first paint of `area`: the time, and heavy modules loaded."""

    def __init__(self, area: QWidget) -> None:
        super().__init__(area)
        self._area = area
        area.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._area and event.type() is QEvent.Type.Paint:
            self._area.removeEventFilter(self)
            QTimer.singleShot(0, self._report)  # after this paint has been delivered
        return False

    def _report(self) -> None:
        loaded = sorted(name for name in _HEAVY if name in sys.modules)
        line = {"first_paint_unix_s": time.time(), "heavy_modules": loaded}
        print(json.dumps(line), flush=True)


def is_wanted() -> bool:
    """Whether the environment asks for the probe."""
    return bool(os.environ.get(PROBE_VARIABLE))
