"""Stopping a download in its last moment, and calls in threads that are cancelled."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from engine.hub.blocking import run_blocking
from engine.hub.download_queue import DownloadQueue
from engine.hub.events import TransferFinished, TransferState, TransferStateChanged
from engine.models.manifest import ModelManifest, read_manifest
from tests.hub.rig import REPOSITORY, Rig, model_files, until, wanted


@pytest.mark.parametrize("asked", ["pause", "cancel", "close"])
def test_stopping_in_the_last_moment_finds_the_model_installed(rig: Rig, asked: str) -> None:
    rig.emulator.add(REPOSITORY, model_files())
    publishing, go_on = threading.Event(), threading.Event()

    def hold(folder: Path, manifest: ModelManifest) -> ModelManifest:
        publishing.set()
        go_on.wait()
        return replace(manifest, context_length=4096)

    async def work() -> None:
        async with rig.hubs() as hubs:
            queue = DownloadQueue(
                rig.models,
                hubs=hubs,
                on_event=rig.events.append,
                complete=hold,
                settings=rig.settings,
            )
            operation = await queue.add(wanted())
            await until(publishing.is_set)
            stop = queue.close() if asked == "close" else getattr(queue, asked)(operation)
            stopping = asyncio.ensure_future(stop)
            await asyncio.sleep(0.05)
            assert not stopping.done()
            go_on.set()
            await stopping
            assert queue.entries == ()
            await queue.close()

    asyncio.run(work())
    states = [e.state for e in rig.events if isinstance(e, TransferStateChanged)]
    assert states[-1] is TransferState.FINISHED
    assert isinstance(rig.events[-1], TransferFinished)
    assert read_manifest(rig.models / REPOSITORY).context_length == 4096
    assert rig.leftovers() == []


def test_cancelled_blocking_call_is_waited_for() -> None:
    steps: list[str] = []
    begun, go_on = threading.Event(), threading.Event()

    def call() -> None:
        begun.set()
        go_on.wait()
        steps.append("call ended")

    async def work() -> None:
        task = asyncio.create_task(run_blocking(call))
        await until(begun.is_set)
        task.cancel()
        asyncio.get_running_loop().call_later(0.05, go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await task
        steps.append("task ended")

    asyncio.run(work())
    assert steps == ["call ended", "task ended"]
