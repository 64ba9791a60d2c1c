"""``funnelkpi report``: stdout is the payload, stderr is for people, files by suffix."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics.result import COLUMNS
from funnelkpi.renderers.json_schema import schema
from funnelkpi.report.build import SECTIONS

SAMPLES = Path(__file__).parents[2] / "sample_data"
AMOCRM, BITRIX24 = SAMPLES / "amocrm", SAMPLES / "bitrix24"
BOTH = pytest.mark.parametrize("folder", [AMOCRM, BITRIX24], ids=["amocrm", "bitrix24"])
ESC = "\x1b"


@pytest.mark.parametrize(("folder", "lang"), [(AMOCRM, "ru"), (BITRIX24, "en")])
def test_json_is_what_the_schema_says(cli: Any, folder: Path, lang: str) -> None:
    ran = cli("report", folder, "--format", "json", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    Draft202012Validator(schema()).validate(ran.json)
    assert ran.json["as_of"] == "2026-11-16T08:30:00"
    assert ran.json["period"] == {
        "name": "last-week", "start": "2026-11-09T00:00:00", "end": "2026-11-16T00:00:00",
    }  # fmt: skip
    for account in ran.json["inputs"]:
        parts = ("counted", "merged", "excluded", "rejected")
        assert account["rows"] == sum(account[p] for p in parts) > 0


@BOTH
def test_csv_is_the_long_table(cli: Any, folder: Path) -> None:
    ran = cli("report", folder, "--format", "csv")
    header, *rows = csv.reader(io.StringIO(ran.out))
    assert tuple(header) == COLUMNS
    assert len(rows) == len(cli("report", folder, "--format", "json").json["metrics"]) > 1000


def test_the_same_bytes(cli: Any) -> None:
    for format_ in ("terminal", "json"):
        ran = cli("report", BITRIX24, "--format", format_)
        assert ran.out == cli("report", BITRIX24, "--format", format_).out


def test_the_order_of_files_changes_nothing(cli: Any) -> None:
    files = sorted(p for p in BITRIX24.iterdir() if p.suffix in (".csv", ".xls"))
    config = ("-c", BITRIX24 / "funnelkpi.yaml", "--format", "json")
    assert cli("report", *files, *config).out == cli("report", *reversed(files), *config).out


def test_figures_of_both_languages_are_the_same(cli: Any) -> None:
    ru, en = (cli("report", AMOCRM, "--format", "csv", "--lang", lang).out for lang in ("ru", "en"))
    assert ru == en


def test_texts_are_in_the_language_asked_for(cli: Any) -> None:
    ru, en = (cli("report", AMOCRM, "--lang", lang).out for lang in ("ru", "en"))
    for key in ("section_norms", "section_conversion", "section_stalled", "section_quality"):
        assert text(f"report.{key}", "ru") in ru
        assert text(f"report.{key}", "ru") not in en
        assert text(f"report.{key}", "en") in en
    # what stays Russian in English is what the CRM and the config say, never the report itself
    frame = [line for line in en.splitlines() if line.endswith("──")]
    assert len(frame) >= 7
    assert not re.search("[а-яё]", " ".join(frame), re.IGNORECASE)


def test_the_default_language_is_russian_whatever_the_locale(
    cli: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    monkeypatch.setenv("LC_ALL", "C")
    assert text("report.section_norms", "ru") in cli("report", AMOCRM).out


def test_files_by_suffix(cli: Any) -> None:
    ran = cli("report", AMOCRM, "-o", "a.json", "-o", "b.csv", "--output", "c.md", "-o", "d.txt")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert json.loads(Path("a.json").read_text("utf-8"))["schema"] == "funnelkpi.report/1"
    assert Path("b.csv").read_bytes().startswith(b"\xef\xbb\xbfmetric,")  # Excel needs the mark
    assert Path("c.md").read_text("utf-8").startswith("# ")
    page = Path("d.txt").read_text("utf-8")
    assert page.startswith(cli("report", AMOCRM).out.splitlines()[0])
    assert ESC not in page


def test_files_and_stdout(cli: Any) -> None:
    ran = cli("report", AMOCRM, "-o", "a.json", "--format", "markdown")
    assert ran.out.startswith("# ")
    assert Path("a.json").exists()


def test_a_written_file_is_replaced_whole(cli: Any) -> None:
    Path("a.json").write_text("x" * 10_000_000)
    cli("report", AMOCRM, "-o", "a.json")
    json.loads(Path("a.json").read_text("utf-8"))
    assert [p.name for p in Path().iterdir()] == ["a.json"]


@pytest.mark.parametrize("no_color", [None, "1"])
@pytest.mark.parametrize("terminal", [True, False])
def test_colour_only_on_a_terminal_without_no_color(
    cli: Any, monkeypatch: pytest.MonkeyPatch, no_color: str | None, terminal: bool
) -> None:
    from funnelkpi.cli import output

    monkeypatch.setenv("TERM", "xterm-256color")
    if no_color:
        monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(output.sys.stdout, "isatty", lambda: terminal, raising=False)
    out = cli("report", AMOCRM).out
    assert (ESC in out) is (terminal and not no_color)
    plain = re.sub(r"\x1b\[[0-9;]*m", "", out)
    monkeypatch.setattr(output.sys.stdout, "isatty", lambda: False, raising=False)
    assert plain == cli("report", AMOCRM).out


def test_a_dumb_terminal_has_no_colour(cli: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from funnelkpi.cli import output

    monkeypatch.setattr(output.sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "dumb")
    assert ESC not in cli("report", AMOCRM).out


def headings(page: str) -> list[str]:
    return [line.rstrip("─ ") for line in page.splitlines() if line.endswith("──")]


def test_sections(cli: Any) -> None:
    title = {name: text(f"report.section_{name}", "ru") for name in SECTIONS}
    whole = cli("report", AMOCRM)
    # they need --by, an archive, calls, meetings or contacts
    absent = ("slices", "changes", "calls", "people")
    shown = [n for n in SECTIONS if n not in absent]
    assert [h for h in headings(whole.out) if h in title.values()] == [title[n] for n in shown]
    for args in (
        ("--section", "stock,norms"),
        ("--section", "stock", "--section", "norms"),
        ("--section", " stock , norms "),
    ):
        ran = cli("report", AMOCRM, *args)
        found = [h for h in headings(ran.out) if h in title.values()]
        assert found == [title["stock"], title["norms"]]
        assert text("report.verdict_open_today", "ru") not in ran.out  # only what was asked for


@pytest.mark.parametrize("name", [n for n in SECTIONS if n != "slices"])
@BOTH
def test_each_section_alone(cli: Any, folder: Path, name: str) -> None:
    ran = cli("report", folder, "--section", name)
    assert (ran.code, ran.err) == (0, "")
    assert text(f"report.section_{name}", "ru") in ran.out
    assert len(ran.out.splitlines()) > 6


@pytest.mark.parametrize("asked", ["Басманов", "кирилл басманов", "Басманов Кирилл", "БАСМАНОВ"])
def test_manager(cli: Any, asked: str) -> None:
    ran = cli("report", AMOCRM, "--manager", asked)
    assert ran.code == 0
    assert "Кирилл Басманов" in ran.out
    assert "Вересова" not in ran.out
    assert text("report.company", "ru") not in ran.out
    rows = cli("report", AMOCRM, "--manager", asked, "--format", "json").json
    assert {r["manager"] for r in rows["metrics"]} == {"Кирилл Басманов"}
    assert {r["manager"] for r in rows["stalled"]} == {"Кирилл Басманов"}
    assert {r["manager"] for r in rows["verdicts"]} == {"Кирилл Басманов"}
    Draft202012Validator(schema()).validate(rows)


def test_several_managers_by_comma(cli: Any) -> None:
    rows = cli("report", AMOCRM, "--manager", "Басманов, Чернышёва", "--format", "json").json
    assert {r["manager"] for r in rows["metrics"]} == {"Кирилл Басманов", "Марина Чернышева"}


def test_pipeline(cli: Any) -> None:
    for asked in ("service", "Сервис и тендеры", "сервис и тендеры"):
        ran = cli("report", BITRIX24, "--pipeline", asked, "--format", "json")
        assert {r["pipeline"] for r in ran.json["metrics"]} == {"service"}
        assert {r["pipeline"] for r in ran.json["stalled"]} <= {"service"}
    page = cli("report", BITRIX24, "--pipeline", "service", "--section", "stock").out
    assert "Расчёт" in page
    assert "КП отправлено" not in page


def clients(folder: Path) -> tuple[list[str], set[str], set[str]]:
    """Titles of the deals, names of the clients in quotes, and phones as the export has them."""
    path, delimiter = next(folder.glob("amocrm*"), None), ","
    if path is None:
        path, delimiter = next(folder.glob("DEAL*")), ";"
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig")), delimiter=delimiter))
    titles = [row["Название сделки"] for row in rows]
    names = {name for title in titles for name in re.findall("«[^»]+»", title)}
    cells = [v for row in rows for k, v in row.items() if "телефон" in str(k).lower() and v]
    return titles, names, {digits for cell in cells for digits in re.findall(r"\d{10,}", cell)}


@BOTH
def test_mask(cli: Any, folder: Path) -> None:
    """No title, client or phone anywhere, in any format."""
    titles, names, phones = clients(folder)
    assert len(names) > 100
    assert len(phones) > 100
    for format_ in ("terminal", "json", "csv", "markdown"):
        command = ("report",) if format_ != "csv" else ("deals", "--metric", "lost")
        for words in (command, ("deals", "--stalled")):
            out = cli(*words, folder, "--mask", "--format", format_, width=200).out
            assert len(out) > 200
            assert not names & set(re.findall("«[^»]+»", out)), (words, format_)
            assert not phones & set(re.findall(r"\d{10,}", out)), (words, format_)
            assert not [t for t in titles[::40] if t in out], (words, format_)
    out = cli("report", folder, "--format", "json").out
    assert names & set(re.findall("«[^»]+»", out))  # which the mask hid


@pytest.mark.parametrize(
    ("period", "start", "end"),
    [
        ("this-week", "2026-11-16", "2026-11-23"),
        ("today", "2026-11-16", "2026-11-17"),
        ("last-month", "2026-10-01", "2026-11-01"),
        ("this-month", "2026-11-01", "2026-12-01"),
        ("2026-W46", "2026-11-09", "2026-11-16"),
        ("2026-10", "2026-10-01", "2026-11-01"),
        ("2026-Q4", "2026-10-01", "2027-01-01"),
        ("2026-H1", "2026-01-01", "2026-07-01"),
        ("2026", "2026-01-01", "2027-01-01"),
        ("2026-11-01..2026-11-15", "2026-11-01", "2026-11-16"),
        ("last-90d", "2026-08-19", "2026-11-17"),
    ],
)
def test_period(cli: Any, export: Callable[..., Path], period: str, start: str, end: str) -> None:
    ran = cli("deals", export(), "--metric", "lost", "--period", period, "--format", "json")
    assert ran.json["period"] == {"start": f"{start}T00:00:00", "end": f"{end}T00:00:00"}
    lost = {"2": "2026-11-11", "4": "2026-11-13"}
    inside = {k for k, day in lost.items() if start <= day < end}
    assert {row["deal_id"] for row in ran.json["deals"]} == inside


def test_as_of_looks_back(cli: Any, export: Callable[..., Path]) -> None:
    """On 12 November deal 4 was not lost yet: nothing later than the moment exists."""
    folder = export()
    for moment, lost in (
        ("2026-11-12", {"2"}),
        ("2026-11-10", set()),
        ("2026-11-13T11:59:59", {"2"}),
        ("2026-11-13T12:00", {"2", "4"}),
        ("2026-11-13", {"2", "4"}),
        ("2026-11-13T09:00:00+00:00", {"2", "4"}),  # noon in Moscow
        ("2026-11-13T12:00+05:00", {"2"}),
    ):
        args = ("--metric", "lost", "--period", "2026-11", "--as-of", moment, "--format", "json")
        ran = cli("deals", folder, *args)
        assert {row["deal_id"] for row in ran.json["deals"]} == lost, moment


def test_config_beside_the_exports(cli: Any, export: Callable[..., Path]) -> None:
    folder = export()
    assert text("report.with_config", "ru") in cli("report", folder).out
    assert text("report.with_config", "ru") in cli("report", folder / "deals.csv").out
    digest = cli("report", folder, "--format", "json").json["config_sha256"]
    assert re.fullmatch("[0-9a-f]{64}", digest)


def test_config_here_comes_first(cli: Any, export: Callable[..., Path]) -> None:
    folder = export()
    own = (folder / "funnelkpi.yaml").read_text("utf-8").replace("ЛПР, limit", "Наш ЛПР, limit")
    own = own.replace("title: Наш ЛПР", "title: Наш ЛПР, crm: [ЛПР]")
    Path("funnelkpi.yaml").write_text(own, "utf-8")
    assert "Наш ЛПР" in cli("report", folder, "--section", "stock").out
    given = cli("report", folder, "--section", "stock", "-c", folder / "funnelkpi.yaml")
    assert "Наш ЛПР" not in given.out


def test_without_a_config(cli: Any, export: Callable[..., Path]) -> None:
    ran = cli("report", export(config=None))
    assert (ran.code, ran.err) == (0, "")
    assert "funnelkpi init" in " ".join(ran.out.splitlines()[-2:])
    assert ran.out.count("funnelkpi init") >= 1
    assert text("report.without_config", "ru") in ran.out.splitlines()[2]
    data = cli("report", export(config=None), "--format", "json").json
    assert data["config_sha256"] is None
    absent = {r["definition"] for r in data["metrics"] if r["metric"] == "conversion"}
    assert absent == {"needs.confirmed_order"}
    won = [r["value"] for r in data["metrics"] if r["metric"] == "won" and r["scope"] == "company"]
    assert won == [1.0]


def test_by(cli: Any) -> None:
    rows = cli("report", AMOCRM, "--by", "source,month", "--format", "json").json["metrics"]
    created = [r for r in rows if r["metric"] == "deals_created" and r["scope"] == "company"]
    total = next(r["value"] for r in created if r["slice"] is None and r["pipeline"] is None)
    for dimension in ("source=", "month="):
        parts = [
            r["value"]
            for r in created
            if (r["slice"] or "").startswith(dimension) and r["pipeline"] is None
        ]
        assert sum(parts) == total == 31, dimension


def test_slices_without_a_dimension_ask_for_one(cli: Any) -> None:
    ran = cli("report", AMOCRM, "--section", "slices", "--lang", "en")
    assert ran.code == 0
    assert "--by source" in ran.out
