"""The account of rows holds for any mess: rows in = counted + merged + excluded + rejected."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.adapters.interface import Wanted
from funnelkpi.adapters.load import load
from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import Settings

HEADER = ["ID", "Стадия сделки", "Воронка", "Сумма", "Дата создания", "Дата изменения"]
PRODUCTS = ["Товар", "Цена", "Количество"]
DAYS = [(datetime(2026, 1, 1) + timedelta(days=i)).strftime("%d.%m.%Y") for i in range(12)]
CELL = st.sampled_from
ROW = st.tuples(
    CELL(["", "1", "2", "3", "4", "5", "5.0", "Итого"]), CELL(["", "Новая", "В работе"]),
    CELL(["", "Общая", "Сервис"]), CELL(["", "0", "10", "2.5", "много"]),
    CELL(["", *DAYS]), CELL(["", *DAYS]),
)  # fmt: skip
TABLE = st.tuples(st.lists(ROW, max_size=8), st.booleans(), st.integers(0, 2))


@settings(max_examples=120, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(TABLE, min_size=1, max_size=3), st.randoms())
def test_accounts_balance_and_no_deal_counts_twice(make_source, given_tables, random):
    sources, total = [], 0
    for i, (rows, products, rejected) in enumerate(given_tables):
        header = HEADER + (PRODUCTS if products else [])
        cells = [list(r) for r in rows]
        random.shuffle(cells)
        sources.append(make_source(f"{i}.csv", header, cells, rejected=rejected))
        total += len(cells) + rejected
    wanted = Wanted(frozenset({"stage", "amount", "created_at"}))
    tables = load([recognise(s, Settings()) for s in sources], wanted, Settings())
    assert all(a.balanced for a in tables.accounts)
    assert sum(a.rows for a in tables.accounts) == total
    assert sum(a.counted for a in tables.accounts) == len(tables.deals)
    assert sum(n for a in tables.accounts for _, n in a.reasons) == sum(
        a.excluded for a in tables.accounts
    )
    assert tables.deals["deal_id"].is_unique
    named = {f.file for f in tables.findings}
    assert {a.file for a in tables.accounts if a.excluded} <= named
    # whatever ID stands in a file is counted, or excluded from it as absent
    ids = {c[0].removesuffix(".0") for t, _, _ in given_tables for c in t} - {"", "Итого"}
    assert set(tables.deals["deal_id"]) <= ids
    if len(given_tables) == 1:
        assert set(tables.deals["deal_id"]) == ids


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(st.tuples(CELL("123"), st.integers(-500, 500)), min_size=1, max_size=12))
def test_product_sums_agree_with_pandas(make_source, lines):
    header = ["ID", "Стадия сделки", "Сумма", *PRODUCTS]
    rows = [[i, "Новая", str(n / 4), "x", "1", "1"] for i, n in lines]
    source = make_source("d.csv", header, rows)
    deals = load([recognise(source, Settings())], Wanted(frozenset({"amount"})), Settings()).deals
    expected = pd.DataFrame(lines, columns=["id", "n"]).groupby("id", sort=False)["n"].sum() / 4
    assert dict(zip(deals["deal_id"], deals["amount"], strict=True)) == expected.round(2).to_dict()


def test_the_same_files_give_the_same_tables(make_table):
    text = "ID|Этап сделки|Бюджет\n2|Бриф|5\n1|КП|7\n1|КП|8"
    wanted = Wanted(frozenset({"stage", "amount"}))

    def run():
        exports = [recognise(make_table(n, text), Settings()) for n in ("b.csv", "a.csv")]
        return load(exports, wanted, Settings())

    one, other = run(), run()
    pd.testing.assert_frame_equal(one.deals, other.deals)
    assert (one.findings, one.accounts) == (other.findings, other.accounts)
    assert [a.file for a in one.accounts] == ["b.csv", "a.csv"]


def test_stated_moments_and_days(make_table):
    header = "ID|Стадия сделки\n1|Новая"
    names = ("DEAL_20260204_0a1b2c3d_6983168000abc.csv", "DEAL_20260101_0a1b2c3d_6956000000abc.csv")
    exports = [recognise(make_table(n, header), Settings()) for n in names]
    tables = load(exports, Wanted(frozenset()), Settings())
    assert tables.moments == {
        "deals": datetime(2026, 2, 4, 12, 50, 56),
        "leads": None,
        "calls": None,
    }
    assert str(tables.days["deals"]) == "2026-02-04"


def test_a_file_of_captions_alone_is_told(make_table: Any, load_tables: Any, findings: Any) -> None:
    deals = make_table("deals.csv", "ID|Название сделки|Этап сделки|Воронка\n1|Печь|База|Продажи")
    events = make_table("e.csv", "Дата|Объект|Событие|Значение до|Значение после|ID сделки")
    found = findings(load_tables(deals, events))
    assert found["no_rows"].file == "e.csv"
    assert "no_rows" not in findings(load_tables(deals))
