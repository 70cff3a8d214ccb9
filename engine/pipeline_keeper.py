"""Keeps a pipeline loaded: loads, unloads, returns to the last good one, revives the engine."""

from __future__ import annotations

from engine.announcer import Announcer
from engine.backends.base import BackendDeath, InferenceBackend
from engine.border import Failure, attempt
from engine.errors import Cancelled, EngineError, ErrorCode
from engine.events import (
    DeviceInfo,
    DeviceKind,
    DevicesListed,
    EngineRestarted,
    LoadedPipeline,
    LoadFailed,
    LoadPhase,
    LoadPhaseChanged,
    PipelineLoaded,
)
from engine.inbox import Inbox, Load
from engine.placement import LoadSpec
from engine.restart_policy import RestartBudget
from engine.state import SessionState

_ONLY_CPU = (DeviceInfo(name="CPU", full_name="CPU", kind=DeviceKind.CPU),)


class PipelineKeeper:
    """The loading half of a session.

    Guarantees: every LOADING ends with exactly one `PipelineLoaded` or `LoadFailed`; a failed
    load is followed by a load of the last good pipeline; a dead engine comes back by itself as
    often as `budget` allows. Methods run on the session's worker, `abort` on any thread.
    """

    def __init__(
        self, backend: InferenceBackend, announcer: Announcer, inbox: Inbox, budget: RestartBudget
    ) -> None:
        self.pipeline: LoadedPipeline | None = None
        self._backend = backend
        self._announcer = announcer
        self._inbox = inbox
        self._budget = budget
        self._last_good: LoadSpec | None = None
        self._loading: LoadSpec | None = None
        self._is_aborted = False

    def abort(self) -> bool:
        """Give up the load in progress. Returns False when there is none."""
        with self._announcer.lock:
            if self._loading is None or self._is_aborted:
                return False
            self._is_aborted = True
            self._backend.cancel()
            return True

    def load(self, spec: LoadSpec) -> None:
        """Build the pipeline of `spec`, or go back to the last good one."""
        with self._announcer.lock:
            if self._inbox.decides_load():
                return
            self.pipeline = None
            self._announcer.move_to(SessionState.LOADING)
            self._loading, self._is_aborted = spec, False
        result = attempt(lambda: self._backend.load(spec, on_phase=self._on_phase))
        with self._announcer.lock:
            self._loading = None
            is_aborted = self._is_aborted
        if is_aborted:
            self._end_aborted(spec)
        elif isinstance(result, Failure):
            self._end_failed(spec, result)
        else:
            self._end_loaded(result)

    def unload(self) -> None:
        """Drop the pipeline; nothing is loaded by itself after that."""
        self.pipeline = self._last_good = None
        if self._announcer.state is not SessionState.IDLE:
            self._drop()
            self._announcer.move_to(SessionState.IDLE)

    def list_devices(self) -> None:
        """Ask for the devices; when that fails, the CPU is offered all the same."""
        result = attempt(self._backend.devices)
        if isinstance(result, Failure):
            self._announcer.emit(DevicesListed(devices=_ONLY_CPU, error=result.info))
            self.check(result.death)
        else:
            self._announcer.emit(DevicesListed(devices=result, error=None))
            self.check(None)  # a driver that ended the engine was left out of a second try

    def check(self, death: BackendDeath | None) -> None:
        """Take note that the engine ended while no pipeline call was in progress."""
        if self._announcer.state is SessionState.READY and not self._backend.is_loaded:
            error = EngineError("The engine ended unexpectedly.", code=ErrorCode.ENGINE_CRASHED)
            self.lose(Failure(error.to_info(), death), on_request=False)
        else:
            self._tell_death(death)

    def lose(self, failure: Failure, *, on_request: bool) -> None:
        """Take note that the pipeline is gone, and bring it back.

        Args:
            failure: why; told as `LoadFailed` when the pipeline may not come back.
            on_request: the engine was ended on purpose, which uses up no restart.
        """
        self.pipeline = None
        self._tell_death(failure.death)
        self._announcer.move_to(SessionState.FAILED)
        if self._last_good is None or self._inbox.decides_load():
            return
        if failure.death is not None and not on_request and not self._budget.spend():
            self._announcer.emit(LoadFailed(spec=self._last_good, error=failure.info))
            return
        self._inbox.put_unless_decided(Load(self._last_good))

    def retire(self) -> None:
        """End in IDLE: the session is closed."""
        self.pipeline = None
        if self._announcer.state is not SessionState.IDLE:
            self._announcer.move_to(SessionState.IDLE)

    def _on_phase(self, phase: LoadPhase) -> None:
        with self._announcer.lock:
            if self._is_aborted:
                # The abort came before the backend was in its load, and was lost on it.
                self._backend.cancel()
            elif self._loading is not None:
                self._announcer.emit(LoadPhaseChanged(phase=phase))

    def _end_loaded(self, pipeline: LoadedPipeline) -> None:
        self.pipeline = pipeline
        self._last_good = pipeline.spec
        self._announcer.emit(PipelineLoaded(pipeline=pipeline))
        self._announcer.move_to(SessionState.READY)

    def _end_aborted(self, spec: LoadSpec) -> None:
        if self._backend.is_loaded:
            self._drop()
        error = Cancelled("The load was given up.").to_info()
        self._announcer.emit(LoadFailed(spec=spec, error=error))
        self._announcer.move_to(SessionState.IDLE)
        if self._last_good is not None and self._last_good != spec:
            self._inbox.put_unless_decided(Load(self._last_good))

    def _end_failed(self, spec: LoadSpec, failure: Failure) -> None:
        self._announcer.emit(LoadFailed(spec=spec, error=failure.info))
        if spec != self._last_good:
            self._tell_death(failure.death)
            self._announcer.move_to(SessionState.FAILED)
            if self._last_good is not None:
                self._inbox.put_unless_decided(Load(self._last_good))
        else:
            if failure.death is None:
                self._last_good = None
            self.lose(failure, on_request=False)

    def _drop(self) -> None:
        result = attempt(self._backend.unload)
        if isinstance(result, Failure):
            # Nothing to tell but a death: what was to be dropped is gone either way.
            self._tell_death(result.death)

    def _tell_death(self, death: BackendDeath | None) -> None:
        if death is not None:
            self._announcer.emit(
                EngineRestarted(
                    cause=death.cause, exit_code=death.exit_code, crash_file=death.crash_file
                )
            )
