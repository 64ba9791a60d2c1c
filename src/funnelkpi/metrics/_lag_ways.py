"""What became of each deal on the way from one stage to another, and how long it took."""

from __future__ import annotations

import numpy as np

from funnelkpi.metrics._columns import Array, Columns, length, taken
from funnelkpi.metrics._deals import NEVER, second, seconds
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._lags import Asked, Clock
from funnelkpi.metrics._lane import Lane
from funnelkpi.metrics._stages import entry_facts
from funnelkpi.metrics._ways import COMPETING, DAY, PARKED, Endings, observed_since, year_before
from funnelkpi.model.dataset import Dataset

OUTCOMES = ("waiting", "reached", "ended")
"""What became of a deal: it stands before t; it got there; it was lost, parked, left the pipeline,
was deleted, or went past t without being seen in it."""


def lag_ways(index: Index, lane: Lane, endings: Endings, lag: Asked) -> Columns:
    """The deals that entered s in the last 365 days, with the way of each to t.

    Columns of facts and: outcome (index into ``OUTCOMES``), least, most, ticks (the time, in whole
    numbers of ``_lags.TICK``: its bounds and the middle), evidence.
    """
    data, code = index.data, index.data.funnel.code
    s, t = code[lag.stage.id], code[lag.to_stage.id]
    now = second(data.as_of)
    since = (observed_since(index, lag.pipeline, stage) for stage in (lag.stage, lag.to_stage))
    start = max(year_before(data), *since)
    first, target = _entries(data, s), _entries(data, t)
    if lag.to_stage is lag.pipeline.goal:
        standing = index.deals.status("won", "converted")
        target = taken(target, standing[target["deal"]])
    rows = first["deal"]
    place = np.full(len(data.deals), -1)
    place[target["deal"]] = np.arange(length(target))
    # one more row, for -1: deals that did not get there
    target = {name: np.append(values, 0).astype(values.dtype) for name, values in target.items()}
    got = place[rows]
    # seen in t before s: no way from s to t can be told
    both = got >= 0
    before = both & (target["until"][got] // DAY < first["since"] // DAY)
    exact = both & ~before & (first["since"] % DAY > 0) & (target["until"][got] % DAY > 0)
    before |= exact & (target["until"][got] < first["since"])
    keep = (first["at"] >= start) & (first["at"] <= now) & ~before
    klass = endings.klass[rows]
    known_outcome = ~index.deals.status("unknown", rows=rows) | index.deals.stage_unknown[rows]
    keep &= both | known_outcome
    first, got, klass = taken(first, keep), got[keep], klass[keep]
    rows, both = first["deal"], got >= 0
    beyond = _first_beyond(data, lane, lag, len(data.deals))[rows]
    competing = np.isin(klass, (*COMPETING, PARKED))
    other = np.minimum(np.where(competing, endings.at[rows], NEVER), beyond)
    over = ~both & ((other != NEVER) | competing)
    known = both | ~over | (other != NEVER)
    first, got, both, over, other = (
        taken(first, known), got[known], both[known], over[known], other[known]
    )  # fmt: skip
    outcome = np.where(both, 1, np.where(over, 2, 0)).astype(np.int8)
    stop = np.where(over, other, now)
    begins, ends = (np.where(both, target[name][got], stop) for name in ("since", "until"))
    clock = Clock(lag.unit, data.calendar)
    least, most = clock.bounds((first["since"], first["until"]), (begins, ends))
    level = np.where(both, target["evidence"][got], 0)
    return entry_facts(
        first["deal"], first["manager"], lane.code, s, first["at"],
        to_stage=np.full(len(got), t, np.int16),
        outcome=outcome,
        least=least,
        most=most,
        ticks=(least + most) // 2,
        evidence=np.maximum(first["evidence"], level).astype(np.int8),
        stop=np.where(both, (begins + ends) // 2, stop),
    )  # fmt: skip


def _entries(data: Dataset, stage: int) -> Columns:
    """The entries of one stage; moments in seconds."""
    frame = data.entries
    rows = np.flatnonzero(frame["stage"].to_numpy() == stage)
    out = {n: frame[n].to_numpy()[rows] for n in ("deal", "manager", "evidence")}
    for name in ("at", "since", "until"):
        out[name] = seconds(frame[name if name in frame else "at"].to_numpy()[rows])
    return out


def _first_beyond(data: Dataset, lane: Lane, lag: Asked, size: int) -> Array:
    """The first second each deal was seen past t; the goal only of deals that stand won."""
    out = np.full(size, NEVER, np.int64)
    for stage in lag.pipeline.stages:
        if stage.rank > lag.to_stage.rank:
            deal, at, _ = lane.entries.of(data.funnel.code[stage.id])
            if stage is lag.pipeline.goal:
                won = lane.deals.status("won", "converted", rows=deal)
                deal, at = deal[won], at[won]
            out[deal] = np.minimum(out[deal], at)
    return out
