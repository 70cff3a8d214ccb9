"""The Placement Lab in the window: its page, its runs, and the chat while the machine is taken."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QObject, Signal
from PySide6.QtWidgets import QWidget

from app.controllers.chat_controller import ChatController
from app.controllers.load_controller import LoadController
from app.language import WindowLanguage
from app.paths import AppPaths
from app.viewmodels.transcript_model import TranscriptModel
from app.views.main_window import MainWindow
from app.views.page_stack import PageEntry
from engine.backends.base import InferenceBackend
from engine.events import DeviceInfo
from engine.messages import ChatMessage
from engine.resources import asset_path
from engine.session import InferenceSession

if TYPE_CHECKING:
    from app.controllers.lab_controller import LabController, LabStage
    from app.controllers.lab_runs import LabRuns
    from app.features.lab_page import LabPageLink
    from engine.lab.history import LabHistory

LAB_PAGE = "lab"


class LabFeature(QObject):
    """Builds the page when it is first shown; knows the devices from the start.

    Args:
        make_backend: makes the engine of one load; by default a process of its own.

    Signals: `placement_chosen()`, a measured placement is in use and shall be the pair's default.
    """

    placement_chosen = Signal()

    def __init__(
        self,
        window: MainWindow,
        loads: LoadController,
        session: InferenceSession,
        *,
        language: WindowLanguage,
        transcript: TranscriptModel,
        chat: ChatController,
        paths: AppPaths,
        make_backend: Callable[[], InferenceBackend] | None = None,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self.window = window
        self.loads = loads
        self.devices: tuple[DeviceInfo, ...] = ()
        self.make_backend = make_backend or self._make_backend
        self._session = session
        self._language = language
        self._transcript = transcript
        self._paths = paths
        self._is_built = False
        loads.devices_changed.connect(self._on_devices)
        loads.choice_changed.connect(self._on_choice)
        chat.sent.connect(self._on_sent)
        window.add_page(
            PageEntry(
                key=LAB_PAGE,
                label=self.tr("Compare placements"),
                icon="trophy",
                make=self._make_page,
            )
        )
        window.pages.page_changed.connect(self._on_page)

    @cached_property
    def history(self) -> LabHistory:
        """The runs on disk."""
        from engine.lab.history import LabHistory

        return LabHistory(self._paths.data / "lab")

    @cached_property
    def controller(self) -> LabController:
        """What runs the jobs."""
        from app.controllers.lab_controller import LabController

        controller = LabController(
            self._session,
            self.loads,
            history=self.history,
            make_backend=self.make_backend,
            model_folders=self._model_folders,
            parent=self,
        )
        controller.devices = self.devices
        controller.stage_changed.connect(self._on_stage)
        self._is_built = True
        return controller

    @cached_property
    def runs(self) -> LabRuns:
        """What looks after the runs on disk."""
        from app.controllers.lab_runs import LabRuns

        return LabRuns(
            self.history,
            tasks=self.controller.tasks,
            translate=QCoreApplication.translate,
            language=lambda: self._language.name.replace("_", "-"),
            parent=self,
        )

    @cached_property
    def page(self) -> LabPageLink:
        """The page with its connections."""
        from app.features.lab_page import LabPageLink

        return LabPageLink(self)

    @property
    def is_busy(self) -> bool:
        """Whether placements are being compared."""
        return self._is_built and self.controller.is_busy

    def chat_messages(self) -> tuple[ChatMessage, ...]:
        """The chat in the window."""
        rows = range(len(self._transcript))
        messages = (self._transcript.message(row) for row in rows)
        return tuple(ChatMessage(m.role, m.text) for m in messages if m.text)

    async def close(self) -> None:
        """Stop what runs and wait for its end."""
        if self._is_built:
            await self.controller.close()

    def _make_page(self) -> QWidget:
        return self.page.widget

    def _model_folders(self) -> list[Path]:
        """Of every model there is now; asked on a worker thread."""
        from engine.models.registry import Registry

        registry = Registry(self._paths.models, embedded=asset_path("models"))
        return [model.path for model in registry.scan()]

    def _make_backend(self) -> InferenceBackend:
        """A fresh engine: of invented text for the demonstration without models."""
        if self.loads.choice.pair.is_scripted:
            from engine.backends.fake_backend import FakeBackend
            from engine.backends.fake_script import FakeOptions, FakeTiming

            timing = FakeTiming(load_phase_s=0.05, prefill_s=0.05, run_s=0.01)
            return FakeBackend(FakeOptions(timing=timing))
        from engine.backends.process_backend import ProcessBackend

        return ProcessBackend(log_dir=self._paths.logs / "lab")

    def _on_devices(self, devices: tuple[DeviceInfo, ...]) -> None:
        self.devices = devices
        if self._is_built:
            self.controller.devices = devices
            self.page.show_setup()

    def _on_choice(self, _choice: object) -> None:
        if self._is_built:
            self.page.show_setup()

    def _on_page(self, key: str) -> None:
        if key == LAB_PAGE:
            self.page.show_setup()
            self.page.results.show_again()

    def _on_stage(self, stage: LabStage) -> None:
        """Say in the chat why its models are away, with the one thing to do about it."""
        from app.controllers.lab_controller import LabStage

        banner = self.window.page.banner
        if stage is LabStage.RUNNING:
            self._show_banner(
                self.tr("The models of the chat come back afterwards; a message sent now waits.")
            )
        elif stage is LabStage.IDLE and banner.title.text() == self._banner_title():
            banner.hide()

    def _on_sent(self) -> None:
        if self._is_built and self.controller.is_busy:
            self._show_banner(
                self.tr("Your message is answered afterwards. Stop to have it answered now.")
            )

    def _show_banner(self, sentence: str) -> None:
        self.window.page.banner.show_offer(
            self._banner_title(),
            sentence,
            label=self.tr("Stop comparing"),
            on_accept=self.controller.cancel,
        )

    def _banner_title(self) -> str:
        return self.tr("Placements are being compared")


def add_lab(
    window: MainWindow,
    loads: LoadController,
    session: InferenceSession,
    *,
    language: WindowLanguage,
    transcript: TranscriptModel,
    chat: ChatController,
    paths: AppPaths,
    parent: QObject,
) -> LabFeature:
    """Add the page of the Lab to the window."""
    return LabFeature(
        window,
        loads,
        session,
        language=language,
        transcript=transcript,
        chat=chat,
        paths=paths,
        parent=parent,
    )
