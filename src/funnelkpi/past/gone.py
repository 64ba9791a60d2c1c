"""Deals that are in the state no more, in the columns of the run, as they were last seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.deals.columns import columns_to_read, field_positions
from funnelkpi.adapters.deals.table import read_deals
from funnelkpi.adapters.interface import Export, Wanted
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.part import put_together
from funnelkpi.config.schema import Settings
from funnelkpi.past.sightings import Showing, deal_ids, group_key, joined
from funnelkpi.readers.source import Columns


def last_rows(
    showings: Sequence[Showing],
    last: Any,
    ids: Any,
    wanted: Wanted,
    settings: Settings,
    names: Lookups,
) -> pd.DataFrame | None:
    """Canonical deals with the given ``ids`` (Arrow), each from the showing ``last`` says; None if
    there are none. Only exports that hold one of them are read."""
    groups: dict[Any, list[tuple[Export, Any]]] = {}
    for at in np.unique(last).tolist():
        showing = showings[at]
        own = ids.filter(pa.array(last == at))
        table, found = _rows(showing.export, wanted, own)
        if found:
            groups.setdefault(group_key(showing.export), []).append((showing.export, table))
    frames = [_converted(several, wanted, settings, names) for several in groups.values()]
    return put_together(frames) if frames else None


def _rows(export: Export, wanted: Wanted, ids: Any) -> tuple[Any, bool]:
    reading = columns_to_read(export, wanted)
    extra = [p for c in (*wanted.texts, *wanted.moments) for p in field_positions(export, c)]
    positions = sorted({*(p for several in reading.values() for p in several), *extra})
    table = export.source.read(positions).table
    own = pc.is_in(deal_ids(table[str(reading["deal_id"][0])]), value_set=ids)
    table = table.filter(own)
    return table, bool(table.num_rows)


def _converted(
    several: Sequence[tuple[Export, Any]], wanted: Wanted, settings: Settings, names: Lookups
) -> pd.DataFrame:
    first = several[0][0]
    table = joined([t for _, t in several])

    def reader(positions: Sequence[int]) -> Columns:
        return Columns(table.select([*(str(p) for p in positions), "_row"]), table.num_rows)

    export = replace(first, source=replace(first.source, reader=reader))
    return read_deals(export, wanted, settings, names).frame
