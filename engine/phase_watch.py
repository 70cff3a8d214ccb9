"""Watches one phase of a load: when it takes too long, somebody is told. Passes all phases on."""

from __future__ import annotations

import threading
from collections.abc import Callable

from engine.events import LoadPhase


class PhaseWatch:
    """Guarantees: `on_late` is called at most once, on a thread of its own, and not after `end`.

    Args:
        on_phase: gets every phase.
        watched: the phase with a limit; it ends with the next phase.
        limit_s: seconds it may take.
        on_late: called when it takes longer.
    """

    def __init__(
        self,
        on_phase: Callable[[LoadPhase], None],
        *,
        watched: LoadPhase,
        limit_s: float,
        on_late: Callable[[], None],
    ) -> None:
        self.is_late = False
        self.is_within = False
        """Whether the watched phase is the last one there was."""
        self._on_phase = on_phase
        self._watched = watched
        self._limit_s = limit_s
        self._on_late = on_late
        self._lock = threading.Lock()
        self._timer: threading.Timer | None = None

    def on_phase(self, phase: LoadPhase) -> None:
        """Take a phase."""
        self.end()
        self.is_within = phase is self._watched
        if self.is_within:
            timer = threading.Timer(self._limit_s, self._tell)
            timer.daemon = True
            with self._lock:
                self._timer = timer
            timer.start()
        self._on_phase(phase)

    def end(self) -> None:
        """The phase is over, or the load is."""
        with self._lock:
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
            timer.join()

    def _tell(self) -> None:
        with self._lock:
            if self._timer is None:
                return
            self.is_late = True
        self._on_late()
