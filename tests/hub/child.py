"""A process of a nursery that downloads one model.

Prints `ready` before its first request and `done` or an error code at the end.
"""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

from engine.hub.credentials import Credentials
from engine.hub.download_queue import DownloadQueue
from engine.hub.events import TransferEvent, TransferFailed, TransferFinished
from engine.hub.hub_access import HubAccess, HubEndpoints
from engine.models.manifest import SourceType
from tests.hub.rig import SETTINGS, TIMEOUTS, MemoryKeyring, wanted


async def download(url: str, models: Path, source: SourceType, read_s: float) -> None:
    """Download as the program does."""

    def tell(event: TransferEvent) -> None:
        if isinstance(event, TransferFinished):
            print("done", flush=True)
        if isinstance(event, TransferFailed):
            print(event.error.code, flush=True)

    endpoints = HubEndpoints(huggingface=url, modelscope=url)
    timeouts = replace(TIMEOUTS, read_s=read_s)
    hubs = HubAccess(Credentials(MemoryKeyring()), endpoints=endpoints, timeouts=timeouts)
    queue = DownloadQueue(models, hubs=hubs, on_event=tell, settings=SETTINGS)
    found = await queue.start()
    print("ready", flush=True)
    try:
        for entry in found:
            queue.resume(entry.operation_id)
        await queue.add(wanted(source=source))
        await queue.wait_idle()
    finally:
        await queue.close()
        await hubs.close()


def main(url: str, models: str, source: str, read_s: str) -> None:
    """Download from a hub into the folder of the models; `read_s` is the longest silence."""
    asyncio.run(download(url, Path(models), SourceType(source), float(read_s)))
