"""All controllers of the model page, built together when the first of them is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject

from app.controllers.load_controller import LoadController
from app.controllers.model_discovery import ModelDiscovery
from app.controllers.model_downloads import ModelDownloads
from app.controllers.model_hubs import ModelHubs
from app.controllers.model_library import ModelLibrary
from app.controllers.model_pairing import ModelPairing
from app.controllers.model_tasks import ModelTasks
from app.core.preferences import Preferences
from engine.models.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFolders:
    """Where the model page keeps things."""

    data: Path
    models: Path
    settings_file: Path
    cache_file: Path
    embedded: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelServices:
    """The controllers, with the tasks they share."""

    tasks: ModelTasks
    hubs: ModelHubs
    library: ModelLibrary
    downloads: ModelDownloads
    discovery: ModelDiscovery
    pairing: ModelPairing

    async def close(self) -> None:
        """End everything; what was downloaded so far is kept."""
        await self.downloads.close()
        await self.tasks.close()
        await self.hubs.close()


def make_services(
    folders: ModelFolders,
    loads: LoadController,
    *,
    preferences: Callable[[], Preferences],
    update_preferences: Callable[..., None],
    loaded_paths: Callable[[], Iterable[Path]],
    environment: Mapping[str, str],
    parent: QObject,
) -> ModelServices:
    """Build and join the controllers; nothing is read or asked yet."""
    tasks = ModelTasks()
    hubs = ModelHubs(folders.settings_file, tasks, environment=environment, parent=parent)
    library = ModelLibrary(
        Registry(folders.models, embedded=folders.embedded),
        data=folders.data,
        cache_file=folders.cache_file,
        hubs=hubs,
        tasks=tasks,
        loaded_paths=loaded_paths,
        parent=parent,
    )
    discovery = ModelDiscovery(folders.models, hubs, tasks, parent)
    return ModelServices(
        tasks=tasks,
        hubs=hubs,
        library=library,
        downloads=ModelDownloads(folders.models, hubs, tasks, parent),
        discovery=discovery,
        pairing=ModelPairing(
            library,
            loads,
            hubs=hubs,
            catalog=lambda: discovery.catalog,
            devices=lambda: discovery.devices,
            preferences=preferences,
            update_preferences=update_preferences,
            tasks=tasks,
            parent=parent,
        ),
    )
