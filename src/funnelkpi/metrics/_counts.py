"""Counts of a conversion by scope, and the rates, intervals and bounds made of them.

Deals whose reach is known make the value; deals whose reach is not stand in the bounds alone.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._cohort import ALL_CLASSES, IGNORED, TOO_EARLY
from funnelkpi.metrics._slices import UNSLICED, sliced
from funnelkpi.metrics._stages import Array
from funnelkpi.metrics.stats import share, wilson
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

RATE = ("n", "hits", "known", "floor", "possible", "top")
"""Counts a rate is made of. n: the base, uncertain deals with it. hits: surely in the base and
surely advanced. known: the base whose reach is known. floor: the base that goes with ``hits`` when
no uncertain deal advanced. possible: advanced at most; top: the base that goes with it."""
RULELESS = tuple(f"{name}_all" for name in RATE)
"""The same without the rule on ignored loss reasons."""
SUMS = (*RATE, *RULELESS, *ALL_CLASSES)

_HIT, _POSSIBLE, _SURE = 16, 32, 64  # bits above the class, in one small integer per deal
_CELLS = 128


def fine(facts: pd.DataFrame, data: Dataset, view: View) -> pd.DataFrame:
    """``SUMS`` of conversion facts by manager and slice.

    One histogram over manager x class x certainty, so that a million facts cost a few passes.
    """
    cell = facts["klass"].to_numpy().astype(np.int64)
    for bit, name in ((_HIT, "hit"), (_POSSIBLE, "possible"), (_SURE, "sure")):
        cell += bit * facts[name].to_numpy(dtype=bool)
    people = len(data.roster.managers) + 1
    rows = facts[["deal", "manager"]].assign(cell=cell)
    if view.by:
        rows = sliced(rows, data, view)
        codes, found = pd.factorize(rows["slice"])
        names = np.asarray(found, dtype=object)
    else:
        codes, names = np.zeros(len(rows), np.int64), np.array([UNSLICED], dtype=object)
    key = (codes * people + rows["manager"].to_numpy() + 1) * _CELLS + rows["cell"].to_numpy()
    counts = np.bincount(key)
    used = np.flatnonzero(counts)
    out = _decode(used % _CELLS, counts[used])
    who = used // _CELLS
    out.insert(0, "slice", names[who // people])
    out.insert(0, "manager", (who % people - 1).astype(np.int32))
    return out.groupby(["manager", "slice"], as_index=False, sort=True)[list(SUMS)].sum()


def _decode(cell: Array, count: Array) -> pd.DataFrame:
    klass = cell % _HIT
    hit, possible, sure = (cell & _HIT) > 0, (cell & _POSSIBLE) > 0, (cell & _SURE) > 0
    base = klass < TOO_EARLY
    out: dict[str, Array] = {}
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
    return pd.DataFrame(out)


def rates(counts: pd.DataFrame, max_gap: float, suffix: str = "") -> pd.DataFrame:
    """value, numerator, denominator, n, low, high, bound_low, bound_high of each row of ``counts``.

    bound_low: none of the deals of unknown reach advanced; bound_high: all that can have did.
    value: hits / known; missing where the bounds lie further apart than ``max_gap`` (``open_gap``
    is True). low and high: Wilson's lower end at bound_low and upper end at bound_high.
    """
    n, hits, known, floor, possible, top = (counts[name + suffix].to_numpy() for name in RATE)
    bound_low, bound_high = share(hits, floor), share(possible, top)
    vague = (possible > hits) | (n > known)
    open_gap = np.nan_to_num(bound_high - bound_low) > max_gap + 1e-9
    value = np.where(open_gap, np.nan, share(hits, known))
    low, high = wilson(hits, floor)[0], wilson(possible, top)[1]
    missing = np.isnan(value)
    return pd.DataFrame(
        {
            "value": value,
            "numerator": np.where(open_gap, np.nan, hits),
            "denominator": np.where(open_gap, np.nan, known),
            "n": n,
            "low": np.where(missing, np.nan, low),
            "high": np.where(missing, np.nan, high),
            "bound_low": np.where(vague, bound_low, np.nan),
            "bound_high": np.where(vague, bound_high, np.nan),
            "open_gap": open_gap,
        },
        index=counts.index,
    )


EXTREMES = (("hits", "floor"), ("possible", "top"))
"""The two extremes (numerator, denominator) of uncertain counts, for what must hold in both."""
