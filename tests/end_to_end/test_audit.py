"""What an audit by hand found once and must not come back."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

import funnelkpi
from funnelkpi.cli.app import run

SAMPLE = Path(__file__).parents[2] / "sample_data" / "amocrm"
CONFIG = SAMPLE / "funnelkpi.yaml"


def report(capsys: pytest.CaptureFixture[str], *args: str) -> dict:  # type: ignore[type-arg]
    assert run(["report", *args, "--format", "json"], "ru") == 0
    return json.loads(capsys.readouterr().out)


def test_a_later_as_of_looks_from_the_export_and_says_so(capsys):
    late = report(capsys, str(SAMPLE), "--as-of", "2030-01-01")
    plain = report(capsys, str(SAMPLE))
    assert late["metrics"] == plain["metrics"]
    assert late["as_of"] == plain["as_of"]
    assert [f["code"] for f in late["findings"]].count("as_of_after_export") == 1


def test_nobody_is_praised_before_a_working_day_has_passed(capsys):
    assert run(["report", str(SAMPLE), "--period", "this-week"], "ru") == 0
    page = capsys.readouterr().out
    assert "ни одного рабочего дня" in page
    assert "Все " not in page.split("Нормы ─")[0]


def test_a_norm_on_a_column_no_file_has_is_not_evaluated(tmp_path):
    text = CONFIG.read_text(encoding="utf-8").replace("Категория компании", "Нет такого столбца")
    config = tmp_path / "funnelkpi.yaml"
    config.write_text(text, encoding="utf-8")
    metrics = funnelkpi.analyze(SAMPLE, config).metrics
    norms = metrics[metrics["slice"].eq("norm=0")]
    own = norms[norms["norm"].notna() | norms["verdict"].eq("not_evaluated")]
    assert set(own["verdict"]) == {"not_evaluated"}
    assert set(own["definition"]) == {"needs.norm_field"}


def test_a_deal_in_an_unknown_stage_is_unknown_not_back():
    metrics = funnelkpi.analyze(SAMPLE, CONFIG).metrics
    rows = metrics[metrics["metric"].eq("conversion_base") & metrics["scope"].eq("company")]
    rows = rows[rows["pipeline"].eq("sales") & rows["to_stage"].eq("won")]
    counts = dict(zip(rows["slice"], rows["value"], strict=True))
    assert (counts["class=unknown"], counts["class=moved_back"]) == (2, 0)


def test_a_slip_of_the_keyboard_is_no_amount(tmp_path):
    rows = list(csv.reader((SAMPLE / "amocrm_export_leads_2026-11-16.csv").open(encoding="utf-8")))
    stage, amount = rows[0].index("Этап сделки"), 2
    won = next(
        r for r in rows[1:] if r[stage] == "Успешно реализовано" and r[amount] not in ("", "0")
    )
    before, won[amount] = float(won[amount]), "9" * 21
    path = tmp_path / "amocrm_export_leads_2026-11-16.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(rows)
    sums = [
        a.metrics.query("metric == 'won_amount' and scope == 'company' and slice.isna()")
        for a in (
            funnelkpi.analyze(folder, CONFIG, period="2024-01-01..2026-11-16")
            for folder in (SAMPLE, tmp_path)
        )
    ]
    total = [s.loc[s["pipeline"].isna() & s["currency"].eq("RUB"), "value"].iat[0] for s in sums]
    assert total[0] - total[1] == pytest.approx(before)


def test_excluded_rows_have_their_reasons(capsys):
    (account,) = report(capsys, str(SAMPLE))["inputs"]
    assert account["excluded"] == sum(account["reasons"].values()) == 1
    assert set(account["reasons"]) == {"after_as_of"}


def test_a_missing_owner_column_is_a_finding(tmp_path):
    rows = list(csv.reader((SAMPLE / "amocrm_export_leads_2026-11-16.csv").open(encoding="utf-8")))
    at = rows[0].index("Ответственный")
    path = tmp_path / "amocrm_export_leads_2026-11-16.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(r[:at] + r[at + 1 :] for r in rows)
    found = funnelkpi.analyze(tmp_path).findings
    assert "no_owner_column" in set(found["code"])
