"""Tail probabilities and quantiles for intervals and tests. Pure, standard library only.

Regularised incomplete gamma and beta functions by series and continued fraction (Lentz).
"""

from __future__ import annotations

import math
from functools import cache

_TINY = 1e-300
_PRECISION = 1e-14
_MAX_TERMS = 10_000


def chi_square_sf(statistic: float, degrees: int) -> float:
    """Probability that a chi-square variable of `degrees` degrees of freedom exceeds `statistic`.

    Raises:
        ValueError: no degree of freedom, or a negative statistic.
    """
    if degrees < 1 or statistic < 0:
        raise ValueError(f"chi-square of {statistic} with {degrees} degrees of freedom")
    return _upper_gamma(degrees / 2, statistic / 2)


def student_t_sf(statistic: float, degrees: float) -> float:
    """Probability that Student's t of `degrees` degrees of freedom exceeds `statistic`."""
    tail = _beta(degrees / (degrees + statistic * statistic), degrees / 2, 0.5) / 2
    return tail if statistic >= 0 else 1.0 - tail


@cache
def student_t_quantile(probability: float, degrees: int) -> float:
    """The value Student's t stays below with `probability` (0.5..1), by bisection."""
    if not 0.5 <= probability < 1 or degrees < 1:
        raise ValueError(f"t quantile of {probability} with {degrees} degrees of freedom")
    low, high = 0.0, 1.0
    while student_t_sf(high, degrees) > 1 - probability:
        high *= 2
    for _ in range(200):
        middle = (low + high) / 2
        if student_t_sf(middle, degrees) > 1 - probability:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _upper_gamma(shape: float, x: float) -> float:
    """Q(shape, x), the regularised upper incomplete gamma function."""
    if x == 0:
        return 1.0
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1:
        return 1.0 - scale * _gamma_series(shape, x)
    return scale * _gamma_fraction(shape, x)


def _gamma_series(shape: float, x: float) -> float:
    term = total = 1.0 / shape
    for index in range(1, _MAX_TERMS):
        term *= x / (shape + index)
        total += term
        if term < total * _PRECISION:
            break
    return total


def _gamma_fraction(shape: float, x: float) -> float:
    b = x + 1 - shape
    c, d = 1 / _TINY, 1 / b
    result = d
    for index in range(1, _MAX_TERMS):
        a = -index * (index - shape)
        b += 2
        d = 1 / _kept(a * d + b)
        c = _kept(b + a / c)
        result *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return result


def _beta(x: float, a: float, b: float) -> float:
    """I_x(a, b), the regularised incomplete beta function."""
    if x <= 0 or x >= 1:
        return 0.0 if x <= 0 else 1.0
    log_front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b)
    front = math.exp(log_front + a * math.log(x) + b * math.log1p(-x))
    if x < (a + 1) / (a + b + 2):
        return front * _beta_fraction(x, a, b) / a
    return 1.0 - front * _beta_fraction(1 - x, b, a) / b


def _beta_fraction(x: float, a: float, b: float) -> float:
    c, d = 1.0, 1 / _kept(1 - (a + b) * x / (a + 1))
    result = d
    for m in range(1, _MAX_TERMS):
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        for term in (even, odd):
            d = 1 / _kept(1 + term * d)
            c = _kept(1 + term / c)
            result *= d * c
        if abs(d * c - 1) < _PRECISION:
            break
    return result


def _kept(value: float) -> float:
    """Keep a denominator off zero."""
    return value if abs(value) > _TINY else _TINY
