"""Norms of the week 9-15 November 2026 (as of Monday 2026-11-16 08:30), counted by hand."""

from datetime import date

import pandas as pd
import pytest

from funnelkpi.metrics import norms
from funnelkpi.model.roster import Manager
from funnelkpi.model.workdays import WorkCalendar


def created(manager, *counts, monday="2026-11-09"):
    """Lines of deals created on Mondays: ``counts`` of the asked week, the week before, ..."""
    out = []
    for week, count in enumerate(counts):
        at = pd.Timestamp(monday) - pd.Timedelta(weeks=week)
        out += [f"{manager}{week}{i} | {manager} | base | {at:%Y-%m-%d}" for i in range(count)]
    return out


def build(make, lines, head="id | manager | stage | created", **more):
    return make.build(
        "\n".join([head, *lines]), **{"funnel": make.funnel("base lpr needs"), **more}
    )


def compute(make, data, *asked, period="last-week"):
    return norms.compute(data, make.ask(data, period=period, norms=list(asked)))


CREATED = {"metric": "deals_created", "normal": 5, "great": 8}


def test_bands_and_separate_rows(make, row):
    lines = created("Анна", 4) + created("Борис", 5) + created("Вера", 8)
    out = compute(make, build(make, lines), CREATED)
    out = out[out["metric"].eq("deals_created")]
    got = dict(zip(out["manager"], out["verdict"], strict=True))
    assert got == {"Анна": "below", "Борис": "normal", "Вера": "great"}
    one = row(out, manager="Анна")
    assert (one["value"], one["norm"], one["great"]) == (4, 5, 8)
    assert (one["slice"], one["definition"]) == ("norm=0", "norm:0")


def test_less_is_better_turns_round(make, row):
    norm = {"metric": "deals_created", "normal": 5, "great": 2, "less_is_better": True}
    lines = created("Анна", 2) + created("Борис", 5) + created("Вера", 6)
    out = compute(make, build(make, lines), norm)
    verdicts = [
        row(out, metric="deals_created", manager=m)["verdict"] for m in ("Анна", "Борис", "Вера")
    ]
    assert verdicts == ["great", "normal", "below"]


def test_absence_and_holidays_scale_the_norm(make, row):
    people = (
        Manager("Анна"),
        Manager("Борис", absences=((date(2026, 11, 9), date(2026, 11, 10)),)),
        Manager("Вера", absences=((date(2026, 11, 1), date(2026, 11, 30)),)),
    )
    calendar = WorkCalendar(country=None, extra_holidays=frozenset({date(2026, 11, 13)}))
    lines = created("Анна", 4) + created("Борис", 2) + created("Вера", 1)
    data = build(make, lines, managers=people, calendar=calendar)
    out = compute(make, data, CREATED)
    anna, boris, vera = (row(out, metric="deals_created", manager=m.name) for m in people)
    assert (anna["norm"], anna["great"], anna["verdict"]) == (4.0, 6.4, "normal")  # 4 of 5 days
    assert (boris["norm"], boris["verdict"]) == (2.0, "normal")  # 2 of 5 days
    assert pd.isna(vera["value"])
    assert pd.isna(vera["norm"])
    assert vera["verdict"] is None or pd.isna(vera["verdict"])


def test_a_running_week_is_prorated(make, row):
    data = build(make, created("Анна", 2, monday="2026-11-16"), as_of="2026-11-18 12:00")
    got = row(compute(make, data, CREATED, period="this-week"), metric="deals_created")
    assert (got["norm"], got["verdict"]) == (2.0, "normal")  # Monday and Tuesday have passed


def test_streak_skips_weeks_without_working_days(make, row):
    # Анна: below for two weeks, normal before. Борис: away in the second week, below in 1 and 3.
    people = (Manager("Анна"), Manager("Борис", absences=((date(2026, 11, 2), date(2026, 11, 8)),)))
    lines = created("Анна", 4, 1, 5, 0, 5) + created("Борис", 1, 0, 1, 6, 5)
    out = compute(make, build(make, lines, managers=people), CREATED)
    assert row(out, metric="norm_streak", manager="Анна")["value"] == 2
    assert row(out, metric="norm_streak", manager="Борис")["value"] == 2


def test_streak_ends_where_the_data_begin(make, row):
    out = compute(make, build(make, created("Анна", 4, 1, 1)), CREATED)
    assert row(out, metric="norm_streak", manager="Анна")["value"] == 3


def test_who_and_sums_of_a_role(make, row):
    people = (
        Manager("Анна", role="closer"), Manager("Борис", role="closer"),
        Manager("Вера", role="finder"),
    )  # fmt: skip
    lines = created("Анна", 9) + created("Борис", 2) + created("Вера", 1)
    norm = {**CREATED, "who": {"role": ["closer"]}}
    out = compute(make, build(make, lines, managers=people), norm)
    assert set(out.loc[out["scope"].eq("manager"), "manager"]) == {"Анна", "Борис"}
    role = row(out, metric="deals_created", scope="role", role="closer")
    assert (role["value"], role["norm"], role["great"], role["verdict"]) == (11, 10, 16, "normal")


def test_filters_count_only_what_passes(make, row):
    lines = [f"{i} | Анна | base | 2026-11-10 | {'Сайт' if i < 3 else 'Холод'}" for i in range(8)]
    norm = {"metric": "entries", "stage": "base", "normal": 5,
            "where": [{"field": "source", "value": "Холод"}]}  # fmt: skip
    data = build(make, lines, "id | manager | stage | created | source")
    got = row(compute(make, data, norm), metric="entries")
    assert (got["value"], got["verdict"], got["stage"]) == (5, "normal", "base")


AT_LEAST = "id | manager | stage | created | changed"


@pytest.mark.parametrize(("k", "verdict"), [(1, "not_evaluated"), (2, "normal"), (4, "great")])
def test_at_least_is_never_below(make, row, k, verdict):
    lines = [f"{i} | Анна | needs | 2026-10-01 | 2026-11-10" for i in range(k)]
    norm = {"metric": "entries", "stage": "needs", "normal": 2, "great": 4}
    out = compute(make, build(make, lines, AT_LEAST), norm)
    got = row(out, metric="entries")
    assert pd.isna(got["value"])
    assert (got["bound_low"], got["verdict"]) == (k, verdict)
    assert got["definition"] == ("needs.stage_dates" if k == 1 else "norm:0")
    assert not out["metric"].eq("norm_streak").any()


@pytest.mark.parametrize(
    ("norm", "reason"),
    [
        ({"metric": "entries", "stage": "needs", "normal": 1}, "needs.stage_dates"),
        ({"metric": "calls_at_stage", "stage": "needs", "normal": 3}, "needs.calls"),
        ({"metric": "forecast", "normal": 3}, "needs.later_version"),
        ({"metric": "entries", "stage": "nowhere", "normal": 1}, "needs.norm_stage"),
        ({"metric": "won", "normal": 1}, "needs.closed_at"),
        ({**CREATED, "where": [{"field": "Рост", "value": 1}]}, "needs.norm_field"),
    ],
)
def test_what_cannot_be_judged_says_why(make, row, norm, reason):
    got = row(compute(make, build(make, created("Анна", 1)), norm), manager="Анна")
    assert (got["verdict"], got["definition"]) == ("not_evaluated", reason)
    assert got["norm"] == norm["normal"]


@pytest.mark.parametrize(
    ("won", "lost", "verdict"),
    [
        (0, 4, "not_evaluated"),  # fewer than five
        (2, 8, "not_evaluated"),  # 20 %, but Wilson's upper end is 51 %
        (0, 8, "below"),  # 0 to 32.4 %
        (4, 4, "normal"),
        (7, 1, "great"),
    ],
)
def test_a_share_is_below_only_when_proven(make, row, won, lost, verdict):
    stages = ["won"] * won + ["lost"] * lost
    lines = [f"{i} | Анна | {s} | 2026-10-01 | 2026-11-10" for i, s in enumerate(stages)]
    norm = {"metric": "win_rate", "normal": 0.4, "great": 0.8}
    data = build(make, lines, "id | manager | stage | created | closed")
    got = row(compute(make, data, norm), metric="win_rate")
    assert (got["numerator"], got["denominator"]) == (won, won + lost)
    assert got["verdict"] == verdict
    assert got["norm"] == 0.4  # a share never scales


def test_sums_take_the_currency_of_the_config(make, row):
    lines = ["1 | Анна | won | 2026-10-01 | 2026-11-10 | 100.50 | RUB",
             "2 | Анна | won | 2026-10-01 | 2026-11-10 | 900 | USD"]  # fmt: skip
    data = build(make, lines, "id | manager | stage | created | closed | amount | currency")
    got = row(compute(make, data, {"metric": "won_amount", "normal": 100}), metric="won_amount")
    assert (got["value"], got["verdict"]) == (100.5, "normal")


def test_without_norms_nothing_is_judged(make):
    assert len(compute(make, build(make, created("Анна", 1)))) == 0
