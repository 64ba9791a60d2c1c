# ruff: noqa: E501 (tables and SQL read best in wide lines)
"""The stalled table of 50,000 generated deals against the same table written in SQL."""

from dataclasses import replace
from datetime import datetime

import duckdb
import numpy as np
import pandas as pd

from funnelkpi.metrics import stalled
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.entries import build_entries, reach
from funnelkpi.model.funnel import STATUSES
from funnelkpi.model.roster import Manager, Roster

N = 50_000
AS_OF = np.datetime64("2026-11-16T08:30:00")
DATED = ("lpr", "needs", "kp", "closing")
KEYS = ("base", "lpr", "needs", "kp", "closing", "won", "lost", "parked")


def moments(rng, low, high, empty=0.0, midnight=0.0):
    """Random moments between low and high seconds before AS_OF; some dates only, some missing."""
    at = (AS_OF - rng.integers(low, high, N).astype("m8[s]")).astype("M8[s]")
    at = np.where(rng.random(N) < midnight, at.astype("M8[D]").astype("M8[s]"), at)
    return np.where(rng.random(N) < empty, np.datetime64("NaT", "s"), at)


def generate(funnel):
    """Deals of every kind: with and without a stage-change date, dated, skipped, moved back."""
    rng, day = np.random.default_rng(20261116), 86_400
    stage = rng.choice(len(KEYS), N, p=[0.1, 0.1, 0.1, 0.1, 0.1, 0.3, 0.15, 0.05])
    created_day = rng.random(N) < 0.2
    created = moments(rng, day, 500 * day)
    created = np.where(created_day, created.astype("M8[D]").astype("M8[s]"), created)
    later, dates = created, {}
    for rank, key in enumerate(DATED, 2):
        later = later + rng.integers(-2 * day, 25 * day, N).astype("m8[s]")
        at = np.where(rng.random(N) < 0.3, later.astype("M8[D]").astype("M8[s]"), later)
        reached = (stage + 1 >= rank) & (rng.random(N) < 0.8) & (at <= AS_OF)
        if key == "lpr":  # this column is kept for 200 days only
            reached &= at > AS_OF - np.timedelta64(200, "D")
        dates[key] = np.where(reached, at, np.datetime64("NaT", "s"))
    ended = np.isin(stage, [5, 6])
    closed = np.minimum(later + rng.integers(0, 30 * day, N).astype("m8[s]"), AS_OF)
    changed_day = rng.random(N) < 0.3
    changed = moments(rng, 0, 60 * day, empty=0.5)
    changed = np.where(changed_day, changed.astype("M8[D]").astype("M8[s]"), changed)
    previous = np.where(rng.random(N) < 0.9, -1, rng.integers(0, 5, N))
    codes = np.array([funnel.code[f"main/{key}"] for key in KEYS])
    ids = [s.id for s in funnel.stages]
    kind = ["open"] * 5 + ["won", "lost", "parked"]
    frame = pd.DataFrame(
        {
            "deal_id": pd.Series(rng.permutation(N) + 1).astype(str),
            "title": "Сделка",
            "crm": pd.Categorical(["generic"] * N),
            "pipeline": pd.Categorical(["main"] * N),
            "stage": pd.Categorical.from_codes(codes[stage], ids),
            "previous_stage": pd.Categorical.from_codes(np.where(previous < 0, -1, codes[previous]), ids),
            "status": pd.Categorical(np.array(kind)[stage], categories=STATUSES),
            "manager": pd.Categorical.from_codes(rng.integers(-1, 8, N), [f"М{i}" for i in range(8)]),
            "amount": np.where(rng.random(N) < 0.1, np.nan, rng.integers(0, 10**8, N) / 100),
            "currency": pd.Categorical.from_codes(rng.integers(0, 2, N), ["RUB", "USD"]),
            "created_at": created, "created_day": created_day,
            "modified_at": moments(rng, 0, 60 * day, empty=0.05, midnight=0.1),
            "closed_at": np.where(ended, closed, np.datetime64("NaT", "s")), "closed_day": False,
            "stage_changed_at": changed, "stage_changed_day": changed_day,
            "planned_close_at": moments(rng, -60 * day, 30 * day, empty=0.5, midnight=0.5),
            "activity_at": moments(rng, 0, 40 * day, empty=0.1, midnight=0.1),
            "next_task_at": moments(rng, -10 * day, 5 * day, empty=0.4, midnight=0.2),
            "stage_unknown": rng.random(N) < 0.01,
            "_file": pd.Categorical(["deals.csv"] * N), "_row": np.arange(N) + 2,
        }
    )  # fmt: skip
    return frame, {f"main/{key}": pd.Series(at) for key, at in dates.items()}


SQL = """
create macro days(a, b, coarse) as case when coarse
    then date_diff('day', a::date, b::date) else epoch(b - a) / 86400.0 end;
create macro midnight(a) as a = date_trunc('day', a);
create table moment as select timestamp '2026-11-16 08:30:00' as now;
-- Working days passed by 08:30 on Monday 16 November: up to Sunday 15.
create table workday as select d::date as d, count(*) filter (isodow(d) <= 5)
    over (order by d) as passed from range(date '2025-01-01', date '2026-11-17', interval 1 day) x(d);

create table raw as select *, case stage when 'base' then 1 when 'lpr' then 2 when 'needs' then 3
    when 'kp' then 4 when 'closing' then 5 when 'won' then 6 else 99 end as rank from source;
-- Everything each deal was seen in: creation, dated stages, the end, the change to its stage.
create table seen as
    select deal, 1 as rank, created_at as t, created_day as day, true as sure from raw
    union all select deal, 2, at_lpr, midnight(at_lpr), true from raw
    union all select deal, 3, at_needs, midnight(at_needs), true from raw
    union all select deal, 4, at_kp, midnight(at_kp), true from raw
    union all select deal, 5, at_closing, midnight(at_closing), true from raw
    union all select deal, rank, closed_at, false, true from raw where stage = 'won'
        or (stage = 'lost' and not stage_unknown)
    union all select deal, rank, stage_changed_at, stage_changed_day, false from raw
        where not stage_unknown and (stage = 'parked' or (stage = 'lpr' and at_lpr is null)
            or (stage = 'needs' and at_needs is null) or (stage = 'kp' and at_kp is null)
            or (stage = 'closing' and at_closing is null));
delete from seen where t is null;
create table begun as select rank, min(t) as t from seen where rank between 2 and 5 and sure
    group by rank;
create table step as select *, lead(rank) over w as next_rank, lead(t) over w as next_at,
    lead(day) over w as next_day, lead(sure) over w as next_sure
    from seen window w as (partition by deal order by t, rank);
create table visit as select rank, days(t, next_at, day or next_day) as length from step, moment
    where rank < next_rank and next_rank <= 6 and sure and next_sure
    and next_at > now - interval 365 day
    and not exists (from begun b where b.rank > step.rank and b.rank < next_rank and b.t > step.t);
create table bound as select r.rank, count(length) as n,
    case r.rank when 3 then 12 when 4 then 8
    else if(count(length) >= 20, quantile_cont(length, 0.8), 14) end as "limit"
    from (values (1), (2), (3), (4), (5)) r(rank) left join visit using (rank) group by r.rank;
create table oldest as select quantile_cont(length, 0.95) as p95 from (
    select days(created_at, closed_at, created_day) as length from raw, moment
    where stage = 'won' and closed_at > now - interval 365 day) where length >= 0;

create table place as select *, case rank when 2 then at_lpr when 3 then at_needs when 4 then at_kp
    when 5 then at_closing end as own,
    (select max(s.t) from seen s where s.deal = raw.deal and s.sure and s.rank between 2 and 5
        and s.rank <> raw.rank) as elsewhere from raw where rank <= 5 and not stage_unknown;
create table clock as select *, case
    when stage_changed_at is not null then stage_changed_at
    when own is not null and (elsewhere is null or
        case when midnight(own) then elsewhere::date <= own::date else elsewhere <= own end) then own
    when rank = 1 and elsewhere is null and coalesce(previous, 'base') = 'base' then created_at
    end as start, greatest(created_at, elsewhere) as since from place;
create table aged as select c.*, "limit",
    case when rank = 4 then greatest(0, last.passed - (select passed from workday where d = start::date))
    else greatest(0, days(start, now, case when stage_changed_at is not null then stage_changed_day
        when own is not null then midnight(own) else created_day end)) end as age,
    case when rank = 4 then greatest(0, last.passed - (select passed from workday where d = modified_at::date))
    else greatest(0, days(modified_at, now, midnight(modified_at))) end as least,
    case when rank = 4 then greatest(0, last.passed - (select passed from workday where d = since::date))
    else days(since, now, if(since = created_at, created_day, midnight(since))) end as most,
    days(coalesce(activity_at, created_at), now,
        if(activity_at is null, created_day, midnight(activity_at))) as silent_days,
    days(created_at, now, created_day) as age_days
    from clock c join bound using (rank), moment, (from workday where d = '2026-11-15') last;
create table judged as select *,
    if(start is null, least(coalesce("least", 0), most), age) as low, if(start is null, most, age) as high,
    silent_days > 14 as silent, next_task_at is null as no_next_step,
    coalesce(if(midnight(planned_close_at), planned_close_at::date < now::date, planned_close_at < now), false)
    or coalesce(if(midnight(next_task_at), next_task_at::date < now::date, next_task_at < now), false) as overdue,
    age_days > p95 as too_old, p95 from aged, moment, oldest;
create table final as select *, case when low > "limit" then 'stalled' when high > "limit" then 'perhaps'
    when low + 3 > "limit" then 'soon' else 'other' end as status,
    coalesce(amount, 0) * greatest(0, if(low > "limit", (low - "limit") / "limit", 0),
        if(silent, silent_days / 14 - 1, 0), if(too_old, (age_days - p95) / p95, 0)) as weight
    from judged;
select deal_id, manager, amount, if(start is null, null, age) as days,
    if(start is null, low, null) as days_low, if(start is null, high, null) as days_high, "limit",
    status, weight, concat_ws(',', if(status = 'stalled', 'stalled', null), if(silent, 'silent', null),
    if(no_next_step, 'no_next_step', null), if(overdue, 'overdue', null), if(too_old, 'too_old', null))
    as reasons from final where status <> 'other' or silent or no_next_step or overdue or too_old
"""


def test_the_same_table_in_sql(make):
    funnel = make.funnel(needs=12, kp=8)
    pipeline = funnel.pipelines[0]
    stages = tuple(
        replace(s, limit_unit="working_days") if s.key == "kp" else s for s in pipeline.stages
    )
    funnel = replace(funnel, pipelines=(replace(pipeline, stages=stages),))
    deals, dates = generate(funnel)
    entries = build_entries(deals, dates, funnel)
    full = pd.concat([deals, reach(deals, entries, dates, funnel)], axis=1)
    template = make.build("id | stage\n1 | base", funnel=funnel)
    data: Dataset = replace(
        template, deals=full, entries=entries, as_of=datetime(2026, 11, 16, 8, 30),
        roster=Roster(tuple(Manager(f"М{i}") for i in range(8))),
        available=frozenset({"amount", "created_at", "closed_at", "activity_at", "next_task_at",
                             "planned_close_at"}),
    )  # fmt: skip
    got = stalled.stalled_deals(data, make.ask(data))

    keys = {s.id: s.key for s in funnel.stages}
    source = deals.drop(columns=["pipeline", "status", "crm", "_file", "currency"]).assign(
        deal=np.arange(N),
        stage=deals["stage"].astype(str).map(keys),
        previous=deals["previous_stage"].astype(object).map(keys),
        manager=deals["manager"].cat.codes,
        **{f"at_{key.split('/')[1]}": at for key, at in dates.items()},
    )
    db = duckdb.connect()
    db.register("source", source.drop(columns="previous_stage"))
    want = db.execute(SQL).df()
    assert len(want) > 15_000
    assert set(want["status"]) == {"stalled", "perhaps", "soon", "other"}

    got = got.set_index("deal_id")
    want = want.set_index("deal_id").loc[got.index]
    assert len(want) == len(got) == len(db.execute("from final").df().query(
        "status != 'other' or silent or no_next_step or overdue or too_old"))  # fmt: skip
    assert (got["manager"] == want["manager"]).all()
    assert (got["status"].astype(str) == want["status"]).all()
    assert (got["reasons"].astype(str) == want["reasons"]).all()
    for name in ("amount", "days", "days_low", "days_high", "limit", "weight"):
        np.testing.assert_allclose(
            got[name].to_numpy(float),
            want[name].to_numpy(float),
            rtol=1e-9,
            atol=1e-6,
            err_msg=name,
        )
    order = want.reset_index().assign(number=lambda f: f["deal_id"].astype(int))
    order["amount"] = order["amount"].fillna(0)
    order = order.sort_values(["weight", "amount", "number"], ascending=[False, False, True])
    assert order["deal_id"].tolist()[:200] == got.index.tolist()[:200]

    out = stalled.compute(data, make.ask(data))
    counts = out[out["metric"].eq("stalled") & out["scope"].eq("company") & out["stage"].isna()]
    for reason in (r for r in stalled.REASONS if r != "under_called"):  # no norm, no reason
        expected = want["reasons"].str.split(",").map(lambda r, name=reason: name in r).sum()
        assert counts.loc[counts["slice"].eq(f"reason={reason}"), "value"].tolist() == [expected]
