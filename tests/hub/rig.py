"""A download queue against the emulator, with short waits and everything it told."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from engine.errors import ErrorInfo
from engine.hub.clock import Clock, SystemClock
from engine.hub.credentials import Credentials
from engine.hub.disk import DiskAccess
from engine.hub.download_queue import DownloadQueue
from engine.hub.events import (
    TransferEvent,
    TransferFailed,
    TransferFinished,
    TransferProgressed,
)
from engine.hub.hub_access import HubAccess, HubEndpoints
from engine.hub.settings import NetworkTimeouts, TransferSettings
from engine.models.manifest import (
    ModelKind,
    ModelManifest,
    ModelRole,
    ModelSource,
    SourceType,
)
from tests.hub.emulator.server import Emulator

T = TypeVar("T")
MB = 1024 * 1024
REPOSITORY = "OpenVINO/tiny-int4-ov"
BIN = "openvino_model.bin"
SMALL = "config.json"
SETTINGS = TransferSettings(
    backoff_s=0.01,
    block_bytes=64 * 1024,
    disk_margin_bytes=MB,
    progress_s=0.02,
    stalled_s=0.1,
)
TIMEOUTS = NetworkTimeouts(connect_s=20.0, read_s=20.0, metadata_s=40.0)
"""Long: a busy machine must not look like a silent hub."""
IMPATIENT = NetworkTimeouts(connect_s=20.0, read_s=0.4, metadata_s=0.6)
"""For tests of silence."""


def model_files(size_bytes: int = MB, *, seed: int = 1) -> dict[str, bytes]:
    """What a small model repository holds; `size_bytes` of weights."""
    return {
        ".gitattributes": b"*.bin filter=lfs\n",
        "README.md": b"---\nlicense: apache-2.0\n---\n# Tiny\nA tiny model.\n",
        SMALL: b'{"model_type": "tiny"}',
        "openvino_model.xml": b"<net/>",
        BIN: random.Random(seed).randbytes(size_bytes),
    }


def wanted(
    repository: str = REPOSITORY,
    *,
    source: SourceType = SourceType.HUGGINGFACE,
    revision: str | None = None,
    endpoint: str | None = None,
) -> ModelManifest:
    """The order for a repository."""
    return ModelManifest(
        id=repository,
        name=repository.rsplit("/", maxsplit=1)[-1],
        role=ModelRole.MAIN,
        kind=ModelKind.LLM,
        source=ModelSource(
            type=source, repository=repository, revision=revision, endpoint=endpoint
        ),
    )


class MemoryKeyring:
    """A keyring that works."""

    def __init__(self) -> None:
        self.passwords: dict[tuple[str, str], str] = {}

    def get_password(self, service_name: str, username: str) -> str | None:
        return self.passwords.get((service_name, username))

    def set_password(self, service_name: str, username: str, password: str) -> None:
        self.passwords[service_name, username] = password

    def delete_password(self, service_name: str, username: str) -> None:
        self.passwords.pop((service_name, username), None)


class FastClock:
    """Time runs `factor` times as fast as on the wall."""

    def __init__(self, factor: float) -> None:
        self._factor = factor

    def monotonic_s(self) -> float:
        return time.monotonic() * self._factor

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self._factor)


@dataclass(kw_only=True)
class Rig:
    """Emulator, models folder and what was told about the downloads into it."""

    emulator: Emulator
    models: Path
    settings: TransferSettings = SETTINGS
    timeouts: NetworkTimeouts = TIMEOUTS
    clock: Clock = field(default_factory=SystemClock)
    disk: DiskAccess = field(default_factory=DiskAccess)
    keyring: MemoryKeyring = field(default_factory=MemoryKeyring)
    endpoints: HubEndpoints | None = None
    events: list[TransferEvent] = field(default_factory=list)

    @asynccontextmanager
    async def hubs(self) -> AsyncIterator[HubAccess]:
        """Access to the emulated hubs."""
        at_emulator = HubEndpoints(huggingface=self.emulator.url, modelscope=self.emulator.url)
        hubs = HubAccess(
            Credentials(self.keyring),
            endpoints=self.endpoints or at_emulator,
            timeouts=self.timeouts,
        )
        try:
            yield hubs
        finally:
            await hubs.close()

    @asynccontextmanager
    async def queue(self) -> AsyncIterator[DownloadQueue]:
        """A started queue."""
        async with self.hubs() as hubs:
            queue = DownloadQueue(
                self.models,
                hubs=hubs,
                on_event=self.events.append,
                settings=self.settings,
                clock=self.clock,
                disk=self.disk,
                rng=random.Random(1),
            )
            await queue.start()
            try:
                yield queue
            finally:
                await queue.close()

    def ask(self, question: Callable[[HubAccess], Awaitable[T]]) -> T:
        """Ask the hubs one thing."""

        async def run() -> T:
            async with self.hubs() as hubs:
                return await question(hubs)

        return asyncio.run(run())

    def with_queue(self, work: Callable[[DownloadQueue], Awaitable[T]]) -> T:
        """Do something with a queue; it is closed afterwards."""

        async def run() -> T:
            async with self.queue() as queue:
                return await work(queue)

        return asyncio.run(run())

    def download(self, model: ModelManifest | None = None) -> TransferEvent:
        """Download until the end, good or bad, and return the last word."""

        async def work(queue: DownloadQueue) -> None:
            await queue.add(model or wanted())
            await queue.wait_idle()

        self.with_queue(work)
        return next(e for e in reversed(self.events) if not isinstance(e, TransferProgressed))

    def install(self, model: ModelManifest | None = None) -> Path:
        """Download, and expect it to succeed."""
        event = self.download(model)
        assert isinstance(event, TransferFinished), event
        return event.path

    def fail(self, model: ModelManifest | None = None) -> ErrorInfo:
        """Download, and expect it to fail."""
        event = self.download(model)
        assert isinstance(event, TransferFailed), event
        return event.error

    @property
    def progress(self) -> list[TransferProgressed]:
        """The progress that was told."""
        return [event for event in self.events if isinstance(event, TransferProgressed)]

    def installed_ids(self) -> list[str]:
        """Folders with a manifest, wherever they are."""
        return sorted(
            path.parent.relative_to(self.models).as_posix()
            for path in self.models.rglob("manifest.json")
        )

    def leftovers(self) -> list[str]:
        """Everything below the folder of unfinished downloads."""
        incoming = self.models / ".incoming"
        return sorted(path.relative_to(incoming).as_posix() for path in incoming.rglob("*"))


async def until(condition: Callable[[], bool]) -> None:
    """Return when something has come true; the test's own time limit is the only one."""
    while not condition():  # noqa: ASYNC110 - nothing tells when it comes true
        await asyncio.sleep(0.005)


def facts(error: ErrorInfo) -> dict[str, str | int | float]:
    """The facts of an error by name."""
    return dict(error.facts)


def same_content(folder: Path, files: dict[str, bytes]) -> bool:
    """Whether every file of a folder that the repository has is the same there."""
    found = {p.relative_to(folder).as_posix(): p for p in folder.rglob("*") if p.is_file()}
    found.pop("manifest.json", None)
    return bool(found) and all(found[name].read_bytes() == files[name] for name in found)
