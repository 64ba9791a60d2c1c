"""Bad input from end to end: one clear message with a remedy and exit 2, or a finding; never a
traceback, never a silent zero."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

Cli = Callable[..., tuple[int, str, str]]
AMO = "ID,Название сделки,Бюджет ,Ответственный,Дата создания сделки,Дата закрытия,Этап сделки\n"
ROW = "1,Станок,1000,Алина Дроздова,01.11.2026 10:00:00,не закрыта,Переговоры\n"
OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def _write(name: str, content: bytes | str) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        path = folder / name
        path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        return path

    return make


def _workbook(folder: Path) -> bytes:
    book = Workbook()
    book.active.append(["ID", "Этап сделки", "Название сделки"])
    for n in range(400):
        book.active.append([n, "Переговоры", f"Сделка {n}"])
    path = folder / "whole.xlsx"
    book.save(path)
    data = path.read_bytes()
    path.unlink()
    return data


def _truncated(folder: Path) -> Path:
    path = folder / "deals.xlsx"
    data = _workbook(folder)
    path.write_bytes(data[: len(data) // 2])
    return path


def _protected(folder: Path) -> Path:
    """What Office writes for a workbook with a password: OLE with an EncryptedPackage."""
    path = folder / "deals.xlsx"
    names = "EncryptedPackage".encode("utf-16-le") + "EncryptionInfo".encode("utf-16-le")
    path.write_bytes(OLE + bytes(504) + names + bytes(2048))
    return path


def _no_sheet(folder: Path) -> Path:
    path = folder / "deals.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w:document/>")
    return path


LOGIN = """<!DOCTYPE html><html><head><title>Авторизация</title></head><body>
<form action="/auth"><input name="login"><input type="password" name="password"></form></body></html>"""

# file or folder -> words the message must hold: what is wrong, and what to do
REFUSED: dict[str, tuple[Callable[[Path], Path], str, str]] = {
    "missing": (lambda d: d / "нет_такого.csv", "нет_такого.csv", "путь"),
    "empty": (_write("deals.csv", b""), "пуст", "выгруз"),
    "blank lines only": (_write("deals.csv", "\n\n  \n"), "deals.csv", ""),
    "truncated workbook": (_truncated, "deals.xlsx", ""),
    "password": (_protected, "парол", "парол"),
    "not a workbook": (_no_sheet, "deals.xlsx", ""),
    "PDF": (_write("deals.xlsx", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"), "PDF", "выгруз"),
    "picture": (_write("deals.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(64)), "deals.xlsx", "выгруз"),
    "login page": (_write("DEAL.xls", LOGIN), "вход", ""),
    "no deal ID": (
        _write("deals.csv", "Название сделки,Бюджет ,Дата закрытия,Этап сделки\nСтанок,5,,База\n"),
        "ID",
        "ID",
    ),
    "no stage": (
        _write("deals.csv", "ID,Название сделки,Бюджет ,Дата закрытия\n1,Станок,5,не закрыта\n"),
        "этап",
        "stage",
    ),
    "no rows": (_write("deals.csv", AMO), "ни одной строки", "фильтр"),
    "the CRM says it is empty": (
        _write("DEAL_1.csv", "\ufeffСписок сделок пуст!"),
        "Список сделок пуст",
        "фильтр",
    ),
    "another table": (_write("people.csv", "Имя,Город\nИван,Тула\n"), "«Имя», «Город»", "columns"),
    "calls alone": (
        _write(
            "calls.csv",
            "Сотрудник;Номер телефона;Тип звонка;Время звонка;Дата вызова;Статус\n"
            "Алина Дроздова;+79123456789;исходящий;7 сек;10.11.2026 12:00:00;Успешный звонок\n",
        ),
        "сделок",
        "Экспорт",
    ),
    "no dates at all": (_write("deals.csv", "ID,Название сделки,Бюджет ,Этап сделки\n1,А,5,База\n"),
                        "ни одной даты", "--as-of"),
    "binary rubbish": (_write("deals.csv", bytes(range(256)) * 8), "deals.csv", ""),
    "broken JSON": (_write("deals.json", '[{"id": 1, "status_id": 142,'), "deals.json", ""),
    "empty folder": (lambda d: (d / "пусто").mkdir() or d / "пусто", "пусто", ""),
}  # fmt: skip


def check_refused(code: int, out: str, err: str, what: str, remedy: str) -> None:
    assert code == 2, err
    assert out == ""
    assert "Traceback" not in err
    assert err.count("funnelkpi: ") == 1, err  # one message
    lines = err.strip().splitlines()
    assert len(lines) >= 2, err  # what is wrong, and what to do
    assert what.casefold() in err.casefold(), err
    assert remedy.casefold() in " ".join(lines[2:]).casefold(), err


@pytest.mark.parametrize("case", REFUSED)
def test_refused(case: str, cli: Cli, tmp_path: Path) -> None:
    make, what, remedy = REFUSED[case]
    path = make(tmp_path)
    check_refused(*cli("report", path), what, remedy)


@pytest.mark.parametrize("case", REFUSED)
def test_refused_in_english_too(case: str, cli: Cli, tmp_path: Path) -> None:
    path = REFUSED[case][0](tmp_path)
    code, out, err = cli("report", path, "--lang", "en", lang="en")
    assert (code, out) == (2, "")
    words = err.replace(str(path), "").replace(path.name, "")
    assert "Traceback" not in words
    assert words.startswith("funnelkpi: error")


def test_an_unreadable_file(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = _write("deals.csv", AMO + ROW)(tmp_path)
    real = Path.open

    def refuse(self: Path, *args: Any, **kwargs: Any) -> Any:
        if self.name == path.name:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, *args, **kwargs)

    monkeypatch.setattr(Path, "open", refuse)
    check_refused(*cli("report", path), "deals.csv", "")


FOREIGN = """version: 1
pipelines:
  - key: main
    title: Продажи
    stages:
      - {key: first, title: Замер}
      - {key: second, title: Монтаж}
      - {key: won, title: Успешно реализовано, kind: won}
      - {key: lost, title: Закрыто и не реализовано, kind: lost}
"""


def test_a_config_of_another_portal(kit: Any, copy: Any, cli: Cli, tmp_path: Path) -> None:
    """Its pipeline and the CRM's own won and lost fit, its open stages do not: every figure of a
    stage would be 0."""
    path = copy(kit.AMO)
    config = _write("other.yaml", FOREIGN)(tmp_path)
    code, out, err = cli("report", path, "-c", config)
    check_refused(code, out, err, "другого портала", "funnelkpi init")
    assert "«База»" in err
    assert "«Замер»" in err


def test_a_config_with_other_pipelines(kit: Any, copy: Any, cli: Cli, tmp_path: Path) -> None:
    path = copy(kit.AMO)
    config = _write("other.yaml", FOREIGN.replace("Продажи", "Производство"))(tmp_path)
    check_refused(*cli("report", path, "-c", config), "другого портала", "funnelkpi init")


def found(document: dict[str, Any], code: str) -> dict[str, Any]:
    hits = [f for f in document["findings"] if f["code"] == code]
    assert len(hits) == 1, [f["code"] for f in document["findings"]]
    assert hits[0]["text"]
    assert hits[0]["remedy"]
    return hits[0]


def company(document: dict[str, Any], metric: str) -> dict[str, Any]:
    names = list(document["metrics"][0]) if isinstance(document["metrics"], list) else []
    assert names
    rows = [
        r for r in document["metrics"]
        if r["metric"] == metric and r["scope"] == "company" and r["slice"] is None
    ]  # fmt: skip
    return rows[0]


def test_month_before_day_is_seen_from_the_file(json_cli: Any, tmp_path: Path) -> None:
    rows = "".join(
        f"{n},С{n},10,Алина,10/{d:02d}/2026 10:00:00,не закрыта,База\n"
        for n, d in enumerate(range(1, 29), 1)
    )
    path = _write("deals.csv", AMO + rows)(tmp_path)
    document = json_cli(path, "--period", "2026-10")
    assert company(document, "deals_created")["value"] == 28
    assert document["as_of"] == "2026-10-28T10:00:00"


def test_dates_that_may_be_either_are_a_finding(json_cli: Any, tmp_path: Path) -> None:
    rows = "".join(
        f"{n},С{n},10,Алина,0{n}/11/2026 10:00:00,не закрыта,База\n" for n in range(1, 5)
    )
    path = _write("deals.csv", AMO + rows)(tmp_path)
    document = json_cli(path, "--period", "2026-11")
    assert "date_order: mdy" in found(document, "date_order_assumed")["remedy"]
    assert company(document, "deals_created")["value"] == 4


def test_an_open_quote_is_named_with_its_row(cli: Cli, tmp_path: Path) -> None:
    rows = [f"{n},Станок {n},10,Алина,0{n}.11.2026 10:00:00,не закрыта,База\n" for n in range(1, 9)]
    rows[3] = rows[3].replace("Станок 4", '"Станок 4')
    path = _write("deals.csv", AMO + "".join(rows))(tmp_path)
    code, out, err = cli("report", path)
    check_refused(code, out, err, "в строке 5 открыта кавычка", "закройте кавычку")


def test_half_a_character_is_a_finding_with_its_row(json_cli: Any, tmp_path: Path) -> None:
    rows = [f"{n},Станок {n},10,Алина,0{n}.11.2026 10:00:00,не закрыта,База\n" for n in range(1, 9)]
    data = (AMO + "".join(rows)).encode("utf-8")
    data = data.replace("Станок 6".encode(), "Станок 6".encode()[:3] + b" 6")
    path = _write("deals.csv", data)(tmp_path)
    document = json_cli(path)
    assert document["inputs"][0]["counted"] == 8
    assert found(document, "bad_bytes")["rows"] == [7]


def test_a_broken_date_and_a_broken_amount_are_findings(json_cli: Any, tmp_path: Path) -> None:
    rows = ROW + ROW.replace("1,Станок,1000", "2,Пресс,много").replace("01.11.2026", "32.13.2026")
    path = _write("deals.csv", AMO + rows)(tmp_path)
    document = json_cli(path, "--as-of", "2026-11-16")
    assert found(document, "bad_date")["rows"] == [3]
    assert found(document, "bad_amount")["rows"] == [3]
    assert document["inputs"][0]["counted"] == 2


def test_a_folder_goes_on_without_what_is_no_table(kit: Any, copy: Any, cli: Cli) -> None:
    path = copy(kit.AMO)
    _write("заметки.txt", "просто текст")(path.parent)
    _write("люди.csv", "Имя,Город\nИван,Тула\n")(path.parent)
    code, out, err = cli("report", path.parent, "--format", "json")
    assert code == 0, err
    codes = [f["code"] for f in json.loads(out)["findings"]]
    assert "unknown_table" in codes


def test_a_file_the_config_ignores_is_not_even_opened(
    kit: Any, copy: Any, cli: Cli, tmp_path: Path
) -> None:
    path = copy(kit.AMO)
    _write("сломан.xlsx", b"PK\x03\x04 not a workbook")(tmp_path)
    config = tmp_path / "funnelkpi.yaml"
    text = kit.AMO_CONFIG.read_text("utf-8")
    config.write_text(text, "utf-8")
    assert cli("report", tmp_path)[0] == 2
    config.write_text(
        text.replace("inputs:\n", "inputs:\n  files:\n    - {match: сломан*, ignore: true}\n"),
        "utf-8",
    )
    code, out, err = cli("report", tmp_path, "--format", "json")
    assert code == 0, err
    assert [i["file"] for i in json.loads(out)["inputs"]] == [path.name]


@pytest.mark.parametrize("command", ["inspect", "check", "deals", "init"])
def test_other_commands_refuse_alike(command: str, kit: Any, cli: Cli, tmp_path: Path) -> None:
    path = _write("deals.csv", b"")(tmp_path)
    config = () if command == "init" else ("-c", kit.AMO_CONFIG)
    code, _, err = cli(command, path, *config)
    assert code == 2, err
    assert "Traceback" not in err
    assert "deals.csv" in err


# Columns without which a figure cannot be told: it must not be 0.
NEEDED = {
    "Дата закрытия": ("won", "win_rate", "time_to_close"),
    "Дата создания сделки": ("deals_created", "time_to_close"),
    "Бюджет ": ("won_amount", "open_amount"),
}


@pytest.mark.parametrize("caption", NEEDED)
def test_a_missing_column_is_not_a_zero(caption: str, kit: Any, tmp_path: Path) -> None:
    header, *body = kit.cells(kit.AMO)
    keep = [i for i, c in enumerate(header) if c != caption]
    path = kit.to_csv(tmp_path / "deals.csv", [[r[i] for i in keep] for r in (header, *body)])
    table = kit.run(path, config=kit.settings(kit.AMO_CONFIG)).metrics
    for metric in NEEDED[caption]:
        rows = table[table["metric"].eq(metric)]
        assert len(rows), metric
        assert rows["verdict"].eq("not_evaluated").all(), rows.head().to_string()
        assert rows["value"].isna().all()
