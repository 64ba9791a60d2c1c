"""Counts of a conversion by scope, and the rates, intervals and bounds made of them.

Deals whose reach is known make the value; deals whose reach is not stand in the bounds alone.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from funnelkpi.metrics._cohort import ALL_CLASSES, IGNORED, TOO_EARLY
from funnelkpi.metrics._columns import Array, Columns, grouped
from funnelkpi.metrics._slices import Slices
from funnelkpi.metrics.stats import share, wilson

RATE = ("n", "hits", "known", "floor", "possible", "top")
"""Counts a rate is made of. n: the base, uncertain deals with it. hits: surely in the base and
surely advanced. known: the base whose reach is known. floor: the base that goes with ``hits`` when
no uncertain deal advanced. possible: advanced at most; top: the base that goes with it."""
RULELESS = tuple(f"{name}_all" for name in RATE)
"""The same without the rule on ignored loss reasons."""
SUMS = (*RATE, *RULELESS, *ALL_CLASSES)

_HIT, _POSSIBLE, _SURE = 16, 32, 64  # bits above the class, in one small integer per deal
_CELLS = 128


def fine(facts: Columns, slices: Slices) -> Columns:
    """``SUMS`` of conversion facts by manager and slice, in this order.

    One histogram over manager x slice x class x certainty, so that a million facts cost a few
    passes.
    """
    cell = facts["klass"].astype(np.int64)
    for bit, name in ((_HIT, "hit"), (_POSSIBLE, "possible"), (_SURE, "sure")):
        cell += bit * facts[name]
    rows = {"deal": facts["deal"], "manager": facts["manager"], "cell": cell}
    rows = slices.applied(rows)
    width = len(slices.names)
    group = (rows["manager"].astype(np.int64) + 1) * width + rows["slice"]
    used, place = grouped(group * _CELLS + rows["cell"], int(group.max(initial=0) + 1) * _CELLS)
    counts = np.bincount(place, minlength=len(used))
    who, place = grouped(used // _CELLS, int(group.max(initial=0)) + 1)
    out = {"manager": (who // width - 1).astype(np.int32), "slice": who % width}
    for name, count in _decode(used % _CELLS, counts).items():
        out[name] = np.bincount(place, weights=count, minlength=len(who)).astype(np.int64)
    return out


def _decode(cell: Array, count: Array) -> Columns:
    klass = cell % _HIT
    hit, possible, sure = (cell & _HIT) > 0, (cell & _POSSIBLE) > 0, (cell & _SURE) > 0
    base = klass < TOO_EARLY
    out: Columns = {}
    for inside, names in ((base, RATE), (base | (klass == IGNORED), RULELESS)):
        certain = inside & sure & (hit == possible)
        masks = (
            inside,
            inside & hit & sure,
            certain,
            inside & (sure | ~hit),
            inside & possible,
            inside & (sure | possible),
        )
        out |= {name: count * mask for name, mask in zip(names, masks, strict=True)}
    out |= {name: count * (klass == i) for i, name in enumerate(ALL_CLASSES)}
    return out


def rates(counts: Mapping[str, Array], max_gap: float, suffix: str = "") -> Columns:
    """value, numerator, denominator, n, low, high, bound_low, bound_high of each row of ``counts``.

    bound_low: none of the deals of unknown reach advanced; bound_high: all that can have did.
    value: hits / known; missing where the bounds lie further apart than ``max_gap`` (``open_gap``
    is True). low and high: Wilson's lower end at bound_low and upper end at bound_high.
    """
    n, hits, known, floor, possible, top = (counts[name + suffix] for name in RATE)
    bound_low, bound_high = share(hits, floor), share(possible, top)
    vague = (possible > hits) | (n > known)
    open_gap = np.nan_to_num(bound_high - bound_low) > max_gap + 1e-9
    value = np.where(open_gap, np.nan, share(hits, known))
    low, high = wilson(hits, floor)[0], wilson(possible, top)[1]
    missing = np.isnan(value)
    return {
        "value": value,
        "numerator": np.where(open_gap, np.nan, hits),
        "denominator": np.where(open_gap, np.nan, known),
        "n": n,
        "low": np.where(missing, np.nan, low),
        "high": np.where(missing, np.nan, high),
        "bound_low": np.where(vague, bound_low, np.nan),
        "bound_high": np.where(vague, bound_high, np.nan),
        "open_gap": open_gap,
    }


EXTREMES = (("hits", "floor"), ("possible", "top"))
"""The two extremes (numerator, denominator) of uncertain counts, for what must hold in both."""
