"""Won or lost: what tells it of a stage that neither the config nor the CRM's own names know."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.captions import stage_key

Outcome = Literal["won", "lost"]
Basis = Literal["closed", "words", "unknown"]

_WON_WORDS = ("успеш", "заключен", "реализ", "оплачен", "выигр", "won", "ganha", "lograd")
_LOST_WORDS = ("провал", "не заключ", "не реализ", "отказ", "проигр", "lost", "perdid")
_NOT_WON = re.compile(rf"\b(?:не|not|não|no)\s*(?:{'|'.join(_WON_WORDS)})")
"""«Неуспешно», «не оплачен»: a word of success that is denied."""


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of a stage: basis ``closed``: by the deals' loss reasons, or as the only closed
    stage left (amoCRM has one won and one lost); ``words``: by its name; ``unknown``: nothing."""

    outcome: Outcome | None
    basis: Basis


def outcome_by_words(title: str) -> Outcome | None:
    """What the stage's name says of the deals in it; words of loss come first."""
    words = stage_key(title)  # ё is е
    if any(w in words for w in _LOST_WORDS) or _NOT_WON.search(words):
        return "lost"
    return "won" if any(w in words for w in _WON_WORDS) else None


def amo_outcomes(closed: Mapping[str, bool], has_won: bool) -> dict[str, Told]:
    """The outcome of one amoCRM pipeline's unknown stages in which every deal is closed.

    A stage with loss reasons is lost, then its name decides. What is left is won only if it is one
    stage and the pipeline has no other that is won; else nothing tells.

    closed: stage -> whether any deal in it has a loss reason. has_won: the pipeline has deals in a
    stage known as won.
    """
    out: dict[str, Told] = {}
    for title, has_reason in closed.items():
        word = outcome_by_words(title)
        if has_reason:
            out[title] = Told("lost", "closed")
        else:
            out[title] = Told(word, "words" if word else "unknown")
    has_won = has_won or any(t.outcome == "won" for t in out.values())
    left = [title for title, told in out.items() if told.outcome is None]
    if len(left) == 1 and not has_won:
        out[left[0]] = Told("won", "closed")
    return out


@dataclass(frozen=True)
class RowOutcomes:
    """For each deal: 1 won, 0 lost, -1 not told; and whether its stage's name alone told it."""

    outcome: npt.NDArray[np.int8]
    by_words: npt.NDArray[np.bool_]


def outcomes_of_rows(
    deals: pd.DataFrame, asked: npt.NDArray[np.bool_], won: npt.NDArray[np.bool_]
) -> RowOutcomes:
    """``amo_outcomes`` of the deals' pipelines and stages, deal by deal.

    asked: closed deals in stages nothing else tells of. won: deals known as won.
    """
    outcome = np.full(len(deals), -1, np.int8)
    by_words = np.zeros(len(deals), bool)
    if not asked.any():
        return RowOutcomes(outcome, by_words)
    pipelines, _ = _keys(deals["pipeline"])
    stages, names = _keys(deals["stage"])
    width = len(names) + 1
    pair = (pipelines + 1).astype(np.int64) * width + stages + 1
    open_ = deals["closed"].to_numpy(dtype="float64", na_value=0.0) != 1
    mixed = set(np.unique(pair[open_]).tolist())
    given = deals["loss_reason"].cat.codes.to_numpy() >= 0
    reasons = set(np.unique(pair[asked & given]).tolist())
    with_won = set(np.unique(pipelines[won]).tolist())
    found, place = np.unique(pair[asked], return_inverse=True)
    told = [Told(None, "unknown")] * len(found)
    homes: dict[int, dict[str, int]] = {}
    for i, p in enumerate(found.tolist()):
        if p % width == 0:
            continue  # no stage at all
        title = names[p % width - 1]
        if p in mixed:  # its open deals make it an ordinary stage: no inference from the rest
            if p in reasons:
                told[i] = Told("lost", "closed")
            elif word := outcome_by_words(title):
                told[i] = Told(word, "words")
            continue
        homes.setdefault(p // width - 1, {})[title] = i
    for home, several in homes.items():
        closed = {title: int(found[i]) in reasons for title, i in several.items()}
        for title, one in amo_outcomes(closed, home in with_won).items():
            told[several[title]] = one
    values = {None: -1, "lost": 0, "won": 1}
    outcome[asked] = np.array([values[t.outcome] for t in told], np.int8)[place]
    by_words[asked] = np.array([t.basis == "words" for t in told], bool)[place]
    return RowOutcomes(outcome, by_words)


def _keys(column: pd.Series) -> tuple[npt.NDArray[Any], list[str]]:
    """Codes of the names in comparable form (-1: none), and those names."""
    keys = [stage_key(str(c)) for c in column.cat.categories]
    names = list(dict.fromkeys(keys))
    at = {name: i for i, name in enumerate(names)}
    table = np.array([*(at[k] for k in keys), -1], np.int64)
    return table[column.cat.codes.to_numpy()], names


def code_outcomes(codes: Iterable[str]) -> npt.NDArray[np.int8]:
    """What amoCRM's fixed ids tell under any name: 142 won (1), 143 lost (0), others -1."""
    fixed = {"142": 1, "143": 0}
    return np.array([*(fixed.get(c.removesuffix(".0"), -1) for c in codes), -1], np.int8)
