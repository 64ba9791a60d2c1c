"""The tables of calls beside those of deals, by one DuckDB script: calls matched with deals, who is
answered, what became of missed calls, conversations and deals, the hours of the week.

    python benchmarks/peer_calls.py EXPORTS -c funnelkpi.yaml --as-of 2026-11-15 -o peer.json

The definitions are those of docs/metrics.md, as far as the generated telephony needs them: every
client is a company, nobody is called by a deal's ID. Conversions, norms and stalled deals are counted
too (peer_duckdb.py). Written to be fast: only the columns needed, types given, numbers as integers,
each call matched by one aggregation over the deals of its number.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.peer_config import Task, parse_args, wilson, write  # noqa: E402
from benchmarks.peer_duckdb import SCOPED, config_tables, counted, deals, stalled  # noqa: E402
from benchmarks.peer_stages import AT_STAGE  # noqa: E402
from benchmarks.settings import RINGING_FILE  # noqa: E402

READ = """
CREATE TYPE way AS ENUM ('Исходящий', 'Входящий', 'Внутренний');

CREATE TYPE ending AS ENUM ('Отвечен', 'Пропущен', 'Занято', 'Отменен', 'Недоступен');

CREATE TYPE person AS ENUM (SELECT name FROM manager UNION ALL SELECT '');

CREATE TEMP TABLE rung AS
SELECT row_number() OVER () AS i, moment, coalesce(manager, '')::person AS manager,
  kind::way AS kind, outcome::ending AS outcome, talk,
  result IS NOT NULL AS told, phone IN ('Номер скрыт', 'Anonymous') AS hidden,
  CASE WHEN kind <> 'Внутренний' THEN
    try_cast(right(translate(split_part(phone, ' доб', 1), ' ()-+', ''), 10) AS BIGINT) END AS number
FROM (
  SELECT "Дата и время" AS moment, "Направление" AS kind, "Номер клиента" AS phone,
         "Сотрудник" AS manager, "Разговор" AS talk, "Статус" AS outcome, "Результат" AS result
  FROM read_csv($calls, header = true, delim = ';', timestampformat = '%d.%m.%Y %H:%M:%S',
    types = {'Дата и время': 'TIMESTAMP', 'Номер клиента': 'VARCHAR', 'Разговор': 'INTEGER',
      'Направление': 'VARCHAR', 'Сотрудник': 'VARCHAR', 'Статус': 'VARCHAR', 'Результат': 'VARCHAR'})
) WHERE moment <= $as_of
"""
CLIENTS = """
CREATE TEMP TABLE client AS
SELECT company, min(line) AS client, min(created) AS first FROM deal GROUP BY company;

CREATE TEMP TABLE owned AS
SELECT d.id, d.created, d.closed, c.client FROM deal d JOIN client c USING (company);

CREATE TEMP TABLE phone AS
WITH told AS (
  SELECT DISTINCT c.client, c.first,
    try_cast(right(translate(unnest(string_split(concat_ws(',', work_phone, mobile_phone), ',')),
                   ' ()-+''', ''), 10) AS BIGINT) AS number
  FROM deal d JOIN client c USING (company)
)
SELECT number, client, first FROM told WHERE number IS NOT NULL;

CREATE TEMP TABLE caller AS
SELECT number, min(client) AS client, min(first) AS first FROM phone GROUP BY number;
"""
MATCH = """
CREATE TEMP TABLE place AS
WITH near AS (
  SELECT c.i, d.id, d.created <= c.moment AND (d.closed IS NULL OR d.closed > c.moment) AS open,
    least(abs(epoch(c.moment) - epoch(d.created)), abs(epoch(c.moment) - epoch(d.closed)))::BIGINT AS far
  FROM rung c JOIN phone p USING (number) JOIN owned d ON d.client = p.client
)
SELECT i, min(((CASE WHEN open THEN 0 ELSE 1 END)::BIGINT << 60) + (far << 28) + id)
    & ((1 << 28) - 1) AS id,
  bool_or(open) AS open, count(*) FILTER (open) AS opens, count(*) AS fits
FROM near WHERE open OR far <= $days * 86400 GROUP BY i;

CREATE TEMP TABLE call AS
SELECT c.*, d.id AS deal, d.pipeline,
  CASE WHEN c.kind = 'Внутренний' THEN 'internal' WHEN c.hidden THEN 'hidden'
       WHEN c.number IS NULL THEN 'no_number' WHEN w.client IS NULL THEN 'unknown_number'
       WHEN m.id IS NULL THEN 'no_deal'
       WHEN CASE WHEN m.open THEN m.opens ELSE m.fits END > 1 THEN 'several' ELSE 'matched' END
    AS class,
  coalesce(w.client, c.number) AS party, coalesce(o.client, w.client) AS client, w.first,
  c.kind = 'Входящий' AS incoming, c.outcome = 'Отвечен' AS success,
  c.kind = 'Исходящий' OR (c.kind = 'Входящий' AND c.outcome = 'Отвечен') AS spoken,
  c.outcome = 'Отвечен' AND c.talk >= $talk AND c.kind <> 'Внутренний' AS conversation,
  c.number IS NOT NULL AND (w.first IS NULL OR w.first >= c.moment - INTERVAL 15 MINUTE) AS new
FROM rung c LEFT JOIN caller w USING (number) LEFT JOIN place m USING (i)
LEFT JOIN owned o ON o.id = m.id LEFT JOIN deal d ON d.id = m.id;
"""
HEARD = """
SELECT number::VARCHAR AS phone, moment,
  CASE WHEN success THEN 'Успешный звонок' END AS status, talk
FROM call
"""
ON_DEALS = """
UNION ALL SELECT deal, moment FROM call WHERE conversation AND deal IS NOT NULL
"""
UNDER_CALLED = """
id IN (SELECT id FROM at_stage WHERE running AND stage = {rank} AND called < {days})
"""

WORKED = """
CREATE TEMP MACRO worked(t) AS
  ((date_diff('day', DATE '2001-01-01', t::DATE) // 7) * 5
   + least(isodow(t) - 1, 5)) * 32400
  + CASE WHEN isodow(t) <= 5
    THEN greatest(0, least(32400, epoch(t) - epoch(t::DATE) - 32400)) ELSE 0 END
"""
WEEK = "CREATE TEMP TABLE week AS SELECT * FROM call WHERE moment >= $from AND moment < $until"
MISSED = """
CREATE TEMP TABLE missed AS
WITH lost AS (
  SELECT * FROM week WHERE incoming AND NOT success
), around AS (
  SELECT i, party,
    min(CASE WHEN kind = 'Исходящий' THEN s END) OVER since AS back,
    min(CASE WHEN incoming THEN s END) OVER later AS again
  FROM (SELECT *, epoch(moment)::BIGINT AS s FROM call)
  WHERE moment >= $from AND party IN (SELECT party FROM lost) AND class <> 'internal'
  WINDOW since AS (PARTITION BY party ORDER BY s
                   RANGE BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING),
         later AS (PARTITION BY party ORDER BY s
                   RANGE BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING)
), ended AS (
  SELECT l.*, coalesce(back <= again, back IS NOT NULL) AS called, again IS NOT NULL AS rang,
    make_timestamp((coalesce(least(back, again), epoch($end)::BIGINT) * 1000000)::BIGINT) AS stop
  FROM lost l LEFT JOIN around a USING (i)
), timed AS (
  SELECT *, greatest(worked(stop) - worked(moment), 0)::BIGINT AS span FROM ended
)
SELECT manager, pipeline, span, called, party,
  CASE WHEN party IS NULL THEN 'no_number'
       WHEN called THEN CASE WHEN span <= $limit THEN 'in_time'
                             WHEN stop::DATE = moment::DATE THEN 'same_day' ELSE 'later' END
       WHEN rang THEN 'rang_again' WHEN span <= $limit THEN 'pending' ELSE 'never' END AS fate
FROM timed
"""
COUNTS = """
WITH fact AS (
  SELECT 'calls' AS metric, NULL AS slice, manager, pipeline, 1 AS k, 0 AS n FROM week
  UNION ALL SELECT 'calls', 'direction=' || CASE kind WHEN 'Входящий' THEN 'in' ELSE 'out' END,
    manager, pipeline, 1, 0 FROM week WHERE kind <> 'Внутренний'
  UNION ALL SELECT 'calls', 'outcome=' || CASE outcome WHEN 'Отвечен' THEN 'success'
      WHEN 'Пропущен' THEN 'missed' WHEN 'Занято' THEN 'busy' WHEN 'Отменен' THEN 'cancelled'
      ELSE 'failed' END, manager, pipeline, 1, 0 FROM week
  UNION ALL SELECT 'conversations', NULL, manager, pipeline, 1, 0 FROM week WHERE conversation
  UNION ALL SELECT 'calls_matching', NULL, manager, pipeline, 1, 0 FROM week
  UNION ALL SELECT 'calls_matching', 'class=' || class, manager, pipeline, 1, 0 FROM week
  UNION ALL SELECT 'calls_without_result', NULL, manager, pipeline, (NOT told)::INT, 1
    FROM week WHERE conversation
  UNION ALL SELECT 'answered_share', NULL, manager, pipeline, success::INT, 1
    FROM week WHERE incoming
  UNION ALL SELECT 'answered_share', CASE WHEN new THEN 'client=new' ELSE 'client=existing' END,
    manager, pipeline, success::INT, 1 FROM week WHERE incoming AND party IS NOT NULL
  UNION ALL SELECT 'missed_calls', NULL, manager, pipeline, 1, 0 FROM missed
  UNION ALL SELECT 'missed_calls', 'fate=' || fate, manager, pipeline, 1, 0 FROM missed
  UNION ALL SELECT 'calls_without_deal', NULL, manager, NULL, (fate = 'miss')::INT, 1
    FROM fresh WHERE fate <> 'pending'
  UNION ALL SELECT 'calls_without_deal', 'fate=pending', manager, NULL, 1, 0
    FROM fresh WHERE fate = 'pending'
  UNION ALL SELECT 'deals_per_10_conversations', NULL, arg_min(manager, (moment, manager)), NULL,
    bool_or(fate = 'hit')::INT, 1 FROM fresh WHERE fate <> 'pending' GROUP BY party
  UNION ALL SELECT 'deals_without_call', NULL, manager, pipeline, (fate = 'miss')::INT, 1
    FROM uncalled WHERE fate IN ('hit', 'miss')
  UNION ALL SELECT 'deals_without_call', 'client=unknown', manager, pipeline, 1, 0
    FROM uncalled WHERE fate = 'nobody'
  UNION ALL SELECT 'deals_without_call', 'fate=pending', manager, pipeline, 1, 0
    FROM uncalled WHERE fate = 'pending'
), small AS (
  SELECT metric, slice, manager, pipeline, (sum(k)::BIGINT << 32) + sum(n)::BIGINT AS n
  FROM fact GROUP BY ALL
)
SELECT metric, slice, manager, pipeline, n FROM small WHERE pipeline IS NOT NULL
UNION ALL SELECT metric, slice, manager, NULL, n FROM small
"""
FRESH = """
CREATE TEMP TABLE fresh AS
SELECT *, CASE WHEN first <= moment + $hours * INTERVAL 1 HOUR THEN 'hit'
               WHEN moment + $hours * INTERVAL 1 HOUR > $known THEN 'pending' ELSE 'miss' END AS fate
FROM week WHERE conversation AND new;

CREATE TEMP TABLE uncalled AS
WITH own AS (SELECT * FROM deal WHERE created >= $from AND created < $until
             AND created >= (SELECT min(moment) FROM call)),
rang AS (SELECT DISTINCT deal AS id FROM call WHERE spoken),
last AS (SELECT client, max(moment) AS moment FROM call WHERE spoken GROUP BY client),
known AS (SELECT DISTINCT client FROM phone)
SELECT d.manager, d.pipeline,
  CASE WHEN r.id IS NOT NULL OR l.moment >= d.created - INTERVAL 1 DAY THEN 'hit'
       WHEN k.client IS NULL THEN 'nobody'
       WHEN d.created + $hours * INTERVAL 1 HOUR <= least($end, $known) THEN 'miss'
       ELSE 'pending' END AS fate
FROM own d JOIN owned o ON o.id = d.id LEFT JOIN rang r ON r.id = d.id
LEFT JOIN last l ON l.client = o.client LEFT JOIN known k ON k.client = o.client;
"""
UNITS = """
CREATE TEMP TABLE unit AS
WITH who AS (SELECT DISTINCT w.manager AS name, m.department AS dep, m.role AS job
             FROM (SELECT manager FROM call UNION SELECT manager FROM deal) w
             LEFT JOIN manager m ON m.name = w.manager)
SELECT name AS whose, 'company' AS scope, NULL AS department, NULL AS role, NULL AS manager FROM who
UNION ALL SELECT name, 'department', dep, NULL, NULL FROM who WHERE dep IS NOT NULL
UNION ALL SELECT name, 'role', NULL, job, NULL FROM who WHERE job IS NOT NULL
UNION ALL SELECT name, 'manager', dep, job, name FROM who
"""
CALLERS = """
SELECT scope, department, role, u.manager, count(DISTINCT party),
  count(DISTINCT CASE WHEN success THEN party END)
FROM week w JOIN unit u ON u.whose = w.manager WHERE incoming AND party IS NOT NULL GROUP BY ALL
"""
HOURS = """
SELECT scope, department, role, u.manager,
  'hour=' || ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'][isodow(moment)]
    || '-' || lpad(hour(moment)::VARCHAR, 2, '0') AS hour,
  count(*), count(*) FILTER (NOT success)
FROM call c JOIN unit u ON u.whose = c.manager
WHERE incoming AND moment >= $as_of - $window * INTERVAL 1 DAY AND (scope IN ('company', 'department')
    OR u.manager IN (SELECT name FROM manager))
GROUP BY ALL
"""
CALLBACKS = """
WITH own AS (
  SELECT pipeline, manager, span, fate, called FROM missed
  WHERE fate <> 'no_number' AND pipeline IS NOT NULL
  UNION ALL SELECT NULL, manager, span, fate, called FROM missed WHERE fate <> 'no_number'
), each AS (
  SELECT scope, department, role, u.manager, pipeline, span,
    CASE WHEN called THEN 0 WHEN fate = 'rang_again' THEN 1 ELSE 2 END AS cause
  FROM own o JOIN unit u ON u.whose = o.manager
), spans AS (
  SELECT scope, department, role, manager, pipeline, span, count(*) FILTER (cause = 0) AS ends,
    count(*) FILTER (cause < 2) AS all_ends, count(*) AS every
  FROM each GROUP BY ALL
), risk AS (
  SELECT *, sum(every) OVER (PARTITION BY scope, department, role, manager, pipeline
      ORDER BY span ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS n
  FROM spans
), alive AS (
  SELECT *, coalesce(product(1 - all_ends / n) OVER (PARTITION BY scope, department, role, manager,
      pipeline ORDER BY span ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING), 1) AS s FROM risk
), share AS (
  SELECT scope, department, role, manager, pipeline,
    sum(s * ends / n) FILTER (span <= $limit) AS within
  FROM alive GROUP BY ALL
)
SELECT e.scope, e.department, e.role, e.manager, e.pipeline, count(*) AS n,
  count(*) FILTER (cause = 0) AS got, count(*) FILTER (cause = 1) AS ended,
  median(span) FILTER (cause = 0) / 60 AS middle, any_value(coalesce(within, 0)) AS within
FROM each e JOIN share w ON w.scope = e.scope
  AND w.department IS NOT DISTINCT FROM e.department AND w.role IS NOT DISTINCT FROM e.role
  AND w.manager IS NOT DISTINCT FROM e.manager AND w.pipeline IS NOT DISTINCT FROM e.pipeline
GROUP BY ALL
"""
_SCOPE = ("scope", "department", "role", "manager", "pipeline")
_SHARES = {"answered_share": 1.0, "deals_per_10_conversations": 10.0}
_BASED = ("calls_without_result", "calls_without_deal", "deals_without_call")
Row = dict[str, Any]


def compute(task: Task) -> tuple[list[Row], list[Row]]:
    """Rows of the metrics and of the stalled deals."""
    db = duckdb.connect()
    config_tables(db, task)
    deals(db, task, ', "Компания" AS company, row_number() OVER () AS line')
    _run(db, READ, {"calls": str(task.deals.with_name(RINGING_FILE)), "as_of": task.as_of})
    db.execute(CLIENTS)
    _run(db, MATCH, {"days": task.telephone["match_days"], "talk": task.conversation_seconds})
    db.execute("DROP TABLE rung")
    since, until = task.period
    end = db.execute("SELECT max(moment) FROM call").fetchall()[0][0]
    sql = "SELECT greatest(max(created), max(modified), max(closed)) FROM deal"
    known = min(task.as_of, db.execute(sql).fetchall()[0][0])
    about = {
        "from": since, "until": until, "end": end, "known": known, "as_of": task.as_of,
        "hours": task.telephone["deal_within_hours"], "limit": task.telephone["callback_minutes"] * 60,
        "window": task.window, "stage_days": task.telephone["stage_days"],
    }  # fmt: skip
    for sql in (WORKED, WEEK, MISSED, FRESH, UNITS, AT_STAGE):
        _run(db, sql, about)
    metrics = [*counted(db, task), *_counts(db), *_callers(db), *_hours(db, about)]
    metrics += [*_callbacks(db, about), *_at_stage(db, task)]
    key, days = next(iter(task.telephone["at_stage"].items()))
    rank = task.path.index(key) + 1
    under = UNDER_CALLED.format(rank=rank, days=int(days))
    return metrics, stalled(db, task, HEARD, ON_DEALS, under)


def _run(db: duckdb.DuckDBPyConnection, sql: str, about: dict[str, Any]) -> None:
    """Several statements, each with the parameters it names."""
    for statement in filter(str.strip, sql.split(";\n")):
        own = {k: v for k, v in about.items() if f"${k}" in statement}
        db.execute(statement, own)


def _rate(k: int, n: int, factor: float) -> Row:
    low, high = wilson(k, n)
    return {
        "value": k / n * factor, "numerator": k, "denominator": n, "low": low * factor,
        "high": high * factor,
    }  # fmt: skip


def _counts(db: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    found = db.execute(SCOPED.format(facts=COUNTS, keys="metric, slice, pipeline")).fetchall()
    for *who, metric, slice_, pipeline, both in found:
        k, n = both >> 32, both & 0xFFFFFFFF
        about = dict(zip(_SCOPE, (*who, pipeline), strict=True))
        about |= {"metric": metric, "slice": slice_}
        if metric in _SHARES:
            yield about | _rate(k, n, _SHARES[metric])
        else:
            yield about | {"value": k} | ({"denominator": n} if metric in _BASED and n else {})


def _callers(db: duckdb.DuckDBPyConnection) -> Iterator[Row]:
    for *who, n, k in db.execute(CALLERS).fetchall():
        about = dict(zip(_SCOPE, (*who, None), strict=True))
        yield about | {"metric": "answered_share", "statistic": "callers"} | _rate(k, n, 1.0)


def _hours(db: duckdb.DuckDBPyConnection, about: dict[str, Any]) -> Iterator[Row]:
    window = {k: about[k] for k in ("as_of", "window")}
    for *who, hour, n, lost in db.execute(HOURS, window).fetchall():
        row = {"metric": "calls_by_hour", "slice": hour}
        row |= dict(zip(_SCOPE, (*who, None), strict=True))
        yield row | {"value": n}
        yield row | {"statistic": "missed", "value": lost, "denominator": n}


def _callbacks(db: duckdb.DuckDBPyConnection, about: dict[str, Any]) -> Iterator[Row]:
    for *who, n, got, ended, middle, within in db.execute(
        CALLBACKS, {"limit": about["limit"]}
    ).fetchall():
        row = {"metric": "time_to_callback", **dict(zip(_SCOPE, who, strict=True))}
        yield row | {"statistic": "median", "value": middle, "denominator": n}
        yield row | {"statistic": "within_limit", "value": within}
        yield row | {"statistic": "waiting", "value": n - got - ended, "denominator": n}
        yield row | {"statistic": "ended", "value": ended, "denominator": n}


def _at_stage(db: duckdb.DuckDBPyConnection, task: Task) -> Iterator[Row]:
    sql = """
      SELECT scope, department, role, u.manager, pipeline, s.key, count(*), median(called),
        count(*) FILTER (called >= $norm)
      FROM at_stage v JOIN unit u ON u.whose = v.manager
      JOIN stage s ON s.rank = v.stage AND s.kind = 'open' GROUP BY ALL"""
    stage, norm = next(iter(task.telephone["at_stage"].items()))
    for *who, key, n, middle, met in db.execute(sql, {"norm": norm}).fetchall():
        row = {"metric": "calls_at_stage", **dict(zip(_SCOPE, who, strict=True)), "stage": key}
        yield row | {"statistic": "median", "value": middle, "denominator": n}
        if key == stage:
            yield row | {"statistic": "met"} | _rate(met, n, 1.0)


def main() -> None:
    """Command line."""
    task, output = parse_args()
    write(task, *compute(task), output)


if __name__ == "__main__":
    main()
