"""Datasets with calls, matched with the deals by the program's own code."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from funnelkpi.adapters.calls.activity import conversations
from funnelkpi.adapters.calls.matching import link_clients
from funnelkpi.adapters.cells.phones import normalise_phones
from funnelkpi.adapters.cells.texts import TEXT
from funnelkpi.config.schema import CallSettings
from funnelkpi.model.dataset import Dataset

_HIDDEN = "hidden"


def _moments(values: Any) -> pd.Series:
    found = pd.to_datetime(pd.Series(list(values), dtype=object), format="ISO8601")
    return found.astype("datetime64[s]")


def with_calls(
    make: Any,
    deals: str,
    calls: str,
    contacts: str | None = None,
    covered: str | None = None,
    **build: Any,
) -> Dataset:
    """``make.build`` of ``deals`` (further columns: phone, creator, lead_id) with calls from a table
    with any of: at, who, phone (``hidden``; of three digits: a colleague), dir (in), talk, outcome
    (success if there is talk, else missed), deal, result, rec. contacts: name, phone, created.

    covered: until when the calls reach; by default to the dataset's moment.
    """
    data: Dataset = make.build(deals, **build)
    raw, table = make.table(calls), make.table(deals)
    n = len(raw)

    def column(name: str, default: Any = None) -> list[Any]:
        values = raw[name] if name in raw else [None] * n
        return [default if v is None else v for v in values]

    talk = [int(t) for t in column("talk", 0)]
    outcome = [
        o or ("success" if t else "missed") for o, t in zip(column("outcome"), talk, strict=True)
    ]
    phone = pd.Series([None if p == _HIDDEN else p for p in column("phone")], dtype=TEXT)
    frame = pd.DataFrame(
        {
            "called_at": _moments(column("at")),
            "phone": normalise_phones(phone, "RU"),
            "direction": pd.Categorical(column("dir", "in")),
            "talk_seconds": talk,
            "outcome": pd.Categorical(outcome),
            "deal_id": pd.array(column("deal"), dtype=TEXT),
            "crm": pd.Categorical(["generic"] * n),
            "result": pd.Categorical(column("result")),
            "recording": pd.array(column("rec"), dtype=TEXT),
            "hidden": [p == _HIDDEN for p in column("phone")],
            "internal": [bool(p) and len(p) == 3 for p in column("phone")],
            "manager": pd.Categorical(column("who"), [m.name for m in data.roster.managers]),
            "_file": pd.Categorical(["calls.csv"] * n),
            "_row": np.arange(2, n + 2),
        }
    )
    own = data.deals
    for name in ("phone", "lead_id"):
        own[name] = pd.array(list(table[name]) if name in table else [None] * len(own), dtype=TEXT)
    if "creator" in table:
        own["creator"] = pd.Categorical(table["creator"])
    people = None
    if contacts is not None:
        given = make.table(contacts)
        people = pd.DataFrame(
            {
                "name": pd.Categorical(given["name"]),
                "phone": pd.array(list(given["phone"]), dtype=TEXT),
                "created_at": _moments(given["created"]),
            }
        )
    matching = link_clients(own, frame, people, None, CallSettings())
    assert matching is not None
    frame["conversation"] = conversations(frame, CallSettings().conversation_seconds)
    end = data.as_of if covered is None else pd.Timestamp(covered).to_pydatetime()
    return replace(
        data, calls=frame, contacts=people, callers=matching.callers,
        covered={**data.covered, "calls": end},
    )  # fmt: skip


@pytest.fixture
def called(make: Any) -> Callable[..., Dataset]:
    """``called(deals, calls, contacts=None, covered=None, funnel=..., managers=...)``."""

    def built(deals: str, calls: str, **more: Any) -> Dataset:
        return with_calls(make, deals, calls, **more)

    return built
