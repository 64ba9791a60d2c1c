"""Reports that lie among the exports are passed over with one note each."""

from __future__ import annotations

from funnelkpi.config.bundled import root

SAMPLE = root() / "sample_data" / "amocrm"


def test_saved_reports_beside_the_exports_change_nothing(cli, tmp_path):
    (export,) = SAMPLE.glob("*.csv")
    (tmp_path / export.name).write_bytes(export.read_bytes())
    clean = cli("report", tmp_path, "--format", "json")
    saved = [tmp_path / f"report.{suffix}" for suffix in ("json", "csv")]
    for path in saved:
        assert cli("report", tmp_path / export.name, "-o", path).code == 0
    again = cli("report", tmp_path, "--format", "json")
    assert again.json["metrics"] == clean.json["metrics"]
    added = [f for f in again.json["findings"] if f["code"] == "own_report"]
    assert {(f["file"], f["severity"]) for f in added} == {(p.name, "note") for p in saved}
    assert len(again.json["findings"]) == len(clean.json["findings"]) + 2


def test_a_saved_report_given_by_name_is_refused(cli, tmp_path):
    (export,) = SAMPLE.glob("*.csv")
    report = tmp_path / "report.json"
    assert cli("report", export, "-o", report).code == 0
    ran = cli("report", report, "--lang", "en")
    assert ran.code == 2
    assert "a report of this program" in ran.err
