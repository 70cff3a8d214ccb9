"""Writes the small files of settings in a thread of their own, in the order they were changed."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor


class SettingsWriter:
    """One thread for all of them, begun by the first write.

    Guarantees: the caller never waits for a disk, but in `finish` and `close`; nothing asked for
    is lost, not even after `close`.
    """

    def __init__(self) -> None:
        self._thread: ThreadPoolExecutor | None = None
        self._is_closed = False

    def write(self, job: Callable[[], None]) -> None:
        """Do `job`, which tells its failures itself; it runs in another thread."""
        if self._is_closed:
            job()
            return
        if self._thread is None:
            self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="settings")
        self._thread.submit(job)

    def finish(self) -> None:
        """Wait until everything asked for so far is done."""
        if self._thread is not None:
            self._thread.shutdown(wait=True)
            self._thread = None

    def close(self) -> None:
        """As `finish`; what comes later is done by who asks for it."""
        self.finish()
        self._is_closed = True
