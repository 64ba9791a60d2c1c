"""Meetings, next steps and promises: counted a second time in SQL."""

from __future__ import annotations

from funnelkpi.metrics import calls_per, meetings, next_step, promises

BOUNDED = {
    "value": "case when sum(maybe::int) = 0 then count(*) end",
    "bound_low": "case when sum(maybe::int) > 0 then count(*) filter (not maybe) end",
    "bound_high": "case when sum(maybe::int) > 0 then count(*) end",
}
SHARE = {"value": "avg(hit::int)", "numerator": "sum(hit::int)", "denominator": "count(*)"}
WITHIN = "moment >= since() and moment < til() and moment <= now_()"
FIRST = """
select * from (
  select *, row_number() over (partition by client order by moment, maybe, manager nulls first,
                               pipeline nulls first) as nth
  from meeting join step using (m) where client is not null and {})
where nth = 1"""
HELD = FIRST.format("(held or maybe)") + f" and {WITHIN}"
GROUPED = """select *, 'source_group=' || case when source in ('Свой поиск', 'Выставка') then 'свой'
             when source in ('Сайт', 'Реклама') then 'маркетинг' else '' end as slice from ({})"""


def test_meetings(case, seed):
    w = case(seed)
    facts = f"select * from meeting where (held or maybe) and {WITHIN}"
    w.same(meetings, "meetings", facts, **BOUNDED)


def test_first_meetings(case, seed):
    w = case(seed)
    w.same(meetings, "first_meetings", HELD, **BOUNDED)
    w.same(meetings, "first_meetings", GROUPED.format(HELD), slices="source_group=", **BOUNDED)
    w.same(meetings, "first_meetings", HELD + " and step", "next_step", **BOUNDED)
    facts = f"select * from meeting where client is null and (held or maybe) and {WITHIN}"
    w.same(meetings, "first_meetings", facts, "no_client", **BOUNDED)


def test_first_meetings_booked(case, seed):
    w = case(seed)
    firsts = FIRST.format("true").replace("order by moment", "order by booked")
    facts = f"select *, false as maybe from (select * exclude maybe from ({firsts})) where "
    facts += WITHIN.replace("moment", "booked")
    w.same(meetings, "first_meetings_booked", facts, **BOUNDED)
    w.same(
        meetings, "first_meetings_booked", GROUPED.format(facts), slices="source_group=", **BOUNDED
    )


def test_meetings_with_a_next_step(case, seed):
    w = case(seed)
    facts = f"""select *, step as hit from meeting join step using (m)
                where held and {WITHIN} and not ended and (step or over_)"""
    w.same(meetings, "meetings_with_next_step", facts, **SHARE)


def test_calls_per_meeting(case, seed):
    w = case(seed)
    facts = f"""
    select *, (select count(*) from call c where c.client = f.client and not c.internal
               and c.moment < f.moment) as calls from ({HELD} and not maybe) f"""
    sums = {"value": "sum(calls) / count(*)", "numerator": "sum(calls)", "denominator": "count(*)"}
    w.same(calls_per, "calls_per_meeting", facts, **sums)


def test_next_step_share(case, seed):
    w = case(seed)
    facts = """
    select *, owner as manager, next_task is not null or exists (
        select 1 from task t where t.deal = d.deal and t.flag is distinct from 1
        and if(t.due = date_trunc('day', t.due), t.due + interval 86399 second, t.due) >= now_()) as hit
    from known_deals d where status = 'open' and rank > 2 and entity = 'deal'"""
    w.same(next_step, "next_step_share", facts, **SHARE)


def test_promise_kept(case, seed):
    w = case(seed)
    facts = """
    with own as (
      select t.*, t.owner as manager, d.pipeline,
        date_trunc('day', t.due) + interval 86399 second as last
      from task t left join known_deals d using (deal))
    select *, coalesce(done_when <= last, false) as hit,
      done_when is null and flag is distinct from 0 as maybe
    from own where due >= since() and last < til() and last <= now_()"""
    near = "sum(maybe::int) / count(*) <= 0.1"
    sums = {
        "value": f"case when {near} then sum(hit::int) / sum((not maybe)::int) end",
        "n": "count(*)",
        "bound_low": "case when sum(maybe::int) > 0 then avg(hit::int) end",
        "bound_high": "case when sum(maybe::int) > 0 then avg((hit or maybe)::int) end",
    }
    w.same(promises, "promise_kept", facts, **sums)
