"""Who made or took a call: by name, login or extension."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from funnelkpi.adapters.captions import text_key
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.flags import says_nothing
from funnelkpi.adapters.cells.phones import by_library
from funnelkpi.adapters.cells.texts import Coded, coalesced
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.config.schema import Settings

_NUMBER_AFTER = re.compile(r"(.*\S)\s*[(\[<](?:доб\.?|ext\.?)?\s*(\d{2,6})[)\]>]")
_NUMBER_BEFORE = re.compile(r"(\d{2,6})\s*[-–—:,]?\s+(.*\D.*)")


@dataclass(frozen=True)
class Staff:
    """The logins and numbers of the config's managers -> the manager's name."""

    logins: dict[str, str]
    numbers: dict[str, str]
    region: str

    @classmethod
    def of(cls, settings: Settings) -> Staff:
        """The managers of the config."""
        region = settings.calls.phone_region
        logins = {text_key(login): m.name for m in settings.managers for login in m.logins}
        numbers = {
            by_library(number, region) or text_key(number): m.name
            for m in settings.managers
            for number in m.extensions
        }
        return cls(logins, numbers, region)

    def name_of(self, text: str) -> str | None:
        """The manager of a login (also the part before the @) or extension; None: nobody's."""
        key = text_key(text).removeprefix("sip:").removesuffix(".0")
        found = self.logins.get(key) or self.logins.get(key.partition("@")[0])
        return found or self.numbers.get(by_library(key.partition("@")[0], self.region) or key)


def employees(cells: Cells, lookups: Lookups, staff: Staff, own_end: Coded) -> Coded:
    """The employee of each call.

    The name the file gives, else the name of its user ID, extension, login or of the company's own
    end of the call; else the extension or login as it stands, so that it can be named.
    """
    named = _named(cells, lookups, staff)
    found, raw = [named], []
    for column in (
        _user_ids(cells, lookups, empty=not named.texts()),
        _coded(cells, "extension"),
        _coded(cells, "login"),
        own_end,
    ):
        if column.texts():
            found.append(column.renamed(staff.name_of))
            raw.append(column.renamed(_nobody_or_text))
    return coalesced([*found, *raw])


def _named(cells: Cells, lookups: Lookups, staff: Staff) -> Coded:
    crm = cells.export.crm

    def name(text: str) -> str | None:
        if says_nothing(text):
            return None
        text = text.rpartition("] ")[2] if text.startswith("[") else text
        if known := staff.name_of(text):
            return known
        if text.isdigit() and crm != "generic":
            return lookups.users.get((crm, text), text)
        return _without_extension(text, staff) if crm == "generic" else text

    return _coded(cells, "employee").renamed(name)


def _without_extension(text: str, staff: Staff) -> str:
    """«Ким Анна (101)», «101 Ким Анна»: whose number it is, else the name alone."""
    if after := _NUMBER_AFTER.fullmatch(text):
        return staff.name_of(after[2]) or after[1]
    if before := _NUMBER_BEFORE.fullmatch(text):
        return staff.name_of(before[1]) or before[2]
    return text


def _user_ids(cells: Cells, lookups: Lookups, *, empty: bool) -> Coded:
    if "employee_id" not in cells.export.mapping:
        return Coded.nothing(cells.n)
    found, unknown = lookups.named("users", cells.export.crm, _coded(cells, "employee_id"))
    if empty:
        strange = unknown.codes >= 0
        if strange.any():
            cells.report(
                "ids_without_names", strange, column=cells.export.caption("employee_id"),
                value=", ".join(sorted(unknown.texts())[:5]), what="employee",
            )  # fmt: skip
    return found


def _coded(cells: Cells, name: str) -> Coded:
    at = cells.export.mapping.get(name)
    return cells.coded(at) if at else Coded.nothing(cells.n)


def _nobody_or_text(text: str) -> str | None:
    """An extension or login as it stands; an outside number of the company is nobody's."""
    return None if says_nothing(text) or text.startswith("+") else text.removesuffix(".0")


def occurring(column: Coded) -> Coded:
    """The column with only the values that occur in it, each once."""
    used = np.zeros(len(column.values) + 1, bool)
    used[column.codes] = True
    new = np.append(np.cumsum(used[:-1], dtype=np.int64) - 1, -1).astype(np.int32)
    values = column.values.filter(pa.array(used[:-1]))
    return Coded(new[column.codes], values).mapped(values)
