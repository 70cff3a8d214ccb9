"""Numbers and units as text."""

import pytest

from app.core import formatting


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (None, "–"),
        (0.0, "0\u202fms"),
        (0.0084, "8\u202fms"),
        (0.9996, "1.0\u202fs"),
        (59.94, "59.9\u202fs"),
        (61.0, "1\u202fmin 1\u202fs"),
    ],
)
def test_duration(seconds: float | None, text: str) -> None:
    assert formatting.duration(seconds) == text


@pytest.mark.parametrize(
    ("value", "text"), [(None, "–"), (7.16, "7.2"), (99.96, "100.0"), (142.3, "142")]
)
def test_rate(value: float | None, text: str) -> None:
    assert formatting.rate(value) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (999, "999\u202fB"),
        (15_800_000, "15.8\u202fMB"),
        (128_000_000_000, "128\u202fGB"),
    ],
)
def test_size(value: int | None, text: str) -> None:
    assert formatting.size(value) == text


def test_counts_shares_and_ratios() -> None:
    assert formatting.count(12_345) == "12\u202f345"
    assert formatting.share(0.806) == "81\u202f%"
    assert formatting.ratio(2.4549) == "2.45"
    assert {formatting.count(None), formatting.share(None), formatting.ratio(None)} == {"–"}
