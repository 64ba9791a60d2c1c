"""People in tables of tasks, contacts and companies: by name, else by the CRM's number."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.flags import says_nothing
from funnelkpi.adapters.cells.texts import Coded, coalesced, flat
from funnelkpi.adapters.lookup import Lookups, split_bracketed


def coded(cells: Cells, name: str) -> Coded:
    """A mapped column as codes, several positions by the layout's rule; nothing if not mapped."""
    at = cells.export.mapping.get(name)
    return cells.coded(at, cells.export.rules.get(name, "first")) if at else Coded.nothing(cells.n)


def text(cells: Cells, name: str) -> Any:
    """A mapped column of high variety as one Arrow text array; all missing if not mapped."""
    at = cells.export.mapping.get(name)
    return flat(cells.text(at)) if at else pa.nulls(cells.n, pa.large_string())


def number(cells: Cells, name: str) -> Any:
    """A column of IDs, as ``text``; a re-saved workbook made 55.0 of 55."""
    ids = text(cells, name)
    floats = pc.fill_null(pc.ends_with(ids, ".0"), False)
    if pc.any(floats).as_py():
        ids = pc.if_else(floats, pc.utf8_slice_codeunits(ids, 0, -2), ids)
    return ids


def filled(first: Coded, second: Coded) -> Coded:
    """``first``, where it is missing ``second``."""
    return coalesced([first, second]) if len(second.values) else first


def person(cells: Cells, lookups: Lookups, name: str, *, needed: bool = True) -> Coded:
    """The people of column ``name`` (owner, creator), their numbers looked up among the users.

    needed: numbers without a name are a finding.
    """
    found = coded(cells, name).renamed(_name)
    raw = f"{name}_id"
    if raw not in cells.export.mapping:
        return found
    named, unknown = lookups.named("users", cells.export.crm, coded(cells, raw))
    strange = (unknown.codes >= 0) & (found.codes < 0)
    if needed and strange.any():
        cells.report(
            "ids_without_names", strange, column=cells.export.caption(raw),
            value=", ".join(sorted(unknown.texts())[:5]), what=name,
        )  # fmt: skip
    return filled(found, named)


def _name(text: str) -> str | None:
    own = split_bracketed(text)[1] or text
    return None if says_nothing(own) else own
