"""How often the engine may come back by itself, and what an error says about its death. Pure."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable

from engine.backends.base import BackendDeath
from engine.errors import EngineError, EngineProcessError, ErrorCode
from engine.events import RestartCause

_CAUSE_BY_CODE = {
    ErrorCode.ENGINE_UNRESPONSIVE: RestartCause.UNRESPONSIVE,
    ErrorCode.ENGINE_PROTOCOL: RestartCause.PROTOCOL,
}


class RestartBudget:
    """Allows `limit` automatic restarts in any `period_s` seconds, so that a crash never loops."""

    def __init__(
        self,
        *,
        limit: int = 2,
        period_s: float = 300.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._limit = limit
        self._period_s = period_s
        self._clock = clock
        self._spent_at_s: deque[float] = deque()

    def spend(self) -> bool:
        """Take one restart. Returns False when there is none left for now."""
        now_s = self._clock()
        while self._spent_at_s and now_s - self._spent_at_s[0] >= self._period_s:
            self._spent_at_s.popleft()
        if len(self._spent_at_s) >= self._limit:
            return False
        self._spent_at_s.append(now_s)
        return True


def process_error(death: BackendDeath, message: str, *, code: ErrorCode) -> EngineProcessError:
    """Make the error that carries `death` in its facts; `death_of` reads it back."""
    error = EngineProcessError(message, code=code, cause=death.cause.value)
    extra: tuple[tuple[str, str | int | float], ...] = ()
    if death.exit_code is not None:
        extra += (("exit_code", death.exit_code),)
    if death.crash_file is not None:
        extra += (("crash_file", death.crash_file),)
    error.facts += extra
    return error


def death_of(error: EngineError) -> BackendDeath | None:
    """Tell how the engine process ended, or None when `error` is not about its end."""
    if not isinstance(error, EngineProcessError):
        return None
    facts = dict(error.facts)
    cause = facts.get("cause")
    exit_code, crash_file = facts.get("exit_code"), facts.get("crash_file")
    default = _CAUSE_BY_CODE.get(error.code, RestartCause.CRASHED)
    return BackendDeath(
        cause=RestartCause(cause) if isinstance(cause, str) else default,
        exit_code=exit_code if isinstance(exit_code, int) else None,
        crash_file=crash_file if isinstance(crash_file, str) else None,
    )
