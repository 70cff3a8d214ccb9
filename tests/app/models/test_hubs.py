"""Settings about models are kept in the order they were changed in."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.controllers import model_hubs
from app.controllers.model_hubs import ModelHubs
from app.controllers.model_tasks import ModelTasks
from engine.models.settings import ModelSettings, read_model_settings, write_model_settings

Run = Callable[[Coroutine[Any, Any, None]], None]


@pytest.mark.parametrize("closing", [False, True])
def test_the_newest_settings_are_the_last_ones_written(
    run_async: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, closing: bool
) -> None:
    file, go_on = tmp_path / "models.json", threading.Event()
    begun = threading.Semaphore(0)

    def write(path: Path, settings: ModelSettings) -> None:
        begun.release()
        if settings.speed_limit_kb_per_s == 1000:
            assert go_on.wait(60)
        write_model_settings(path, settings)

    monkeypatch.setattr(model_hubs, "write_model_settings", write)

    async def scenario() -> None:
        tasks = ModelTasks()
        hubs = ModelHubs(file, tasks, environment={})
        hubs.change(replace(hubs.settings, speed_limit_kb_per_s=1000))
        assert await asyncio.to_thread(begun.acquire, timeout=60)
        hubs.change(replace(hubs.settings, speed_limit_kb_per_s=2000))
        await asyncio.sleep(0.02)  # a second thread would overtake the first here
        end = asyncio.create_task(tasks.close()) if closing else None
        await asyncio.sleep(0)  # what it cancels is cancelled now
        go_on.set()
        if end is None:
            assert await asyncio.to_thread(begun.acquire, timeout=60)
        await (end or tasks.close())
        await hubs.close()

    run_async(scenario())
    assert read_model_settings(file, mirror=None).speed_limit_kb_per_s == 2000
