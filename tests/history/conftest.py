"""An invented sales process with every turn a deal can take, as raw tables and as the program reads
them: deals as they stand at ``as_of`` and events that begin later than the first deals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from funnelkpi.adapters.assemble import assemble
from funnelkpi.adapters.history.repeats import merge_repeated_events
from funnelkpi.adapters.load import Tables
from funnelkpi.adapters.part import Part, missing
from funnelkpi.config.schema import Settings
from funnelkpi.metrics.view import View
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.period import parse_period
from funnelkpi.model.tables import DAY_ONLY, DEALS, HISTORY

AS_OF = datetime(2026, 11, 16, 8, 30)
BEGUN = datetime(2026, 3, 1)
"""The list of events begins here: of older deals nobody knows where they were before."""
DAY = 86_400
SALES, PARTNERS = "Продажи", "Партнёры"
STAGES = (
    (SALES, "Неразобранное", "incoming", 0), (SALES, "База", "open", 1), (SALES, "ЛПР", "open", 2),
    (SALES, "Потребность", "open", 3), (SALES, "КП", "open", 4), (SALES, "Успех", "won", 5),
    (SALES, "Сопровождение", "after", 6), (SALES, "Отказ", "lost", -1), (SALES, "Пауза", "parked", -1),
    (PARTNERS, "Знакомство", "open", 1), (PARTNERS, "Предложение", "open", 2),
    (PARTNERS, "Договор", "open", 3), (PARTNERS, "Успех", "won", 4), (PARTNERS, "Отказ", "lost", -1),
)  # fmt: skip
"""Pipeline, stage, kind, rank."""
DELETED = len(STAGES)
"""A stage that stood in the sales pipeline once and is in no config."""
MANAGERS = tuple(f"Менеджер {letter}" for letter in "АБВГДЕЖЗ")


def settings() -> Settings:
    """The config that fits."""
    pipelines = [
        {
            "key": key, "title": title,
            "stages": [
                {"key": f"s{i}", "title": s[1], "kind": s[2]}
                for i, s in enumerate(STAGES) if s[0] == title
            ],
        }
        for key, title in (("sales", SALES), ("partners", PARTNERS))
    ]  # fmt: skip
    return Settings.model_validate(
        {
            "version": 1, "time_zone": "Europe/Moscow", "currency": "RUB", "pipelines": pipelines,
            "managers": [{"name": name} for name in MANAGERS],
        }
    )  # fmt: skip


def _moves(deleted: float) -> Any:
    """Chance of each next stage (columns: stages, the deleted one, none) from each stage."""
    n = len(STAGES)
    out = np.zeros((n + 1, n + 2))
    opens = {
        p: [i for i, s in enumerate(STAGES) if s[0] == p and s[2] == "open"]
        for p in (SALES, PARTNERS)
    }
    at = {(s[0], s[1]): i for i, s in enumerate(STAGES)}
    for i, (p, _, kind, rank) in enumerate(STAGES):
        other, own = opens[PARTNERS if p == SALES else SALES], opens[p]
        row = out[i]
        if kind == "open":
            ahead = [*own[rank:], at[p, "Успех"]]
            row[ahead[0]] += 0.5
            row[ahead[min(1, len(ahead) - 1)]] += 0.08
            row[at[p, "Успех"]] += 0.02
            row[own[: rank - 1]] += 0.07 / max(1, rank - 1)
            row[at[p, "Отказ"]] += 0.15
            row[at[SALES, "Пауза"]] += 0.03
            row[other] += 0.03 / len(other)
            row[DELETED] += deleted
        elif kind == "won":
            row[own[-1]] += 0.05
            row[own[0]] += 0.02
            row[at[SALES, "Сопровождение"]] += 0.08 * (p == SALES)
        elif kind == "after":
            row[own[1]] += 0.05
            row[at[p, "Успех"]] += 0.05
        elif kind == "lost":
            row[own] += 0.07 / len(own)
            row[other] += 0.03 / len(other)
        elif kind == "parked":
            row[own] += 0.4 / len(own)
            row[at[p, "Отказ"]] += 0.1
        else:
            row[[own[0], own[1], at[p, "Отказ"]]] = 0.8, 0.05, 0.1
    out[DELETED, opens[SALES]] = 0.7 / len(opens[SALES])
    out[:, -1] = 1 - out.sum(axis=1)
    return out


@dataclass
class World:
    """What the exports tell. deals: id, created, owner and, at ``exported``, stage (code) and closed
    (seconds, NaT as in numpy). events: deal, at, id, change, frm, til, before, after; also later
    ones. later: the deals as an export made after the last event shows them."""

    deals: pd.DataFrame
    events: pd.DataFrame
    later: pd.DataFrame


def simulate(n: int, seed: int, *, begun: datetime = BEGUN, deleted: float = 0.01) -> World:
    """``n`` deals created in 500 days before ``AS_OF`` and 20 after it, and all their events.

    begun: the list of events begins here. deleted: chance to move to the stage no config has.
    """
    rng = np.random.default_rng(seed)
    now = _seconds(AS_OF)
    created = now + np.sort(rng.integers(-500 * DAY, 20 * DAY, n))
    born = np.where(rng.random(n) < 0.3, 9, 1)  # the first stages of the two pipelines
    u = rng.random(n)
    born = np.where((born == 1) & (u < 0.15), 0, born)
    late = (u > 0.96) & (born == 1)
    born = np.where(late, 4, born)
    moves = np.cumsum(_moves(deleted), axis=1)
    at, stage, going = created.copy(), born.copy(), np.ones(n, bool)
    parts = []
    for step in range(10):
        target = (rng.random(n)[:, None] > moves[stage]).sum(axis=1)
        going &= target < moves.shape[1] - 1
        lag = np.floor(rng.exponential(12 * DAY, n)).astype(np.int64)
        at = at + np.where(rng.random(n) < 0.03, 0, lag)
        who = np.flatnonzero(going)
        parts.append(
            pd.DataFrame({"deal": who, "at": at[who], "step": step + 1, "change": "stage",
                          "frm": stage[who], "til": target[who]})
        )  # fmt: skip
        stage = np.where(going, target, stage)
    told = rng.random(n) < 0.7  # of the others no event says that they were created
    told |= late & (rng.random(n) < 0.7)
    who = np.flatnonzero(told)
    parts.append(
        pd.DataFrame({"deal": who, "at": created[who], "step": 0, "change": "created", "frm": -1,
                      "til": born[who]})
    )  # fmt: skip
    owner = rng.integers(0, len(MANAGERS), n)
    first_owner = owner.copy()
    handed = created.copy()
    for turn in range(3):
        who = np.flatnonzero(rng.random(n) < (0.2, 0.4, 0.4)[turn])
        if turn:
            who = np.intersect1d(who, parts[-1]["deal"])
        handed[who] += np.floor(rng.exponential(30 * DAY, len(who))).astype(np.int64) + 1
        after = (owner[who] + rng.integers(1, len(MANAGERS), len(who))) % len(MANAGERS)
        parts.append(
            pd.DataFrame({"deal": who, "at": handed[who], "step": 50 + turn, "change": "owner",
                          "frm": -1, "til": -1, "before": owner[who], "after": after})
        )  # fmt: skip
        owner[who] = after
    every = pd.concat(parts, ignore_index=True).sort_values(
        ["at", "deal", "step"], ignore_index=True
    )
    every = every.fillna({"before": -1, "after": -1}).astype({"before": int, "after": int})
    every["id"] = np.arange(len(every)) * 3 + 1000
    born_deals = pd.DataFrame({"created": created, "born": born, "owner": first_owner})
    deals, later = (
        _standing(born_deals, every, when) for when in (now, int(every["at"].max()) + 1)
    )
    known = every[every["at"] >= _seconds(begun)]
    twice = known[rng.random(len(known)) < 0.02]
    strangers = known[rng.random(len(known)) < 0.005].assign(deal=lambda t: t["deal"] + n * 10)
    strangers["id"] = strangers["id"] + 1
    events = pd.concat([known, twice, strangers], ignore_index=True).drop(columns="step")
    events = events.iloc[rng.permutation(len(events))].reset_index(drop=True)
    return World(deals, events, later)


def _standing(deals: pd.DataFrame, every: pd.DataFrame, now: int) -> pd.DataFrame:
    """The deals as an export made at ``now`` shows them."""
    past = every[every["at"] <= now]
    moved = past[past["change"].eq("stage")].groupby("deal").last()
    hand = past[past["change"].eq("owner")].groupby("deal").last()
    out = pd.DataFrame({"id": deals.index, "created": deals["created"]})
    out["stage"] = moved["til"].reindex(deals.index).fillna(deals["born"]).astype(int)
    out["owner"] = hand["after"].reindex(deals.index).fillna(deals["owner"]).astype(int)
    changed = moved["at"].reindex(deals.index).fillna(deals["created"]).astype(np.int64)
    kind = np.array([s[2] for s in STAGES] + ["open"])[out["stage"]]
    # the run of winning stages the deal stands in began with its win
    wins = past[past["change"].eq("stage")]
    winning = np.array([s[2] in ("won", "after") for s in STAGES] + [False])
    fresh = wins[winning[wins["til"]] & ~winning[wins["frm"]]].groupby("deal")["at"].last()
    won = fresh.reindex(deals.index).fillna(deals["created"]).astype(np.int64)
    ended = np.select([kind == "lost", winning[out["stage"]]], [changed, won], -1)
    out["closed"] = np.where(ended < 0, np.iinfo(np.int64).min, ended)
    return out[out["created"] <= now].reset_index(drop=True)


def _seconds(moment: datetime) -> int:
    return int(np.datetime64(moment, "s").astype(np.int64))


def _texts(codes: Any, texts: Any) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, pd.Index(texts, dtype="str"))


def deals_table(deals: pd.DataFrame) -> pd.DataFrame:
    """The canonical deals."""
    n = len(deals)
    stage = deals["stage"].to_numpy()
    pipeline = np.array([int(s[0] == PARTNERS) for s in STAGES] + [0])
    names = list(dict.fromkeys([s[1] for s in STAGES] + ["Старый этап"]))
    name = np.array([names.index(s[1]) for s in STAGES] + [names.index("Старый этап")])
    own = {
        "deal_id": deals["id"].astype("str"), "title": "Сделка " + deals["id"].astype("str"),
        "pipeline": _texts(pipeline[stage], [SALES, PARTNERS]), "stage": _texts(name[stage], names),
        "owner": _texts(deals["owner"], MANAGERS), "created_at": deals["created"].to_numpy().view("M8[s]"),
        "closed_at": deals["closed"].to_numpy().view("M8[s]"),
        "amount": np.full(n, 1000.0), "closed": pd.array(deals["closed"].gt(0).astype("Int8")),
    }  # fmt: skip
    out = {c.name: own[c.name] if c.name in own else missing(c, n) for c in DEALS}
    out |= {name: np.zeros(n, bool) for name in DAY_ONLY.values()}
    out |= {"crm": pd.Categorical(["generic"] * n), "_file": pd.Categorical(["deals.csv"] * n)}
    return pd.DataFrame({**out, "_row": np.arange(2, n + 2)})


def history_table(events: pd.DataFrame) -> pd.DataFrame:
    """The canonical history, as read: repeated rows are still there."""
    n = len(events)
    pipeline = np.array([int(s[0] == PARTNERS) for s in STAGES] + [0, -1])
    names = list(dict.fromkeys([s[1] for s in STAGES] + ["Старый этап"]))
    name = np.array([names.index(s[1]) for s in STAGES] + [names.index("Старый этап"), -1])
    frm, til = events["frm"].to_numpy(), events["til"].to_numpy()
    own = {
        "deal_id": pd.array(events["deal"].astype("str"), dtype="str"),
        "changed_at": events["at"].to_numpy().view("M8[s]"),
        "change": pd.Categorical(events["change"]),
        "pipeline": _texts(pipeline[til], [SALES, PARTNERS]), "stage": _texts(name[til], names),
        "from_pipeline": _texts(pipeline[frm], [SALES, PARTNERS]), "from_stage": _texts(name[frm], names),
        "owner": _texts(events["after"], MANAGERS), "from_owner": _texts(events["before"], MANAGERS),
        "event_id": pd.array(events["id"].astype("str"), dtype="str"),
    }  # fmt: skip
    out = {c.name: own[c.name] if c.name in own else missing(c, n) for c in HISTORY}
    same = {"entity": "deal", "crm": "generic", "_file": "events.csv"}
    out |= {name: pd.Categorical([text] * n) for name, text in same.items()}
    return pd.DataFrame(
        {**out, "evidence": np.full(n, int(Evidence.HISTORY), np.int8), "_row": np.arange(2, n + 2)}
    )


def dataset(shown: pd.DataFrame, events: pd.DataFrame) -> Dataset:
    """The dataset of the program's own steps from canonical tables on, as of ``AS_OF``."""
    deals, history = deals_table(shown), history_table(events)
    source = SimpleNamespace(name="events.csv", sample=(("01.03.2026 10:00:00",),))
    export: Any = SimpleNamespace(
        source=source, kind="history", crm="generic", mapping={"changed_at": (0,)}
    )
    history = merge_repeated_events([Part(export, history, len(history))])[0].frame
    accounts = (
        FileAccount("deals.csv", "deals", "generic", len(deals), len(deals)),
        FileAccount("events.csv", "history", "generic", len(events), len(history)),
    )
    tables = Tables(
        deals, None, None, accounts, (), {"deals": frozenset({"created_at", "closed_at"})}, {}, {},
        {}, history,
    )  # fmt: skip
    return assemble(tables, settings(), AS_OF).dataset


def ask(data: Dataset, period: str = "2026-10", **conversion: Any) -> View:
    """The question put to ``data``."""
    asked = settings().model_copy(
        update={"conversion": settings().conversion.model_validate(conversion)}
    )
    return View(parse_period(period, data.as_of, data.calendar), data.as_of, asked)


@pytest.fixture(scope="session")
def sim() -> Any:
    """The functions of this module."""
    return SimpleNamespace(
        simulate=simulate, dataset=dataset, ask=ask, STAGES=STAGES, MANAGERS=MANAGERS, AS_OF=AS_OF,
    )  # fmt: skip
