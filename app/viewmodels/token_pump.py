"""A timer that turns many small arrivals into one flush per frame, whatever is flushed."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Qt, QTimer

SHORTEST_FRAME_MS = 33
"""Thirty frames a second: nobody reads new words faster than that."""
LONGEST_FRAME_MS = 100
CORE_SHARE = 0.04
"""Of one processor core: what showing an answer may cost while it streams."""
DEAREST_FRAME_S = LONGEST_FRAME_MS / 1e3 * CORE_SHARE
"""A frame that cost more is no reason for frames longer than the longest."""
SMOOTHING = 0.3
"""Weight of the newest frame in the average cost."""
PAUSE_S = 0.1
"""After a longer rest the time before says nothing about the cost of a frame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clocks:
    """Wall time and processor time of the calling thread, both in seconds."""

    wall_s: Callable[[], float] = time.perf_counter
    thread_s: Callable[[], float] = time.thread_time


class TokenPump(QObject):
    """Calls `flush` at most once per frame while there is something to flush, and rests otherwise.

    What arrives after a rest is flushed at once. The length of a frame follows the processor time
    that the thread spends per frame, painting included, so that all of it stays near 4 % of a
    core: between 33 ms and 100 ms. The engine needs the cores more than the eye needs frames.
    """

    def __init__(
        self,
        flush: Callable[[], None],
        parent: QObject | None = None,
        *,
        clocks: Clocks | None = None,
    ) -> None:
        super().__init__(parent)
        self._flush = flush
        self._clocks = clocks or Clocks()
        self._flushed_s = float("-inf")
        self._spent_s = 0.0
        self._cost_s = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._run)

    @property
    def pending(self) -> bool:
        """True while a flush is due."""
        return self._timer.isActive()

    @property
    def interval_ms(self) -> int:
        """Milliseconds between two flushes, at least."""
        wanted = round(self._cost_s * 1e3 / CORE_SHARE)
        return min(LONGEST_FRAME_MS, max(SHORTEST_FRAME_MS, wanted))

    @property
    def remaining_ms(self) -> int:
        """Milliseconds until the flush that is due; -1 when none is."""
        return self._timer.remainingTime()

    def request(self) -> None:
        """Make sure that a flush happens within one frame."""
        if not self._timer.isActive():
            rested_ms = (self._clocks.wall_s() - self._flushed_s) * 1e3
            self._timer.start(max(0, self.interval_ms - int(min(rested_ms, LONGEST_FRAME_MS))))

    def stop(self) -> None:
        """Forget a due flush."""
        self._timer.stop()

    def _run(self) -> None:
        self._observe()
        self._flush()

    def _observe(self) -> None:
        """Take what the thread has spent since the flush before as the cost of one frame."""
        now_s, spent_s = self._clocks.wall_s(), self._clocks.thread_s()
        if now_s - self._flushed_s < PAUSE_S:
            cost_s = min(spent_s - self._spent_s, DEAREST_FRAME_S)
            self._cost_s += SMOOTHING * (cost_s - self._cost_s)
        self._flushed_s, self._spent_s = now_s, spent_s
