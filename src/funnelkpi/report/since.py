"""What is new since the previous export: the run of now beside the run of then.

"Then" is the same inputs looked at from the moment of the previous kept export, so nothing has to be
remembered between two runs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from funnelkpi.checks.verdicts import Verdict

if TYPE_CHECKING:
    import pandas as pd

    from funnelkpi.model.dataset import Dataset
    from funnelkpi.report.analysis import Analysis

WON, LOST = ("won",), ("lost",)
_ENDED = ("won", "lost", "converted", "gone")


@dataclass(frozen=True)
class Since:
    """The changes since ``previous``.

    new_stalled: deals with a reason to act now (those of the slice ``reason=any``, not those perhaps
    stalled) that had none then; None where either moment cannot tell. moved:
    open or parked deals that stand in another stage. won, lost: deals (no leads) that are so now and
    were not then. Columns of all four: deal_id, title, manager, pipeline, from_stage, stage (keys;
    from_stage missing: the deal was not there yet), amount, currency; the largest amount first.
    appeared, resolved: verdicts "warn" and "fail" of now that were none then, and those of then that
    are none now (``_verdicts``). stage_unknown: open and parked deals whose stage of then
    cannot be told, so that a move of theirs is not seen. gone: deals and leads that are gone from the
    CRM now and were there then; the columns of moved.
    """

    previous: datetime
    new_stalled: pd.DataFrame | None
    moved: pd.DataFrame
    won: pd.DataFrame
    lost: pd.DataFrame
    appeared: tuple[Verdict, ...]
    resolved: tuple[Verdict, ...]
    stage_unknown: int
    gone: pd.DataFrame


def compare(now: Analysis, then: Analysis, previous: datetime) -> Since:
    """What ``now`` has that ``then``, the run of the moment ``previous``, had not."""
    import numpy as np

    place = _places(now.data, then.data)
    there = place >= 0
    stage, before = _stages(now.data, then.data, place)
    status, old = (_status(a.data) for a in (now, then))
    old = np.append(old, "")[place]
    deal = now.data.deals["entity"].to_numpy() == "deal"
    moved = there & (stage >= 0) & (before >= 0) & (stage != before) & ~np.isin(status, _ENDED)
    unknown = there & (stage >= 0) & (before < 0) & ~np.isin(status, _ENDED)
    appeared, resolved = _verdicts(now.verdicts, then.verdicts)

    def listed(rows: Any) -> pd.DataFrame:
        return _listed(now.data, np.flatnonzero(rows), before)

    return Since(
        previous=previous,
        new_stalled=_new_stalled(now, then, place, before),
        moved=listed(moved),
        won=listed(deal & np.isin(status, WON) & ~np.isin(old, WON)),
        lost=listed(deal & np.isin(status, LOST) & ~np.isin(old, LOST)),
        appeared=appeared,
        resolved=resolved,
        stage_unknown=int(unknown.sum()),
        gone=listed(there & (status == "gone") & (old != "gone")),
    )


def _places(now: Dataset, then: Dataset) -> Any:
    """For each deal of ``now`` its position in ``then``, -1 where it was not there: by kind and ID."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    found = np.full(len(now.deals), -1, dtype=np.int64)
    for entity in ("deal", "lead"):
        rows, others = (np.flatnonzero(d.deals["entity"].to_numpy() == entity) for d in (now, then))
        if not len(rows) or not len(others):
            continue
        ids, known = (
            pa.array(d.deals["deal_id"].take(r).to_numpy(dtype=object), pa.large_string())
            for d, r in ((now, rows), (then, others))
        )
        at = pc.index_in(ids, value_set=known)
        at = at.fill_null(-1).to_numpy(zero_copy_only=False)
        found[rows] = np.where(at >= 0, others[at], -1)
    return found


def _status(data: Dataset) -> Any:
    return data.deals["status"].astype("object").to_numpy()


def _stages(now: Dataset, then: Dataset, place: Any) -> tuple[Any, Any]:
    """Stage codes of ``now``: of each deal now and then; -1 unknown, or it was not there."""
    import numpy as np

    code = now.funnel.code
    same = np.array([*(code.get(s.id, -1) for s in then.funnel.stages), -1])
    stage, before = (
        np.where(d.deals["stage_unknown"].to_numpy(), -1, d.deals["stage"].cat.codes.to_numpy())
        for d in (now, then)
    )
    return stage, np.append(same[before], -1)[place]


def _listed(data: Dataset, rows: Any, before: Any) -> pd.DataFrame:
    """Deals with what a reader needs to find them, the largest amount first."""
    import numpy as np
    import pandas as pd

    deals = data.deals
    keys = np.array([*(s.key for s in data.funnel.stages), None], dtype=object)
    amount = deals["amount"].to_numpy()[rows]
    rows = rows[np.lexsort((deals["_row"].to_numpy()[rows], -np.nan_to_num(amount)))]
    own = deals.iloc[rows]
    return pd.DataFrame(
        {
            "deal_id": own["deal_id"].astype("object"),
            "title": own["title"].astype("object"),
            "manager": own["manager"].astype("object"),
            "pipeline": own["pipeline"].astype("object"),
            "from_stage": keys[before[rows]],
            "stage": keys[own["stage"].cat.codes.to_numpy()],
            "amount": own["amount"],
            "currency": own["currency"].astype("object"),
        }
    ).reset_index(drop=True)


def _new_stalled(now: Analysis, then: Analysis, place: Any, before: Any) -> pd.DataFrame | None:
    import numpy as np

    if any(_not_evaluated(a) for a in (now, then)):
        return None
    own, old = (
        a.stalled["deal"].to_numpy()[(a.stalled["reasons"] != "").to_numpy()] for a in (now, then)
    )
    was = np.zeros(len(then.data.deals) + 1, dtype=bool)
    was[old] = True  # the last one, for position -1, stays False
    return _listed(now.data, own[~was[place[own]]], before)


def _not_evaluated(analysis: Analysis) -> bool:
    """Whether the stalled deals of a moment cannot be told."""
    rows = analysis.metrics
    found = rows["metric"].eq("stalled") & rows["slice"].isna()
    return bool((found & rows["verdict"].eq("not_evaluated")).any())


def _verdicts(
    now: Iterable[Verdict], then: Iterable[Verdict]
) -> tuple[tuple[Verdict, ...], tuple[Verdict, ...]]:
    """Bad verdicts that appeared, and those that were resolved.

    A mark that is gone is resolved; a norm or threshold only if it was judged again. What could not
    be judged then has not appeared.
    """
    present, past = _keyed(now), _keyed(then)
    appeared = tuple(
        v for k, v in present.items() if _bad(v) and (k not in past or past[k].level == "ok")
    )
    resolved = tuple(
        v
        for k, v in past.items()
        if _bad(v)
        and ((v.kind == "mark" and k not in present) or (k in present and present[k].level == "ok"))
    )
    return appeared, resolved


def _bad(verdict: Verdict) -> bool:
    return verdict.level in ("warn", "fail")


def _keyed(verdicts: Iterable[Verdict]) -> dict[tuple[Any, ...], Verdict]:
    """Verdicts by what they are about; several about the same figure by their order.

    The bound of a norm is none of it: it changes with the working days of the period.
    """
    out: dict[tuple[Any, ...], Verdict] = {}
    count: dict[tuple[Any, ...], int] = {}
    for v in verdicts:
        who = (v.scope, v.department, v.role, v.manager)
        where = (v.kind, v.metric, *who, v.pipeline, v.stage, v.to_stage, v.currency, v.statistic)
        count[where] = count.get(where, 0) + 1
        out[*where, count[where]] = v
    return out
