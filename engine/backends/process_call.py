"""One call of a `ProcessBackend` in progress: where its frames go and what it ends with."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from engine.backends.base import Run
from engine.border import as_engine_error
from engine.errors import EngineError
from engine.events import LoadPhase
from engine.process_messages import Reply


@dataclass(slots=True)
class Call:
    """A call that waits for its reply.

    Hazard: `hand_on_*`, `succeed` and `end` run on the reading thread, before `done` is set;
    `outcome` is for the caller, after it.
    """

    number: int
    is_pinged: bool
    """Whether unanswered pings end the child during this call."""
    on_phase: Callable[[LoadPhase], None] | None = None
    on_run: Callable[[Run], None] | None = None
    is_cancelled: bool = False
    done: threading.Event = field(default_factory=threading.Event)
    _reply: Reply | None = None
    _error: EngineError | None = None
    _callback_error: EngineError | None = None

    def hand_on_runs(self, runs: tuple[Run, ...], stop: Callable[[], None]) -> None:
        """Call `on_run` with each; when that raises, stop the answer and raise it at the end."""
        if self.on_run is None or self._callback_error is not None:
            return
        try:
            for run in runs:
                self.on_run(run)
        except Exception as error:  # noqa: BLE001 - border: the reading thread must live on
            self._callback_error = as_engine_error(error)
            stop()

    def hand_on_phase(self, phase: LoadPhase) -> None:
        """Call `on_phase`; when that raises, raise it to the caller at the end of the load."""
        if self.on_phase is None or self._callback_error is not None:
            return
        try:
            self.on_phase(phase)
        except Exception as error:  # noqa: BLE001 - border: the reading thread must live on
            self._callback_error = as_engine_error(error)

    def succeed(self, reply: Reply) -> None:
        """End with a reply."""
        self._reply = reply
        self.done.set()

    def end(self, error: EngineError) -> None:
        """End with an error."""
        self._error = error
        self.done.set()

    def outcome(self) -> tuple[EngineError | None, Reply | None]:
        """The error to raise, if any, and the reply."""
        return self._error or self._callback_error, self._reply
