"""Marks: a manager's share against the others of the same role and pipeline.

A mark says "look here", never "worse": with eight managers and five steps a 95 % mark appears by
chance almost every week, so only ``much_lower`` and ``much_higher`` reach verdicts.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from funnelkpi.metrics._scopes import people
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.stats import direction, share
from funnelkpi.model.dataset import Dataset

MIN_OTHERS = 20
"""Deals the others must have together before anybody is marked."""
FEW = 5
"""Below this base a rate is "few data" and not marked."""
NAMES = {-2: "much_lower", -1: "lower", 1: "higher", 2: "much_higher"}

Ends = Sequence[tuple[str, str]]


def marked(fine: pd.DataFrame, data: Dataset, keys: Sequence[str], ends: Ends) -> pd.DataFrame:
    """Rows ``manager`` (name), keys, mark, gap, for listed managers of unsliced counts.

    ends: (numerator, denominator) column pairs; the one pair of a certain count, or the two
    extremes of an uncertain one: a mark is given only if it holds whatever the uncertain deals did,
    and then the weaker one. The others: everybody of the same role (no role: all without one),
    nobody's deals left out; at least 20 deals among them. gap: deals more (fewer) than at the
    others' rate, the smallest of all extremes.
    """
    keys = list(keys)
    columns = list(dict.fromkeys(name for pair in ends for name in pair))
    rows = fine[fine["slice"] == UNSLICED] if "slice" in fine else fine
    rows = rows[rows["manager"] >= 0]
    rows = rows.groupby(["manager", *keys], as_index=False, sort=True)[columns].sum()
    who = people(data)
    rows["role"] = np.array([r or "" for r in who["role"]], dtype=object)[rows["manager"]]
    listed = who["listed"].to_numpy(dtype=bool)[rows["manager"]]
    total = rows.groupby(["role", *keys])[columns].transform("sum")
    others = total - rows[columns]
    found, gaps = [], []
    for k, n in ends:
        for k_others, n_others in ends:
            own = (rows[k].to_numpy(), rows[n].to_numpy())
            rest = (others[k_others].to_numpy(), others[n_others].to_numpy())
            found.append(direction(*own, *rest))
            gaps.append(own[0] - own[1] * share(*rest))
    way, gap = np.array(found), np.array(gaps)
    agree = (np.sign(way) == np.sign(way[0])).all(axis=0)
    weakest = np.where(agree, np.sign(way[0]) * np.abs(way).min(axis=0), 0)
    base, rest_base = ends[0][1], ends[-1][1]
    enough = np.minimum(others[base].to_numpy(), others[rest_base].to_numpy()) >= MIN_OTHERS
    few = rows[base].to_numpy() < FEW
    names = pd.Series(np.where(enough, weakest, 0)).map(NAMES).astype(object)
    out = rows[["manager", *keys]].copy()
    out["mark"] = names.where(~few, "few").to_numpy()
    out["gap"] = np.sign(gap[0]) * np.abs(gap).min(axis=0)
    out["base"] = rows[base]
    out["manager"] = who["name"].iloc[out["manager"]].to_numpy(dtype=object)
    out = out[listed]
    return out[out["mark"].notna()].reset_index(drop=True)
