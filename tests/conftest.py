"""Builders shared by the tests: a dataset from a small readable table."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, settings

from funnelkpi.adapters.funnel.people import People
from funnelkpi.adapters.history.timeline import build_timeline, no_timeline
from funnelkpi.adapters.history.unfolded import unfold
from funnelkpi.config.schema import Settings
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.entries import build_entries, reach
from funnelkpi.model.evidence import Evidence
from funnelkpi.model.funnel import STATUSES, Funnel, Pipeline, Stage, StageKind
from funnelkpi.model.ownership import owner_at
from funnelkpi.model.period import parse_period
from funnelkpi.model.roster import Manager, Roster
from funnelkpi.model.tables import HISTORY
from funnelkpi.model.workdays import WorkCalendar

# A slow machine is no failing test: properties are judged by what they find, never by the clock.
settings.register_profile(
    "patient", deadline=None, max_examples=40, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")

CALENDAR = WorkCalendar(country=None)
AS_OF = "2026-11-16 08:30"
B2B = "base lpr needs kp closing"


def funnel(open_stages: str = B2B, key: str = "main", **limits: float) -> Funnel:
    """One pipeline: Неразобранное, the open stages named, won, lost, parked."""
    keys = open_stages.split()
    stages = [_stage(key, "incoming", StageKind.INCOMING, 0)]
    stages += [
        _stage(key, k, StageKind.OPEN, i, limits.get(k, "auto")) for i, k in enumerate(keys, 1)
    ]
    stages += [
        _stage(key, "won", StageKind.WON, len(keys) + 1),
        _stage(key, "after", StageKind.AFTER, len(keys) + 2),
        _stage(key, "lost", StageKind.LOST, -1),
        _stage(key, "parked", StageKind.PARKED, -1),
    ]
    return Funnel((Pipeline(key, key.title(), tuple(stages)),))


def _stage(pipeline: str, key: str, kind: StageKind, rank: int, limit: object = "auto") -> Stage:
    return Stage(f"{pipeline}/{key}", key, key.title(), pipeline, kind, rank, limit)  # type: ignore[arg-type]


def read_table(text: str) -> pd.DataFrame:
    """A ``|``-separated table as text columns; an empty cell is missing."""
    lines = [line for line in text.strip().splitlines() if line.strip()]
    rows = [[cell.strip() or None for cell in line.split("|")] for line in lines]
    width = len(rows[0])
    rows = [[*row, *[None] * (width - len(row))] for row in rows]
    return pd.DataFrame(rows[1:], columns=rows[0], dtype=object)


_MOMENTS = (
    "created_at", "modified_at", "closed_at", "stage_changed_at", "planned_close_at",
    "activity_at", "next_task_at",
)  # fmt: skip
_STATUS = {
    StageKind.INCOMING: "incoming", StageKind.OPEN: "open", StageKind.WON: "won",
    StageKind.AFTER: "won", StageKind.LOST: "lost", StageKind.PARKED: "parked",
    StageKind.CONVERTED: "converted",
}  # fmt: skip


def build(
    text: str,
    *,
    funnel: Funnel,
    managers: tuple[Manager, ...] = (),
    as_of: str = AS_OF,
    calendar: WorkCalendar = CALENDAR,
    history: str | None = None,
    tasks: str | None = None,
    contacts: str | None = None,
    companies: str | None = None,
) -> Dataset:
    """A dataset from a table with any of: id, stage (key or pipeline/key), manager, amount, currency,
    previous, created, modified, closed, changed, planned, activity, task, reason, source, tags,
    unknown (1: stage unknown at as_of), and ``@<stage key>`` columns with stage dates.

    Stage keys without a pipeline belong to the first. A stage ``?`` is closed with unknown outcome.
    history: a table of changes as ``changes_of`` reads it; the deals are then put together by the
    program's own code. tasks, contacts, companies: tables as ``records_of`` reads them.
    """
    raw = read_table(text)
    n = len(raw)
    past = changes_of(history) if history else None

    def column(name: str) -> pd.Series:
        return raw[name] if name in raw else pd.Series([None] * n, dtype=object)

    first = funnel.pipelines[0].key
    known = {s.id for s in funnel.stages}

    def ids(name: str) -> list[str | None]:
        full = [v if v is None or "/" in v else f"{first}/{v}" for v in column(name)]
        return [v if v in known else None for v in full]

    more = {"tasks": tasks, "contacts": contacts, "companies": companies}
    records = {kind: read_table(table) for kind, table in more.items() if table}
    entered = [n for r in records.values() for c in ("manager", "maker") if c in r for n in r[c]]
    people = [
        *column("manager"),
        *entered,
        *([] if past is None else [*past["from_owner"], *past["owner"]]),
    ]
    stage, names = ids("stage"), list(dict.fromkeys(m for m in people if isinstance(m, str)))
    roster = Roster(managers or tuple(Manager(name) for name in names))
    kinds = [funnel.stage(s).kind if s else None for s in stage]
    given = {"activity": "activity_at", "task": "next_task_at", "planned": "planned_close_at",
             "created": "created_at", "modified": "modified_at", "closed": "closed_at",
             "changed": "stage_changed_at"}  # fmt: skip
    deals = pd.DataFrame(
        {
            "deal_id": column("id").astype("str"),
            "title": column("id").astype("str"),
            "entity": pd.Categorical(
                [funnel.pipeline(funnel.stage(s).pipeline).entity if s else "deal" for s in stage],
                categories=["deal", "lead"],
            ),
            "crm": pd.Categorical(["generic"] * n),
            "pipeline": pd.Categorical(
                [funnel.stage(s).pipeline if s else first for s in stage],
                categories=[p.key for p in funnel.pipelines],
            ),
            "stage": pd.Categorical(stage, categories=[s.id for s in funnel.stages]),
            "stage_name": pd.Categorical(column("stage")),
            "previous_stage": pd.Categorical(
                ids("previous"), categories=[s.id for s in funnel.stages]
            ),
            "status": pd.Categorical(
                [_STATUS[k] if k else "unknown" for k in kinds], categories=STATUSES
            ),
            "manager": pd.Categorical(
                column("manager"), categories=[m.name for m in roster.managers]
            ),
            "amount": pd.to_numeric(column("amount")).astype("float64"),
            "currency": pd.Categorical(column("currency").fillna("RUB")),
        }
    )
    back = {v: k for k, v in given.items()}
    for name in _MOMENTS:
        deals[name] = pd.to_datetime(column(back[name]), format="ISO8601").astype("datetime64[s]")
    for name in ("created", "closed", "changed"):
        day = column(name).map(lambda v: bool(v) and len(v) == 10).astype(bool)
        deals["stage_changed_day" if name == "changed" else f"{name}_day"] = day
    for name, source in {"loss_reason": "reason", "source": "source", "tags": "tags",
                         "contact": "contact", "company": "company"}.items():  # fmt: skip
        deals[name] = pd.Categorical(column(source))
    deals["stage_unknown"] = column("unknown").notna()
    deals["_file"], deals["_row"] = pd.Categorical(["deals.csv"] * n), np.arange(2, n + 2)
    for name in raw.columns:
        if name.startswith("field:"):
            deals[name] = pd.Categorical(raw[name])
    dated = {
        f"{first}/{name[1:]}": pd.to_datetime(raw[name], format="ISO8601").astype("datetime64[s]")
        for name in raw.columns
        if name.startswith("@")
    }
    moment = datetime.fromisoformat(as_of)
    observed = {s: at.min().to_pydatetime() for s, at in dated.items() if at.notna().any()}
    told, timeline = None, no_timeline(n)
    if past is not None:
        known = People(roster, {m.name: roster.code[m.name] for m in roster.managers}, ())
        unfolded = unfold(past, None, deals, funnel, moment)
        unfolded.rewind(deals, funnel)
        timeline = build_timeline(unfolded, None, deals, funnel, known)
        told, observed = unfolded.rows(), observed | timeline.observed
    entries = build_entries(deals, dated, funnel, timeline.visits, timeline.whole)
    deals["way_known"] = timeline.whole
    current = deals["manager"].cat.codes.to_numpy()
    for name in ("created", "closed"):
        owner = owner_at(timeline.owners, np.arange(n), deals[f"{name}_at"].to_numpy(), current)
        deals[f"manager_{name}"] = pd.Categorical.from_codes(owner, deals["manager"].cat.categories)
    entries["manager"] = owner_at(
        timeline.owners, entries["deal"].to_numpy(), entries["at"].to_numpy(), current
    )
    found = reach(deals, entries, dated, funnel, timeline.visits, timeline.whole)
    deals = pd.concat([deals, found], axis=1)
    available = {full for short, full in given.items() if short in raw}
    available |= {n for n in ("amount", "source", "tags") if n in raw}
    available |= {"loss_reason"} if "reason" in raw else set()
    available |= {"previous_stage"} if "previous" in raw else set()
    found_records = records_of(records, deals, roster)
    return Dataset(
        **found_records,
        deals=deals, entries=entries, calls=None, funnel=funnel, roster=roster, calendar=calendar,
        as_of=moment, available=frozenset(available),
        dated=frozenset({*dated, *observed}), covered={"deals": moment}, observed=observed,
        visits=timeline.visits, owners=timeline.owners, pushes=timeline.pushes,
        amounts=timeline.amounts, history=told, observed_until=timeline.observed_until,
    )  # fmt: skip


def records_of(
    records: dict[str, pd.DataFrame], deals: pd.DataFrame, roster: Roster
) -> dict[str, pd.DataFrame]:
    """Tasks, contacts and companies of a dataset, and ``client`` of all tables and of the deals.

    Columns of tasks: deal (ID), client (a company, else a contact), type, title, manager, maker,
    created, due, done (1, 0), done_at; of contacts: name, company, position, phone, email, and of
    companies: name and any others, both with manager, maker, created.
    """
    number: dict[tuple[str, str], int] = {}

    def client(company: Any, contact: Any) -> int:
        key = ("company", company) if isinstance(company, str) else ("contact", contact)
        return number.setdefault(key, len(number)) if isinstance(key[1], str) else -1

    own = zip(deals["company"].astype(object), deals["contact"].astype(object), strict=True)
    deals["client"] = np.array([client(*pair) for pair in own], np.int32)
    moments = {"created": "created_at", "due": "due_at", "done_at": "done_at"}
    out = {}
    for kind in ("companies", "contacts", "tasks"):
        if kind not in records:
            continue
        raw = records[kind]
        n = len(raw)
        empty = pd.Series([None] * n, dtype=object)
        frame = pd.DataFrame(index=range(n))
        for name in raw.columns:
            if name in moments:
                at = pd.to_datetime(raw[name], format="ISO8601").astype("datetime64[s]")
                frame[moments[name]] = at
            elif name in ("manager", "maker"):
                continue
            elif name == "done":
                frame[name] = pd.array([None if v is None else int(v) for v in raw[name]], "Int8")
            elif name in ("phone", "email"):
                frame[name] = raw[name].astype("str")
            elif name not in ("deal", "client"):
                frame[name] = pd.Categorical(raw[name])
        for name in ("manager", "maker"):
            frame[name] = pd.Categorical(
                raw.get(name, empty), categories=[m.name for m in roster.managers]
            )
        names = raw.get("name", empty)
        if kind == "companies":
            frame["client"] = [client(name, None) for name in names]
        elif kind == "contacts":
            pairs = zip(raw.get("company", empty), names, strict=True)
            frame["client"] = [client(*pair) for pair in pairs]
        else:
            place = {d: i for i, d in enumerate(deals["deal_id"])}
            frame["deal"] = [place.get(d, -1) for d in raw.get("deal", empty)]
            given = [
                number.get(("company", c), number.get(("contact", c), -1))
                for c in raw.get("client", empty)
            ]
            theirs = [deals["client"].iloc[d] if d >= 0 else -1 for d in frame["deal"]]
            frame["client"] = [d if d >= 0 else g for d, g in zip(theirs, given, strict=True)]
        out[kind] = frame.astype({"client": np.int32})
    return out


def changes_of(text: str) -> pd.DataFrame:
    """A history (``model.tables.HISTORY``) from a table with any of: id, at, since (of an interval
    its beginning), change (default: stage), from, to (stage names as the CRM writes them, or
    ``pipeline / stage``), owner, from_owner, plan, from_plan, amount, from_amount, event, level."""
    raw = read_table(text)
    n = len(raw)

    def column(name: str) -> list[Any]:
        return list(raw[name]) if name in raw else [None] * n

    def split(name: str, part: int) -> list[str | None]:
        pairs = [(v.split(" / ") if " / " in v else [None, v]) if v else [None, None]
                 for v in column(name)]  # fmt: skip
        return [p[part] for p in pairs]

    def moments(name: str) -> Any:
        return pd.to_datetime(pd.Series(column(name), dtype=object), format="ISO8601").astype(
            "datetime64[s]"
        )

    kinds = [v or "stage" for v in column("change")]
    texts = {
        "pipeline": split("to", 0), "stage": split("to", 1), "from_pipeline": split("from", 0),
        "from_stage": split("from", 1), "owner": column("owner"), "from_owner": column("from_owner"),
        "change": kinds, "entity": ["deal"] * n, "crm": ["generic"] * n,
        "_file": ["events.csv"] * n,
    }  # fmt: skip
    out: dict[str, Any] = {}
    for c in HISTORY:
        if c.name in texts or c.type == "category":
            out[c.name] = pd.Categorical(texts.get(c.name, [None] * n))
        elif c.type == "money":
            out[c.name] = pd.to_numeric(pd.Series(column(c.name), dtype=object)).astype("float64")
    for name in ("entity", "crm", "_file"):
        out[name] = pd.Categorical(texts[name])
    named = {"changed_at": "at", "changed_since": "since", "planned_close_at": "plan",
             "from_planned_close_at": "from_plan"}  # fmt: skip
    out |= {name: moments(short) for name, short in named.items()}
    out["deal_id"] = pd.array(column("id"), dtype="str")
    out["title"] = pd.array([None] * n, dtype="str")
    out["event_id"] = pd.array(column("event"), dtype="str")
    levels = [Evidence[v.upper()] if v else Evidence.HISTORY for v in column("level")]
    out["evidence"] = np.array(levels, np.int8)
    out["_row"] = np.arange(2, n + 2)
    return pd.DataFrame(out)


def ask(
    data: Dataset, period: str = "last-week", by: tuple[str, ...] = (), **settings: object
) -> View:
    """A view on ``data`` with settings given as in YAML."""
    return View(
        period=parse_period(period, data.as_of, data.calendar),
        as_of=data.as_of,
        settings=Settings.model_validate(settings),
        by=by,
    )


class Builders:
    """What the ``make`` fixture gives."""

    funnel = staticmethod(funnel)
    build = staticmethod(build)
    ask = staticmethod(ask)
    table = staticmethod(read_table)
    changes = staticmethod(changes_of)


@pytest.fixture
def make() -> type[Builders]:
    """Builders of funnels, datasets and views."""
    return Builders


def one(frame: pd.DataFrame, **where: object) -> Mapping[str, object]:
    """The only row of a long table that has these values (None: missing)."""
    keep = pd.Series(True, index=frame.index)
    for name, value in where.items():
        keep &= frame[name].isna() if value is None else frame[name].eq(value)
    rows = frame[keep]
    assert len(rows) == 1, f"{len(rows)} rows for {where}:\n{rows.to_string()}"
    return dict(rows.iloc[0])


@pytest.fixture
def row() -> Callable[..., Mapping[str, object]]:
    """``row(frame, metric=..., manager=...)``: the only matching row."""
    return one


SAMPLES = Path(__file__).parents[1] / "sample_data"


@pytest.fixture(scope="session")
def sample() -> Callable[[str], Any]:
    """``sample("amocrm")``: the run on a CRM's sample with its config, computed once."""
    from functools import cache

    from funnelkpi.config.load import load_settings
    from funnelkpi.metrics.names import KNOWN_METRICS
    from funnelkpi.pipeline import Request, analyze

    @cache
    def run(crm: str) -> Any:
        folder = SAMPLES / crm
        settings = load_settings(folder / "funnelkpi.yaml", known_metrics=KNOWN_METRICS)
        return analyze(Request((folder,), settings))

    return run


@pytest.fixture(scope="session")
def _figures() -> dict[Any, Any]:
    """Figures already computed in this session."""
    return {}


@pytest.fixture
def figures_once(monkeypatch: pytest.MonkeyPatch, _figures: dict[Any, Any]) -> None:
    """Runs on the same deals, period and rules compute the figures once; thresholds and the choice
    of what to show change no figure. Reading, judging and rendering are done each time."""
    from funnelkpi import pipeline

    real = pipeline.compute

    def compute(data: Dataset, view: View) -> Any:
        rules = view.settings.model_dump_json(exclude={"thresholds", "report", "inputs"})
        rows = pd.util.hash_pandas_object(data.deals).to_numpy().tobytes()
        key = (rows, rules, view.period, view.as_of, view.by)
        if key not in _figures:
            _figures[key] = real(data, view)
        return _figures[key]

    monkeypatch.setattr(pipeline, "compute", compute)
