"""From the file's words to the program's stages: pipeline, stage and status of every deal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.captions import stage_key
from funnelkpi.adapters.funnel.outcomes import RowOutcomes, outcomes_of_rows
from funnelkpi.adapters.funnel.unresolved import unresolved_findings
from funnelkpi.adapters.layouts.bitrix24 import bare_code
from funnelkpi.config.known_stages import known_stages
from funnelkpi.model.finding import Finding
from funnelkpi.model.funnel import STATUSES, Funnel, StageKind

Codes = npt.NDArray[Any]

STATUS_OF = {
    StageKind.INCOMING: "incoming",
    StageKind.OPEN: "open",
    StageKind.WON: "won",
    StageKind.LOST: "lost",
    StageKind.PARKED: "parked",
    StageKind.AFTER: "won",
    StageKind.CONVERTED: "converted",
}
_TELLING = ("won", "lost", "converted", "incoming")
"""Kinds of a built-in stage that say what a deal in it is, whatever the config lists."""


@dataclass(frozen=True)
class Resolved:
    """Codes aligned with the deals: pipeline, stage and previous stage (-1 unknown), status."""

    pipeline: Codes
    stage: Codes
    previous: Codes
    status: Codes
    findings: tuple[Finding, ...]


def resolve_stages(deals: pd.DataFrame, funnel: Funnel, entity: str) -> Resolved:
    """Find the funnel's pipeline and stage of each deal (or lead) by the names the config lists.

    A stage is looked up within its pipeline, by its name and then by its code of an API dump;
    without a pipeline in the row, in the only pipeline or by a name that just one pipeline has. The
    status follows the stage's kind; of a stage the config does not know, the CRM's built-in names
    and codes decide won and lost, else an open deal is open and a closed one is ``unknown``; in
    amoCRM its stage's loss reasons, its name, or its being the only closed stage left may still
    tell (``outcomes``).
    """
    rows = deals["pipeline"].cat.codes.to_numpy()
    pipeline_of = _pipelines(_names(deals["pipeline"]), funnel, entity)
    stages = _StageTable(pipeline_of, funnel, entity)
    by_name, ambiguous = stages.codes(rows, deals["stage"])
    stage = by_name
    if len(deals["stage_code"].cat.categories):
        by_code, _ = stages.codes(rows, deals["stage_code"])
        stage = np.where(by_name >= 0, by_name, by_code)
        ambiguous &= stage < 0
    previous, _ = stages.codes(rows, deals["previous_stage"])
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages] + [-1], np.int16)
    pipeline = np.where(stage >= 0, home[stage], pipeline_of[rows]).astype(np.int16)
    status, basis = _status(deals, stage, funnel, entity)
    findings = unresolved_findings(deals, stage, status, basis, ambiguous)
    return Resolved(pipeline, stage, previous, status, findings)


def _names(column: pd.Series) -> list[str]:
    return [str(c) for c in column.cat.categories]


def _pipelines(names: Sequence[str], funnel: Funnel, entity: str) -> Codes:
    """Pipeline code of each name; last element: of a missing name."""
    mine = [(i, p) for i, p in enumerate(funnel.pipelines) if p.entity == entity]
    by_name: dict[str, int] = {}
    for i, p in mine:
        for name in (*p.crm_names, p.title):
            by_name.setdefault(stage_key(name), i)
    only = mine[0][0] if len(mine) == 1 else -1
    found = [by_name.get(stage_key(n), -1) for n in names]
    return np.array([*found, by_name.get("", only)], np.int16)


class _StageTable:
    """Stage codes by the pipeline and the stage of a row."""

    def __init__(self, pipeline_of: Codes, funnel: Funnel, entity: str) -> None:
        self.pipeline_of = pipeline_of
        self.everywhere: dict[str, set[int]] = {}
        self.inside: dict[int, dict[str, int]] = {}
        for code, stage in enumerate(funnel.stages):
            p = funnel.pipeline_code[stage.pipeline]
            if funnel.pipelines[p].entity != entity:
                continue
            for name in (*stage.crm_names, stage.title):
                self.inside.setdefault(p, {}).setdefault(stage_key(name), code)
                self.everywhere.setdefault(stage_key(name), set()).add(code)

    def codes(self, pipelines: Codes, stages: pd.Series) -> tuple[Codes, npt.NDArray[np.bool_]]:
        """Stage code of each row (-1 unknown), and rows without a pipeline whose stage several
        pipelines have."""
        keys = [stage_key(n) for n in _names(stages)]
        # the last row and column of the tables stand for a missing pipeline and a missing stage
        table = np.full((len(self.pipeline_of), len(keys) + 1), -1, np.int16)
        unclear = np.zeros(table.shape, bool)
        for row, p in enumerate(self.pipeline_of):
            known = self.inside.get(int(p), {})
            for column, key in enumerate(keys):
                if p >= 0:
                    table[row, column] = known.get(key, -1)
                elif row == len(self.pipeline_of) - 1:
                    found = self.everywhere.get(key, set())
                    unclear[row, column] = len(found) > 1
                    table[row, column] = next(iter(found)) if len(found) == 1 else -1
        at = stages.cat.codes.to_numpy()
        return table[pipelines, at], unclear[pipelines, at]


def stages_within(
    pipelines: pd.Series, stages: pd.Series, home: Codes, funnel: Funnel, entity: str
) -> Codes:
    """Stage code of each row (-1 unknown) in the pipeline it names, else in ``home`` (the pipeline
    code of its deal, -1 unknown).

    pipelines, stages: categorical texts as a history writes them; a stage may be its code.
    """
    given = _pipelines(_names(pipelines), funnel, entity)
    named = pipelines.cat.codes.to_numpy()
    where = np.where(named >= 0, given[named], home) if len(given) > 1 else home
    table = _StageTable(given, funnel, entity)
    keys = [stage_key(n) for n in _names(stages)]
    codes = np.full((len(funnel.pipelines) + 1, len(keys) + 1), -1, np.int16)
    for p, known in table.inside.items():
        codes[p, :-1] = [known.get(key, -1) for key in keys]
    only = [
        next(iter(f)) if len(f := table.everywhere.get(key, set())) == 1 else -1 for key in keys
    ]
    codes[-1, :-1] = only
    at = stages.cat.codes.to_numpy()
    out: Codes = codes[where, at]
    unnamed = (out < 0) & (named < 0)  # perhaps of the pipeline the deal was in before
    return np.where(unnamed, codes[-1, at], out).astype(np.int16)


def _status(
    deals: pd.DataFrame, stage: Codes, funnel: Funnel, entity: str
) -> tuple[Codes, RowOutcomes]:
    """Status of each deal, and what was inferred of the closed ones of amoCRM."""
    by_stage = np.array([STATUSES.index(STATUS_OF[s.kind]) for s in funnel.stages] + [-1], np.int8)
    status = by_stage[stage]
    guess = _built_in(deals, "stage_code", entity)
    guess = np.where(guess >= 0, guess, _built_in(deals, "stage", entity))
    status = np.where(status >= 0, status, guess)
    closed = deals["closed"].to_numpy(dtype="float64", na_value=np.nan) == 1
    asked = closed & (status < 0) & deals["crm"].eq("amocrm").to_numpy()
    told = outcomes_of_rows(deals, asked, status == STATUSES.index("won"))
    table = [STATUSES.index("lost"), STATUSES.index("won"), STATUSES.index("unknown")]
    inferred = np.where(closed, np.array(table)[told.outcome], STATUSES.index("open"))
    return np.where(status >= 0, status, inferred).astype(np.int8), told


def _built_in(deals: pd.DataFrame, column: str, entity: str) -> Codes:
    """The status a built-in name or code of the row's CRM tells; -1 if none.

    A table that is no CRM's export may use the words of either.
    """
    kinds = {
        (crm, stage_key(name)): k.kind
        for k in known_stages()
        if k.entity == entity and k.kind in _TELLING
        for name in k.names
        for crm in (k.crm, "generic")
    }
    crms, names = _names(deals["crm"]), _names(deals[column])
    table = np.full((len(crms) + 1, len(names) + 1), -1, np.int8)
    for i, crm in enumerate(crms):
        for j, name in enumerate(names):
            key = bare_code(name) if column == "stage_code" else name
            kind = kinds.get((crm, stage_key(key)))
            if kind is not None:
                table[i, j] = STATUSES.index(str(kind))
    out: Codes = table[deals["crm"].cat.codes.to_numpy(), deals[column].cat.codes.to_numpy()]
    return out
