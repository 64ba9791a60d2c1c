"""The activity clock: the CRM's own last activity, and conversations by deal and by phone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.adapters.calls.activity import last_activity, last_conversation
from funnelkpi.adapters.cells.texts import TEXT
from funnelkpi.config.schema import CallSettings

AS_OF = datetime(2026, 11, 16, 8, 30)


def moments(values: Any) -> pd.Series:
    return pd.to_datetime(pd.Series(list(values), dtype=object), format="ISO8601").astype(
        "datetime64[s]"
    )


def deals(*rows: tuple[str, str | None, str | None], **more: Any) -> pd.DataFrame:
    """ID, phones, creation."""
    n = len(rows)
    return pd.DataFrame(
        {
            "deal_id": pd.array([r[0] for r in rows], dtype=TEXT),
            "phone": pd.array([r[1] for r in rows], dtype=TEXT),
            "created_at": moments(r[2] for r in rows),
            "crm": pd.Categorical(more.get("crm", ["bitrix24"] * n)),
            "entity": pd.Categorical(more.get("entity", ["deal"] * n), categories=["deal", "lead"]),
            "last_activity_at": moments(more.get("activity", [None] * n)),
        }
    )


def calls(*rows: tuple[str | None, str | None, str], **more: Any) -> pd.DataFrame:
    """Deal ID, phone (as the calls table has it), moment."""
    n = len(rows)
    return pd.DataFrame(
        {
            "deal_id": pd.array([r[0] for r in rows], dtype=TEXT),
            "phone": pd.array([r[1] for r in rows], dtype=TEXT),
            "called_at": moments(r[2] for r in rows),
            "talk_seconds": more.get("talk", [60] * n),
            "outcome": pd.Categorical(more.get("outcome", ["success"] * n)),
            "crm": pd.Categorical(more.get("crm", ["bitrix24"] * n)),
        }
    )


def spoken(d: pd.DataFrame, c: pd.DataFrame) -> list[str | None]:
    found = last_conversation(d, c, seconds=30, region="RU", as_of=AS_OF)
    return [None if np.isnat(m) else str(m)[5:16] for m in found]


OLD = "2026-01-01"


def test_by_phone_whatever_the_form() -> None:
    d = deals(("1", "8 (912) 345-67-89", OLD), ("2", "+79990000000", OLD), ("3", None, OLD),
              ("4", "912 345-67-89, +7 901 111-11-11", OLD))  # fmt: skip
    c = calls((None, "+79123456789", "2026-11-01 10:00"), (None, "+79123456789", "2026-11-03 11:00"),
              (None, "+79011111111", "2026-11-05 12:00"), (None, None, "2026-11-06"))  # fmt: skip
    assert spoken(d, c) == ["11-03T11:00", None, None, "11-05T12:00"]


def test_only_conversations_count_and_only_up_to_the_moment() -> None:
    d = deals(("1", "+79123456789", OLD))
    phone = "+79123456789"
    c = calls((None, phone, "2026-11-01 10:00"), (None, phone, "2026-11-02 10:00"),
              (None, phone, "2026-11-03 10:00"), (None, phone, "2026-11-16 09:00"),
              talk=[30, 29, 60, 60], outcome=["success", "success", "missed", "success"])  # fmt: skip
    assert spoken(d, c) == ["11-01T10:00"]


def test_a_call_that_names_its_deal_is_that_deals_alone() -> None:
    d = deals(("1", "+79123456789", OLD), ("2", "+79123456789", OLD))
    assert spoken(d, calls(("2", "+79123456789", "2026-11-01 10:00"))) == [None, "11-01T10:00"]


def test_ids_of_another_crm_or_of_leads_are_other_ids() -> None:
    d = deals(("7", None, OLD), ("7", None, OLD), ("7", None, OLD),
              crm=["amocrm", "bitrix24", "bitrix24"], entity=["deal", "deal", "lead"])  # fmt: skip
    assert spoken(d, calls(("7", None, "2026-11-01 10:00"))) == [None, "11-01T10:00", None]


def test_a_talk_before_the_deal_was_about_something_else() -> None:
    d = deals(("1", "+79123456789", "2026-11-05"), ("2", "+79123456789", "2026-10-05"))
    assert spoken(d, calls((None, "+79123456789", "2026-11-01 10:00"))) == [None, "11-01T10:00"]


def test_the_later_of_activity_and_conversation() -> None:
    d = deals(("1", "+79123456789", OLD), ("2", "+79123456789", OLD), ("3", None, OLD),
              activity=["2026-11-10 09:00", "2026-10-01 09:00", None])  # fmt: skip
    c = calls((None, "+79123456789", "2026-11-01 10:00"))
    got = last_activity(d, c, CallSettings(), AS_OF)
    assert [None if np.isnat(m) else str(m)[5:10] for m in got] == ["11-10", "11-01", None]
    alone = last_activity(d, None, CallSettings(), AS_OF)
    assert [None if np.isnat(m) else str(m)[5:10] for m in alone] == ["11-10", "10-01", None]


def test_an_activity_after_the_moment_makes_no_deal_silent() -> None:
    """What came before it is unknown; nobody is accused of silence on a guess."""
    d = deals(("1", None, OLD), activity=["2026-11-18 09:00"])
    assert last_activity(d, None, CallSettings(), AS_OF).tolist() == [AS_OF]


PHONE = st.sampled_from(["+79123456789", "+79990000000", "+79011111111"])
HOUR = st.integers(0, 1000)


@pytest.mark.filterwarnings("error")
@given(
    st.lists(st.tuples(st.lists(PHONE, max_size=3), HOUR), min_size=1, max_size=8),
    st.lists(st.tuples(PHONE, HOUR, st.integers(0, 90)), max_size=12),
)
def test_against_a_plain_loop(
    base: list[tuple[list[str], int]], made: list[tuple[str, int, int]]
) -> None:
    start = pd.Timestamp("2026-10-01")

    def at(hours: int) -> str:
        return str(start + pd.Timedelta(hours=hours))

    d = deals(*((str(i), ", ".join(p) or None, at(h)) for i, (p, h) in enumerate(base)))
    c = calls(*((None, p, at(h)) for p, h, _ in made), talk=[t for _, _, t in made])
    got = last_conversation(d, c, seconds=30, region="RU", as_of=AS_OF)
    for (phones, created), moment in zip(base, got, strict=True):
        hours = [h for p, h, t in made if p in phones and t >= 30 and h >= created]
        wanted = [at(h) for h in hours if pd.Timestamp(at(h)) <= AS_OF]
        assert (None if np.isnat(moment) else pd.Timestamp(moment)) == (
            max(map(pd.Timestamp, wanted)) if wanted else None
        )
