"""Long work in threads for the model page: progress for the window, a stop that is heard."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from app.viewmodels.model_cards import Work
from engine.hub.blocking import run_blocking
from engine.stop_token import StopToken

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkProgress:
    """How far something is. `key` is a model id, or names the work itself."""

    key: str
    work: Work | None
    """None for work that is not about one installed model."""
    done: int = 0
    total: int = 0


def teller(
    key: str, work: Work | None, *, emit: Callable[[WorkProgress], object]
) -> Callable[[int, int], None]:
    """A progress callback for a thread: `emit` runs on the event loop, once per percent."""
    loop, last = asyncio.get_running_loop(), -1

    def tell(done: int, total: int) -> None:
        nonlocal last
        share = done * 100 // max(1, total)
        if share != last:
            last = share
            progress = WorkProgress(key=key, work=work, done=done, total=total)
            loop.call_soon_threadsafe(emit, progress)

    return tell


async def run_stoppable(stop: StopToken, function: Callable[[], T]) -> T:
    """Run in a thread; when the task is cancelled, ask the thread to stop and wait for it."""
    thread = asyncio.ensure_future(run_blocking(function))
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        stop.set()
        await asyncio.wait([thread])
        if not thread.cancelled():
            thread.exception()  # seen: the cancellation is what counts
        raise
