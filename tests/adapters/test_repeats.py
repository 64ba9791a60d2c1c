from __future__ import annotations

HEADER = "ID|Стадия сделки|Название сделки|Дата создания|Дата изменения"


def test_identical_rows_are_one(make_table, load_tables, rows, findings):
    row = "{}|Новая|Цех|01.02.2026 10:00:00|01.02.2026 10:00:00"
    text = "\n".join([HEADER, row.format(2), row.format(1), row.format(2)])
    tables = load_tables(make_table("d.csv", text))
    assert rows(tables.deals, "deal_id", "_row") == [("2", 2), ("1", 3)]
    assert set(findings(tables)) == {"repeated_rows"}
    assert findings(tables)["repeated_rows"].rows == (4,)


def test_of_different_rows_the_last_edited_stays(make_table, load_tables, rows, findings):
    text = f"""{HEADER}
2|Новая|Цех|01.02.2026 10:00:00|01.02.2026 10:00:00
2|В работе|Цех|01.02.2026 10:00:00|03.02.2026 10:00:00
2|Новая|Цех|01.02.2026 10:00:00|
1|Новая|Дом|01.02.2026 10:00:00|01.02.2026 10:00:00"""
    tables = load_tables(make_table("d.csv", text))
    assert rows(tables.deals, "deal_id", "stage", "_row") == [
        ("2", "В работе", 3),
        ("1", "Новая", 5),
    ]
    finding = findings(tables)["repeated_ids_differ"]
    assert (finding.rows, finding.count) == ((2, 4), 2)
    assert tables.accounts[0].merged == 2
