"""Conversion, norms and stalled deals of the benchmark's exports, by one DuckDB script.

    python benchmarks/peer_duckdb.py EXPORTS -c funnelkpi.yaml --as-of 2026-11-15 -o peer.json

The definitions are those of docs/metrics.md; the config and the JSON are shared with the pandas
peer (peer_config.py). Written to be fast: only the columns needed, types given, calls joined to
open deals alone.
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
    norm_rows,
    parse_args,
    write,
)

DEALS = """
CREATE TEMP TABLE deal AS
WITH raw AS (
  SELECT "ID" AS id, "Название сделки" AS title, "Бюджет" AS amount, "Ответственный" AS manager,
         "Дата создания сделки" AS created, "Дата редактирования" AS modified,
         "Дата закрытия" AS closed, "Воронка" AS pipeline_title, "Этап сделки" AS stage_text,
         "Рабочий телефон" AS work_phone, "Мобильный телефон" AS mobile_phone,
         "Дата: ЛПР" AS e2, "Дата: Потребность" AS e3, "Дата: КП" AS e4, "Дата: Дожим" AS e5 /* more */
  FROM read_csv($deals, header = true, delim = ',', quote = '"', escape = '"',
    timestampformat = '%d.%m.%Y %H:%M:%S', nullstr = ['', 'не закрыта'],
    types = {'ID': 'BIGINT', 'Бюджет': 'DOUBLE', 'Ответственный': 'VARCHAR',
      'Дата создания сделки': 'TIMESTAMP', 'Дата редактирования': 'TIMESTAMP',
      'Дата закрытия': 'TIMESTAMP', 'Рабочий телефон': 'VARCHAR', 'Мобильный телефон': 'VARCHAR',
      'Дата: ЛПР': 'TIMESTAMP', 'Дата: Потребность': 'TIMESTAMP', 'Дата: КП': 'TIMESTAMP',
      'Дата: Дожим': 'TIMESTAMP'})
), named AS (
  SELECT *, CASE WHEN stage_text LIKE $lost || '%' THEN $lost ELSE stage_text END AS stage_title
  FROM raw
), known AS (
  SELECT r.* EXCLUDE (stage_text, stage_title, pipeline_title, manager),
         coalesce(manager, '') AS manager,
         p.key AS pipeline, s.rank AS rank, s.kind AS kind,
         CASE WHEN s.kind <> 'incoming' THEN created END AS e1,
         CASE WHEN s.kind = 'won' THEN closed END AS e6
  FROM named r JOIN stage s ON s.title = r.stage_title JOIN pipeline p ON p.title = r.pipeline_title
), begun AS (
  SELECT pipeline, min(e2) AS b2, min(e3) AS b3, min(e4) AS b4, min(e5) AS b5
  FROM known GROUP BY pipeline
)
SELECT k.*, b2, b3, b4, b5,
  greatest(rank, CASE WHEN e6 IS NOT NULL THEN 6 WHEN e5 IS NOT NULL THEN 5
                      WHEN e4 IS NOT NULL THEN 4 WHEN e3 IS NOT NULL THEN 3
                      WHEN e2 IS NOT NULL THEN 2 WHEN e1 IS NOT NULL THEN 1 ELSE -1 END) AS low,
  CASE WHEN kind IN ('lost', 'parked') THEN
    CASE WHEN created < b5 THEN 5 WHEN created < b4 THEN 4 WHEN created < b3 THEN 3
         WHEN created < b2 THEN 2 ELSE 1 END ELSE -1 END AS maybe
FROM known k JOIN begun USING (pipeline)
"""

STEP = """
SELECT manager, pipeline, {k} AS step,
  CASE WHEN entered IS NULL THEN 'start_unknown' WHEN entered >= $end THEN 'too_early'
       WHEN low > {k} THEN 'advanced' WHEN kind = 'lost' THEN 'lost'
       WHEN kind = 'parked' THEN 'parked' WHEN rank < {k} THEN 'moved_back'
       ELSE 'still_there' END AS class,
  count(*) AS n
FROM (SELECT *, least({seen}) AS entered FROM deal)
WHERE entered >= greatest($start, {begun})
   OR ({dated} AND entered IS NULL AND greatest(low, maybe) >= {k} AND created < $end
       AND (closed IS NULL OR closed >= greatest($start, {begun})))
GROUP BY ALL
"""

SCOPED = """
WITH who AS (
  SELECT f.* EXCLUDE (manager), f.manager AS name, m.department AS dep, m.role AS job
  FROM ({facts}) f LEFT JOIN manager m ON m.name = f.manager
), scoped AS (
  SELECT 'company' AS scope, NULL AS department, NULL AS role, NULL AS manager, * FROM who
  UNION ALL SELECT 'department', dep, NULL, NULL, * FROM who WHERE dep IS NOT NULL
  UNION ALL SELECT 'role', NULL, job, NULL, * FROM who WHERE job IS NOT NULL
  UNION ALL SELECT 'manager', dep, job, name, * FROM who
)
SELECT scope, department, role, manager, {keys}, sum(n)::BIGINT FROM scoped GROUP BY ALL
ORDER BY ALL
"""

ENTRIES = """
SELECT manager, pipeline, stage, count(*) AS n
FROM (UNPIVOT (SELECT manager, pipeline, e1, e2, e3, e4, e5, e6 FROM deal)
      ON e1, e2, e3, e4, e5, e6 INTO NAME stage VALUE entered)
WHERE entered >= $from AND entered < $until GROUP BY ALL
"""

CALLS = """
SELECT "Номер телефона" AS phone, "Дата вызова" AS moment, "Статус" AS status,
  coalesce(try_cast(regexp_extract("Время звонка", '(\\d+) мин', 1) AS INTEGER), 0) * 60
    + coalesce(try_cast(regexp_extract("Время звонка", '(\\d+) сек', 1) AS INTEGER), 0) AS talk
FROM read_csv($calls, header = true, delim = ';', timestampformat = '%d.%m.%Y %H:%M:%S',
  types = {'Дата вызова': 'TIMESTAMP', 'Номер телефона': 'VARCHAR', 'Время звонка': 'VARCHAR'})
WHERE "Дата вызова" <= $as_of
"""

STALLED = """
WITH heard AS (
{calls}
), bounds AS (
  SELECT min(moment) AS first_call, least($as_of, max(moment)) AS covered FROM heard
), talked AS (
  SELECT right(regexp_replace(phone, '\\D', '', 'g'), 10) AS phone, max(moment) AS moment
  FROM heard WHERE status = 'Успешный звонок' AND talk >= $talk AND phone <> 'Номер скрыт' GROUP BY 1
), standing AS (
  SELECT d.*, s.key AS stage, s.limit_days AS lim,
    CASE d.rank WHEN 2 THEN e2 WHEN 3 THEN e3 WHEN 4 THEN e4 WHEN 5 THEN e5 END AS own,
    greatest(CASE WHEN d.rank <> 2 THEN e2 END, CASE WHEN d.rank <> 3 THEN e3 END,
             CASE WHEN d.rank <> 4 THEN e4 END, CASE WHEN d.rank <> 5 THEN e5 END) AS elsewhere
  FROM deal d JOIN stage s ON s.rank = d.rank AND s.kind = 'open' WHERE d.kind = 'open'
), phones AS (
  SELECT id, right(regexp_replace(unnest(string_split(
           concat_ws(',', work_phone, mobile_phone), ',')), '\\D', '', 'g'), 10) AS phone
  FROM standing
), spoken AS (
  SELECT id, max(moment) AS moment
  FROM (SELECT p.id, t.moment FROM phones p JOIN talked t USING (phone) {on_deals}) GROUP BY id
), old AS (
  SELECT pipeline, quantile_cont(epoch(closed - created) / 86400.0, 0.95) AS age_limit
  FROM deal WHERE kind = 'won' AND closed > $as_of - INTERVAL 365 DAY AND closed <= $as_of
    AND closed >= created
  GROUP BY pipeline HAVING count(*) >= 20
), clock AS (
  SELECT s.*, b.covered,
    CASE WHEN own IS NOT NULL AND (elsewhere IS NULL OR elsewhere <= own) THEN own
         WHEN own IS NULL AND elsewhere IS NULL AND rank = 1 THEN created END AS began,
    coalesce(CASE WHEN t.moment >= created THEN t.moment END,
             greatest(created, b.first_call)) AS active,
    greatest(epoch($as_of - created) / 86400.0, 0) AS age, o.age_limit
  FROM standing s CROSS JOIN bounds b LEFT JOIN spoken t USING (id) LEFT JOIN old o USING (pipeline)
), aged AS (
  SELECT *, epoch($as_of - began) / 86400.0 AS days,
    coalesce(epoch($as_of - began) / 86400.0,
             epoch($as_of - greatest(modified, created, elsewhere)) / 86400.0) AS low_days,
    coalesce(epoch($as_of - began) / 86400.0,
             epoch($as_of - greatest(created, elsewhere)) / 86400.0) AS high_days,
    greatest(epoch(covered - active) / 86400.0, 0) AS silent
  FROM clock
), judged AS (
  SELECT *, low_days > lim AS stalled, low_days <= lim AND high_days > lim AS perhaps,
    high_days <= lim AND low_days + $warn > lim AS soon, silent > $silent AS quiet,
    coalesce(age > age_limit, false) AS too_old, {under_called} AS under_called
  FROM aged
)
SELECT id, title, manager, pipeline, stage, amount, days,
  CASE WHEN days IS NULL THEN low_days END, CASE WHEN days IS NULL THEN high_days END, lim,
  CASE WHEN stalled THEN low_days WHEN perhaps THEN high_days END / lim - 1 AS over,
  CASE WHEN stalled THEN 'stalled' WHEN perhaps THEN 'perhaps' WHEN soon THEN 'soon'
       ELSE 'other' END,
  CASE WHEN soon THEN lim - low_days END,
  list_filter([CASE WHEN stalled THEN 'stalled' END, CASE WHEN quiet THEN 'silent' END,
               CASE WHEN too_old THEN 'too_old' END,
               CASE WHEN under_called THEN 'under_called' END], lambda r: r IS NOT NULL),
  coalesce(amount, 0) * greatest(CASE WHEN stalled THEN low_days / lim - 1 ELSE 0 END,
    CASE WHEN quiet THEN silent / $silent - 1 ELSE 0 END,
    CASE WHEN too_old THEN (age - age_limit) / greatest(age_limit, 1) ELSE 0 END) AS weight
FROM judged WHERE stalled OR perhaps OR soon OR quiet OR too_old OR under_called
ORDER BY weight DESC, coalesce(amount, 0) DESC, id
"""

STALLED_NAMES = (
    "deal_id", "title", "manager", "pipeline", "stage", "amount", "days", "days_low", "days_high",
    "limit", "over", "status", "due_in_days", "reasons",
)  # fmt: skip


def compute(task: Task) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows of the metrics and of the stalled deals."""
    db = duckdb.connect()
    config_tables(db, task)
    deals(db, task)
    return counted(db, task), stalled(db, task, CALLS)


def deals(db: duckdb.DuckDBPyConnection, task: Task, more: str = "") -> None:
    """The table of deals. more: further columns of the file, each behind a comma."""
    sql = DEALS.replace("/* more */", more)
    db.execute(sql, {"deals": str(task.deals), "lost": task.title("lost")})


def counted(db: duckdb.DuckDBPyConnection, task: Task) -> list[dict[str, Any]]:
    """Rows of conversions, entries and norms."""
    last = len(task.path)
    start, end = task.cohort
    steps = []
    for k in range(1, last):
        seen = ", ".join(f"e{i}" for i in range(k, last + 1))
        begun = f"b{k}" if k > 1 else "$start"
        steps.append(STEP.format(k=k, seen=seen, begun=begun, dated="true" if k > 1 else "false"))
    sql = SCOPED.format(facts=" UNION ALL ".join(steps), keys="pipeline, step, class")
    classes: dict[tuple[Any, ...], dict[str, int]] = defaultdict(dict)
    for *who, pipeline, step, name, n in db.execute(sql, {"start": start, "end": end}).fetchall():
        key = (*who, pipeline, task.path[step - 1], task.path[step])
        classes[key][name] = n
    since, until = task.period
    sql = SCOPED.format(facts=ENTRIES, keys="pipeline, stage")
    entries = {
        (*who, pipeline, task.path[int(stage[1:]) - 1]): n
        for *who, pipeline, stage, n in db.execute(sql, {"from": since, "until": until}).fetchall()
    }
    own = {key[3:]: n for key, n in entries.items() if key[0] == "manager"}
    return [*conversion_rows(classes), *entry_rows(entries), *norm_rows(task, own)]


def stalled(
    db: duckdb.DuckDBPyConnection,
    task: Task,
    calls: str,
    on_deals: str = "",
    under_called: str = "false",
) -> list[dict[str, Any]]:
    """Rows of the stalled deals. calls: the query of phone, moment, status and talk; on_deals: of
    deals spoken of beside those of their phones; under_called: the condition of that reason."""
    given = {
        "calls": str(task.calls), "as_of": task.as_of, "talk": task.conversation_seconds,
        "silent": task.silent_days, "warn": task.warn_days,
    }  # fmt: skip
    sql = STALLED.replace("{calls}", calls).replace("{on_deals}", on_deals)
    sql = sql.replace("{under_called}", under_called)
    found = db.execute(sql, {k: v for k, v in given.items() if f"${k}" in sql}).fetchall()
    return [dict(zip(STALLED_NAMES, row[:-1], strict=True)) for row in found]


def config_tables(db: duckdb.DuckDBPyConnection, task: Task) -> None:
    """Stages, pipelines and managers of the config as tables."""
    rank = {"incoming": 0, "lost": -1, "parked": -1, "won": len(task.path)}
    stages, opened = [], 0
    for stage in task.stages:
        kind = stage.get("kind", "open")
        opened += kind == "open"
        stages.append(
            (stage["key"], stage["title"], kind, rank.get(kind, opened), stage.get("limit"))
        )
    db.execute(
        "CREATE TEMP TABLE stage(key TEXT, title TEXT, kind TEXT, rank INT, limit_days DOUBLE)"
    )
    db.executemany("INSERT INTO stage VALUES (?, ?, ?, ?, ?)", stages)
    db.execute("CREATE TEMP TABLE pipeline(key TEXT, title TEXT)")
    db.executemany("INSERT INTO pipeline VALUES (?, ?)", task.pipelines)
    db.execute("CREATE TEMP TABLE manager(name TEXT, department TEXT, role TEXT)")
    people = [(m["name"], m["department"], m["role"]) for m in task.managers]
    db.executemany("INSERT INTO manager VALUES (?, ?, ?)", people)


def main() -> None:
    """Command line."""
    task, output = parse_args()
    write(task, *compute(task), output)


if __name__ == "__main__":
    main()
