"""What changed between kept exports: START HERE for how the past is rebuilt.

A deal is compared with its previous sighting; what differs changed in (previous sighting, this one].
The interval is narrowed by the dates the row itself carries, and never beyond what they prove.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.archive.renames import Rename, renamed_places
from funnelkpi.model.date_only import date_only
from funnelkpi.model.evidence import Evidence

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Moments = npt.NDArray[np.datetime64]
_NAT = np.datetime64("NaT", "s")
_SECOND = np.timedelta64(1, "s")
_MINUTE = np.timedelta64(59, "s")
"""What a time without seconds may hide."""
_DAY = np.timedelta64(86399, "s")
"""What a date without a time may hide."""
AT_ONCE = np.timedelta64(2, "s")
"""A CRM writes creation, first stage and first edit within so many seconds."""
_ORDER = {"created": 0, "stage": 1, "owner": 2, "amount": 3, "planned_close": 4}


@dataclass(frozen=True)
class Steps:
    """Each time a deal was first seen or seen changed: number of the deal, of the version it has now
    and had before (-1: first seen), of the showing, and of the showing it was last seen in (-1)."""

    deal: Ints
    version: Ints
    before: Ints
    at: Ints
    last: Ints

    @classmethod
    def none(cls) -> Steps:
        """No steps."""
        return cls(*(np.empty(0, np.int64) for _ in range(5)))

    def where(self, mask: Bools) -> Steps:
        """Only the steps of ``mask``."""
        return Steps(*(a[mask] for a in (self.deal, self.version, self.before, self.at, self.last)))


@dataclass(frozen=True)
class Seen:
    """Exports of one CRM and kind, oldest first, as versions of deals.

    moments: of each export. versions: canonical deal columns, one row per version of a deal, and
    ``has_amount``, ``has_planned_close_at``, ``has_owner`` (bool: the export has such a column).
    presence: per export the deals in it and their versions. last, version: per deal the last export
    that shows it and its version there.
    """

    moments: Moments
    versions: pd.DataFrame
    steps: Steps
    presence: Sequence[tuple[Ints, Ints]]
    last: Ints
    version: Ints

    def until(self, n: int) -> Seen:
        """The first ``n`` exports alone."""
        if n >= len(self.moments):
            return self
        steps = self.steps.where(self.steps.at < n)
        deals = int(steps.deal.max(initial=-1)) + 1  # both are numbered as they are first seen
        last, version = np.full(deals, -1), np.full(deals, -1)
        for at, (who, which) in enumerate(self.presence[:n]):
            last[who], version[who] = at, which
        return Seen(
            self.moments[:n], self.versions.iloc[: len(steps.deal)], steps, self.presence[:n],
            last, version,
        )  # fmt: skip


@dataclass(frozen=True)
class Rebuilt:
    """history, begin: as in ``model.kept.Kept``, without crm and entity. gone: deal (number),
    gone_since, gone_at, pipeline, stage, stage_code. renames: places renamed, not left."""

    history: pd.DataFrame
    begin: pd.DataFrame
    gone: pd.DataFrame
    renames: tuple[Rename, ...]


def rebuild(seen: Seen) -> Rebuilt:
    """The past of every deal in ``seen``."""
    places = Places.of(seen.versions)
    renames = renamed_places(seen, places.codes)
    places = places.renamed(renames, seen.steps)
    steps = seen.steps
    again = steps.before >= 0
    new = _created(seen, places)
    born = _grown(seen, steps.where(new), places)
    changed = _changes(seen, steps.where(again), places)
    begin = _begin(seen, steps.where(~again & ~new), places)
    history = _sorted(pd.concat([*born, *changed], ignore_index=True))
    return Rebuilt(history, begin, _gone(seen, places), places.named(renames))


@dataclass(frozen=True)
class Places:
    """Pipeline and stage of every version. codes: equal for the same place; pipeline: code of the
    pipeline alone. names: place -> pipeline, stage, stage code as the files write them."""

    codes: Ints
    pipeline: Ints
    names: pd.DataFrame

    @classmethod
    def of(cls, versions: pd.DataFrame) -> Places:
        """Places by name; letters' case and outer blanks do not tell two stages apart."""
        pipeline, stage = (_name_codes(versions[c]) for c in ("pipeline", "stage"))
        width = int(stage.max(initial=0)) + 2
        both = pipeline * width + stage + 1
        codes, first = _dense(both)
        names = versions[["pipeline", "stage", "stage_code"]].iloc[first].reset_index(drop=True)
        return cls(codes, pipeline, names)

    def renamed(self, renames: Sequence[Rename], steps: Steps) -> Places:
        """The places as they are called now: a version seen before a rename has the later name."""
        codes, pipeline = self.codes.copy(), self.pipeline.copy()
        for r in renames:  # versions are numbered as the steps that showed them
            before = (codes == r.old) & (steps.at < r.at)
            codes[before] = r.new
            pipeline[before] = self.pipeline[np.argmax(self.codes == r.new)]
        return Places(codes, pipeline, self.names)

    def named(self, renames: Sequence[Rename]) -> tuple[Rename, ...]:
        """The renames with the names of their places."""
        return tuple(r.named(self._title(r.old), self._title(r.new)) for r in renames)

    def _title(self, place: int) -> str:
        row = self.names.iloc[place]
        parts = (row["pipeline"], row["stage"])
        return " / ".join(str(p) for p in parts if isinstance(p, str))

    def frame(self, versions: Ints, prefix: str = "") -> pd.DataFrame:
        """Names of the places of ``versions``."""
        out = self.names.iloc[self.codes[versions]].reset_index(drop=True)
        return out.add_prefix(prefix)


def _name_codes(column: pd.Series) -> Ints:
    """Codes of a categorical column; names that differ in case or blanks only share one; -1: none."""
    keys = [" ".join(str(c).casefold().replace("ё", "е").split()) for c in column.cat.categories]
    table, _ = pd.factorize(np.array([*keys, ""], dtype=object))
    table[-1] = -1
    out: Ints = table.astype(np.int64)[column.cat.codes.to_numpy()]
    return out


def _dense(values: Ints) -> tuple[Ints, Ints]:
    """Codes 0, 1, ... of ``values``, and where each value stands first."""
    _, first, codes = np.unique(values, return_index=True, return_inverse=True)
    return codes.astype(np.int64), first


def _column(versions: pd.DataFrame, name: str, at: Ints) -> Any:
    return versions[name].array.take(at) if len(at) else versions[name].array[:0]


def _moments(versions: pd.DataFrame, name: str, at: Ints) -> Moments:
    out: Moments = versions[name].to_numpy().astype("M8[s]")[at]
    return out


def _end(moments: Moments, day: Bools) -> Moments:
    """The latest moment a cell may mean: times without seconds are cut off, dates have no time."""
    whole = (moments.astype("M8[m]") == moments) & ~np.isnat(moments)
    out: Moments = moments + np.where(day, _DAY, np.where(whole, _MINUTE, np.timedelta64(0, "s")))
    return out


def _edited_by(seen: Seen, version: Ints, low: Moments, high: Moments) -> Moments:
    """The latest possible moment of a change: the row's edit date, where it can be true."""
    edited = _moments(seen.versions, "modified_at", version)
    latest = _end(edited, date_only(edited))
    usable = (latest > low) & (latest < high)
    return np.where(usable, latest, high)


@dataclass(frozen=True)
class _When:
    since: Moments
    at: Moments
    day: Bools


def _between(seen: Seen, version: Ints, low: Moments, high: Moments) -> _When:
    """(low, high], narrowed by the edit date; two exports of one moment leave that second."""
    low = np.where(low < high, low, high - _SECOND)
    at = _edited_by(seen, version, low, high)
    return _When(low, at, np.zeros(len(at), bool))


def _stage_when(seen: Seen, steps: Steps, low: Moments, high: Moments) -> _When:
    """When the stage of ``steps.version`` was entered: by its stage-change date, else by the close
    date of a deal closed meanwhile, if they lie between; else between."""
    when = _between(seen, steps.version, low, high)
    since, at, day = when.since.copy(), when.at.copy(), when.day.copy()
    known = np.zeros(len(at), bool)
    for name, possible in (
        ("stage_changed_at", np.ones(len(at), bool)),
        ("closed_at", _just_closed(seen, steps)),
    ):
        moment = _moments(seen.versions, name, steps.version)
        is_day = seen.versions[name.replace("_at", "_day")].to_numpy()[steps.version]
        fits = possible & ~known & (_end(moment, is_day) > when.since) & (moment <= high)
        since = np.where(fits, _NAT, since)
        at = np.where(fits, moment, at)
        day |= fits & is_day
        known |= fits
    return _When(since, at, day)


def _just_closed(seen: Seen, steps: Steps) -> Bools:
    closed = seen.versions["closed"].fillna(0).to_numpy(dtype=np.int8) == 1
    before = np.where(steps.before >= 0, closed[steps.before], False)
    out: Bools = closed[steps.version] & ~before
    return out


def _created(seen: Seen, places: Places) -> Bools:
    """Which steps show a deal created after the previous export that would have shown it."""
    steps = seen.steps
    pipelines = int(places.pipeline.max(initial=-1)) + 2  # the last one: no pipeline
    previous = np.full((len(seen.moments), pipelines), _NAT)
    latest = np.full(pipelines, _NAT)
    for at, (_, versions) in enumerate(seen.presence):
        previous[at] = latest
        latest[np.unique(places.pipeline[versions])] = seen.moments[at]
    created = _moments(seen.versions, "created_at", steps.version)
    day = seen.versions["created_day"].to_numpy()[steps.version]
    before = previous[steps.at, places.pipeline[steps.version]]
    known = (created <= seen.moments[steps.at]) & (_end(created, day) > before)  # NaT: False
    out: Bools = (steps.before < 0) & known
    return out


def _same_moment(a: Moments, b: Moments) -> Bools:
    """Equal at the coarser precision of the two, a CRM's own delay aside."""
    near = np.abs(a - b) <= AT_ONCE
    minutes = (a.astype("M8[m]") == a) | (b.astype("M8[m]") == b)
    near |= minutes & (a.astype("M8[m]") == b.astype("M8[m]"))
    days = date_only(a) | date_only(b)
    out: Bools = near | (days & (a.astype("M8[D]") == b.astype("M8[D]")))
    return out


def _grown(seen: Seen, steps: Steps, places: Places) -> list[pd.DataFrame]:
    """Creation of new deals, and the stage they were first seen in."""
    versions = steps.version
    created = _moments(seen.versions, "created_at", versions)
    born_here = np.zeros(len(versions), bool)
    for name in ("stage_changed_at", "modified_at"):
        born_here |= _same_moment(_moments(seen.versions, name, versions), created)
    known = pd.Series(born_here)
    names = places.frame(versions)
    names = pd.DataFrame({c: names[c].where(known) for c in names.columns})
    day = seen.versions["created_day"].to_numpy()[versions]
    nothing = np.full(len(versions), _NAT)
    births = _rows(seen, steps, "created", _When(nothing, created, day), names)
    moved = steps.where(~born_here)
    low = created[~born_here] - _SECOND  # created straight in this stage is possible, too
    high = seen.moments[moved.at]
    when = _stage_when(seen, moved, low, high)
    return [births, _rows(seen, moved, "stage", when, places.frame(moved.version))]


def _changes(seen: Seen, steps: Steps, places: Places) -> list[pd.DataFrame]:
    """What differs from the previous sighting."""
    v, b = steps.version, steps.before
    table = seen.versions
    low, high = seen.moments[steps.last], seen.moments[steps.at]
    entered = _moments(table, "stage_changed_at", v)
    returned = (
        (places.codes[v] == places.codes[b])
        & (entered > np.maximum(low, _moments(table, "stage_changed_at", b)))
        & (entered <= high)
        & ~table["stage_changed_day"].to_numpy()[v]
    )
    moved = (places.codes[v] != places.codes[b]) | returned
    out = [_moves(seen, steps.where(moved), places)]
    has = {c: table[f"has_{c}"].to_numpy() for c in ("owner", "amount", "planned_close_at")}

    def differs(name: str, values: Any) -> Bools:
        known = has[name][v] & has[name][b]
        empty = pd.isna(values)
        out: Bools = known & (values[v] != values[b]) & ~(empty[v] & empty[b])
        return out

    owner = _name_codes(table["owner"])
    closed = table["closed"].fillna(0).to_numpy(dtype=np.int8) == 1
    planned = table["planned_close_at"].to_numpy().astype("M8[s]")
    cases = (
        ("owner", "owner", differs("owner", owner) & (owner[v] >= 0) & (owner[b] >= 0)),
        ("amount", "amount", differs("amount", table["amount"].to_numpy())),
        # a closed deal's plan is not shown: that is no change of the plan
        (
            "planned_close",
            "planned_close_at",
            differs("planned_close_at", planned) & ~closed[v] & ~closed[b],
        ),
    )
    for change, column, mask in cases:
        some = steps.where(mask)
        values = pd.DataFrame(
            {
                column: _column(table, column, some.version),
                f"from_{column}": _column(table, column, some.before),
            }
        )
        if column == "amount":
            values["currency"] = _column(table, "currency", some.version)
        when = _between(seen, some.version, low[mask], high[mask])
        out.append(_rows(seen, some, change, when, values))
    return out


def _moves(seen: Seen, steps: Steps, places: Places) -> pd.DataFrame:
    low, high = seen.moments[steps.last], seen.moments[steps.at]
    when = _stage_when(seen, steps, low, high)
    values = pd.concat([places.frame(steps.version), places.frame(steps.before, "from_")], axis=1)
    lost = _just_closed(seen, steps)
    reason = pd.Series(_column(seen.versions, "loss_reason", steps.version))
    values["loss_reason"] = reason.where(pd.Series(lost))
    return _rows(seen, steps, "stage", when, values)


def _rows(seen: Seen, steps: Steps, change: str, when: _When, values: pd.DataFrame) -> pd.DataFrame:
    table = seen.versions
    head = pd.DataFrame(
        {
            "deal_id": _column(table, "deal_id", steps.version),
            "changed_at": when.at,
            "changed_since": when.since,
            "changed_day": when.day,
            "change": np.full(len(steps.at), change, dtype=object),
            "_file": _column(table, "_file", steps.version),
            "_row": _column(table, "_row", steps.version),
            "_at": steps.at,
        }
    )
    return pd.concat([head, values.reset_index(drop=True)], axis=1)


def _sorted(history: pd.DataFrame) -> pd.DataFrame:
    rank = history["change"].map(_ORDER)
    order = history.assign(rank=rank).sort_values(
        ["deal_id", "changed_at", "_at", "rank"], kind="stable"
    )
    out = order.drop(columns=["rank", "_at"]).reset_index(drop=True)
    out["evidence"] = np.full(len(out), int(Evidence.ARCHIVE), np.int8)
    return out


_BEGIN = (
    "owner", "amount", "currency", "created_at", "stage_changed_at", "stage_changed_day",
    "closed_at", "planned_close_at", "modified_at", "_file", "_row",
)  # fmt: skip


def _begin(seen: Seen, steps: Steps, places: Places) -> pd.DataFrame:
    values = {c: _column(seen.versions, c, steps.version) for c in _BEGIN}
    head = {
        "deal_id": _column(seen.versions, "deal_id", steps.version),
        "seen_at": seen.moments[steps.at],
    }
    return pd.concat(
        [pd.DataFrame(head), places.frame(steps.version), pd.DataFrame(values)], axis=1
    )


def _gone(seen: Seen, places: Places) -> pd.DataFrame:
    """Deals that an export covering their pipeline and creation date lacks, and none shows later."""
    created = seen.versions["created_at"].to_numpy().astype("M8[s]")
    own_created, own_pipeline = created[seen.version], places.pipeline[seen.version]
    pipelines = int(places.pipeline.max(initial=-1)) + 2
    gone = np.full(len(seen.last), -1)
    for at, (_, versions) in enumerate(seen.presence):
        low, high = _ranges(created[versions], places.pipeline[versions], pipelines)
        covered = (own_created >= low[own_pipeline]) & (own_created <= high[own_pipeline])
        gone[(gone < 0) & (seen.last < at) & covered] = at
    deal = np.flatnonzero(gone >= 0)
    frame = pd.DataFrame(
        {
            "deal": deal,
            "gone_since": seen.moments[seen.last[deal]],
            "gone_at": seen.moments[gone[deal]],
        }
    )
    return pd.concat([frame, places.frame(seen.version[deal])], axis=1)


def _ranges(created: Moments, pipeline: Ints, n: int) -> tuple[Moments, Moments]:
    """First and last creation of each pipeline in an export; NaT where it holds none."""
    known = ~np.isnat(created)
    seconds, pipeline = created[known].astype(np.int64), pipeline[known]
    low, high = np.full(n, np.iinfo(np.int64).max), np.full(n, np.iinfo(np.int64).min)
    np.minimum.at(low, pipeline, seconds)
    np.maximum.at(high, pipeline, seconds)
    empty = low > high
    return (
        np.where(empty, _NAT, low.astype("M8[s]")),
        np.where(empty, _NAT, high.astype("M8[s]")),
    )
