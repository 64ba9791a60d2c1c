"""Which columns a run reads: exports have 150, a report needs some twenty."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from funnelkpi.adapters.captions import caption_key
from funnelkpi.adapters.interface import Export, Wanted
from funnelkpi.config.schema import Settings
from funnelkpi.errors import UsageError
from funnelkpi.model.tables import deals_columns

_ON_REQUEST = {"tags", "contact", "company", "phone", "creator", "lead_id"}
"""Columns that no figure needs unless it is asked for: wide texts that would only cost memory."""

_COLUMN_OF = {"tag": "tags", "source": "source", "loss_reason": "loss_reason", "company": "company"}
_NOT_A_COLUMN = {"month", "currency"}
PEOPLE_AND_PIPELINES = ("manager", "department", "role", "pipeline")


def wanted(exports: Iterable[Export], settings: Settings, by: tuple[str, ...]) -> Wanted:
    """The columns needed by the figures, the config's filters and stage dates, and the slices."""
    columns = set(deals_columns()) - _ON_REQUEST
    if any(export.kind == "calls" for export in exports):
        columns.add("phone")
    texts: list[str] = []
    fields = [f.field for norm in settings.norms for f in norm.where]
    for name in (*by, *fields):
        column = _COLUMN_OF.get(name, name)
        if column in deals_columns():
            columns.add(column)
        elif name not in _NOT_A_COLUMN:
            texts.append(name)
    dates = [s.date_column for p in settings.pipelines for s in p.stages if s.date_column]
    return Wanted(frozenset(columns), tuple(dict.fromkeys(texts)), tuple(dict.fromkeys(dates)))


def check_slices(by: Iterable[str], exports: Iterable[Export]) -> None:
    """Every slice is a dimension or the caption of a column that some export has.

    Raises:
        UsageError: names the dimensions and the captions nearest to what was asked.
    """
    captions = {caption_key(c): c for e in exports for c in e.source.header if c.strip()}
    known = (*_COLUMN_OF, *_NOT_A_COLUMN)
    for name in by:
        if name in known or name in deals_columns() or caption_key(name) in captions:
            continue
        near = get_close_matches(caption_key(name), list(captions), n=5, cutoff=0.5)
        options = ", ".join((*PEOPLE_AND_PIPELINES, *sorted(known), *(captions[k] for k in near)))
        raise UsageError.of("errors_cli.unknown_slice", value=name, known=options)
