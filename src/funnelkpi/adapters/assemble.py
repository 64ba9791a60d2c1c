"""From canonical tables to the dataset: stages and people resolved, the data cut at ``as of``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.calls.activity import conversations, last_activity
from funnelkpi.adapters.calls.matching import link_clients
from funnelkpi.adapters.cut import cut_calls, cut_deals
from funnelkpi.adapters.deals.stage_dates import (
    begun,
    date_captions,
    dates_against_history,
    stage_dates,
)
from funnelkpi.adapters.funnel.build import funnel_from_guess, funnel_from_settings, guess_pipelines
from funnelkpi.adapters.funnel.people import build_people
from funnelkpi.adapters.funnel.resolve import Resolved, resolve_stages
from funnelkpi.adapters.funnel.unresolved import inferred_wins, refuse_foreign_config
from funnelkpi.adapters.history.gone import GONE_COLUMNS, mark_gone, with_gone
from funnelkpi.adapters.history.timeline import Timeline, build_timeline
from funnelkpi.adapters.history.unfolded import Unfolded, unfold
from funnelkpi.adapters.load import Tables
from funnelkpi.adapters.moment import newest_moment
from funnelkpi.adapters.part import put_together
from funnelkpi.adapters.quality import quality_findings, stage_dates_in_future
from funnelkpi.adapters.rates import at_rates
from funnelkpi.adapters.records.join import (
    Cards,
    complete,
    cut_records,
    of_absent_deals,
    with_deals,
)
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.dataset import Dataset
from funnelkpi.model.entries import build_entries, reach
from funnelkpi.model.finding import Finding
from funnelkpi.model.funnel import STATUSES, Funnel
from funnelkpi.model.kept import Kept
from funnelkpi.model.ownership import owner_at
from funnelkpi.model.workdays import WEEK, WorkCalendar

LISTED_DAYS = 90
"""Without managers in the config: those with a deal created, moved or closed in so many days."""
_ENTITIES = ("deal", "lead")


@dataclass(frozen=True)
class Assembled:
    """The dataset with the final account of rows and all findings on the way."""

    dataset: Dataset
    accounts: tuple[FileAccount, ...]
    findings: tuple[Finding, ...]


def assemble(
    tables: Tables, settings: Settings, as_of: datetime | None = None, kept: Kept | None = None
) -> Assembled:
    """Resolve, cut and complete ``tables``.

    as_of: the moment to look from; by default the moment of the newest deals file. kept: what kept
    exports tell of the past.

    Raises:
        InputError: no deals at all, none by ``as_of``, no moment can be told, or no stage of the
            config is in the files.
    """
    frames = [frame for frame in tables.frames() if len(frame)]
    if not frames:
        raise _nothing(tables)
    exported = newest_moment(frames[0], tables.stamps)
    moment, late = _moment(tables, as_of, exported)
    frames = with_gone(frames, kept, moment)
    funnel, notes = _funnel(frames, tables.history, settings)
    deals, resolved = _resolved(frames, funnel, settings)
    findings = [*tables.findings, *late, *notes, *resolved]
    known = frozenset().union(*(tables.available.get(k, frozenset()) for k in ("deals", "leads")))
    findings += _doubts(deals, max(exported or moment, moment), known, funnel)
    unfolded = unfold(tables.history, kept, deals, funnel, moment)
    cut = cut_deals(deals, tables.accounts, moment, exported)
    deals, findings = cut.rows, [*findings, *cut.findings, *unfolded.findings]
    if not len(deals):
        raise InputError.of("errors_data.nothing_by_as_of", as_of=f"{moment:%d.%m.%Y %H:%M}")
    mark_gone(deals)
    unfolded.rewind(deals, funnel)
    heard = cut_calls(tables.calls, unfolded.accounted(cut.accounts), moment)
    calls, accounts = None, unfolded.accounted(cut.accounts)
    if heard is not None:
        calls, accounts, findings = heard.rows, heard.accounts, [*findings, *heard.findings]
    cards = cut_records(tables.tasks, tables.contacts, tables.companies, accounts, moment, exported)
    accounts, findings = cards.accounts, [*findings, *cards.findings]
    people = build_people(
        _people(deals, calls, unfolded, cards),
        _active(deals, moment),
        settings,
        cards.makers(),
        calls,
    )
    findings += people.findings
    names = pd.Index([m.name for m in people.roster.managers])
    owner = unfolded.owners_then(deals, people)
    deals["manager"] = pd.Categorical.from_codes(owner, names)
    cards = complete(cards, people, names)
    matching = link_clients(deals, calls, cards.contacts, cards.companies, settings.calls, findings)
    tasks = with_deals(cards, deals)
    if calls is not None:
        calls["manager"] = pd.Categorical.from_codes(people.codes(calls["employee"]), names)
        calls["conversation"] = conversations(calls, settings.calls.conversation_seconds)
    deals["activity_at"] = last_activity(deals, calls, settings.calls, moment, matching)
    dates = stage_dates(deals, funnel, moment)
    timeline = build_timeline(unfolded, kept, deals, funnel, people)
    findings += timeline.findings
    deals["manager_created"], deals["manager_closed"] = _credited(deals, timeline)
    way = (timeline.visits, timeline.whole)
    deals["way_known"] = timeline.whole
    findings += dates_against_history(dates, *way, deals, funnel)
    entries = build_entries(deals, dates, funnel, *way)
    entries["manager"] = _owners(entries, timeline, deals)
    deals = pd.concat([deals, reach(deals, entries, dates, funnel, *way)], axis=1)
    dropped = ["owner", "is_lead", "last_activity_at", *(c for c in GONE_COLUMNS if c in deals)]
    observed = timeline.observed | {
        s: min(timeline.observed.get(s, datetime.max), begun(at)) for s, at in dates.items()
    }
    dataset = Dataset(
        deals=deals.drop(columns=dropped),
        entries=entries,
        calls=calls,
        funnel=funnel,
        roster=people.roster,
        calendar=work_calendar(settings),
        as_of=moment,
        available=known,
        dated=frozenset(observed),
        covered=_covered(calls, moment, exported, timeline),
        visits=timeline.visits,
        owners=timeline.owners,
        pushes=timeline.pushes,
        amounts=timeline.amounts,
        history=unfolded.rows(),
        observed=observed,
        tasks=tasks,
        contacts=cards.contacts,
        companies=cards.companies,
        callers=None if matching is None else matching.callers,
        observed_until={s: at for s, at in timeline.observed_until.items() if s not in dates},
    )
    return Assembled(dataset, accounts, (*findings, *of_absent_deals(tasks)))


def _moment(
    tables: Tables, as_of: datetime | None, exported: datetime | None
) -> tuple[datetime, list[Finding]]:
    """The moment to look from: as asked, but not after the days the exports cover."""
    moment = as_of or exported
    if moment is None:
        raise InputError.of("errors_data.no_moment")
    until = _stated_until(tables)
    if exported is None or until is None or moment.date() <= max(until, exported.date()):
        return moment, []
    # Days the export does not cover would read as days on which nothing was done.
    days = {"asked": f"{moment:%d.%m.%Y}", "exported": f"{exported:%d.%m.%Y %H:%M}"}
    return exported, [Finding("findings_data.as_of_after_export", params=days)]


def _resolved(
    frames: Sequence[pd.DataFrame], funnel: Funnel, settings: Settings
) -> tuple[pd.DataFrame, list[Finding]]:
    """Deals and leads in one frame, with stages, pipelines and statuses; sums at the config's
    rates."""
    parts: list[pd.DataFrame] = []
    findings: list[Finding] = []
    for frame in frames:
        entity = _entity(frame)
        resolved = resolve_stages(frame, funnel, entity)
        findings += resolved.findings
        parts.append(_coded(frame, resolved, funnel, entity))
    refuse_foreign_config(parts, funnel, settings)
    deals, converted = at_rates(put_together(parts), settings)
    return deals, [*findings, *converted]


def _people(
    deals: pd.DataFrame, calls: pd.DataFrame | None, unfolded: Unfolded, cards: Cards
) -> list[pd.Series]:
    """Columns of names: owners of deals, employees of calls, owners of the past, of tasks..."""
    return [
        deals["owner"],
        *([calls["employee"]] if calls is not None else []),
        *unfolded.names(),
        *cards.owners(),
    ]


def _doubts(
    deals: pd.DataFrame, present: datetime, known: frozenset[str], funnel: Funnel
) -> list[Finding]:
    """What is odd in the deals as exported."""
    ahead = stage_dates_in_future(deals, date_captions(deals, funnel), present)
    return [*quality_findings(deals, present, known), *ahead]


def _owners(entries: pd.DataFrame, timeline: Timeline, deals: pd.DataFrame) -> npt.NDArray[Any]:
    """Whose each deal was when it entered the stage."""
    deal, at = entries["deal"].to_numpy(), entries["at"].to_numpy()
    return owner_at(timeline.owners, deal, at, deals["manager"].cat.codes.to_numpy())


def _credited(deals: pd.DataFrame, timeline: Timeline) -> tuple[pd.Categorical, pd.Categorical]:
    """Owners at the creation and at the close."""
    current = deals["manager"].cat.codes.to_numpy()
    rows = np.arange(len(deals))
    out = []
    for name in ("created_at", "closed_at"):
        at = deals[name].to_numpy().astype("M8[s]")
        owner = owner_at(timeline.owners, rows, at, current)
        owner = np.where(np.isnat(at), current, owner)
        out.append(pd.Categorical.from_codes(owner, deals["manager"].cat.categories))
    return out[0], out[1]


def _stated_until(tables: Tables) -> date | None:
    """The last day the exports themselves say they cover; None where none says a moment or a day:
    such a file may be younger than its latest row."""
    events = {a.file for a in tables.accounts if a.kind in ("history", "users", "stages")}
    stamps = (stamp for file, stamp in tables.stamps.items() if file not in events)
    stated = [m.date() if m else day for m, day in stamps]
    return max((day for day in stated if day), default=None)


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


def _nothing(tables: Tables) -> InputError:
    """No deals and no leads: no such file, or files without a row that counts."""
    given = [a for a in tables.accounts if a.kind in ("deals", "leads")]
    if not given:
        return InputError.of("errors_data.no_deals")
    first = given[0]
    if not any(a.rows for a in given):
        return InputError.of("errors_data.no_rows", file=first.file)
    rows = sum(a.rows for a in given)
    return InputError.of("errors_data.no_usable_rows", file=first.file, rows=rows)


def _entity(frame: pd.DataFrame) -> str:
    return _ENTITIES[int(frame["is_lead"].iloc[0])]


def _funnel(
    frames: Sequence[pd.DataFrame], history: pd.DataFrame | None, settings: Settings
) -> tuple[Funnel, tuple[Finding, ...]]:
    """The config's pipelines; those of an entity it says nothing of (often leads) by guess: they
    still pass the CRM's built-in stages. Stages only a history tells of are guessed too."""
    own = funnel_from_settings(settings)
    configured = {p.entity for p in own.pipelines}
    missing = [f for f in frames if _entity(f) not in configured]
    guessed = guess_pipelines(missing, history)
    rest = funnel_from_guess(guessed, settings.language, [p.key for p in own.pipelines])
    return Funnel((*own.pipelines, *rest.pipelines)), inferred_wins(missing, guessed)


def _coded(frame: pd.DataFrame, found: Resolved, funnel: Funnel, entity: str) -> pd.DataFrame:
    out = frame.copy(deep=False)
    ids = pd.Index([s.id for s in funnel.stages])
    keys = pd.Index([p.key for p in funnel.pipelines])
    out["pipeline"] = pd.Categorical.from_codes(found.pipeline, keys)
    out["stage_name"] = frame["stage"]
    out["stage"] = pd.Categorical.from_codes(found.stage, ids)
    out["previous_stage"] = pd.Categorical.from_codes(found.previous, ids)
    out["status"] = pd.Categorical.from_codes(found.status, pd.Index(STATUSES))
    kind = np.full(len(out), _ENTITIES.index(entity), np.int8)
    out["entity"] = pd.Categorical.from_codes(kind, pd.Index(_ENTITIES))
    return out


def _active(deals: pd.DataFrame, moment: datetime) -> set[str]:
    """Owners with a deal created, moved or closed in the last 90 days."""
    since = np.datetime64(moment - timedelta(days=LISTED_DAYS), "s")
    recent = np.zeros(len(deals), bool)
    for name in ("created_at", "stage_changed_at", "closed_at"):
        recent |= deals[name].to_numpy() >= since  # the cut has left nothing later than the moment
    owners = deals["owner"].cat
    used = np.unique(owners.codes.to_numpy()[recent])
    return {str(owners.categories[c]) for c in used if c >= 0}


def _covered(
    calls: pd.DataFrame | None, moment: datetime, exported: datetime | None, timeline: Timeline
) -> dict[str, datetime]:
    """Until when each table reaches; a table of calls or events reaches to its last row."""
    covered = {"deals": min(moment, exported or moment)}
    if timeline.until is not None:
        covered["history"] = timeline.until
    if calls is not None and len(calls):
        last = calls["called_at"].max()
        covered["calls"] = last.to_pydatetime() if pd.notna(last) else moment
    return covered
