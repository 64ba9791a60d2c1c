"""Calls at stage, hand-overs, calls to learn from: counted a second time in SQL."""

from __future__ import annotations

from funnelkpi.metrics import best_calls, calls_at_stage, hand_overs

COUNT = {"value": "count(*)", "n": "count(*)"}
VISITS = """
with stay as (
  select deal, pipeline, stage, manager, start, ended from visits
  where kind = 'open' and (ended is null or ended > now_() - interval 365 day)
  union all select deal, pipeline, stage, owner, created, null from known_deals
  where entity = 'lead' and stage = 'new'),
seen as (select *, stage as at_stage, row_number() over () as v from stay
         where start >= (select min(moment) from call) and start <= until_()),
judged as (
  select * from seen where ended is not null or until_() - start >= interval 7 day),
counted as (
  select j.*, (select count(distinct c.moment::date) from call c where c.deal = j.deal
    and not c.internal and (c.direction in ('out', 'callback') or c.direction = 'in' and c.answered)
    and c.moment >= j.start and (j.ended is null or c.moment < j.ended)) as called
  from judged j)
"""


def test_calls_at_stage(case, seed):
    w = case(seed)
    facts = f"""{VISITS} select * from counted
                where ended is null or ended > now_() - interval 40 day"""
    sums = {"value": "median(called)", "n": "count(*)", "denominator": "count(*)"}
    w.same(calls_at_stage, "calls_at_stage", facts, "median", whole=False, **sums)
    facts = f"""select *, called >= if(stage = 'closing', 2, 1) as hit from ({facts})
                where stage in ('closing', 'lpr')"""
    sums = {
        "value": "avg(hit::int)", "numerator": "sum(hit::int)", "denominator": "count(*)",
        "low": "wilson_low(sum(hit::int), count(*))",
    }  # fmt: skip
    w.same(calls_at_stage, "calls_at_stage", facts, "met", whole=False, **sums)


def test_under_called(case, seed):
    w = case(seed)
    facts = f"""{VISITS} select d.deal, d.pipeline, d.owner as manager
                from counted c join known_deals d using (deal)
                where ended is null and d.status = 'open' and c.stage in ('closing', 'lpr')
                  and called < if(c.stage = 'closing', 2, 1)"""
    w.same(calls_at_stage, "under_called", facts, whole=False, **COUNT)


HANDED = """
with given as (
  select o.deal, o.moment, o.after as manager, a.role as was, b.role as new, 0 as kind, o.seq
  from owners o left join people a on a.name = o.before left join people b on b.name = o.after
  where o.moment <= now_()),
left_ as (
  select v.deal, v.start as moment, v.manager, null as was, null as new, 1 as kind, v.n as seq
  from (select *, lag(pipeline) over (partition by deal order by start, m) as before_, m as n
        from (select *, row_number() over () as m from visits)) v
  where before_ <> pipeline),
every as (
  select *, row_number() over (partition by deal order by moment, kind, seq) as i from (
    select * from given union all select * from left_)),
runs as (
  select *, sum(fresh) over (partition by deal order by i) as run from (
    select *, case when lag(moment::date) over w = moment::date and lag(kind) over w <> kind
                   then 0 else 1 end as fresh
    from every window w as (partition by deal order by i))),
pairs as (select *, (row_number() over (partition by deal, run order by i) - 1) // 2 as pair from runs),
merged as (
  select deal, run, pair, max(moment) as moment, bool_or(kind = 1) as to_pipeline,
    bool_or(kind = 0) as to_manager, bool_or(kind = 0 and was <> new) as to_role,
    arg_min(manager, kind) as manager, arg_min(manager is null, kind) as nobody
  from pairs group by 1, 2, 3),
timed as (
  select *, row_number() over () as h,
    lead(moment) over (partition by deal order by moment, run, pair) as next_
  from merged),
action as (
  select deal, manager, start as moment from visits where start is not null
  union all select deal, owner_closed, closed from known_deals where closed is not null
  union all select deal, manager, moment from call where deal is not null
    and (direction in ('out', 'callback') or direction = 'in' and answered)
  union all select deal, creator, created from task where created is not null
  union all select deal, owner, done_when from task where done_when is not null),
told as (
  select t.* exclude (manager), case when not nobody then t.manager end as manager, d.pipeline,
    (select min(a.moment) from action a where a.deal = t.deal and a.manager = t.manager
     and not t.nobody and a.moment > t.moment and (t.next_ is null or a.moment <= t.next_)) as first_
  from timed t join known_deals d using (deal)
  where t.moment >= since() and t.moment < til() and t.moment <= now_()),
kinds as (
  select *, list_concat(list_concat(if(to_manager, ['kind=manager'], []), if(to_role, ['kind=role'], [])),
                        if(to_pipeline, ['kind=pipeline'], [])) as kinds,
    moment + interval 3 day <= now_()
      and least(coalesce(first_, 'infinity'::timestamp), coalesce(next_, 'infinity'::timestamp))
          > moment + interval 3 day as dropped
  from told)
"""


def test_hand_overs(case, seed):
    w = case(seed)
    for metric, keep in (("hand_overs", "true"), ("hand_overs_dropped", "dropped")):
        w.same(hand_overs, metric, f"{HANDED} select * from kinds where {keep}", **COUNT)
        facts = f"{HANDED} select *, unnest(kinds) as slice from kinds where {keep}"
        w.same(hand_overs, metric, facts, slices="kind=", **COUNT)


def test_hand_over_delay(case, seed):
    w = case(seed)
    facts = f"""{HANDED} select *, (wsec(first_) - wsec(moment)) / 3600 as hours
                from kinds where first_ is not null"""
    w.same(hand_overs, "hand_over_delay", facts, "median", value="median(hours)", n="count(*)")


def test_best_calls(case, seed, monkeypatch):
    """Recordings of whoever is marked; the marks themselves are those of the conversions."""
    w = case(seed)
    codes = w.data.roster.code, w.data.funnel.code
    stages = ("sales/base", "sales/lpr", "partners/hello")
    marked = [(name, stage) for name in ("Анна", "Борис", "Вера") for stage in stages]
    pairs = [(codes[0][name], codes[1][stage]) for name, stage in marked]
    monkeypatch.setattr(best_calls, "_marked", lambda index, view: pairs)
    facts = """
    select c.manager, v.pipeline, v.stage as at_stage from call c join visits v
      on v.deal = c.deal and c.moment >= v.start and (v.ended is null or c.moment < v.ended)
    where c.conversation and c.recording is not null and c.moment > now_() - interval 40 day
      and v.start >= (select min(moment) from call)
      and c.manager in ('Анна', 'Борис', 'Вера')
      and v.pipeline || '/' || v.stage in ('sales/base', 'sales/lpr', 'partners/hello')"""
    assert w.same(best_calls, "best_calls", facts, whole=False, **COUNT)
    w._tables.pop(best_calls)
