"""The data as they stood at a moment: what is younger is excluded, what ended later is open."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from funnelkpi.adapters.cut import cut_calls, cut_deals
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.funnel import STATUSES

MOMENT = datetime(2026, 11, 10, 12, 0)
EXPORTED = datetime(2026, 11, 16, 8, 30)


def deals(make: Any, text: str) -> pd.DataFrame:
    """A table of id, status, created, closed, changed, modified [, file]."""
    raw = make.table(text)

    def at(name: str) -> pd.Series:
        return pd.to_datetime(raw[name], format="ISO8601").astype("datetime64[s]")

    return pd.DataFrame(
        {
            "deal_id": raw["id"],
            "status": pd.Categorical(raw["status"], categories=STATUSES),
            "created_at": at("created"),
            "closed_at": at("closed"),
            "stage_changed_at": at("changed"),
            "modified_at": at("modified"),
            "_file": pd.Categorical(raw["file"] if "file" in raw else ["d.csv"] * len(raw)),
            "_row": range(2, len(raw) + 2),
        }
    )


ONE = (FileAccount("d.csv", "deals", "amocrm", 9, 9),)
TABLE = """
id | status   | created    | closed           | changed    | modified   | expect   | unknown
A  | won      | 2026-10-01 | 2026-11-09       |            | 2026-11-15 | won      |
B  | won      | 2026-10-01 | 2026-11-12       |            | 2026-11-12 | open     | yes
C  | lost     | 2026-10-01 | 2026-11-10 12:00 |            | 2026-11-10 | lost     |
D  | open     | 2026-10-01 |                  | 2026-11-09 | 2026-11-15 | open     |
E  | open     | 2026-10-01 |                  | 2026-11-11 | 2026-11-15 | open     | yes
F  | open     | 2026-10-01 |                  |            | 2026-11-15 | open     | yes
G  | open     | 2026-10-01 |                  |            | 2026-11-09 | open     |
H  | incoming | 2026-10-01 |                  |            | 2026-11-15 | incoming |
I  | parked   | 2026-10-01 |                  | 2026-11-01 | 2026-11-15 | parked   |
J  | parked   | 2026-10-01 |                  | 2026-11-14 | 2026-11-15 | open     | yes
K  | unknown  | 2026-10-01 | 2026-11-14       |            |            | open     | yes
L  | unknown  | 2026-10-01 | 2026-11-01       | 2026-11-01 | 2026-11-01 | unknown  |
M  | open     | 2026-10-01 |                  |            |            | open     | yes
"""


def test_status_and_stage_at_an_earlier_moment(make: Any) -> None:
    raw = make.table(TABLE)
    got = cut_deals(deals(make, TABLE), ONE, MOMENT, EXPORTED).rows
    assert list(zip(got["deal_id"], got["status"], got["stage_unknown"], strict=True)) == [
        (i, e, u == "yes") for i, e, u in zip(raw["id"], raw["expect"], raw["unknown"], strict=True)
    ]
    assert not (got["closed_at"] > MOMENT).any()
    assert not (got["stage_changed_at"] > MOMENT).any()


def test_at_the_moment_of_the_export_everything_is_known(make: Any) -> None:
    table = deals(make, TABLE)
    got = cut_deals(table, ONE, EXPORTED, EXPORTED).rows
    assert not got["stage_unknown"].any()
    assert got["status"].tolist() == table["status"].tolist()


def test_a_file_without_dates_of_change(make: Any) -> None:
    """M: its stage was the same a week ago only if nobody touched it, and nobody can tell."""
    table = deals(make, TABLE).iloc[[12]]
    assert cut_deals(table, ONE, MOMENT, EXPORTED).rows["stage_unknown"].tolist() == [True]
    assert cut_deals(table, ONE, MOMENT, None).rows["stage_unknown"].tolist() == [False]


def test_younger_deals_are_excluded_file_by_file(make: Any) -> None:
    table = deals(make, """
    id | status | created          | closed | changed | modified | file
    A  | open   | 2026-11-10 12:00 |        |         |          | a.csv
    B  | open   | 2026-11-10 12:01 |        |         |          | a.csv
    C  | open   | 2026-11-11       |        |         |          | b.csv
    D  | open   |                  |        |         |          | b.csv
    """)  # fmt: skip
    accounts = (
        FileAccount("a.csv", "deals", "amocrm", 3, 2, merged=1),
        FileAccount("b.csv", "deals", "bitrix24", 2, 2),
        FileAccount("c.xls", "calls", "bitrix24", 5, 5),
    )
    got = cut_deals(table, accounts, MOMENT, EXPORTED)
    assert got.rows["deal_id"].tolist() == ["A", "D"]  # no creation date: it stays, a finding apart
    assert got.rows.index.tolist() == [0, 1]
    assert [(a.counted, a.excluded) for a in got.accounts] == [(1, 1), (1, 1), (5, 0)]
    assert all(a.balanced for a in got.accounts)
    assert got.accounts[0].reasons == (("findings_data.after_as_of", 1),)
    assert [(f.file, f.rows, f.count) for f in got.findings] == [
        ("a.csv", (3,), 1), ("b.csv", (4,), 1),
    ]  # fmt: skip


def test_the_input_is_not_changed(make: Any) -> None:
    table = deals(make, TABLE)
    before = table.copy(deep=True)
    cut_deals(table, ONE, MOMENT, EXPORTED)
    pd.testing.assert_frame_equal(table, before)


@pytest.mark.parametrize(("moment", "left"), [("2026-11-10 12:00", 2), ("2026-11-09 00:00", 1)])
def test_calls_after_the_moment_did_not_happen(moment: str, left: int) -> None:
    calls = pd.DataFrame(
        {
            "called_at": pd.to_datetime(
                ["2026-11-10 12:00", "2026-11-08 10:00", "2026-11-12 10:00"]
            ).astype("datetime64[s]"),
            "_file": pd.Categorical(["c.xls"] * 3),
            "_row": [2, 3, 4],
        }
    )
    account = FileAccount("c.xls", "calls", "bitrix24", 4, 3, excluded=1, reasons=(("billing", 1),))
    got = cut_calls(calls, (account,), datetime.fromisoformat(moment))
    assert got is not None
    assert len(got.rows) == got.accounts[0].counted == left
    assert got.accounts[0].excluded == 1 + 3 - left
    assert got.accounts[0].balanced
    assert cut_calls(None, (account,), MOMENT) is None
