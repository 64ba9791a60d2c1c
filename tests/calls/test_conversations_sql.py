"""Conversations that became no deal, deals nobody called, calls per event, touches, first response:
counted a second time in SQL."""

from __future__ import annotations

from funnelkpi.metrics import calls_and_deals, calls_per, first_response, leads, touches

COUNT = {"value": "count(*)", "n": "count(*)"}


def test_calls_without_deal(case, seed):
    w = case(seed)
    talks = "select * exclude pipeline from talk where inside and conversation and fresh"
    sums = {
        "value": "count(*) filter (not became and not running)",
        "denominator": "count(*) filter (became or not running)",
    }
    w.same(calls_and_deals, "calls_without_deal", talks, **sums)
    facts = f"select *, 'fate=pending' as slice from ({talks}) where running and not became"
    w.same(calls_and_deals, "calls_without_deal", facts, slices="fate=", value="count(*)")


def test_deals_per_10_conversations(case, seed):
    w = case(seed)
    facts = """
    select caller, bool_or(became) as became,
      (list(manager order by moment, manager nulls first))[1] as manager
    from talk where inside and conversation and fresh and (became or not running) group by caller"""
    sums = {
        "value": "10 * avg(became::int)", "numerator": "sum(became::int)", "denominator": "count(*)",
        "low": "10 * wilson_low(sum(became::int), count(*))",
        "high": "10 * wilson_high(sum(became::int), count(*))",
    }  # fmt: skip
    w.same(calls_and_deals, "deals_per_10_conversations", facts, **sums)


def test_deals_without_call(case, seed):
    w = case(seed)
    facts = """
    with own as (
      select d.*, owner_created as manager,
        exists (select 1 from whose w where w.client = d.client) as reachable,
        created + interval 24 hour > until_() as running,
        exists (select 1 from call c where not c.internal
                and (c.deal = d.deal or c.client = d.client and c.moment >= d.created - interval 1 day)
                and (c.direction in ('out', 'callback') or c.direction = 'in' and c.answered)) as called
      from known_deals d where entity = 'deal' and created >= since() and created < til()
        and created >= (select min(moment) from call))
    select * from own"""
    sums = {
        "value": "count(*) filter (reachable and not called and not running)",
        "denominator": "count(*) filter (called or reachable and not running)",
    }
    w.same(calls_and_deals, "deals_without_call", facts, **sums)
    some = f"select *, 'fate=pending' as slice from ({facts}) where reachable and not called and running"
    w.same(calls_and_deals, "deals_without_call", some, slices="fate=", value="count(*)")
    some = f"select *, 'client=unknown' as slice from ({facts}) where not reachable and not called"
    w.same(calls_and_deals, "deals_without_call", some, slices="client=", value="count(*)")


def test_calls_per_won_deal(case, seed):
    w = case(seed)
    facts = """
    with won as (
      select *, owner_closed as manager,
        lag(closed) over (partition by client order by closed, owner_closed nulls first, pipeline) as before
      from known_deals where status = 'won' and entity = 'deal'
        and closed >= since() and closed < til())
    select manager, pipeline, (
        select count(*) from call c where c.client = won.client and not c.internal
        and c.moment < won.closed and (won.before is null or c.moment >= won.before)) as calls
    from won"""
    sums = {"value": "sum(calls) / count(*)", "numerator": "sum(calls)", "denominator": "count(*)"}
    w.same(calls_per, "calls_per_won_deal", facts, **sums)


def test_touches(case, seed):
    w = case(seed)
    facts = """
    with tasked as (
      select t.owner as manager, d.pipeline,
        case when t.type = 'Письмо' then 'email' else 'message' end as kind
      from tasks t left join known_deals d on d.id = t.deal_id and d.entity = t.entity
      where t.type in ('Письмо', 'Сообщение WhatsApp') and t.done = 1
        and coalesce(t.done_at, t.due) >= since() and coalesce(t.done_at, t.due) < til()
        and coalesce(t.done_at, t.due) <= now_() and coalesce(t.created, now_()) <= now_())
    select manager, pipeline, 'call' as kind from call
    where inside and direction in ('out', 'callback') and not internal
    union all select * from tasked"""
    w.same(touches, "touches", facts, **COUNT)
    w.same(touches, "touches", f"select *, 'kind=' || kind as slice from ({facts})", slices="kind=",
           **COUNT)  # fmt: skip


FIRST = """
with opening as (
  select * from (select *, row_number() over (partition by caller
    order by moment, direction in ('out', 'callback'), manager nulls first, pipeline nulls first) as nth
    from talk where direction <> 'info')
  where nth = 1),
first as (select * from opening where inside and direction in ('out', 'callback') and untouched),
told as (
  select *, exists (select 1 from sides s join known_deals d using (client) where s.n = f.n) as now_deal,
    exists (select 1 from meeting m where m.held and m.client = f.client and m.moment >= f.moment) as met
  from first f)
"""


def test_first_touches(case, seed):
    w = case(seed)
    facts = f"""{FIRST} select *, unnest(['touch=first']
               || if(now_deal, ['touch=became_deal'], []) || if(met, ['touch=became_meeting'], []))
               as slice from told"""
    w.same(touches, "touches", facts, slices="touch=", **COUNT)


INBOUND = """
with own as (
  select d.*, owner_created as manager,
    exists (select 1 from whose w where w.client = d.client) as reachable,
    (select min(moment) from call c where c.client = d.client and not c.internal
     and c.direction in ('out', 'callback') and c.moment >= d.created) as called,
    (select min(moment) from call c where c.client = d.client and not c.internal
     and c.direction = 'in' and c.moment >= d.created) as rang
  from known_deals d
  where created >= since() and created < til() and lead_id is null
    and creator is null and created >= (select min(moment) from call)
    and not exists (select 1 from call c where c.client = d.client and not c.internal
      and c.moment >= d.created - interval 15 minute
      and (c.direction = 'in' and c.moment <= d.created
           or c.direction in ('out', 'callback') and c.moment < d.created))),
told as (
  select *, case when called is not null and (rang is null or called <= rang) then 'called'
                 when rang is not null then 'client_rang' else 'waiting' end as why,
    (wsec(least(called, rang, greatest(until_(), created))) - wsec(created))::bigint as span
  from own where reachable)
"""


def test_first_response(case, seed):
    w = case(seed)
    facts = f"{INBOUND} select * from told"
    sums = {
        "value": "median(span) filter (why = 'called') / 60", "n": "count(*) filter (why = 'called')",
        "denominator": "count(*)",
    }  # fmt: skip
    w.same(first_response, "first_response", facts, "median", **sums)
    for statistic, why in (("waiting", "waiting"), ("ended", "client_rang")):
        sums = {"value": f"count(*) filter (why = '{why}')", "denominator": "count(*)"}
        w.same(first_response, "first_response", facts, statistic, **sums)


def test_leads(case, seed):
    w = case(seed)
    created = """select *, owner_created as manager from known_deals
                 where entity = 'lead' and created >= since() and created < til()"""
    w.same(leads, "leads_created", created, whole=False, **COUNT)
    facts = """
    with own as (select *, owner_closed as manager from known_deals where entity = 'lead'
                 and status = 'converted' and closed >= since() and closed < til())
    select *, case
        when exists (select 1 from known_deals d
                     where d.entity = 'deal' and d.lead_id = own.id) then 'link=id'
        when exists (select 1 from known_deals d where d.entity = 'deal' and d.client = own.client
                     and d.lead_id is null and d.created >= own.created
                     and abs(epoch(d.created) - epoch(own.closed)) <= 86400) then 'link=client'
        else 'link=unmatched' end as {} from own"""
    w.same(leads, "leads_converted", facts.format("_"), whole=False, **COUNT)
    w.same(leads, "leads_converted", facts.format("slice"), slices="link=", whole=False, **COUNT)
