"""``funnelkpi inspect``: what was recognised in the files, and what was not."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from funnelkpi.locale.catalogue import text

SAMPLES = Path(__file__).parents[2] / "sample_data"
AMOCRM, BITRIX24 = SAMPLES / "amocrm", SAMPLES / "bitrix24"


def test_amocrm(cli: Any) -> None:
    ran = cli("inspect", AMOCRM, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["schema"] == "funnelkpi.inspection/1"
    (file,) = ran.json["files"]
    assert (file["crm"], file["kind"], file["encoding"], file["delimiter"]) == (
        "amocrm", "deals", "utf-8", ",",
    )  # fmt: skip
    assert file["header_row"] == 1
    assert file["columns"]["owner"] == ["Ответственный"]
    assert file["columns"]["amount"] == ["Бюджет"]
    assert "Мобильный телефон" in file["columns"]["phone"]
    assert "roistat" in file["unmapped"]
    assert not set(file["unmapped"]) & {c for v in file["columns"].values() for c in v} - {"Город"}


def test_bitrix24(cli: Any) -> None:
    data = cli("inspect", BITRIX24, "--format", "json").json
    kinds = {f["kind"]: f for f in data["files"]}
    assert set(kinds) == {"deals", "leads", "calls"}
    assert {f["crm"] for f in data["files"]} == {"bitrix24"}
    assert kinds["deals"]["delimiter"] == ";"
    assert kinds["leads"]["format"] == kinds["calls"]["format"] == "html"
    assert kinds["deals"]["columns"]["previous_stage"] == ["Предыдущая стадия"]
    assert [a["rows"] for a in sorted(data["inputs"], key=lambda a: a["kind"])] == [1105, 1187, 554]
    keys = [s["key"] for s in data["pipelines"][0]["stages"]]
    assert keys == ["base", "lpr", "needs", "proposal", "closing", "won", "lost", "parked"]
    people = {m["name"]: m for m in data["managers"]}
    assert people["Игорь Завьялов"]["department"] == "Отдел продаж Юг"
    codes = {f["code"]: f for f in data["findings"]}
    assert codes["no_owner"]["rows"] == [787, 794, 1034]
    assert codes["outcome_unknown"]["count"] == 3


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_page(cli: Any, lang: str) -> None:
    ran = cli("inspect", BITRIX24, "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    for section in ("files", "columns", "stages", "people", "findings"):
        named = {"people": "managers"}.get(section, section)
        assert text(f"report.section_{named}", lang) in ran.out
    assert "Предыдущая стадия" in ran.out
    assert "787, 794, 1034" in ran.out


def test_without_a_config(cli: Any, export: Callable[..., Path]) -> None:
    data = cli("inspect", export(config=None), "--format", "json").json
    (pipeline,) = data["pipelines"]
    assert pipeline["confirmed"] is False
    assert {s["kind"] for s in pipeline["stages"]} == {"open", "won", "lost"}
    assert {m["name"] for m in data["managers"]} == {"Анна Белова", "Борис Чернов"}


def test_a_renamed_caption(cli: Any, export: Callable[..., Path]) -> None:
    """A caption the program does not know is not used, until the config names it."""
    folder = export()
    path = folder / "deals.csv"
    path.write_text(path.read_text("utf-8").replace("Бюджет ", "Сколько платят"), "utf-8")
    (file,) = cli("inspect", folder, "--format", "json").json["files"]
    assert "Сколько платят" in file["unmapped"]
    config = folder / "funnelkpi.yaml"
    mapped = config.read_text("utf-8") + "inputs: {columns: {amount: Сколько платят}}\n"
    config.write_text(mapped, "utf-8")
    (file,) = cli("inspect", folder, "--format", "json").json["files"]
    assert file["columns"]["amount"] == ["Сколько платят"]
    won = cli("deals", folder, "--metric", "won", "--format", "json").json["deals"]
    assert [row["amount"] for row in won] == [100000.0]


def test_files_and_formats(cli: Any) -> None:
    ran = cli("inspect", AMOCRM, "-o", "seen.json", "-o", "seen.md")
    assert (ran.code, ran.out) == (0, "")
    assert Path("seen.md").read_text("utf-8").startswith("# ")
    header, row = cli("inspect", AMOCRM, "--format", "csv").out.splitlines()
    assert header == "file,kind,crm,rows,counted,merged,excluded,rejected,reasons"
    assert ",deals,amocrm,1201,1198,2,1,0," in row


CALLS = SAMPLES / "calls"


def test_calls_alone_are_shown_as_understood(cli: Any) -> None:
    """The counts of the file, taken with the standard library."""
    (path,) = CALLS.glob("ats_calls_*.csv")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    ran = cli("inspect", path, "-c", CALLS / "funnelkpi.yaml", "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    told = ran.json["calls_read"]
    assert told["calls"] == len(rows)
    assert told["directions"]["in"] + told["directions"]["out"] + told["no_direction"] == len(rows)
    assert told["outcomes"]["success"] == sum(r["Статус"] == "Отвечен" for r in rows)
    assert told["outcomes"]["busy"] == sum(r["Статус"] == "Занято" for r in rows)
    assert told["with_employee"] == sum(bool(r["Сотрудник"]) for r in rows)
    assert told["with_talk"] == sum(
        r["Разговор"] > "00:00:00" and r["Статус"] == "Отвечен" for r in rows
    )
    assert (ran.json["as_of"], ran.json["pipelines"], ran.json["managers"]) == (None, [], [])
    page = cli("inspect", path, "-c", CALLS / "funnelkpi.yaml", "--lang", "en").out
    assert text("report.inspect_no_deals", "en") in page
    assert "With a length of talk" in page


@pytest.mark.parametrize("name", ["crm_activity.csv", "CONTACT_*.csv", "COMPANY_*.csv"])
def test_other_tables_alone(cli: Any, name: str) -> None:
    (path,) = CALLS.glob(name)
    ran = cli("inspect", path, "--format", "json")
    assert (ran.code, ran.err) == (0, "")
    assert ran.json["inputs"][0]["counted"] > 400
    assert ran.json["calls_read"] is None


def test_a_table_with_many_rejected_rows_is_shown_though_a_report_refuses_it(
    cli: Any, tmp_path: Path
) -> None:
    (path,) = CALLS.glob("ats_calls_*.csv")
    head, *rows = path.read_text("utf-8-sig").splitlines(keepends=True)
    broken = [r.replace(".2026 ", ".20x6 ") if i % 2 else r for i, r in enumerate(rows)]
    (tmp_path / path.name).write_text(head + "".join(broken), "utf-8")
    (deals,) = CALLS.glob("DEAL_*.csv")
    (tmp_path / deals.name).write_bytes(deals.read_bytes())
    config = ("-c", CALLS / "funnelkpi.yaml", "--lang", "en")
    refused = cli("report", tmp_path, *config)
    assert refused.code == 2
    assert "funnelkpi inspect" in refused.err
    shown = cli("inspect", tmp_path, *config)
    assert shown.code == 0
    assert ".20x6" in shown.out
