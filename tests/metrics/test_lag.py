"""Lags; as of 2026-11-16 08:30 (a Monday, before opening). Working hours: Mon-Fri 9:00-18:00."""

import pandas as pd
import pytest

from funnelkpi.metrics import lag, norms
from funnelkpi.metrics._index import Index
from funnelkpi.metrics.behind import Figure, behind

NEEDS_TO_KP = {"stage": "needs", "to_stage": "kp", "limit": 9}

# needs -> kp; the columns of needs and kp are filled from 1 October on.
DEALS = """
id| manager| stage| created| @needs| @kp| closed| changed
1| Анна| kp| 2026-10-01| 2026-10-01 10:00| 2026-10-01 10:00||
2| Анна| kp| 2026-10-01| 2026-11-06 16:00| 2026-11-09 11:00||
3| Анна| needs| 2026-10-01| 2026-11-13 16:00|||
4| Борис| lost| 2026-10-01| 2026-11-03 10:00|| 2026-11-03 15:00|
5| Борис| closing| 2026-10-01| 2026-11-03 10:00||| 2026-11-04 10:00
6| Борис| kp| 2026-10-01| 2026-11-05 12:00| 2026-11-04 10:00||
7| Борис| needs| 2026-10-01| 2026-11-11 12:00|||
8| Борис| parked| 2026-10-01| 2026-11-03 10:00||| 2026-11-05 10:00
9| Анна| needs| 2026-10-01| 2025-10-03 10:00|||
"""


def ask(make, data, *lags):
    return make.ask(data, lags=list(lags))


def listed(data, view):
    found = lag.facts(data, view)
    ids = data.deals["deal_id"].to_numpy()[found["deal"]]
    columns = (found[name].tolist() for name in ("why", "waited"))
    return {i: (why, round(w, 3)) for i, why, w in zip(ids, *columns, strict=True)}


def test_working_hours_by_hand(make):
    """2: Friday 16-18 and Monday 9-11. 3: Friday 16-18; Monday has not opened. 4: 10-15.

    5 went past kp without being seen in it on 4 November: 8 h and 1 h. 6 was in kp before needs.
    7: Wednesday from 12, Thursday, Friday: 6 + 9 + 9. 8: 8 + 9 + 1. 9: more than a year ago.
    """
    data = make.build(DEALS, funnel=make.funnel())
    got = listed(data, ask(make, data, {**NEEDS_TO_KP, "unit": "working_hours"}))
    assert got == {
        "1": ("reached", 0), "2": ("reached", 4), "3": ("waiting", 2), "4": ("ended", 5),
        "5": ("ended", 9), "7": ("waiting", 24), "8": ("ended", 18),
    }  # fmt: skip


def test_other_units(make):
    data = make.build(DEALS, funnel=make.funnel())
    hours = listed(data, ask(make, data, {**NEEDS_TO_KP, "unit": "hours"}))
    assert (hours["2"], hours["3"]) == (("reached", 67), ("waiting", 64.5))
    days = listed(data, ask(make, data, NEEDS_TO_KP))
    assert (days["2"], days["3"]) == (
        ("reached", round(67 / 24, 3)),
        ("waiting", round(64.5 / 24, 3)),
    )
    working = listed(data, ask(make, data, {**NEEDS_TO_KP, "unit": "working_days"}))
    assert (working["2"], working["7"]) == (("reached", 1), ("waiting", 3))


def test_share_median_and_counts(make, row):
    """In working hours: ends at 0 (1), 4 (2); 3 censored at 2; other ends at 5, 9, 18; 7 waits.

    F(9): 1/7 at 0; S = 6/7; at 4 five are at risk: 6/7 x 1/5; nothing of ours later: 1/7 + 6/35.
    """
    data = make.build(DEALS, funnel=make.funnel())
    out = lag.compute(data, ask(make, data, {**NEEDS_TO_KP, "unit": "working_hours"}))
    where = {"scope": "company", "stage": "needs", "to_stage": "kp"}
    share = row(out, **where, statistic="within_limit")
    assert (share["value"], share["n"], share["unit"]) == (
        pytest.approx(1 / 7 + 6 / 35),
        7,
        "share",
    )
    assert share["low"] < share["value"] < share["high"]
    assert share["evidence"] == "dates"
    median = row(out, **where, statistic="median")
    assert (median["value"], median["n"], median["denominator"]) == (2, 2, 7)
    assert median["unit"] == "hours"
    waiting = row(out, **where, statistic="waiting")
    assert (waiting["value"], waiting["numerator"], waiting["n"]) == (2, 1, 7)
    assert row(out, **where, statistic="ended")["value"] == 3
    boris = row(out, scope="manager", manager="Борис", statistic="waiting")
    assert (boris["value"], boris["numerator"]) == (1, 1)
    nobody = row(out, scope="manager", manager="Борис", statistic="median")
    assert pd.isna(nobody["value"])


def test_those_waiting_now(make):
    data = make.build(DEALS, funnel=make.funnel())
    view = ask(make, data, {**NEEDS_TO_KP, "unit": "working_hours"})
    found = lag.waiting(Index(data), view)
    assert found["deal"].tolist() == [6, 2]
    assert found["waited"].tolist() == [24, 2]
    assert found["over"].tolist() == pytest.approx([24 / 9 - 1, 2 / 9 - 1])
    assert set(found["unit"]) == {"working_hours"}
    assert found["since"].tolist() == [
        pd.Timestamp("2026-11-11 12:00"), pd.Timestamp("2026-11-13 16:00"),
    ]  # fmt: skip


def test_the_deals_behind(make):
    data = make.build(DEALS, funnel=make.funnel())
    view = ask(make, data, {**NEEDS_TO_KP, "unit": "working_hours"})
    found = behind(data, view, Figure("lag", stage="needs"))
    assert list(found.deals["deal_id"]) == ["7", "3"]
    assert set(found.facts["class"]) == {"waiting"}
    got = behind(data, view, Figure("lag", stage="needs", outcome="reached"))
    assert set(got.deals["deal_id"]) == {"1", "2"}


def test_dates_without_times(make, row):
    """In days the difference of dates; in hours a date may be any moment of its day."""
    data = make.build(
        """
        id | stage | created    | @needs     | @kp
        1  | kp    | 2026-10-01 | 2026-11-02 | 2026-11-04
        2  | kp    | 2026-10-01 | 2026-11-09 | 2026-11-09
        3  | needs | 2026-10-01 | 2026-11-13 |
        """,
        funnel=make.funnel(),
    )
    days = listed(data, ask(make, data, {**NEEDS_TO_KP, "unit": "days", "limit": 1}))
    # 1 entered before the column of kp was filled (4 November)
    assert days == {"2": ("reached", 0), "3": ("waiting", 3)}
    hours = {**NEEDS_TO_KP, "unit": "working_hours", "limit": 8}
    out = lag.compute(data, ask(make, data, hours))
    got = row(out, scope="company", statistic="within_limit")
    # 2 took 0 to 9 hours; 3 has been waiting for 0 to 9 and may still come in time
    assert pd.isna(got["value"])
    assert (got["bound_low"], got["bound_high"]) == (0, 1)
    median = row(out, scope="company", statistic="median")
    assert (median["bound_low"], median["bound_high"]) == (0, 9)
    wide = lag.compute(data, ask(make, data, {**hours, "limit": 9}))
    assert row(wide, scope="company", statistic="median")["value"] == 4.5


def test_intervals_of_kept_exports(make, row):
    """needs is exact; kp lies between two weekly exports: 1 to 8 days, 10 to 17 days."""
    history = """
    id | at               | since            | from  | to    | level
    9  | 2026-09-01 10:00 |                  | Base  | Lpr   | history
    1  | 2026-10-01 10:00 |                  | Base  | Needs | history
    1  | 2026-10-09 10:00 | 2026-10-02 10:00 | Needs | Kp    | archive
    2  | 2026-10-01 10:00 |                  | Base  | Needs | history
    2  | 2026-10-18 10:00 | 2026-10-11 10:00 | Needs | Kp    | archive
    """
    data = make.build(
        "id|stage|created\n1|kp|2026-09-20\n2|kp|2026-09-20\n9|lpr|2026-08-20",
        funnel=make.funnel(), history=history,
    )  # fmt: skip
    open_ = lag.compute(data, ask(make, data, {**NEEDS_TO_KP, "limit": 5}))
    got = row(open_, scope="company", statistic="within_limit")
    assert pd.isna(got["value"])
    assert (got["bound_low"], got["bound_high"]) == (0, 0.5)
    assert got["evidence"] == "archive"
    sure = lag.compute(data, ask(make, data, {**NEEDS_TO_KP, "limit": 8}))
    got = row(sure, scope="company", statistic="within_limit")
    assert (got["value"], got["n"]) == (0.5, 2)
    assert row(sure, scope="company", statistic="median")["value"] == 9  # (4.5 + 13.5) / 2


def test_nobody_was_watched_up_to_the_limit(make, row):
    data = make.build(
        """
        id | stage | created    | @needs           | @kp
        1  | kp    | 2026-10-01 | 2026-11-13 09:00 | 2026-11-13 10:00
        2  | needs | 2026-10-01 | 2026-11-14 08:30 |
        3  | kp    | 2026-10-01 |                  | 2026-11-12 10:00
        """,
        funnel=make.funnel(),
    )
    out = lag.compute(data, ask(make, data, {**NEEDS_TO_KP, "limit": 5}))
    got = row(out, scope="company", statistic="within_limit")
    assert pd.isna(got["value"])
    assert (got["bound_low"], got["bound_high"]) == (0.5, 1)


def test_a_win_counts_only_while_it_stands(make):
    history = """
    id | at               | from | to
    9  | 2026-09-01 10:00 | Base | Lpr
    1  | 2026-10-01 10:00 | Base | Kp
    1  | 2026-10-03 10:00 | Kp   | Won
    1  | 2026-10-05 10:00 | Won  | Kp
    2  | 2026-10-01 10:00 | Base | Kp
    2  | 2026-10-04 10:00 | Kp   | Won
    """
    data = make.build(
        """
        id | stage | created    | closed
        1  | kp    | 2026-09-20 |
        2  | won   | 2026-09-20 | 2026-10-04 10:00
        9  | lpr   | 2026-08-20 |
        """,
        funnel=make.funnel(), history=history,
    )  # fmt: skip
    got = listed(data, ask(make, data, {"stage": "kp", "to_stage": "won", "limit": 5}))
    assert got["2"] == ("reached", 3)
    assert got["1"][0] == "waiting"


def test_norms_name_lags_too(make, row):
    data = make.build(DEALS, funnel=make.funnel())
    norm = {
        "metric": "lag",
        "stage": "needs",
        "to_stage": "kp",
        "normal": 2,
        "less_is_better": True,
    }
    view = make.ask(data, norms=[norm])
    out = lag.compute(data, view)
    share = row(out, scope="company", statistic="within_limit")
    # ends at 0 (1 of 7) and at 67 hours, past the limit of 2 days
    assert share["value"] == pytest.approx(1 / 7)
    judged = norms.compute(data, view)
    anna = row(judged, metric="lag", manager="Анна")
    assert (anna["value"], anna["verdict"]) == (pytest.approx(67 / 48), "normal")


def test_what_is_not_evaluated(make, row):
    data = make.build("id|stage|created\n1|needs|2026-10-01", funnel=make.funnel())
    assert row(lag.compute(data, make.ask(data)))["definition"] == "needs.lags"
    out = lag.compute(data, ask(make, data, NEEDS_TO_KP))
    got = row(out, stage="needs", to_stage="kp")
    assert (got["verdict"], got["definition"]) == ("not_evaluated", "needs.stage_times")
    assert len(lag.facts(data, ask(make, data, NEEDS_TO_KP))) == 0


def test_those_waiting_are_their_present_owners(make, row):
    """Deal 1 came to needs as Анна's and is Борис's now: the count stays Анна's, the call is his."""
    data = make.build(
        """
        id| manager| stage| created| @needs| @kp
        1| Борис| needs| 2026-10-01| 2026-11-12 12:00|
        2| Анна| needs| 2026-10-01| 2026-11-13 12:00|
        3| Борис| kp| 2026-10-01| 2026-11-10 12:00| 2026-11-11 12:00
        4| Борис| kp| 2026-10-01| 2026-10-01 10:00| 2026-10-01 10:00
        """,
        funnel=make.funnel(),
    )
    anna = data.roster.code["Анна"]
    data.entries.loc[data.entries["deal"].isin([0, 2]), "manager"] = anna
    view = ask(make, data, {**NEEDS_TO_KP, "unit": "hours"})
    count = row(lag.compute(data, view), scope="manager", manager="Анна", statistic="waiting")
    assert count["value"] == 2
    found = lag.waiting(Index(data), view)
    names = [data.roster.managers[m].name for m in found["manager"]]
    assert list(zip(found["deal"], names, strict=True)) == [(0, "Борис"), (1, "Анна")]
    for manager, ids in (("Борис", ["1"]), ("Анна", ["2"])):
        listed = behind(data, view, Figure("lag", managers=(manager,)))
        assert list(listed.deals["deal_id"]) == ids
    (wait,) = behind(data, view, Figure("lag", managers=("Борис",))).facts.to_dict("records")
    assert (wait["waited"], wait["limit"], wait["unit"]) == (92.5, 9, "hours")
    done = behind(data, view, Figure("lag", outcome="reached", managers=("Анна",)))
    assert list(done.deals["deal_id"]) == ["3"]  # who got there is a figure: the owner at the entry
