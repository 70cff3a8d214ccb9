"""Streamed text is gathered: few commits, nothing lost, nothing late."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from app.core.store.batcher import DeltaBatcher
from engine.events import TextSpan

Passed = list[tuple[str, tuple[TextSpan, ...]]]


class Clock:
    def __init__(self) -> None:
        self.now = 5.0

    def __call__(self) -> float:
        return self.now


def made(passed: Passed, clock: Clock) -> DeltaBatcher:
    return DeltaBatcher(
        lambda text, spans: passed.append((text, spans)), interval_s=0.25, clock=clock
    )


def test_text_is_held_until_its_oldest_part_is_due() -> None:
    passed: Passed = []
    clock = Clock()
    batcher = made(passed, clock)
    assert batcher.flush_if_due() is None
    assert batcher.add("a") == 0.25
    clock.now = 5.125
    assert batcher.add("b") is not None
    assert passed == []
    clock.now = 5.25
    assert batcher.flush_if_due() is None
    assert passed == [("ab", ())]


def test_what_is_discarded_is_not_passed_on() -> None:
    passed: Passed = []
    batcher = made(passed, Clock())
    batcher.add("a")
    batcher.discard()
    batcher.flush()
    assert passed == []


@given(st.lists(st.tuples(st.text(max_size=3), st.floats(0, 0.5)), max_size=40))
def test_everything_arrives_in_order_at_most_four_times_a_second(
    stream: list[tuple[str, float]],
) -> None:
    passed: Passed = []
    clock = Clock()
    batcher = made(passed, clock)
    for text, pause_s in stream:
        clock.now += pause_s
        batcher.add(text, (TextSpan(characters=len(text), step=0, accepted=True),))
    batcher.flush()

    assert "".join(text for text, _ in passed) == "".join(text for text, _ in stream)
    assert all(sum(span.characters for span in spans) == len(text) for text, spans in passed)
    assert len(passed) <= (clock.now - 5.0) / 0.25 + 1 + 1e-6
