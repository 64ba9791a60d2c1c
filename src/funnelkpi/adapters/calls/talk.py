"""How a call ended and how long the talk was."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from funnelkpi.adapters.calls.words import known_outcome, seconds_of
from funnelkpi.adapters.cells.cells import Cells
from funnelkpi.adapters.cells.flags import says_nothing
from funnelkpi.adapters.cells.texts import Coded, coalesced

Seconds = npt.NDArray[np.int64]
_BY_TALK = pa.array(["success", "unknown"], pa.large_string())


def outcomes_and_talk(cells: Cells) -> tuple[Coded, Seconds]:
    """Outcome and seconds of talk; what is counted for a call that was not answered is waiting.

    Without an outcome (and in a cell left empty, except by Bitrix24, which counts the waiting too)
    a call with talk was answered.
    """
    seconds = _talk(cells)
    by_talk = Coded(np.where(seconds > 0, 0, 1).astype(np.int32), _BY_TALK)
    at = cells.export.mapping.get("outcome")
    if not at:
        return by_talk, seconds
    status = cells.coded(at, cells.export.rules.get("outcome", "first"))
    texts = status.texts()
    outcomes = [known_outcome(t, cells.export.crm) for t in texts]
    one_column = at == cells.export.mapping.get("direction")
    strange = np.array(
        [o is None and not says_nothing(t) for o, t in zip(outcomes, texts, strict=True)], np.bool_
    )
    if strange.any() and not one_column:  # «Входящий», «Входящий пропущенный»: one is no outcome
        named = [t for t, s in zip(texts, strange, strict=True) if s]
        cells.report(
            "unknown_outcome", status.per_row(strange, False),
            column=cells.export.caption("outcome"), value=", ".join(named[:3]),
        )  # fmt: skip
        outcomes = ["unknown" if s else o for o, s in zip(outcomes, strange, strict=True)]
    rest = by_talk
    if cells.export.crm == "bitrix24":
        rest = Coded(np.ones(cells.n, np.int32), _BY_TALK)
    found = coalesced([status.mapped(outcomes), rest])
    success = np.array([t == "success" for t in found.texts()], np.bool_)
    return found, np.where(found.per_row(success, False), seconds, 0)


def _talk(cells: Cells) -> Seconds:
    """Seconds of talk: given, or the whole call less the waiting."""
    mapping = cells.export.mapping
    if "talk_seconds" in mapping or "total_seconds" not in mapping:
        return _seconds(cells, "talk_seconds")
    total, wait = _seconds(cells, "total_seconds"), _seconds(cells, "wait_seconds")
    talk = total - wait
    below = talk < 0
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
    parsed = [seconds_of(t) for t in texts]
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
