-- What the contract says of calls, from the bare truth. Nothing of the program's own is used but the
-- order in which it numbers clients (numbers): of several clients of one phone the lowest counts.

create macro days(n) as to_days(n::integer);

-- working time: Mon-Fri 9-18, 4 November and 2 November off, Saturday 31 October worked
create table cal as
with d as (select unnest(generate_series(date '2025-06-01', date '2027-03-01', interval 1 day))::date as day),
w as (select day, case when day = date '2026-10-31' then 1
                       when day in (date '2026-11-02', date '2026-11-04') then 0
                       when isodow(day) <= 5 and not (month(day), day(day)) in ((11,4),(1,1),(1,2),(1,3),(1,4),(1,5),(1,6),(1,7),(1,8),(2,23),(3,8),(5,1),(5,9),(6,12)) then 1
                       else 0 end as works from d)
select day, works, coalesce(sum(works) over (order by day rows between unbounded preceding and 1 preceding), 0) as before from w;
create macro wsec(t) as (
  select before * 32400 + works * greatest(0, least(32400, epoch(t)::bigint - epoch(day::timestamp)::bigint - 32400))
  from cal where day = t::date);

create view whose as
select distinct number, client from phones where created is null or created <= now_();

create view known_deals as
select d.*, n.number as client_number, s.kind, s.rank,
  case s.kind when 'after' then 'won' when 'converted' then 'converted' else s.kind end as status,
  coalesce((select arg_min(o.before, (o.moment, o.seq)) from owners o where o.deal = d.deal), d.owner) as owner_created,
  coalesce((select arg_max(o.after, (o.moment, o.seq)) from owners o where o.deal = d.deal and o.moment <= d.closed),
           (select arg_min(o.before, (o.moment, o.seq)) from owners o where o.deal = d.deal), d.owner) as owner_closed
from deals d join stages s using (pipeline, stage) left join numbers n using (client)
where d.created <= now_();

create view visits as
select deal, m.pipeline, m.stage, kind, rank, moment as start,
  lead(moment) over w as ended, lead(m.stage) over w as next_stage, lead(m.pipeline) over w as next_pipeline,
  coalesce((select arg_max(o.after, (o.moment, o.seq)) from owners o where o.deal = m.deal and o.moment <= m.moment),
           (select arg_min(o.before, (o.moment, o.seq)) from owners o where o.deal = m.deal),
           (select owner from deals d where d.deal = m.deal)) as manager
from moves m join stages s using (pipeline, stage)
window w as (partition by deal order by m.seq);

create view asked as
select c.*, d.deal as own from calls c left join known_deals d on d.id = c.deal_id and d.entity = 'deal'
where c.moment <= now_();

-- a call's deal: named, else by phone the client's open one, else one near; deals before leads
create table call as
with fits as (
  select c.n, d.deal, d.entity, d.id,
    d.created <= c.moment and c.moment < coalesce(d.closed, 'infinity'::timestamp) as is_open,
    least(abs(epoch(c.moment) - epoch(d.created)),
          coalesce(abs(epoch(c.moment) - epoch(d.closed)), 'infinity'::double)) as far
  from asked c join whose w on w.number = c.number join known_deals d on d.client = w.client
  where c.deal_id is null and c.kind <> 'inside'),
own as (select *, bool_or(is_open) over (partition by n, entity) as some_open from fits
        where is_open or far <= 14 * 86400),
chosen as (
  select *, count(*) over (partition by n, entity) as several,
    row_number() over (partition by n order by (entity = 'lead')::int, far, id) as place
  from own where is_open = some_open),
firsts as (select w.number, arg_min(w.client, m.number) as client from whose w join numbers m using (client) group by 1),
found0 as (
  select a.* exclude (own, employee), a.employee as manager,
    case when a.deal_id is not null then own else x.deal end as deal,
    case when a.deal_id is not null then if(own is null, 'deal_outside', 'matched')
         when a.kind = 'inside' then 'internal' when a.kind = 'hidden' then 'hidden'
         when a.number is null then 'no_number'
         when x.deal is not null then if(x.several > 1, 'several', 'matched')
         when a.number in (select number from whose) then 'no_deal' else 'unknown_number' end as klass,
    f.client as caller_client
  from asked a left join chosen x on x.n = a.n and x.place = 1 left join firsts f on f.number = a.number),
found as (select *, klass = 'internal' as internal from found0)
select f.*, d.pipeline, coalesce(d.client, f.caller_client) as client,
  coalesce('c' || f.caller_client, 'n' || f.number, 'c' || d.client) as caller,
  f.outcome = 'success' as answered,
  f.outcome = 'success' and talk >= 30 and not internal as conversation,
  f.moment >= since() and f.moment < til() as inside
from found f left join known_deals d on d.deal = f.deal;

-- until when the calls reach
create macro until_() as (select least(now_(), max(moment)) from call);

-- of each call whose other side is known: is he new then, did a deal or lead come of it, is there
-- time left; the clients of a number are all whose phone it is, of a hidden one that of the deal
create table sides as
select n, w.client from call c join whose w on w.number = c.number where not internal
union select n, client from call where deal is not null and not internal;
create table talk as
select c.*,
  not exists (select 1 from sides s join known_deals d using (client) where s.n = c.n
              and d.created < c.moment - interval 15 minute)
  and c.klass <> 'deal_outside'
  and not exists (select 1 from sides s join contacts k using (client) where s.n = c.n
              and (k.created is null or k.created < c.moment - interval 15 minute)) as fresh,
  not exists (select 1 from sides s join known_deals d using (client) where s.n = c.n
              and d.created < c.moment - interval 15 minute)
  and c.klass <> 'deal_outside'
  and not exists (select 1 from sides s join contacts k using (client) where s.n = c.n
              and (k.created is null or k.created < (select min(moment) from call))) as untouched,
  exists (select 1 from sides s join known_deals d using (client) where s.n = c.n
          and d.created between c.moment - interval 15 minute and c.moment + interval 24 hour) as became,
  c.moment + interval 24 hour > now_() as running
from call c where c.caller is not null and not c.internal;

create macro wilson_low(k, n) as case when n > 0 then (k + 1.9207294103470983 - 1.959963984540054 * sqrt(k * (n - k) / n + 0.9603647051735491)) / (n + 3.8414588206941966) end;
create macro wilson_high(k, n) as case when n > 0 then (k + 1.9207294103470983 + 1.959963984540054 * sqrt(k * (n - k) / n + 0.9603647051735491)) / (n + 3.8414588206941966) end;

-- tasks known by now; a task done later is not done yet. Whose they are: of the deal, else by name
create table task as
with k as (
  select t.* exclude (client),
    case when t.done_at > now_() then 0 when t.done_at is not null then 1 else t.done end as flag,
    case when t.done_at <= now_() then t.done_at end as done_when,
    d.deal, d.client as deal_client,
    case when exists (select 1 from known_deals x where x.company = t.client_name or x.contact = t.client_name)
           or exists (select 1 from companies c where c.name = t.client_name and (c.created is null or c.created <= now_()))
           or exists (select 1 from contacts c where t.client_name in (c.name, c.company) and (c.created is null or c.created <= now_()))
         then t.client end as named_client
  from tasks t left join known_deals d on d.id = t.deal_id and d.entity = t.entity
  where t.created is null or t.created <= now_())
select * exclude (deal_client, named_client), coalesce(deal_client, named_client) as client from k;

-- meetings: tasks of a kind, and first entries of the stage, unless they are one of those tasks
create table meeting as
with tasked as (
  select t.client, t.owner as manager, t.due as moment, least(coalesce(t.created, t.due), t.due) as booked,
    t.due <= now_() and t.flag = 1 as held, t.due <= now_() and t.flag is null as maybe,
    coalesce(t.deal,
      (select arg_max(d.deal, (d.created, -d.id)) from known_deals d where d.client = t.client and d.entity = 'deal' and d.created <= t.due),
      (select arg_min(d.deal, (d.created, d.id)) from known_deals d where d.client = t.client and d.entity = 'deal'),
      (select arg_max(d.deal, (d.created, -d.id)) from known_deals d where d.client = t.client and d.created <= t.due),
      (select arg_min(d.deal, (d.created, d.id)) from known_deals d where d.client = t.client)) as deal
  from task t where t.type in ('Встреча', 'Meeting')),
entered as (
  select v.deal, arg_min(v.manager, v.start) as manager, min(v.start) as moment
  from visits v where stage = 'meeting' group by 1),
staged as (
  select d.client, e.manager, e.moment, e.moment as booked, true as held, false as maybe, e.deal
  from entered e join known_deals d using (deal)
  where not exists (select 1 from tasked t where t.deal = e.deal and (t.held or t.maybe)
                    and abs(epoch(t.moment) - epoch(e.moment)) <= 3 * 86400)),
every as (select * from tasked union all by name select * from staged)
select row_number() over () as m, e.*, d.pipeline, d.source,
  date_trunc('day', e.moment) + interval 2 day as until_step
from every e left join known_deals d using (deal);

create table step as
select m.m,
  exists (select 1 from task t where t.client = m.client and t.due > m.moment
          and (t.created is null or t.created < m.until_step)) as step,
  m.until_step <= now_() as over_,
  exists (select 1 from known_deals d where d.deal = m.deal and d.status not in ('open', 'incoming')
          and d.closed >= date_trunc('day', m.moment) and d.closed < m.until_step) as ended
from meeting m;

-- who entered a card
create macro credited(creator, owner) as
  if(creator in (select name from people) or owner is null, creator, owner);
