"""How a call ended and how long the talk was."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from funnelkpi.adapters.calls.words import known_outcome, seconds_of, told_missed
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.flags import says_nothing
from funnelkpi.adapters.cells.texts import Coded, coalesced
from funnelkpi.model.finding import listed

Seconds = npt.NDArray[np.int64]
_DAY = 86_400
"""A call does not last longer."""
_OWN_WORDS = 5
_BY_TALK = pa.array(["success", "unknown"], pa.large_string())


def outcomes_and_talk(cells: Cells) -> tuple[Coded, Seconds]:
    """Outcome and seconds of talk; what is counted for a call that was not answered is waiting.

    Without an outcome (and in a cell left empty, except by Bitrix24, which counts the waiting too)
    a call with talk was answered. A direction may be all that says a call was missed.
    """
    seconds = _talk(cells)
    by_talk = Coded(np.where(seconds > 0, 0, 1).astype(np.int32), _BY_TALK)
    at = cells.export.mapping.get("outcome")
    missed = _missed_by_direction(cells)
    if not at:
        return _settled([missed, by_talk], seconds)
    status = cells.coded(at, cells.export.rules.get("outcome", "first"))
    texts = status.texts()
    outcomes = [known_outcome(t, cells.export.crm) for t in texts]
    one_column = at == cells.export.mapping.get("direction")
    strange = np.array(
        [o is None and not says_nothing(t) for o, t in zip(outcomes, texts, strict=True)], np.bool_
    )
    if strange.any() and not one_column:  # «Входящий», «Входящий пропущенный»: one is no outcome
        named = [t for t, s in zip(texts, strange, strict=True) if s]
        where, value = status.per_row(strange, False), listed(named[:_OWN_WORDS])
        more, caption = len(named) - _OWN_WORDS, cells.export.caption("outcome")
        if cells.export.crm != "generic":
            cells.report("unknown_outcome", where, column=caption, value=listed(named, 3))
        elif more > 0:
            code = "findings_calls.unknown_outcomes"
            cells.report(code, where, column=caption, value=value, more=more)
        else:
            cells.report("findings_calls.unknown_outcome", where, column=caption, value=value)
        outcomes = ["unknown" if s else o for o, s in zip(outcomes, strange, strict=True)]
    rest = by_talk
    if cells.export.crm == "bitrix24":
        rest = Coded(np.ones(cells.n, np.int32), _BY_TALK)
    return _settled([status.mapped(outcomes), missed, rest], seconds)


def _settled(told: list[Coded], seconds: Seconds) -> tuple[Coded, Seconds]:
    """The first outcome told of each call; talk of those that were answered."""
    found = coalesced([*(c for c in told[:-1] if len(c.values)), told[-1]])
    success = np.array([t == "success" for t in found.texts()], np.bool_)
    return found, np.where(found.per_row(success, False), seconds, 0)


def _missed_by_direction(cells: Cells) -> Coded:
    """Calls whose direction says that they were missed: «Пропущенный» as a kind of its own."""
    at = cells.export.mapping.get("direction")
    if not at or cells.export.crm != "generic":
        return Coded.nothing(cells.n)
    return cells.coded(at).renamed(told_missed)


def _talk(cells: Cells) -> Seconds:
    """Seconds of talk: given, or the whole call less the waiting."""
    mapping = cells.export.mapping
    if "talk_seconds" in mapping or "total_seconds" not in mapping:
        return _seconds(cells, "talk_seconds")
    total, wait = _seconds(cells, "total_seconds"), _seconds(cells, "wait_seconds")
    talk = total - wait
    below = (talk < 0) & (total > 0)
    if below.any():
        captions = [cells.export.caption(c) for c in ("total_seconds", "wait_seconds")]
        at = int(np.argmax(below))
        _negative(cells, below, " − ".join(captions), f"{total[at]} − {wait[at]}")
    out: Seconds = np.maximum(talk, 0)
    return out


def _seconds(cells: Cells, name: str) -> Seconds:
    """A column of durations; negative and unreadable ones are 0, with a finding."""
    at = cells.export.mapping.get(name)
    if not at:
        return np.zeros(cells.n, np.int64)
    length, caption = cells.coded(at), cells.export.caption(name)
    texts = length.texts()
    parsed = [s if s is None or s <= _DAY else None for s in map(seconds_of, texts)]
    bad = np.array(
        [s is None and not says_nothing(t) for s, t in zip(parsed, texts, strict=True)], np.bool_
    )
    unread = length.per_row(bad, False)
    if unread.any():
        value = texts[int(length.codes[np.argmax(unread)])]
        cells.report("bad_duration", unread, column=caption, value=value)
    seconds = length.per_row(np.array([s or 0 for s in parsed], np.int64), 0)
    below = seconds < 0
    if below.any():
        _negative(cells, below, caption, texts[int(length.codes[np.argmax(below)])])
    out: Seconds = np.maximum(seconds, 0)
    return out


def _negative(cells: Cells, where: npt.NDArray[np.bool_], column: str, value: str) -> None:
    cells.report("findings_calls.negative_duration", where, column=column, value=value)
