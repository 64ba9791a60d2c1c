"""From canonical tables to the dataset: stages and people resolved, the data cut at ``as of`` once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.activity import last_conversation
from funnelkpi.adapters.funnel import funnel_from_guess, funnel_from_settings, guess_pipelines
from funnelkpi.adapters.load import Tables
from funnelkpi.adapters.moment import default_as_of
from funnelkpi.adapters.people import build_people
from funnelkpi.adapters.quality import quality_findings
from funnelkpi.adapters.resolve import Resolved, resolve_stages
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.entries import build_entries, reach
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity
from funnelkpi.model.funnel import STATUSES, Funnel
from funnelkpi.model.tables import FIELD
from funnelkpi.model.workdays import WEEK, WorkCalendar

Mask = npt.NDArray[np.bool_]
LISTED_DAYS = 90


@dataclass(frozen=True)
class Assembled:
    """The dataset with the final account of rows and all findings on the way."""

    dataset: Dataset
    accounts: tuple[FileAccount, ...]
    findings: tuple[Finding, ...]


def work_calendar(settings: Settings) -> WorkCalendar:
    """The production calendar of the config."""
    c = settings.calendar
    return WorkCalendar(
        country=c.country,
        weekdays=tuple(WEEK.index(d) for d in c.work_days),
        opens=time.fromisoformat(c.opens.zfill(5)),
        closes=time.fromisoformat(c.closes.zfill(5)),
        extra_holidays=frozenset(c.holidays),
        extra_workdays=frozenset(c.workdays),
    )


def assemble(tables: Tables, settings: Settings, as_of: datetime | None = None) -> Assembled:
    """Resolve, cut and complete ``tables``.

    as_of: the moment to look from; by default the moment of the newest deals file.

    Raises:
        InputError: no deals at all, no moment can be told, or no stage of the config is in the files.
    """
    frames = [
        frame.assign(is_lead=lead)
        for frame, lead in ((tables.deals, False), (tables.leads, True))
        if frame is not None
    ]
    if not frames:
        raise InputError.of("errors_data.no_deals")
    newest = _moment(tables, frames)
    moment = as_of or newest
    if moment is None:
        raise InputError.of("errors_data.no_moment")
    funnel = _funnel(frames, settings)
    parts, findings = [], list(tables.findings)
    for frame in frames:
        entity = "lead" if bool(frame["is_lead"].iloc[:1].any()) else "deal"
        resolved = resolve_stages(frame, funnel, entity)
        findings += resolved.findings
        parts.append(_coded(frame, resolved, funnel, entity))
    _refuse_foreign_config(parts, frames, settings)
    deals = parts[0] if len(parts) == 1 else _stack(parts)
    calls = _calls_until(tables.calls, moment)
    owners = [deals["owner"]] + ([calls["employee"]] if calls is not None else [])
    people = build_people(owners, _active(deals, moment), settings)
    findings += people.findings
    findings += quality_findings(deals, moment)
    deals, accounts, excluded = _cut(deals, tables.accounts, moment)
    findings += excluded
    roster = people.roster
    names = [m.name for m in roster.managers]
    deals["manager"] = pd.Categorical.from_codes(people.codes(deals["owner"]), names)
    if calls is not None:
        calls["manager"] = pd.Categorical.from_codes(people.codes(calls["employee"]), names)
    deals = _activity(deals, calls, settings, moment)
    stage_dates = _stage_dates(deals, funnel, moment)
    entries = build_entries(deals, stage_dates, funnel)
    deals = pd.concat([deals, reach(deals, entries, stage_dates, funnel)], axis=1)
    available = frozenset().union(
        *(tables.available.get(k, frozenset()) for k in ("deals", "leads"))
    )
    covered = {"deals": min(moment, newest or moment)}
    if calls is not None and len(calls):
        last = calls["called_at"].max()
        covered["calls"] = last.to_pydatetime() if pd.notna(last) else moment
    dataset = Dataset(
        deals=deals.drop(columns=["owner", "is_lead"]),
        entries=entries,
        calls=calls,
        funnel=funnel,
        roster=roster,
        calendar=work_calendar(settings),
        as_of=moment,
        available=available,
        dated=frozenset(stage_dates),
        covered=covered,
    )
    return Assembled(dataset, accounts, tuple(findings))


def _moment(tables: Tables, frames: list[pd.DataFrame]) -> datetime | None:
    kind = "deals" if tables.deals is not None else "leads"
    return default_as_of(frames[0], tables.moments.get(kind), tables.days.get(kind))


def _funnel(frames: list[pd.DataFrame], settings: Settings) -> Funnel:
    if not settings.pipelines:
        return funnel_from_guess(guess_pipelines(frames))
    funnel = funnel_from_settings(settings)
    configured = {p.entity for p in funnel.pipelines}
    missing = [
        f for f in frames if ("lead" if f["is_lead"].iloc[:1].any() else "deal") not in configured
    ]
    # Leads without a pipeline of their own in the config still pass their built-in statuses.
    return Funnel((*funnel.pipelines, *funnel_from_guess(guess_pipelines(missing)).pipelines))


def _coded(frame: pd.DataFrame, found: Resolved, funnel: Funnel, entity: str) -> pd.DataFrame:
    out = frame.copy(deep=False)
    ids = [s.id for s in funnel.stages]
    out["pipeline"] = pd.Categorical.from_codes(found.pipeline, [p.key for p in funnel.pipelines])
    out["stage_name"] = frame["stage"]
    out["stage"] = pd.Categorical.from_codes(found.stage, ids)
    out["previous_stage"] = pd.Categorical.from_codes(found.previous, ids)
    out["status"] = pd.Categorical.from_codes(found.status, STATUSES)
    kinds = ["deal", "lead"]
    out["entity"] = pd.Categorical.from_codes(
        np.full(len(out), kinds.index(entity), np.int8), kinds
    )
    return out


def _stack(parts: list[pd.DataFrame]) -> pd.DataFrame:
    """One frame from deals and leads, categories united."""
    names = dict.fromkeys(c for p in parts for c in p.columns)
    columns: dict[str, Any] = {}
    for name in names:
        pieces = [p[name] if name in p else pd.Series([None] * len(p), dtype=object) for p in parts]
        if any(isinstance(piece.dtype, pd.CategoricalDtype) for piece in pieces):
            pieces = [piece.astype("category") for piece in pieces]
            columns[name] = pd.api.types.union_categoricals(pieces)
        else:
            columns[name] = pd.concat(pieces, ignore_index=True)
    return pd.DataFrame(columns)


def _refuse_foreign_config(
    parts: list[pd.DataFrame], frames: list[pd.DataFrame], settings: Settings
) -> None:
    """A config that knows none of the files' stages is another portal's: no figure would mean a thing."""
    if not settings.pipelines or not sum(len(p) for p in parts):
        return
    if any(p["stage"].notna().any() for p in parts):
        return
    found = list(dict.fromkeys(str(c) for f in frames for c in f["stage"].cat.categories))
    raise InputError.of(
        "errors_data.foreign_config",
        found=", ".join(f"«{s}»" for s in found[:8]),
        expected=", ".join(
            f"«{n}»"
            for p in settings.pipelines
            for s in p.stages[:4]
            for n in (s.crm or (s.title or s.key,))[:1]
        ),
    )


def _calls_until(calls: pd.DataFrame | None, moment: datetime) -> pd.DataFrame | None:
    if calls is None:
        return None
    return calls[~(calls["called_at"] > np.datetime64(moment, "s"))].reset_index(drop=True)


def _active(deals: pd.DataFrame, moment: datetime) -> set[str]:
    """Owners with a deal created, moved or closed in the last 90 days."""
    since = np.datetime64(moment - timedelta(days=LISTED_DAYS), "s")
    recent = np.zeros(len(deals), bool)
    for name in ("created_at", "stage_changed_at", "closed_at"):
        recent |= deals[name].to_numpy() >= since
    owners = deals["owner"].cat
    used = np.unique(owners.codes.to_numpy()[recent])
    return {str(owners.categories[c]) for c in used if c >= 0}


def _cut(
    deals: pd.DataFrame, accounts: tuple[FileAccount, ...], moment: datetime
) -> tuple[pd.DataFrame, tuple[FileAccount, ...], list[Finding]]:
    """Nothing later than ``moment``: younger deals are excluded, later closes are open again."""
    now = np.datetime64(moment, "s")
    late = deals["created_at"].to_numpy() > now
    findings: list[Finding] = []
    if late.any():
        for name, part in deals[late].groupby("_file", observed=True, sort=True):
            rows = tuple(int(r) for r in part["_row"].head(ROWS_SHOWN))
            findings.append(
                Finding(
                    "findings_data.after_as_of", Severity.NOTE, str(name), rows, count=len(part)
                )
            )
        accounts = tuple(_exclude(a, deals[late]) for a in accounts)
        deals = deals[~late].reset_index(drop=True)
    else:
        deals = deals.reset_index(drop=True)
    closed, changed = deals["closed_at"].to_numpy(), deals["stage_changed_at"].to_numpy()
    modified = deals["modified_at"].to_numpy()
    status = deals["status"].cat.codes.to_numpy().copy()
    # The stage of a deal is the file's if its last stage change (else its last edit) is not later.
    later = np.where(np.isnat(changed), modified > now, changed > now)
    reopened = closed > now
    ended = np.isin(status, [STATUSES.index(s) for s in ("won", "lost", "converted")])
    unknown: Mask = np.where(ended & ~np.isnat(closed), reopened, later)
    status[unknown] = STATUSES.index("open")
    deals["status"] = pd.Categorical.from_codes(status, STATUSES)
    deals["closed_at"] = pd.Series(np.where(reopened, np.datetime64("NaT", "s"), closed))
    deals["stage_changed_at"] = pd.Series(
        np.where(changed > now, np.datetime64("NaT", "s"), changed)
    )
    deals["stage_unknown"] = unknown
    return deals, accounts, findings


def _exclude(account: FileAccount, late: pd.DataFrame) -> FileAccount:
    kind = account.kind
    here = late["_file"].eq(account.file) & late["is_lead"].eq(kind == "leads")
    n = int(here.sum()) if kind in ("deals", "leads") else 0
    if not n:
        return account
    reasons = (*account.reasons, ("findings_data.after_as_of", n))
    return replace(
        account, counted=account.counted - n, excluded=account.excluded + n, reasons=reasons
    )


def _activity(
    deals: pd.DataFrame, calls: pd.DataFrame | None, settings: Settings, moment: datetime
) -> pd.DataFrame:
    """``activity_at``: the later of the CRM's last activity and the last conversation."""
    now = np.datetime64(moment, "s")
    at = deals["last_activity_at"].to_numpy().astype("M8[s]")
    at = np.where(at > now, np.datetime64("NaT", "s"), at)
    if calls is not None and len(calls):
        talk = last_conversation(
            deals, calls, seconds=settings.calls.conversation_seconds,
            region=settings.calls.phone_region, as_of=moment,
        )  # fmt: skip
        at = np.fmax(at, talk)
    return deals.drop(columns="last_activity_at").assign(activity_at=pd.Series(at))


def _stage_dates(deals: pd.DataFrame, funnel: Funnel, moment: datetime) -> dict[str, pd.Series]:
    now = np.datetime64(moment, "s")
    out: dict[str, pd.Series] = {}
    for stage in funnel.stages:
        name = FIELD + stage.date_column if stage.date_column else ""
        if name not in deals:
            continue
        inside = deals["pipeline"].eq(stage.pipeline).to_numpy()
        at = deals[name].to_numpy().astype("M8[s]")
        at = np.where(inside & (at <= now), at, np.datetime64("NaT", "s"))
        if not np.isnat(at).all():
            out[stage.id] = pd.Series(at)
    return out


Progress = Callable[[str], None]
