"""Tasks, contacts and companies of the dataset: cut at ``as of``, people and deals as codes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cut import cut_created
from funnelkpi.adapters.funnel.people import People
from funnelkpi.adapters.records.clients import arrow
from funnelkpi.model.accounting import FileAccount
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity, listed

_KINDS = ("tasks", "contacts", "companies")
_NAT = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class Cards:
    """Tasks, contacts and companies by ``as of``; None without any."""

    tasks: pd.DataFrame | None
    contacts: pd.DataFrame | None
    companies: pd.DataFrame | None
    accounts: tuple[FileAccount, ...]
    findings: tuple[Finding, ...]

    def owners(self) -> list[pd.Series]:
        """Columns of names: the responsible."""
        return [f["owner"] for f in self._frames()]

    def makers(self) -> list[pd.Series]:
        """Columns of names: who entered them; often no manager at all."""
        return [f["creator"] for f in self._frames()]

    def _frames(self) -> list[pd.DataFrame]:
        return [f for f in (self.tasks, self.contacts, self.companies) if f is not None]


def cut_records(
    tasks: pd.DataFrame | None,
    contacts: pd.DataFrame | None,
    companies: pd.DataFrame | None,
    accounts: Sequence[FileAccount],
    moment: datetime,
    exported: datetime | None,
) -> Cards:
    """What was entered by ``moment``; a task done later, or nobody knows when, is not done yet (of
    an export of a later moment: nobody knows whether)."""
    findings: list[Finding] = []
    left: list[pd.DataFrame | None] = []
    given = tuple(accounts)
    for kind, frame in zip(_KINDS, (tasks, contacts, companies), strict=True):
        if frame is None:
            left.append(None)
            continue
        kinds = ("tasks",) if kind == "tasks" else ("contacts", "companies")
        own = [a for a in given if a.kind in kinds]
        cut = cut_created(frame, own, moment)
        changed = dict(zip(map(id, own), cut.accounts, strict=True))
        given = tuple(changed.get(id(a), a) for a in given)
        findings += cut.findings
        left.append(cut.rows)
    if left[0] is not None:
        left[0] = _undone(left[0], moment, exported)
    return Cards(left[0], left[1], left[2], given, tuple(findings))


def _undone(tasks: pd.DataFrame, moment: datetime, exported: datetime | None) -> pd.DataFrame:
    now = np.datetime64(moment, "s")
    when = tasks["done_at"].to_numpy().astype("M8[s]")
    later = when > now
    done = tasks["done"].copy()
    done[later] = 0
    if exported is not None and exported > moment:
        done[((done == 1).fillna(False) & np.isnat(when)).to_numpy(bool)] = pd.NA
    return tasks.assign(done=done, done_at=np.where(later, _NAT, when))


def complete(cards: Cards, people: People, names: pd.Index) -> Cards:
    """With ``manager`` and ``maker``."""

    def known(frame: pd.DataFrame | None) -> pd.DataFrame | None:
        if frame is None:
            return None
        return frame.assign(
            manager=pd.Categorical.from_codes(people.codes(frame["owner"]), names),
            maker=pd.Categorical.from_codes(people.codes(frame["creator"]), names),
        )

    return replace(
        cards,
        tasks=known(cards.tasks),
        contacts=known(cards.contacts),
        companies=known(cards.companies),
    )


def with_deals(cards: Cards, deals: pd.DataFrame) -> pd.DataFrame | None:
    """The tasks with ``deal`` and ``client``: the client of the deal, else the one of that name.

    deals, contacts and companies have their clients already.
    """
    tasks = cards.tasks
    if tasks is None:
        return None
    deal = positions(tasks, deals)
    client = np.append(deals["client"].to_numpy(), -1)[deal].astype(np.int32)
    lacking = client < 0
    if lacking.any() and tasks["client"].notna().any():
        tables = (
            (deals, "company"), (deals, "contact"), (cards.companies, "name"),
            (cards.contacts, "name"), (cards.contacts, "company"),
        )  # fmt: skip
        own = _clients_by_name(tasks["client"], [(t, c) for t, c in tables if t is not None])
        client = np.where(lacking, own, client)
    tasks = tasks.rename(columns={"client": "client_name"})
    return tasks.assign(deal=deal, client=client)


def of_absent_deals(tasks: pd.DataFrame | None) -> list[Finding]:
    """Tasks that name a deal which is in no file."""
    if tasks is None:
        return []
    lost = (tasks["deal"].to_numpy() < 0) & tasks["deal_id"].notna().to_numpy()
    found = []
    for name, part in tasks[lost].groupby("_file", observed=True, sort=True):
        rows = tuple(int(r) for r in part["_row"].head(ROWS_SHOWN))
        ids = listed(list(dict.fromkeys(part["deal_id"])))
        code = "findings_records.tasks_of_absent_deals"
        found.append(Finding(code, Severity.NOTE, str(name), rows, value=ids, count=len(part)))
    return found


def _clients_by_name(
    asked: pd.Series, tables: Sequence[tuple[pd.DataFrame, str]]
) -> npt.NDArray[np.int32]:
    """The client of each name in ``asked`` (a categorical); -1 where several have it, or none."""
    columns = [asked.cat, *(table[column].cat for table, column in tables)]
    texts = [pa.array(c.categories.astype(object), pa.large_string()) for c in columns]
    plain = pc.utf8_trim_whitespace(pc.utf8_lower(pa.concat_arrays(texts)))
    coded = pc.replace_substring(plain, "ё", "е").dictionary_encode()
    keys = coded.indices.to_numpy()
    ends = np.cumsum([len(t) for t in texts])
    lowest = np.full(len(coded.dictionary) + 1, np.iinfo(np.int32).max, np.int64)
    highest = np.full(len(lowest), -1, np.int64)
    for (table, _), column, end in zip(tables, columns[1:], ends[1:], strict=True):
        own = np.append(keys[end - len(column.categories) : end], len(lowest) - 1)
        name, client = own[column.codes.to_numpy()], table["client"].to_numpy()
        known = client >= 0
        np.minimum.at(lowest, name[known], client[known])
        np.maximum.at(highest, name[known], client[known])
    one = np.where(lowest == highest, highest, -1).astype(np.int32)
    one[-1] = -1
    named: npt.NDArray[np.int32] = np.append(one[keys[: ends[0]]], np.int32(-1))
    out: npt.NDArray[np.int32] = named[asked.cat.codes.to_numpy()]
    return out


def positions(rows: pd.DataFrame, deals: pd.DataFrame) -> npt.NDArray[np.int32]:
    """The position of each row's deal (or lead: ``entity``) among ``deals``; -1 without any.

    A row of no CRM belongs to whichever CRM the deals are of, if they are of one.
    """
    out = np.full(len(rows), -1, np.int32)
    crms = [str(c) for c in deals["crm"].cat.categories]
    used = np.unique(deals["crm"].cat.codes.to_numpy())
    whose, row_crm = deals["crm"].cat.codes.to_numpy(), rows["crm"].cat.codes.to_numpy()
    entity = deals["entity"].eq("lead").to_numpy(bool)
    row_entity = rows["entity"].eq("lead").to_numpy(bool)
    ids, row_ids = (arrow(frame["deal_id"]) for frame in (deals, rows))
    with_id = row_ids.is_valid().to_numpy(zero_copy_only=False)
    for code, crm in enumerate(rows["crm"].cat.categories):
        own = whose == crms.index(crm) if crm in crms else np.full(len(deals), len(used) == 1)
        for lead in (False, True):
            asked = np.flatnonzero(with_id & (row_crm == code) & (row_entity == lead))
            have = np.flatnonzero(own & (entity == lead))
            if len(asked) and len(have):
                found = pc.index_in(row_ids.take(pa.array(asked)), ids.take(pa.array(have)))
                place = pc.fill_null(found, -1).to_numpy(zero_copy_only=False)
                out[asked] = np.where(place >= 0, have[place], -1)
    return out
