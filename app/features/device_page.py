"""Connects the page of the devices with the engine's list and with the ladder of placements."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject

from app.controllers.model_tasks import ModelTasks
from app.core.device_text import (
    cache_text,
    changes_text,
    computes_in,
    kind_text,
    missing_text,
    npu_lines,
    status_text,
)
from app.core.error_text import error_text
from app.core.formatting import size
from app.features.device_properties import DevicePropertiesEditor
from app.views.devices.page import DeviceEntry, DevicesPage, LadderEntry
from app.views.models.parts import joined
from engine.compile_cache import cache_bytes, clear_cache
from engine.device_settings import DeviceSettings
from engine.devices import MissingDevice, missing_devices, order_devices
from engine.errors import ErrorInfo
from engine.events import DeviceInfo, DeviceKind
from engine.hub.blocking import run_blocking
from engine.models.registry import Registry
from engine.placement_history import (
    PlacementEntry,
    PlacementKey,
    PlacementStatus,
    folder_digest,
)
from engine.resources import asset_path

if TYPE_CHECKING:
    from app.features.devices import DevicesFeature

translate = QCoreApplication.translate
_SHOWN = (PlacementStatus.BAD, PlacementStatus.SUSPECT)
_ICONS = {DeviceKind.CPU: "cpu", DeviceKind.NPU: "brain"}


class DevicePageLink(QObject):
    """The page, and what its buttons do."""

    def __init__(self, feature: DevicesFeature) -> None:
        super().__init__(feature)
        self.widget = DevicesPage()
        self._feature = feature
        self._tasks = ModelTasks()
        self._missing: tuple[MissingDevice, ...] = ()
        self._keys: dict[str, PlacementKey] = {}
        self._fault = ""
        self.widget.refresh_requested.connect(self.look_again)
        self.widget.again_requested.connect(self.try_again)
        self.widget.properties_requested.connect(self._edit)
        self.widget.reset_requested.connect(self._reset)
        self.widget.clear_requested.connect(self._clear)
        self._editor = DevicePropertiesEditor(feature.loads.settings, self)
        self._cached: dict[str, int] = {}

    def refresh(self) -> None:
        """Show everything anew."""
        self._tasks.start(self._refresh(), on_error=self._on_fault)

    def look_again(self) -> None:
        """Ask the engine for the devices anew."""
        self._fault, self._feature.are_unknown = "", False
        self.widget.look.setEnabled(False)
        self._feature.session.list_devices()

    def on_devices(self) -> None:
        """A list came."""
        self.widget.look.setEnabled(True)
        self.refresh()

    def try_again(self, key: str) -> None:
        """Give one placement that crashed another chance."""
        if key in self._keys:
            self._tasks.start(self._forget((self._keys[key],)), on_error=self._on_fault)

    def try_all_again(self) -> None:
        """Give every placement that crashed another chance."""
        ladder = self._feature.ladder
        if ladder is not None:
            keys = tuple(entry.key for entry in ladder.entries() if entry.status in _SHOWN)
            self._tasks.start(self._forget(keys), on_error=self._on_fault)

    @property
    def editor(self) -> DevicePropertiesEditor:
        """The dialog of what can be set on a device."""
        return self._editor

    async def close(self) -> None:
        """End what is under way."""
        await self._tasks.close()

    async def _forget(self, keys: tuple[PlacementKey, ...]) -> None:
        """Forget what is known against placements; a chat that fell back is loaded at once."""
        feature = self._feature
        if feature.ladder is None:
            return
        await run_blocking(feature.ladder.forget, keys)
        fell_back = feature.pipeline is not None and feature.pipeline.fallback_from is not None
        if fell_back and not feature.loads.is_held:
            feature.loads.load()
        await self._refresh()

    def _edit(self, name: str) -> None:
        device = next((d for d in self._feature.devices if d.name == name), None)
        if device is not None:
            window = self.widget.window()
            self._editor.open(device, window=window, palette=self.widget.palette_now)

    def _reset(self, name: str) -> None:
        self._feature.loads.settings.reset((name,))

    def _clear(self, name: str) -> None:
        folder = self._feature.loads.settings.book.cache_folder(name)
        if folder is not None:
            self._tasks.start(self._clear_cache(folder), on_error=self._on_fault)

    async def _clear_cache(self, folder: Path) -> None:
        try:
            await run_blocking(clear_cache, folder)
        finally:
            await self._refresh()

    def _measure_caches(self) -> dict[str, int]:
        book = self._feature.loads.settings.book
        folders = {d.name: book.cache_folder(d.name) for d in self._feature.devices}
        return {name: cache_bytes(folder) for name, folder in folders.items() if folder}

    async def _refresh(self) -> None:
        self._missing = await run_blocking(missing_devices, self._feature.devices)
        self._cached = await run_blocking(self._measure_caches)
        self._show()
        ladder = self._feature.ladder
        if ladder is not None:
            entries = [entry for entry in ladder.entries() if entry.status in _SHOWN]
            names = await run_blocking(self._names) if entries else {}
            self._keys = {_key_of(entry.key): entry.key for entry in entries}
            self.widget.show_ladder([self._ladder_entry(entry, names) for entry in entries])

    def _names(self) -> dict[str, str]:
        registry = Registry(self._feature.models(), embedded=asset_path("models"))
        return {folder_digest(model.path): model.name for model in registry.scan()}

    def _ladder_entry(self, entry: PlacementEntry, names: dict[str, str]) -> LadderEntry:
        model = names.get(entry.key.model_digest) or self.tr("A model that is gone")
        title = self.tr("{model} on {device}").format(model=model, device=entry.key.device)
        detail = status_text(entry.status, translate)
        return LadderEntry(key=_key_of(entry.key), title=title, detail=detail)

    def _show(self) -> None:
        note = self._fault
        if self._feature.are_unknown and not note:
            note = self.tr(
                "The devices could not be listed: a driver ended or did not answer. Only the "
                "processor is offered."
            )
        missing = [
            DeviceEntry(
                icon="circle-help",
                title=entry.family,
                badges=(),
                lines=(missing_text(entry, translate),),
            )
            for entry in self._missing
        ]
        present = [self._entry(device) for device in order_devices(self._feature.devices)]
        self.widget.show_devices(present, missing, note=note)

    def _entry(self, device: DeviceInfo) -> DeviceEntry:
        settings = self._feature.loads.settings.book.settings(device.name)
        size_bytes = self._cached.get(device.name, 0)
        return DeviceEntry(
            icon=_ICONS.get(device.kind, "microchip"),
            title=device.full_name,
            badges=tuple(self._badges(device, settings)),
            lines=self._lines(device, settings),
            device=device.name,
            changes=changes_text(settings, translate),
            is_settable=any(not entry.is_read_only for entry in device.properties),
            cache=cache_text(device, settings, size_bytes=size_bytes, translate=translate),
            can_clear=size_bytes > 0,
        )

    def _lines(self, device: DeviceInfo, settings: DeviceSettings) -> tuple[str, ...]:
        lines = [kind_text(device.kind, translate)]
        if device.emulated:
            lines.append(
                self.tr("Emulated on the processor: its figures say nothing about a real one.")
            )
        facts = []
        if device.memory_bytes is not None:
            facts.append(self.tr("Memory: {size}").format(size=size(device.memory_bytes)))
        if device.driver_version:
            driver = self.tr("Driver: {version}")
            facts.append(driver.format(version=device.driver_version))
        if device.plugin_version:
            plugin = self.tr("Plugin: {version}")
            facts.append(plugin.format(version=device.plugin_version.split("-")[0]))
        if device.capabilities:
            can = self.tr("Computes in {kinds}").format(kinds=computes_in(device))
            facts.append(can)
        lines += [joined(*facts)] if facts else []
        return (*lines, *npu_lines(device, settings, translate))

    def _badges(self, device: DeviceInfo, settings: DeviceSettings) -> list[tuple[str, str]]:
        badges, pipeline = [(device.name, "plain")], self._feature.pipeline
        if device.emulated:
            badges.append((self.tr("emulated"), "warn"))
        if settings.is_suspended:
            badges.append((self.tr("not used"), "error"))
        if count := len(settings.changes):
            badges.append((self.tr("{count} changed").format(count=count), "accent"))
        if pipeline is not None and pipeline.spec.placement.main_device == device.name:
            badges.append((self.tr("main model"), "accent"))
        if pipeline is not None and pipeline.spec.placement.draft_device == device.name:
            badges.append((self.tr("draft model"), "ok"))
        return badges

    def _on_fault(self, error: ErrorInfo) -> None:
        self._fault = error_text(error, translate).sentence
        self._show()


def _key_of(key: PlacementKey) -> str:
    return f"{key.model_digest}/{key.device}/{key.driver_version}/{key.runtime_version}"
