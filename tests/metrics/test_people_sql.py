"""The same figures counted a second way, in DuckDB, on random tables."""

from __future__ import annotations

from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from funnelkpi.metrics import lists, meetings, next_step, promises, repeats

DAY = np.timedelta64(1, "D")
START = np.datetime64("2026-11-16 08:30", "s")


def world(make: Any, seed: int) -> Any:
    """400 deals of 90 companies by 5 managers over 120 days, 900 tasks, companies entered by them."""
    rng = np.random.default_rng(seed)
    people = [f"М{i}" for i in range(5)]
    n, size = 400, 900

    def ago(most: int, count: int) -> list[str]:
        return [
            str(START - np.timedelta64(int(m), "m")) for m in rng.integers(1, most * 1440, count)
        ]

    stages = rng.choice(["base", "lpr", "needs", "kp", "won", "lost"], n)
    deals = pd.DataFrame({"id": range(n), "manager": rng.choice(people, n), "stage": stages})
    deals["company"] = [f"К{c}" if c < 90 else "" for c in rng.integers(0, 100, n)]
    deals["created"] = ago(120, n)
    ended = np.isin(stages, ["won", "lost"])
    deals["closed"] = np.where(ended, ago(150, n), "")
    ahead = [str(START + np.timedelta64(int(m), "m")) for m in rng.integers(1, 9999, n)]
    deals["task"] = np.where(rng.random(n) < 0.3, ahead, "")
    tasks = pd.DataFrame({"deal": rng.choice([*range(n), *[""] * 40], size)})
    tasks["client"] = [f"К{c}" for c in rng.integers(0, 100, size)]
    tasks["type"] = rng.choice(["Встреча", "Звонок", "Письмо"], size)
    tasks["manager"] = rng.choice(people, size)
    minutes = rng.integers(-20 * 1440, 60 * 1440, size)
    tasks["due"] = [str(START - np.timedelta64(int(m), "m")) for m in minutes]
    tasks["created"] = [
        str(np.datetime64(d) - np.timedelta64(int(m), "m"))
        for d, m in zip(tasks["due"], rng.integers(0, 9999, size), strict=True)
    ]
    tasks["done"] = rng.integers(0, 2, size) * (minutes > 0)
    late = rng.integers(-3000, 3000, size)
    done_at = [
        np.datetime64(d) + np.timedelta64(int(m), "m")
        for d, m in zip(tasks["due"], late, strict=True)
    ]
    tasks["done_at"] = [
        str(min(d, START)) if k else "" for d, k in zip(done_at, tasks["done"], strict=True)
    ]
    companies = pd.DataFrame({"name": [f"К{c}" for c in range(95)]})
    companies["manager"], companies["maker"] = rng.choice(people, 95), rng.choice([*people, ""], 95)
    companies["created"] = ago(200, 95)
    data = make.build(
        text_of(deals), funnel=make.funnel(), tasks=text_of(tasks), companies=text_of(companies)
    )
    return data, make.ask(data, "2026-10-01..2026-11-15")


def text_of(table: pd.DataFrame) -> str:
    return "\n".join(" | ".join(map(str, row)) for row in [table.columns, *table.to_numpy()])


def query(data: Any, sql: str) -> Any:
    with duckdb.connect() as con:
        for name in ("deals", "tasks", "companies"):
            frame = getattr(data, name).copy()
            for column in frame:
                if isinstance(frame[column].dtype, pd.CategoricalDtype):
                    frame[column] = frame[column].astype("object")
            frame["row"] = np.arange(len(frame))
            con.register(name, frame)
        return con.execute(sql).fetchall()


def of_managers(out: pd.DataFrame, metric: str, *names: str) -> dict[Any, Any]:
    rows = out[
        out["metric"].eq(metric) & out["scope"].eq("manager") & out["slice"].isna()
        & out["statistic"].eq("value") & out["manager"].ne("")
    ]  # fmt: skip
    return {r["manager"]: tuple(r[n] for n in names) for _, r in rows.iterrows()}


MEETINGS = """
with met as (
  select manager, due_at as began, done, created_at,
         case when client >= 0 then client when deal >= 0 then 1000000 + deal end as client
  from tasks where type = 'Встреча'),
held as (select * from met where done = 1 and began <= timestamp '2026-11-16 08:30')
"""
PERIOD = "between timestamp '2026-10-01' and timestamp '2026-11-15 23:59:59'"


@pytest.mark.parametrize("seed", [1, 2])
def test_meetings(make, seed):
    data, view = world(make, seed)
    out = meetings.compute(data, view)
    held = query(
        data, f"{MEETINGS} select manager, count(*) from held where began {PERIOD} group by 1"
    )
    assert of_managers(out, "meetings", "value") == {m: (k,) for m, k in held}
    firsts = """, first as (select *, row_number() over (partition by client order by began) as nth
                 from held where client is not null)"""
    counted = f"select manager, count(*) from first where nth = 1 and began {PERIOD} group by 1"
    sql = f"{MEETINGS} {firsts} {counted}"
    assert of_managers(out, "first_meetings", "value") == {m: (k,) for m, k in query(data, sql)}


@pytest.mark.parametrize("seed", [1, 2])
def test_meetings_with_a_next_step(make, seed):
    data, view = world(make, seed)
    sql = """
    with own as (select *, case when client >= 0 then client when deal >= 0 then 1000000 + deal end
                 as who from tasks),
    held as (select *, date_trunc('day', due_at) + interval 2 day as until from own
             where type = 'Встреча' and done = 1 and due_at between timestamp '2026-10-01'
             and timestamp '2026-11-15 23:59:59'),
    judged as (
      select h.*, exists (select 1 from own t where t.who = h.who and t.due_at > h.due_at
                          and t.created_at < h.until) as step
      from held h),
    deal_of as (
      select j.*, coalesce(case when j.deal >= 0 then j.deal end,
        (select arg_max(d.row, d.created_at) from deals d
         where d.client = j.client and d.client >= 0 and d.created_at <= j.due_at),
        (select arg_min(d.row, d.created_at) from deals d
         where d.client = j.client and d.client >= 0)) as home
      from judged j)
    select j.manager, sum(step::int), count(*) from deal_of j left join deals d on d.row = j.home
    where (step or until <= timestamp '2026-11-16 08:30')
      and not coalesce(d.status in ('won', 'lost') and d.closed_at >= date_trunc('day', due_at)
                       and d.closed_at < until, false)
    group by 1"""
    found = of_managers(meetings.compute(data, view), "meetings_with_next_step", "numerator",
                        "denominator")  # fmt: skip
    assert found == {m: (k, n) for m, k, n in query(data, sql)}
    assert sum(k for k, _ in found.values()) > 10


@pytest.mark.parametrize("seed", [1, 2])
def test_next_step_and_promises(make, seed):
    data, view = world(make, seed)
    sql = """
    select manager, sum((next_task_at is not null or exists (
        select 1 from tasks t where t.deal = deals.row and t.done = 0
        and t.due_at >= timestamp '2026-11-16 08:30'))::int), count(*)
    from deals where stage in ('main/lpr', 'main/needs', 'main/kp') group by 1"""
    out = next_step.compute(data, view)
    expected = {m: (k, n) for m, k, n in query(data, sql)}
    assert of_managers(out, "next_step_share", "numerator", "denominator") == expected
    sql = f"""select manager, sum(coalesce(done_at::date <= due_at::date, false)::int), count(*) from tasks
              where due_at {PERIOD} group by 1"""
    out = promises.compute(data, view)
    expected = {m: (k, n) for m, k, n in query(data, sql)}
    assert of_managers(out, "promise_kept", "numerator", "denominator") == expected


@pytest.mark.parametrize("seed", [1, 2])
def test_lists_and_repeats(make, seed):
    data, view = world(make, seed)
    sql = """
    select coalesce(maker, manager), sum((client in (select client from tasks
           where type = 'Встреча'))::int), count(*)
    from companies group by 1"""
    out = lists.compute(data, view)
    expected = {m: (k, n) for m, k, n in query(data, sql)}
    assert of_managers(out, "list_conversion", "numerator", "denominator") == expected
    sql = """
    with own as (select *, stage in ('main/base', 'main/lpr', 'main/needs', 'main/kp') as opened
                 from deals where client >= 0),
    near as (select * from own where opened
             or closed_at >= timestamp '2026-11-16 08:30' - interval 90 day),
    clients as (select client, count(*) filter (opened) as n, count(distinct manager) as people
                from near group by 1)
    select manager, count(*) from near join clients using (client)
    where (opened and (n >= 2 or people >= 2)) or (not opened and n >= 1 and people >= 2) group by 1"""
    found = of_managers(repeats.compute(data, view), "repeats", "value")
    assert found == {m: (k,) for m, k in query(data, sql)}
    sql = sql[: sql.index("select manager, count(*) from near join")]
    sql += "select count(*) from clients where n >= 2 or (n >= 1 and people >= 2)"
    whole = repeats.compute(data, view)
    whole = whole[whole["statistic"].eq("clients") & whole["scope"].eq("company")]
    assert whole["value"].item() == query(data, sql)[0][0]
