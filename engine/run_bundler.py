"""Bundles the runs of a fast answer, so that a frame, a write and a wake-up serve several of them.

Knows no frames and no pipes; every core it leaves alone is one the models can use.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType

from engine.backends.base import Run
from engine.errors import EngineProcessError

BUNDLE_S = 0.015
"""Runs that come closer together share a bundle; below what a window shows apart."""
LONGEST_HOLD_S = 0.05
"""How long a run waits, at most and on top of `BUNDLE_S`, when the one after it takes its time."""

Send = Callable[[tuple[Run, ...]], None]


class RunBundler:
    """Hands the runs of one answer to `send`, in order; a context that ends with all of them sent.

    Guarantees: the first run, and each that comes `bundle_s` after the last bundle, goes at once,
    with whatever was held. No thread runs unless a run was held.

    Raises:
        EngineProcessError: what `send` raised, wherever it was called.
    """

    def __init__(
        self,
        send: Send,
        *,
        bundle_s: float = BUNDLE_S,
        longest_hold_s: float = LONGEST_HOLD_S,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._send = send
        self._bundle_s = bundle_s
        self._longest_hold_s = longest_hold_s
        self._clock = clock
        self._lock = threading.Lock()
        self._held: list[Run] = []
        self._sent_s = float("-inf")
        self._error: EngineProcessError | None = None
        self._has_ended = threading.Event()
        self._watcher: threading.Thread | None = None

    def __enter__(self) -> RunBundler:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._has_ended.set()
        if self._watcher is not None:
            self._watcher.join()
        self._require_no_error()
        self._flush()

    def add(self, run: Run) -> None:
        """Take a run, on any one thread at a time."""
        with self._lock:
            self._require_no_error()
            self._held.append(run)
            if self._is_due():
                self._flush()
            elif self._watcher is None:
                self._watcher = threading.Thread(target=self._watch, name="runs", daemon=True)
                self._watcher.start()

    def _is_due(self) -> bool:
        return self._clock() - self._sent_s >= self._bundle_s

    def _flush(self) -> None:
        runs, self._held = tuple(self._held), []
        if runs:
            self._send(runs)
            self._sent_s = self._clock()

    def _watch(self) -> None:
        """Send what the next run did not take along in time."""
        while not self._has_ended.wait(self._longest_hold_s):
            with self._lock:
                try:
                    if self._is_due():
                        self._flush()
                except EngineProcessError as error:
                    self._error = error
                    return

    def _require_no_error(self) -> None:
        if self._error is not None:
            raise self._error
