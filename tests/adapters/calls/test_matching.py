"""Calls and deals: each rule of the matching on a case counted by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.adapters.calls.matching import link_clients, match_calls
from funnelkpi.adapters.cells.phones import normalise_phones
from funnelkpi.adapters.cells.texts import TEXT
from funnelkpi.config.schema import CallSettings
from funnelkpi.model.calls import CLASSES

A = "89120000001"


def moments(values: Any) -> pd.Series:
    found = pd.to_datetime(pd.Series(list(values), dtype=object), format="ISO8601")
    return found.astype("datetime64[s]")


def deals(*rows: tuple[str, str | None, str, str | None], **more: Any) -> pd.DataFrame:
    """ID, phones, creation, close."""
    n = len(rows)
    return pd.DataFrame(
        {
            "deal_id": pd.array([r[0] for r in rows], dtype=TEXT),
            "phone": pd.array([r[1] for r in rows], dtype=TEXT),
            "created_at": moments(r[2] for r in rows),
            "closed_at": moments(r[3] for r in rows),
            "company": pd.Categorical(more.get("company", [None] * n)),
            "contact": pd.Categorical([None] * n),
            "entity": pd.Categorical(more.get("entity", ["deal"] * n), categories=["deal", "lead"]),
            "crm": pd.Categorical(more.get("crm", ["bitrix24"] * n)),
        }
    )


def calls(*rows: tuple[str | None, str], **more: Any) -> pd.DataFrame:
    """Phone, moment."""
    n = len(rows)
    return pd.DataFrame(
        {
            "phone": normalise_phones(pd.Series([r[0] for r in rows], dtype=TEXT), "RU"),
            "called_at": moments(r[1] for r in rows),
            "deal_id": pd.array(more.get("deal_id", [None] * n), dtype=TEXT),
            "crm": pd.Categorical(more.get("crm", ["bitrix24"] * n)),
            "hidden": more.get("hidden", [False] * n),
            "internal": more.get("internal", [False] * n),
        }
    )


def found(d: pd.DataFrame, c: pd.DataFrame, **settings: Any) -> list[tuple[str | None, str]]:
    """ID of the deal of each call, and its class."""
    got = match_calls(d, c, None, None, CallSettings(**settings))
    ids = [*d["deal_id"], None]
    return [(ids[i], CLASSES[k]) for i, k in zip(got.deal, got.klass, strict=True)]


def test_open_from_the_creation_until_before_the_close() -> None:
    d = deals(("1", A, "2026-01-10 10:00", "2026-03-10 10:00"))
    c = calls((A, "2026-01-10 10:00"), (A, "2026-02-10 10:00"), (A, "2026-03-24 10:00"),
              (A, "2026-03-24 10:00:01"), (A, "2025-12-27 10:00"), (A, "2025-12-27 09:59:59"))  # fmt: skip
    one, none = ("1", "matched"), (None, "no_deal")
    assert found(d, c) == [one, one, one, none, one, none]
    assert found(d, c, match_days=0) == [one, one, none, none, none, none]


def test_an_open_deal_before_a_nearer_closed_one() -> None:
    d = deals(("1", A, "2026-01-01", None), ("2", A, "2026-02-01", "2026-02-09"))
    assert found(d, calls((A, "2026-02-10"))) == [("1", "matched")]


def test_of_several_open_the_one_begun_or_closed_nearest() -> None:
    d = deals(("1", A, "2026-01-01", "2026-02-12"), ("2", A, "2026-02-01", None),
              ("3", A, "2026-01-20", "2026-02-05"))  # fmt: skip
    got = found(
        d, calls((A, "2026-02-03"), (A, "2026-02-04"), (A, "2026-02-10"), (A, "2026-02-20"))
    )
    # on the 3rd deals 2 and 3 are two days away each: the lower ID
    assert got == [("2", "several"), ("3", "several"), ("1", "several"), ("2", "matched")]


def test_the_lower_id_is_a_number() -> None:
    d = deals(("10", A, "2026-01-01", None), ("9", A, "2026-01-01", None))
    assert found(d, calls((A, "2026-02-01"), (A, "2025-12-31"))) == [("9", "several")] * 2


def test_of_several_near_ones_the_nearest() -> None:
    d = deals(("1", A, "2026-01-01", "2026-01-10"), ("2", A, "2026-01-20", "2026-01-30"))
    got = found(d, calls((A, "2026-01-14"), (A, "2026-01-16"), (A, "2026-02-05")))
    assert got == [("1", "several"), ("2", "several"), ("2", "matched")]


def test_deals_come_before_leads() -> None:
    d = deals(("1", A, "2026-01-01", None), ("2", A, "2026-01-05", "2026-01-06"),
              entity=["lead", "deal"])  # fmt: skip
    assert found(d, calls((A, "2026-01-15"), (A, "2026-02-15"))) == [
        ("2", "matched"), ("1", "matched"),
    ]  # fmt: skip


def test_by_id_of_its_own_crm_and_never_a_lead() -> None:
    d = deals(("7", None, "2026-01-01", None), ("7", A, "2026-01-01", None),
              ("8", A, "2026-01-01", None), crm=["amocrm", "bitrix24", "bitrix24"],
              entity=["deal", "deal", "lead"])  # fmt: skip
    c = calls((None, "2026-02-01"), (A, "2026-02-01"), (A, "2026-02-01"), (A, "2026-02-01"),
              deal_id=["7", "7", "8", "7"], crm=["bitrix24", "amocrm", "bitrix24", "generic"])  # fmt: skip
    got = match_calls(d, c, None, None, CallSettings())
    assert got.deal.tolist() == [1, 0, -1, -1]
    assert [CLASSES[k] for k in got.klass] == ["matched", "matched", "deal_outside", "deal_outside"]
    # with one CRM a provider's calls can mean only its deals
    alone = d.iloc[[1]].reset_index(drop=True)
    assert match_calls(alone, c, None, None, CallSettings()).deal.tolist() == [0, -1, -1, 0]


def test_without_a_client() -> None:
    d = deals(("1", A, "2026-01-01", None))
    c = calls((None, "2026-02-01"), (None, "2026-02-01"), ("84950000000", "2026-02-01"),
              ("101", "2026-02-01"), hidden=[True, False, False, False],
              internal=[False, False, False, True])  # fmt: skip
    assert [k for _, k in found(d, c)] == ["hidden", "no_number", "unknown_number", "internal"]


def test_a_clients_deals_are_those_of_all_its_phones() -> None:
    d = deals(("1", A, "2026-01-01", None), ("2", "89120000002", "2026-01-20", None),
              company=["Ромашка", "Ромашка"])  # fmt: skip
    assert found(d, calls((A, "2026-02-01"))) == [("2", "several")]


def test_tables_get_their_columns() -> None:
    d, c = (
        deals(("1", A, "2026-01-01", None)),
        calls((A, "2026-02-01"), ("84950000000", "2026-02-01")),
    )
    contacts = pd.DataFrame(
        {"name": pd.Categorical(["Олег"]), "phone": pd.array([A], dtype=TEXT),
         "created_at": moments(["2025-05-05"])}
    )  # fmt: skip
    matching = link_clients(d, c, contacts, None, CallSettings())
    assert matching is not None
    assert d["client"].tolist() == contacts["client"].tolist() == [0]
    assert c["client"].tolist() == [0, -1]
    callers = matching.callers.iloc[c["caller"]]
    assert callers["first_deal"].dt.year.tolist()[0] == 2026
    assert callers["first_contact"].dt.year.tolist()[0] == 2025
    assert callers["first_deal"].isna().tolist() == [False, True]


@pytest.mark.filterwarnings("error")
@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 60), st.none() | st.integers(-5, 40)),
             max_size=12),
    st.lists(st.tuples(st.integers(0, 5), st.integers(-30, 120)), max_size=12),
)  # fmt: skip
def test_against_a_plain_loop(
    base: list[tuple[int, int, int | None]], made: list[tuple[int, int]]
) -> None:
    """Every call gets one class, and the deal a plain reading of the rules gives."""
    start = pd.Timestamp("2026-01-01")

    def at(day: int) -> str:
        return str(start + pd.Timedelta(days=day))

    rows = [
        (str(i), f"8912000000{p}", at(b), None if n is None else at(b + n))
        for i, (p, b, n) in enumerate(base)
    ]
    got = found(deals(*rows), calls(*((f"8912000000{p}", at(t)) for p, t in made)))
    for (phone, t), (deal, klass) in zip(made, got, strict=True):
        own = [
            (i, b, None if n is None else b + n) for i, (p, b, n) in enumerate(base) if p == phone
        ]
        far = {i: min(abs(t - x) for x in (b, e) if x is not None) for i, b, e in own}
        fits = [i for i, b, e in own if b <= t and (e is None or t < e)]
        fits = fits or [i for i in far if far[i] <= 14]
        if fits:
            wanted = str(min(fits, key=lambda i: (far[i], i)))
            assert (deal, klass) == (wanted, "several" if len(fits) > 1 else "matched")
        else:
            assert (deal, klass) == (None, "no_deal" if own else "unknown_number")
