"""Stories about people: who does not close, who is below the norm, away, new."""

from __future__ import annotations

import re
from typing import Any

import pytest

BOTH = pytest.mark.parametrize("shown", ["amocrm", "bitrix24"], indirect=True)


def line_of(page: str, name: str) -> str:
    """The first line of the page about somebody."""
    return next(line for line in page.splitlines() if name in line)


def test_strong_caller_who_does_not_close(amocrm: Any, stories: dict[str, Any]) -> None:
    story = stories["strong_caller"]
    who = {"scope": "manager", "manager": story["manager"], "pipeline": "sales"}
    assert amocrm.one("entries", stage="lpr", **who)["value"] == story["entries_last_week"]
    norm = amocrm.one("entries", stage="lpr", slice="norm=1", **who)
    assert norm["verdict"] == "great"
    stage, to_stage = story["conversion"]
    step = {"pipeline": "sales", "stage": stage, "to_stage": to_stage}
    own = amocrm.one("conversion", scope="manager", manager=story["manager"], **step)
    assert (own["numerator"], own["denominator"]) == (story["reached"], story["of"])
    assert own["mark"] == "much_lower"
    assert [own["period_start"], own["period_end"]] == story["window"]
    company = amocrm.one("conversion", scope="company", **step)
    others = (
        company["numerator"] - own["numerator"],
        company["denominator"] - own["denominator"],
    )
    assert others[0] == story["others_reached"]
    # the base of the company has the deals of nobody in it, the others of the mark have not
    assert others[1] - story["others_of"] in (0, 1, 2)
    talk = amocrm.one("bottleneck", manager=story["manager"], scope="manager")
    assert (talk["stage"], talk["mark"]) == (stage, "much_lower")
    page = amocrm.page()
    assert "1 из 58" in line_of(page, "Кирилл Басманов")
    assert "1/58" in page


def test_bitrix24_sees_the_weak_closing_too(bitrix24: Any, stories: dict[str, Any]) -> None:
    """«Предыдущая стадия» says how far lost deals came: the step is known, the dates are not."""
    story = stories["strong_caller"]
    stage, to_stage = story["conversion"]
    row = bitrix24.one(
        "conversion", scope="manager", manager=story["manager"], pipeline="sales", stage=stage,
        to_stage=to_stage,
    )  # fmt: skip
    assert row["mark"] == "much_lower"
    assert row["numerator"] == 1
    assert row["definition"] == "conversion.created_cohort"
    assert row["evidence"] in ("previous", "snapshot")
    assert "Кирилл Басманов" in line_of(bitrix24.page(), "Дожим →")


def test_below_the_norm_for_weeks(amocrm: Any, stories: dict[str, Any]) -> None:
    story = stories["below_norm"]
    who = {"scope": "manager", "manager": story["manager"], "slice": "norm=1"}
    row = amocrm.one("entries", **who)
    assert (row["value"], row["norm"], row["verdict"]) == (1.0, story["norm"], "below")
    assert amocrm.one("norm_streak", **who)["value"] == story["weeks_below"]
    first = amocrm.page().splitlines()[:24]
    (line,) = [x for x in first if story["manager"] in x]
    assert re.search(r"ЛПР 1 / 2 .*9", line)
    below = [v for v in amocrm.json["verdicts"] if v["kind"] == "norm" and v["level"] == "warn"]
    assert {v["manager"] for v in below} == {"Ольга Вересова", "Зоя Лапина"}


def test_every_week_of_the_streak(amocrm: Any, stories: dict[str, Any]) -> None:
    """The same weeks asked for one by one."""
    from dataclasses import replace

    from funnelkpi.metrics import norms
    from funnelkpi.model.period import parse_period

    story, analysis = stories["below_norm"], amocrm.analysis
    for week in ("2026-W37", "2026-W38", "2026-W45"):
        period = parse_period(week, analysis.data.as_of, analysis.data.calendar)
        table = norms.compute(analysis.data, replace(analysis.view, period=period))
        own = table[(table["manager"] == story["manager"]) & (table["slice"] == "norm=1")]
        (value,) = own.loc[own["metric"] == "entries", "value"]
        assert value == story["weeks"][week], week


def test_away_on_holiday(amocrm: Any, stories: dict[str, Any]) -> None:
    """Two working days of five: the norm is prorated and met."""
    story = stories["absence"]
    row = amocrm.one("entries", scope="manager", manager=story["manager"], slice="norm=1")
    assert row["norm"] == pytest.approx(story["norm"])
    assert row["value"] == story["entries_last_week"]
    assert row["verdict"] == "normal"
    page = amocrm.page()
    assert re.search(r"Павел Стрешнев .*1 +/ 0[.,]8", page)
    assert "Павел Стрешнев" not in "\n".join(page.splitlines()[:14])


def test_newcomer(amocrm: Any, stories: dict[str, Any]) -> None:
    """Few deals are few data, not a verdict; weeks before the first day are no weeks below."""
    story = stories["newcomer"]
    who = {"scope": "manager", "manager": story["manager"], "pipeline": "sales"}
    row = amocrm.one("conversion", stage="lpr", to_stage="needs", **who)
    assert (row["n"], row["mark"]) == (story["cohort"], "few")
    rate = amocrm.one("win_rate", statistic="window", **who)
    assert rate["denominator"] == story["closed"]
    streak = amocrm.one("norm_streak", scope="manager", manager=story["manager"], slice="norm=3")
    assert 0 < streak["value"] <= 6  # six weeks since 5 October


@BOTH
def test_who_left_is_in_no_list(shown: Any) -> None:
    """Игорь Завьялов left in June: his deals count for the company, he is not listed."""
    assert "Завьялов" not in shown.page()
    created = shown.rows("deals_created", scope="manager", manager="Игорь Завьялов")
    assert all(r["value"] == 0 for r in created)


@BOTH
def test_new_names_are_one_person(shown: Any) -> None:
    """ё and е, order of name and surname, no-break spaces: eight people and the one who left."""
    people = {r["manager"] for r in shown.json["metrics"] if r["scope"] == "manager"}
    known = {m.name for m in shown.analysis.settings.managers}
    assert people - known <= {"", "Биржа заявок"}
    assert len(known) == 9
