"""Blocking calls in a thread that are never left running alone."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TypeVar, TypeVarTuple

T = TypeVar("T")
Ts = TypeVarTuple("Ts")


async def run_blocking(function: Callable[[*Ts], T], *args: *Ts) -> T:
    """Call `function` in a thread; when cancelled, wait for its end first.

    So a file is never closed under a write, nor a folder deleted under a rename.
    """
    thread = asyncio.ensure_future(asyncio.to_thread(function, *args))
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        await asyncio.wait([thread])
        if not thread.cancelled():
            thread.exception()  # seen: the cancellation is what counts
        raise
