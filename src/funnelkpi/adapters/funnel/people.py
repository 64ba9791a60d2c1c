"""Owners of deals and calls as one roster: the same person under several spellings is one manager."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.cells.names import match_names
from funnelkpi.config.schema import Settings
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity, shortened
from funnelkpi.model.roster import Manager, Roster

SPELLINGS_SHOWN = 3


_OF_DEALS = 1 << 40
"""More than any number of calls."""
OF_CALLS = "employee"
"""Name of the column of calls among the columns of names."""


@dataclass(frozen=True)
class People:
    """The roster, the spelling -> manager code map, and what was found on the way."""

    roster: Roster
    code: dict[str, int]
    findings: tuple[Finding, ...]

    def codes(self, owners: pd.Series) -> npt.NDArray[np.int32]:
        """Manager codes of a categorical column of names; -1 for nobody."""
        table = np.array(
            [*(self.code.get(str(c), -1) for c in owners.cat.categories), -1], np.int32
        )
        out: npt.NDArray[np.int32] = table[owners.cat.codes.to_numpy()]
        return out


def build_people(
    columns: Iterable[pd.Series],
    active: set[str],
    settings: Settings,
    makers: Iterable[pd.Series] = (),
    calls: pd.DataFrame | None = None,
) -> People:
    """One roster from the config's managers and the names in ``columns`` (categoricals).

    columns: owners of deals first, then employees of calls. A person is called as the deals call
    him: the telephony writes all names its own way.
    active: names with a deal created, moved or won in 90 days; without managers in the config these
    are listed. With them, only they are: the others count in the company and are a finding.
    makers: who only entered tasks, contacts and companies: robots and back office among them, so
    one of them whom the config does not name is no finding. calls: to tell the rows of employees
    nobody knows.
    """
    counts: dict[str, int] = {}
    called: dict[str, int] = {}
    weight: dict[str, int] = {}
    for place, column in enumerate(columns):
        of_calls = column.name == OF_CALLS
        for name, n in column.value_counts().items():
            if n and str(name).strip():
                seen = called if of_calls else counts
                seen[str(name)] = seen.get(str(name), 0) + int(n)
                weight.setdefault(str(name), int(n) if place else int(n) + _OF_DEALS)
    for column in makers:
        for name, n in column.value_counts().items():
            if n and str(name).strip():
                weight.setdefault(str(name), 0)
    given = [(m.name, *m.aliases) for m in settings.managers]
    spelling = match_names(weight, given)
    names = [m.name for m in settings.managers]
    names += sorted({n for n in spelling.values() if n not in set(names)})
    configured = {m.name: m for m in settings.managers}
    listed = {spelling[n] for n in active if n in spelling}
    managers = []
    for name in names:
        m = configured.get(name)
        if m is None:
            managers.append(Manager(name, listed=not configured and name in listed))
            continue
        away = tuple((a.first, a.last) for a in m.absences)
        managers.append(Manager(name, m.department, m.role, m.start, m.end, away, m.aliases))
    roster = Roster(tuple(managers))
    code = {text: roster.code[name] for text, name in spelling.items()}
    found = _findings(counts, spelling, set(configured))
    found += _callers(counts, called, spelling, set(configured), calls)
    return People(roster, code, tuple(found))


def _callers(
    counts: dict[str, int],
    called: dict[str, int],
    spelling: dict[str, str],
    configured: set[str],
    calls: pd.DataFrame | None,
) -> list[Finding]:
    """Employees of calls who stand nowhere else, per file of calls."""
    known = configured | {spelling[text] for text in counts}
    unknown = {text for text in called if spelling[text] not in known}
    if not unknown or calls is None:
        return []
    severity = Severity.WARNING if configured else Severity.NOTE
    column = calls[OF_CALLS].cat
    strange = np.array([*(str(c) in unknown for c in column.categories), False], np.bool_)
    found = []
    theirs = calls.loc[strange[column.codes.to_numpy()], [OF_CALLS, "_file", "_row"]]
    for file, rows in theirs.groupby("_file", observed=True, sort=True):
        often: dict[str, int] = {}
        for text, n in rows[OF_CALLS].value_counts().items():
            if n:
                often[spelling[str(text)]] = often.get(spelling[str(text)], 0) + int(n)
        names = sorted(often, key=lambda name: (-often[name], name))
        found.append(
            Finding(
                "findings_calls.unknown_employees",
                severity,
                file=str(file),
                rows=tuple(int(r) for r in rows["_row"].head(ROWS_SHOWN)),
                value=", ".join(shortened(n) for n in names[:ROWS_SHOWN]),
                count=len(rows),
                params={"managers": len(names)},
            )
        )
    return found


def _findings(
    counts: dict[str, int], spelling: dict[str, str], configured: set[str]
) -> list[Finding]:
    variants: dict[str, list[str]] = {}
    for text, name in sorted(spelling.items()):
        variants.setdefault(name, []).append(text)
    several = {
        n: texts for n, texts in variants.items() if len({" ".join(t.split()) for t in texts}) > 1
    }
    out = []
    if several:
        shown = ["/".join(dict.fromkeys(" ".join(t.split()) for t in v)) for v in several.values()]
        out.append(
            Finding(
                "findings_data.name_spellings",
                Severity.NOTE,
                value="; ".join(shown[:SPELLINGS_SHOWN])
                + ("…" if len(shown) > SPELLINGS_SHOWN else ""),
                count=len(several),
            )
        )
    seen = {spelling[text] for text in counts}
    unknown = sorted(n for n in seen if n not in configured) if configured else []
    if unknown:
        out.append(
            Finding(
                "findings_data.unknown_managers",
                Severity.WARNING,
                value=", ".join(shortened(n) for n in unknown[:ROWS_SHOWN]),
                count=sum(counts.get(t, 0) for n in unknown for t in variants[n]),
                params={"managers": len(unknown)},
            )
        )
    return out
