"""Rounds end in time, and spreads say what they should."""

from __future__ import annotations

import pytest
from measuring import Budget, ratios, spread, turned


class Clock:
    """Stands still unless it is moved."""

    def __init__(self) -> None:
        self.at_s = 0.0

    def __call__(self) -> float:
        return self.at_s


def _rounds(seconds: float | None, wanted: int, round_s: float) -> int:
    clock = Clock()
    count = 0
    for _ in Budget(seconds, now_s=clock).rounds(wanted):
        clock.at_s += round_s
        count += 1
    return count


@pytest.mark.parametrize(
    ("seconds", "round_s", "expected"),
    [(None, 5.0, 4), (100.0, 5.0, 4), (12.0, 5.0, 2), (10.0, 5.0, 2), (1.0, 5.0, 1), (0.0, 5.0, 1)],
)
def test_no_round_begins_that_would_not_end_in_time(
    seconds: float | None, round_s: float, expected: int
) -> None:
    assert _rounds(seconds, 4, round_s) == expected


def test_parts_share_what_is_left() -> None:
    clock = Clock()
    whole = Budget(90.0, now_s=clock)

    first = whole.part(3)
    clock.at_s = 50.0

    assert first.left_s == 0.0
    assert whole.part(2).left_s == pytest.approx(20.0)


def test_spread_and_ratios() -> None:
    assert ratios([2.0, 9.0], [1.0, 3.0]) == [2.0, 3.0]
    assert spread([3.0, 1.0, 2.0]) == {"median": 2.0, "low": 1.0, "high": 3.0}


def test_everyone_is_first_once() -> None:
    firsts = [turned(["a", "b", "c"], number)[0] for number in range(3)]

    assert firsts == ["a", "b", "c"]
    assert turned(["a", "b", "c"], 4) == ["b", "c", "a"]
