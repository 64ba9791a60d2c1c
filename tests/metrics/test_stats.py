"""Intervals: published values, scipy as oracle, and what must hold for any counts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats as oracle

from funnelkpi.metrics.stats import Z95, Z998, binomial_test, direction, newcombe, share, wilson


def test_quantiles():
    assert pytest.approx(oracle.norm.ppf(0.975), abs=1e-12) == Z95
    assert pytest.approx(oracle.norm.ppf(0.999), abs=1e-12) == Z998


def test_wilson_of_the_definitions_page():
    low, high = wilson([3, 0], [10, 8])
    assert np.round(low, 3).tolist() == [0.108, 0.0]
    assert np.round(high, 3).tolist() == [0.603, 0.324]


@given(n=st.integers(1, 5000), data=st.data(), level=st.sampled_from([0.95, 0.998]))
def test_wilson_agrees_with_scipy(n, data, level):
    k = data.draw(st.integers(0, n))
    low, high = wilson(k, n, {0.95: Z95, 0.998: Z998}[level])
    expected = oracle.binomtest(k, n).proportion_ci(level, method="wilson")
    assert (float(low), float(high)) == pytest.approx((expected.low, expected.high), abs=1e-9)


# Newcombe (1998), table II, method 10: a/m, b/n and the 95 % interval.
@pytest.mark.parametrize(
    ("k1", "n1", "k2", "n2", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
    ],
)
def test_newcombe_of_the_paper(k1, n1, k2, n2, low, high):
    got = newcombe(k1, n1, k2, n2)
    assert [round(float(x), 4) for x in got] == pytest.approx([low, high], abs=1e-4)


def test_an_empty_base_is_missing():
    assert np.isnan(share(0, 0))
    assert all(np.isnan(x) for x in (*wilson(0, 0), *newcombe(0, 0, 1, 2)))
    assert direction(0, 0, 5, 30) == 0


counts = st.integers(1, 400).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(one=counts, two=counts)
def test_direction_turns_round_with_its_arguments(one, two):
    assert int(direction(*one, *two)) == -int(direction(*two, *one))
    low, high = newcombe(*one, *two)
    assert low <= one[0] / one[1] - two[0] / two[1] <= high


def test_direction_is_vectorised_and_has_two_strengths():
    assert direction([0, 6, 15, 24, 30], [30] * 5, 15, 30).tolist() == [-2, -1, 0, 1, 2]


@given(k=st.integers(0, 400), rest=st.integers(0, 400), p=st.sampled_from([0.5, 28 / 59, 0.01]))
def test_the_binomial_test_is_scipy_s(k, rest, p):
    if k + rest == 0:
        assert np.isnan(binomial_test(k, k + rest, p))
    else:
        expected = oracle.binomtest(k, k + rest, p).pvalue
        assert binomial_test(k, k + rest, p) == pytest.approx(expected, abs=1e-10)


def test_the_binomial_test_of_large_counts():
    for k, n, p in (
        (500_800, 1_000_000, 0.5),
        (1_490_000, 3_000_000, 0.4963),
        (7, 100_000, 0.0001),
    ):
        assert binomial_test(k, n, p) == pytest.approx(oracle.binomtest(k, n, p).pvalue, rel=1e-7)


@given(values=st.lists(st.integers(0, 40), min_size=2, max_size=2))
def test_the_test_does_not_care_which_count_came_first(values):
    a, b = values
    if a + b:
        assert binomial_test(a, a + b) == pytest.approx(binomial_test(b, a + b))
