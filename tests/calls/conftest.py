"""The invented world in DuckDB, its figures by the program, and how the two are compared."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import cache, cached_property
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import pytest

from funnelkpi.metrics.view import View
from funnelkpi.model.period import parse_period

HERE = Path(__file__).parent


def _module(name: str) -> Any:
    """A file of this folder; tests are imported one by one, without packages."""
    full = f"tests_calls_{name}"
    if full not in sys.modules:
        spec = spec_from_file_location(full, HERE / f"{name}.py")
        assert spec is not None
        assert spec.loader is not None
        sys.modules[full] = module_from_spec(spec)
        spec.loader.exec_module(sys.modules[full])
    return sys.modules[full]


world, exported = _module("world"), _module("exported")
SETTINGS: dict[str, Any] = {
    "conversion": {"window": 40, "pairs": []},
    "calendar": {"workdays": ["2026-10-31"], "holidays": ["2026-11-02"]},
    "calls": {"at_stage": {"closing": 2, "lpr": 1}},
    "meetings": {"stages": ["meeting"]},
    "source_groups": {"свой": ["Свой поиск", "Выставка"], "маркетинг": ["сайт", "Реклама"]},
    "next_step": {"after": "lpr"},
    "facts": [{"stage": "lpr", "fields": ["amount", "Бюджет"], "dates": ["Договор", "Счёт", "Оплата"]}],
    "categories": [
        {"name": "A", "where": [{"field": "employees", "op": ">=", "value": 100}]},
        {"name": "Б", "where": [{"field": "turnover", "op": ">", "value": 1_000_000},
                                {"field": "industry", "op": "=", "value": "ИТ"}]},
        {"name": "В прочие", "where": [{"field": "industry", "op": "filled"}]},
    ],
}  # fmt: skip
SCOPES = ("company", "department", "role", "manager")
KEYS = ("scope", "name", "pipeline", "stage", "slice")
NUMBERS = ("value", "numerator", "denominator", "n", "low", "high", "bound_low", "bound_high")


class Case:
    """One world: the truth in ``db``, what the program makes of it in ``data`` and ``view``."""

    def __init__(self, truth: Any, period: str = world.PERIOD, **changed: Any) -> None:
        self.truth = truth
        self.config = exported.settings(world.STAGES, world.PEOPLE, **{**SETTINGS, **changed})
        self.data = exported.dataset(truth, world.NOW, self.config)
        span = parse_period(period, self.data.as_of, self.data.calendar)
        self.view = View(span, self.data.as_of, self.config)
        self._tables: dict[Any, pd.DataFrame] = {}

    @cached_property
    def db(self) -> Any:
        """The truth as tables, the constants as macros, the views of ``truth.sql``."""
        db = duckdb.connect()
        for name, frame in frames(self.truth).items():
            db.register(f"_{name}", frame)
            db.execute(f"create table {name} as select * from _{name}")
        numbers = self._client_numbers()
        db.register("_numbers", numbers)
        db.execute("create table numbers as select * from _numbers")
        period = self.view.period
        for name, moment in (
            ("since", period.start),
            ("til", period.end),
            ("now_", self.view.as_of),
        ):
            db.execute(f"create macro {name}() as timestamp '{moment}'")
        db.execute((HERE / "truth.sql").read_text(encoding="utf-8"))
        return db

    def _client_numbers(self) -> pd.DataFrame:
        """The number the program gives each client: of several with one phone the lowest counts."""
        d = self.data
        given = {
            ("deal", i, e): c
            for i, e, c in zip(
                d.deals["deal_id"], d.deals["entity"], d.deals["client"], strict=True
            )
        }
        rows = [
            (r["client"], given.get(("deal", str(r["id"]), r["entity"]), -1))
            for r in self.truth.deals
        ]
        for kind in ("contacts", "companies"):
            frame = getattr(d, kind)
            if frame is not None:
                found = dict(zip(frame["name"], frame["client"], strict=True))
                rows += [(r["client"], found.get(r["name"], -1)) for r in getattr(self.truth, kind)]
        out = pd.DataFrame(sorted({r for r in rows if r[1] >= 0}), columns=["client", "number"])
        assert out["client"].is_unique, "two numbers for one client"
        assert out["number"].is_unique, "two clients were mixed up"
        return out.astype("int64")

    def table(self, family: Any) -> pd.DataFrame:
        """The rows of a family of figures."""
        if family not in self._tables:
            out = family.compute(self.data, self.view)
            out["name"] = out["manager"].where(out["scope"].eq("manager"))
            for scope in ("department", "role"):
                out["name"] = out["name"].where(out["scope"].ne(scope), out[scope])
            self._tables[family] = out
        return self._tables[family]

    def sql(self, facts: str, **sums: str) -> dict[Any, dict[str, float]]:
        """Sums of facts (columns manager, and any of pipeline, stage, slice) for every scope and
        pipeline, and for all pipelines together."""
        have = [c[0] for c in self.db.execute(f"select * from ({facts}) limit 0").description]
        lacking = "".join(
            f", null as {n}" for n in ("pipeline", "at_stage", "slice") if n not in have
        )
        whole = (
            "['*']"
            if "pipeline" not in have
            else "case when pipeline is null then ['*'] else ['*', pipeline] end"
        )
        inner = "* exclude pipeline" if "pipeline" in have else "*"
        added = ", ".join(f"({sql})::double as {name}" for name, sql in sums.items())
        found = self.db.execute(f"""
            with f as (select *{lacking.replace(', null as pipeline', '')} from ({facts})),
            x as (select f.{inner}, unnest({whole}) as pipeline from f),
            y as (select x.*, unnest([
                {{'scope': 'company', 'name': null}},
                {{'scope': 'department', 'name': p.department}},
                {{'scope': 'role', 'name': p.role}},
                {{'scope': 'manager', 'name': coalesce(x.manager, '')}}]) as unit
              from x left join people p on p.name = x.manager)
            select unit.scope, unit.name, pipeline, at_stage, slice, {added} from y
            where unit.scope = 'company' or unit.name is not null group by 1, 2, 3, 4, 5
        """).fetchall()  # fmt: skip
        return {row[:5]: dict(zip(sums, row[5:], strict=True)) for row in found}

    def same(
        self, family: Any, metric: str, facts: str, statistic: str = "value",
        slices: str | None = None, scopes: tuple[str, ...] = SCOPES,
        whole: bool = True, listed: bool = False, **sums: str,
    ) -> dict[Any, dict[str, float]]:  # fmt: skip
        """Compare the figure's rows with sums of facts in SQL: every row of either side.

        slices: only rows whose slice begins so; without it those of no slice. listed: of managers
        only those of the list have rows.
        """
        out = self.table(family)
        out = out[
            out["metric"].eq(metric)
            & out["statistic"].eq(statistic)
            & out["verdict"].ne("not_evaluated")
        ]
        own = (
            out["slice"].isna()
            if slices is None
            else out["slice"].fillna("").str.startswith(slices)
        )
        people = {n for (n,) in self.db.execute("select name from people").fetchall()}
        got = {}
        for row in out[own].to_dict("records"):
            values = [row[k] if isinstance(row[k], str) else None for k in KEYS]
            values[2] = values[2] or "*"
            key = tuple(values)
            assert key not in got, f"two rows of {metric} for {key}"
            got[key] = {n: row[n] for n in sums}
        expected = {
            k: v
            for k, v in self.sql(facts, **sums).items()
            if k[0] in scopes
            and (whole or k[2] != "*")
            and not (listed and k[0] == "manager" and k[1] not in people)
        }
        wrong = [
            (metric, statistic, key, got.get(key), expected.get(key))
            for key in {**expected, **got}
            if not _equal(got.get(key), expected.get(key))
        ]
        assert not wrong, f"{len(wrong)} of {len(got)} differ (key, program, SQL):\n" + "\n".join(
            map(str, sorted(wrong, key=str)[:4])
        )
        assert got or not expected
        return expected


def _nothing(value: float | None) -> bool:
    return value is None or bool(np.isnan(value))


def _equal(got: dict[str, float] | None, expected: dict[str, float] | None) -> bool:
    if got is None or expected is None:  # a row of nothing may be left out
        values = (got or expected or {}).values()
        return all(_nothing(v) or v == 0 for v in values)
    return all(
        (_nothing(g) and _nothing(expected[n]))
        or (expected[n] is not None and abs(g - expected[n]) <= 1e-9 * max(1, abs(g)))
        for n, g in got.items()
    )


def frames(truth: Any) -> dict[str, pd.DataFrame]:
    """The truth as frames for SQL."""
    whose = [
        (p, r["client"], r["created"])
        for rows in (truth.deals, truth.contacts, truth.companies) for r in rows for p in r["phones"]
    ]  # fmt: skip
    columns = {
        "deals": "deal id client company contact created owner source lead_id creator amount "
        "next_task budget entity pipeline stage closed dates phones",
        "moves": "deal at pipeline stage", "owners": "deal at before after",
        "calls": "n at kind number direction outcome talk employee deal_id result recording",
        "tasks": "deal_id entity client client_name type owner creator created due done done_at",
        "contacts": "client phones created owner creator company position name email",
        "companies": "client phones created owner creator name employees turnover industry",
    }  # fmt: skip
    out = {
        name: pd.DataFrame([[r[c] for c in names.split()] for r in getattr(truth, name)],
                           columns=names.split(), dtype=object)
        for name, names in columns.items()
    }  # fmt: skip
    out["phones"] = pd.DataFrame(whose, columns=["number", "client", "created"], dtype=object)
    out["people"] = pd.DataFrame(world.PEOPLE, columns=["name", "department", "role"], dtype=object)
    stages = [(p, *s) for p, several in world.STAGES.items() for s in several]
    out["stages"] = pd.DataFrame(stages, columns=["pipeline", "stage", "kind", "rank"])
    return {name: _typed(frame, truth) for name, frame in out.items()}


def _typed(frame: pd.DataFrame, truth: Any) -> pd.DataFrame:
    """Seconds as moments, numbers and texts in their types; ``seq``: the order they were made in."""
    for column in ("at", "created", "closed", "due", "done_at", "next_task"):
        if column in frame:
            frame[column] = exported.moments(frame[column])
    for column in ("deal", "id", "client", "lead_id", "number", "n", "talk", "deal_id", "done"):
        if column in frame:
            values = [None if pd.isna(v) else int(v) for v in frame[column]]
            frame[column] = pd.array(values, "Int64")
    if "amount" in frame:
        frame["amount"] = frame["amount"].astype("float64")
    if "dates" in frame:
        for i in range(3):
            frame[f"date{i}"] = exported.moments([r["dates"][i] for r in truth.deals])
    if "phones" in frame:
        frame["shown"] = [len(p) for p in frame["phones"]]
    frame = frame.drop(columns=[c for c in ("dates", "phones") if c in frame])
    texts = [c for c in frame if frame[c].dtype == object]
    frame = frame.astype(dict.fromkeys(texts, "string")).rename(columns={"at": "moment"})
    return frame.assign(seq=range(len(frame)))


SEEDS = (1, 2, 3)
MORE = range(10, 20)
"""Seeds of the longer run."""
SIZES = ((60, 900, 300), (12, 600, 300), (25, 700, 400))
"""Clients, calls and tasks by seed: few clients meet themselves more often."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Every test that takes a ``seed`` runs on each of them."""
    if "seed" in metafunc.fixturenames:
        more = [pytest.param(seed, marks=pytest.mark.slow) for seed in MORE]
        metafunc.parametrize("seed", [*SEEDS, *more])


@cache
def _case(seed: int) -> Case:
    return Case(world.generate(seed, *SIZES[seed % 3]))


@pytest.fixture(scope="session")
def case() -> Callable[[int], Case]:
    """``case(seed)``: the world of a seed, made once."""
    return _case


@pytest.fixture(scope="session")
def worlds() -> Any:
    """The generator."""
    return world


@pytest.fixture(scope="session")
def case_of() -> Any:
    """``case_of(world, period=..., **settings)``."""
    return Case
