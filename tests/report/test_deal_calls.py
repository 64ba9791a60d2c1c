"""The calls behind a figure in a list of deals."""

from __future__ import annotations

import pandas as pd

from funnelkpi.report.deal_calls import call_frame, calls_table


def calls() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "called_at": pd.to_datetime(["2026-11-10 10:05", "2026-11-09 09:00"]).astype("M8[s]"),
            "manager": pd.Categorical(["Анна", None]),
            "phone": pd.array(["+79120000001", None], dtype="str"),
            "direction": pd.Categorical(["in", "in"]),
            "outcome": pd.Categorical(["success", "missed"]),
            "talk_seconds": [90, 0],
            "deal_id": ["17", None],
            "recording": pd.array(["https://ats.example/1", None], dtype="str"),
            "class": [None, "never"],
            "_file": pd.Categorical(["calls.csv"] * 2),
            "_row": [2, 3],
        }
    )


def test_one_row_per_call():
    table = calls_table(call_frame(calls(), mask=False), "ru")
    cells = [[c.value for c in row] for row in table.rows]
    assert [c[1] for c in cells] == ["Анна", "без ответственного"]
    assert [c[2] for c in cells] == ["+79120000001", None]
    assert [c[3] for c in cells] == [1.5, 0]
    assert [c[4] for c in cells] == ["17", None]
    assert cells[1][5] == "Никто"
    assert table.rows[0][6].link == "https://ats.example/1"
    assert cells[0][7] == "calls.csv:2"


def test_masked_calls_show_neither_number_nor_voice():
    frame = call_frame(calls(), mask=True)
    assert frame["phone"].tolist()[0] == "•••"
    assert "ats.example" not in str(frame.to_dict())
    table = calls_table(frame, "ru")
    assert all(c.link is None for row in table.rows for c in row)
