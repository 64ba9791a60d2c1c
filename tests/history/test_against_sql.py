"""Entries, skips, conversions with every class, flow and visits of 100,000 deals with true stage
histories against DuckDB, which sees the raw deals and the raw events and nothing else."""

import duckdb
import pandas as pd
import pytest

from funnelkpi.metrics import conversion, conversion_flow, entries

N = 100_000
MATURITY, WINDOW = 30, 300
"""The window begins before the events do: it is cut there."""
PERIOD = ("2026-10-01", "2026-11-01")

WAYS = """
CREATE TABLE seen AS
  SELECT DISTINCT e.* FROM event e JOIN deal d ON d.id = e.deal WHERE e.ts <= $now;
-- a pipeline's history begins with its first event; one that names no stage is of the deal's own
CREATE TABLE began AS
  SELECT coalesce(t.pipeline, f.pipeline, d.pipeline) AS pipeline, min(e.ts) AS ts
  FROM seen e JOIN deal d ON d.id = e.deal
    LEFT JOIN stage t ON t.code = e.til LEFT JOIN stage f ON f.code = e.frm
  GROUP BY 1;
CREATE TABLE move AS
  SELECT *, row_number() OVER (PARTITION BY deal ORDER BY ts, id) AS n FROM seen
  WHERE change <> 'owner';
CREATE TABLE arrival AS
  -- where it stood before its first event: since its creation if events were recorded by then
  SELECT m.deal, m.frm AS stage, 0 AS n, CASE WHEN d.created >= b.ts THEN d.created END AS ts
  FROM move m JOIN deal d ON d.id = m.deal JOIN stage s ON s.code = m.frm
    JOIN began b ON b.pipeline = s.pipeline
  WHERE m.n = 1 AND m.change = 'stage'
  UNION ALL SELECT deal, til, n, ts FROM move
  -- never moved: in the first stage since its creation; an older deal stands since nobody knows when
  UNION ALL
  SELECT d.id, d.stage, 0, CASE WHEN d.created >= b.ts THEN d.created END
  FROM deal d JOIN began b USING (pipeline) JOIN stage s ON s.code = d.stage
  WHERE d.id NOT IN (SELECT deal FROM move) AND (d.created < b.ts OR s.rank IN (0, 1));
CREATE TABLE owned AS
  SELECT deal, before, after, ts, row_number() OVER (PARTITION BY deal ORDER BY ts, id) AS n
  FROM seen WHERE change = 'owner';
CREATE MACRO owner_at(who, moment) AS coalesce(
  (SELECT arg_max(after, n) FROM owned o WHERE o.deal = who AND o.ts <= moment),
  (SELECT before FROM owned o WHERE o.deal = who AND o.n = 1),
  (SELECT owner FROM deal d WHERE d.id = who));
CREATE TABLE visit AS
  SELECT v.deal, v.n, v.stage, s.pipeline, s.kind, s.rank, v.ts AS start, v.next_at AS stop,
         v.following
  FROM (SELECT *, lead(ts) OVER w AS next_at, lead(stage) OVER w AS following FROM arrival
        WINDOW w AS (PARTITION BY deal ORDER BY n)) v
    JOIN stage s ON s.code = v.stage;
-- a win that did not last counts nowhere
CREATE TABLE standing AS
  SELECT v.* FROM visit v LEFT JOIN (
    SELECT a.deal, max(a.n) AS n FROM arrival a LEFT JOIN stage s ON s.code = a.stage
    WHERE s.kind IS NULL OR s.kind NOT IN ('won', 'after') GROUP BY a.deal) open USING (deal)
  WHERE v.kind NOT IN ('won', 'after') OR open.n IS NULL OR v.n > open.n;
CREATE TABLE whole AS
  SELECT a.deal FROM arrival a JOIN deal d ON d.id = a.deal
  GROUP BY a.deal, d.created HAVING arg_min(struct_pack(ts := a.ts), a.n).ts = d.created;
-- E(d,s); of a deal whose way is not known whole also its creation and its close
CREATE TABLE entry AS
  WITH told AS (
    SELECT deal, stage, pipeline, kind, rank, arg_min(struct_pack(ts := start), n).ts AS ts
    FROM standing GROUP BY ALL
  ), begin AS (SELECT deal, arg_min(stage, n) AS stage FROM visit GROUP BY deal),
  exported AS (
    -- created in the first stage, unless it is known to have come from elsewhere
    SELECT d.id AS deal, s.code AS stage, s.pipeline, s.kind, s.rank, d.created AS ts
    FROM deal d JOIN stage s ON s.pipeline = d.pipeline AND s.rank = 1
      LEFT JOIN begin b ON b.deal = d.id LEFT JOIN stage f ON f.code = b.stage
      LEFT JOIN stage c ON c.code = d.stage
    WHERE d.id NOT IN (FROM whole) AND coalesce(f.pipeline, d.pipeline) = d.pipeline
      AND coalesce(f.kind, c.kind, 'open') <> 'incoming'
    UNION ALL  -- a close date that no event replaces
    SELECT d.id, s.code, s.pipeline, s.kind, s.rank, d.closed
    FROM deal d JOIN stage c ON c.code = d.stage
      JOIN stage s ON s.pipeline = d.pipeline AND s.kind = 'won'
      LEFT JOIN told t ON t.deal = d.id AND t.stage = s.code
    WHERE c.kind IN ('won', 'after') AND d.id NOT IN (FROM whole) AND t.ts IS NULL
  )
  SELECT deal, stage, pipeline, kind, rank, min(ts) AS ts
  FROM (FROM told UNION ALL FROM exported) WHERE ts IS NOT NULL GROUP BY ALL;
"""

ENTRIES = """
SELECT owner_at(deal, ts) AS manager, stage, count(*) AS n FROM entry
WHERE ts >= $start AND ts < $stop AND kind IN ('open', 'won', 'after') GROUP BY ALL
"""

SKIPPED = """
WITH beyond AS (
  SELECT d.id AS deal, s.code AS stage, s.pipeline,
    (SELECT min(e.ts) FROM entry e
     WHERE e.deal = d.id AND e.pipeline = s.pipeline AND e.rank > s.rank) AS ts,
    (SELECT min(e.ts) FROM entry e WHERE e.deal = d.id AND e.stage = s.code) AS own
  FROM deal d JOIN began b ON d.created >= b.ts
    JOIN stage s ON s.pipeline = b.pipeline AND s.kind = 'open' AND s.rank > 1
  WHERE d.id IN (SELECT deal FROM entry)
)
SELECT owner_at(deal, ts) AS manager, stage, count(*) AS n FROM beyond
WHERE ts >= $start AND ts < $stop AND (own IS NULL OR own > ts) GROUP BY ALL
"""

CONVERSION = """
WITH step AS (
  SELECT s.*, t.rank AS goal, t.kind AS goal_kind, t.code AS target, b.ts AS known_since,
    CASE WHEN s.rank = 1 THEN $begin ELSE least(greatest($begin, b.ts), $finish) END AS begin,
    (SELECT max(rank) FROM stage o WHERE o.pipeline = s.pipeline AND o.kind = 'open') AS top
  FROM stage s JOIN stage t ON t.pipeline = s.pipeline AND t.rank = s.rank + 1
    JOIN began b ON b.pipeline = s.pipeline
  WHERE s.kind = 'open' AND t.kind IN ('open', 'won')
), came AS (  -- the first moment seen in the stage (passed: or beyond)
  SELECT p.code, e.deal, min(e.ts) AS ts FROM step p JOIN entry e ON e.pipeline = p.pipeline
    AND CASE WHEN $passed THEN e.rank >= p.rank ELSE e.stage = p.code END
  GROUP BY ALL
), hidden AS (  -- it stood there or beyond before anything was seen of it
  SELECT p.code, v.deal, min(coalesce(v.stop, 'infinity'::TIMESTAMP)) AS until FROM step p
    JOIN standing v ON v.pipeline = p.pipeline AND v.start IS NULL
    AND CASE WHEN $passed THEN v.rank >= p.rank ELSE v.stage = p.code END
  GROUP BY ALL
  -- or it was first seen on a move that is not its creation: below that nobody saw it come
  UNION ALL
  SELECT p.code, v.deal, v.start FROM step p JOIN (
      SELECT *, row_number() OVER (PARTITION BY deal ORDER BY n) AS place FROM visit
    ) v ON v.pipeline = p.pipeline AND v.place = 1 AND v.start IS NOT NULL AND v.rank > p.rank
  WHERE $passed AND v.deal NOT IN (FROM whole)
), reached AS (
  SELECT pipeline, deal, max(rank) AS rank FROM (
    SELECT pipeline, deal, rank FROM standing UNION ALL SELECT pipeline, deal, rank FROM entry
    UNION ALL SELECT s.pipeline, d.id, s.rank FROM deal d JOIN stage s ON s.code = d.stage)
  GROUP BY ALL
), judged AS (
  SELECT p.*, d.id AS deal, d.created, d.closed, d.stage AS now_in, d.owner,
    CASE WHEN h.until IS NULL OR c.ts < h.until THEN c.ts END AS ts,
    d.pipeline = p.pipeline AS inside, n.kind AS now_kind, n.rank AS now_rank,
    coalesce(r.rank, -1) AS reach, d.id IN (FROM whole) AS is_whole
  FROM step p JOIN deal d ON true
    LEFT JOIN came c ON c.code = p.code AND c.deal = d.id
    LEFT JOIN hidden h ON h.code = p.code AND h.deal = d.id
    LEFT JOIN reached r ON r.pipeline = p.pipeline AND r.deal = d.id
    LEFT JOIN stage n ON n.code = d.stage
  WHERE d.pipeline = p.pipeline OR r.rank IS NOT NULL
), classed AS (
  SELECT *,
    -- what an unknown beginning hides: how far a lost, parked or lost-from-sight deal got
    inside AND NOT is_whole AND (now_kind IN ('lost', 'parked') OR now_kind IS NULL) AS vague,
    CASE WHEN ts >= $finish THEN 'too_early'
      WHEN reach >= goal THEN 'advanced' WHEN now_kind = 'lost' THEN 'lost'
      WHEN now_kind = 'parked' THEN 'parked' WHEN NOT inside THEN 'left'
      WHEN now_kind IS NULL THEN 'unknown' WHEN now_rank < rank THEN 'moved_back'
      ELSE 'still_there' END AS class
  FROM judged WHERE ts >= begin
  UNION ALL BY NAME
  SELECT *, true AS vague, 'start_unknown' AS class FROM judged
  WHERE ts IS NULL AND created < $finish AND (closed IS NULL OR closed >= begin)
    AND (CASE WHEN $passed THEN reach >= rank ELSE now_in = code END
      OR ((reach >= rank OR (inside AND NOT is_whole AND top >= rank
           AND (now_kind IN ('lost', 'parked') OR now_kind IS NULL)))
          AND ($passed OR created < known_since)))
)
SELECT CASE WHEN class = 'start_unknown' THEN owner ELSE owner_at(deal, ts) END AS manager,
  code AS stage, target, class, count(*) AS n,
  count(*) FILTER (vague AND class <> 'advanced' AND goal_kind = 'open') AS unsure
FROM classed GROUP BY ALL
"""

VISITS = """
SELECT owner_at(deal, coalesce(start, '1900-01-01'::TIMESTAMP)) AS manager, stage,
  CASE WHEN start IS NULL THEN 'unknown' WHEN following IS NULL THEN 'running' ELSE 'finished' END,
  count(*), sum(epoch(coalesce(stop, $now) - start))::BIGINT
FROM visit GROUP BY ALL
"""


@pytest.fixture(scope="module")
def world(sim):
    return sim.simulate(N, 7)


@pytest.fixture(scope="module")
def data(sim, world):
    return sim.dataset(world.deals, world.events)


@pytest.fixture(scope="module")
def sql(sim, world):
    """``sql(text, **parameters)``: rows; the ways of the deals are worked out once."""
    db = duckdb.connect()
    stages = [(i, *s[:1], *s[2:]) for i, s in enumerate(sim.STAGES)]
    db.execute("CREATE TABLE stage(code INT, pipeline TEXT, kind TEXT, rank INT)")
    db.executemany("INSERT INTO stage VALUES (?, ?, ?, ?)", stages)
    home = pd.Series([s[0] for s in sim.STAGES] + [sim.STAGES[0][0]])
    deal = world.deals.assign(pipeline=home.loc[world.deals["stage"]].to_numpy())
    for table, frame, moments in (
        ("deal", deal, ("created", "closed")), ("event", world.events.rename(columns={"at": "ts"}), ("ts",)),
    ):  # fmt: skip
        raw = frame.assign(**{name: frame[name].to_numpy().view("M8[s]") for name in moments})
        db.register("raw", raw)
        db.execute(f"CREATE TABLE {table} AS FROM raw")
    for part in WAYS.split(";\n")[:-1]:
        db.execute(part, {"now": sim.AS_OF} if "$now" in part else {})

    def run(text, **parameters):
        return db.execute(text, parameters).fetchall()

    yield run
    db.close()


def by_manager(out, sim):
    """Rows per manager: (manager code, stage code) beside them."""
    out = out[out["scope"].eq("manager") & out["stage"].notna()]
    who = out["manager"].map({name: i for i, name in enumerate(sim.MANAGERS)})
    return out.assign(who=who, place=out["stage"].str[1:].astype(int))


@pytest.mark.parametrize(("metric", "text"), [("entries", ENTRIES), ("skipped_over", SKIPPED)])
def test_entries(metric, text, sim, data, sql):
    start, stop = map(pd.Timestamp, PERIOD)
    expected = {(m, s): n for m, s, n in sql(text, start=start, stop=stop)}
    out = by_manager(entries.compute(data, sim.ask(data)), sim)
    out = out[out["metric"].eq(metric)]
    got = {
        (w, s): int(n) for w, s, n in zip(out["who"], out["place"], out["value"], strict=True) if n
    }
    assert got == expected
    assert len(got) > 20


@pytest.mark.parametrize("skipped", ["passed", "strict"])
def test_conversion(skipped, sim, data, sql):
    finish = pd.Timestamp(sim.AS_OF) - pd.Timedelta(days=MATURITY)
    begin = finish - pd.Timedelta(days=WINDOW)
    found = sql(CONVERSION, begin=begin, finish=finish, passed=skipped == "passed")
    expected = {(m, s, c): n for m, s, _, c, n, _ in found}
    view = sim.ask(data, maturity=MATURITY, window=WINDOW, skipped=skipped, max_gap=1)
    out = conversion.compute(data, view)
    rows = by_manager(out, sim)
    base = rows[rows["metric"].eq("conversion_base")]
    columns = (base["who"], base["place"], base["slice"].str.removeprefix("class="), base["value"])
    got = {(w, s, c): int(n) for w, s, c, n in zip(*columns, strict=True) if n}
    assert got == expected
    assert {c for _, _, c in got} == {
        "advanced", "lost", "parked", "left", "unknown", "moved_back", "still_there", "too_early",
        "start_unknown",
    }  # fmt: skip
    known, hits = {}, {}
    for m, s, _, c, n, unsure in found:
        if c not in ("too_early", "start_unknown"):
            known[m, s] = known.get((m, s), 0) + n - unsure
            hits[m, s] = hits.get((m, s), 0) + n * (c == "advanced")
    rate = rows[rows["metric"].eq("conversion") & rows["statistic"].eq("value")]
    own = {(w, s): (int(k), int(n)) for w, s, k, n in
           zip(rate["who"], rate["place"], rate["numerator"], rate["denominator"], strict=True)}  # fmt: skip
    assert own == {key: (hits[key], known[key]) for key in known}


def test_flow(sim, data, sql):
    start, stop = map(pd.Timestamp, PERIOD)
    n = {(m, s): n for m, s, n in sql(ENTRIES, start=start, stop=stop)}
    out = by_manager(conversion_flow.compute(data, sim.ask(data)), sim)
    target = out["to_stage"].str[1:].astype(int)
    columns = (out["who"], out["place"], target, out["numerator"], out["denominator"])
    got = {(w, s, t): (int(a), int(b)) for w, s, t, a, b in zip(*columns, strict=True)}
    assert got == {(w, s, t): (n.get((w, t), 0), n.get((w, s), 0)) for w, s, t in got}
    assert len(got) == 7 * len(sim.MANAGERS)


def test_visits(sim, data, sql):
    expected = {(m, s, how): (n, length) for m, s, how, n, length in sql(VISITS, now=sim.AS_OF)}
    v = data.visits
    now = pd.Timestamp(sim.AS_OF)
    how = (
        pd.Series("finished", v.index)
        .mask(v["next"] == -1, "running")
        .mask(v["start"].isna(), "unknown")
    )
    length = (v["end"].fillna(now) - v["start"]).dt.total_seconds()
    out = length.groupby([v["manager"], v["stage"], how]).agg(["size", "sum"])
    got = {
        (w, s, h): (int(n), None if h == "unknown" else int(total))
        for (w, s, h), n, total in zip(out.index, out["size"], out["sum"], strict=True)
    }
    assert got == expected
