"""Stalled deals: the list of open deals to act on, and its sums (docs/metrics.md, "Stalled
deals")."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.metrics._clocks import Codes, Mask
from funnelkpi.metrics._columns import Array, Columns, distinct, either, joined, length, taken
from funnelkpi.metrics._deals import cents
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._limits import stage_limits
from funnelkpi.metrics._reasons import REASONS, STATUSES, Judged, evaluable, judge
from funnelkpi.metrics._scopes import all_pipelines, fine, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED
from funnelkpi.metrics._stage_calls import norms
from funnelkpi.metrics.result import Part, long_table
from funnelkpi.metrics.spec import MetricSpec
from funnelkpi.metrics.stats import share
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

__all__ = ["REASONS", "SPECS", "STATUSES", "compute", "facts", "stage_limits", "stalled_deals"]

STALLED = MetricSpec("stalled", "count", better="lower", needs=("stage",))
STALLED_AMOUNT = MetricSpec("stalled_amount", "money", better="lower", needs=("stage", "amount"))
STALLED_SHARE = MetricSpec("stalled_share", "share", better="lower", needs=("stage",))
SPECS = (STALLED, STALLED_AMOUNT, STALLED_SHARE)

GROUPS = (*REASONS, "any", "perhaps", "soon", "start_unknown")
"""What a slice ``reason=<name>`` counts: deals with the reason; with any reason; whose stage clock
is perhaps past the limit; about to pass it; whose age in the stage is known only within bounds."""

_KEYS = ["slice", "pipeline", "stage"]
_ALL_STAGES = -1


def stalled_deals(data: Dataset, view: View, judged: Judged | None = None) -> pd.DataFrame:
    """One row per open deal that has a reason, is perhaps stalled or is about to pass its limit.

    Columns: deal (position in ``data.deals``), deal_id, title, manager, pipeline, stage (codes),
    amount, currency; days (age in the stage, missing if unknown), days_low, days_high (its bounds,
    only where it is unknown), limit, limit_unit ("days"|"working_days", of all four); over (share
    of the limit by which it is passed); status ("stalled": surely past the limit, "perhaps": past
    it if the deal has stood there since ``days_high``, "soon": passes it within
    ``stalled.warn_days``, "other": the list has it for another reason); due_in_days (of "soon");
    reasons (joined by ",", in the order of ``REASONS``, empty if none); silent_days, overdue_days,
    age_days, age_limit (calendar days); weight = amount × the largest share by which a limit
    (stage, silence, age) is surely passed.

    Order: weight, then amount, both descending and a missing amount 0 (currencies are not
    converted), then the deal's ID. Empty when more than 5 % of the stages at ``as_of`` are unknown.
    judged: the result of ``_reasons.judge`` if the caller has it already.
    """
    j = judged or judge(Index(data), view)
    keep = (j.flags > 0) | (j.status > 0) if evaluable(data) else np.zeros(len(j.rows), dtype=bool)
    at = np.flatnonzero(keep)
    rows, deals = j.rows[at], data.deals
    vague = np.isnan(j.clock.days[at])
    amount = deals["amount"].to_numpy()[rows]
    combined = pd.Index(
        ",".join(r for bit, r in enumerate(REASONS) if mask >> bit & 1)
        for mask in range(2 ** len(REASONS))
    )
    out = pd.DataFrame(
        {
            "deal": rows.astype(np.int32),
            "deal_id": deals["deal_id"].take(rows).array,
            "title": deals["title"].take(rows).array,
            "manager": deals["manager"].cat.codes.to_numpy()[rows].astype(np.int32),
            "pipeline": deals["pipeline"].cat.codes.to_numpy()[rows].astype(np.int16),
            "stage": j.stage[at].astype(np.int16),
            "amount": amount,
            "currency": deals["currency"].take(rows).array,
            "days": j.clock.days[at],
            "days_low": np.where(vague, j.clock.low[at], np.nan),
            "days_high": np.where(vague, j.clock.high[at], np.nan),
            "limit": j.limit[at],
            "limit_unit": pd.Categorical.from_codes(
                j.working[at].astype(np.int8), categories=pd.Index(["days", "working_days"])
            ),
            "over": j.over[at],
            "status": pd.Categorical.from_codes(j.status[at], categories=pd.Index(STATUSES)),
            "due_in_days": j.due[at],
            "reasons": pd.Categorical.from_codes(j.flags[at].astype(np.int16), categories=combined),
            "silent_days": j.silent_days[at],
            "overdue_days": j.overdue_days[at],
            "age_days": j.age_days[at],
            "age_limit": j.age_limit[at],
            "weight": np.nan_to_num(amount) * j.worst[at],
        }
    )
    return out.iloc[_order(out, deals["crm"].cat.codes.to_numpy()[rows])].reset_index(drop=True)


def _order(out: pd.DataFrame, crm: Codes) -> Codes:
    """Positions by weight, amount, ID (as a number where it is one), CRM."""
    number = pd.to_numeric(out["deal_id"], errors="coerce").to_numpy(dtype=np.float64)
    text = np.zeros(len(out), dtype=np.int64)
    if np.isnan(number).any():
        text = pd.Categorical(out["deal_id"]).codes.astype(np.int64)
    amount = np.nan_to_num(out["amount"].to_numpy())
    return np.lexsort((crm, text, number, -amount, -out["weight"].to_numpy()))


def facts(
    data: Dataset,
    view: View,
    metric: str,
    reason: str = "stalled",
    index: Index | None = None,
) -> pd.DataFrame:
    """The open deals behind one figure: deal, manager, pipeline, stage, amount, currency, hit.

    stalled, stalled_amount: the deals of ``reason`` (one of ``GROUPS``). stalled_share: every open
    deal, ``hit`` telling those of ``reason``.
    """
    index = index or Index(data)
    judged = judge(index, view)
    rows = _open(index, judged)
    rows["hit"] = _groups(rows.pop("flags"))[reason]
    del rows["snapshot"]
    return pd.DataFrame(rows if metric == STALLED_SHARE.id else taken(rows, rows["hit"]))


_VAGUE = 1 << (len(REASONS) + 2)
"""Bit of ``_open``'s flags: the age in the stage is known only within bounds."""


def _open(index: Index, j: Judged) -> Columns:
    """The open deals judged; flags: their reasons, status and ``_VAGUE``, as ``_groups`` reads them;
    snapshot: whose clock has no dated start."""
    keep = slice(None) if evaluable(index.data) else slice(0)
    flags = j.flags[keep].astype(np.int64) + (j.status[keep].astype(np.int64) << len(REASONS))
    flags[np.isnan(j.clock.days[keep])] += _VAGUE
    facts = index.deals.facts(j.rows[keep], "stage", "amount", "currency")
    return {**facts, "flags": flags, "snapshot": j.clock.snapshot[keep]}


def _groups(flags: Array) -> dict[str, Mask]:
    """Which deals belong to each of ``GROUPS``."""
    reasons = flags % (1 << len(REASONS))
    status = (flags >> len(REASONS)) % len(STATUSES)
    groups = {reason: (reasons >> bit) % 2 == 1 for bit, reason in enumerate(REASONS)}
    groups["any"] = reasons > 0
    groups["perhaps"] = status == STATUSES.index("perhaps")
    groups["soon"] = status == STATUSES.index("soon")
    groups["start_unknown"] = flags >= _VAGUE
    return groups


def compute(data: Dataset, view: View) -> pd.DataFrame:
    """Long rows by scope, pipeline and stage (missing: all stages).

    ``stalled`` (count), ``stalled_amount`` (per currency) and ``stalled_share`` (statistic "value":
    of the open deals; "amount": of their sum, per currency) without a slice are the deals whose
    stage clock is surely past the limit; the same under ``slice`` = "reason=<name>" for every one
    of ``GROUPS``, which overlap (by stage for the company only). n and denominator: open deals
    judged. A reason without its source is one not evaluated row. "reason=stage_unknown" counts the
    deals left out because their stage at ``as_of`` is unknown.
    """
    return long_table(parts(Index(data), view))


def parts(index: Index, view: View, judged: Judged | None = None) -> list[Part]:
    """The rows of ``compute``. judged: the result of ``_reasons.judge`` if the caller has it."""
    if not evaluable(index.data):
        return [not_evaluated(spec, index, view, "history_for_as_of") for spec in SPECS]
    j = judged or judge(index, view)
    off = {"silent"} if view.settings.stalled.silent_days is None else set()
    off |= set() if view.settings.stalled.too_old else {"too_old"}
    off |= set() if length(norms(index, view)) else {"under_called"}
    shown = [g for g in GROUPS if g not in j.absent and g not in off]
    table = _sums(index, view, j, shown)
    out = _counts(index, view, table, shown)
    if "amount" in index.data.available:
        out += _amounts(index, view, table, shown)
    else:
        out.append(not_evaluated(STALLED_AMOUNT, index, view, "amount"))
    for reason, need in j.absent.items():
        for spec in SPECS:
            row = {"slice": np.array([f"reason={reason}"], dtype=object)}
            out.append(not_evaluated(spec, index, view, need, row))
    return out + _left_out(index, view)


def _sums(index: Index, view: View, j: Judged, shown: list[str]) -> Columns:
    """Counts (n_<group>) and kopecks (c_<group>) by manager, slice, pipeline, stage and currency.

    Stage -1 is all stages together. The deals are first counted by all that is known of them, so
    that many of them cost no more than the different cases there are.
    """
    rows = _open(index, j)
    rows["c"], rows["filled"] = cents(rows.pop("amount"))
    rows["n"] = np.ones(len(rows["deal"]), np.int64)
    sums = ["n", "c", "snapshot", "filled"]
    cases = fine(index.slices(view.by).applied(rows), [*_KEYS, "currency", "flags"], sums)
    groups = _groups(cases.pop("flags"))
    for group in shown:
        cases[f"n_{group}"] = np.where(groups[group], cases["n"], 0)
        cases[f"c_{group}"] = np.where(groups[group], cases["c"], 0)
    sums += [f"{letter}_{group}" for letter in "nc" for group in shown]
    table = fine(cases, [*_KEYS, "currency"], sums)
    total = {**table, "stage": np.full(length(table), _ALL_STAGES, np.int16)}
    by_stage = taken(table, table["stage"] >= 0)  # a deal of unknown stage is in the total only
    return joined([all_pipelines(total, index.data), by_stage])


def _counts(index: Index, view: View, table: Columns, shown: list[str]) -> list[Part]:
    # every listed manager has a row for each pipeline with open deals and its stages
    grid = distinct(table, ["pipeline", "stage"])
    if not length(grid):
        grid = {"pipeline": np.array([-1]), "stage": np.array([-1])}
    grid["slice"] = np.full(length(grid), UNSLICED)
    sums = summed(table, index, _KEYS, ["n", "snapshot", *(f"n_{g}" for g in shown)], grid)
    out = []
    for group, rows, about in _by_group(sums, shown):
        hits, n = rows[f"n_{group}"], rows["n"]
        count = {**rows, "value": hits, "denominator": n}
        out.append(long_rows(count, STALLED, index, view, definition="stalled", **about))
        part = {**rows, "numerator": hits, "denominator": n, "value": share(hits, n)}
        about["definition"] = "stalled_share"
        out.append(long_rows(part, STALLED_SHARE, index, view, **about))
    return out


def _amounts(index: Index, view: View, table: Columns, shown: list[str]) -> list[Part]:
    keys = [*_KEYS, "currency"]
    grid = distinct(table, ["pipeline", "stage", "currency"])
    grid["slice"] = np.full(length(grid), UNSLICED)
    names = ["n", "c", "filled", "snapshot", *(f"{x}_{g}" for x in "nc" for g in shown)]
    sums = summed(table, index, keys, names, grid)
    out = []
    for group, rows, about in _by_group(sums, shown):
        over, whole = rows[f"c_{group}"], rows["c"]
        money = {**rows, "value": over / 100, "n": rows[f"n_{group}"]}
        about["definition"] = "stalled_amount"
        out.append(long_rows(money, STALLED_AMOUNT, index, view, **about))
        if group not in ("stalled", "any"):
            continue
        part = {**rows, "numerator": over / 100, "denominator": whole / 100, "n": rows["filled"]}
        part["value"] = share(over, whole)
        about |= {"definition": "stalled_share", "statistic": "amount"}
        out.append(long_rows(part, STALLED_SHARE, index, view, **about))
    return out


def _by_group(sums: Columns, shown: list[str]) -> list[tuple[str, Columns, dict[str, Any]]]:
    """Rows of the headline, then of each group under its own slice; by stage for the company
    only. evidence: the weakest of the stage clocks behind a row.
    """
    evidence = either(sums["snapshot"] > 0, "snapshot", "dates")
    evidence[sums["n"] == 0] = None
    sums = {**sums, "evidence": evidence}
    company = (sums["stage"] == _ALL_STAGES) | (sums["who"] == 0)
    plain = taken(sums, (sums["slice"] == UNSLICED) & company)
    groups = [(g, plain, {"slice": f"reason={g}"}) for g in shown]
    return [("stalled", sums, {}), *groups]


def _left_out(index: Index, view: View) -> list[Part]:
    ended = index.deals.status("won", "lost", "converted")
    count = int((index.deals.stage_unknown & ~ended).sum())
    if not count:
        return []
    row = {"value": np.array([count])}
    about = {"slice": "reason=stage_unknown", "definition": "stalled", "evidence": "snapshot"}
    return [long_rows(row, STALLED, index, view, **about)]
