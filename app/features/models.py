"""The models in the window: the page, the choice of a pair from the top bar, unfinished downloads.

Nothing but a look into one folder happens before any of it is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from app.controllers.load_controller import LoadController
from app.controllers.preferences_controller import PreferencesController
from app.core.filling import filled
from app.palette import Palette
from app.paths import AppPaths
from app.views.main_window import MainWindow
from app.views.page_stack import CHAT_PAGE, PageEntry
from engine.events import DeviceInfo, LoadedPipeline
from engine.models.registry import INCOMING_NAME, InstalledModel
from engine.resources import asset_path
from engine.state import SessionState

if TYPE_CHECKING:
    from app.controllers.model_services import ModelServices
    from app.features.model_page import ModelPageLink
    from app.features.model_picker import ModelPicker

MODELS_PAGE = "models"


class ModelsFeature(QObject):
    """Builds the parts when they are needed and knows what is loaded."""

    def __init__(
        self,
        window: MainWindow,
        loads: LoadController,
        preferences: PreferencesController,
        *,
        paths: AppPaths,
        palette: Callable[[], Palette],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.window = window
        self.loads = loads
        self.preferences = preferences
        self.palette = palette
        self.devices: tuple[DeviceInfo, ...] = ()
        self._paths = paths
        self._pipeline: LoadedPipeline | None = None
        self._has_services = False
        self._has_page = False
        loads.loaded.connect(self._on_loaded)
        loads.devices_changed.connect(self._on_devices)
        loads.devices_renamed.connect(self._on_renamed)
        window.add_page(
            PageEntry(key=MODELS_PAGE, label=self.tr("Models"), icon="box", make=self._make_page)
        )
        window.top_bar.pair.clicked.connect(self.choose_pair)
        window.page.empty_state.models_requested.connect(self.show_recommended)

    def keep_placement(self) -> None:
        """Make what is in use the default of the main model."""
        self.services.pairing.keep_placement()

    @cached_property
    def services(self) -> ModelServices:
        """The controllers."""
        from app.controllers.model_services import ModelFolders, make_services
        from engine.models.settings import SETTINGS_NAME  # with all that inspects models

        folders = ModelFolders(
            data=self._paths.data,
            models=self._paths.models,
            settings_file=self._paths.config / SETTINGS_NAME,
            cache_file=self._paths.cache / "inspections.json",
            embedded=asset_path("models"),
        )
        services = make_services(
            folders,
            self.loads,
            preferences=lambda: self.preferences.current,
            update_preferences=self.preferences.update,
            loaded_paths=self.loaded_paths,
            environment=os.environ,
            parent=self,
        )
        services.discovery.set_devices(self.devices)
        services.library.moved.connect(self.loads.follow_move)
        self._has_services = True
        return services

    @cached_property
    def page(self) -> ModelPageLink:
        """The page with its connections."""
        from app.features.model_page import ModelPageLink

        page = ModelPageLink(self)
        self._has_page = True
        return page

    @cached_property
    def picker(self) -> ModelPicker:
        """The choice of a pair."""
        from app.features.model_picker import ModelPicker

        return ModelPicker(self)

    @property
    def is_downloading(self) -> bool:
        """Whether a download is under way."""
        return self._has_services and self.services.downloads.is_active

    def choose_pair(self) -> None:
        """Open the choice of a pair, at the main model in use."""
        self.picker.open()

    def show_recommended(self) -> None:
        """Open the packs, those for this machine first."""
        self.page.show_discover()

    def show_chat(self) -> None:
        """Back to the chat, where a load is seen."""
        self.window.show_page(CHAT_PAGE)

    def offer_unfinished(self) -> None:
        """Tell of downloads an earlier run left; one look at a folder, nothing more."""
        incoming = self._paths.models / INCOMING_NAME
        try:
            names = [p.name for p in incoming.iterdir() if p.is_dir() and p.name[0] != "."]
        except OSError:
            return
        banner = self.window.page.banner
        if names and not banner.is_shown:
            banner.show_offer(
                filled(self.tr("{count} unfinished {count:download|downloads}"), count=len(names)),
                self.tr("What arrived is kept; they go on where they stopped."),
                label=self.tr("Show downloads"),
                on_accept=self._show_downloads,
            )

    def is_in_use(self, model: InstalledModel) -> bool:
        """Whether the chosen pair has this model."""
        pair = self.loads.choice.pair
        return model.path in (pair.main_path, pair.draft_path)

    def loaded_paths(self) -> tuple[Path, ...]:
        """Folders the engine may be reading."""
        choice = self.loads.choice
        found = []
        if self._pipeline is not None and self.loads.state is not SessionState.IDLE:
            spec = self._pipeline.spec
            found = [Path(path) for path in (spec.main_path, spec.draft_path) if path]
        if self.loads.state is SessionState.LOADING or self.loads.is_held:
            # Held: a comparison reads them with an engine of its own.
            pair = choice.pair
            found += [path for path in (pair.main_path, pair.draft_path) if path is not None]
        return tuple(found)

    async def close(self) -> None:
        """Keep what was downloaded and end everything."""
        if self._has_services:
            await self.services.close()

    def _make_page(self) -> QWidget:
        return self.page.widget

    def _show_downloads(self) -> None:
        from app.views.models.page import Tab

        self.window.show_page(MODELS_PAGE)
        self.page.widget.show_tab(Tab.DOWNLOADS)

    def _on_loaded(self, pipeline: LoadedPipeline) -> None:
        self._pipeline = pipeline
        if self._has_page:
            self.page.show_use()

    def _on_renamed(self, names: dict[str, str]) -> None:
        """The defaults of models follow their devices to other names."""
        hubs = self.services.hubs
        hubs.change(hubs.settings.with_renamed(names))

    def _on_devices(self, devices: tuple[DeviceInfo, ...]) -> None:
        self.devices = devices
        if self._has_services:
            self.services.discovery.set_devices(devices)


def add_models(
    window: MainWindow,
    loads: LoadController,
    preferences: PreferencesController,
    *,
    paths: AppPaths,
    palette: Callable[[], Palette],
    parent: QObject,
) -> ModelsFeature:
    """Add the page of the models and the choice of a pair to the window."""
    return ModelsFeature(window, loads, preferences, paths=paths, palette=palette, parent=parent)
