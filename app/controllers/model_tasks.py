"""Runs the work of the model page as tasks of the event loop; errors come back as values."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from engine.errors import EngineError, ErrorInfo

OnError = Callable[[ErrorInfo], object]


class ModelTasks:
    """The tasks under way.

    Guarantees: an EngineError goes to the task's own `on_error`; anything else to the loop's
    handler of faults; `close` ends all of them. Hazard: needs the running event loop.
    """

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[Any, Any, None], *, on_error: OnError) -> asyncio.Task[None]:
        """Begin; the returned task may be cancelled."""
        task = asyncio.get_running_loop().create_task(_guarded(work, on_error))
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        # A task that is cancelled before its first step never touches its work.
        task.add_done_callback(lambda _: work.close())
        return task

    async def close(self) -> None:
        """Cancel everything and wait for the end."""
        tasks = tuple(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if error is not None:
            report = {"message": "work on models failed unexpectedly", "exception": error}
            task.get_loop().call_exception_handler(report)


async def _guarded(work: Coroutine[Any, Any, None], on_error: OnError) -> None:
    try:
        await work
    except EngineError as error:
        on_error(error.to_info())
