"""Which columns a run reads: exports have 150, a report needs some twenty."""

from __future__ import annotations

from collections.abc import Iterable

from funnelkpi.adapters.interface import Export, Wanted
from funnelkpi.config.schema import Settings
from funnelkpi.model.tables import deals_columns

_ON_REQUEST = {"tags", "contact", "company", "phone", "creator", "lead_id"}
"""Columns that no figure needs unless it is asked for: wide texts that would only cost memory."""

_DIMENSION = {"tag": "tags", "source": "source", "loss_reason": "loss_reason", "company": "company"}
_NOT_A_COLUMN = {"month", "currency"}


def wanted(exports: Iterable[Export], settings: Settings, by: tuple[str, ...]) -> Wanted:
    """The columns needed by the figures, the config's filters and stage dates, and the slices."""
    columns = set(deals_columns()) - _ON_REQUEST
    if any(export.kind == "calls" for export in exports):
        columns.add("phone")
    texts: list[str] = []
    fields = [f.field for norm in settings.norms for f in norm.where]
    for name in (*by, *fields):
        column = _DIMENSION.get(name, name)
        if column in deals_columns():
            columns.add(column)
        elif name not in _NOT_A_COLUMN:
            texts.append(name)
    dates = [s.date_column for p in settings.pipelines for s in p.stages if s.date_column]
    return Wanted(frozenset(columns), tuple(dict.fromkeys(texts)), tuple(dict.fromkeys(dates)))
