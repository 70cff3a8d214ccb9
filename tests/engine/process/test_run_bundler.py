"""Bundles of runs: none is lost, late or out of order, and a slow answer goes run by run."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.base import Run
from engine.errors import EngineProcessError, ErrorCode
from engine.run_bundler import RunBundler

PATIENCE_S = 30.0
NEVER_S = 600.0


class Clock:
    """Seconds that pass only when told."""

    def __init__(self) -> None:
        self.now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


class Sent:
    """What was sent; fails on request."""

    def __init__(self) -> None:
        self.bundles: list[tuple[Run, ...]] = []
        self.is_broken = False

    def __call__(self, runs: tuple[Run, ...]) -> None:
        if self.is_broken:
            raise EngineProcessError("too long", code=ErrorCode.ENGINE_PROTOCOL)
        self.bundles.append(runs)

    def numbers(self) -> list[list[int]]:
        return [[run.token_count for run in bundle] for bundle in self.bundles]


def run(number: int) -> Run:
    return Run(token_count=number, text="", spans=(), at_s=0.0)


def bundler(sent: Sent, clock: Clock) -> RunBundler:
    return RunBundler(sent, bundle_s=1.0, longest_hold_s=NEVER_S, clock=clock)


def test_the_first_run_goes_at_once_and_fast_ones_share_a_bundle() -> None:
    sent, clock = Sent(), Clock()
    with bundler(sent, clock) as bundle:
        for number in range(1, 8):
            bundle.add(run(number))
            clock.now_s += 0.4
        assert sent.numbers() == [[1], [2, 3, 4], [5, 6, 7]]


def test_slow_runs_go_one_by_one_and_need_no_thread() -> None:
    sent, clock = Sent(), Clock()
    before = threading.active_count()
    with bundler(sent, clock) as bundle:
        for number in range(1, 4):
            bundle.add(run(number))
            assert sent.numbers()[-1] == [number]
            clock.now_s += 1.5
        assert threading.active_count() == before


def test_the_end_sends_what_is_held() -> None:
    sent = Sent()
    with bundler(sent, Clock()) as bundle:
        bundle.add(run(1))
        bundle.add(run(2))
        assert sent.numbers() == [[1]]
    assert sent.numbers() == [[1], [2]]


def test_an_answer_that_fails_keeps_its_runs() -> None:
    sent = Sent()

    def answer() -> None:
        with bundler(sent, Clock()) as bundle:
            bundle.add(run(1))
            bundle.add(run(2))
            raise RuntimeError("the model broke")

    with pytest.raises(RuntimeError):
        answer()
    assert sent.numbers() == [[1], [2]]


def test_a_held_run_goes_by_itself_when_no_other_follows() -> None:
    arrived: queue.SimpleQueue[tuple[Run, ...]] = queue.SimpleQueue()
    clock = Clock()
    with RunBundler(arrived.put, bundle_s=1.0, longest_hold_s=0.001, clock=clock) as bundle:
        bundle.add(run(1))
        bundle.add(run(2))
        clock.now_s = 2.0
        assert arrived.get(timeout=PATIENCE_S) == (run(1),)
        assert arrived.get(timeout=PATIENCE_S) == (run(2),)


def test_what_cannot_be_sent_is_told_to_whoever_makes_runs() -> None:
    sent = Sent()
    sent.is_broken = True
    with bundler(sent, Clock()) as bundle, pytest.raises(EngineProcessError):
        bundle.add(run(1))
    assert sent.bundles == []


def test_what_could_not_be_sent_meanwhile_is_told_at_the_end() -> None:
    failed = threading.Event()
    sent, clock = Sent(), Clock()

    def send(runs: Sequence[Run]) -> None:
        try:
            sent(tuple(runs))
        except EngineProcessError:
            failed.set()
            raise

    def answer() -> None:
        with RunBundler(send, bundle_s=1.0, longest_hold_s=0.001, clock=clock) as bundle:
            bundle.add(run(1))
            bundle.add(run(2))
            sent.is_broken = True
            clock.now_s = 2.0
            assert failed.wait(PATIENCE_S)

    with pytest.raises(EngineProcessError):
        answer()


@given(st.lists(st.floats(0, 3), max_size=30))
def test_every_run_comes_once_and_in_order(pauses_s: list[float]) -> None:
    sent, clock = Sent(), Clock()
    with bundler(sent, clock) as bundle:
        for number, pause_s in enumerate(pauses_s):
            bundle.add(run(number))
            clock.now_s += pause_s
    assert [run.token_count for runs in sent.bundles for run in runs] == list(range(len(pauses_s)))
