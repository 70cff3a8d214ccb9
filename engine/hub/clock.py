"""Time as an argument, so that waits of minutes are tested in milliseconds."""

from __future__ import annotations

import asyncio
import time
from typing import Protocol


class Clock(Protocol):
    """Seconds that only go forward, and a way to let some pass."""

    def monotonic_s(self) -> float:
        """Seconds since some fixed moment."""
        ...

    async def sleep(self, seconds: float) -> None:
        """Wait; can be cancelled."""
        ...


class SystemClock:
    """The clock of this machine. It may stand still while the machine sleeps."""

    def monotonic_s(self) -> float:
        """Seconds since some fixed moment."""
        return time.monotonic()

    async def sleep(self, seconds: float) -> None:
        """Wait; can be cancelled."""
        await asyncio.sleep(seconds)
