"""What the config does not tell of the stages in the files: one finding per file and stage."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.captions import stage_key
from funnelkpi.adapters.funnel.build import GuessedPipeline
from funnelkpi.adapters.funnel.outcomes import RowOutcomes
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity
from funnelkpi.model.funnel import STATUSES, Funnel, StageKind

Codes = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]

_CODES = (
    "unknown_stage",  # open, or won and lost by the CRM's own names
    "outcome_unknown",  # closed: won or lost?
    "taken_as_won",  # amoCRM: by its name, or the only closed stage without a loss reason
    "taken_as_lost",  # amoCRM: closed with one
    "lost_by_name",  # amoCRM: closed, with a word of loss
    "no_stage",  # the cell is empty
    "pipeline_unclear",  # no pipeline in the row, several have this stage
)
_CLOSED_KINDS = (StageKind.WON, StageKind.LOST, StageKind.CONVERTED)
_NAMES_SHOWN = 8


def unresolved_findings(
    deals: pd.DataFrame, stage: Codes, status: Codes, told: RowOutcomes, unclear: Mask
) -> tuple[Finding, ...]:
    """Findings about the deals whose stage (code, -1) the funnel does not have.

    status: as resolved without it. told: what was inferred in amoCRM. unclear: rows without a
    pipeline whose stage several pipelines have.
    """
    rows = np.flatnonzero(stage < 0)
    if not len(rows):
        return ()
    state = status[rows]
    kind = np.zeros(len(rows), np.int8)
    kind[state == STATUSES.index("unknown")] = _CODES.index("outcome_unknown")
    outcome, by_words = told.outcome[rows], told.by_words[rows]
    kind[outcome == 1] = _CODES.index("taken_as_won")
    kind[(outcome == 0) & ~by_words] = _CODES.index("taken_as_lost")
    kind[(outcome == 0) & by_words] = _CODES.index("lost_by_name")
    kind[deals["stage"].cat.codes.to_numpy()[rows] < 0] = _CODES.index("no_stage")
    kind[unclear[rows]] = _CODES.index("pipeline_unclear")
    some = deals.iloc[rows][["_file", "_row", "pipeline", "stage"]].assign(kind=kind)
    keys = ["_file", "kind", "pipeline", "stage"]
    groups: Any = some.groupby(keys, observed=True, dropna=False, sort=True)
    out = []
    for (file, code, pipeline, name), part in groups:
        out.append(
            Finding(
                f"findings_data.{_CODES[int(code)]}",
                Severity.WARNING,
                file=str(file),
                rows=tuple(int(r) for r in part["_row"].head(ROWS_SHOWN)),
                value=name if isinstance(name, str) else None,
                count=len(part),
                params={"pipeline": pipeline if isinstance(pipeline, str) else "—"},
            )
        )
    return tuple(out)


def inferred_wins(
    frames: Iterable[pd.DataFrame], guessed: Iterable[GuessedPipeline]
) -> tuple[Finding, ...]:
    """Notes on stages of a guessed funnel counted as won only because nothing else is left."""
    doubtful = {
        (p.entity, stage_key(p.title), stage_key(s.title)): p.title
        for p in guessed
        for s in p.stages
        if s.basis == "closed" and s.kind in (StageKind.WON, StageKind.CONVERTED)
    }
    if not doubtful:
        return ()
    out = []
    for frame in frames:
        entity = "lead" if bool(frame["is_lead"].iloc[0]) else "deal"
        keys = ["_file", "pipeline", "stage"]
        groups: Any = frame[[*keys, "_row"]].groupby(keys, observed=True, dropna=False, sort=True)
        for (file, pipeline, stage), rows in groups["_row"]:
            home = pipeline if isinstance(pipeline, str) else ""
            name = stage if isinstance(stage, str) else ""
            if (entity, stage_key(home), stage_key(name)) in doubtful:
                out.append(
                    Finding(
                        "findings_data.taken_as_won",
                        Severity.NOTE,
                        file=str(file),
                        rows=tuple(int(r) for r in rows.head(ROWS_SHOWN)),
                        value=name,
                        count=len(rows),
                        params={"pipeline": home or "—"},
                    )
                )
    return tuple(out)


def refuse_foreign_config(
    parts: Iterable[pd.DataFrame], funnel: Funnel, settings: Settings
) -> None:
    """A config that knows none of the files' stages is another portal's: no figure would mean a
    thing.

    Nor would one that knows only the CRM's own names of won and lost, while the open deals stand in
    two or more stages it has never heard of: every norm would be missed by "0".

    parts: deals and leads with ``stage`` (ids) and ``stage_name``.

    Raises:
        InputError: the config is another portal's.
    """
    parts = [p for p in parts if len(p)]
    if not settings.pipelines or not parts:
        return
    ending = np.array([s.kind in _CLOSED_KINDS for s in funnel.stages] + [False])
    known = np.concatenate([p["stage"].cat.codes.to_numpy() for p in parts])
    if ((known >= 0) & ~ending[known]).any():
        return
    strange = _strange_open_stages(parts)
    if (known >= 0).any() and len(strange) < 2:
        return
    found = strange or list(dict.fromkeys(n for p in parts for n in _used(p["stage_name"])))
    raise InputError.of(
        "errors_data.foreign_config",
        found=_quoted(found[:_NAMES_SHOWN]),
        expected=_quoted(
            [
                n
                for p in settings.pipelines
                for s in p.stages[:4]
                for n in (s.crm or (s.title or s.key,))[:1]
            ]
        ),
    )


def _strange_open_stages(parts: Sequence[pd.DataFrame]) -> list[str]:
    """Names of unknown stages in which deals are open, in the files' order."""
    names = []
    for part in parts:
        is_open = part["status"].cat.codes.to_numpy() == STATUSES.index("open")
        unknown = part["stage"].cat.codes.to_numpy() < 0
        names += _used(part["stage_name"][is_open & unknown])
    return list(dict.fromkeys(names))


def _used(names: pd.Series) -> list[str]:
    used = np.unique(names.cat.codes.to_numpy())
    return [str(names.cat.categories[c]) for c in used if c >= 0]


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"«{n}»" for n in names)
