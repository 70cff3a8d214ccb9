"""A stop token: made when a generation is queued, set once, never cleared.

No flag is shared between generations, so no stop is lost.
"""

from __future__ import annotations

import threading
from collections.abc import Callable


class StopToken:
    """Tells one generation to stop.

    Guarantees: `set` is thread-safe and idempotent; a callback runs exactly once, on the
    setting thread, or at once when the token is already set. Hazard: callbacks must not block.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_set = False
        self._callbacks: list[Callable[[], None]] = []

    def is_set(self) -> bool:
        """Tell whether the generation was asked to stop."""
        return self._is_set

    def set(self) -> bool:
        """Ask the generation to stop. Returns False when it had been asked before."""
        with self._lock:
            if self._is_set:
                return False
            self._is_set = True
            callbacks, self._callbacks = self._callbacks, []
        for callback in callbacks:
            callback()
        return True

    def on_set(self, callback: Callable[[], None]) -> None:
        """Call `callback` when the token is set, or now if it is."""
        with self._lock:
            if not self._is_set:
                self._callbacks.append(callback)
                return
        callback()
