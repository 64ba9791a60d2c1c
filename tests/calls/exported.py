"""The invented world as the program reads it: canonical tables, put together by its own steps."""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.adapters.assemble import assemble
from funnelkpi.adapters.cells.phones import normalise_phones
from funnelkpi.adapters.cells.texts import TEXT
from funnelkpi.adapters.load import Tables
from funnelkpi.adapters.part import missing
from funnelkpi.config.schema import Settings
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.tables import (
    CALLS,
    COMPANIES,
    CONTACTS,
    DAY_ONLY,
    DEALS,
    HISTORY,
    TASKS,
    Column,
)

TITLES = {"sales": "Продажи", "partners": "Партнёры", "leads": "Лиды"}
DATES = ("Договор", "Счёт", "Оплата")


def forms(rng: random.Random, number: int) -> str:
    """One Russian number as people write it: 8…, +7…, national, with signs, with an extension."""
    digits = f"{number:010d}"
    a, b, c, d = digits[:3], digits[3:6], digits[6:8], digits[8:]
    return rng.choice(
        [f"8{digits}", f"+7{digits}", digits, f"8 ({a}) {b}-{c}-{d}", f"+7 {a} {b} {c} {d}",
         f"7{digits}", f"+7 ({a}) {b}-{c}-{d} доб. 12"]
    )  # fmt: skip


def settings(stages: Any, people: Any, **more: Any) -> Settings:
    """The config that fits the world."""
    pipelines = [
        {"key": key, "title": TITLES[key], "entity": "lead" if key == "leads" else "deal",
         "stages": [{"key": s, "title": s, "kind": kind} for s, kind, _ in several]}
        for key, several in stages.items()
    ]  # fmt: skip
    managers = [{"name": n, "department": d, "role": r} for n, d, r in people]
    return Settings.model_validate(
        {"version": 1, "pipelines": pipelines, "managers": managers, **more}
    )


def moments(values: Any) -> Any:
    """Seconds as moments, missing ones too."""
    found = pd.to_datetime(pd.array(list(values), dtype="Int64"), unit="s")
    return pd.Series(found).astype("datetime64[s]").to_numpy()


def dataset(world: Any, now: int, config: Settings, seed: int = 0) -> Dataset:
    """The dataset as of ``now``. seed: how the phones are written."""
    rng = random.Random(seed)
    tables = {
        "deals": _deals([d for d in world.deals if d["entity"] == "deal"], rng, "deals.csv"),
        "leads": _deals([d for d in world.deals if d["entity"] == "lead"], rng, "leads.csv"),
        "calls": _calls(world.calls, rng),
        "tasks": _tasks(world.tasks),
        "contacts": _cards(CONTACTS, world.contacts, rng, "contacts.csv"),
        "companies": _cards(COMPANIES, world.companies, rng, "companies.csv"),
    }
    used = {kind: t if len(t) or kind in ("calls", "tasks") else None for kind, t in tables.items()}
    accounts = tuple(
        FileAccount(f"{kind}.csv", kind, "generic", len(t), len(t)) for kind, t in tables.items()
    )
    known = {"created_at", "closed_at", "next_task_at", "source", "amount", "creator", "phone"}
    moment = pd.Timestamp(now, unit="s").to_pydatetime()
    stated = {f"{kind}.csv": (moment, moment.date()) for kind in ("deals", "leads")}
    return assemble(
        Tables(
            used["deals"], used["leads"], used["calls"], accounts, (),
            {kind: frozenset(known) for kind in ("deals", "leads")}, {}, {}, stated,
            history=_history(world), tasks=used["tasks"], contacts=used["contacts"],
            companies=used["companies"],
        ),
        config, moment,
    ).dataset  # fmt: skip


def _frame(columns: tuple[Column, ...], n: int, own: dict[str, Any], file: str) -> pd.DataFrame:
    out = {c.name: own.pop(c.name) if c.name in own else missing(c, n) for c in columns}
    same = {"crm": "generic", "_file": file}
    out |= {name: pd.Categorical([text] * n, categories=[text]) for name, text in same.items()}
    return pd.DataFrame({**out, **own, "_row": np.arange(2, n + 2)})


def _column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [r[name] for r in rows]


def _category(values: list[Any]) -> pd.Categorical:
    found = pd.array(values, dtype="str")
    return pd.Categorical(found, categories=pd.Index(sorted({v for v in values if v}), dtype="str"))


def _text(values: list[Any]) -> Any:
    return pd.array([None if v is None else str(v) for v in values], dtype=TEXT)


def _phones(rows: list[dict[str, Any]], rng: random.Random) -> Any:
    return _text([", ".join(forms(rng, p) for p in r["phones"]) or None for r in rows])


def _deals(rows: list[dict[str, Any]], rng: random.Random, file: str) -> pd.DataFrame:
    n = len(rows)
    own: dict[str, Any] = {
        "deal_id": _text(_column(rows, "id")), "title": _text(_column(rows, "id")),
        "pipeline": _category([TITLES[r["pipeline"]] for r in rows]),
        "phone": _phones(rows, rng), "lead_id": _text(_column(rows, "lead_id")),
        "amount": np.array([np.nan if r["amount"] is None else r["amount"] for r in rows]),
        "closed": pd.array([int(r["closed"] is not None) for r in rows], dtype="Int8"),
        "currency": _category(["RUB"] * n),
    }  # fmt: skip
    own |= {
        k: _category(_column(rows, k))
        for k in ("stage", "owner", "creator", "source", "company", "contact")
    }
    own |= {f"{k}_at": moments(_column(rows, k)) for k in ("created", "closed", "next_task")}
    own |= {name: np.zeros(n, bool) for name in DAY_ONLY.values()}
    own["field:Бюджет"] = _category(_column(rows, "budget"))
    own |= {f"field:{d}": moments([r["dates"][i] for r in rows]) for i, d in enumerate(DATES)}
    return _frame(DEALS, n, own, file)


def _history(world: Any) -> pd.DataFrame:
    """Every move and change of owner of the deals; of leads nothing is told."""
    rows, last = [], {}
    for m in world.moves:
        place = (TITLES[m["pipeline"]], m["stage"])
        before = last.get(m["deal"], (None, None))
        last[m["deal"]] = place
        kind = "stage" if before[0] else "created"
        rows.append((m["deal"], m["at"], kind, *place, *before, None, None))
    rows += [
        (o["deal"], o["at"], "owner", *[None] * 4, o["after"], o["before"]) for o in world.owners
    ]
    ids = {d["deal"]: d["id"] for d in world.deals}
    names = ("pipeline", "stage", "from_pipeline", "from_stage", "owner", "from_owner")
    columns = list(zip(*rows, strict=True)) if rows else [[]] * 9
    n = len(rows)
    own: dict[str, Any] = {
        "deal_id": _text([ids[d] for d in columns[0]]), "changed_at": moments(columns[1]),
        "change": _category(list(columns[2])), "event_id": _text(list(range(n))),
        "entity": _category(["deal"] * n),
    }  # fmt: skip
    own |= {name: _category(list(columns[3 + i])) for i, name in enumerate(names)}
    own["evidence"] = np.full(n, int(Evidence.HISTORY), np.int8)
    return _frame(HISTORY, n, own, "events.csv")


def _calls(rows: list[dict[str, Any]], rng: random.Random) -> pd.DataFrame:
    shown = [
        str(rng.randrange(100, 999)) if r["kind"] == "inside"
        else None if r["number"] is None else forms(rng, r["number"]) for r in rows
    ]  # fmt: skip
    own: dict[str, Any] = {
        "called_at": moments(_column(rows, "at")),
        "phone": normalise_phones(pd.Series(shown, dtype=TEXT), "RU"),
        "talk_seconds": np.array(_column(rows, "talk"), np.int64),
        "deal_id": _text(_column(rows, "deal_id")), "recording": _text(_column(rows, "recording")),
        "internal": pd.array([int(r["kind"] == "inside") for r in rows], dtype="Int8"),
        "hidden": pd.array([int(r["kind"] == "hidden") for r in rows], dtype="Int8"),
    }  # fmt: skip
    own |= {k: _category(_column(rows, k)) for k in ("employee", "direction", "outcome", "result")}
    return _frame(CALLS, len(rows), own, "calls.csv")


def _tasks(rows: list[dict[str, Any]]) -> pd.DataFrame:
    own: dict[str, Any] = {
        "deal_id": _text(_column(rows, "deal_id")), "client": _category(_column(rows, "client_name")),
        "entity": _category(_column(rows, "entity")),
        "done": pd.array(_column(rows, "done"), dtype="Int8"),
    }  # fmt: skip
    own |= {k: _category(_column(rows, k)) for k in ("type", "owner", "creator")}
    own |= {f"{k}_at": moments(_column(rows, k)) for k in ("created", "due")}
    own["done_at"] = moments(_column(rows, "done_at"))
    return _frame(TASKS, len(rows), own, "tasks.csv")


def _cards(
    columns: tuple[Column, ...], rows: list[dict[str, Any]], rng: random.Random, file: str
) -> pd.DataFrame:
    own: dict[str, Any] = {
        "phone": _phones(rows, rng),
        "created_at": moments(_column(rows, "created")),
    }
    have = set(rows[0]) if rows else set()
    own |= {c.name: _category(_column(rows, c.name)) for c in columns
            if c.type == "category" and c.name in have}  # fmt: skip
    if "email" in have:
        own["email"] = _text(_column(rows, "email"))
    own["has_phone"] = np.array([bool(r["phones"]) for r in rows], bool)
    own["has_email"] = np.array([r.get("email") == "a@b.ru" for r in rows], bool)
    return _frame(columns, len(rows), own, file)
