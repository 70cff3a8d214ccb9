"""Do two samples come from one distribution? Pearson's test of homogeneity. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from engine.metrics.distributions import chi_square_sf

_MIN_EXPECTED = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChiSquare:
    """Outcome of a test."""

    statistic: float
    degrees: int
    """0 when everything fell into one category: then nothing can be told."""
    p_value: float
    categories: int
    samples: tuple[int, int]


def compare_samples(first: Iterable[Hashable], second: Iterable[Hashable]) -> ChiSquare:
    """Test whether two samples have the same distribution.

    Values too rare to expect five of in each sample are taken together as one category: without
    that the statistic is not chi-square.
    """
    ours, theirs = Counter(first), Counter(second)
    pairs = _pool(ours, theirs)
    samples = (ours.total(), theirs.total())
    if len(pairs) < 2 or 0 in samples:
        return ChiSquare(
            statistic=0.0, degrees=0, p_value=1.0, categories=len(pairs), samples=samples
        )
    total = sum(samples)
    statistic = 0.0
    for pair in pairs:
        for seen, size in zip(pair, samples, strict=True):
            expected = sum(pair) * size / total
            statistic += (seen - expected) ** 2 / expected
    degrees = len(pairs) - 1
    return ChiSquare(
        statistic=statistic,
        degrees=degrees,
        p_value=chi_square_sf(statistic, degrees),
        categories=len(pairs),
        samples=samples,
    )


def _pool(ours: Counter[Hashable], theirs: Counter[Hashable]) -> list[tuple[int, int]]:
    """Counts per category, the rare ones in one."""
    total = ours.total() + theirs.total()
    smaller = min(ours.total(), theirs.total())
    kept: list[tuple[int, int]] = []
    rare = [0, 0]
    for value in dict.fromkeys([*ours, *theirs]):
        pair = (ours[value], theirs[value])
        if sum(pair) * smaller / max(total, 1) >= _MIN_EXPECTED:
            kept.append(pair)
        else:
            rare[0] += pair[0]
            rare[1] += pair[1]
    if sum(rare) * smaller / max(total, 1) >= _MIN_EXPECTED:
        kept.append((rare[0], rare[1]))
    elif sum(rare) and kept:
        last = kept.pop()
        kept.append((last[0] + rare[0], last[1] + rare[1]))
    return kept
