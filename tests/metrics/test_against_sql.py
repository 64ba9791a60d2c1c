"""Entries and conversions of 100,000 random deals against the same figures in DuckDB SQL."""

from datetime import datetime

import duckdb
import numpy as np
import pandas as pd
import pytest

from funnelkpi.config.schema import Settings
from funnelkpi.metrics import conversion, entries
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.entries import build_entries, reach
from funnelkpi.model.funnel import STATUSES
from funnelkpi.model.period import parse_period
from funnelkpi.model.roster import Manager, Roster
from funnelkpi.model.workdays import WorkCalendar

N = 100_000
AS_OF = datetime(2026, 11, 16, 8, 30)
STAGES = ("base", "lpr", "needs", "won", "lost", "parked")


@pytest.fixture(scope="module")
def sample():
    """A raw table as SQL sees it: rank 1..4 (4 won), and dates; a skipped stage has none."""
    rng = np.random.default_rng(7)
    start = np.datetime64("2025-06-01", "s")
    created = start + rng.integers(0, 530 * 86400, N).astype("m8[s]")
    top = rng.choice([1, 2, 3, 4], N, p=[0.3, 0.3, 0.25, 0.15])
    out = pd.DataFrame({"id": np.arange(N), "created": created, "top": top})
    at = created
    for rank, name in ((2, "lpr"), (3, "needs"), (4, "won")):
        at = at + rng.integers(3600, 30 * 86400, N).astype("m8[s]")
        skipped = (rng.random(N) < 0.1) & (rank < 4) & (top > rank)
        out[name] = np.where((top >= rank) & ~skipped, at, np.datetime64("NaT"))
    late = out[["lpr", "needs", "won"]].gt(pd.Timestamp(AS_OF)).any(axis=1)
    out = out[~late & out["created"].le(pd.Timestamp(AS_OF))].reset_index(drop=True)
    fate = rng.random(len(out))
    out["stage"] = np.select(
        [out["top"] == 4, fate < 0.4, fate < 0.45], ["won", "lost", "parked"], "open"
    )
    last = out[["created", "lpr", "needs"]].max(axis=1)
    out["closed"] = out["won"].where(out["top"] == 4, last.where(out["stage"] == "lost"))
    out["now"] = np.where(
        out["stage"] == "open",
        np.array(["", "base", "lpr", "needs", "won"])[out["top"]],
        out["stage"],
    )
    out["manager"] = rng.integers(0, 8, len(out))
    return out


@pytest.fixture(scope="module")
def data(sample, request):
    funnel = request.getfixturevalue("three_stages")
    n, none = len(sample), pd.Series(pd.NaT, index=sample.index).astype("datetime64[s]")
    ids = [s.id for s in funnel.stages]
    status = sample["stage"]
    deals = pd.DataFrame(
        {
            "deal_id": sample["id"].astype("str"),
            "pipeline": pd.Categorical(["main"] * n, categories=["main"]),
            "stage": pd.Categorical("main/" + sample["now"], categories=ids),
            "previous_stage": pd.Categorical([None] * n, categories=ids),
            "status": pd.Categorical(status, categories=STATUSES),
            "manager": pd.Categorical.from_codes(sample["manager"], [f"М{i}" for i in range(8)]),
            "created_at": sample["created"].astype("datetime64[s]"),
            "closed_at": sample["closed"].astype("datetime64[s]"),
            "stage_changed_at": none,
            "loss_reason": pd.Categorical([None] * n),
        }
    )
    for name in ("created_day", "closed_day", "stage_changed_day", "stage_unknown"):
        deals[name] = False
    dated = {f"main/{s}": sample[s].astype("datetime64[s]") for s in ("lpr", "needs")}
    seen = build_entries(deals, dated, funnel)
    deals = pd.concat([deals, reach(deals, seen, dated, funnel)], axis=1)
    roster = Roster(tuple(Manager(f"М{i}") for i in range(8)))
    return Dataset(
        deals=deals, entries=seen, calls=None, funnel=funnel, roster=roster,
        calendar=WorkCalendar(country=None), as_of=AS_OF, available=frozenset({"closed_at"}),
        dated=frozenset(dated),
        observed={s: at.min().to_pydatetime() for s, at in dated.items()},
    )  # fmt: skip


@pytest.fixture(scope="module")
def three_stages():
    from funnelkpi.model.funnel import Funnel, Pipeline, Stage, StageKind

    kinds = [StageKind.OPEN] * 3 + [StageKind.WON, StageKind.LOST, StageKind.PARKED]
    stages = tuple(
        Stage(f"main/{k}", k, k, "main", kind, i if i < 5 else -1)
        for i, (k, kind) in enumerate(zip(STAGES, kinds, strict=True), 1)
    )
    return Funnel((Pipeline("main", "Main", stages),))


def view(data, **policy):
    period = parse_period("2026-11-01..2026-11-15", AS_OF, data.calendar)
    return View(period, AS_OF, Settings.model_validate({"conversion": policy}))


def run(sample, sql):
    with duckdb.connect() as connection:
        connection.register("sample", sample)
        return connection.execute(sql).fetchall()


def test_entries(sample, data):
    sql = """
        SELECT 'М' || manager AS manager, stage, count(*) AS n FROM (
            UNPIVOT (SELECT manager, created AS base, lpr, needs, won FROM sample)
            ON base, lpr, needs, won INTO NAME stage VALUE moment)
        WHERE moment >= '2026-11-01' AND moment < '2026-11-16' GROUP BY ALL
    """
    expected = {(m, s): n for m, s, n in run(sample, sql)}
    out = entries.compute(data, view(data))
    out = out[out["metric"].eq("entries") & out["scope"].eq("manager")]
    got = {(r.manager, r.stage): int(r.value) for r in out.itertuples()}
    assert got == expected
    assert len(got) == 32


def test_conversion(sample, data):
    sql = """
        WITH seen AS (
            SELECT manager, now, top, created AS e1, least(lpr, needs, won) AS e2,
                   least(needs, won) AS e3
            FROM sample),
        steps AS (
            SELECT manager, now, top, 'base' AS s, 2 AS goal, e1 AS moment FROM seen
            UNION ALL SELECT manager, now, top, 'lpr', 3, e2 FROM seen
            UNION ALL SELECT manager, now, top, 'needs', 4, e3 FROM seen)
        SELECT 'М' || manager, s, count(*) FILTER (top >= goal), count(*),
               count(*) FILTER (top < goal AND now = 'lost'),
               count(*) FILTER (top < goal AND now = 'parked')
        FROM steps
        WHERE moment >= TIMESTAMP '2026-11-16 08:30:00' - INTERVAL 120 DAY
          AND moment < TIMESTAMP '2026-11-16 08:30:00' - INTERVAL 30 DAY
        GROUP BY ALL
    """
    expected = {(m, s): rest for m, s, *rest in run(sample, sql)}
    out = conversion.compute(data, view(data, maturity=30))
    out = out[out["scope"].eq("manager")]
    rates = out[out["metric"].eq("conversion")].set_index(["manager", "stage"])
    base = out[out["metric"].eq("conversion_base")]
    base = base.pivot_table(index=["manager", "stage"], columns="slice", values="value")
    got = {
        key: [
            int(rates.at[key, "numerator"]), int(rates.at[key, "denominator"]),
            int(base.at[key, "class=lost"]), int(base.at[key, "class=parked"]),
        ]
        for key in rates.index
    }  # fmt: skip
    assert got == expected
    assert len(got) == 24


def test_auto_maturity(sample, data):
    sql = """
        SELECT ceil(quantile_cont(epoch(won) - epoch(created), 0.8) / 86400) FROM sample
        WHERE won >= TIMESTAMP '2026-11-16 08:30:00' - INTERVAL 365 DAY
    """
    days = int(run(sample, sql)[0][0])
    out = conversion.compute(data, view(data))
    end = out[out["metric"].eq("created_to_won")]["period_end"].iloc[0]
    assert (pd.Timestamp(AS_OF) - end).days == days
    assert 20 < days < 90
