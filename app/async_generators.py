"""Ends abandoned async generators on the event loop, which a loop over Qt's does not do by itself.

Without it a cancelled download leaves the reader of its connection to the garbage collector,
which cannot await its end.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def closing_generators(loop: asyncio.AbstractEventLoop) -> Iterator[None]:
    """Within it, every generator that is collected unfinished is closed as a task of `loop`."""
    closing: set[asyncio.Task[None]] = set()

    def close(generator: AsyncGenerator[Any, Any]) -> None:
        if not loop.is_closed():
            loop.call_soon_threadsafe(start, generator)

    def start(generator: AsyncGenerator[Any, Any]) -> None:
        task = loop.create_task(_end(generator))
        closing.add(task)
        task.add_done_callback(closing.discard)

    before = sys.get_asyncgen_hooks()
    sys.set_asyncgen_hooks(finalizer=close)
    try:
        yield
    finally:
        if closing and not loop.is_closed():
            loop.run_until_complete(asyncio.wait(tuple(closing)))
        sys.set_asyncgen_hooks(*before)


async def _end(generator: AsyncGenerator[Any, Any]) -> None:
    await generator.aclose()
