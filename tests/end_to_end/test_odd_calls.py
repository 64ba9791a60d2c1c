"""Odd calls from the file to the report: what is no number is no client, idle rules are named."""

from __future__ import annotations

import funnelkpi
from funnelkpi.model.calls import CLASSES

DEALS = """ID,Название сделки,Бюджет ₽,Ответственный,Дата создания сделки,Дата редактирования,Этап сделки,Воронка,Мобильный телефон
101,Альфа,100,Ким Анна,01.11.2026 10:00:00,16.11.2026 08:00:00,Переговоры,Воронка,+7 916 555-12-36 доб. 7; 8 916 555-12-37
"""  # noqa: E501
CALLS = """Когда,Тип,Номер,Сотрудник,Сек
12.11.2026 10:00,вх,89165551237,Ким Анна,65
12.11.2026 10:10,вх,7916,Ким Анна,65
12.11.2026 10:20,вх,"7,91656E+10",Ким Анна,65
12.11.2026 10:30,вх,89165550000,Ким Анна,65
"""
CONFIG = """version: 1
inputs:
  files:
    - match: "calls*"
      kind: calls
      columns: {called_at: Когда, direction: Тип, phone: Номер, employee: Сотрудник, talk_seconds: Сек}
    - {match: "pbx*", kind: calls, columns: {called_at: Date}}
"""


def test_a_number_that_cannot_be_read_is_no_new_client(tmp_path):
    for name, text in (("deals.csv", DEALS), ("calls.csv", CALLS), ("funnelkpi.yaml", CONFIG)):
        (tmp_path / name).write_text(text, "utf-8")
    done = funnelkpi.analyze(tmp_path, tmp_path / "funnelkpi.yaml")
    classes = [CLASSES[k] for k in done.calls["klass"]]
    assert classes == ["matched", "internal", "no_number", "unknown_number"]
    figures = done.metrics.query("metric == 'calls_without_deal' and scope == 'company'")
    assert figures["value"].max() == 1
    found = done.findings.set_index("code")
    assert "pbx*" in found.loc["rule_without_file", "text"]
    assert found.loc["bad_phone", "rows"] == [4]
