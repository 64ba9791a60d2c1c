"""Calls at stage in SQL: visits to stages from the dates of the deals, and the calls that lie in them.

A visit lasts from the entry of a stage to the next entry seen. It is known only from when on all later
stages had a date in use; the running one only if the last entry seen is that of the current stage.
"""

from __future__ import annotations

AT_STAGE = """
CREATE TEMP TABLE at_stage AS
WITH recent AS (
  SELECT *, CASE WHEN kind = 'lost' THEN closed END AS e9 FROM deal
  WHERE kind = 'open' OR greatest(closed, e2, e3, e4, e5) > $as_of - $window * INTERVAL 1 DAY
), entry AS (
  SELECT id, manager, pipeline, kind, rank, b2, b3, b4, b5, name[2:]::INT AS stage, entered
  FROM (UNPIVOT recent ON e1, e2, e3, e4, e5, e6, e9 INTO NAME name VALUE entered)
), visit AS (
  SELECT *, lead(entered) OVER (PARTITION BY id ORDER BY entered, stage) AS left_at,
    entered >= CASE stage WHEN 1 THEN greatest(b2, b3, b4, b5) WHEN 2 THEN greatest(b3, b4, b5)
                          WHEN 3 THEN greatest(b4, b5) WHEN 4 THEN b5 ELSE entered END AS covered
  FROM entry
), own AS (
  SELECT id, manager, pipeline, stage, entered,
    left_at IS NULL AS running, coalesce(left_at, least($end, $known) + INTERVAL 1 SECOND) AS until
  FROM visit
  WHERE stage <= 5 AND entered >= (SELECT min(moment) FROM call)
    AND CASE WHEN left_at IS NOT NULL
          THEN covered AND left_at > $as_of - $window * INTERVAL 1 DAY
          ELSE kind = 'open' AND rank = stage AND (covered OR rank = 1)
            AND entered <= least($end, $known) - $stage_days * INTERVAL 1 DAY END
    AND entered <= least($end, $known)
)
SELECT o.id, o.manager, o.pipeline, o.stage, o.running,
  count(DISTINCT c.moment::DATE) AS called
FROM own o LEFT JOIN call c ON c.deal = o.id AND c.spoken AND c.moment >= o.entered AND c.moment < o.until
  AND c.class <> 'internal'
GROUP BY o.id, o.manager, o.pipeline, o.stage, o.running, o.entered
"""
