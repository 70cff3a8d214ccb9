"""The one door to the runtime's Python packages: they are imported on first use, and in silence.

Importing `openvino` would report that event to an analytics service, from a thread of its own.
Nothing here ever sends anything, so the reporting package is kept out.
"""

from __future__ import annotations

import sys
from types import ModuleType
from typing import cast

_REPORTING_PACKAGE = "openvino_telemetry"


def keep_quiet() -> None:
    """Make the import of the reporting package fail; the runtime then goes on without it."""
    modules = cast("dict[str, ModuleType | None]", sys.modules)
    modules.setdefault(_REPORTING_PACKAGE, None)


def load_openvino() -> ModuleType:
    """The package `openvino`."""
    keep_quiet()
    import openvino

    return cast("ModuleType", openvino)


def load_genai() -> ModuleType:
    """The package `openvino_genai`."""
    keep_quiet()
    import openvino_genai

    return cast("ModuleType", openvino_genai)
