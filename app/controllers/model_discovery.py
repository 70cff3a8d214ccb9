"""Finding models: what suits this machine, a search on the hub, one repository in detail."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.controllers.model_hubs import ModelHubs
from app.controllers.model_tasks import ModelTasks
from engine.errors import EngineError
from engine.events import DeviceInfo
from engine.hub.blocking import run_blocking
from engine.hub.references import parse_reference
from engine.hub.sources import ModelCard, ModelSummary, RemoteModel
from engine.models.catalog import Catalog, CatalogModel, load_catalog
from engine.models.download_fit import plan_repository
from engine.models.fit import FitReport, Need, plan_disk
from engine.models.machine import MachineFacts, read_machine
from engine.models.manifest import ModelSource, SourceType
from engine.models.orders import HubChoice
from engine.models.recommendation import Recommendation, recommend


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResult:
    """What a search gave."""

    text: str
    owner: str | None
    models: tuple[ModelSummary, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RepositoryDetails:
    """One repository with its card."""

    remote: RemoteModel
    card: ModelCard
    has_token: bool
    """Whether a token of this hub is kept."""
    fit: FitReport
    disk: Need
    draft: CatalogModel | None = None
    """What the catalogue would fetch with it."""


class ModelDiscovery(QObject):
    """Signals: `recommended(Recommendation)`; `searching(bool)`; `found(SearchResult)`;
    `search_failed(ErrorInfo)`; `described(RepositoryDetails)`; `describe_failed(ErrorInfo)`;
    `mirror_verified(MirrorReport)`; `mirror_failed(ErrorInfo)`; `token_stored(TokenStorage)`;
    `failed(ErrorInfo)`.
    """

    recommended = Signal(object)
    searching = Signal(bool)
    found = Signal(object)
    search_failed = Signal(object)
    described = Signal(object)
    describe_failed = Signal(object)
    mirror_verified = Signal(object)
    mirror_failed = Signal(object)
    token_stored = Signal(object)
    failed = Signal(object)

    def __init__(
        self, root: Path, hubs: ModelHubs, tasks: ModelTasks, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.hubs = hubs
        self._root = root
        self._tasks = tasks
        self._catalog: Catalog | None = None
        self._devices: tuple[DeviceInfo, ...] = ()
        self._search: asyncio.Task[None] | None = None
        self._describe: asyncio.Task[None] | None = None
        self.recommendation: Recommendation | None = None
        self.machine: MachineFacts | None = None

    @property
    def catalog(self) -> Catalog:
        """The built-in catalogue."""
        if self._catalog is None:
            self._catalog = load_catalog()
        return self._catalog

    @property
    def devices(self) -> tuple[DeviceInfo, ...]:
        """The devices of this machine, as last told."""
        return self._devices

    def set_devices(self, devices: tuple[DeviceInfo, ...]) -> None:
        """Take the devices of this machine; the packs are judged anew when they are shown."""
        if devices != self._devices:
            self._devices = devices
            if self.recommendation is not None:
                self.judge()

    def set_root(self, root: Path) -> None:
        """The models were moved."""
        self._root = root

    def judge(self) -> None:
        """Judge every pack on this machine as it is now."""
        self._tasks.start(self._judge(), on_error=self.failed.emit)

    def search(self, text: str, *, owner: str | None) -> None:
        """Search the hub; a newer search ends an older one."""
        if self._search is not None:
            self._search.cancel()
        self._search = self._tasks.start(
            self._find(text.strip(), owner), on_error=self.search_failed.emit
        )

    def open(self, source: ModelSource) -> None:
        """Ask for files, sizes, licence and card of one repository."""
        if self._describe is not None:
            self._describe.cancel()
        self._describe = self._tasks.start(self._open(source), on_error=self.describe_failed.emit)

    def source_of(self, repository: str) -> ModelSource:
        """A repository on the chosen hub."""
        return self.hubs.choice.source_of(repository)

    def verify_mirror(self, url: str) -> None:
        """Try out a mirror and use it when it works."""
        self._tasks.start(self._verify_mirror(url), on_error=self.mirror_failed.emit)

    def store_token(self, token: str) -> None:
        """Keep a token of the chosen hub."""
        self._tasks.start(self._store_token(token), on_error=self.failed.emit)

    def forget_token(self) -> None:
        """Delete the token of the chosen hub."""
        self._tasks.start(self.hubs.forget_token(), on_error=self.failed.emit)

    def named(self, text: str) -> ModelSource | None:
        """The repository a text or URL names, else None; a plain name means the chosen hub."""
        mirror = self.hubs.settings.mirror
        source = parse_reference(text, mirrors=(mirror,) if mirror else ())
        if source is None or "://" in text or source.type is not SourceType.HUGGINGFACE:
            return source
        choice: HubChoice = self.hubs.choice
        return choice.source_of(source.repository or "", revision=source.revision)

    async def _judge(self) -> None:
        self.machine = await run_blocking(read_machine, self._root, self._devices)
        self.recommendation = recommend(self.catalog, self.machine)
        self.recommended.emit(self.recommendation)

    async def _find(self, text: str, owner: str | None) -> None:
        self.searching.emit(True)
        try:
            models = await self.hubs.source.search(text, owner=owner)
        finally:
            if self._search is asyncio.current_task():
                self.searching.emit(False)
        self.found.emit(SearchResult(text=text, owner=owner, models=models))

    async def _open(self, source: ModelSource) -> None:
        hub = self.hubs.access.source_of(source)
        repository = source.repository or ""
        remote = await hub.describe(repository, revision=source.revision)
        try:
            card = await hub.model_card(repository, revision=source.revision)
        except EngineError:  # a gated card, or none: the files are what counts
            card = ModelCard(text="")
        has_token = remote.summary.gated and await self.hubs.has_token()
        machine = await run_blocking(read_machine, self._root, self._devices)
        sizes = {file.path: file.size_bytes for file in remote.files}
        is_chosen_hub = source.type is self.hubs.choice.type
        self.described.emit(
            RepositoryDetails(
                remote=remote,
                card=card,
                has_token=has_token,
                fit=plan_repository(sizes, self.catalog.model(repository), machine),
                disk=plan_disk(remote.size_bytes, machine),
                draft=self.catalog.draft_for(repository) if is_chosen_hub else None,
            )
        )

    async def _verify_mirror(self, url: str) -> None:
        self.mirror_verified.emit(await self.hubs.use_mirror(url))

    async def _store_token(self, token: str) -> None:
        self.token_stored.emit(await self.hubs.store_token(token))
