"""Measures while nothing else uses the machine: disturbed samples are taken again, for a while.

Without this, ratios on a shared machine tell of its other users.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TypeVar

import psutil

T = TypeVar("T")
_LOOK_S = 0.2


class Quiet:
    """Repeats disturbed measurements until its patience is spent.

    Args:
        patience_s: time that waiting and repeating may take in all.
        limit: share of all cores that others may use during a measurement.
    """

    def __init__(self, *, patience_s: float, limit: float = 0.04) -> None:
        self._patience_s = patience_s
        self._limit = limit
        self._shares: list[float] = []

    def measure(self, work: Callable[[], T], *, pid: int | None = None) -> T:
        """Call `work` until it went undisturbed, else return the least disturbed result.

        Args:
            work: does one measurement in process `pid`.
            pid: of the process that works; None for this one.
        """
        process = psutil.Process(pid)
        results: list[tuple[float, T]] = []
        while True:
            self._wait()
            before_s, own_before_s, started_s = _busy_s(), _own_s(process), time.perf_counter()
            result = work()
            took_s = time.perf_counter() - started_s
            others_s = _busy_s() - before_s - (_own_s(process) - own_before_s)
            share = max(0.0, others_s / took_s / (os.cpu_count() or 1))
            results.append((share, result))
            if share <= self._limit or self._patience_s <= 0:
                break
            self._patience_s -= took_s
        share, result = min(results, key=lambda one: one[0])
        self._shares.append(share)
        return result

    @property
    def disturbed(self) -> float:
        """Share of the results that were kept although something else ran."""
        return sum(share > self._limit for share in self._shares) / max(1, len(self._shares))

    def _wait(self) -> None:
        while self._patience_s > 0 and psutil.cpu_percent(_LOOK_S) > 100 * self._limit:
            self._patience_s -= _LOOK_S


def _busy_s() -> float:
    times = psutil.cpu_times()
    return float(sum(times) - times.idle - getattr(times, "iowait", 0.0) - _guest_s(times))


def _guest_s(times: object) -> float:
    """Time of guests, which Linux counts as user time as well."""
    return float(getattr(times, "guest", 0.0) + getattr(times, "guest_nice", 0.0))


def _own_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)
