"""Two lines of the first screen about calls: conversations nobody entered, calls nobody returned."""

from __future__ import annotations

from typing import Any

from funnelkpi.locale.catalogue import text
from funnelkpi.report.context import Context
from funnelkpi.report.document import Line
from funnelkpi.report.figures import Row

LEAST = 3
"""Conversations or missed calls a manager needs to be named."""


def call_lines(c: Context) -> list[Line]:
    """At most two lines, and none without calls or without anything to say."""
    if c.analysis.data.calls is None or c.choice.managers:
        return []
    return [*_without_deal(c), *_missed(c)]


def _t(c: Context, key: str, **params: Any) -> str:
    return text(f"report_calls.verdict_{key}", c.lang, **params)


def _company(c: Context, metric: str, **where: Any) -> Row | None:
    return c.figures.one(metric, **{"scope": "company", "pipeline": None, **where})


def _managers(c: Context, metric: str, **where: Any) -> list[Row]:
    shown = {m.name for m in c.managers}
    rows = c.figures.all(metric, **{"scope": "manager", "pipeline": None, **where})
    return [r for r in rows if r["manager"] in shown and r["value"]]


def _without_deal(c: Context) -> list[Line]:
    """Whose conversations become deals least often: by share, of those with a few."""
    whole = _company(c, "calls_without_deal")
    if whole is None or not whole["value"] or not whole["denominator"]:
        return []
    counts = {"k": round(whole["value"]), "n": round(whole["denominator"])}
    rows = [r for r in _managers(c, "calls_without_deal") if (r["denominator"] or 0) >= LEAST]
    if not rows:
        return [Line(_t(c, "without_deal", **counts), "warn")]
    worst = max(rows, key=lambda r: (r["value"] / r["denominator"], r["value"], r["manager"]))
    own = {"own": round(worst["value"]), "all": round(worst["denominator"])}
    said = _t(c, "without_deal_who", manager=worst["manager"], **counts, **own)
    return [Line(said, "warn")]


def _missed(c: Context) -> list[Line]:
    """Missed calls that were not returned in time, and who returned the fewest."""
    whole = _company(c, "missed_calls")
    late = sum(_fate(c, "company", None, fate) for fate in ("later", "never"))
    if whole is None or not late:
        return []
    counts = {"k": round(late), "n": round(whole["value"])}
    rows = [r for r in _managers(c, "missed_calls") if r["value"] >= LEAST]
    found = [(sum(_fate(c, "manager", r["manager"], x) for x in ("later", "never")), r)
             for r in rows]  # fmt: skip
    found = [(n, r) for n, r in found if n]
    if not found:
        return [Line(_t(c, "missed", **counts), "warn")]
    n, worst = max(found, key=lambda pair: (pair[0] / pair[1]["value"], pair[0]))
    own = {"own": round(n), "all": round(worst["value"])}
    return [Line(_t(c, "missed_who", manager=worst["manager"], **counts, **own), "warn")]


def _fate(c: Context, scope: str, manager: str | None, fate: str) -> float:
    where = {"scope": scope, "pipeline": None, "slice": f"fate={fate}"}
    rows = c.figures.all("missed_calls", **where)
    return sum(r["value"] or 0 for r in rows if manager in (None, r["manager"]))
