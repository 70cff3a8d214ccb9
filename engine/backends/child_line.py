"""The line to the engine process: one child, one call at a time, pings, and what ends them."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Sequence
from typing import TypeVar

from engine.backends.base import BackendDeath, Run
from engine.backends.process_call import Call
from engine.child_process import ChildEnd, EngineChild
from engine.engine_log import EngineLog
from engine.errors import (
    Cancelled,
    EngineError,
    EngineProcessError,
    ErrorCode,
    error_from_info,
)
from engine.events import LoadPhase, RestartCause
from engine.process_messages import (
    DevicesTold,
    DoneTold,
    ErrorTold,
    LoadedTold,
    Message,
    PhaseTold,
    Ping,
    Pong,
    Reply,
    Request,
    RunsTold,
    StopCall,
    UnloadedTold,
)

MAX_UNANSWERED_PINGS = 5
"""Counted in pings, not by a clock: a machine that slept is not a hung engine."""
_CLOSE_TIMEOUT_S = 2.0

R = TypeVar("R", DevicesTold, LoadedTold, DoneTold, UnloadedTold)


class ChildLine:
    """Keeps a child at hand and one call with it in progress.

    Guarantees: a call that was begun ends: with its reply, or with the error that tells how the
    child ended. `on_death` tells of an end between calls; an end on purpose is told by neither.
    """

    def __init__(self, command: Sequence[str], *, log: EngineLog, ping_period_s: float) -> None:
        self.on_death: Callable[[BackendDeath], None] | None = None
        self.is_loaded = False
        self.child: EngineChild | None = None
        self._command = command
        self._log = log
        self._ping_period_s = ping_period_s
        self._lock = threading.RLock()
        self._numbers = itertools.count(1)
        self._call: Call | None = None
        self._unanswered_pings = 0
        self._is_closed = False

    def start(self) -> None:
        """Make the child if there is none. Does not wait for it.

        Raises:
            EngineProcessError: ENGINE_NOT_STARTED, the line is closed.
        """
        with self._lock:
            self._need_child()

    def cancel(self) -> None:
        """End the child if a call is in progress; that call raises `Cancelled`. Never blocks."""
        with self._lock:
            if self._call is not None:
                self._call.is_cancelled = True
                if self.child is not None:
                    self.child.kill(RestartCause.KILLED)

    def close(self) -> None:
        """End the child for good, and any call in progress with it. Idempotent."""
        with self._lock:
            self._is_closed = True
            child, self.child = self.child, None
            call, self._call = self._call, None
            self.is_loaded = False
        if call is not None:
            call.end(Cancelled("The engine is closed."))
        if child is not None:
            child.close(_CLOSE_TIMEOUT_S)

    def begin(
        self,
        *,
        is_pinged: bool,
        on_phase: Callable[[LoadPhase], None] | None = None,
        on_run: Callable[[Run], None] | None = None,
    ) -> Call:
        """Begin a call. It is in progress, and can be cancelled, before anything is sent."""
        with self._lock:
            self._call = Call(next(self._numbers), is_pinged, on_phase, on_run)
            return self._call

    def submit(self, call: Call, request: Request) -> EngineChild:
        """Send the request of a call, to a new child if need be.

        Raises:
            EngineError: it cannot be sent; the call is over.
        """
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

    def result(self, call: Call, kind: type[R], *, timeout_s: float | None = None) -> R:
        """Wait for the reply of a submitted call.

        Raises:
            EngineError: what the child said instead, or how it ended.
        """
        if not call.done.wait(timeout_s):
            with self._lock:
                if self.child is not None and self._call is call:
                    self.child.kill(RestartCause.UNRESPONSIVE)
            call.done.wait()
        error, reply = call.outcome()
        if error is not None:
            raise error
        if not isinstance(reply, kind):
            self.replace_child()
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
        if self.child is None:
            self.is_loaded = False
            self._unanswered_pings = 0
            self.child = EngineChild(
                self._command,
                log=self._log,
                on_message=self._on_message,
                on_tick=self._on_tick,
                tick_s=self._ping_period_s,
                on_end=self._on_end,
            )
        return self.child

    def replace_child(self) -> None:
        """End the child; the next call makes another."""
        with self._lock:
            child, self.child = self.child, None
            self.is_loaded = False
        if child is not None:
            child.kill(RestartCause.KILLED)
            child.join()

    def _on_tick(self, child: EngineChild) -> None:
        with self._lock:
            is_idle = self._call is None and self.is_loaded
            if child is not self.child or not (is_idle or (self._call and self._call.is_pinged)):
                self._unanswered_pings = 0
                return
            if self._unanswered_pings >= MAX_UNANSWERED_PINGS:
                child.kill(RestartCause.UNRESPONSIVE)
                return
            self._unanswered_pings += 1
            child.send(Ping(number=next(self._numbers)))

    def _on_message(self, child: EngineChild, message: Message) -> None:
        with self._lock:
            call = self._call if child is self.child else None
        match message:
            case Pong():
                self._unanswered_pings = 0
            case RunsTold(number, runs):
                if call is not None and call.number == number:
                    call.hand_on_runs(runs, lambda: child.send(StopCall(call=number)))
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
                    self.is_loaded = True
                case UnloadedTold():
                    self.is_loaded = False
                case DoneTold(is_loaded=is_loaded) | ErrorTold(is_loaded=is_loaded):
                    self.is_loaded = is_loaded
        if isinstance(reply, ErrorTold):
            call.end(error_from_info(reply.error))
        else:
            call.succeed(reply)

    def _on_end(self, child: EngineChild, end: ChildEnd) -> None:
        with self._lock:
            if child is not self.child:
                return
            self.child = None
            self.is_loaded = False
            call, self._call = self._call, None
            on_death = self.on_death
        if call is not None:
            cancelled = Cancelled("The call was cancelled.")
            call.end(cancelled if call.is_cancelled else end.to_error())
        elif on_death is not None:
            on_death(end.death)
