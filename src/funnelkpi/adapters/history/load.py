"""All tables of deal events of a run put together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from funnelkpi.adapters.history.deals import DealNames
from funnelkpi.adapters.history.repeats import merge_repeated_events
from funnelkpi.adapters.history.stages import KnownStages
from funnelkpi.adapters.history.table import Opened, read_history
from funnelkpi.adapters.lookup import Lookups
from funnelkpi.adapters.part import Part
from funnelkpi.config.schema import Settings


def load_history(
    opened: Sequence[Opened], deals: Sequence[pd.DataFrame], settings: Settings, names: Lookups
) -> list[Part]:
    """The tables of events, converted, every event in one of them.

    deals: the canonical deals (not leads) of the run: they tell the names of stages and, where an
    event has no ID, whose it is.
    """
    if not opened:
        return []
    known = KnownStages.of(known_pairs(deals), settings)
    whose = DealNames(deals)
    parts = [whose.complete(read_history(o, settings, names, known)) for o in opened]
    return merge_repeated_events(parts)


def known_pairs(deals: Sequence[pd.DataFrame]) -> list[tuple[str | None, str]]:
    """The distinct pairs of pipeline and stage as deals tables write them."""
    out: dict[tuple[str | None, str], None] = {}
    for frame in deals:
        pipeline, stage = frame["pipeline"].cat, frame["stage"].cat
        width = len(stage.categories) + 1
        place = (
            (pipeline.codes.to_numpy().astype(np.int64) + 1) * width + stage.codes.to_numpy() + 1
        )
        for pair in np.flatnonzero(np.bincount(place)).tolist():
            p, s = pair // width - 1, pair % width - 1
            if s >= 0:
                out[str(pipeline.categories[p]) if p >= 0 else None, str(stage.categories[s])] = (
                    None
                )
    return list(out)
