"""``funnelkpi init``: a commented config from the user's own export, never over an existing one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from funnelkpi.config.load import load_settings
from funnelkpi.metrics.names import KNOWN_METRICS

SAMPLES = Path(__file__).parents[2] / "sample_data"
CONFIG = Path("funnelkpi.yaml")
STAGES = {
    "amocrm": {
        "Продажи": {
            "Неразобранное", "База", "ЛПР", "Потребность", "КП отправлено", "Дожим",
            "Согласование договора", "Отложено", "Архив 2024", "Успешно реализовано",
            "Закрыто и не реализовано",
        },
        "Сервис и тендеры": {
            "Расчёт", "Договор", "Успешно реализовано", "Закрыто и не реализовано",
        },
    },
    "bitrix24": {
        "Продажи": {
            "База", "ЛПР", "Потребность", "КП отправлено", "Дожим", "Согласование договора",
            "Отложено", "Архив 2024", "Сделка успешна", "Сделка провалена",
        },
        "Сервис и тендеры": {
            "Расчёт", "Cчёт на предоплату", "Сделка успешна", "Сделка провалена",
        },
    },
}  # fmt: skip
"""Stages as the exports write them (one with a Latin C)."""
CRMS = pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])


def exports(crm: str, tmp_path: Path) -> Path:
    """The sample without its config."""
    folder = tmp_path / crm
    folder.mkdir()
    for path in (SAMPLES / crm).iterdir():
        if path.suffix in (".csv", ".xls"):
            (folder / path.name).write_bytes(path.read_bytes())
    return folder


def same(title: str) -> str:
    """Titles are compared without the Latin letters that look Cyrillic."""
    return title.replace("C", "С").casefold()


@CRMS
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_everything_of_the_export_is_in_it(cli: Any, tmp_path: Path, crm: str, lang: str) -> None:
    ran = cli("init", exports(crm, tmp_path), "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    assert "funnelkpi.yaml" in ran.out
    settings = load_settings(CONFIG, known_metrics=KNOWN_METRICS)
    deals = [p for p in settings.pipelines if p.entity == "deal"]
    for pipeline in deals:
        wanted = STAGES[crm][pipeline.title or ""]
        names = {same(n) for s in pipeline.stages for n in (s.title or "", *s.crm) if n}
        assert names >= {same(n) for n in wanted}
        assert pipeline.order == "guessed"
        assert sum(s.kind == "won" for s in pipeline.stages) == 1
        assert sum(s.kind == "lost" for s in pipeline.stages) == 1
    assert {p.title for p in deals} == set(STAGES[crm])
    people = {m.name.replace("ё", "е") for m in settings.managers}
    assert {"Кирилл Басманов", "Ольга Вересова", "Зоя Лапина"} <= people | {
        " ".join(reversed(name.split())) for name in people
    }
    assert not any("Завьялов" in name for name in people)  # left in June
    assert settings.norms
    assert settings.language == lang


@CRMS
def test_known_order_of_the_stages(cli: Any, tmp_path: Path, crm: str) -> None:
    cli("init", exports(crm, tmp_path))
    settings = load_settings(CONFIG, known_metrics=KNOWN_METRICS)
    sales = next(p for p in settings.pipelines if p.title == "Продажи")
    titles = [s.title for s in sales.stages]
    order = [titles.index(t) for t in ("База", "ЛПР", "Потребность", "КП отправлено", "Дожим")]
    assert order == sorted(order)


def test_comments_are_in_the_language(cli: Any, export: Callable[..., Path]) -> None:
    folder = export(config=None)
    cli("init", folder)
    ru = CONFIG.read_text("utf-8")
    cli("init", folder, "--lang", "en", "--force")
    en = CONFIG.read_text("utf-8")
    # the titles of the preset's norms are Russian in either language
    remarks = " ".join(line for line in re.findall("#.*", en) if "metric:" not in line)
    assert len(remarks) > 300
    assert not re.search("[а-яё]", re.sub(r"«[^»]*»|\([^)]*\)", "", remarks), re.IGNORECASE)
    assert re.search("[а-яё]", " ".join(re.findall("#.*", ru)))


def test_never_over_an_existing_config(cli: Any, export: Callable[..., Path]) -> None:
    CONFIG.write_text("version: 1 # mine\n", "utf-8")
    ran = cli("init", export(config=None))
    assert (ran.code, ran.out) == (2, "")
    assert "--force" in ran.err
    assert CONFIG.read_text("utf-8") == "version: 1 # mine\n"
    assert cli("init", export(config=None), "--force").code == 0
    assert "mine" not in CONFIG.read_text("utf-8")


def test_another_place(cli: Any, export: Callable[..., Path]) -> None:
    assert cli("init", export(config=None), "-o", "own.yaml").code == 0
    assert not CONFIG.exists()
    load_settings(Path("own.yaml"), known_metrics=KNOWN_METRICS)
    assert cli("init", export(config=None), "-o", "absent/own.yaml").code == 4


def test_without_files_the_preset(cli: Any) -> None:
    assert cli("init", "--preset", "b2b-standard").code == 0
    settings = load_settings(CONFIG, known_metrics=KNOWN_METRICS)
    assert settings.preset == "b2b-standard"
    norms = {(n.normal, n.great) for n in settings.norms if n.metric == "entries"}
    assert norms >= {(50.0, None), (10.0, 25.0), (5.0, None)}  # base, decision-makers, needs


@CRMS
def test_a_report_with_it(cli: Any, tmp_path: Path, crm: str) -> None:
    """The written config is used as it stands; once the order is confirmed, steps are counted."""
    folder = exports(crm, tmp_path)
    cli("init", folder)
    first = cli("report", folder, "--format", "json")
    assert (first.code, first.err) == (0, "")
    codes = {f["code"] for f in first.json["findings"]}
    assert "unknown_stage" not in codes
    assert conversions(first.json) == {None}
    written = CONFIG.read_text("utf-8")
    CONFIG.write_text(written.replace("order: guessed", "order: confirmed"), "utf-8")
    second = cli("report", folder, "--format", "json")
    assert second.code == 0
    assert len(conversions(second.json) - {None}) >= 2
    assert first.json["config_sha256"] != second.json["config_sha256"]


def conversions(report: dict[str, Any]) -> set[float | None]:
    return {
        r["value"]
        for r in report["metrics"]
        if r["metric"] == "conversion" and r["scope"] == "company"
    }


def test_unknown_calls_get_a_guessed_rule_and_other_tables_are_named(
    cli: Any, tmp_path: Path
) -> None:
    folder = tmp_path / "calls"
    folder.mkdir()
    for path in (SAMPLES / "calls").iterdir():
        if path.name.startswith(("DEAL", "ats_calls")):
            (folder / path.name).write_bytes(path.read_bytes())
    (folder / "odd.csv").write_text("a;b\n1;2\n3;4\n", "utf-8")
    ran = cli("init", folder, "--lang", "en")
    assert ran.code == 0
    assert "ats_calls_*.csv: looks like calls" in ran.out
    assert "odd.csv: not read." in ran.err
    (rule,) = load_settings(CONFIG).inputs.files
    written = load_settings(SAMPLES / "calls" / "funnelkpi.yaml").inputs.files[0]
    assert rule.columns == written.columns
    shown = cli("report", folder, "--format", "json", "--section", "quality")
    files = {f["file"]: f for f in shown.json["inputs"]}
    assert files["ats_calls_2026-11-16.csv"]["counted"] > 2000
