"""What is common to deals of every CRM: columns, types, bad cells, rows that are no deals."""

from __future__ import annotations

import pandas as pd
import pytest

from funnelkpi.adapters.interface import Wanted
from funnelkpi.config.schema import Settings
from funnelkpi.model.tables import DAY_ONLY, DEALS, PROVENANCE

HEADER = "ID|Этап сделки|Бюджет|Дата создания сделки|Дата закрытия"
TYPES = {"category": "category", "text": "str", "moment": "datetime64[s]", "money": "float64",
         "flag": "Int8"}  # fmt: skip


@pytest.mark.parametrize("columns", [{c.name for c in DEALS}, {"stage"}])
def test_every_canonical_column_is_there_with_its_type(make_table, load_tables, columns):
    text = f"{HEADER}\n1|Бриф|5|01.02.2026 10:00:00|не закрыта"
    wanted = Wanted(frozenset(columns))
    frame = load_tables(make_table("d.csv", text), wanted=wanted).deals
    expected = {c.name: TYPES[c.type] for c in DEALS}
    expected |= dict.fromkeys(DAY_ONLY.values(), "bool")
    expected |= {"crm": "category", "_file": "category", "_row": "int64"}
    assert {c: str(t) for c, t in frame.dtypes.items()} == expected
    assert (
        frame["amount"].tolist() == [5.0] if "amount" in columns else frame["amount"].isna().all()
    )


def test_types_survive_several_files(make_table, load_tables):
    one = f"{HEADER}\n1|Бриф|5|01.02.2026 10:00:00|не закрыта"
    two = "ID|Стадия сделки|Сумма|Дата создания\n1|Новая|7|01.02.2026 10:00:00"
    several = load_tables(make_table("a.csv", one), make_table("b.csv", two)).deals
    single = load_tables(make_table("a.csv", one)).deals
    assert [str(t) for t in several.dtypes] == [str(t) for t in single.dtypes]
    assert several["stage"].tolist() == ["Бриф", "Новая"]
    assert all(c in several for c in PROVENANCE)


def test_bad_cells_are_missing_and_named(make_table, load_tables, rows, findings):
    text = f"""{HEADER}
3|Бриф|много|32.02.2026 10:00:00|не закрыта
2|Бриф|5|13.02.2026 10:00:00|когда-нибудь
1|Бриф|5|13.02.2026 10:00:00|"""
    tables = load_tables(make_table("d.csv", text))
    assert rows(tables.deals, "amount", "created_at", "closed") == [
        (None, None, 0), (5.0, "2026-02-13 10:00:00", None), (5.0, "2026-02-13 10:00:00", 0),
    ]  # fmt: skip
    bad = [(f.code.rpartition(".")[2], f.column, f.rows, f.value) for f in tables.findings]
    assert sorted(bad) == [
        ("bad_amount", "Бюджет", (2,), "много"),
        ("bad_date", "Дата закрытия", (3,), "когда-нибудь"),
        ("bad_date", "Дата создания сделки", (2,), "32.02.2026 10:00:00"),
    ]


def test_ambiguous_dates_are_assumed_and_said(make_table, load_tables, rows, findings):
    text = f"{HEADER}\n1|Бриф|5|03/04/2026|не закрыта"
    tables = load_tables(make_table("d.csv", text))
    assert rows(tables.deals, "created_at") == [("2026-04-03 00:00:00",)]
    assert findings(tables)["date_order_assumed"].params == {"pattern": "d.csv"}
    rule = {"match": "d.csv", "date_order": "mdy"}
    told = load_tables(
        make_table("d.csv", text), settings=Settings.model_validate({"inputs": {"files": [rule]}})
    )
    assert rows(told.deals, "created_at") == [("2026-03-04 00:00:00",)]
    assert not told.findings


def test_one_column_tells_the_order_of_another(make_table, load_tables, rows):
    text = f"{HEADER}\n1|Бриф|5|03/04/2026|03/28/2026"
    tables = load_tables(make_table("d.csv", text))
    assert rows(tables.deals, "created_at", "closed_at") == [
        ("2026-03-04 00:00:00", "2026-03-28 00:00:00"),
    ]
    assert not tables.findings


def test_rows_without_an_id_are_rejected_and_totals_excluded(
    make_table, load_tables, rows, findings
):
    text = f"""{HEADER}
3|Бриф|5|13.02.2026 10:00:00|
|Бриф|5|13.02.2026 10:00:00|
1|Бриф|5|13.02.2026 10:00:00|
Итого||10||
||10||"""
    tables = load_tables(make_table("d.csv", text, rejected=2))
    (account,) = tables.accounts
    assert rows(tables.deals, "deal_id") == [("3",), ("1",)]
    assert (account.rows, account.counted, account.excluded, account.rejected) == (7, 2, 2, 3)
    assert findings(tables)["row_without_id"].rows == (3,)
    assert findings(tables)["totals_row"].rows == (5, 6)


def test_custom_columns(make_table, load_tables, rows, findings):
    text = f"""{HEADER}|Регион|utm|utm|Дата КП
2|Бриф|5|13.02.2026 10:00:00||Урал|a|b|14.02.2026
1|Бриф|5|13.02.2026 10:00:00||урал|c||"""
    wanted = Wanted(frozenset({"stage"}), texts=("регион", "utm", "Регионы"), moments=("Дата КП",))
    tables = load_tables(make_table("d.csv", text), wanted=wanted)
    assert rows(tables.deals, "field:регион", "field:utm", "field:Регионы", "field:Дата КП") == [
        ("Урал", "b", None, "2026-02-14 00:00:00"), ("урал", "c", None, None),
    ]  # fmt: skip
    finding = findings(tables)["caption_not_found"]
    assert (finding.column, finding.params) == ("Регионы", {"like": "Регион"})


def test_only_needed_columns_are_read(make_source, load_tables):
    source = make_source(
        "d.csv", ["ID", "Этап сделки", "Примечание", "Теги", "Файл"], [["1", "Бриф"]]
    )
    asked: list[int] = []
    read = source.reader

    def spy(positions):
        asked.extend(positions)
        return read(positions)

    object.__setattr__(source, "reader", spy)
    load_tables(source, wanted=Wanted(frozenset({"stage", "tags"})))
    assert sorted(asked) == [0, 1, 3]


def test_a_table_of_no_rows(make_table, load_tables):
    tables = load_tables(make_table("d.csv", HEADER))
    assert isinstance(tables.deals, pd.DataFrame)
    assert (len(tables.deals), tables.accounts[0].rows) == (0, 0)
