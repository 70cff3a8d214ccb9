"""The page of the models over a scripted engine, on an event loop that joins Qt and asyncio."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest
import qasync
from PySide6.QtWidgets import QApplication

from app.async_generators import closing_generators
from app.controllers.model_hubs import ModelHubs
from app.controllers.model_library import ModelLibrary
from app.controllers.model_tasks import ModelTasks
from engine.models.registry import Registry
from engine.resources import asset_path
from tests.windows import delete_closed_windows

T = TypeVar("T")
LIMIT_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Bench:
    """A library in an empty folder, and everything it told."""

    library: ModelLibrary
    hubs: ModelHubs
    tasks: ModelTasks
    data: Path
    loaded: list[Path]
    told: list[tuple[str, Any]]

    async def wait(self, condition: Callable[[], T | None]) -> T:
        """Let tasks run until something has come true; returns it."""
        while True:
            if found := condition():
                return found
            await asyncio.sleep(0.005)

    def news(self, name: str) -> list[Any]:
        """What one signal carried so far."""
        return [value for kind, value in self.told if kind == name]


@pytest.fixture
def run_async(qapp: QApplication) -> Iterator[Callable[[Coroutine[Any, Any, None]], None]]:
    """Runs a coroutine on a loop that is also Qt's."""
    loop = qasync.QEventLoop(qapp, already_running=False)

    def run(work: Coroutine[Any, Any, None]) -> None:
        async def limited() -> None:
            async with asyncio.timeout(LIMIT_S):
                await work

        with closing_generators(loop):
            loop.run_until_complete(limited())

    yield run
    loop.close()
    asyncio.set_event_loop(None)
    delete_closed_windows()


@pytest.fixture
def with_library(
    run_async: Callable[[Coroutine[Any, Any, None]], None], tmp_path: Path
) -> Callable[[Callable[[Bench], Coroutine[Any, Any, None]]], None]:
    """Runs a scenario with a library."""

    def run(scenario: Callable[[Bench], Coroutine[Any, Any, None]]) -> None:
        async def whole() -> None:
            bench = make_bench(tmp_path)
            try:
                await scenario(bench)
            finally:
                await bench.tasks.close()
                await bench.hubs.close()

        run_async(whole())

    return run


def make_bench(root: Path) -> Bench:
    """Build a library that tells a list."""
    data = root / "data"
    data.mkdir(exist_ok=True)
    tasks, loaded, told = ModelTasks(), list[Path](), list[tuple[str, Any]]()
    hubs = ModelHubs(root / "models.json", tasks, environment={})
    library = ModelLibrary(
        Registry(data / "models", embedded=asset_path("models")),
        data=data,
        cache_file=root / "inspections.json",
        hubs=hubs,
        tasks=tasks,
        loaded_paths=lambda: tuple(loaded),
    )
    for name in (
        "progressed",
        "ended",
        "verified",
        "removed",
        "imported",
        "moved",
        "forgiven",
        "failed",
    ):
        signal = getattr(library, name)
        signal.connect(lambda *values, name=name: told.append((name, values[-1])))
    return Bench(library=library, hubs=hubs, tasks=tasks, data=data, loaded=loaded, told=told)
