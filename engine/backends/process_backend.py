"""`ProcessBackend`: the `InferenceBackend` that runs in a process of its own. Only a proxy."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from engine.backends.base import BackendDeath, GenerationOutcome, Run
from engine.backends.process_call import Call
from engine.child_process import ChildEnd, EngineChild, engine_command
from engine.engine_log import EngineLog
from engine.errors import (
    Cancelled,
    EngineError,
    EngineProcessError,
    ErrorCode,
    LoadError,
    error_from_info,
)
from engine.events import DeviceInfo, LoadedPipeline, LoadPhase, RestartCause
from engine.messages import GenerationRequest
from engine.placement import LoadSpec
from engine.process_messages import (
    DevicesCall,
    DevicesTold,
    DoneTold,
    ErrorTold,
    GenerateCall,
    LoadCall,
    LoadedTold,
    Message,
    PhaseTold,
    Ping,
    Pong,
    Reply,
    Request,
    RunTold,
    StopCall,
    UnloadCall,
    UnloadedTold,
)
from engine.stop_token import StopToken

PING_PERIOD_S = 2.0
MAX_UNANSWERED_PINGS = 5
"""Counted in pings, not by a clock: a machine that slept is not a hung engine."""
DEVICES_TIMEOUT_S = 20.0
LOAD_TIMEOUT_S = 1800.0
UNLOAD_TIMEOUT_S = 60.0
_CLOSE_TIMEOUT_S = 2.0
R = TypeVar("R", DevicesTold, LoadedTold, DoneTold, UnloadedTold)


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
    """

    def __init__(
        self,
        *,
        log_dir: Path,
        command: Sequence[str] | None = None,
        ping_period_s: float = PING_PERIOD_S,
        devices_timeout_s: float = DEVICES_TIMEOUT_S,
        load_timeout_s: float = LOAD_TIMEOUT_S,
    ) -> None:
        self.on_death: Callable[[BackendDeath], None] | None = None
        self._log = EngineLog(log_dir)
        self._command = list(command) if command is not None else engine_command()
        self._ping_period_s = ping_period_s
        self._devices_timeout_s = devices_timeout_s
        self._load_timeout_s = load_timeout_s
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._child: EngineChild | None = None
        self._call: Call | None = None
        self._unanswered_pings = 0
        self._is_loaded = False
        self._is_closed = False

    @property
    def is_loaded(self) -> bool:
        """Whether the child holds a pipeline."""
        return self._is_loaded

    @property
    def pid(self) -> int | None:
        """Process id of the child; None without one."""
        child = self._child
        return child.pid if child is not None else None

    def start(self) -> None:
        """Make the child now, so that its start overlaps with other work. Does not wait for it."""
        with self._lock:
            self._need_child()

    def devices(self) -> tuple[DeviceInfo, ...]:
        """List the devices the child sees.

        Raises:
            EngineError: what the backend in the child raised.
            EngineProcessError: the child died of it, or took too long.
        """
        call = self._begin(is_pinged=False)
        self._submit(call, DevicesCall(call=call.number))
        return self._result(call, DevicesTold, timeout_s=self._devices_timeout_s).devices

    def load(self, spec: LoadSpec, *, on_phase: Callable[[LoadPhase], None]) -> LoadedPipeline:
        """Have the child build a pipeline.

        Raises:
            EngineError: what the backend in the child raised, or how the child ended.
            LoadError: LOAD_TIMED_OUT.
            Cancelled: `cancel` was called.
        """
        call = self._begin(is_pinged=False, on_phase=_without_start(on_phase))
        on_phase(LoadPhase.STARTING_ENGINE)
        try:
            self._submit(call, LoadCall(call=call.number, spec=spec))
            return self._result(call, LoadedTold, timeout_s=self._load_timeout_s).pipeline
        except EngineError as error:
            if error.code is ErrorCode.ENGINE_UNRESPONSIVE:
                raise LoadError("The load took too long.", code=ErrorCode.LOAD_TIMED_OUT) from error
            if error.code is ErrorCode.OUT_OF_MEMORY:
                self._replace_child()
            raise

    def generate(
        self, request: GenerationRequest, *, on_run: Callable[[Run], None], stop: StopToken
    ) -> GenerationOutcome:
        """Have the child generate. `on_run` runs on the thread that reads its frames.

        Raises:
            EngineError: what the backend in the child raised, or how the child ended.
            Cancelled: `cancel` was called.
        """
        had_pipeline = self._is_loaded
        call = self._begin(is_pinged=True, on_run=on_run)
        try:
            child = self._submit(call, GenerateCall(call=call.number, request=request))
            stop.on_set(lambda: child.send(StopCall(call=call.number)))
            return self._result(call, DoneTold).outcome
        except EngineError:
            if had_pipeline and not self._is_loaded:
                # A runtime that failed in mid-answer may be wedged until its process ends.
                self._replace_child()
            raise

    def unload(self) -> None:
        """Have the child drop its pipeline.

        Raises:
            EngineProcessError: the child died of it.
        """
        if self._child is not None:
            call = self._begin(is_pinged=False)
            self._submit(call, UnloadCall(call=call.number))
            self._result(call, UnloadedTold, timeout_s=UNLOAD_TIMEOUT_S)

    def cancel(self) -> None:
        """End the child if a call is in progress; that call raises `Cancelled`. Never blocks."""
        with self._lock:
            if self._call is not None:
                self._call.is_cancelled = True
                if self._child is not None:
                    self._child.kill(RestartCause.KILLED)

    def close(self) -> None:
        """End the child for good, and any call in progress with it. Idempotent."""
        with self._lock:
            self._is_closed = True
            child, self._child = self._child, None
            call, self._call = self._call, None
            self._is_loaded = False
        if call is not None:
            call.end(Cancelled("The engine is closed."))
        if child is not None:
            child.close(_CLOSE_TIMEOUT_S)
        self._log.close()

    def _begin(
        self,
        *,
        is_pinged: bool,
        on_phase: Callable[[LoadPhase], None] | None = None,
        on_run: Callable[[Run], None] | None = None,
    ) -> Call:
        with self._lock:
            self._call = Call(next(self._numbers), is_pinged, on_phase, on_run)
            return self._call

    def _submit(self, call: Call, request: Request) -> EngineChild:
        try:
            with self._lock:
                if call.is_cancelled:
                    raise Cancelled("The call was cancelled.")
                child = self._need_child()
                child.send(request)
                return child
        except EngineError:
            self._forget(call)
            raise

    def _result(self, call: Call, kind: type[R], *, timeout_s: float | None = None) -> R:
        """Wait for the reply of a submitted call."""
        if not call.done.wait(timeout_s):
            with self._lock:
                if self._child is not None and self._call is call:
                    self._child.kill(RestartCause.UNRESPONSIVE)
            call.done.wait()
        error, reply = call.outcome()
        if error is not None:
            raise error
        if not isinstance(reply, kind):
            self._replace_child()
            raise EngineProcessError(
                f"{type(reply).__name__} is no reply to this call.", code=ErrorCode.ENGINE_PROTOCOL
            )
        return reply

    def _forget(self, call: Call) -> Call | None:
        """Return the call when it is the one in progress, which it is no more."""
        with self._lock:
            if self._call is not call:
                return None
            self._call = None
            return call

    def _need_child(self) -> EngineChild:
        if self._is_closed:
            raise EngineProcessError("The engine is closed.", code=ErrorCode.ENGINE_NOT_STARTED)
        if self._child is None:
            self._is_loaded = False
            self._unanswered_pings = 0
            self._child = EngineChild(
                self._command,
                log=self._log,
                on_message=self._on_message,
                on_tick=self._on_tick,
                tick_s=self._ping_period_s,
                on_end=self._on_end,
            )
        return self._child

    def _replace_child(self) -> None:
        """End the child; the next call makes another."""
        with self._lock:
            child, self._child = self._child, None
            self._is_loaded = False
        if child is not None:
            child.kill(RestartCause.KILLED)
            child.join()

    def _on_tick(self, child: EngineChild) -> None:
        with self._lock:
            is_idle = self._call is None and self._is_loaded
            if child is not self._child or not (is_idle or (self._call and self._call.is_pinged)):
                self._unanswered_pings = 0
                return
            if self._unanswered_pings >= MAX_UNANSWERED_PINGS:
                child.kill(RestartCause.UNRESPONSIVE)
                return
            self._unanswered_pings += 1
            child.send(Ping(number=next(self._numbers)))

    def _on_message(self, child: EngineChild, message: Message) -> None:
        with self._lock:
            call = self._call if child is self._child else None
        match message:
            case Pong():
                self._unanswered_pings = 0
            case RunTold(number, run):
                if call is not None and call.number == number:
                    call.hand_on_run(run, lambda: child.send(StopCall(call=number)))
            case PhaseTold(call=number, phase=phase):
                if call is not None and call.number == number:
                    call.hand_on_phase(phase)
            case LoadedTold() | DoneTold() | UnloadedTold() | DevicesTold() | ErrorTold():
                if call is not None and call.number == message.call:
                    self._complete(call, message)
            case _:
                raise EngineProcessError(
                    f"{type(message).__name__} is no reply.", code=ErrorCode.ENGINE_PROTOCOL
                )

    def _complete(self, call: Call, reply: Reply) -> None:
        with self._lock:
            if self._forget(call) is None:
                return
            match reply:
                case LoadedTold():
                    self._is_loaded = True
                case UnloadedTold():
                    self._is_loaded = False
                case DoneTold(is_loaded=is_loaded) | ErrorTold(is_loaded=is_loaded):
                    self._is_loaded = is_loaded
        if isinstance(reply, ErrorTold):
            call.end(error_from_info(reply.error))
        else:
            call.succeed(reply)

    def _on_end(self, child: EngineChild, end: ChildEnd) -> None:
        with self._lock:
            if child is not self._child:
                return
            self._child = None
            self._is_loaded = False
            call, self._call = self._call, None
            on_death = self.on_death
        if call is not None:
            cancelled = Cancelled("The call was cancelled.")
            call.end(cancelled if call.is_cancelled else end.to_error())
        elif on_death is not None:
            on_death(end.death)


def _without_start(on_phase: Callable[[LoadPhase], None]) -> Callable[[LoadPhase], None]:
    """Leave out the child's own STARTING_ENGINE: it was told when the load began."""

    def pass_on(phase: LoadPhase) -> None:
        if phase is not LoadPhase.STARTING_ENGINE:
            on_phase(phase)

    return pass_on
