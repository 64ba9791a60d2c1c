"""From the file's words to the program's stages: pipeline, stage and status of every deal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.captions import stage_key
from funnelkpi.config.known_stages import known_stages
from funnelkpi.model.finding import ROWS_SHOWN, Finding, Severity
from funnelkpi.model.funnel import STATUSES, Funnel, StageKind

Codes = npt.NDArray[Any]

_STATUS = {
    StageKind.INCOMING: "incoming",
    StageKind.OPEN: "open",
    StageKind.WON: "won",
    StageKind.LOST: "lost",
    StageKind.PARKED: "parked",
    StageKind.AFTER: "won",
    StageKind.CONVERTED: "converted",
}


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

    A stage is looked up within its pipeline; without a pipeline column, in the only pipeline or by a
    name that just one pipeline has. The status follows the stage's kind; of a stage the config does
    not know, the CRM's built-in names decide won and lost, else an open deal is open and a closed one
    is ``unknown`` (in amoCRM a closed deal without a loss reason or lost name is won).
    """
    pipelines, stages = deals["pipeline"].cat, deals["stage"].cat
    pipeline_of = _pipeline_lookup(list(pipelines.categories), funnel, entity)
    p_code, s_code = pipelines.codes.to_numpy(), stages.codes.to_numpy()
    lookup = _stage_lookup(pipeline_of, list(stages.categories), funnel, entity)
    stage = lookup[p_code, s_code]
    previous_names = deals["previous_stage"].cat
    previous_lookup = _stage_lookup(pipeline_of, list(previous_names.categories), funnel, entity)
    previous = previous_lookup[p_code, previous_names.codes.to_numpy()]
    home = np.array([funnel.pipeline_code[s.pipeline] for s in funnel.stages] + [-1], np.int16)
    pipeline = np.where(stage >= 0, home[stage], pipeline_of[p_code]).astype(np.int16)
    status = _status(deals, stage, funnel, entity)
    findings = _findings(deals, pipeline_of, stage, status, funnel)
    return Resolved(pipeline, stage, previous, status, findings)


def _pipeline_lookup(names: list[str], funnel: Funnel, entity: str) -> Codes:
    """Pipeline code of each name; last element: of a missing name."""
    mine = [(i, p) for i, p in enumerate(funnel.pipelines) if p.entity == entity]
    by_name = {stage_key(n): i for i, p in mine for n in (*p.crm_names, p.title)}
    only = mine[0][0] if len(mine) == 1 else -1
    unnamed = by_name.get("", only)
    found = [by_name.get(stage_key(n), -1) for n in names]
    return np.array([*found, unnamed], np.int16)


def _stage_lookup(pipeline_of: Codes, names: list[str], funnel: Funnel, entity: str) -> Codes:
    """Stage code by [pipeline name code, stage name code]; the last row and column are "missing"."""
    keys = [stage_key(n) for n in names]
    everywhere: dict[str, set[int]] = {}
    inside: dict[int, dict[str, int]] = {}
    for code, stage in enumerate(funnel.stages):
        p = funnel.pipeline_code[stage.pipeline]
        if funnel.pipelines[p].entity != entity:
            continue
        for name in (*stage.crm_names, stage.title):
            inside.setdefault(p, {}).setdefault(stage_key(name), code)
            everywhere.setdefault(stage_key(name), set()).add(code)
    table = np.full((len(pipeline_of), len(names) + 1), -1, np.int16)
    for row, p in enumerate(pipeline_of):
        for column, key in enumerate(keys):
            if p >= 0:
                table[row, column] = inside.get(int(p), {}).get(key, -1)
            elif row == len(pipeline_of) - 1 and len(everywhere.get(key, ())) == 1:
                table[row, column] = next(iter(everywhere[key]))
    return table


def _status(deals: pd.DataFrame, stage: Codes, funnel: Funnel, entity: str) -> Codes:
    by_stage = np.array([STATUSES.index(_STATUS[s.kind]) for s in funnel.stages] + [-1], np.int8)
    status = by_stage[stage]
    lost = {
        (k.crm, stage_key(n)): k.kind for k in known_stages() if k.entity == entity for n in k.names
    }
    crms = [str(c) for c in deals["crm"].cat.categories]
    names = [str(c) for c in deals["stage"].cat.categories]
    built_in = np.full((len(crms) + 1, len(names) + 1), -1, np.int8)
    for i, crm in enumerate(crms):
        for j, name in enumerate(names):
            kind = lost.get((crm, stage_key(name)))
            if kind in ("won", "lost", "converted", "incoming"):
                built_in[i, j] = STATUSES.index(str(kind))
    guess = built_in[deals["crm"].cat.codes.to_numpy(), deals["stage"].cat.codes.to_numpy()]
    closed = deals["closed"].to_numpy(dtype="float64", na_value=np.nan)
    amo = deals["crm"].eq("amocrm").to_numpy() & (closed == 1)
    reason = deals["loss_reason"].notna().to_numpy()
    inferred = np.where(amo, np.where(reason, STATUSES.index("lost"), STATUSES.index("won")), -1)
    inferred = np.where(
        closed == 1,
        np.where(inferred >= 0, inferred, STATUSES.index("unknown")),
        STATUSES.index("open"),
    )
    guess = np.where(guess >= 0, guess, inferred)
    return np.where(status >= 0, status, guess).astype(np.int8)


def _findings(
    deals: pd.DataFrame, pipeline_of: Codes, stage: Codes, status: Codes, funnel: Funnel
) -> tuple[Finding, ...]:
    out: list[Finding] = []
    unknown = stage < 0
    if not unknown.any():
        return ()
    some = deals.loc[unknown, ["_file", "_row", "pipeline", "stage"]].assign(status=status[unknown])
    unknown_pipeline = pipeline_of[some["pipeline"].cat.codes.to_numpy()] < 0
    groups = some.assign(new=unknown_pipeline).groupby(
        ["pipeline", "stage"], observed=True, dropna=False, sort=True
    )
    for (pipeline, name), part in groups:
        outcome = STATUSES[int(part["status"].iloc[0])]
        code = "outcome_unknown" if outcome == "unknown" else "unknown_stage"
        out.append(
            Finding(
                f"findings_data.{code}",
                Severity.WARNING,
                file=str(part["_file"].iloc[0]),
                rows=tuple(int(r) for r in part["_row"].head(ROWS_SHOWN)),
                value=name if isinstance(name, str) else "",
                count=len(part),
                params={
                    "pipeline": pipeline if isinstance(pipeline, str) else "",
                    "outcome": outcome,
                },
            )
        )
    return tuple(out)
