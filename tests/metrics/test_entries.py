"""Entries per stage and week 9-15 November 2026, counted by hand."""

import pandas as pd

from funnelkpi.metrics import entries

DATED = """
id | manager | stage | created          | closed     | @lpr             | @needs
0  | Анна    | won   | 2026-05-01       | 2026-05-10 | 2026-05-02       | 2026-05-03
1  | Анна    | needs | 2026-11-09 00:00 |            | 2026-11-10       | 2026-11-15 23:59
2  | Анна    | base  | 2026-11-01       |            | 2026-11-11       |
3  | Анна    | needs | 2026-11-08 23:59 |            |                  | 2026-11-12
4  | Борис   | won   | 2026-11-16 00:00 | 2026-11-16 | 2026-11-16 00:00 |
5  | Борис   | won   | 2026-11-02       | 2026-11-13 |                  |
6  | Борис   | incoming | 2026-11-10    |            |                  |
"""


def by_stage(frame, metric="entries", column="value", **where):
    rows = frame[frame["metric"].eq(metric)]
    for name, value in where.items():
        rows = rows[rows[name].eq(value)]
    return dict(zip(rows["stage"], rows[column], strict=True))


def test_unique_deals_first_entries_half_open_week(make):
    data = make.build(DATED, funnel=make.funnel("base lpr needs"))
    out = entries.compute(data, make.ask(data))
    got = by_stage(out, scope="company")
    assert {k: got[k] for k in ("base", "lpr", "needs", "won")} == {
        "base": 1,  # deal 1; 3 came a minute early, 4 at the end of the week, 6 is not sorted yet
        "lpr": 2,  # deals 1, 2 (2 has gone back since)
        "needs": 2,  # deals 1, 3
        "won": 1,  # deal 5
    }
    assert by_stage(out, scope="manager", manager="Борис")["lpr"] == 0
    assert by_stage(out, column="evidence", scope="company")["lpr"] == "dates"


def test_skipped_over_counts_deals_first_seen_beyond(make):
    data = make.build(DATED, funnel=make.funnel("base lpr needs"))
    got = by_stage(entries.compute(data, make.ask(data)), "skipped_over", scope="company")
    assert got == {"lpr": 2, "needs": 1}  # lpr: deals 3 and 5; needs: deal 5
    behind = entries.facts(data, make.ask(data), "skipped_over")
    assert sorted(zip(behind["deal"], behind["stage"], strict=True)) == [(3, 2), (5, 2), (5, 3)]


SNAPSHOT = """
id | manager | stage | created    | changed
1  | Анна    | lpr   | 2026-11-01 | 2026-11-10
2  | Анна    | needs | 2026-11-01 | 2026-11-10
3  | Анна    | needs | 2026-11-01 | 2026-11-12
4  | Анна    | needs | 2026-11-01 | 2026-10-12
"""


def test_middle_stages_with_a_stage_change_date_are_at_least(make, row):
    data = make.build(SNAPSHOT, funnel=make.funnel("base lpr needs"))
    out = entries.compute(data, make.ask(data))
    needs = row(out, metric="entries", scope="company", stage="needs")
    assert pd.isna(needs["value"])
    assert (needs["bound_low"], needs["definition"]) == (2, "entries.at_least")
    assert row(out, metric="entries", scope="company", stage="base")["value"] == 0


def test_middle_stages_without_any_date_are_not_evaluated(make, row):
    text = "\n".join(line.rsplit("|", 1)[0] for line in SNAPSHOT.strip().splitlines())
    data = make.build(text, funnel=make.funnel("base lpr needs"))
    out = entries.compute(data, make.ask(data))
    needs = row(out, metric="entries", stage="needs")
    assert (needs["verdict"], needs["definition"]) == ("not_evaluated", "needs.stage_dates")
    assert pd.isna(needs["value"])
    assert pd.isna(needs["bound_low"])


def test_managers_with_nobody_add_up_to_the_company(make):
    data = make.build(DATED.replace("| Борис ", "|       "), funnel=make.funnel("base lpr needs"))
    out = entries.compute(data, make.ask(data))
    out = out[out["metric"].eq("entries") & out["value"].notna()]
    total = out.groupby(["scope", "stage"])["value"].sum().unstack("scope")
    assert total["manager"].tolist() == total["company"].tolist()
    assert total["company"].sum() > 0
