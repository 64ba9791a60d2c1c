"""Facts of deals, contacts, companies, lists and repeats: counted a second time in SQL."""

from __future__ import annotations

from funnelkpi.metrics import categories, decision_makers, facts_complete, lists, repeats

COUNT = {"value": "count(*)", "n": "count(*)"}
SHARE = {"value": "avg(hit::int)", "numerator": "sum(hit::int)", "denominator": "count(*)"}
ASKED = """
with own as (
  select d.*, owner as manager, 'lpr' as at_stage, coalesce(amount, 0) > 0 as has_amount,
    coalesce(budget in ('500', 'около 70 тысяч'), false) as has_budget
  from known_deals d
  where entity = 'deal' and rank >= 2
    and (status = 'open' or status = 'won' and closed >= now_() - interval 40 day))
"""


def test_facts_complete(case, seed):
    w = case(seed)
    facts = f"{ASKED} select *, has_amount and has_budget as hit from own"
    w.same(facts_complete, "facts_complete", facts, whole=False, **SHARE)
    facts = f"""{ASKED} select *, has_amount as hit, 'field=amount' as slice from own
                union all select *, has_budget as hit, 'field=Бюджет' as slice from own"""
    w.same(facts_complete, "facts_complete", facts, slices="field=", whole=False, **SHARE)


def test_facts_overdue_and_their_lags(case, seed):
    w = case(seed)
    late = f"""{ASKED}, last as (
      select *, coalesce(date2, date1, date0) as day, case when date2 is not null then 'field=Оплата'
             when date1 is not null then 'field=Счёт' else 'field=Договор' end as {{}} from own)
    select * from last where status = 'open' and day::date < now_()::date"""
    w.same(facts_complete, "facts_overdue", late.format("_"), whole=False, **COUNT)
    w.same(facts_complete, "facts_overdue", late.format("slice"), slices="field=", whole=False,
           **COUNT)  # fmt: skip
    lags = f"""{ASKED}, pairs as (
      select *, date_diff('day', date0, date1) as days, 'dates=Договор → Счёт' as slice from own
      union all select *, date_diff('day', date1, date2), 'dates=Счёт → Оплата' from own)
    select * from pairs where days is not null"""
    sums = {"value": "median(days)", "n": "count(*)"}
    w.same(facts_complete, "fact_lag", lags, "median", slices="dates=", whole=False, **sums)


def test_decision_makers(case, seed):
    w = case(seed)
    facts = r"""
    select *, credited(creator, owner) as manager from contacts
    where created >= since() and created < til() and created <= now_()
      and regexp_matches(lower(position),
        '(^|[^a-zа-яё])(директор|собственник|учредитель|владелец|ceo|director|owner)([^a-zа-яё]|$)')
      and (shown > 0 or email = 'a@b.ru')"""
    w.same(decision_makers, "decision_makers", facts, **COUNT)


KINDS = """
select *, credited(creator, owner) as manager,
  case when employees in ('100', 'свыше 250') then 'A'
       when turnover in ('1 241 000,00', '1,5 млн') and industry = 'ИТ' then 'Б'
       when industry is not null then 'В прочие' else '' end as kind
from companies where created is null or created <= now_()
"""


def test_categories(case, seed):
    w = case(seed)
    w.same(categories, "companies_by_category", KINDS, **COUNT)
    facts = f"select *, 'category=' || kind as slice from ({KINDS})"
    w.same(categories, "companies_by_category", facts, slices="category=", **COUNT)
    for metric, kind in (("new_category_a", "A"), ("new_category_b", "Б")):
        facts = f"select * from ({KINDS}) where kind = '{kind}' and created >= since() and created < til()"
        w.same(categories, metric, facts, **COUNT)


CARDS = """
with cards as (
  select client, created, creator, owner, 1 as list from companies
  union all select client, created, creator, owner, 2 from contacts),
known as (select *, credited(creator, owner) as manager from cards
          where (created is null or created <= now_()) and list in ({})),
firsts as (
  select * from (select *, row_number() over (partition by client
      order by created nulls last, list, manager nulls first) as nth from known) where nth = 1)
"""


def test_lists(case, seed):
    w = case(seed)
    facts = (
        CARDS.format("1, 2")
        + """
    select *, client in (select client from meeting where client is not null) as hit from firsts"""
    )
    w.same(lists, "list_conversion", facts, **SHARE)
    facts = (
        CARDS.format("2")
        + """, wins as (
      select f.*, coalesce(date_trunc('day', f.created), timestamp '1970-01-01') as day,
        (select min(closed) from known_deals d where d.client = f.client and d.status = 'won') as won,
        (select max(closed) from known_deals d where d.client = f.client and d.status = 'won') as last
      from firsts f)
    select *, coalesce(last >= day, false) as hit from wins where won is null or won >= day"""
    )
    w.same(lists, "contact_to_client", facts, **SHARE)


REPEATS = """
with own as (
  select *, owner as manager, status in ('open', 'incoming') as opened from known_deals
  where entity = 'deal' and client is not null),
near as (select * from own where opened or closed >= now_() - interval 40 day),
clients as (
  select client, count(*) filter (opened) >= 2 as twice,
    count(*) filter (opened) >= 1 and count(distinct manager) >= 2 as people from near group by 1),
listed as (select * from near join clients using (client) where opened and (twice or people) or people)
"""


def test_repeats(case, seed):
    w = case(seed)
    w.same(repeats, "repeats", f"{REPEATS} select * from listed", **COUNT)
    facts = f"""{REPEATS} select *, unnest(case when twice and people then ['repeat=deals', 'repeat=managers']
                when twice then ['repeat=deals'] else ['repeat=managers'] end) as slice from listed"""
    w.same(repeats, "repeats", facts, slices="repeat=", **COUNT)
    sums = {"value": "count(distinct client)"}
    w.same(repeats, "repeats", f"{REPEATS} select * from listed", "clients", **sums)
