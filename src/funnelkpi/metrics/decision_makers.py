"""Decision-makers newly entered with a way to reach them."""

from __future__ import annotations

import re

import numpy as np
import pandas as pd

from funnelkpi.metrics._clients import clients, deal_at
from funnelkpi.metrics._columns import Array, Columns
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._filters import plain
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._people import About, counts, frame, inside, maker, moments, numbers, texts
from funnelkpi.metrics._scopes import not_evaluated
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

DECISION_MAKERS = MetricSpec("decision_makers", "count", scales=True, anywhere=True)
SPECS = (DECISION_MAKERS,)

_WAYS = {"phone": r"\d(?:\D*\d){4}", "email": r"[^@\s]+@[^@\s]+\.[^@\s]+"}
"""Five digits at least, and something around an @: "нет" and "123" are no phone."""


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Contacts entered in the period that decide and can be reached.

    Columns: deal (the client's newest at the entry, -1 none), manager (who entered it; of no
    manager the responsible), pipeline (-1), at (the entry), contact (its position in the contacts).
    """
    return frame(_facts(index or Index(data), view))


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    contacts = index.data.contacts
    if contacts is None:
        return "contacts"
    for name, reason in (("created_at", "contact_created_at"), ("position", "contact_position")):
        if name not in contacts or contacts[name].isna().all():
            return reason
    if not reachable(contacts).any():
        return "contact_phone"
    return None if view.settings.decision_makers.positions else "positions"


def deciding(names: Array, positions: tuple[str, ...]) -> Array:
    """Which positions hold one of the words as whole words, in any case."""
    words = [re.escape(plain(p)) for p in positions]
    wanted = re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)")
    return np.array([bool(wanted.search(plain(n))) for n in names] + [False], dtype=bool)


def reachable(contacts: pd.DataFrame) -> Array:
    """Which contacts have a phone or an e-mail: by their texts, else by the file's word for it."""
    found = np.zeros(len(contacts), dtype=bool)
    for name, pattern in _WAYS.items():
        if name in contacts and contacts[name].notna().any():
            given = contacts[name].astype("str").fillna("")
            found |= given.str.contains(pattern, regex=True).to_numpy(dtype=bool)
        elif f"has_{name}" in contacts:
            found |= contacts[f"has_{name}"].fillna(False).to_numpy(dtype=bool)
    return found


def _facts(index: Index, view: View) -> Columns:
    data, contacts = index.data, index.data.contacts
    if contacts is None or absent(index, view, DECISION_MAKERS.id):
        empty = np.empty(0, np.int64)
        return dict.fromkeys(("deal", "manager", "pipeline", "at", "contact"), empty)
    made = moments(contacts, "created_at")
    code, names = texts(contacts, "position")
    positions = view.settings.decision_makers.positions
    rows = np.flatnonzero(inside(made, view) & (made != NEVER) & deciding(names, positions)[code])
    rows = rows[reachable(contacts.iloc[rows])]
    client = numbers(contacts, "client")[rows]
    return {
        "deal": deal_at(index, clients(data), client, made[rows]),
        "manager": maker(data, contacts)[rows].astype(np.int64),
        "pipeline": np.full(len(rows), -1, np.int64),
        "at": made[rows],
        "contact": rows,
    }


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Decision-makers entered in the period by scope and slice."""
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    spec = DECISION_MAKERS
    reason = absent(index, view, spec.id)
    if reason is not None:
        return [not_evaluated(spec, index, view, reason)]
    about: About = {"definition": spec.id, "evidence": "snapshot"}
    return [counts(spec, index, view, _facts(index, view), places=False, **about)]
