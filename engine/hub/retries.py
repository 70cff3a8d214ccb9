"""How often and when a failed request is made again."""

from __future__ import annotations

import random

from engine.errors import ErrorCode, TransferError
from engine.hub.settings import TransferSettings

_TEMPORARY = frozenset({ErrorCode.SIGN_IN_PAGE, ErrorCode.RATE_LIMITED})
_SIGN_IN_TRIES = 2
"""A web page instead of data is rarely a passing fault."""


class Retries:
    """Counts failures in a row; a new byte starts the count again.

    Guarantees: at most `settings.tries` tries without progress, whatever the server does.
    """

    def __init__(self, settings: TransferSettings, rng: random.Random) -> None:
        self._settings = settings
        self._rng = rng
        self._failed = 0
        self._best = 0

    def wait_s(self, error: TransferError, *, reached: int = 0) -> float:
        """Seconds to wait before the next try.

        Args:
            error: why the last try failed.
            reached: bytes there are now; more than ever before counts as progress.

        Raises:
            TransferError: `error` itself, when trying again is of no use.
        """
        if not is_worth_retrying(error):
            raise error
        self._failed = 1 if reached > self._best else self._failed + 1
        self._best = max(self._best, reached)
        limit = _SIGN_IN_TRIES if error.code is ErrorCode.SIGN_IN_PAGE else self._settings.tries
        if self._failed >= limit:
            raise error
        asked = asked_wait_s(error)
        if asked is None:
            return self._backoff_s()
        if asked > self._settings.longest_wait_s:
            raise error
        return asked

    def _backoff_s(self) -> float:
        full = self._settings.backoff_s * 2.0 ** (self._failed - 1)
        return min(self._settings.backoff_limit_s, full) * self._rng.uniform(0.5, 1.0)


def asked_wait_s(error: TransferError) -> float | None:
    """Seconds the server asked to wait, or None."""
    value = dict(error.facts).get("retry_after_s")
    return float(value) if isinstance(value, int) else None


def is_temporary(status: int) -> bool:
    """Whether a request that got this status may succeed a little later."""
    return status in (408, 425, 429) or status >= 500


def is_worth_retrying(error: TransferError) -> bool:
    """Whether the same request may succeed a little later."""
    facts = dict(error.facts)
    status, reason = facts.get("status"), facts.get("reason")
    if error.code is ErrorCode.OFFLINE:
        return reason not in ("tls", "address")
    if error.code is ErrorCode.SERVER and isinstance(status, int):
        return is_temporary(status) or reason == "link_expired"
    return error.code in _TEMPORARY or error.code is ErrorCode.SERVER
