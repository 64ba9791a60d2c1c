"""The funnel of the run: from the config, or proposed from the stages the files hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from funnelkpi.adapters.captions import stage_key
from funnelkpi.adapters.cells.keys import unique_keys
from funnelkpi.adapters.funnel.order import ordered
from funnelkpi.adapters.funnel.outcomes import amo_outcomes, code_outcomes, outcome_by_words
from funnelkpi.config.known_stages import KnownStage, known_stages
from funnelkpi.config.schema import PipelineSettings, Settings
from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.model.funnel import NO_RANK, Funnel, Pipeline, Stage, StageKind

Codes = npt.NDArray[Any]
_RANKED = (StageKind.OPEN, StageKind.WON, StageKind.CONVERTED, StageKind.AFTER)
_PARKED_WORDS = ("отлож", "заморо", "пауз", "postpon", "on hold")
_UNNAMED = {"deal": "main", "lead": "leads"}
"""Key of a pipeline without a name: files without a pipeline column, Bitrix24 leads."""


def funnel_from_settings(settings: Settings) -> Funnel:
    """The pipelines and stages of the config, with ranks."""
    return Funnel(tuple(_pipeline(p) for p in settings.pipelines))


def _pipeline(given: PipelineSettings) -> Pipeline:
    title = given.title or next((name for name in given.crm if name), given.key)
    stages = tuple(
        Stage(
            id=f"{given.key}/{s.key}",
            key=s.key,
            title=s.title or next(iter(s.crm), s.key),
            pipeline=given.key,
            kind=StageKind(s.kind),
            rank=NO_RANK,
            limit=s.limit,
            limit_unit=s.limit_unit,
            crm_names=s.crm or (s.title or s.key,),
            date_column=s.date_column,
            moves_to=s.moves_to,
        )
        for s in given.stages
    )
    return Pipeline(
        key=given.key,
        title=title,
        stages=with_ranks(stages),
        confirmed=given.order == "confirmed",
        crm_names=given.crm or (title,),
        entity=given.entity,
    )


def with_ranks(stages: Iterable[Stage]) -> tuple[Stage, ...]:
    """``stages`` with ranks by kind and order: 0 incoming, open 1..k, won k+1, after k+2.."""
    stages = tuple(stages)
    in_order = sorted((s for s in stages if s.kind in _RANKED), key=lambda s: _RANKED.index(s.kind))
    rank = {s.id: i for i, s in enumerate(in_order, 1)}
    zero = {s.id: 0 for s in stages if s.kind is StageKind.INCOMING}
    return tuple(replace(s, rank={**rank, **zero}.get(s.id, NO_RANK)) for s in stages)


@dataclass(frozen=True, slots=True)
class GuessedStage:
    """A stage found in the files: what it seems to be, and why (``known``, ``closed``, ``words``,
    ``order``, ``unknown``), for ``init`` to mark what needs review."""

    title: str
    kind: StageKind | None
    basis: str
    deals: int


@dataclass(frozen=True, slots=True)
class GuessedPipeline:
    """A pipeline found in the files with its stages in the proposed order."""

    title: str
    entity: str
    stages: tuple[GuessedStage, ...]


def guess_pipelines(
    frames: Iterable[pd.DataFrame], history: pd.DataFrame | None = None
) -> tuple[GuessedPipeline, ...]:
    """The pipelines and stages of canonical deals and leads, stages in the order the data suggest.

    history: changes; stages only they tell of are passed by deals and hold none now.

    Kinds follow amoCRM's fixed ids 142 and 143 under any name, then the CRM's built-in names; of
    other stages in which every deal is closed: in amoCRM lost if any has a loss reason; by words of
    failure or success; in amoCRM won if it is the only one left (``outcomes``); else None (outcome
    unknown, for the user to say).
    """
    out = []
    frames = [frame for frame in frames if len(frame)]
    passed = _passed(history) if frames else {}
    for frame in frames:
        entity = "lead" if bool(frame["is_lead"].iloc[0]) else "deal"
        known = _known(entity)
        named = frame.assign(pipeline=_one_spelling(frame["pipeline"]))
        for title, part in named.groupby("pipeline", observed=True, dropna=False, sort=False):
            name = str(title) if isinstance(title, str) else ""
            gone_by = passed.get((entity, stage_key(name)), []) + passed.get((entity, None), [])
            stages = _stages(part, known, entity, gone_by)
            out.append((len(part), GuessedPipeline(name, entity, stages)))
    out.sort(key=lambda pair: (pair[1].entity, -pair[0], pair[1].title))
    return tuple(pipeline for _, pipeline in out)


def _known(entity: str) -> dict[tuple[str, str], KnownStage]:
    """Built-in stages by CRM and name; a table that is no CRM's export may use either's names."""
    out: dict[tuple[str, str], KnownStage] = {}
    for stage in known_stages():
        if stage.entity == entity:
            for name in stage.names:
                out.setdefault((stage.crm, stage_key(name)), stage)
                out.setdefault(("generic", stage_key(name)), stage)
    return out


def _stages(
    part: pd.DataFrame,
    known: dict[tuple[str, str], KnownStage],
    entity: str,
    gone_by: Iterable[str],
) -> tuple[GuessedStage, ...]:
    titles = _one_spelling(part["stage"])
    names = [str(c) for c in titles.cat.categories]
    stage, crm = titles.cat.codes.to_numpy(), part["crm"].cat.codes.to_numpy()
    closed = part["closed"].to_numpy(dtype="float64", na_value=0.0) == 1
    reason = part["loss_reason"].cat.codes.to_numpy() >= 0
    rows, ends, reasons = (
        np.bincount(stage[(stage >= 0) & mask], minlength=len(names))
        for mask in (np.ones(len(stage), bool), closed, closed & reason)
    )
    # two CRMs side by side may have pipelines of one name: a stage is asked about its own CRM
    seen, first = np.unique(stage, return_index=True)
    crms = dict(zip(seen.tolist(), crm[first].tolist(), strict=True))
    fixed = _fixed(part, stage, len(names))
    won = StageKind.CONVERTED if entity == "lead" else StageKind.WON
    kinds: dict[str, tuple[StageKind | None, str, int | None]] = {}
    closing: dict[str, bool] = {}
    for code, title in enumerate(names):
        if not rows[code]:
            continue
        own = str(part["crm"].cat.categories[crms[code]])
        built_in = known.get((own, stage_key(title)))
        if code in fixed:
            kind = fixed[code]
            kinds[title] = (kind, "known" if kind is not None else "unknown", None)
        elif built_in is not None:
            kinds[title] = (StageKind(built_in.kind), "known", built_in.order)
        elif ends[code] == rows[code]:
            if own == "amocrm":
                closing[title] = bool(reasons[code])
            word = outcome_by_words(title)
            kind = {"won": won, "lost": StageKind.LOST, None: None}[word]
            kinds[title] = (kind, "words" if word else "unknown", None)
        elif any(word in title.casefold() for word in _PARKED_WORDS):
            kinds[title] = (StageKind.PARKED, "words", None)
        else:
            kinds[title] = (StageKind.OPEN, "order", None)
    has_won = any(k[0] is won for t, k in kinds.items() if t not in closing)
    for title, told in amo_outcomes(closing, has_won).items():
        kind = {"won": won, "lost": StageKind.LOST, None: None}[told.outcome]
        kinds[title] = (kind, told.basis, None)
    for title in _passed_only(part, kinds, gone_by):
        built_in = known.get(("generic", stage_key(title)))
        kind = StageKind.OPEN if built_in is None else StageKind(built_in.kind)
        kinds[title] = (kind, "order" if built_in is None else "known", None)
    order = ordered(
        part.assign(stage=titles), {t: k[2] for t, k in kinds.items() if k[0] is StageKind.OPEN}
    )
    rest = [t for t in kinds if t not in order]
    place: dict[StageKind | None, int] = {kind: i for i, kind in enumerate(StageKind)}
    rest.sort(key=lambda t: (place.get(kinds[t][0], len(place)), t))
    incoming = [t for t in rest if kinds[t][0] is StageKind.INCOMING]
    count = dict.fromkeys(kinds, 0) | dict(zip(names, rows.tolist(), strict=True))
    return tuple(
        GuessedStage(t, kinds[t][0], kinds[t][1], count[t])
        for t in [*incoming, *order, *(t for t in rest if t not in incoming)]
    )


def _passed_only(part: pd.DataFrame, found: Iterable[str], gone_by: Iterable[str]) -> list[str]:
    """Stages in which no deal stands now, known as the previous stage of some or from history."""
    known = {stage_key(title) for title in found}
    previous = part["previous_stage"].value_counts()
    names = [str(name) for name in previous[previous > 0].index]
    one = {stage_key(name): name for name in sorted([*names, *gone_by], reverse=True)}
    return sorted(name for key, name in one.items() if key not in known)


def _passed(history: pd.DataFrame | None) -> dict[tuple[str, str | None], list[str]]:
    """Stage names of a history by entity and pipeline; None: the history names no pipeline."""
    out: dict[tuple[str, str | None], list[str]] = {}
    if history is None or not len(history):
        return out
    for prefix in ("", "from_"):
        columns = ["entity", f"{prefix}pipeline", f"{prefix}stage"]
        codes = history[columns].drop_duplicates()
        for entity, pipeline, stage in codes.itertuples(index=False):
            if isinstance(stage, str):
                key = stage_key(pipeline) if isinstance(pipeline, str) else None
                out.setdefault((str(entity), key), []).append(stage)
    return out


def _one_spelling(texts: pd.Series) -> pd.Series:
    """Spellings that differ in case, ё, blanks or look-alike letters are one: the commonest."""
    names = [str(c) for c in texts.cat.categories]
    codes = texts.cat.codes.to_numpy()
    counts = np.bincount(codes[codes >= 0], minlength=len(names))
    best: dict[str, int] = {}
    for i in sorted(range(len(names)), key=lambda i: (-counts[i], names[i])):
        best.setdefault(stage_key(names[i]), i)
    if len(best) == len(names):
        return texts
    kept = sorted(best.values())
    place = {i: n for n, i in enumerate(kept)}
    table = np.array([*(place[best[stage_key(n)]] for n in names), -1], np.int32)
    one = pd.Categorical.from_codes(table[codes], pd.Index([names[i] for i in kept]))
    return pd.Series(one, index=texts.index, name=texts.name)


def _fixed(part: pd.DataFrame, stage: Codes, n: int) -> dict[int, StageKind | None]:
    """Stages with amoCRM's fixed id of won or lost; None: one name for both, only the ids tell."""
    if not len(part["stage_code"].cat.categories):
        return {}
    told = code_outcomes(str(c) for c in part["stage_code"].cat.categories)
    outcome = told[part["stage_code"].cat.codes.to_numpy()]
    here = (stage >= 0) & part["crm"].eq("amocrm").to_numpy()
    won, lost = (np.bincount(stage[here & (outcome == o)], minlength=n) > 0 for o in (1, 0))
    return {
        i: None if won[i] and lost[i] else StageKind.WON if won[i] else StageKind.LOST
        for i in np.flatnonzero(won | lost).tolist()
    }


def _careful(kind: StageKind) -> StageKind:
    """Without a config a stage that sounds postponed is open: a guess must not hide its deals."""
    return StageKind.OPEN if kind is StageKind.PARKED else kind


def funnel_from_guess(
    pipelines: Iterable[GuessedPipeline], lang: Lang = "ru", taken: Iterable[str] = ()
) -> Funnel:
    """A funnel with a guessed order: step conversions wait until it is confirmed.

    lang: language of the titles of pipelines that have no name in the files. taken: keys that the
    config's own pipelines have.
    """
    taken = tuple(taken)
    pipelines = tuple(pipelines)
    keys = unique_keys([*taken, *(p.title or _UNNAMED[p.entity] for p in pipelines)])[len(taken) :]
    out = []
    for key, given in zip(keys, pipelines, strict=True):
        kinds = [(s.title, s.kind) for s in given.stages if s.kind is not None]
        stages = [
            Stage(f"{key}/{k}", k, title, key, kind, NO_RANK, crm_names=(title,))
            for k, (title, kind) in zip(unique_keys([t for t, _ in kinds]), kinds, strict=True)
        ]
        title = given.title or text(f"pipelines.{_UNNAMED[given.entity]}", lang)
        entity: Literal["deal", "lead"] = "lead" if given.entity == "lead" else "deal"
        out.append(Pipeline(key, title, with_ranks(stages), False, (given.title,), entity))
    return Funnel(tuple(out))
