"""Stalled deals: the list of open deals to act on, and its sums (docs/metrics.md, "Stalled
deals")."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._clocks import Codes, Mask
from funnelkpi.metrics._limits import stage_limits
from funnelkpi.metrics._reasons import REASONS, STATUSES, Judged, evaluable, judge
from funnelkpi.metrics._scopes import all_pipelines, long_rows, not_evaluated, summed
from funnelkpi.metrics._slices import UNSLICED, sliced
from funnelkpi.metrics.spec import MetricSpec
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
    judged: the result of ``judge(data, view)`` if the caller has it already.
    """
    j = judged or judge(data, view)
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


def facts(data: Dataset, view: View, metric: str, reason: str = "stalled") -> pd.DataFrame:
    """The open deals behind one figure: deal, manager, pipeline, stage, amount, currency, hit.

    stalled, stalled_amount: the deals of ``reason`` (one of ``GROUPS``). stalled_share: every open
    deal, ``hit`` telling those of ``reason``.
    """
    frame, groups, _ = _base(data, judge(data, view))
    frame["hit"] = groups[reason]
    return frame if metric == STALLED_SHARE.id else frame[frame["hit"]].reset_index(drop=True)


def _base(data: Dataset, j: Judged) -> tuple[pd.DataFrame, dict[str, Mask], Mask]:
    """Open deals, which of them belong to each group, whose clock has no dated start."""
    keep = slice(None) if evaluable(data) else slice(0)
    rows, deals = j.rows[keep], data.deals
    groups = {reason: j.has(reason)[keep] for reason in REASONS}
    groups["any"] = j.flags[keep] > 0
    groups["perhaps"] = j.status[keep] == STATUSES.index("perhaps")
    groups["soon"] = j.status[keep] == STATUSES.index("soon")
    groups["start_unknown"] = np.isnan(j.clock.days[keep])
    frame = pd.DataFrame(
        {
            "deal": rows.astype(np.int32),
            "manager": deals["manager"].cat.codes.to_numpy()[rows].astype(np.int32),
            "pipeline": deals["pipeline"].cat.codes.to_numpy()[rows].astype(np.int16),
            "stage": j.stage[keep].astype(np.int16),
            "amount": deals["amount"].to_numpy()[rows],
            "currency": deals["currency"].cat.codes.to_numpy()[rows].astype(np.int16),
        }
    )
    return frame, groups, j.clock.snapshot[keep]


def compute(data: Dataset, view: View, judged: Judged | None = None) -> pd.DataFrame:
    """Long rows by scope, pipeline and stage (missing: all stages).

    ``stalled`` (count), ``stalled_amount`` (per currency) and ``stalled_share`` (statistic "value":
    of the open deals; "amount": of their sum, per currency) without a slice are the deals whose
    stage clock is surely past the limit; the same under ``slice`` = "reason=<name>" for every one
    of ``GROUPS``, which overlap (by stage for the company only). n and denominator: open deals
    judged. A reason without its source is one not evaluated row. "reason=stage_unknown" counts the
    deals left out because their stage at ``as_of`` is unknown.
    """
    if not evaluable(data):
        parts = [not_evaluated(spec, data, view, "history_for_as_of") for spec in SPECS]
        return pd.concat(parts, ignore_index=True)
    j = judged or judge(data, view)
    off = {"silent"} if view.settings.stalled.silent_days is None else set()
    off |= set() if view.settings.stalled.too_old else {"too_old"}
    shown = [g for g in GROUPS if g not in j.absent and g not in off]
    fine = _sums(data, view, j, shown)
    grid = _grid(data, fine)
    parts = _counts(data, view, fine, grid, shown)
    if "amount" in data.available:
        parts += _amounts(data, view, fine, grid, shown)
    else:
        parts.append(not_evaluated(STALLED_AMOUNT, data, view, "amount"))
    for reason, need in j.absent.items():
        row = pd.DataFrame({"scope": ["company"], "slice": [f"reason={reason}"]})
        parts += [not_evaluated(spec, data, view, need, row) for spec in SPECS]
    parts += _left_out(data, view)
    return pd.concat(parts, ignore_index=True)


def _sums(data: Dataset, view: View, j: Judged, shown: list[str]) -> pd.DataFrame:
    """Counts (n_<group>) and kopecks (c_<group>) by manager, slice, pipeline, stage and currency.

    Stage -1 is all stages together. Kopecks are integers: the order of rows changes no sum.
    """
    frame, groups, snapshot = _base(data, j)
    amount = frame.pop("amount").to_numpy()
    cents = np.where(np.isnan(amount), 0, np.round(amount * 100)).astype(np.int64)
    columns = {
        "n": np.ones(len(frame), np.int64),
        "c": cents,
        "snapshot": snapshot.astype(np.int64),
    }
    columns["filled"] = (~np.isnan(amount) & (amount != 0)).astype(np.int64)
    for group in shown:
        columns[f"n_{group}"] = groups[group].astype(np.int64)
        columns[f"c_{group}"] = np.where(groups[group], cents, 0)
    rows = sliced(frame.assign(**columns), data, view)
    keys = ["manager", *_KEYS, "currency"]
    fine = rows.groupby(keys, sort=True, dropna=False)[list(columns)].sum().reset_index()
    total = fine.assign(stage=np.int16(_ALL_STAGES))
    by_stage = fine[fine["stage"] >= 0]  # a deal of unknown stage stands in the total only
    return pd.concat([all_pipelines(total, data), by_stage], ignore_index=True)


def _grid(data: Dataset, fine: pd.DataFrame) -> pd.DataFrame:
    """Places every listed manager has a row for: each pipeline with open deals and its stages."""
    seen = fine[["pipeline", "stage"]].drop_duplicates()
    if not len(seen):
        seen = pd.DataFrame({"pipeline": [-1], "stage": [-1]}).astype("int16")
    return seen.assign(slice=UNSLICED)


def _counts(
    data: Dataset, view: View, fine: pd.DataFrame, grid: pd.DataFrame, shown: list[str]
) -> list[pd.DataFrame]:
    sums = ["n", "snapshot", *(f"n_{g}" for g in shown)]
    table = summed(fine, data, _KEYS, sums, grid)
    table["evidence"] = _evidence(table)
    parts = []
    for group, rows in _by_group(table, shown):
        hits = rows[f"n_{group}"]
        count = rows.assign(value=hits, denominator=rows["n"])
        parts.append(long_rows(count, STALLED, data, view, definition="stalled"))
        share = rows.assign(numerator=hits, denominator=rows["n"])
        share["value"] = hits / rows["n"].where(rows["n"] > 0)
        parts.append(long_rows(share, STALLED_SHARE, data, view, definition="stalled_share"))
    return parts


def _amounts(
    data: Dataset, view: View, fine: pd.DataFrame, grid: pd.DataFrame, shown: list[str]
) -> list[pd.DataFrame]:
    seen = fine[["pipeline", "stage", "currency"]].drop_duplicates()
    sums = ["n", "c", "filled", "snapshot", *(f"n_{g}" for g in shown), *(f"c_{g}" for g in shown)]
    table = summed(fine, data, [*_KEYS, "currency"], sums, grid.merge(seen, how="inner"))
    table["evidence"] = _evidence(table)
    names = np.array([*data.deals["currency"].cat.categories, None], dtype=object)
    table["currency"] = names[table["currency"].to_numpy(dtype=np.int64)]
    parts = []
    for group, rows in _by_group(table, shown):
        cents = rows[f"c_{group}"]
        money = rows.assign(value=cents / 100, n=rows[f"n_{group}"])
        parts.append(long_rows(money, STALLED_AMOUNT, data, view, definition="stalled_amount"))
        if group not in ("stalled", "any"):
            continue
        share = rows.assign(numerator=cents / 100, denominator=rows["c"] / 100, n=rows["filled"])
        share["value"] = cents / rows["c"].where(rows["c"] > 0)
        share = share.assign(statistic="amount")
        parts.append(long_rows(share, STALLED_SHARE, data, view, definition="stalled_share"))
    return parts


def _evidence(table: pd.DataFrame) -> Codes:
    """The weakest evidence of the stage clocks behind each row."""
    names = np.where(table["snapshot"] > 0, "snapshot", "dates").astype(object)
    names[(table["n"] == 0).to_numpy()] = None
    return names


def _by_group(table: pd.DataFrame, shown: list[str]) -> list[tuple[str, pd.DataFrame]]:
    """Rows of the headline, then of each group under its own slice; by stage for the company
    only."""
    plain = table[table["slice"] == UNSLICED]
    plain = plain[(plain["stage"] == _ALL_STAGES) | (plain["scope"] == "company")]
    return [("stalled", table), *((g, plain.assign(slice=f"reason={g}")) for g in shown)]


def _left_out(data: Dataset, view: View) -> list[pd.DataFrame]:
    ended = data.deals["status"].isin(["won", "lost", "converted"]).to_numpy()
    count = int((data.deals["stage_unknown"].to_numpy().astype(bool) & ~ended).sum())
    if not count:
        return []
    row = pd.DataFrame({"scope": ["company"], "slice": ["reason=stage_unknown"], "value": [count]})
    return [long_rows(row, STALLED, data, view, definition="stalled", evidence="snapshot")]
