"""Verdicts of norms: below < normal <= normal < great <= great; reversed where less is better."""

from __future__ import annotations

import math

BELOW, NORMAL, GREAT = "below", "normal", "great"
MIN_BASE = 5
"""A share of fewer deals is never ``below``."""
TOLERANCE = 1e-9


def band(value: float, normal: float, great: float | None, less: bool) -> str:
    """Where a known value lies; ``less``: a smaller figure is better."""
    sign = -1 if less else 1
    if great is not None and sign * (value - great) >= -TOLERANCE:
        return GREAT
    return NORMAL if sign * (value - normal) >= -TOLERANCE else BELOW


def at_least(value: float, normal: float, great: float | None, less: bool) -> str | None:
    """The verdict on a figure that is at least ``value``: normal or great if that is sure, never
    below.
    """
    if less:
        return None
    found = band(value, normal, great, less)
    return None if found == BELOW else found


def of_share(
    ends: tuple[float, float],
    interval: tuple[float, float],
    base: float,
    normal: float,
    great: float | None,
    less: bool,
) -> str | None:
    """The verdict on a share; None where the data cannot tell.

    ends: the share at both bounds (equal when it is known): they must agree. interval: Wilson's;
    below needs a base of at least 5 and the whole interval on the wrong side of the norm.
    """
    if any(math.isnan(x) for x in ends):
        return None
    found = {band(x, normal, great, less) for x in ends}
    if len(found) > 1:
        return None
    verdict = found.pop()
    if verdict != BELOW:
        return verdict
    low, high = interval
    proven = low > normal if less else high < normal
    return BELOW if proven and base >= MIN_BASE else None
