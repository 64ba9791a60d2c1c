"""The funnel of the run: from the config, or proposed from the stages the files hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import pandas as pd

from funnelkpi.adapters._keys import unique_keys
from funnelkpi.adapters.captions import stage_key
from funnelkpi.adapters.stage_order import ordered
from funnelkpi.config.known_stages import KnownStage, known_stages
from funnelkpi.config.schema import PipelineSettings, Settings
from funnelkpi.model.funnel import NO_RANK, Funnel, Pipeline, Stage, StageKind

_RANKED = (StageKind.OPEN, StageKind.WON, StageKind.CONVERTED, StageKind.AFTER)
_WON_WORDS = ("успеш", "заключен", "реализ", "оплачен", "выигр", "won", "ganha", "lograd")
_PARKED_WORDS = ("отлож", "заморо", "пауз", "postpon", "on hold")
_LOST_WORDS = ("провал", "не заключ", "не реализ", "отказ", "проигр", "lost", "perdid")


def funnel_from_settings(settings: Settings) -> Funnel:
    """The pipelines and stages of the config, with ranks."""
    return Funnel(tuple(_pipeline(p) for p in settings.pipelines))


def _pipeline(given: PipelineSettings) -> Pipeline:
    title = given.title or next(iter(given.crm), given.key)
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
    ``order``), for ``init`` to mark what needs review."""

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


def guess_pipelines(frames: Iterable[pd.DataFrame]) -> tuple[GuessedPipeline, ...]:
    """The pipelines and stages of canonical deals and leads, stages in the order the data suggest.

    Kinds follow the CRM's built-in names; of other stages in which every deal is closed: in amoCRM
    lost if any has a loss reason, else won; in Bitrix24 by words of success or failure; else None
    (outcome unknown, for the user to say).
    """
    out = []
    for frame in frames:
        entity = "lead" if bool(frame["is_lead"].any()) else "deal"
        known = {
            (k.crm, stage_key(name)): k
            for k in known_stages()
            if k.entity == entity
            for name in k.names
        }
        for title, part in frame.groupby("pipeline", observed=True, dropna=False, sort=False):
            name = str(title) if isinstance(title, str) else ""
            stages = _stages(part, known, entity)
            out.append((len(part), GuessedPipeline(name, entity, stages)))
    out.sort(key=lambda pair: (pair[1].entity, -pair[0], pair[1].title))
    return tuple(pipeline for _, pipeline in out)


def _stages(
    part: pd.DataFrame, known: dict[tuple[str, str], KnownStage], entity: str
) -> tuple[GuessedStage, ...]:
    titles = _one_spelling(part["stage"])
    stage = titles.cat.codes.to_numpy()
    crm = str(part["crm"].iloc[0])
    kinds: dict[str, tuple[StageKind | None, str, int | None]] = {}
    closed = part["closed"].to_numpy(dtype="float64", na_value=0.0) == 1
    reasons = part["loss_reason"].notna().to_numpy()
    for code, title in enumerate(titles.cat.categories):
        inside = stage == code
        if not inside.any():
            continue
        found = known.get((crm, stage_key(title))) or known.get(("generic", stage_key(title)))
        if found is not None:
            kinds[title] = (StageKind(found.kind), "known", found.order)
        elif closed[inside].all():
            kinds[title] = (*_closed_kind(crm, title, bool(reasons[inside].any()), entity), None)
        elif any(w in title.casefold() for w in _PARKED_WORDS):
            kinds[title] = (StageKind.PARKED, "words", None)
        else:
            kinds[title] = (StageKind.OPEN, "order", None)
    order = ordered(
        part.assign(stage=titles), {t: k[2] for t, k in kinds.items() if k[0] is StageKind.OPEN}
    )
    rest = [t for t in kinds if t not in order]
    rest.sort(key=lambda t: (list(StageKind).index(kinds[t][0]) if kinds[t][0] else 99, t))
    incoming = [t for t in rest if kinds[t][0] is StageKind.INCOMING]
    counts = titles.value_counts()
    return tuple(
        GuessedStage(t, kinds[t][0], kinds[t][1], int(counts[t]))
        for t in [*incoming, *order, *(t for t in rest if t not in incoming)]
    )


def _one_spelling(stages: pd.Series) -> pd.Series:
    """Spellings that differ in case, ё, blanks or look-alike letters are one stage: the commonest."""
    counts = stages.value_counts()
    best: dict[str, str] = {}
    for title in sorted(counts.index, key=lambda t: (-counts[t], t)):
        best.setdefault(stage_key(title), title)
    return (
        stages.astype("object")
        .map(lambda t: best.get(stage_key(t), t) if isinstance(t, str) else t)
        .astype("category")
        if len(best) < len(counts)
        else stages
    )


def _closed_kind(
    crm: str, title: str, has_reason: bool, entity: str
) -> tuple[StageKind | None, str]:
    won = StageKind.CONVERTED if entity == "lead" else StageKind.WON
    if crm == "amocrm":
        return (StageKind.LOST if has_reason else won), "closed"
    words = title.casefold()
    if any(w in words for w in _LOST_WORDS):
        return StageKind.LOST, "words"
    if any(w in words for w in _WON_WORDS):
        return won, "words"
    return None, "unknown"


def _careful(kind: StageKind) -> StageKind:
    """Without a config a stage that sounds postponed is open: a guess must not hide its deals."""
    return StageKind.OPEN if kind is StageKind.PARKED else kind


def funnel_from_guess(pipelines: tuple[GuessedPipeline, ...]) -> Funnel:
    """A funnel with a guessed order: step conversions wait until it is confirmed."""
    keys = unique_keys([p.title or "main" for p in pipelines])
    out = []
    for key, given in zip(keys, pipelines, strict=True):
        found = [s for s in given.stages if s.kind is not None]
        stages = [
            Stage(f"{key}/{k}", k, s.title, key, _careful(s.kind), NO_RANK, crm_names=(s.title,))
            for k, s in zip(unique_keys([s.title for s in found]), found, strict=True)
            if s.kind is not None
        ]
        entity = "lead" if given.entity == "lead" else "deal"
        out.append(
            Pipeline(key, given.title, with_ranks(stages), False, (given.title,), entity)  # type: ignore[arg-type]
        )
    return Funnel(tuple(out))
