"""Marks: a manager's share against the others of the same role and pipeline.

A mark says "look here", never "worse": with eight managers and five steps a 95 % mark appears by
chance almost every week, so only ``much_lower`` and ``much_higher`` reach verdicts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from funnelkpi.metrics._columns import Array, Columns, coded, grouped, matches, taken
from funnelkpi.metrics._scopes import fine
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics.stats import direction, share
from funnelkpi.model.dataset import Dataset

MIN_OTHERS = 20
"""Deals the others must have together before anybody is marked."""
FEW = 5
"""Below this base a rate is "few data" and not marked."""
NAMES = np.array(["much_lower", "lower", None, "higher", "much_higher"], dtype=object)
"""By ``stats.direction`` + 2."""

Ends = Sequence[tuple[str, str]]


def marked(counts: Mapping[str, Any], data: Dataset, keys: Sequence[str], ends: Ends) -> Columns:
    """Rows ``code`` and ``manager`` (name), keys, mark, gap, base, for listed managers of unsliced
    counts.

    ends: (numerator, denominator) column pairs; the one pair of a certain count, or the two
    extremes of an uncertain one: a mark is given only if it holds whatever the uncertain deals did,
    and then the weaker one. The others: everybody of the same role (no role: all without one),
    nobody's deals left out; at least 20 deals among them. gap: deals more (fewer) than at the
    others' rate, the smallest of all extremes.
    """
    names = list(dict.fromkeys(name for pair in ends for name in pair))
    wanted = {name: np.asarray(counts[name]) for name in ("manager", *keys, *names)}
    own = wanted["manager"] >= 0
    if "slice" in counts:
        own &= np.asarray(counts["slice"]) == UNSLICED
    rows = fine(taken(wanted, own), keys, names)
    managers = data.roster.managers
    code = rows["manager"]
    roles = {role: i for i, role in enumerate(dict.fromkeys(m.role or "" for m in managers))}
    role = np.array([roles[m.role or ""] for m in managers], dtype=np.int64)[code]
    (group,), size = coded([{"role": role, **rows}], ["role", *keys])
    found, place = grouped(group, size)
    others = {
        name: np.bincount(place, weights=rows[name], minlength=len(found))[place] - rows[name]
        for name in names
    }
    ways, gaps = [], []
    for k, n in ends:
        for k_others, n_others in ends:
            ways.append(direction(rows[k], rows[n], others[k_others], others[n_others]))
            gaps.append(rows[k] - rows[n] * share(others[k_others], others[n_others]))
    way, gap = np.array(ways), np.array(gaps)
    agree = (np.sign(way) == np.sign(way[0])).all(axis=0)
    weakest = np.where(agree, np.sign(way[0]) * np.abs(way).min(axis=0), 0)
    base, rest_base = ends[0][1], ends[-1][1]
    enough = np.minimum(others[base], others[rest_base]) >= MIN_OTHERS
    out = {"code": code, **{k: rows[k] for k in keys}}
    out["manager"] = np.array([m.name for m in managers], dtype=object)[code]
    out["mark"] = NAMES[np.where(enough, weakest, 0) + 2]
    out["mark"][rows[base] < FEW] = "few"
    out["gap"] = np.sign(gap[0]) * np.abs(gap).min(axis=0)
    out["base"] = rows[base]
    listed = np.array([m.listed for m in managers], dtype=bool)[code]
    return taken(out, listed & (out["mark"] != None))  # noqa: E711 - elementwise


def marks_of(rows: Columns, marks: Columns, keys: Sequence[str], nobody: int) -> Array:
    """The mark of each of ``rows`` (columns who, slice, keys): of the unsliced ones of managers.

    nobody: the unit of deals without a manager (``Names.nobody``).
    """
    keys = ["who", *keys]
    at = matches(rows, {**marks, "who": nobody + 1 + marks["code"]}, keys)
    at[rows["slice"] != UNSLICED] = -1
    found: Array = np.append(marks["mark"], [None])[at]
    return found
