"""The matching of calls with deals against an independent one in SQL, on generated data."""

from __future__ import annotations

import random
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from funnelkpi.adapters.calls.matching import match_calls
from funnelkpi.adapters.cells.phones import normalise_phones
from funnelkpi.adapters.cells.texts import TEXT
from funnelkpi.config.schema import CallSettings
from funnelkpi.model.calls import CLASSES

START = pd.Timestamp("2026-01-01")


def moments(hours: list[float | None]) -> pd.Series:
    values = [None if h is None else START + pd.Timedelta(seconds=round(h * 3600)) for h in hours]
    return pd.Series(pd.to_datetime(pd.Series(values, dtype=object))).astype("datetime64[s]")


def forms(rng: random.Random, number: int) -> str:
    """One Russian number as people write it: 8…, +7…, national, with signs, with an extension."""
    digits = f"{number:010d}"
    a, b, c, d = digits[:3], digits[3:6], digits[6:8], digits[8:]
    return rng.choice(
        [f"8{digits}", f"+7{digits}", digits, f"8 ({a}) {b}-{c}-{d}", f"+7 {a} {b} {c} {d}",
         f"7{digits}", f"+7 ({a}) {b}-{c}-{d} доб. 12"]
    )  # fmt: skip


class World:
    """Clients (companies, persons, bare phones) with phones, deals and calls: all is known."""

    def __init__(self, seed: int, n_clients: int = 60, n_calls: int = 800) -> None:
        rng = random.Random(seed)
        pool = [9_000_000_000 + rng.randrange(10**9) for _ in range(n_clients * 2)]
        self.whose: list[tuple[int, int]] = []
        deals: list[dict[str, Any]] = []
        ids = rng.sample(range(1, 10 * n_clients * 6), n_clients * 6)
        for client in range(n_clients):
            kind = rng.choice(["company", "contact", "phone"])
            # a bare phone is one client; the others have up to three phones, some of them shared
            phones = [pool[client]]
            if kind != "phone":
                phones += rng.sample(pool[n_clients:], rng.randrange(3))
            for _ in range(rng.choice([0, 1, 1, 2, 3, 6])):
                created = (
                    round(rng.uniform(0, 2000)) if rng.random() < 0.5 else rng.uniform(0, 2000)
                )
                open_ = rng.random() < 0.3
                closed = (
                    None if open_ else created + rng.choice([0, 1, 30, 300, rng.uniform(0, 900)])
                )
                if rng.random() < 0.03:
                    closed = created - 5.0
                shown = ", ".join(forms(rng, p) for p in phones)
                lead = rng.random() < 0.15
                deals.append(
                    {"deal_id": str(ids[len(deals)]), "client": client, "created": created,
                     "closed": closed, "phone": shown, "entity": "lead" if lead else "deal",
                     "crm": "bitrix24",
                     "company": f"ООО Клиент {client}" if kind == "company" else None,
                     "contact": f"Клиент {client}" if kind != "phone" else None}
                )  # fmt: skip
                self.whose += [(p, client) for p in phones]
        self.truth = deals
        order = rng.sample(range(len(deals)), len(deals))
        rows = [deals[i] for i in order]
        self.client = [r["client"] for r in rows]
        self.deals = pd.DataFrame(
            {
                "deal_id": pd.array([r["deal_id"] for r in rows], dtype=TEXT),
                "phone": pd.array([r["phone"] for r in rows], dtype=TEXT),
                "company": pd.Categorical([r["company"] for r in rows]),
                "contact": pd.Categorical([r["contact"] for r in rows]),
                "entity": pd.Categorical([r["entity"] for r in rows], categories=["deal", "lead"]),
                "crm": pd.Categorical([r["crm"] for r in rows]),
                "created_at": moments([r["created"] for r in rows]),
                "closed_at": moments([r["closed"] for r in rows]),
            }
        )
        self._calls(rng, pool, [d["deal_id"] for d in deals], n_calls)

    def _calls(self, rng: random.Random, pool: list[int], ids: list[str], n: int) -> None:
        number: list[int | None] = []
        shown: list[str | None] = []
        named: list[str | None] = []
        hidden, internal = [], []
        for _ in range(n):
            kind = rng.choices(["client", "unknown", "hidden", "none", "inside"], [80, 6, 3, 3, 3])[
                0
            ]
            number.append(
                rng.choice(pool) if kind == "client"
                else 4_950_000_000 + rng.randrange(10**6) if kind == "unknown" else None
            )  # fmt: skip
            text = None if number[-1] is None else forms(rng, number[-1])
            shown.append(str(rng.randrange(100, 999)) if kind == "inside" else text)
            hidden.append(kind == "hidden")
            internal.append(kind == "inside")
            named.append(rng.choice([*ids, "999999"]) if rng.random() < 0.1 else None)
        self.number, self.hidden, self.internal = number, hidden, internal
        whole = [float(round(rng.uniform(-400, 3200))) for _ in range(n)]
        self.calls = pd.DataFrame(
            {
                "called_at": moments(list(whole)),
                "phone": normalise_phones(pd.Series(shown, dtype=TEXT), "RU"),
                "deal_id": pd.array(named, dtype=TEXT),
                "crm": pd.Categorical(["bitrix24"] * n),
                "hidden": hidden,
                "internal": internal,
            }
        )


SQL = """
with truth as (select *, row_number() over () - 1 as pos from deals),
asked as (
  select c.*, d.pos as own from calls c
  left join truth d on d.deal_id = c.deal_id and d.entity = 'deal'
),
fits as (
  select c.n, d.pos, d.entity, d.id,
    d.created <= c.at and c.at < coalesce(d.closed, 'infinity'::timestamp) as is_open,
    least(abs(epoch(c.at) - epoch(d.created)),
          coalesce(abs(epoch(c.at) - epoch(d.closed)), 'infinity'::double)) as far
  from asked c
  join (select distinct number, client from whose) w on w.number = c.number
  join truth d on d.client = w.client
  where c.deal_id is null and not c.internal
),
own as (
  select *, bool_or(is_open) over (partition by n, entity) as some_open from fits
  where is_open or far <= 14 * 86400
),
chosen as (
  select *, count(*) over (partition by n, entity) as c,
    row_number() over (partition by n order by (entity = 'lead')::int, far, id) as r
  from own where is_open = some_open
)
select a.n,
  case when a.deal_id is not null then coalesce(a.own, -1) else coalesce(x.pos, -1) end as deal,
  case when a.deal_id is not null then if(a.own is null, 'deal_outside', 'matched')
       when a.internal then 'internal'
       when a.hidden then 'hidden'
       when a.number is null then 'no_number'
       when x.pos is not null then if(x.c > 1, 'several', 'matched')
       when a.number in (select number from whose) then 'no_deal'
       else 'unknown_number' end as klass
from asked a left join chosen x on x.n = a.n and x.r = 1
order by a.n
"""


@pytest.mark.parametrize("seed", range(12))
def test_matching_is_that_of_sql(seed: int) -> None:
    world = World(seed, n_clients=8 if seed % 2 else 60)
    db = duckdb.connect()
    frame = world.deals
    db.register("deals", pd.DataFrame(
        {"deal_id": frame["deal_id"].astype(object), "id": frame["deal_id"].astype(int),
         "client": world.client, "entity": frame["entity"].astype(object),
         "created": frame["created_at"], "closed": frame["closed_at"]}
    ))  # fmt: skip
    db.register("calls", pd.DataFrame(
        {"n": np.arange(len(world.calls)), "at": world.calls["called_at"],
         "number": pd.array(world.number, dtype="Int64"),
         "deal_id": world.calls["deal_id"].astype(object).where(world.calls["deal_id"].notna(), None),
         "hidden": world.hidden, "internal": world.internal}
    ))  # fmt: skip
    db.register("whose", pd.DataFrame(world.whose, columns=["number", "client"]))
    wanted = db.sql(SQL).df()
    got = match_calls(world.deals, world.calls, None, None, CallSettings())
    klass = np.array(CLASSES, dtype=object)[got.klass]
    assert klass.tolist() == wanted["klass"].tolist()
    assert got.deal.tolist() == wanted["deal"].tolist()
    assert set(klass) == set(CLASSES)
    # the clients are the known ones, each with one number
    pairs = set(zip(world.client, got.clients.deals.tolist(), strict=True))
    assert len(pairs) == len({a for a, _ in pairs}) == len({b for _, b in pairs})
