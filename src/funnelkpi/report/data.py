"""The report as JSON data (``funnelkpi.report/1``): what programs read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from funnelkpi.locale.catalogue import Lang
from funnelkpi.metrics.changes import COLUMNS as CHANGES
from funnelkpi.metrics.result import COLUMNS
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.finding import Finding
from funnelkpi.model.funnel import Funnel
from funnelkpi.report.analysis import Analysis, Choice
from funnelkpi.report.document import Later, Rows
from funnelkpi.report.mask import masked_title
from funnelkpi.report.texts import finding_remedy, finding_text, short_text, verdict_text

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = "funnelkpi.report/1"


def report_data(analysis: Analysis, choice: Choice, lang: Lang) -> dict[str, Any]:
    """The JSON document of one analysis."""
    period = analysis.view.period
    return {
        "schema": SCHEMA,
        "as_of": _iso(analysis.view.as_of),
        "period": {"name": period.name, "start": _iso(period.start), "end": _iso(period.end)},
        "config_sha256": analysis.config_sha256,
        "time_zone": analysis.settings.time_zone,
        "inputs": inputs(analysis.assembled.accounts),
        "metrics": columns_of(chosen(analysis.metrics, choice), COLUMNS),
        "stalled": stalled_rows(analysis, choice),
        "findings": finding_rows(analysis.findings, lang, mask=choice.mask),
        "verdicts": [_verdict(analysis, v, lang) for v in analysis.verdicts if wanted(v, choice)],
        "trends": Later(lambda: trend_rows(chosen(analysis.trends, choice))),
        "changes": Later(lambda: columns_of(chosen(analysis.changes, choice), CHANGES)),
        "curves": Later(lambda: curve_rows(analysis, choice)),
        "since": Later(lambda: since_data(analysis, choice, lang)),
    }


def curve_rows(analysis: Analysis, choice: Choice) -> list[dict[str, Any]]:
    """The company's curves of the chosen pipelines; none for chosen managers."""
    if choice.managers:
        return []
    return [c for c in analysis.curves if not choice.pipelines or c["pipeline"] in choice.pipelines]


_SERIES = (
    "metric", "scope", "department", "manager", "pipeline", "stage", "to_stage", "unit", "currency",
    "statistic",
)  # fmt: skip
_POINT = ("period_start", "period_end", "value", "numerator", "denominator")


def trend_rows(trends: pd.DataFrame) -> Rows:
    """One row per figure and scope with its ``points``, the oldest first.

    The long table would say who and what twelve times over.
    """
    import numpy as np

    columns = {name: plain_values(trends[name]) for name in (*_SERIES, *_POINT)}
    keys = list(zip(*(columns[name] for name in _SERIES), strict=True))
    numbers: dict[tuple[Any, ...], int] = {}
    place = np.array([numbers.setdefault(key, len(numbers)) for key in keys], dtype=np.int64)
    points: list[list[dict[str, Any]]] = [[] for _ in numbers]
    values = zip(*(columns[name] for name in _POINT), strict=True)
    for at, point in zip(place.tolist(), values, strict=True):
        points[at].append(dict(zip(_POINT, point, strict=True)))
    return Rows(
        {
            **{name: [key[i] for key in numbers] for i, name in enumerate(_SERIES)},
            "points": points,
        }
    )


def since_data(analysis: Analysis, choice: Choice, lang: Lang) -> dict[str, Any] | None:
    """What is new since the previous export of the archive; None without one."""
    since = analysis.since
    if since is None:
        return None

    def rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
        found = chosen(frame, choice)
        if choice.mask:
            found = found.assign(title=masked_title(found["title"]))
        return plain_rows(found)

    def verdicts(found: Iterable[Any]) -> list[dict[str, Any]]:
        return [_verdict(analysis, v, lang) for v in found if wanted(v, choice)]

    stalled = since.new_stalled
    return {
        "previous": _iso(since.previous),
        "new_stalled": None
        if stalled is None
        else plain_values(chosen(stalled, choice)["deal_id"]),
        "moved": rows(since.moved),
        "won": rows(since.won),
        "lost": rows(since.lost),
        "gone": rows(since.gone),
        "verdicts_appeared": verdicts(since.appeared),
        "verdicts_resolved": verdicts(since.resolved),
        "stage_unknown": since.stage_unknown,
    }


def inputs(accounts: Iterable[FileAccount]) -> list[dict[str, Any]]:
    """The account of every input file."""
    return [
        {
            "file": a.file,
            "kind": a.kind,
            "crm": a.crm,
            "rows": a.rows,
            "counted": a.counted,
            "merged": a.merged,
            "excluded": a.excluded,
            "rejected": a.rejected,
            "reasons": {code.rpartition(".")[2]: n for code, n in a.reasons},
        }
        for a in accounts
    ]


def chosen(frame: pd.DataFrame, choice: Choice) -> pd.DataFrame:
    """Rows of the long table for the chosen managers and pipelines."""
    if choice.managers:
        frame = frame[frame["manager"].isin(choice.managers)]
    if choice.pipelines:
        frame = frame[frame["pipeline"].isin(choice.pipelines)]
    return frame


def wanted(row: Any, choice: Choice) -> bool:
    """Whether a verdict is about the chosen managers and pipelines."""
    if choice.managers and row.manager not in choice.managers:
        return False
    return not choice.pipelines or row.pipeline in choice.pipelines


def columns_of(frame: pd.DataFrame, names: tuple[str, ...]) -> Rows:
    """Columns of ``frame`` as plain Python values, missing as None, moments as ISO text."""
    return Rows({name: plain_values(frame[name]) for name in names})


def plain_values(column: pd.Series) -> list[Any]:
    """One column as plain values; a whole number that is a float stays a float."""
    if column.dtype.kind == "M":
        return _moments(column)
    if column.dtype.kind == "f":
        return [None if v != v else v for v in column.tolist()]  # noqa: PLR0124 - NaN
    values = column.astype("object").where(column.notna(), None)
    return list(values.tolist())


def _moments(column: pd.Series) -> list[str | None]:
    """Moments as ISO text; each different one is written once."""
    import numpy as np

    values, place = np.unique(column.to_numpy().astype("M8[s]"), return_inverse=True)
    texts = [None if text == "NaT" else text for text in np.datetime_as_string(values).tolist()]
    return [texts[i] for i in place.tolist()]


def stage_titles(funnel: Funnel, deals: pd.DataFrame) -> list[str | None]:
    """The config's title of the stage each deal stands in; of an unknown stage the CRM's own name."""
    titles = [s.title for s in funnel.stages]
    own = deals["stage_name"].astype("object").where(deals["stage_name"].notna(), None)
    codes = deals["stage"].cat.codes
    return [titles[c] if c >= 0 else name for c, name in zip(codes, own, strict=True)]


def plain_rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a small frame as plain values, missing as None."""
    return list(Rows({str(name): plain_values(frame[name]) for name in frame.columns}))


def stalled_rows(analysis: Analysis, choice: Choice) -> Rows:
    """The list of deals with a reason, in the order of the report."""
    frame = stalled_table(analysis, choice)
    return Rows({name: plain_values(frame[name]) for name in frame.columns})


def stalled_table(analysis: Analysis, choice: Choice) -> pd.DataFrame:
    """``analysis.stalled`` with names for codes, reasons as lists, masked titles and links."""
    import numpy as np
    import pandas as pd

    data, found = analysis.data, analysis.stalled
    pipelines = np.array([*(p.key for p in data.funnel.pipelines), None], dtype=object)
    stages = np.array([*(s.key for s in data.funnel.stages), None], dtype=object)
    managers = np.array([*(m.name for m in data.roster.managers), None], dtype=object)
    departments = np.array([*(m.department for m in data.roster.managers), None], dtype=object)
    who = found["manager"].to_numpy(dtype=np.int64)
    own = data.deals[["stage", "stage_name"]].iloc[found["deal"].to_numpy()]
    titles = found["title"].astype("object")
    link = analysis.settings.report.link
    ids = found["deal_id"].astype("object")
    reasons = found["reasons"].astype("str")
    lists = {text: [part for part in text.split(",") if part] for text in reasons.unique()}
    out = pd.DataFrame(
        {
            "deal_id": ids,
            "title": masked_title(titles) if choice.mask else titles,
            "link": [link.replace("{id}", i) for i in ids] if link else None,
            "manager": managers[who],
            "department": departments[who],
            "pipeline": pipelines[found["pipeline"].to_numpy(dtype=np.int64)],
            "stage": stages[found["stage"].to_numpy(dtype=np.int64)],
            "stage_title": stage_titles(data.funnel, own),
            "amount": found["amount"],
            "currency": found["currency"].astype("object"),
            "days": found["days"],
            "days_low": found["days_low"],
            "days_high": found["days_high"],
            "limit": found["limit"],
            "unit": found["limit_unit"].astype("object"),
            "over": found["over"],
            "reasons": reasons.map(lists),
            "status": found["status"].astype("object"),
            "due_in_days": found["due_in_days"],
        }
    )
    return chosen(out, choice)


def finding_rows(
    findings: Iterable[Finding], lang: Lang, *, mask: bool = False
) -> list[dict[str, Any]]:
    """Every finding with its text and remedy."""
    return [
        {
            "code": f.code.rpartition(".")[2],
            "severity": f.severity.value,
            "file": f.file,
            "rows": list(f.rows),
            "column": f.column,
            "value": short_text(f.value) if f.value and not mask else None,
            "count": f.count,
            "text": finding_text(f, lang, mask=mask),
            "remedy": finding_remedy(f, lang, mask=mask),
        }
        for f in findings
    ]


def _verdict(analysis: Analysis, v: Any, lang: Lang) -> dict[str, Any]:
    return {
        "kind": v.kind,
        "metric": v.metric,
        "scope": v.scope,
        "department": v.department,
        "role": v.role,
        "manager": v.manager,
        "pipeline": v.pipeline,
        "stage": v.stage,
        "to_stage": v.to_stage,
        "value": v.value,
        "bound": v.bound,
        "level": v.level,
        "text": verdict_text(v, analysis.data.funnel, lang),
    }


def _iso(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S")
