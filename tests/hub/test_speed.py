"""Speed and remaining time: smoothed, finite, and unimpressed by clocks that jump (D34)."""

from __future__ import annotations

import asyncio
import math

from hypothesis import given
from hypothesis import strategies as st

from engine.hub.speed import ProgressMeter, SpeedLimit


class HandClock:
    """Moves when told to."""

    def __init__(self) -> None:
        self.now_s = 100.0
        self.slept_s: list[float] = []

    def monotonic_s(self) -> float:
        return self.now_s

    async def sleep(self, seconds: float) -> None:
        self.slept_s.append(seconds)
        self.now_s += seconds


def run_at(meter: ProgressMeter, clock: HandClock, *, bytes_per_s: int, seconds: float) -> None:
    for _ in range(int(seconds * 10)):
        clock.now_s += 0.1
        meter.add(bytes_per_s // 10)


def test_steady_speed_and_remaining_time() -> None:
    clock = HandClock()
    meter = ProgressMeter(clock)
    meter.start(bytes_total=100_000_000)
    run_at(meter, clock, bytes_per_s=1_000_000, seconds=20)
    assert math.isclose(meter.speed_bytes_per_s, 1_000_000, rel_tol=0.01)
    assert meter.remaining_s is not None
    assert math.isclose(meter.remaining_s, 80, rel_tol=0.02)


def test_a_moment_of_another_speed_changes_little() -> None:
    clock = HandClock()
    meter = ProgressMeter(clock)
    meter.start(bytes_total=100_000_000)
    run_at(meter, clock, bytes_per_s=1_000_000, seconds=20)
    run_at(meter, clock, bytes_per_s=10_000_000, seconds=0.3)
    assert meter.speed_bytes_per_s < 2_000_000


def test_waiting_is_no_speed_and_a_slow_beginning_is_soon_forgotten() -> None:
    clock = HandClock()
    meter = ProgressMeter(clock)
    meter.start(bytes_total=100_000_000)
    clock.now_s += 3.0
    assert meter.remaining_s is None
    run_at(meter, clock, bytes_per_s=3_000, seconds=0.9)
    assert 2_500 < meter.speed_bytes_per_s < 6_000
    run_at(meter, clock, bytes_per_s=10_000_000, seconds=1.5)
    assert 3_000_000 < meter.speed_bytes_per_s < 10_000_000


def test_bytes_of_an_earlier_run_are_progress_but_no_speed() -> None:
    clock = HandClock()
    meter = ProgressMeter(clock)
    meter.start(bytes_total=100)
    meter.keep(90)
    clock.now_s += 1.0
    assert (meter.bytes_done, meter.speed_bytes_per_s, meter.remaining_s) == (90, 0.0, None)


def test_d34_sleep_of_an_hour_leaves_the_estimate_sane() -> None:
    clock = HandClock()
    meter = ProgressMeter(clock)
    meter.start(bytes_total=100_000_000)
    run_at(meter, clock, bytes_per_s=1_000_000, seconds=10)
    clock.now_s += 3600
    run_at(meter, clock, bytes_per_s=1_000_000, seconds=1)
    assert meter.remaining_s is not None
    assert 60 < meter.remaining_s < 120


@given(
    st.lists(
        st.tuples(
            st.floats(-1e6, 1e6, allow_nan=False), st.integers(min_value=-(2**40), max_value=2**40)
        ),
        max_size=30,
    )
)
def test_d34_whatever_the_clock_does_the_numbers_stay_numbers(
    steps: list[tuple[float, int]],
) -> None:
    clock = HandClock()
    meter = ProgressMeter(clock)
    meter.start(bytes_total=2**40)
    for jump_s, count in steps:
        clock.now_s += jump_s
        if count >= 0:
            meter.add(count)
        else:
            meter.keep(count)
        assert 0 <= meter.bytes_done <= meter.bytes_total
        assert math.isfinite(meter.speed_bytes_per_s)
        assert meter.speed_bytes_per_s >= 0
        assert meter.idle_s >= 0
        assert meter.remaining_s is None or meter.remaining_s >= 0


def test_limit_spreads_bytes_over_time() -> None:
    clock = HandClock()
    limit = SpeedLimit(clock, 1000.0)

    async def take() -> None:
        for _ in range(100):
            await limit.take(100)

    before_s = clock.now_s
    asyncio.run(take())
    assert math.isclose(clock.now_s - before_s, 10.0, rel_tol=0.05)


def test_idle_time_is_not_saved_up() -> None:
    clock = HandClock()
    limit = SpeedLimit(clock, 1000.0)
    clock.now_s += 3600

    async def take() -> None:
        await limit.take(2000)

    asyncio.run(take())
    assert clock.slept_s
    assert clock.slept_s[0] >= 1.5


def test_limit_can_be_lifted() -> None:
    clock = HandClock()
    limit = SpeedLimit(clock, 1000.0)
    limit.set(None)

    async def take() -> None:
        await limit.take(10**9)

    asyncio.run(take())
    assert clock.slept_s == []
    assert limit.bytes_per_s is None
