"""Ratios, intervals and the permutation test."""

from __future__ import annotations

import random

import pytest

from engine.lab.statistics import paired_ratio, sign_flip_p, spread


def test_a_clear_ratio() -> None:
    ours = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    ratio = paired_ratio([value * 2 for value in ours], ours)
    assert ratio is not None
    assert (ratio.value, ratio.low, ratio.high) == pytest.approx((2.0, 2.0, 2.0))
    assert ratio.p_value == pytest.approx(2 / 64)
    assert not ratio.is_tie


def test_five_pairs_cannot_prove_anything_and_six_can() -> None:
    assert sign_flip_p([1.0] * 5) == 2 / 32
    assert sign_flip_p([1.0] * 6) == 2 / 64


def test_no_difference_is_a_tie() -> None:
    ratio = paired_ratio([1.1, 0.9, 1.0, 1.05, 0.95, 1.0], [1.0] * 6)
    assert ratio is not None
    assert ratio.is_tie
    assert ratio.low is not None
    assert ratio.high is not None
    assert ratio.low < 1 < ratio.high


def test_one_pair_has_no_interval_and_none_has_nothing() -> None:
    single = paired_ratio([3.0], [2.0])
    assert single is not None
    assert (single.low, single.is_tie) == (None, True)
    assert paired_ratio([], []) is None


def test_many_pairs_agree_with_the_exact_test_in_kind() -> None:
    rng = random.Random(1)
    noise = [rng.gauss(0, 1) for _ in range(40)]
    assert sign_flip_p(noise) > 0.05
    assert sign_flip_p([value + 2 for value in noise]) < 0.001
    assert sign_flip_p(noise) == sign_flip_p(noise)


def test_the_interval_covers_the_truth_nineteen_times_in_twenty() -> None:
    rng = random.Random(7)
    hits = 0
    for _ in range(400):
        plain = [rng.lognormvariate(0, 0.4) for _ in range(6)]
        ratio = paired_ratio([value * rng.lognormvariate(0.3, 0.1) for value in plain], plain)
        assert ratio is not None
        assert ratio.low is not None
        assert ratio.high is not None
        hits += ratio.low < 1.3498588 < ratio.high
    assert 368 <= hits <= 392


def test_spread_is_median_and_quartiles() -> None:
    found = spread([1.0, 2.0, 3.0, 4.0, 5.0])
    assert found is not None
    assert (found.low, found.median, found.high, found.count) == (2.0, 3.0, 4.0, 5)
    assert spread([]) is None
