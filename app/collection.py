"""Keeps the garbage collector out of the start, whose objects nearly all stay."""

from __future__ import annotations

import gc


def pause_collection() -> None:
    """Collect nothing until `resume_collection`: among new objects it only delays the window."""
    gc.disable()


def resume_collection() -> None:
    """Collect again, but never look at what the start has made. Nothing unless paused."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
