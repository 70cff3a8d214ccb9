"""`ProcessBackend`: the `InferenceBackend` that runs in a process of its own. Only a proxy."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from engine.backends.base import BackendDeath, GenerationOutcome, Run
from engine.backends.child_line import ChildLine
from engine.child_process import engine_command
from engine.engine_log import EngineLog
from engine.errors import EngineError, EngineProcessError, ErrorCode, LoadError, ModelError
from engine.events import DeviceInfo, LoadedPipeline, LoadPhase
from engine.messages import GenerationRequest
from engine.phase_watch import PhaseWatch
from engine.placement import LoadSpec
from engine.process_messages import (
    DevicesCall,
    DevicesTold,
    DoneTold,
    GenerateCall,
    LoadCall,
    LoadedTold,
    StopCall,
    UnloadCall,
    UnloadedTold,
)
from engine.stop_token import StopToken

PING_PERIOD_S = 2.0
DEVICES_TIMEOUT_S = 20.0
LOAD_TIMEOUT_S = 1800.0
UNLOAD_TIMEOUT_S = 60.0
TEMPLATE_TIMEOUT_S = 10.0
"""A chat template that takes longer was made to be slow."""


class ProcessBackend:
    """Keeps the `InferenceBackend` protocol over one child process, made when first needed.

    Guarantees: a child that crashes, hangs, speaks nonsense or is cancelled ends the call in
    progress with a typed error, everything it streamed before having been handed on; the next
    call gets a fresh child. `on_death` tells of a child that ended between calls.

    Args:
        log_dir: gets the child's standard error (rotating) and crash traces.
        command: program and arguments instead of this program's own `--engine`.
        ping_period_s: seconds between pings; five unanswered ones end the child. Loads,
            unloads and device lists, in which native code may hold the interpreter, have a
            time limit of their own instead.
        devices_timeout_s: seconds a device list may take.
        load_timeout_s: seconds a load may take.
        template_timeout_s: seconds its chat template may take of that.
    """

    def __init__(
        self,
        *,
        log_dir: Path,
        command: Sequence[str] | None = None,
        ping_period_s: float = PING_PERIOD_S,
        devices_timeout_s: float = DEVICES_TIMEOUT_S,
        load_timeout_s: float = LOAD_TIMEOUT_S,
        template_timeout_s: float = TEMPLATE_TIMEOUT_S,
    ) -> None:
        self._log = EngineLog(log_dir)
        self._line = ChildLine(
            list(command) if command is not None else engine_command(),
            log=self._log,
            ping_period_s=ping_period_s,
        )
        self._devices_timeout_s = devices_timeout_s
        self._load_timeout_s = load_timeout_s
        self._template_timeout_s = template_timeout_s

    @property
    def on_death(self) -> Callable[[BackendDeath], None] | None:
        """Called, on a thread of its own, when the child ends between two calls."""
        return self._line.on_death

    @on_death.setter
    def on_death(self, on_death: Callable[[BackendDeath], None] | None) -> None:
        self._line.on_death = on_death

    @property
    def is_loaded(self) -> bool:
        """Whether the child holds a pipeline."""
        return self._line.is_loaded

    @property
    def pid(self) -> int | None:
        """Process id of the child; None without one."""
        child = self._line.child
        return child.pid if child is not None else None

    def start(self) -> None:
        """Make the child now, so that its start overlaps with other work. Does not wait for it."""
        self._line.start()

    def devices(self) -> tuple[DeviceInfo, ...]:
        """List the devices the child sees.

        Raises:
            EngineError: what the backend in the child raised.
            EngineProcessError: the child died of it, or took too long.
        """
        try:
            return self._list_devices(with_properties=True)
        except EngineProcessError as error:
            if error.code is not ErrorCode.ENGINE_CRASHED:
                raise
            # A driver that does not survive all the questions still has its devices.
            return self._list_devices(with_properties=False)

    def _list_devices(self, *, with_properties: bool) -> tuple[DeviceInfo, ...]:
        call = self._line.begin(is_pinged=False)
        message = DevicesCall(call=call.number, with_properties=with_properties)
        self._line.submit(call, message)
        return self._line.result(call, DevicesTold, timeout_s=self._devices_timeout_s).devices

    def load(self, spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        """Have the child build a pipeline.

        Raises:
            EngineError: what the backend in the child raised, or how the child ended.
            LoadError: LOAD_TIMED_OUT.
            ModelError: TEMPLATE_UNUSABLE, with the fact `limit_s`: its template took too long;
                with the reason "crashed": it ended the child.
            Cancelled: `cancel` was called.
        """
        watch = PhaseWatch(
            on_phase,
            watched=LoadPhase.READING_TEMPLATE,
            limit_s=self._template_timeout_s,
            on_late=self._line.cancel,
        )
        call = self._line.begin(is_pinged=False, on_phase=_without_start(watch.on_phase))
        on_phase(LoadPhase.STARTING_ENGINE)
        try:
            self._line.submit(call, LoadCall(call=call.number, spec=spec))
            return self._line.result(call, LoadedTold, timeout_s=self._load_timeout_s).pipeline
        except EngineError as error:
            if watch.is_late:
                raise _template_too_slow(self._template_timeout_s) from error
            if watch.is_within and error.code is ErrorCode.ENGINE_CRASHED:
                raise _template_crashes() from error
            if error.code is ErrorCode.ENGINE_UNRESPONSIVE:
                raise LoadError("The load took too long.", code=ErrorCode.LOAD_TIMED_OUT) from error
            if error.code is ErrorCode.OUT_OF_MEMORY:
                self._line.replace_child()
            raise
        finally:
            watch.end()

    def generate(
        self, request: GenerationRequest, *, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        """Have the child generate. `on_run` runs on the thread that reads its frames.

        Raises:
            EngineError: what the backend in the child raised, or how the child ended.
            Cancelled: `cancel` was called.
        """
        had_pipeline = self._line.is_loaded
        call = self._line.begin(is_pinged=True, on_run=on_run)
        try:
            child = self._line.submit(call, GenerateCall(call=call.number, request=request))
            stop.on_set(lambda: child.send(StopCall(call=call.number)))
            return self._line.result(call, DoneTold).outcome
        except EngineError:
            if had_pipeline and not self._line.is_loaded:
                # A runtime that failed in mid-answer may be wedged until its process ends.
                self._line.replace_child()
            raise

    def unload(self) -> None:
        """Have the child drop its pipeline.

        Raises:
            EngineProcessError: the child died of it.
        """
        if self._line.child is not None:
            call = self._line.begin(is_pinged=False)
            self._line.submit(call, UnloadCall(call=call.number))
            self._line.result(call, UnloadedTold, timeout_s=UNLOAD_TIMEOUT_S)

    def cancel(self) -> None:
        """End the child if a call is in progress; that call raises `Cancelled`. Never blocks."""
        self._line.cancel()

    def close(self) -> None:
        """End the child for good, and any call in progress with it. Idempotent."""
        self._line.close()
        self._log.close()


def _template_crashes() -> ModelError:
    return ModelError(
        "The chat template of the model ends the engine.",
        code=ErrorCode.TEMPLATE_UNUSABLE,
        reason="crashed",
    )


def _template_too_slow(limit_s: float) -> ModelError:
    return ModelError(
        f"The chat template of the model took longer than {limit_s:g} s.",
        code=ErrorCode.TEMPLATE_UNUSABLE,
        limit_s=limit_s,
    )


def _without_start(on_phase: Callable[[LoadPhase], None]) -> Callable[[LoadPhase], None]:
    """Leave out the child's own STARTING_ENGINE: it was told when the load began."""

    def pass_on(phase: LoadPhase) -> None:
        if phase is not LoadPhase.STARTING_ENGINE:
            on_phase(phase)

    return pass_on
