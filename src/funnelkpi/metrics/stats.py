"""Intervals of shares: Wilson's of one, Newcombe's hybrid-score interval of a difference of two;
the binomial test that compares two counts.

Sources: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA
22 (1927); R. G. Newcombe, "Interval estimation for the difference between independent proportions",
Statistics in Medicine 17 (1998), method 10. Without continuity correction.
"""

from __future__ import annotations

from math import ceil, floor, lgamma, log, log1p
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Counts = npt.ArrayLike

Z95 = 1.959963984540054
"""Two-sided 95 % quantile of the normal distribution."""
Z998 = 3.090232306167813
"""Two-sided 99.8 % quantile of the normal distribution."""


def _array(value: Counts) -> npt.NDArray[Any]:
    return np.asarray(value, dtype=np.float64)


def share(k: Counts, n: Counts) -> Numbers:
    """k / n; NaN where n is 0: an empty base is missing, not 0."""
    hits, base = _array(k), _array(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(base > 0, hits / base, np.nan), dtype=np.float64)


def wilson(k: Counts, n: Counts, z: float = Z95) -> tuple[Numbers, Numbers]:
    """Wilson's score interval (low, high) of k successes in n, as shares; NaN where n is 0.

    3 of 10: 0.108 to 0.603; 0 of 8: 0 to 0.324.
    """
    hits, base = _array(k), _array(n)
    with np.errstate(divide="ignore", invalid="ignore"):
        p, square = share(hits, base), z * z
        centre = (p + square / (2 * base)) / (1 + square / base)
        half = z * np.sqrt(p * (1 - p) / base + square / (4 * base * base)) / (1 + square / base)
        # Rounding must not move the ends of 0 of n and n of n off 0 and 1.
        low = np.where(hits == 0, np.where(base > 0, 0.0, np.nan), centre - half)
        high = np.where((hits == base) & (base > 0), 1.0, centre + half)
    return np.asarray(low), np.asarray(high)


def newcombe(
    k1: Counts, n1: Counts, k2: Counts, n2: Counts, z: float = Z95
) -> tuple[Numbers, Numbers]:
    """Newcombe's hybrid-score interval (low, high) of the difference k1/n1 - k2/n2.

    NaN where a base is 0. 56 of 70 against 48 of 80: 0.0524 to 0.3339.
    """
    p1, p2 = share(k1, n1), share(k2, n2)
    low1, high1 = wilson(k1, n1, z)
    low2, high2 = wilson(k2, n2, z)
    difference = p1 - p2
    low = difference - np.sqrt((p1 - low1) ** 2 + (high2 - p2) ** 2)
    high = difference + np.sqrt((high1 - p1) ** 2 + (p2 - low2) ** 2)
    return np.asarray(low), np.asarray(high)


def direction(k1: Counts, n1: Counts, k2: Counts, n2: Counts) -> npt.NDArray[np.int8]:
    """How the share k1/n1 stands to k2/n2: -2 much lower, -1 lower, 0 unmarked, 1 higher, 2 much
    higher.

    1: 0 lies outside the 95 % interval of the difference; 2: outside the 99.8 % one.
    """
    out = np.zeros(np.broadcast(_array(k1), _array(k2)).shape, dtype=np.int8)
    for z in (Z95, Z998):
        low, high = newcombe(k1, n1, k2, n2, z)
        out += (low > 0).astype(np.int8) - (high < 0).astype(np.int8)
    return out


def _log_factorial(x: npt.NDArray[Any]) -> Numbers:
    """ln x! of whole numbers: a table of the small ones, Stirling's series (error below 1e-16 of the
    value) beyond it."""
    large = np.maximum(x, len(_SMALL)).astype(np.float64)
    inverse = 1 / large
    series = inverse * (1 / 12 - inverse**2 * (1 / 360 - inverse**2 / 1260))
    stirling = large * np.log(large) - large + 0.5 * np.log(2 * np.pi * large) + series
    small = _SMALL[np.minimum(x, len(_SMALL) - 1)]
    return np.asarray(np.where(x < len(_SMALL), small, stirling), dtype=np.float64)


_SMALL = np.array([lgamma(i + 1) for i in range(128)])
_REACH, _MORE = 12, 40
"""Standard deviations around the mean, and outcomes more, beyond which a binomial has no mass that a
double could hold beside 1."""


def binomial_test(k: int, n: int, p: float = 0.5) -> float:
    """Two-sided p-value of ``k`` successes in ``n`` if each has the probability ``p``: the
    probability of all outcomes at most as likely as ``k``. NaN where n is 0.

    9 of 10 at 1/2: 22/1024. Two counts of events in lengths t1, t2 are equally frequent if the first
    is binomial of their sum with p = t1 / (t1 + t2) (J. Przyborowski and H. Wilenski, Biometrika 31,
    1940).
    """
    if n <= 0:
        return float("nan")
    mean, spread = n * p, (n * p * (1 - p)) ** 0.5
    low = max(0, floor(mean - _REACH * spread) - _MORE)
    high = min(n, ceil(mean + _REACH * spread) + _MORE)
    outcomes = np.append(np.arange(low, high + 1), k)  # k once more at the end, to compare with
    logs = _log_factorial(np.array([n])) - _log_factorial(outcomes)
    logs = logs - _log_factorial(n - outcomes) + outcomes * log(p) + (n - outcomes) * log1p(-p)
    chances = np.exp(logs)
    own = float(chances[-1])
    # the same tolerance for equal chances as others use: rounding must not split mirror images
    extreme = float(chances[:-1][chances[:-1] <= own * (1 + 1e-7)].sum())
    return min(1.0, extreme if low <= k <= high else extreme + own)
