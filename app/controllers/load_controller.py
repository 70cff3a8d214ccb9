"""Joins the placement controls with the session: choices become loads. It never blocks."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.controllers.device_settings import DeviceSettingsController
from app.core.load_choice import LoadChoice
from engine.context_limit import limit_context
from engine.errors import EngineError
from engine.events import (
    DeviceInfo,
    DevicesListed,
    EngineEvent,
    EngineRestarted,
    LoadFailed,
    LoadPhaseChanged,
    PipelineLoaded,
    StateChanged,
)
from engine.placement import LoadSpec, Strategy
from engine.session import InferenceSession
from engine.state import SessionState

_LOG = logging.getLogger(__name__)


class LoadController(QObject):
    """What is loaded, what should be, and what is going on.

    Guarantees: after a failed load `choice` is the last good one again, which the session brings
    back by itself; the failed one is kept for `try_again` and its kin. Signals carry the values
    named in the comments beside them.
    """

    choice_changed = Signal(object)  # LoadChoice
    state_changed = Signal(object)  # SessionState
    phase_changed = Signal(object)  # LoadPhase
    loaded = Signal(object)  # LoadedPipeline
    failed = Signal(object)  # ErrorInfo
    restarted = Signal(object)  # EngineRestarted
    devices_changed = Signal(object)  # tuple[DeviceInfo, ...]
    devices_renamed = Signal(object)  # dict[str, str], old name -> new name
    devices_unknown = Signal()  # only the CPU is offered
    ready_changed = Signal(bool)

    def __init__(
        self,
        session: InferenceSession,
        choice: LoadChoice,
        *,
        samples: Callable[[], bool],
        uses_threshold: Callable[[], bool] = lambda: False,
        settings: DeviceSettingsController | None = None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.settings = settings or DeviceSettingsController(None, parent=self)
        self.settings.changed.connect(self._on_settings)
        self._session = session
        self._choice = choice
        self._samples = samples
        self._uses_threshold = uses_threshold
        self._good: tuple[LoadChoice, LoadSpec] | None = None
        self._failed_choice: LoadChoice | None = None
        self._state = SessionState.IDLE
        self._asked_spec: LoadSpec | None = None
        self._loaded_spec: LoadSpec | None = None
        self._was_ready = False
        self._is_asked = False
        self._is_held = False

    @property
    def choice(self) -> LoadChoice:
        """What the user picked."""
        return self._choice

    @property
    def state(self) -> SessionState:
        """The session's state as last heard."""
        return self._state

    @property
    def is_ready(self) -> bool:
        """Whether the wanted pipeline stands ready for a request."""
        stands = self._state is SessionState.READY and not self._is_held
        return stands and self._loaded_spec == self._asked_spec

    @property
    def samples(self) -> bool:
        """Whether answers will be sampled, which a pipeline with a draft is built for."""
        return self._samples()

    @property
    def is_loading(self) -> bool:
        """Whether a request would have to wait for models."""
        return self._loaded_spec is None or self._loaded_spec != self._asked_spec

    @property
    def asked_spec(self) -> LoadSpec | None:
        """What was asked to be loaded last."""
        return self._asked_spec

    @property
    def is_held(self) -> bool:
        """Whether nothing is loaded until `resume`."""
        return self._is_held

    def start(self) -> None:
        """Ask for the devices, and load what is chosen unless a load was asked for before."""
        if self._asked_spec is None:
            self.load_if_needed()
        self._session.list_devices()

    def choose(self, choice: LoadChoice) -> None:
        """Take another choice; whatever differs in the pipeline is loaded."""
        choice = choice.after(self._choice)
        if choice == self._choice:
            return
        self._failed_choice = None
        self._set_choice(choice)
        self.load_if_needed()

    def follow_move(self, old: Path, new: Path) -> None:
        """The models of a folder went elsewhere. Nothing is loaded again by itself: a model that
        is loaded cannot be moved.
        """

        def moved(choice: LoadChoice) -> LoadChoice:
            return replace(choice, pair=choice.pair.moved(old, new))

        if self._failed_choice is not None:
            self._failed_choice = moved(self._failed_choice)
        if self._good is not None and moved(self._good[0]) != self._good[0]:
            self._good = None
        if moved(self._choice) != self._choice:
            self._set_choice(moved(self._choice))

    def load_if_needed(self) -> None:
        """Load when another pipeline is needed than was asked for, or none is on its way."""
        spec = self._wanted_spec()
        if spec is not None and (spec != self._asked_spec or self._is_given_up()):
            self._ask(spec)

    def load(self) -> None:
        """Load the choice, even when it is loaded already."""
        spec = self._wanted_spec()
        if spec is not None:
            self._ask(spec)

    def try_again(self) -> None:
        """Load the choice that failed last, or the present one."""
        self._retry(self._failed_choice or self._choice)

    def use_cpu(self) -> None:
        """Load the failed choice with both models on the CPU."""
        self._retry((self._failed_choice or self._choice).on_cpu())

    def go_without_draft(self) -> None:
        """Load the failed choice without a draft model."""
        self._retry(replace(self._failed_choice or self._choice, strategy=Strategy.NONE))

    def cancel(self) -> None:
        """Give up the load in progress; the last good pipeline returns."""
        self._session.cancel_load()

    def hold(self) -> None:
        """Drop the models and load none until `resume`: something else needs the machine.

        An answer in progress ends first; choices made meanwhile are loaded afterwards.
        """
        self._is_held = True
        self._asked_spec = self._loaded_spec = None
        self._session.unload()
        self._announce_ready()

    def resume(self) -> None:
        """Load the choice again after `hold`."""
        self._is_held = False
        self.load()

    def on_event(self, event: EngineEvent) -> None:
        """Take an engine event on the GUI thread."""
        match event:
            case StateChanged():
                self._state = event.state
                self.state_changed.emit(event.state)
            case LoadPhaseChanged():
                self.phase_changed.emit(event.phase)
            case PipelineLoaded():
                self._on_loaded(event)
            case LoadFailed():
                self._on_failed(event)
            case EngineRestarted():
                self.restarted.emit(event)
            case DevicesListed():
                self._on_devices(event)
            case _:
                return
        self._announce_ready()

    def _retry(self, choice: LoadChoice) -> None:
        self._failed_choice = None
        self._set_choice(choice)
        self.load()

    def _set_choice(self, choice: LoadChoice) -> None:
        self._choice = choice
        self.choice_changed.emit(choice)

    def _wanted_spec(self) -> LoadSpec | None:
        try:
            spec = self._choice.to_spec(
                sampling=self._samples(), uses_threshold=self._uses_threshold()
            )
            return limit_context(self.settings.apply(spec))
        except EngineError as error:
            self.failed.emit(error.to_info())
            return None

    def _ask(self, spec: LoadSpec) -> None:
        self._asked_spec = spec
        self._loaded_spec = None
        self._is_asked = True
        self._announce_ready()
        if not self._is_held:
            self._session.load(spec)

    def _is_given_up(self) -> bool:
        """Nothing is loaded, and nothing will be unless it is asked for."""
        stands_still = self._state in (SessionState.IDLE, SessionState.FAILED)
        return stands_still and not self._is_asked

    def _on_loaded(self, event: PipelineLoaded) -> None:
        spec, wanted = event.pipeline.spec, event.pipeline.fallback_from
        asked = self._asked_spec
        if wanted is not None and asked is not None and wanted == asked.placement:
            spec = asked  # the CPU stands in: there will be nothing else
        self._loaded_spec = spec
        self._is_asked = False
        if spec == self._asked_spec:
            self._good = (self._choice, spec)
            self.settings.judge(is_loaded=True)
        self.loaded.emit(event.pipeline)

    def _on_failed(self, event: LoadFailed) -> None:
        if self._is_held or event.spec != self._asked_spec:
            return  # `hold` gave it up, or a newer load is under way
        _LOG.info("load failed: %s", event.error.code)
        if self.settings.put_aside(event.spec, event.error):
            self._load_unset()
            return
        if not event.error.is_cancellation:
            self.settings.judge(is_loaded=False)
        self._failed_choice = self._choice
        self._is_asked = False
        if self._good is not None:
            choice, self._asked_spec = self._good
            self._set_choice(choice)
        if not event.error.is_cancellation:
            self.failed.emit(event.error)

    def _load_unset(self) -> None:
        """Load once more, as if nothing had been set on the devices."""
        spec = self._wanted_spec()
        if spec is not None and self._good is not None and spec == self._good[1]:
            self._asked_spec, self._is_asked = spec, True  # the session brings it back by itself
        else:
            self.load()

    def _on_devices(self, event: DevicesListed) -> None:
        if event.error is not None:
            _LOG.info("devices could not be listed: %s", event.error.message)
            self.devices_unknown.emit()
        else:
            self._follow_devices(event.devices)
        self.devices_changed.emit(event.devices)

    def _follow_devices(self, devices: tuple[DeviceInfo, ...]) -> None:
        """A device that has another name now is still the one that was chosen."""
        names, choice = self.settings.see(devices), self._choice
        if names:
            self.devices_renamed.emit(names)
        moved = replace(
            choice,
            main_device=names.get(choice.main_device, choice.main_device),
            draft_device=names.get(choice.draft_device, choice.draft_device),
        )
        if moved != choice:
            self._set_choice(moved)
        if self._asked_spec is not None and not self._is_given_up():
            self.load_if_needed()

    def _on_settings(self, device: str) -> None:
        placement = None if self._asked_spec is None else self._asked_spec.placement
        if placement is not None and device in (placement.main_device, placement.draft_device):
            self.load_if_needed()

    def _announce_ready(self) -> None:
        ready = self.is_ready
        if ready != self._was_ready:
            self._was_ready = ready
            self.ready_changed.emit(ready)
