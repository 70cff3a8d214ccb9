"""The devices in the window: the entry of their page, and a word when the CPU had to step in."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtWidgets import QWidget

from app.controllers.device_settings import DeviceSettingsController
from app.controllers.load_controller import LoadController
from app.controllers.settings_writer import SettingsWriter
from app.core.error_text import error_text
from app.features.first_compile import FirstCompileNotice
from app.views.main_window import MainWindow
from app.views.page_stack import PageEntry
from engine.errors import ErrorInfo
from engine.events import DeviceInfo, LoadedPipeline
from engine.placement_history import PlacementHistory
from engine.session import InferenceSession

if TYPE_CHECKING:
    from app.bootstrap import Foundation
    from app.features.device_page import DevicePageLink
    from engine.device_settings_file import DeviceSettingsFile

DEVICES_PAGE = "devices"


class DevicesFeature(QObject):
    """Builds the page when it is first shown.

    Args:
        ladder: what is known of placements; None where no real engine runs.
        models: gives the folder of the installed models, which names those of the ladder.
    """

    def __init__(
        self,
        window: MainWindow,
        loads: LoadController,
        session: InferenceSession,
        *,
        ladder: PlacementHistory | None,
        models: Callable[[], Path],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.window = window
        self.loads = loads
        self.session = session
        self.ladder = ladder
        self.models = models
        self.devices: tuple[DeviceInfo, ...] = ()
        self.are_unknown = False
        self.pipeline: LoadedPipeline | None = None
        self._is_built = False
        loads.devices_unknown.connect(self._on_unknown)
        loads.devices_changed.connect(self._on_devices)
        loads.loaded.connect(self._on_loaded)
        self._connect_settings()
        self.compile_notice = FirstCompileNotice(
            window.page.banner, loads, asked=lambda: loads.asked_spec, parent=self
        )
        window.add_page(
            PageEntry(key=DEVICES_PAGE, label=self.tr("Devices"), icon="cpu", make=self._make_page)
        )
        window.pages.page_changed.connect(self._on_page)

    @cached_property
    def page(self) -> DevicePageLink:
        """The page with its connections."""
        from app.features.device_page import DevicePageLink

        self._is_built = True
        return DevicePageLink(self)

    async def close(self) -> None:
        """End what is under way."""
        if self._is_built:
            await self.page.close()

    def _make_page(self) -> QWidget:
        return self.page.widget

    def _on_page(self, key: str) -> None:
        if key == DEVICES_PAGE:
            self.page.refresh()

    def _on_unknown(self) -> None:
        self.are_unknown = True

    def _on_devices(self, devices: tuple[DeviceInfo, ...]) -> None:
        self.devices = devices
        if self._is_built:
            self.page.on_devices()

    def _connect_settings(self) -> None:
        settings = self.loads.settings
        settings.at_fault.connect(self._tell_fault)
        settings.save_failed.connect(self._tell)
        settings.changed.connect(self._on_settings)
        settings.read_failed.connect(self._tell)

    def _on_settings(self, device: str) -> None:
        """What crashed with other settings gets another chance with these."""
        if self.ladder is not None:
            known = (entry.key for entry in self.ladder.entries())
            self.ladder.forget(tuple(key for key in known if key.device == device))
        if self._is_built:
            self.page.refresh()

    def _tell(self, info: ErrorInfo) -> None:
        text = error_text(info, QCoreApplication.translate)
        self.window.page.banner.show_notice(text.title, text.sentence)

    def _tell_fault(self, error: ErrorInfo, devices: tuple[str, ...]) -> None:
        """The models stand, but without what was set; one button makes that the rule."""
        names = ", ".join(devices)
        sentence = self.tr(
            "The models could not be loaded with what was set on {devices}: {reason} They were "
            "loaded without it."
        )
        reason = error_text(error, QCoreApplication.translate).sentence
        self.window.page.banner.show_offer(
            self.tr("Settings of {devices} are not used").format(devices=names),
            sentence.format(devices=names, reason=reason),
            label=self.tr("Reset"),
            on_accept=lambda: self.loads.settings.reset(devices),
        )
        if self._is_built:
            self.page.refresh()

    def _on_loaded(self, pipeline: LoadedPipeline) -> None:
        self.pipeline = pipeline
        if pipeline.fallback_from is not None:
            self._tell_fallback(pipeline)
        if self._is_built:
            self.page.refresh()

    def _tell_fallback(self, pipeline: LoadedPipeline) -> None:
        from app.core.lab_text import placement_name

        wanted = pipeline.fallback_from
        assert wanted is not None
        sentence = self.tr(
            "\u201c{placement}\u201d ended the engine twice. It is not used until its driver "
            "changes or you say so."
        )
        self.window.page.banner.show_offer(
            self.tr("The CPU took over"),
            sentence.format(placement=placement_name(wanted, QCoreApplication.translate)),
            label=self.tr("Try again"),
            on_accept=self._try_again,
        )

    def _try_again(self) -> None:
        self.page.try_all_again()


def make_device_settings(
    foundation: Foundation, writer: SettingsWriter, parent: QObject
) -> DeviceSettingsController:
    """What is set on the devices, kept in its file."""
    paths = foundation.paths

    def open_file() -> DeviceSettingsFile:
        from engine.device_settings_file import DeviceSettingsFile  # not before the first paint

        return DeviceSettingsFile(paths.devices_file, cache_root=paths.compiled)

    return DeviceSettingsController(open_file, writer, parent)


def add_devices(
    window: MainWindow,
    loads: LoadController,
    session: InferenceSession,
    *,
    ladder: PlacementHistory | None,
    models: Callable[[], Path],
    parent: QObject,
) -> DevicesFeature:
    """Add the page of the devices to the window."""
    return DevicesFeature(window, loads, session, ladder=ladder, models=models, parent=parent)
