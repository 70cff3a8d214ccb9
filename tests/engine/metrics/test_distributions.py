"""Against printed tables and closed forms."""

from __future__ import annotations

import math

import pytest

from engine.metrics.distributions import chi_square_sf, student_t_quantile, student_t_sf


@pytest.mark.parametrize(
    ("statistic", "degrees", "probability"),
    [(3.841, 1, 0.05), (18.307, 10, 0.05), (124.342, 100, 0.05), (29.588, 10, 0.001)],
)
def test_chi_square_tables(statistic: float, degrees: int, probability: float) -> None:
    assert chi_square_sf(statistic, degrees) == pytest.approx(probability, rel=1e-3)


@pytest.mark.parametrize("statistic", [0.0, 0.1, 1.0, 5.0, 40.0, 300.0])
def test_chi_square_of_two_degrees_is_an_exponential(statistic: float) -> None:
    assert chi_square_sf(statistic, 2) == pytest.approx(math.exp(-statistic / 2), rel=1e-10)


@pytest.mark.parametrize("statistic", [0.01, 0.5, 2.0, 9.0, 60.0])
def test_chi_square_of_one_degree_is_the_normal_tail(statistic: float) -> None:
    assert chi_square_sf(statistic, 1) == pytest.approx(math.erfc(math.sqrt(statistic / 2)))


@pytest.mark.parametrize(
    ("degrees", "quantile"), [(1, 12.706), (2, 4.303), (5, 2.571), (30, 2.042), (1000, 1.962)]
)
def test_student_tables(degrees: int, quantile: float) -> None:
    assert student_t_quantile(0.975, degrees) == pytest.approx(quantile, abs=6e-4)


def test_student_of_one_degree_is_cauchy_and_symmetric() -> None:
    for statistic in (-3.0, -0.2, 0.0, 0.7, 8.0):
        expected = 0.5 - math.atan(statistic) / math.pi
        assert student_t_sf(statistic, 1) == pytest.approx(expected, abs=1e-12)


def test_nonsense_is_refused() -> None:
    with pytest.raises(ValueError, match="chi-square"):
        chi_square_sf(1.0, 0)
    with pytest.raises(ValueError, match="quantile"):
        student_t_quantile(0.2, 3)
