"""Bundles of runs: none is lost or out of order, and whoever makes runs never waits."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.backends.base import Run
from engine.errors import EngineProcessError, ErrorCode
from engine.run_bundler import RunBundler

PATIENCE_S = 30.0
NEVER_S = 600.0
Bundles = queue.SimpleQueue[tuple[Run, ...]]


def run(number: int) -> Run:
    return Run(token_count=number, text="", spans=(), at_s=0.0)


def numbers(bundle: tuple[Run, ...]) -> list[int]:
    return [run.token_count for run in bundle]


def rest(bundles: Bundles) -> list[list[int]]:
    found = []
    while not bundles.empty():
        found.append(numbers(bundles.get()))
    return found


@contextmanager
def under_way(bundles: Bundles, *, pace_s: float) -> Iterator[RunBundler]:
    """A bundler that has sent its first run, and one more by itself."""
    with RunBundler(bundles.put, pace_s=pace_s) as bundler:
        bundler.add(run(0))
        assert numbers(bundles.get_nowait()) == [0]
        bundler.add(run(1))
        assert numbers(bundles.get(timeout=PATIENCE_S)) == [1]
        yield bundler


def test_the_first_run_goes_at_once_and_fast_ones_share_a_bundle() -> None:
    bundles: Bundles = queue.SimpleQueue()
    with under_way(bundles, pace_s=NEVER_S) as bundler:
        for number in range(2, 6):
            bundler.add(run(number))
        assert bundles.empty(), "held for the pace, or until the end"
    assert rest(bundles) == [[2, 3, 4, 5]]


def test_a_held_run_goes_by_itself_when_no_other_follows() -> None:
    bundles: Bundles = queue.SimpleQueue()
    with under_way(bundles, pace_s=0.001) as bundler:
        bundler.add(run(2))
        assert numbers(bundles.get(timeout=PATIENCE_S)) == [2]
        bundler.add(run(3))
        assert numbers(bundles.get(timeout=PATIENCE_S)) == [3]


def test_work_on_a_run_is_done_where_it_is_sent_from() -> None:
    bundles: Bundles = queue.SimpleQueue()
    workers: list[threading.Thread] = []

    def work(made: Run | None) -> Run | None:
        workers.append(threading.current_thread())
        return made

    with RunBundler(bundles.put, pace_s=NEVER_S) as bundler:
        bundler.add_work(lambda: work(run(0)))
        assert workers == [threading.current_thread()], "the first is not left for later"
        for number in (1, 2, 3):
            bundler.add_work(lambda number=number: work(run(number)))  # type: ignore[misc]
        bundler.add_work(lambda: work(None))
        bundler.settle()
        assert [number for bundle in rest(bundles) for number in bundle] == [0, 1, 2, 3]
    assert len(workers) == 5
    assert threading.current_thread() not in workers[1:]


def test_an_answer_that_fails_keeps_its_runs() -> None:
    bundles: Bundles = queue.SimpleQueue()

    def answer() -> None:
        with under_way(bundles, pace_s=NEVER_S) as bundler:
            bundler.add(run(2))
            raise RuntimeError("the model broke")

    with pytest.raises(RuntimeError):
        answer()
    assert rest(bundles) == [[2]]


def test_an_answer_without_runs_sends_nothing_and_leaves_no_thread() -> None:
    bundles: Bundles = queue.SimpleQueue()
    before = threading.active_count()
    with RunBundler(bundles.put):
        pass
    assert bundles.empty()
    assert threading.active_count() == before


def test_runs_are_taken_while_a_bundle_cannot_be_sent() -> None:
    sends, may_send = threading.Event(), threading.Event()
    sent: list[list[int]] = []

    def send(runs: tuple[Run, ...]) -> None:
        if sent:
            sends.set()
            assert may_send.wait(PATIENCE_S)
        sent.append(numbers(runs))

    with RunBundler(send) as bundler:
        bundler.add(run(1))
        bundler.add(run(2))
        assert sends.wait(PATIENCE_S)
        bundler.add(run(3))
        assert sent == [[1]]
        may_send.set()
    assert sent == [[1], [2], [3]]


def test_what_cannot_be_sent_is_told_to_whoever_makes_runs_and_at_the_end() -> None:
    def send(runs: tuple[Run, ...]) -> None:
        if numbers(runs) != [1]:
            raise EngineProcessError("too long", code=ErrorCode.ENGINE_PROTOCOL)

    def endless() -> None:
        with RunBundler(send) as bundler:
            bundler.add(run(1))
            while True:
                bundler.add(run(2))

    def short() -> None:
        with RunBundler(send) as bundler:
            bundler.add(run(1))
            bundler.add(run(2))

    for answer in (endless, short):
        with pytest.raises(EngineProcessError, match="too long"):
            answer()


@given(st.lists(st.booleans(), max_size=40))
def test_every_run_comes_once_and_in_order(pauses: list[bool]) -> None:
    bundles: Bundles = queue.SimpleQueue()
    pause = threading.Event()
    with RunBundler(bundles.put, pace_s=0.0001) as bundler:
        for number, pauses_here in enumerate(pauses):
            bundler.add(run(number))
            if pauses_here:
                pause.wait(0.0002)
    assert [number for bundle in rest(bundles) for number in bundle] == list(range(len(pauses)))
