"""Paired comparison of two series: ratio with an interval, and a test for a difference. Pure."""

from __future__ import annotations

import itertools
import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from engine.metrics.distributions import student_t_quantile

CONFIDENCE = 0.95
SIGNIFICANCE = 0.05
_EXACT_UP_TO = 14
_RANDOM_FLIPS = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A ratio and the interval it lies in with 95 % confidence."""

    value: float
    low: float | None
    high: float | None
    """None with a single pair."""
    pairs: int
    p_value: float
    """Of the hypothesis that the ratio is 1; see `sign_flip_p`."""

    @property
    def is_tie(self) -> bool:
        """Whether the difference from 1 may be noise."""
        return self.p_value > SIGNIFICANCE


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """Median and quartiles of a figure."""

    median: float
    low: float
    high: float
    count: int


def paired_ratio(numerators: Sequence[float], denominators: Sequence[float]) -> Estimate | None:
    """Geometric mean of the ratios of paired positive values.

    The interval is Student's t on the logarithms: ratios of times are near log-normal.
    Returns None without pairs.
    """
    logs = [math.log(a / b) for a, b in zip(numerators, denominators, strict=True)]
    if not logs:
        return None
    mean = statistics.fmean(logs)
    p_value = sign_flip_p(logs)
    if len(logs) == 1:
        return Estimate(value=math.exp(mean), low=None, high=None, pairs=1, p_value=p_value)
    error = statistics.stdev(logs) / math.sqrt(len(logs))
    reach = error * student_t_quantile((1 + CONFIDENCE) / 2, len(logs) - 1)
    return Estimate(
        value=math.exp(mean),
        low=math.exp(mean - reach),
        high=math.exp(mean + reach),
        pairs=len(logs),
        p_value=p_value,
    )


def sign_flip_p(differences: Sequence[float]) -> float:
    """Two-sided p-value of a paired permutation test: were the signs of the differences chance?

    Exact up to 14 pairs, else from 16 384 flips that are the same every time. Five pairs can
    never reach 0.05; six can.
    """
    observed = abs(sum(differences)) * (1 - 1e-12)
    if len(differences) <= _EXACT_UP_TO:
        flips = itertools.product((1, -1), repeat=len(differences))
        hits = sum(abs(_dot(signs, differences)) >= observed for signs in flips)
        return float(hits / 2 ** len(differences))
    rng = random.Random(len(differences))
    hits = sum(
        abs(sum(d if rng.random() < 0.5 else -d for d in differences)) >= observed
        for _ in range(_RANDOM_FLIPS)
    )
    return float((hits + 1) / (_RANDOM_FLIPS + 1))


def spread(values: Sequence[float]) -> Spread | None:
    """Median and quartiles; None without values."""
    if not values:
        return None
    if len(values) == 1:
        return Spread(median=values[0], low=values[0], high=values[0], count=1)
    low, median, high = statistics.quantiles(values, n=4, method="inclusive")
    return Spread(median=median, low=low, high=high, count=len(values))


def _dot(signs: Sequence[int], values: Sequence[float]) -> float:
    return sum(sign * value for sign, value in zip(signs, values, strict=True))
