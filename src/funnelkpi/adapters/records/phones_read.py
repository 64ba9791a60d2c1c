"""Phones of deals, contacts and companies that cannot be read or have no area code, as findings."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.flags import says_nothing
from funnelkpi.adapters.cells.phones import are_local
from funnelkpi.adapters.records.clients import Clients, arrow
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity, shortened

_UNREAD = ("findings_records.phone_unread", Severity.WARNING)
_LOCAL = ("findings_records.phone_local", Severity.NOTE)


def phone_findings(clients: Clients, tables: Sequence[pd.DataFrame | None]) -> Iterator[Finding]:
    """What cannot be told by the phones of ``tables`` (deals, contacts, companies), per file.

    A cell is told of if none of its numbers is a whole one.
    """
    whole = pc.fill_null(pc.starts_with(clients.numbers, "+"), False)
    whole = whole.to_numpy(zero_copy_only=False)
    odd = np.flatnonzero(~whole)
    if not len(odd):
        return
    local = are_local(clients.numbers.take(pa.array(odd))).to_numpy(zero_copy_only=False)
    at, good = clients.owner[odd], np.unique(clients.owner[whole])
    near = np.setdiff1d(at[local], good)
    unread = np.setdiff1d(at[~local], np.union1d(good, near))
    begin = 0
    for table in tables:
        if table is None:
            continue
        for (code, severity), places in ((_UNREAD, unread), (_LOCAL, near)):
            own = places[(places >= begin) & (places < begin + len(table))] - begin
            if len(own) and {"phone", "_file"} <= set(table):
                yield from _by_file(table.iloc[own], code, severity)
        begin += len(table)


def _by_file(rows: pd.DataFrame, code: str, severity: Severity) -> Iterator[Finding]:
    texts = arrow(rows["phone"]).dictionary_encode()
    said = np.array([not says_nothing(t) for t in texts.dictionary.to_pylist()], np.bool_)
    places = pc.fill_null(texts.indices, -1).to_numpy(zero_copy_only=False)
    rows = rows[np.append(said, False)[places]]
    for name, part in rows.groupby("_file", observed=True, sort=True):
        numbers = tuple(int(r) for r in part["_row"].head(ROWS_SHOWN))
        value = shortened(str(part["phone"].iloc[0]))
        yield Finding(code, severity, str(name), numbers, value=value, count=len(part))
