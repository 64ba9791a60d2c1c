"""Calls, who answers, what became of missed ones: counted a second time in SQL."""

from __future__ import annotations

import pytest

from funnelkpi.metrics import answered_share, calls, missed_calls

COUNT = {"value": "count(*)", "n": "count(*)"}
GROUPS = ("company", "department")
SHARE = {
    "value": "avg(hit::int)", "numerator": "sum(hit::int)", "denominator": "count(*)",
    "n": "count(*)", "low": "wilson_low(sum(hit::int), count(*))",
    "high": "wilson_high(sum(hit::int), count(*))",
}  # fmt: skip


def test_calls(case, seed):
    w = case(seed)
    own = "select *, {} as slice from call where inside"
    w.same(calls, "calls", own.format("null"), **COUNT)
    w.same(calls, "calls", own.format("'direction=' || direction"), slices="direction=", **COUNT)
    w.same(calls, "calls", own.format("'outcome=' || outcome"), slices="outcome=", **COUNT)
    w.same(calls, "calls_matching", own.format("null"), **COUNT)
    w.same(calls, "calls_matching", own.format("'class=' || klass"), slices="class=", **COUNT)
    w.same(calls, "conversations", "select * from call where inside and conversation", **COUNT)


def test_calls_without_result(case, seed):
    w = case(seed)
    facts = "select * from call where inside and conversation"
    sums = {"value": "count(*) filter (result is null)", "denominator": "count(*)"}
    w.same(calls, "calls_without_result", facts, **sums)


def test_calls_by_hour(case, seed):
    w = case(seed)
    facts = """select * exclude pipeline, 'hour=' || strftime(moment, '%a-%H') as slice from call
               where direction = 'in' and not internal and moment >= now_() - interval 40 day"""
    own = {"slices": "hour=", "scopes": (*GROUPS, "manager"), "listed": True}
    w.same(calls, "calls_by_hour", facts, **own, **COUNT)
    facts += " and not answered"
    w.same(calls, "calls_by_hour", facts, "missed", **own, value="count(*)")


def test_answered_share(case, seed):
    w = case(seed)
    own = """select c.*, c.answered as hit, 'client=' || if(t.fresh, 'new', 'existing') as {}
             from call c left join talk t using (n)
             where c.inside and c.direction = 'in' and not c.internal"""
    w.same(answered_share, "answered_share", own.format("_"), **SHARE)
    known = own.format("slice") + " and t.n is not null"
    w.same(answered_share, "answered_share", known, slices="client=", **SHARE)


def test_callers_answered(case, seed):
    w = case(seed)
    facts = """select * exclude pipeline from call where inside and direction = 'in' and not internal
               and caller is not null"""
    sums = {
        "numerator": "count(distinct caller) filter (answered)",
        "denominator": "count(distinct caller)",
    }
    w.same(answered_share, "answered_share", facts, "callers", **sums)


MISSED = """
with missed as (select * from call where inside and direction = 'in' and not internal and not answered),
next as (
  select m.n, min(c.moment) as moment,
    arg_min(c.direction in ('out', 'callback'), (c.moment, c.direction = 'in')) as back
  from missed m join call c on c.caller = m.caller and not c.internal
    and (c.moment > m.moment and c.direction = 'in'
         or c.moment >= m.moment and c.direction in ('out', 'callback'))
  group by 1),
fates as (
  select m.*, x.moment as then_at, x.back,
    (wsec(coalesce(x.moment, until_())) - wsec(m.moment))::bigint as span,
    case when m.caller is null then 'no_number'
         when x.back and wsec(x.moment) - wsec(m.moment) <= 1200 then 'in_time'
         when x.back and x.moment::date = m.moment::date then 'same_day'
         when x.back then 'later' when x.n is not null then 'rang_again'
         when wsec(until_()) - wsec(m.moment) <= 1200 then 'pending' else 'never' end as fate
  from missed m left join next x using (n))
"""


def test_missed_calls(case, seed):
    w = case(seed)
    w.same(missed_calls, "missed_calls", f"{MISSED} select * from fates", **COUNT)
    facts = f"{MISSED} select *, 'fate=' || fate as slice from fates"
    fates = w.same(missed_calls, "missed_calls", facts, slices="fate=", **COUNT)
    assert len({key[-1] for key in fates}) >= 5


def test_time_to_callback(case, seed):
    w = case(seed)
    facts = f"{MISSED} select * from fates where caller is not null"
    sums = {
        "value": "median(span) filter (back) / 60", "n": "count(*) filter (back)",
        "denominator": "count(*)",
    }  # fmt: skip
    w.same(missed_calls, "time_to_callback", facts, "median", **sums)
    sums = {"value": "count(*) filter (then_at is null)", "denominator": "count(*)"}
    w.same(missed_calls, "time_to_callback", facts, "waiting", **sums)
    sums = {"value": "count(*) filter (not back)", "denominator": "count(*)"}
    w.same(missed_calls, "time_to_callback", facts, "ended", **sums)


CURVE = """
with own as (select unnest([null, coalesce(manager, '')]) as who, span, {} as ends, {} as other
             from ({})),
moments as (
  select who, span, count(*) as n, count(*) filter (ends) as d, count(*) filter (other) as o
  from own group by 1, 2),
risk as (select *, sum(n) over (partition by who order by span desc) as r from moments),
alive as (
  select *, coalesce(exp(sum(case when d + o < r then ln(1 - (d + o) / r) else -1000 end)
    over (partition by who order by span rows between unbounded preceding and 1 preceding)), 1) as s
  from risk)
select who, coalesce(sum(s * d / r) filter (span <= {}), 0), sum(n) from alive group by 1
"""
"""Aalen-Johansen: the share that has come to its end by the limit, the other ends competing."""


def test_called_back_within_the_limit(case, seed):
    w = case(seed)
    facts = f"{MISSED} select * from fates where caller is not null"
    sql = CURVE.format("coalesce(back, false)", "coalesce(not back, false)", facts, 1200)
    out = w.table(missed_calls)
    out = out[out["metric"].eq("time_to_callback") & out["statistic"].eq("within_limit")]
    got = {r["name"]: r for r in out[out["pipeline"].isna()].to_dict("records")}
    for who, value, n in w.db.execute(sql).fetchall():
        key = next(k for k in got if k == who or (who is None and not isinstance(k, str)))
        assert (got[key]["value"], got[key]["n"]) == (pytest.approx(value), n)
