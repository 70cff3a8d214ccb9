"""How fast a transfer is, how long it still takes, and how fast it may be."""

from __future__ import annotations

import math

from engine.hub.clock import Clock

_SMOOTHING_S = 4.0
_SAMPLE_S = 0.25
_GAP_S = 5.0
"""A longer gap between two samples is a machine that slept or a stall, not a slow network."""
_BURST_S = 0.25


class ProgressMeter:
    """Counts the bytes of one model; speed and remaining time are smoothed.

    Guarantees: `bytes_done` never exceeds `bytes_total`; the speed is finite and never negative,
    whatever the clock does.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.bytes_total = 0
        self.bytes_done = 0
        self._speed: float | None = None
        self._sampled_s = 0.0
        self._sample_bytes = 0
        self._sample_at_s = clock.monotonic_s()
        self._last_byte_at_s = self._sample_at_s

    def start(self, *, bytes_total: int) -> None:
        """Begin at nothing."""
        self.bytes_total = bytes_total
        self.bytes_done = 0
        self._restart_sample()

    def keep(self, count: int) -> None:
        """Count bytes that are there already; they say nothing about speed. May be negative."""
        self.bytes_done = min(self.bytes_total, max(0, self.bytes_done + count))

    def add(self, count: int) -> None:
        """Count bytes that arrived now."""
        self.keep(count)
        if self._speed is None and not self._sample_bytes:
            self._sample_at_s = self._clock.monotonic_s()
        self._sample_bytes += count
        self._last_byte_at_s = self._clock.monotonic_s()
        self._take_sample()

    @property
    def idle_s(self) -> float:
        """Seconds since the last byte."""
        return max(0.0, self._clock.monotonic_s() - self._last_byte_at_s)

    @property
    def speed_bytes_per_s(self) -> float:
        """Smoothed speed; falls while nothing arrives."""
        self._take_sample()
        return self._speed or 0.0

    @property
    def remaining_s(self) -> float | None:
        """Seconds until the end at this speed, None while there is no speed to speak of."""
        speed = self.speed_bytes_per_s
        return (self.bytes_total - self.bytes_done) / speed if speed >= 1.0 else None

    def _take_sample(self) -> None:
        now = self._clock.monotonic_s()
        elapsed = now - self._sample_at_s
        if elapsed < 0 or elapsed > _GAP_S:
            self._restart_sample()
            return
        if self._speed is None and not self._sample_bytes:
            return
        if elapsed < _SAMPLE_S:
            return
        current = self._sample_bytes / elapsed
        self._sampled_s += elapsed
        # At first the mean over all of it, so that a slow beginning is soon forgotten.
        weight = max(1.0 - math.exp(-elapsed / _SMOOTHING_S), elapsed / self._sampled_s)
        last = current if self._speed is None else self._speed
        self._speed = last + weight * (current - last)
        self._sample_bytes, self._sample_at_s = 0, now

    def _restart_sample(self) -> None:
        self._sample_bytes = 0
        self._sample_at_s = self._last_byte_at_s = self._clock.monotonic_s()


class SpeedLimit:
    """A token bucket shared by all files of all downloads; None means no limit.

    Hazard: one event loop only.
    """

    def __init__(self, clock: Clock, bytes_per_s: float | None = None) -> None:
        self._clock = clock
        self._rate: float | None = None
        self._balance = 0.0
        self._at_s = clock.monotonic_s()
        self.set(bytes_per_s)

    @property
    def bytes_per_s(self) -> float | None:
        """The limit, or None."""
        return self._rate

    def set(self, bytes_per_s: float | None) -> None:
        """Change the limit at once; zero and below mean none."""
        self._rate = bytes_per_s if bytes_per_s and bytes_per_s > 0 else None
        self._balance = 0.0
        self._at_s = self._clock.monotonic_s()

    async def take(self, count: int) -> None:
        """Account for `count` bytes and wait until the limit allows the next ones."""
        if self._rate is None:
            return
        now = self._clock.monotonic_s()
        gained = max(0.0, now - self._at_s) * self._rate
        self._balance = min(self._balance + gained, _BURST_S * self._rate) - count
        self._at_s = now
        if self._balance < 0:
            await self._clock.sleep(-self._balance / self._rate)
