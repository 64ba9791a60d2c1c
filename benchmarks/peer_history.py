"""The counting tables of a run with stage histories, by one DuckDB script: entries, conversions with
what became of every deal, win rates and the plain figures.

    python benchmarks/peer_history.py EXPORTS -c funnelkpi.yaml --as-of 2026-11-15 -o peer.json

The definitions are those of docs/metrics.md, as far as the generated histories need them: every deal
is known since its creation, nobody hands one over. Only the columns needed are read, types given.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.peer_config import (  # noqa: E402
    Task,
    conversion_rows,
    entry_rows,
    parse_args,
    wilson,
    write,
)
from benchmarks.peer_duckdb import SCOPED, config_tables  # noqa: E402

DEALS = """
CREATE TEMP TABLE deal AS
SELECT r.id, coalesce(r.manager, '') AS manager, r.amount, r.created, r.closed,
       p.key AS pipeline, s.kind, s.rank
FROM (
  SELECT "ID" AS id, "Бюджет" AS amount, "Ответственный" AS manager,
         "Дата создания сделки" AS created, "Дата закрытия" AS closed,
         "Воронка" AS pipeline_title,
         CASE WHEN starts_with("Этап сделки", $lost) THEN $lost ELSE "Этап сделки" END AS stage_title
  FROM read_csv($deals, header = true, delim = ',', quote = '"', escape = '"',
    timestampformat = '%d.%m.%Y %H:%M:%S', nullstr = ['', 'не закрыта'],
    types = {'ID': 'BIGINT', 'Бюджет': 'DOUBLE', 'Ответственный': 'VARCHAR',
      'Дата создания сделки': 'TIMESTAMP', 'Дата закрытия': 'TIMESTAMP'})
) r JOIN stage s ON s.title = r.stage_title JOIN pipeline p ON p.title = r.pipeline_title
WHERE r.created <= $as_of
"""

WAYS = """
CREATE TEMP TABLE way AS
WITH place AS (
  SELECT p.title || ' / ' || s.title AS cell, p.key AS pipeline, s.rank
  FROM pipeline p CROSS JOIN stage s WHERE s.rank >= 1
), event AS (
  SELECT e.id, l.pipeline, l.rank, e.moment
  FROM (
    SELECT "ID объекта" AS id, "Дата" AS moment, "Значение после" AS cell
    FROM read_csv($events, header = true, delim = ',', quote = '"', escape = '"',
      timestampformat = '%d.%m.%Y %H:%M:%S',
      types = {{'ID объекта': 'BIGINT', 'Дата': 'TIMESTAMP', 'Значение после': 'VARCHAR'}})
    WHERE "Событие" IN ('Новая сделка', 'Изменение этапа продажи') AND "Дата" <= $as_of
  ) e JOIN place l USING (cell)
), seen AS (
  SELECT id, pipeline, {first}, max(moment) FILTER (rank = {goal}) AS won
  FROM event GROUP BY id, pipeline
)
SELECT w.* EXCLUDE (won), d.manager, d.kind, d.rank, d.pipeline = w.pipeline AS inside,
  CASE WHEN d.kind = 'won' AND d.pipeline = w.pipeline THEN w.won END AS e{goal}
FROM seen w JOIN deal d USING (id)
"""

STEP = """
SELECT manager, pipeline, {k} AS step,
  CASE WHEN entered >= $end THEN 'too_early' WHEN beyond THEN 'advanced'
       WHEN kind = 'lost' THEN 'lost' WHEN kind = 'parked' THEN 'parked'
       WHEN NOT inside THEN 'left' WHEN rank < {k} THEN 'moved_back' ELSE 'still_there' END AS class,
  count(*) AS n
FROM (SELECT *, least({seen}) AS entered, coalesce({further}) IS NOT NULL AS beyond FROM way)
WHERE entered >= $start GROUP BY ALL
"""

PLAIN = """
WITH closed AS (SELECT * FROM deal WHERE closed >= $from AND closed < $until),
fact AS (
  SELECT 'deals_created' AS metric, manager, pipeline, 1 AS n FROM deal
  WHERE created >= $from AND created < $until
  UNION ALL SELECT kind, manager, pipeline, 1 FROM closed WHERE kind IN ('won', 'lost')
  UNION ALL SELECT 'won_amount', manager, pipeline, amount FROM closed WHERE kind = 'won'
  UNION ALL SELECT 'checks', manager, pipeline, 1 FROM closed WHERE kind = 'won' AND amount > 0
  UNION ALL SELECT 'open_deals', manager, pipeline, 1 FROM deal WHERE kind = 'open'
  UNION ALL SELECT 'open_amount', manager, pipeline, amount FROM deal WHERE kind = 'open'
), small AS (
  SELECT metric, manager, pipeline, sum(n) AS n FROM fact GROUP BY ALL
)
SELECT metric, manager, pipeline, n FROM small
UNION ALL SELECT metric, manager, NULL, n FROM small
"""


def compute(task: Task) -> list[dict[str, Any]]:
    """Rows of the metrics."""
    db = duckdb.connect()
    config_tables(db, task)
    last = len(task.path)
    db.execute(DEALS, {"deals": str(task.deals), "lost": task.title("lost"), "as_of": task.as_of})
    first = ", ".join(f"min(moment) FILTER (rank = {k}) AS e{k}" for k in range(1, last))
    db.execute(
        WAYS.format(first=first, goal=last),
        {"events": str(task.deals.with_name("events.csv")), "as_of": task.as_of},
    )
    start, end = task.cohort
    steps = []
    for k in range(1, last):
        columns = [f"e{i}" for i in range(k, last + 1)]
        further = ", ".join(columns[1:])
        steps.append(STEP.format(k=k, seen=", ".join(columns), further=further))
    sql = SCOPED.format(facts=" UNION ALL ".join(steps), keys="pipeline, step, class")
    classes: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for *who, pipeline, step, name, n in db.execute(sql, {"start": start, "end": end}).fetchall():
        classes[(*who, pipeline, task.path[step - 1], task.path[step])][name] = n
    since, until = task.period
    names = ", ".join(f"e{k}" for k in range(1, last + 1))
    facts = f"""
      SELECT manager, pipeline, stage, count(*) AS n
      FROM (UNPIVOT (SELECT manager, pipeline, {names} FROM way)
            ON {names} INTO NAME stage VALUE entered)
      WHERE entered >= $from AND entered < $until GROUP BY ALL"""
    window = {"from": since, "until": until}
    found = db.execute(SCOPED.format(facts=facts, keys="pipeline, stage"), window).fetchall()
    entries = {(*who, p, task.path[int(stage[1:]) - 1]): n for *who, p, stage, n in found}
    found = db.execute(SCOPED.format(facts=PLAIN, keys="metric, pipeline"), window).fetchall()
    plain: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for *who, metric, pipeline, n in found:
        plain[(*who, pipeline)][metric] = n
    return [*conversion_rows(classes), *entry_rows(entries), *_plain_rows(plain)]


def _plain_rows(plain: dict[tuple[Any, ...], dict[str, int]]) -> list[dict[str, Any]]:
    out = []
    for key, values in plain.items():
        names = ("scope", "department", "role", "manager", "pipeline")
        about = {**dict(zip(names, key, strict=True)), "slice": None}
        checks = values.pop("checks", 0)
        if checks:
            value = values["won_amount"] / checks
            out.append({"metric": "average_check", **about, "value": value})
        k = values.get("won", 0)
        n = k + values.get("lost", 0)
        if n:
            low, high = wilson(k, n)
            rate = {"value": k / n, "numerator": k, "denominator": n, "low": low, "high": high}
            out.append({"metric": "win_rate", **about, **rate})
        out += [{"metric": name, **about, "value": v} for name, v in values.items() if v]
    return out


def main() -> None:
    """Command line."""
    task, output = parse_args()
    write(task, compute(task), [], output)


if __name__ == "__main__":
    main()
