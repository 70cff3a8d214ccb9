"""The test of homogeneity: size, power, and pooling of rare values."""

from __future__ import annotations

import random

import pytest

from engine.verify.chi_square import compare_samples


def test_the_statistic_of_a_worked_example() -> None:
    first, second = ["a"] * 30 + ["b"] * 70, ["a"] * 50 + ["b"] * 50
    test = compare_samples(first, second)
    assert test.statistic == pytest.approx(8.3333333)
    assert (test.degrees, test.categories, test.samples) == (1, 2, (100, 100))
    assert test.p_value == pytest.approx(0.003892, abs=1e-5)


def test_false_alarms_come_as_often_as_they_should() -> None:
    rng = random.Random(5)
    weights = [2.0**-i for i in range(12)]
    alarms = 0
    for _ in range(400):
        first = rng.choices(range(12), weights, k=300)
        second = rng.choices(range(12), weights, k=300)
        alarms += compare_samples(first, second).p_value < 0.05
    assert 8 <= alarms <= 32


def test_a_difference_is_found() -> None:
    rng = random.Random(6)
    first = rng.choices(range(4), (50, 30, 15, 5), k=3000)
    second = rng.choices(range(4), (40, 40, 15, 5), k=3000)
    assert compare_samples(first, second).p_value < 0.01


def test_values_seen_once_are_pooled() -> None:
    test = compare_samples(range(200), range(200, 400))
    assert test.categories == 1
    assert (test.degrees, test.p_value) == (0, 1.0)


def test_an_empty_sample_tells_nothing() -> None:
    assert compare_samples([], ["a"]).degrees == 0
    assert compare_samples(["a"] * 50, ["a"] * 50).degrees == 0
