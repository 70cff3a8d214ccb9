"""Says while a model is compiled for an NPU or a GPU that the first time takes long, and how long
it has taken so far.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QElapsedTimer, QObject, QTimer

from app.controllers.load_controller import LoadController
from app.core.formatting import duration
from app.views.banner import Banner
from engine.events import LoadPhase
from engine.placement import LoadSpec
from engine.state import SessionState

TICK_MS = 1000
_PATIENCE_S = 4.0
"""A model that is read from disk is there sooner."""


class FirstCompileNotice(QObject):
    """Shows itself in the banner of the chat, and takes itself away when the load ends.

    Args:
        asked: what is being loaded.
    """

    def __init__(
        self,
        banner: Banner,
        loads: LoadController,
        *,
        asked: Callable[[], LoadSpec | None],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._banner = banner
        self._loads = loads
        self._asked = asked
        self._device = ""
        self._is_first = False
        self._is_told = False
        self._clock = QElapsedTimer()
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self.tell)
        loads.phase_changed.connect(self._on_phase)
        loads.state_changed.connect(self._on_state)

    def tell(self) -> None:
        """Say how long it has taken, once it takes longer than reading from disk."""
        if not self._timer.isActive():
            return
        elapsed_s = self._clock.elapsed() / 1000
        if not (self._is_told or self._is_first or elapsed_s > _PATIENCE_S):
            return
        sentence = self._sentence().format(device=self._device, time=duration(elapsed_s))
        if self._is_told and self._banner.title.text() != self._title():
            return  # something else has to be said meanwhile
        if self._is_told:
            self._banner.sentence.setText(sentence)
            return
        self._is_told = True
        self._banner.show_notice(self._title(), sentence)

    def _on_phase(self, phase: LoadPhase) -> None:
        device = self._compiling(phase)
        if device is None:
            if phase is not LoadPhase.WARMING_UP:  # what is lazy is compiled there
                self._end()
            return
        if not self._timer.isActive():
            self._clock.start()
            self._timer.start()
        self._device = device
        folder = self._loads.settings.book.cache_folder(device)
        self._is_first = folder is None or not _has_models(folder)

    def _on_state(self, state: SessionState) -> None:
        if state is not SessionState.LOADING:
            self._end()

    def _end(self) -> None:
        self._timer.stop()
        if self._is_told and self._banner.title.text() == self._title():
            self._banner.hide()
        self._is_told = False

    def _compiling(self, phase: LoadPhase) -> str | None:
        """The device something is compiled for, where that takes long."""
        spec = self._asked()
        if spec is None or phase not in (LoadPhase.COMPILING_MAIN, LoadPhase.COMPILING_DRAFT):
            return None
        is_main = phase is LoadPhase.COMPILING_MAIN
        names = (spec.placement.main_device, spec.placement.draft_device)
        # A draft on the NPU is compiled together with the main model.
        for name in names if is_main else names[1:]:
            if name is not None and name.split(".", maxsplit=1)[0] in ("GPU", "NPU"):
                return name
        return None

    def _title(self) -> str:
        return self.tr("Compiling for {device}").format(device=self._device)

    def _sentence(self) -> str:
        from engine.device_settings import keeps_compiled

        settings = self._loads.settings.book.used(self._device)
        if keeps_compiled(self._device, settings):
            return self.tr(
                "{time} so far. The first start on {device} compiles the models, which can take "
                "minutes; later starts are quick."
            )
        return self.tr(
            "{time} so far. Compiled models of {device} are not kept, so every start takes this "
            "long."
        )


def _has_models(folder: Path) -> bool:
    return next(folder.glob("*.blob"), None) is not None
