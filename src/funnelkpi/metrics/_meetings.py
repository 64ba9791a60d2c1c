"""The meetings: tasks of the configured kinds, and entries of the stages that mean a meeting."""

from __future__ import annotations

import numpy as np
import pandas as pd

from funnelkpi.metrics._clients import clients, deal_at
from funnelkpi.metrics._columns import Array, Columns, joined, length, taken
from funnelkpi.metrics._deals import NEVER, SPAN, keyed, second
from funnelkpi.metrics._filters import plain
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._inside import pipelines
from funnelkpi.metrics._people import codes, moments, numbers, texts
from funnelkpi.metrics._stages import Known, known
from funnelkpi.metrics.view import View

DAY = 86_400
_SAME = 3 * DAY
"""A stage entered so near a meeting of the deal is that meeting."""


def missing(index: Index, view: View) -> str | None:
    """What would give the meetings (key under ``needs``); None: they are known."""
    levels, tasks = stage_levels(index, view), index.data.tasks
    if tasks is not None and _of_kind(index, view).any():
        return None
    if any(level != "not_evaluated" for level in levels):
        return None
    if levels:
        return "stage_dates"
    return "meetings" if tasks is None else "meeting_types"


def stage_levels(index: Index, view: View) -> list[Known]:
    """How well the entries of each stage that means a meeting are known."""
    asked = set(view.settings.meetings.stages)
    return [
        known(index.data, p, s, view.period.end)
        for p in index.data.funnel.pipelines
        for s in p.stages
        if s.key in asked
    ]


def meetings(index: Index, view: View) -> Columns:
    """One row per meeting, by time.

    deal (-1 none), client (-1 unknown; a deal without a client is one of its own), manager,
    pipeline, at (seconds: its beginning), booked (seconds: when it was put down, ``at`` where that
    is unknown), done (seconds: when it was marked as done, 0 where that is unknown), held, maybe
    (its time has passed and nobody says whether it was held).
    """
    whose = clients(index.data)
    out = joined([_of_tasks(index, view, whose), _of_stages(index, view)])
    out["client"] = _with_alone(index, out["deal"], out["client"])
    out["pipeline"] = pipelines(index, out["deal"])
    return taken(out, np.lexsort((out["deal"], out["at"])))


def _with_alone(index: Index, deal: Array, client: Array) -> Array:
    """A deal whose client is unknown is a client of its own, beyond the numbers of all others."""
    data = index.data
    tables = [t for t in (data.deals, data.tasks) if t is not None and "client" in t]
    beyond = 1 + max((int(t["client"].max()) for t in tables if len(t)), default=-1)
    beyond = max(beyond, int(clients(data).max(initial=-1)) + 1)
    found: Array = np.where((client < 0) & (deal >= 0), beyond + deal, client)
    return found


def _of_kind(index: Index, view: View) -> Array:
    """Which tasks are meetings."""
    assert index.data.tasks is not None
    code, names = texts(index.data.tasks, "type")
    wanted = {plain(name) for name in view.settings.meetings.types}
    found: Array = np.array([*(plain(n) in wanted for n in names), False], dtype=bool)[code]
    return found


_NAMES = ("deal", "client", "manager", "at", "booked", "done")


def _of_tasks(index: Index, view: View, whose: Array) -> Columns:
    frame = index.data.tasks
    if frame is None:
        empty = np.empty(0, np.int64)
        flags = {n: np.empty(0, dtype=bool) for n in ("held", "maybe")}
        return {**dict.fromkeys(_NAMES, empty), **flags}
    needed = ("deal", "client", "manager", "due_at", "done_at", "created_at", "done")
    frame = frame[[n for n in needed if n in frame]].iloc[np.flatnonzero(_of_kind(index, view))]
    due, done, made = (moments(frame, n) for n in ("due_at", "done_at", "created_at"))
    at = np.where(due != NEVER, due, np.where(done != NEVER, done, made))
    deal, client = numbers(frame, "deal"), numbers(frame, "client")
    client = np.where(client < 0, np.append(whose, -1)[deal], client)
    deal = np.where(deal >= 0, deal, deal_at(index, whose, client, at))
    flag = done_flag(frame)
    past = at <= second(view.as_of)
    out = {
        "deal": deal,
        "client": client,
        "manager": codes(frame, "manager").astype(np.int64),
        "at": at,
        "booked": np.where(made != NEVER, np.minimum(made, at), at),
        "done": np.where(done != NEVER, done, 0),
        "held": past & (flag > 0),
        "maybe": past & (flag < 0),
    }
    return taken(out, at != NEVER)


def done_flag(frame: pd.DataFrame) -> Array:
    """Whether each task is done: 1, 0, -1 unknown. One with a date of being done is done."""
    flag = np.full(len(frame), -1, np.int8)
    if "done" in frame:
        given = pd.to_numeric(frame["done"]).to_numpy(dtype=np.float64, na_value=-1)
        flag = np.where(given > 0, 1, np.where(given == 0, 0, -1)).astype(np.int8)
    flag[moments(frame, "done_at") != NEVER] = 1
    return flag


def _of_stages(index: Index, view: View) -> Columns:
    """Entries of the stages of the config that are no task of the same deal within three days."""
    asked, whose = set(view.settings.meetings.stages), clients(index.data)
    empty = np.empty(0, np.int64)
    flags = {n: np.empty(0, dtype=bool) for n in ("held", "maybe")}
    parts = [{**dict.fromkeys(_NAMES, empty), **flags}]
    for number, stage in enumerate(index.data.funnel.stages):
        if stage.key not in asked:
            continue
        deal, at, manager = index.entries.of(number)
        size = len(deal)
        parts.append(
            {
                "deal": deal.astype(np.int64),
                "client": whose[deal],
                "manager": manager.astype(np.int64),
                "at": at,
                "booked": at,
                "done": at,
                "held": np.ones(size, dtype=bool),
                "maybe": np.zeros(size, dtype=bool),
            }
        )
    rows = joined(parts)
    if index.data.tasks is None or not length(rows):
        return rows
    tasks = _of_tasks(index, view, whose)
    tasks = taken(tasks, (tasks["held"] | tasks["maybe"]) & (tasks["deal"] >= 0))
    keys = np.sort(tasks["deal"] * SPAN + tasks["at"])
    own = rows["deal"] * SPAN + rows["at"]
    low = np.searchsorted(keys, own - _SAME)
    near = low < np.searchsorted(keys, own + _SAME, side="right")
    return taken(rows, ~near)


def next_steps(
    index: Index, view: View, rows: Columns, every: Columns, seen: Array | None = None
) -> Columns:
    """Of each meeting: step (a task for a later day or hour was put down in time), counts (its
    deal was not closed in that time, and the time is over or the step is there).

    In time: by the end of the day ``meetings.step_days`` after it. From the tasks of the same
    client; without tasks from the next task of the deal, for the last meeting of the deal only.
    every: all meetings. seen: of each meeting the moment from which it is looked at; by default
    ``as_of``.
    """
    days = view.settings.meetings.step_days
    until = (rows["at"] // DAY + days + 1) * DAY
    now: int | Array = second(view.as_of) if seen is None else seen
    by = until if seen is None else np.minimum(until, seen + 1)
    told = index.data.tasks is not None
    step = _by_tasks(index, rows, by) if told else _by_deal(index, rows, every)
    deal = rows["deal"]
    closed = np.append(index.deals.closed, NEVER)[deal]
    ended = np.append(~index.deals.status("open", "incoming"), False)[deal]
    counts = ~(ended & (closed >= rows["at"] // DAY * DAY) & (closed < by))
    return {"step": step, "counts": counts & (step | (until <= now))}


def steps_known(index: Index) -> bool:
    """Whether any source tells of planned tasks."""
    return index.data.tasks is not None or "next_task_at" in index.data.available


def _by_tasks(index: Index, rows: Columns, until: Array) -> Array:
    """Whether a task of the client created before ``until`` is due after the meeting."""
    frame = index.data.tasks
    assert frame is not None
    due, made = moments(frame, "due_at"), moments(frame, "created_at")
    deal, client = numbers(frame, "deal"), numbers(frame, "client")
    client = np.where(client < 0, np.append(clients(index.data), -1)[deal], client)
    client = _with_alone(index, deal, client)
    met = np.zeros(max(client.max(initial=-1), rows["client"].max(initial=-1)) + 2, dtype=bool)
    met[rows["client"]] = True
    met[-1] = False  # nobody
    some = np.flatnonzero(met[client] & (due != NEVER))
    who = client[some]
    known_at = np.where(made[some] == NEVER, 0, np.clip(made[some], 0, SPAN - 1))
    keys = who * SPAN + known_at
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    # the latest due date among the tasks put down so far, client by client
    latest = np.maximum.accumulate(keyed(who, due[some])[order])
    asked = rows["client"]
    at = np.searchsorted(keys, asked * SPAN + until) - 1
    out = np.zeros(length(rows), dtype=bool)
    found = np.flatnonzero((at >= 0) & (asked >= 0))
    out[found] = latest[at[found]] > asked[found] * SPAN + rows["at"][found]
    return out


def _by_deal(index: Index, rows: Columns, every: Columns) -> Array:
    """Whether the next task of the deal comes after its last meeting."""
    at = np.zeros(len(index.deals) + 1, np.int64)
    held = every["held"] | every["maybe"]
    np.maximum.at(at, every["deal"][held], every["at"][held])
    planned = np.append(moments(index.data.deals, "next_task_at"), NEVER)[rows["deal"]]
    last = (rows["deal"] >= 0) & (rows["at"] == at[rows["deal"]])
    found: Array = last & (planned != NEVER) & (planned > rows["at"])
    return found
