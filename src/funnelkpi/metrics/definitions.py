"""Every definition of a conversion side by side on the same data, and why each differs.

"The CRM says 17 %, you say 13 %": the definitions are the figures of this program asked with other
settings, so each can be followed to its deals. No definition here is worked out a second way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd

from funnelkpi.metrics import conversion
from funnelkpi.metrics._deals import second
from funnelkpi.metrics._index import Index
from funnelkpi.metrics.result import long_table
from funnelkpi.metrics.view import View
from funnelkpi.model.dataset import Dataset

STEPS = ("conversion", "conversion_base", "conversion_flow", "conversion_mature")
"""Figures whose definitions are shown step by step."""
WHOLE = ("created_to_won", "created_to_won_base", "win_rate", "win_rate_with_open",
         "win_rate_with_stale")  # fmt: skip
"""Figures whose definitions are shown from creation to the win."""
NUMBERS = (
    "value", "numerator", "denominator", "n", "low", "high", "bound_low", "bound_high",
)  # fmt: skip
_DAY = 86_400


@dataclass(frozen=True)
class Definition:
    """One definition on the data: ``NUMBERS`` of the long table, its window, and why it differs.

    name: cohort, created_cohort (the headline is one of them), strict, passed, no_wait,
    with_ignored, flow, mature; of the whole way created_to_won, win_rate, win_rate_window,
    win_rate_with_open, win_rate_with_stale. why: key of the reason, with ``params``; difference:
    value less the headline's, missing where either has none.
    """

    name: str
    numbers: Mapping[str, float | None]
    start: datetime | None
    end: datetime | None
    why: str
    params: Mapping[str, Any] = field(default_factory=dict)
    difference: float | None = None
    needs: str | None = None


@dataclass(frozen=True)
class Compared:
    """The definitions of one step, the headline first. pipeline None: all together."""

    pipeline: str | None
    stage: str | None
    to_stage: str | None
    definitions: tuple[Definition, ...]


Row = dict[str, Any]


class _Table:
    """Unsliced rows of one manager or of the company, by metric, statistic and place."""

    def __init__(self, metrics: pd.DataFrame, manager: str | None) -> None:
        scope = "company" if manager is None else "manager"
        keep = metrics["scope"].eq(scope) & metrics["slice"].isna()
        if manager is not None:
            keep &= metrics["manager"].eq(manager)
        names = [str(n) for n in metrics.columns]
        columns = [_plain(metrics[n][keep]) for n in names]
        self.rows: dict[tuple[Any, ...], Row] = {}
        for values in zip(*columns, strict=True):
            row = dict(zip(names, values, strict=True))
            key = (row["metric"], row["statistic"], row["pipeline"], row["stage"], row["to_stage"])
            self.rows.setdefault(key, row)

    def get(self, metric: str, place: tuple[Any, ...], statistic: str = "value") -> Row | None:
        """The row of a figure at (pipeline, stage, to_stage)."""
        return self.rows.get((metric, statistic, *place))

    def places(self, metric: str) -> list[tuple[Any, ...]]:
        """Where the figure has rows, in their order."""
        return [key[2:] for key in self.rows if key[:2] == (metric, "value")]


def _plain(column: pd.Series) -> list[Any]:
    values = column.astype("object")
    return list(values.where(column.notna(), None).tolist())


def step_definitions(
    data: Dataset, view: View, metrics: pd.DataFrame, manager: str | None = None
) -> list[Compared]:
    """Every definition of the conversion of every step, of the company or of one manager.

    metrics: the long table of the run, from which the headline and the figures with a name of their
    own are read; the others are computed anew with one setting changed.
    """
    view = replace(view, by=())
    steps = _Steps(data, view, metrics, manager)
    return [steps.compared(place) for place in steps.table.places("conversion")]


class _Steps:
    """The tables that the definitions of all steps are read from."""

    def __init__(
        self, data: Dataset, view: View, metrics: pd.DataFrame, manager: str | None
    ) -> None:
        self.view, self.manager, self.data = view, manager, data
        self.index = Index(data)
        self.table = _Table(metrics, manager)
        settings = view.settings.conversion
        self.other = "strict" if settings.skipped == "passed" else "passed"
        self.policy = self._asked(self.index, skipped=self.other)
        self.no_wait = self._asked(self.index, maturity=0)
        undated = replace(data, dated=frozenset(), observed={})
        self.created = self._asked(Index(undated))

    def _asked(self, index: Index, **changed: Any) -> _Table:
        """The conversions with these settings changed."""
        settings = self.view.settings
        rules = settings.conversion.model_copy(update=changed)
        view = replace(self.view, settings=settings.model_copy(update={"conversion": rules}))
        return _Table(long_table(conversion.parts(index, view)), self.manager)

    def compared(self, place: tuple[Any, ...]) -> Compared:
        """The definitions of one step."""
        head = self.table.get("conversion", place)
        assert head is not None
        form = "created_cohort" if self._created(place) else "cohort"
        days = self._days(head)
        found = [_definition(form, head, None, f"head_{form}", days=days)]
        if form == "cohort":
            found += self._from_creation(place, head)
        else:
            found.append(Definition("cohort", {}, None, None, "no_dates", needs="stage_dates"))
        for name, row in (
            (self.other, self.policy.get("conversion", place)),
            ("no_wait", self.no_wait.get("conversion", place) if days else None),
            ("with_ignored", self.table.get("conversion", place, conversion.WITHOUT_RULE)),
        ):
            if row is not None:
                more = {"days": days} if name == "no_wait" else {}
                found.append(_definition(name, row, head, name, **more))
        found += self._flow(place, head)
        mature = self.table.get("conversion_mature", place)
        if mature is not None:
            horizon = getattr(self.view.settings.conversion, "horizon", None)
            found.append(_definition("mature", mature, head, "mature", days=horizon or 90))
        return Compared(place[0], place[1], place[2], tuple(found))

    def _created(self, place: tuple[Any, ...]) -> bool:
        """Whether the headline is the created cohort: its window is that of the data without any
        date, and the stage is not the first."""
        pipeline = self.data.funnel.pipeline(place[0])
        if pipeline.first is not None and pipeline.first.key == place[1]:
            return False
        head, created = (t.get("conversion", place) for t in (self.table, self.created))
        if head is None or created is None:
            return False
        if str(head["definition"]).startswith("conversion."):
            return bool(head["definition"] == "conversion.created_cohort")
        same = (*NUMBERS, "period_start", "period_end")
        return all(head[name] == created[name] for name in same)

    def _days(self, head: Row) -> int:
        """The days every deal of the headline had: from the window's end to ``as_of``."""
        return int((self.view.as_of - head["period_end"]).days)

    def _from_creation(self, place: tuple[Any, ...], head: Row) -> list[Definition]:
        row = self.created.get("conversion", place)
        if row is None or row["definition"] == "conversion.cohort":
            return []  # the first stage: entered at creation
        why = "created_cohort" if row["bound_low"] is None else "created_bounds"
        return [_definition("created_cohort", row, head, why)]

    def _flow(self, place: tuple[Any, ...], head: Row) -> list[Definition]:
        row = self.table.get("conversion_flow", place)
        if row is None:
            return []
        if row["verdict"] == "not_evaluated":
            needs = str(row["definition"]).removeprefix("needs.")
            return [Definition("flow", {}, None, None, "no_dates", needs=needs)]
        inflow = self._inflow(place, head, row)
        why = "flow" if inflow is None else "flow_inflow"
        params = {} if inflow is None else {"inflow": inflow}
        return [_definition("flow", row, head, why, **params)]

    def _inflow(self, place: tuple[Any, ...], head: Row, row: Row) -> float | None:
        """By which share more deals a day entered the stage in the period than in the headline's
        window; None where nothing entered then."""
        code = self.data.funnel.code[f"{place[0]}/{place[1]}"]
        _, at, manager = self.index.entries.of(code)
        if self.manager is not None:
            at = at[manager == self.data.roster.code[self.manager]]

        def daily(start: datetime, end: datetime) -> float:
            end = min(end, self.view.as_of)
            inside = int(((at >= second(start)) & (at < second(end))).sum())
            return inside / max((end - start).total_seconds() / _DAY, 1e-9)

        before = daily(head["period_start"], head["period_end"])
        return daily(row["period_start"], row["period_end"]) / before - 1 if before else None


def whole_definitions(metrics: pd.DataFrame, manager: str | None = None) -> list[Compared]:
    """Created -> won beside the win rate in its three forms, per pipeline and together."""
    table = _Table(metrics, manager)
    out = []
    for place in table.places("created_to_won"):
        head = table.get("created_to_won", place)
        assert head is not None
        found = [_definition("created_to_won", head, None, "head_created_to_won")]
        pipeline = (place[0], None, None)
        for metric, statistic, name in (
            ("win_rate", "value", "win_rate"),
            ("win_rate", "window", "win_rate_window"),
            ("win_rate_with_open", "value", "win_rate_with_open"),
            ("win_rate_with_stale", "value", "win_rate_with_stale"),
        ):
            row = table.get(metric, pipeline, statistic)
            if row is not None and row["verdict"] != "not_evaluated":
                found.append(_definition(name, row, head, name))
        out.append(Compared(place[0], place[1], place[2], tuple(found)))
    return out


def _definition(name: str, row: Row, head: Row | None, why: str, **params: Any) -> Definition:
    numbers = {n: row[n] for n in NUMBERS}
    if head is None:
        difference = None
        params |= {"n": _whole(row["n"])}
    else:
        known = row["value"] is not None and head["value"] is not None
        difference = row["value"] - head["value"] if known else None
        params |= {"n": _whole(row["n"]), "n0": _whole(head["n"]), "k": _whole(row["numerator"])}
        params |= {"more": _whole(row["n"]) - _whole(head["n"])}
        params |= {"k0": _whole(head["numerator"])}
        same = ("value", "numerator", "denominator", "n", "period_start", "period_end")
        if known and all(row[x] == head[x] for x in same):
            why = "same"
        elif known and why in ("strict", "passed"):
            why = _BASES[why][_other_base(row, head, fewer=why == "strict")]
    start, end = row["period_start"], row["period_end"]
    needs = str(row["definition"] or "")
    wanting = needs.removeprefix("needs.") if needs.startswith("needs.") else None
    return Definition(name, numbers, start, end, why, params, difference, wanting)


_BASES = {
    "strict": ("strict", "strict_same_base", "strict_other_window"),
    "passed": ("passed", "passed_same_base", "passed_other_window"),
}
"""Reasons by what ``_other_base`` says."""


def _other_base(row: Row, head: Row, *, fewer: bool) -> int:
    """How a base differs that should have fewer (more) deals: 0 it has; 1 it is the same; 2 it is of
    another window, as its deals need other times to mature."""
    window = all(row[x] == head[x] for x in ("period_start", "period_end"))
    if row["n"] == head["n"] and window:
        return 1
    return 0 if (row["n"] < head["n"]) == fewer and row["n"] != head["n"] else 2


def _whole(value: float | None) -> int:
    return 0 if value is None or np.isnan(value) else round(value)
