"""A timer that turns many small arrivals into one flush per frame, whatever is flushed."""

from __future__ import annotations

import time
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, QTimer

FRAME_MS = 16
SLOW_FRAME_MS = 33
SLOW_FLUSH_S = 0.008


class TokenPump(QObject):
    """Calls `flush` at most once per frame while there is something to flush, and rests otherwise.

    After a flush that took more than 8 ms the next frame is 33 ms away instead of 16 ms, so that a
    slow machine spends its time on answering rather than on drawing.
    """

    def __init__(self, flush: Callable[[], None], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._flush = flush
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MS)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._run)

    @property
    def pending(self) -> bool:
        """True while a flush is due."""
        return self._timer.isActive()

    @property
    def interval_ms(self) -> int:
        """Milliseconds from an arrival to its flush, at most."""
        return self._timer.interval()

    def request(self) -> None:
        """Make sure that a flush happens within one frame."""
        if not self._timer.isActive():
            self._timer.start()

    def stop(self) -> None:
        """Forget a due flush."""
        self._timer.stop()

    def _run(self) -> None:
        began_s = time.perf_counter()
        self._flush()
        slow = time.perf_counter() - began_s > SLOW_FLUSH_S
        self._timer.setInterval(SLOW_FRAME_MS if slow else FRAME_MS)
