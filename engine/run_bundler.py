"""Bundles the runs of a fast answer, so that a frame, a write and a wake-up serve several of them.

Knows no frames and no pipes. What it does not do while the runtime waits, the models can use.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterable
from types import TracebackType

from engine.backends.base import Run, Work
from engine.errors import EngineProcessError

PACE_S = 0.04
"""Between two bundles, at least; nobody reads so fast."""

Send = Callable[[tuple[Run, ...]], None]


class RunBundler:
    """Hands the runs of one answer to `send`, in order, on a thread that lives as long as the
    context; when that ends, all of them were sent.

    Guarantees: the first run is sent before `add` returns; a run that comes `pace_s` after the
    last bundle goes at once; none is held longer than that. Work on a run is done where it is
    sent from: done for several in one go it costs a fraction, and the models do not wait for it.

    Raises:
        EngineProcessError: from `add` or at the end of the context, what `send` raised.
    """

    def __init__(self, send: Send, *, pace_s: float = PACE_S) -> None:
        self._send = send
        self._pace_s = pace_s
        self._held: deque[Work] = deque()
        self._has_begun = False
        self._has_work = threading.Event()
        self._has_ended = threading.Event()
        self._error: EngineProcessError | None = None
        self._thread = threading.Thread(target=self._work, name="runs", daemon=True)

    def __enter__(self) -> RunBundler:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.settle()
        if self._error is not None:
            raise self._error

    def add(self, run: Run) -> None:
        """Take a run, on any one thread at a time; only the first is waited for."""
        self.add_work(lambda: run)

    def add_work(self, work: Work) -> None:
        """As `add`, for what makes a run; it must not raise."""
        if self._error is not None:
            raise self._error
        if not self._has_begun:
            self._has_begun = True
            self._send_all((work,))
            return
        self._held.append(work)
        if not self._has_work.is_set():
            self._has_work.set()

    def settle(self) -> None:
        """Send what is held; nothing more may come. Idempotent."""
        self._has_ended.set()
        self._has_work.set()
        self._thread.join()

    def _work(self) -> None:
        is_last = False
        while not is_last and self._error is None:
            self._has_work.wait()
            is_last = self._has_ended.is_set()
            # Before looking: what comes from now on asks for another look.
            self._has_work.clear()
            self._send_held()
            self._has_ended.wait(self._pace_s)

    def _send_held(self) -> None:
        works = []
        while self._held:
            works.append(self._held.popleft())
        try:
            self._send_all(works)
        except EngineProcessError as error:
            self._error = error

    def _send_all(self, works: Iterable[Work]) -> None:
        runs = tuple([run for work in works if (run := work()) is not None])
        if runs:
            self._send(runs)
