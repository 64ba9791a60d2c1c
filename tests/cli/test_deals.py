"""``funnelkpi deals``: the deals behind a figure, found as a user would ask for them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics._cohort import CLASSES

SAMPLES = Path(__file__).parents[2] / "sample_data"
AMOCRM, BITRIX24 = SAMPLES / "amocrm", SAMPLES / "bitrix24"


def ids(ran: Any) -> list[str]:
    assert ran.code == 0, ran.err
    return [row["deal_id"] for row in ran.json["deals"]]


def test_rows_say_where_they_come_from(cli: Any, export: Callable[..., Path]) -> None:
    ran = cli("deals", export(), "--metric", "won", "--format", "json")
    assert ran.json["schema"] == "funnelkpi.deals/1"
    assert ran.json["deals"] == [
        {
            "deal_id": "1", "title": "Печь «Ясень»", "link": None, "manager": "Анна Белова",
            "pipeline": "Продажи", "stage": "Успешно реализовано", "status": "won",
            "amount": 100000.0, "currency": "RUB", "created_at": "2026-11-02T10:00:00",
            "closed_at": "2026-11-10T12:00:00", "loss_reason": None, "class": None, "days": None,
            "file": "deals.csv", "row": 2,
        }
    ]  # fmt: skip


def test_open_deals_by_default(cli: Any, export: Callable[..., Path]) -> None:
    assert ids(cli("deals", export(), "--format", "json")) == ["3"]
    assert ids(cli("deals", export(), "--stage", "лпр", "--format", "json")) == ["3"]


def test_people(cli: Any, export: Callable[..., Path]) -> None:
    lost = ("--metric", "lost", "--format", "json")
    assert ids(cli("deals", export(), *lost)) == ["2", "4"]  # the larger sum first
    assert ids(cli("deals", export(), *lost, "--manager", "Чернов")) == ["4"]
    assert ids(cli("deals", export(), *lost, "--manager", "Белова,Чернов")) == ["2", "4"]


def test_table(cli: Any, export: Callable[..., Path]) -> None:
    out = cli("deals", export(), "--metric", "lost", width=160).out.replace("\xa0", " ")
    assert out.index("50 000 ₽") < out.index("20 000 ₽")
    assert text("report.deals_total", "ru", n=2) in out
    assert text("report.deals_period", "ru", first="09.11.2026", last="15.11.2026") in out
    assert "deals.csv:3" in out


def test_no_deals(cli: Any, export: Callable[..., Path]) -> None:
    ran = cli("deals", export(), "--metric", "won", "--manager", "Чернов")
    assert ran.code == 0
    assert text("report.deals_total", "ru", n=0) in ran.out


def test_csv_and_files(cli: Any) -> None:
    stdout = cli("deals", AMOCRM, "--stalled", "--format", "csv").out
    cli("deals", AMOCRM, "--stalled", "-o", "deals.csv")
    written = Path("deals.csv").read_text("utf-8-sig").replace("\r\n", "\n")
    assert written == stdout
    rows = list(csv.DictReader(io.StringIO(stdout)))
    listed = cli("deals", AMOCRM, "--stalled", "--format", "json").json["deals"]
    assert [r["deal_id"] for r in rows] == [r["deal_id"] for r in listed]
    assert [r["title"] for r in rows] == [r["title"] for r in listed]


def test_stalled_is_the_list_of_the_report(cli: Any) -> None:
    for folder in (AMOCRM, BITRIX24):
        listed = cli("report", folder, "--format", "json").json["stalled"]
        found = ids(cli("deals", folder, "--stalled", "--format", "json"))
        assert found == [row["deal_id"] for row in listed]
        assert len(found) > 20


@pytest.mark.parametrize("reason", ["any", "stalled", "silent", "overdue", "too_old", "soon"])
def test_reasons_of_stalled_deals(cli: Any, reason: str) -> None:
    """The total row of the report and the list agree for every reason."""
    found = ids(cli("deals", BITRIX24, "--stalled", "--class", reason, "--format", "json"))
    rows = cli("report", BITRIX24, "--format", "json").json["metrics"]
    (figure,) = [
        r["value"]
        for r in rows
        if (r["metric"], r["scope"], r["slice"]) == ("stalled", "company", f"reason={reason}")
        and r["pipeline"] is None
        and r["stage"] is None
    ]
    assert len(found) == figure > 0


def test_win_rate_of_the_report(cli: Any) -> None:
    """The report gives k/n over the window of the config: the same deals without --period."""
    ran = cli("deals", AMOCRM, "--metric", "win_rate", "--manager", "Басманов", "--format", "json")
    assert len(ids(ran)) == 114
    assert sum(row["status"] == "won" for row in ran.json["deals"]) == 1
    assert "1/114" in cli("report", AMOCRM, "--manager", "Басманов", "--section", "results").out
    week = cli("deals", AMOCRM, "--metric", "win_rate", "--period", "last-week", "--format", "json")
    assert len(ids(week)) == 18  # 4 won and 14 lost


def test_loss_reasons_of_the_report(cli: Any) -> None:
    ask = ("deals", AMOCRM, "--metric", "loss_reasons", "--manager", "Дроздова")
    dear = cli(*ask, "--class", "дорого (не смог продать)", "--format", "json")
    assert len(ids(dear)) == 14
    assert {row["loss_reason"] for row in dear.json["deals"]} == {"Дорого (не смог продать)"}
    none = cli(*ask, "--class", text("report.no_reason", "ru"), "--format", "json")
    assert len(ids(none)) == 9
    assert {row["loss_reason"] for row in none.json["deals"]} == {None}


def test_a_step_and_its_classes(cli: Any) -> None:
    step = (
        "deals", AMOCRM, "--metric", "conversion", "--stage", "closing", "--to-stage", "won",
        "--manager", "Басманов", "--format", "json",
    )  # fmt: skip
    rows = cli(*step).json["deals"]
    classes = [row["class"] for row in rows]
    assert classes.count("advanced") == 1
    base = [k for k in classes if k in CLASSES]
    assert len(base) == 58
    for name in set(classes):
        assert len(ids(cli(*step, "--class", name))) == classes.count(name)


def test_a_norm(cli: Any) -> None:
    """Ольга Вересова: «База, категория А» 0 of 1, though she has new deals of other categories."""
    ask = ("deals", AMOCRM, "--norm", "База, категория А", "--format", "json")
    assert ids(cli(*ask, "--manager", "Вересова")) == []
    assert len(ids(cli(*ask, "--manager", "Чернышёва"))) == 2
    entries = ("--metric", "entries", "--stage", "base", "--manager", "Вересова")
    assert len(ids(cli("deals", AMOCRM, *entries, "--format", "json"))) == 2


def test_pipeline(cli: Any) -> None:
    sales = ids(cli("deals", BITRIX24, "--pipeline", "sales", "--format", "json"))
    service = ids(cli("deals", BITRIX24, "--pipeline", "service", "--format", "json"))
    assert sorted(sales + service) == sorted(ids(cli("deals", BITRIX24, "--format", "json")))
    leads = ids(cli("deals", BITRIX24, "--pipeline", "Лиды", "--format", "json"))
    assert len(leads) == 12  # 6 + 3 + 3 open ones


def test_links(cli: Any) -> None:
    (row, *_) = cli("deals", BITRIX24, "--stalled", "--format", "json").json["deals"]
    assert row["link"] == f"https://portal.example/crm/deal/details/{row['deal_id']}/"


def test_english(cli: Any) -> None:
    out = cli("deals", BITRIX24, "--stalled", "--lang", "en", width=160).out
    assert text("report.title_deals", "en") in out
    assert text("report.reason_too_old", "en") in out


CALLS = Path(__file__).parents[2] / "sample_data" / "calls"


@pytest.mark.parametrize(
    ("option", "story", "key"),
    [("--without-call", "no_calls", "last_week"), ("--under-called", "third_call", "open")],
)
def test_lists_of_calls(cli: Any, option: str, story: str, key: str) -> None:
    """The planted deals, and the same as by the name of their figure."""
    import json

    told = json.loads((CALLS.parent / "stories.json").read_text("utf-8"))["calls"]["stories"]
    ran = cli("deals", CALLS, "--config", CALLS / "funnelkpi.yaml", option, "--format", "json")
    ids = {d["deal_id"] for d in ran.json["deals"]}
    assert ids == {str(i) for i in told[story][key]}
    metric = {"--without-call": "deals_without_call", "--under-called": "under_called"}[option]
    assert ran.json["metric"] == metric
    who = cli("deals", CALLS, "--config", CALLS / "funnelkpi.yaml", option, "--manager", "Южина",
              "--format", "json")  # fmt: skip
    assert list(who.json["deals"]) == []


@pytest.mark.parametrize(
    "two", [("--stalled", "--without-call"), ("--under-called", "--metric", "won")]
)
def test_two_lists_are_refused(cli: Any, two: tuple[str, ...]) -> None:
    ran = cli("deals", CALLS, *two)
    assert (ran.code, ran.out) == (2, "")
    assert two[0] in ran.err
    assert two[1] in ran.err


@pytest.mark.parametrize("option", ["--without-call", "--under-called"])
def test_without_calls_the_list_says_what_is_needed(
    cli: Any, export: Callable[..., Path], option: str
) -> None:
    """No file of calls: an empty list is no answer."""
    ran = cli("deals", export(), option)
    (line,) = [x for x in ran.out.splitlines() if x.startswith("Не оценено: ")]
    assert ran.code == 0
    assert "звонк" in line.split(" — ")[1]


def test_a_time_between_stages_shows_how_long_and_the_limit(cli: Any) -> None:
    line = ("deals", AMOCRM, "--metric", "lag", "--stage", "needs")
    rows = cli(*line, "--format", "json").json["deals"]
    assert rows
    assert {(r["limit"], r["unit"]) for r in rows} == {(36.0, "working_hours")}
    waited = [r["waited"] for r in rows]
    assert waited == sorted(waited, reverse=True)
    page = cli(*line, width=200).out.replace("\xa0", " ")
    assert "Ждёт" in page
    assert "36 раб. ч" in page
    assert f"{waited[0]:.0f} раб. ч" in page
    who = rows[0]["manager"]
    own = cli(*line, "--manager", who, "--format", "json").json["deals"]
    assert own == [r for r in rows if r["manager"] == who]


def test_a_figure_of_calls_at_stages_says_how_many_and_of_which_stage(cli: Any) -> None:
    asked = ("deals", CALLS, "-c", CALLS / "funnelkpi.yaml", "--lang", "en", "--format", "markdown")
    below = cli(*asked, "--under-called").out
    assert re.search(r"days with a call [012], norm 3 ", below)
    assert "Договор и счёт: days" not in below  # it stands there now, in a column of its own
    every = cli(*asked, "--metric", "calls_at_stage").out
    assert "Договор и счёт: days with a call 5, norm 3" in every
    assert re.search(r"Квалификация: days with a call \d+ ", every)  # a stage without a norm
    total, different = (
        int(re.search(rf"{w}: (\d+)", every)[1]) for w in ("In all", "Different deals")
    )
    assert 0 < different < total


def test_what_belongs_to_no_deal_is_counted_below_the_list(cli: Any) -> None:
    asked = (CALLS, "-c", CALLS / "funnelkpi.yaml", "--lang", "en")
    shown = cli("deals", *asked, "--metric", "decision_makers").out
    listed, beside = (int(re.search(rf"{w}: (\d+)", shown)[1]) for w in ("In all", "of no deal"))
    rows = cli("report", *asked, "--format", "json").json["metrics"]
    (figure,) = (
        r for r in rows
        if (r["metric"], r["scope"], r["pipeline"]) == ("decision_makers", "company", None)
        and r["slice"] is None
    )  # fmt: skip
    assert listed + beside == figure["value"]
    assert beside > 0


def test_a_figure_of_no_pipeline_says_so(cli: Any) -> None:
    ran = cli("deals", CALLS, "-c", CALLS / "funnelkpi.yaml", "--metric", "calls_without_deal",
              "--pipeline", "sales", "--lang", "en")  # fmt: skip
    assert "no rows by pipeline" in " ".join(ran.out.split())


def test_what_became_of_a_missed_call_is_said_in_words(cli: Any) -> None:
    asked = ("deals", CALLS, "-c", CALLS / "funnelkpi.yaml", "--format", "markdown")
    for metric in ("missed_calls", "calls_matching"):
        out = cli(*asked, "--metric", metric).out
        assert not re.search(r"\| (later|in_time|same_day|matched|several) \|", out), metric
