"""Paired comparison of two series: ratio with an interval, and a test for a difference. Pure."""

from __future__ import annotations

import bisect
import itertools
import math
import random
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from engine.metrics.distributions import student_t_quantile

CONFIDENCE = 0.95
SIGNIFICANCE = 0.05
POWER = 0.8
FEWEST_PAIRS = 6
"""With fewer no test finds anything: five signs that agree are chance once in sixteen times."""
WORTHWHILE = 1.1
"""A gain that has to be excluded before anyone may say that there is none."""
MOST_PAIRS = 200
"""`pairs_needed` looks no further."""
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

    @property
    def is_uncertain(self) -> bool:
        """Whether the test or the interval leaves it open which of the two is faster."""
        if self.is_tie or self.low is None or self.high is None:
            return True
        return self.low <= 1 <= self.high

    @property
    def may_be_faster(self) -> bool:
        """Whether a gain worth having is not excluded."""
        return self.high is None or self.high >= WORTHWHILE

    def is_faster(self, *, rivals: int = 1) -> bool:
        """Whether the ratio is above 1 beyond noise: by the test and by the interval.

        The fastest of many is fast by luck too: of 31 equal placements one wins in a quarter of
        all runs of 12 prompts. So the interval is widened for as many `rivals` (Bonferroni), which
        leaves 3 %.
        """
        if self.is_tie or self.low is None:
            return False
        usual = student_t_quantile((1 + CONFIDENCE) / 2, self.pairs - 1)
        wide = student_t_quantile(1 - (1 - CONFIDENCE) / (2 * rivals), self.pairs - 1)
        return math.log(self.value) * usual > math.log(self.value / self.low) * wide


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


def pairs_needed(estimate: Estimate, *, rivals: int = 1) -> int | None:
    """Pairs with which a gain like this is found four times in five, or with which one worth having
    is excluded where that takes fewer; None above `MOST_PAIRS`.

    What a gain of 1.31 takes depends on how much the ratio varies from prompt to prompt: 6 pairs
    at a deviation of 0.15 (of logarithms), 9 at 0.25, 16 at 0.35; with 31 rivals 10, 19 and 32.
    """
    if estimate.high is None:
        return None
    usual = student_t_quantile((1 + CONFIDENCE) / 2, estimate.pairs - 1)
    deviation = math.log(estimate.high / estimate.value) * math.sqrt(estimate.pairs) / usual

    def is_enough(pairs: int) -> bool:
        wide = student_t_quantile(1 - (1 - CONFIDENCE) / (2 * rivals), pairs - 1)
        reach = wide + student_t_quantile(POWER, pairs - 1)
        least = deviation / math.sqrt(pairs)
        is_proven = math.log(estimate.value) >= reach * least
        narrow = student_t_quantile((1 + CONFIDENCE) / 2, pairs - 1)
        return is_proven or math.log(WORTHWHILE / estimate.value) > narrow * least

    found = FEWEST_PAIRS + bisect.bisect_left(
        range(FEWEST_PAIRS, MOST_PAIRS + 1), True, key=is_enough
    )
    return found if found <= MOST_PAIRS else None


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
