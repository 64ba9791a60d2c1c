"""The flow of a week: entries of t over entries of s, different deals in both."""

import pandas as pd

from funnelkpi.metrics import conversion_flow

TABLE = """
id | manager | stage | created    | closed     | @lpr
1  | Анна    | lpr   | 2026-11-09 |            | 2026-11-09
2  | Анна    | base  | 2026-11-10 |            |
3  | Анна    | won   | 2026-10-01 | 2026-11-10 | 2026-10-02
4  | Анна    | lpr   | 2026-10-01 |            | 2026-11-11
5  | Борис   | won   | 2026-10-01 | 2026-11-12 | 2026-11-11
"""


def test_entries_of_both_ends_in_the_same_week(make, row):
    data = make.build(TABLE, funnel=make.funnel("base lpr"))
    out = conversion_flow.compute(data, make.ask(data))
    got = row(out, scope="company", stage="base")
    assert (got["numerator"], got["denominator"], got["value"]) == (3, 2, 1.5)
    assert row(out, scope="company", stage="lpr")["value"] == 2 / 3
    assert pd.isna(row(out, manager="Борис", stage="base")["value"])  # nothing entered: no ratio


def test_undated_ends_are_not_evaluated(make, row):
    data = make.build(TABLE, funnel=make.funnel("base lpr needs"))
    got = row(conversion_flow.compute(data, make.ask(data)), stage="lpr")
    assert (got["to_stage"], got["definition"]) == ("needs", "needs.stage_dates")
