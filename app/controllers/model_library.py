"""What is installed, and what is done with it: verify, repair, import, remove, move. Files are
touched in threads only.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.controllers.model_hubs import ModelHubs
from app.controllers.model_tasks import ModelTasks
from app.controllers.model_work import WorkProgress, run_stoppable, teller
from app.viewmodels.model_cards import InstalledCard, LibraryView, Work
from engine.errors import EngineError, ErrorCode, ErrorInfo, ModelError
from engine.hub.blocking import run_blocking
from engine.models.chat_template import ChatTemplate
from engine.models.inspection import Inspection
from engine.models.inspection_cache import InspectionCache
from engine.models.location import remember_models_folder
from engine.models.machine import read_machine
from engine.models.registry import InstalledModel, Registry
from engine.models.unusable import UNUSABLE_NAME, UnusableModels
from engine.models.verify import verify_model
from engine.stop_token import StopToken

IMPORTING = "import"
MOVING = "move"
Steps = Coroutine[Any, Any, None]


class ModelLibrary(QObject):
    """The installed models.

    Signals: `changed(LibraryView)`; `progressed(WorkProgress)`; `ended(str)` with the key of the
    work; `verified(VerifyReport)`; `repaired(str)`; `removed(str, object)` with id and bytes
    freed; `imported(InstalledModel)`; `moved(Path, Path)` with the folder before and the
    new one; `forgiven(InstalledModel)`; `failed(ErrorInfo)`.
    """

    changed = Signal(object)
    progressed = Signal(object)
    ended = Signal(str)
    verified = Signal(object)
    repaired = Signal(str)
    removed = Signal(str, object)
    imported = Signal(object)
    moved = Signal(object, object)
    forgiven = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        registry: Registry,
        *,
        data: Path,
        cache_file: Path,
        hubs: ModelHubs,
        tasks: ModelTasks,
        loaded_paths: Callable[[], Iterable[Path]],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._registry = registry
        self._data = data
        self._unusable = UnusableModels(data / UNUSABLE_NAME)
        self._cache = InspectionCache(cache_file)
        self._cache_lock = asyncio.Lock()
        self._is_swept = False
        self._hubs = hubs
        self._tasks = tasks
        self._loaded_paths = loaded_paths
        self._view = LibraryView(folder=str(registry.root))
        self._stops: dict[str, StopToken] = {}

    @property
    def registry(self) -> Registry:
        """The folders of the models."""
        return self._registry

    @property
    def view(self) -> LibraryView:
        """What is installed, as last seen."""
        return self._view

    def is_loaded(self, model: InstalledModel) -> bool:
        """Whether the engine holds its files."""
        return model.path.resolve() in {path.resolve() for path in self._loaded_paths()}

    def is_busy(self, key: str) -> bool:
        """Whether something is being done with it."""
        return key in self._stops

    def refresh(self) -> None:
        """Look at the folders again."""
        self._tasks.start(self._refresh(), on_error=self.failed.emit)

    def cancel(self, key: str) -> None:
        """Stop what is being done."""
        if key in self._stops:
            self._stops[key].set()

    def verify(self, model: InstalledModel) -> None:
        """Compare every file with its digest."""
        self._begin(model.id, lambda stop: self._verify(model, stop))

    def repair(self, model: InstalledModel, files: Iterable[str]) -> None:
        """Fetch single files again from where the model came from."""
        wanted = tuple(files)
        self._begin(model.id, lambda stop: self._repair(model, wanted, stop))

    def remove(self, model: InstalledModel) -> None:
        """Delete a model; refused while it is loaded."""
        self._begin(model.id, lambda stop: self._remove(model, stop))

    def bring_in(self, folder: Path, *, in_place: bool) -> None:
        """Import a folder of the user's own."""
        self._begin(IMPORTING, lambda stop: self._import(folder, in_place, stop))

    def move(self, target: Path) -> None:
        """Move all models to another folder and remember it."""
        self._begin(MOVING, lambda stop: self._move(target, stop))

    def forgive(self, model: InstalledModel) -> None:
        """Let a model that proved unusable be loaded again."""
        self._tasks.start(self._forgive(model), on_error=self.failed.emit)

    async def look(self) -> LibraryView:
        """Scan, tell, inspect, tell again; returns what is installed.

        The first look also deletes what a crash left of deletions and imports.
        """
        async with self._cache_lock:
            registry = self._registry
            models = await run_blocking(registry.scan)
            known = {card.model.path: card.found for card in self._view.cards}
            await self._show(models, known)
            found = await run_blocking(self._inspect_all, models)
            if not self._is_swept:
                self._is_swept = True
                await run_blocking(registry.sweep)
            await self._show(models, found)
        return self._view

    def template(self, model: InstalledModel) -> ChatTemplate | None:
        """The chat template of a model, as text; None when it has none or was not looked at."""
        card = self._view.card(model.id)
        return card.found.template if card is not None and card.found is not None else None

    async def _forgive(self, model: InstalledModel) -> None:
        await run_blocking(self._unusable.forget, model.path)
        await self.look()
        self.forgiven.emit(model)

    async def _refresh(self) -> None:
        await self.look()

    async def _show(
        self, models: tuple[InstalledModel, ...], found: dict[Path, Inspection | None]
    ) -> None:
        root = self._registry.root
        machine = await run_blocking(read_machine, root)
        marks = await run_blocking(self._marks, models)
        cards = tuple(
            InstalledCard(model=m, found=found.get(m.path), marked=marks.get(m.path))
            for m in models
        )
        total = sum(m.size_bytes for m in models if not (m.in_place or m.embedded))
        view = LibraryView(
            cards=cards, total_bytes=total, free_bytes=machine.disk_free_bytes, folder=str(root)
        )
        if view != self._view:
            self._view = view
            self.changed.emit(view)

    def _marks(self, models: tuple[InstalledModel, ...]) -> dict[Path, ErrorInfo]:
        found = ((model.path, self._unusable.find(model.path)) for model in models)
        return {path: error for path, error in found if error is not None}

    def _inspect_all(self, models: tuple[InstalledModel, ...]) -> dict[Path, Inspection | None]:
        found: dict[Path, Inspection | None] = {}
        for model in models:
            try:
                found[model.path] = self._cache.inspect(model)
            except EngineError:  # gone meanwhile: the next look will not list it
                found[model.path] = None
        with contextlib.suppress(EngineError):  # only the next start will be slower
            self._cache.save()
        return found

    def _begin(self, key: str, work: Callable[[StopToken], Steps]) -> None:
        if key in self._stops:
            return
        stop = self._stops[key] = StopToken()
        self._tasks.start(self._run(key, work(stop)), on_error=self._told)

    async def _run(self, key: str, steps: Steps) -> None:
        try:
            await steps
        finally:
            self._stops.pop(key, None)
            self.ended.emit(key)
        await self.look()

    def _told(self, error: ErrorInfo) -> None:
        if not error.is_cancellation:
            self.failed.emit(error)

    async def _verify(self, model: InstalledModel, stop: StopToken) -> None:
        tell = teller(model.id, Work.VERIFYING, emit=self.progressed.emit)
        tell(0, 1)
        report = await run_stoppable(stop, lambda: verify_model(model, on_progress=tell, stop=stop))
        self.verified.emit(report)

    async def _repair(self, model: InstalledModel, files: tuple[str, ...], stop: StopToken) -> None:
        from engine.hub.repair import Repair

        if self.is_loaded(model):
            raise ModelError(
                f"'{model.id}' is loaded.", code=ErrorCode.MODEL_IN_USE, model=model.id
            )
        self.progressed.emit(WorkProgress(key=model.id, work=Work.REPAIRING))
        folder = model.manifest_folder or model.path
        repair = Repair(folder, models_folder=self._registry.root, hubs=self._hubs.access)
        task = asyncio.current_task()
        loop = asyncio.get_running_loop()
        stop.on_set(lambda: _cancel_soon(loop, task))
        await repair.run(files)
        self.repaired.emit(model.id)

    async def _remove(self, model: InstalledModel, stop: StopToken) -> None:
        del stop  # a rename cannot be stopped half way
        self.progressed.emit(WorkProgress(key=model.id, work=Work.REMOVING))
        loaded = tuple(self._loaded_paths())
        freed = await run_blocking(lambda: self._registry.remove(model.id, loaded_paths=loaded))
        self.removed.emit(model.id, freed)

    async def _import(self, folder: Path, in_place: bool, stop: StopToken) -> None:
        from engine.models.import_folder import import_copy, import_in_place, plan_import

        tell = teller(IMPORTING, None, emit=self.progressed.emit)
        tell(0, 1)
        take = import_in_place if in_place else import_copy
        model = await run_stoppable(
            stop,
            lambda: take(plan_import(folder), self._registry, on_progress=tell, stop=stop),
        )
        self.imported.emit(model)

    async def _move(self, target: Path, stop: StopToken) -> None:
        from engine.models.relocation import move_models

        tell = teller(MOVING, None, emit=self.progressed.emit)
        tell(0, 1)
        loaded = tuple(self._loaded_paths())
        moved = await run_stoppable(
            stop,
            lambda: move_models(
                self._registry, target, loaded_paths=loaded, on_progress=tell, stop=stop
            ),
        )
        await run_blocking(remember_models_folder, self._data, moved.root)
        old, self._registry = self._registry.root, moved
        self.moved.emit(old, moved.root)


def _cancel_soon(loop: asyncio.AbstractEventLoop, task: asyncio.Task[Any] | None) -> None:
    if task is not None:
        loop.call_soon_threadsafe(task.cancel)
