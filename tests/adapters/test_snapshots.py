"""Several exports in a folder: snapshots where they overlap, a union where they do not."""

from __future__ import annotations

HEADER = "ID|Стадия сделки|Воронка|Дата создания|Дата изменения"


def deals(make_table, name, text):
    return make_table(name, f"{HEADER}\n{text}")


OLD = """4|Новая|Общая|04.01.2026 10:00:00|04.01.2026 10:00:00
3|Новая|Общая|03.01.2026 10:00:00|04.01.2026 10:00:00
2|Новая|Сервис|02.01.2026 10:00:00|04.01.2026 10:00:00
1|Новая|Общая|01.01.2026 10:00:00|04.01.2026 10:00:00"""
NEW = """5|Новая|Общая|05.01.2026 10:00:00|08.01.2026 10:00:00
4|В работе|Общая|04.01.2026 10:00:00|08.01.2026 10:00:00
2|В работе|общая |02.01.2026 10:00:00|08.01.2026 10:00:00"""


def test_the_newest_is_the_state(make_table, load_tables, rows, findings):
    old = deals(make_table, "DEAL_20260105_0a1b2c3d_695b0000abcde.csv", OLD)
    new = deals(make_table, "DEAL_20260108_0a1b2c3d_695f0000abcde.csv", NEW)
    tables = load_tables(old, new)
    # 3 was created within the newest export's range of its pipeline: it is gone.
    # 1 is older than anything in it: a filter may have left it out, so it counts.
    assert sorted(rows(tables.deals, "deal_id", "stage")) == [
        ("1", "Новая"), ("2", "В работе"), ("4", "В работе"), ("5", "Новая"),
    ]  # fmt: skip
    first, second = tables.accounts
    assert (first.rows, first.counted, first.merged, first.excluded) == (4, 1, 2, 1)
    assert first.reasons == (("findings_adapters.absent_from_newest", 1),)
    assert (second.rows, second.counted) == (3, 3)
    finding = findings(tables)["older_export"]
    assert (finding.file, finding.rows) == (old.name, (3,))
    assert finding.params == {"newest": new.name, "merged": 2, "absent": 1, "kept": 1}
    assert [f.code for f in tables.findings].count("findings_adapters.older_export") == 1


def test_the_order_of_the_files_does_not_matter(make_table, load_tables, rows):
    old = deals(make_table, "DEAL_20260105_0a1b2c3d_695b0000abcde.csv", OLD)
    new = deals(make_table, "DEAL_20260108_0a1b2c3d_695f0000abcde.csv", NEW)
    one, other = load_tables(old, new), load_tables(new, old)
    key = ("deal_id", "stage", "_file", "_row")
    assert sorted(rows(one.deals, *key)) == sorted(rows(other.deals, *key))


def test_without_dates_in_names_the_newest_data_win(make_table, load_tables, rows):
    tables = load_tables(deals(make_table, "b.csv", OLD), deals(make_table, "a.csv", NEW))
    assert ("4", "В работе", "a.csv") in rows(tables.deals, "deal_id", "stage", "_file")


def test_two_pipelines_are_a_union(make_table, load_tables):
    one = "3|Новая|Общая|03.01.2026 10:00:00|04.01.2026 10:00:00"
    two = "2|Новая|Сервис|03.01.2026 10:00:00|09.01.2026 10:00:00"
    tables = load_tables(deals(make_table, "a.csv", one), deals(make_table, "b.csv", two))
    assert (len(tables.deals), len(tables.findings)) == (2, 0)


def test_no_shared_ids_in_one_pipeline_is_a_union(make_table, load_tables):
    one = "3|Новая|Общая|03.01.2026 10:00:00|04.01.2026 10:00:00"
    two = """4|Новая|Общая|04.01.2026 10:00:00|09.01.2026 10:00:00
2|Новая|Общая|02.01.2026 10:00:00|09.01.2026 10:00:00"""
    tables = load_tables(deals(make_table, "a.csv", one), deals(make_table, "b.csv", two))
    assert len(tables.deals) == 3


def test_crms_and_kinds_never_meet(make_table, load_tables, rows):
    bitrix = deals(make_table, "a.csv", "3|Новая|Общая|03.01.2026 10:00:00|04.01.2026 10:00:00")
    leads = make_table("l.csv", "ID|Название лида|Стадия|Дата создания\n3|Лид|Новая|03.01.2026")
    amo = make_table("b.csv", "ID|Этап сделки|Дата создания сделки\n3|Бриф|03.01.2026 10:00:00")
    tables = load_tables(bitrix, leads, amo)
    assert rows(tables.deals, "deal_id", "crm") == [("3", "bitrix24"), ("3", "amocrm")]
    assert rows(tables.leads, "deal_id", "crm") == [("3", "bitrix24")]


def test_three_weeks(make_table, load_tables, rows):
    week = "{}|Новая|Общая|0{}.01.2026 10:00:00|{}.01.2026 10:00:00"
    first = "\n".join(week.format(i, i, 10) for i in (4, 3, 2, 1))
    second = "\n".join(week.format(i, i, 17) for i in (5, 3, 2, 1))
    third = "\n".join(week.format(i, i, 24) for i in (5, 2, 1))
    tables = load_tables(*(deals(make_table, f"{n}.csv", t) for n, t in
                           (("w1", first), ("w2", second), ("w3", third))))  # fmt: skip
    assert {r[1] for r in rows(tables.deals, "deal_id", "_file")} == {"w3.csv"}
    assert [(a.counted, a.merged, a.excluded) for a in tables.accounts] == [
        (0, 3, 1), (0, 3, 1), (3, 0, 0),
    ]  # fmt: skip


CALLS = "Сотрудник|Номер телефона|Тип звонка|Время звонка|Дата вызова|Статус"
ROW = "Анна Ким|+79120000001|исходящий|{} сек|{}.01.2026 10:00:00|Успешный звонок"


def test_overlapping_calls_count_once(make_table, load_tables, findings):
    # two calls equal in everything are two in each file
    old = "\n".join([CALLS, ROW.format(5, "03"), ROW.format(5, "02"), ROW.format(5, "02")])
    new = "\n".join([CALLS, ROW.format(5, "04"), ROW.format(5, "02"), ROW.format(5, "02")])
    tables = load_tables(make_table("c1.xls", old), make_table("c2.xls", new))
    assert [(a.counted, a.merged) for a in tables.accounts] == [(1, 2), (3, 0)]
    assert len(tables.calls) == 4
    assert findings(tables)["calls_repeated"].params == {"kept": 1}
