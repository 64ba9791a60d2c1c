"""Companies by category: the rules of the config over the company's fields, first match wins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics import _ranges
from funnelkpi.metrics._clients import clients, deal_at
from funnelkpi.metrics._columns import Array, Columns, taken
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._filters import column_of, plain, rows_passing
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._people import About, counts, frame, inside, maker, moments, numbers
from funnelkpi.metrics._scopes import not_evaluated
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

NEW_A = MetricSpec("new_category_a", "count", scales=True, anywhere=True)
NEW_B = MetricSpec("new_category_b", "count", scales=True, anywhere=True)
STOCK = MetricSpec("companies_by_category", "count", better="neither", anywhere=True)
SPECS = (NEW_A, NEW_B, STOCK)

_NAMES = {NEW_A.id: ("a", "а"), NEW_B.id: ("b", "в", "б")}
"""Names of the category a figure is of, Latin and Cyrillic alike."""


def facts(data: Dataset, view: View, metric: str, index: Index | None = None) -> pd.DataFrame:
    """Companies: deal (the client's newest, -1 none), manager (who entered it; of no manager the
    responsible), pipeline (-1), at (the entry), company (its position), category (position of the
    rule, -1 none).

    new_category_a, new_category_b: of that category, entered in the period.
    companies_by_category: all.
    """
    index = index or Index(data)
    reason = absent(index, view, metric)
    if data.companies is None or (reason and reason != "company_created_at"):
        names = ("deal", "manager", "pipeline", "at", "company", "category")
        return frame({n: np.empty(0, np.int64) for n in names})
    return frame(_of(_rows(index, view), view, metric))


def absent(index: Index, view: View, metric: str) -> str | None:
    """What would give the figure (key under ``needs``)."""
    companies, rules = index.data.companies, view.settings.categories
    if not rules or (metric != STOCK.id and _position(view, metric) is None):
        return "categories"
    if companies is None:
        return "companies"
    if metric != STOCK.id and bool((moments(companies, "created_at") == NEVER).all()):
        return "company_created_at"
    fields = [condition.field for rule in rules for condition in rule.where]
    return "category_field" if any(column_of(companies, f) is None for f in fields) else None


def _position(view: View, metric: str) -> int | None:
    names = [plain(rule.name) for rule in view.settings.categories]
    return next((i for i, name in enumerate(names) if name in _NAMES[metric]), None)


def category(companies: pd.DataFrame, view: View) -> Array:
    """The position of the first rule each company meets, -1 none.

    Raises:
        UnknownFieldError: a rule names a column that no file of companies has.
    """
    out = np.full(len(companies), -1, np.int64)
    for i, rule in enumerate(view.settings.categories):
        fits = rows_passing(companies, rule.where, _ranges.passes)
        out[(out < 0) & fits] = i
    return out


def _rows(index: Index, view: View) -> Columns:
    data, companies = index.data, index.data.companies
    assert companies is not None
    made = moments(companies, "created_at")
    return {
        "deal": deal_at(index, clients(data), numbers(companies, "client"), made),
        "manager": maker(data, companies).astype(np.int64),
        "pipeline": np.full(len(companies), -1, np.int64),
        "at": made,
        "company": np.arange(len(companies)),
        "category": category(companies, view),
    }


def _of(rows: Columns, view: View, metric: str) -> Columns:
    if metric == STOCK.id:
        return rows
    known = (rows["at"] != NEVER) & inside(rows["at"], view)
    return taken(rows, known & (rows["category"] == _position(view, metric)))


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Companies by scope and slice.

    companies_by_category: all companies, and by ``category=<name>``; ``category=`` fit no rule.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View) -> list[Part]:
    """The rows of ``compute``."""
    reasons = {spec.id: absent(index, view, spec.id) for spec in SPECS}
    if all(reasons.values()):
        return [not_evaluated(s, index, view, reasons[s.id] or "") for s in SPECS]
    rows, out = _rows(index, view), []
    for spec in SPECS:
        reason = reasons[spec.id]
        if reason is not None:
            out.append(not_evaluated(spec, index, view, reason))
            continue
        about: About = {"definition": spec.id, "evidence": "snapshot", "places": False}
        own = _of(rows, view, spec.id)
        out.append(counts(spec, index, view, own, **about))
        if spec is STOCK:
            names = ["", *(rule.name for rule in view.settings.categories)]
            titles = np.array([f"category={n}" for n in names], dtype=object)
            by = {**own, "slice": own["category"] + 1}
            out.append(counts(spec, index, view, by, names=titles, **about))
    return out
