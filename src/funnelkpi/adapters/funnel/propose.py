"""A config from the user's own files: pipelines, stages, managers; norms of a preset where they fit."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, Literal

from funnelkpi.adapters.captions import caption_key, stage_key
from funnelkpi.adapters.cells.keys import unique_keys
from funnelkpi.adapters.funnel.build import GuessedPipeline, GuessedStage
from funnelkpi.adapters.funnel.policies import carried
from funnelkpi.config.schema import (
    FileRule,
    InputSettings,
    ManagerSettings,
    Norm,
    PipelineSettings,
    Settings,
    StageSettings,
)
from funnelkpi.config.write import render_config
from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.model.funnel import StageKind
from funnelkpi.model.tables import deals_columns

Comments = dict[tuple[str | int, ...], str]


def propose(
    pipelines: Sequence[GuessedPipeline],
    managers: Sequence[str],
    captions: Sequence[str],
    preset: Settings,
    lang: Lang,
    rules: Sequence[FileRule] = (),
) -> str:
    """The commented YAML of a config for the pipelines and managers found in the files.

    captions: custom columns of the deals exports; one that names a date and a stage becomes that
    stage's ``date_column``. Norms and thresholds of ``preset`` are kept where their stage is found
    among the files' (by the names the preset lists); the others stand in a comment. rules: those
    guessed for tables of no CRM.
    """
    comments: Comments = {(): text("init.head", lang)}
    found: list[PipelineSettings] = []
    titles = [p.title or ("leads" if p.entity == "lead" else "main") for p in pipelines]
    for key, given in zip(unique_keys(titles), pipelines, strict=True):
        stages = _stages(given, len(found), comments, captions, preset, lang)
        if not any(s.kind == "open" for s in stages):
            continue
        comments[("pipelines", len(found))] = text(
            "init.pipeline", lang, deals=sum(s.deals for s in given.stages)
        )
        comments[("pipelines", len(found), "order")] = text("init.order", lang)
        found.append(
            PipelineSettings(
                key=key,
                title=given.title or text(f"init.title_{given.entity}s", lang),
                crm=(given.title,) if given.title else ("",),
                entity="lead" if given.entity == "lead" else "deal",
                order="guessed",
                stages=tuple(stages),
            )
        )
    comments[("pipelines",)] = text("init.pipelines", lang)
    comments[("managers",)] = text("init.managers", lang)
    own = {s.key for p in found if p.entity == "deal" for s in p.stages}
    places = _places(found, preset)
    columns = {caption_key(c) for c in captions} | set(deals_columns())
    norms = [n for n in preset.norms if _fits(n, places, columns)]
    left = [n for n in preset.norms if not _fits(n, places, columns)]
    comments[("norms",)] = _norms_comment(left, lang)
    thresholds = [t for t in preset.thresholds if t.stage is None or t.stage in own]
    comments[("thresholds",)] = text("init.thresholds", lang)
    settings = Settings(
        preset=preset.preset,
        language=lang,
        time_zone=preset.time_zone,
        currency=preset.currency,
        inputs=InputSettings(files=tuple(rules)),
        pipelines=tuple(found),
        managers=tuple(ManagerSettings(name=name) for name in managers),
        norms=tuple(_moved(n, places) for n in norms),
        thresholds=tuple(thresholds),
        **carried(preset, found, places),
    )
    comments[("time_zone",)] = text("init.time_zone", lang)
    comments[("currency",)] = text("init.currency", lang)
    comments |= {("inputs", "files", i): text("init.calls_rule", lang) for i in range(len(rules))}
    comments |= {
        ("managers", i, "department"): text("init.department", lang) for i in range(len(managers))
    }
    return render_config(settings, {k: v for k, v in comments.items() if v})


def _stages(
    given: GuessedPipeline,
    position: int,
    comments: Comments,
    captions: Sequence[str],
    preset: Settings,
    lang: Lang,
) -> list[StageSettings]:
    keys = unique_keys([s.title for s in given.stages])
    limits = {stage_key(n): s for p in preset.pipelines for s in p.stages for n in _names(s)}
    dates = _date_columns(given, captions)
    has_goal = any(s.kind in ("won", "converted") for s in given.stages)
    out: list[StageSettings] = []
    for key, stage in zip(keys, given.stages, strict=True):
        place = ("pipelines", position, "stages", len(out))
        kind: Any = (stage.kind or StageKind.PARKED).value
        comments[place] = _remark(stage, lang)
        like = limits.get(stage_key(stage.title))
        limit: Any = (
            like.limit if like is not None and kind == "open" and like.kind == "open" else "auto"
        )
        dated = dates.get(stage.title)
        if dated is not None:
            comments[(*place, "date_column")] = text("init.date_column", lang)
        out.append(
            StageSettings(key=key, title=stage.title, kind=kind, limit=limit, date_column=dated)
        )
    goal: Literal["won", "converted"] = "won" if given.entity == "deal" else "converted"
    missing: list[Literal["won", "lost", "converted"]] = [] if has_goal else [goal]
    if given.entity == "deal" and not any(s.kind == "lost" for s in given.stages):
        missing.append("lost")
    for kind in missing:
        comments[("pipelines", position, "stages", len(out))] = text("init.stage_missing", lang)
        title = text(f"init.title_{kind}", lang)
        taken = {s.key for s in out}
        key = kind if kind not in taken else f"{kind}_2"
        out.append(StageSettings(key=key, title=title, kind=kind))
    return out


# fmt: off
_DATE_WORDS = frozenset((
    "дата", "входа", "в", "во", "на", "этап", "стадию", "перехода", "перевода",
    "date", "entered", "of", "stage",
))
# fmt: on


def _date_columns(given: GuessedPipeline, captions: Sequence[str]) -> dict[str, str]:
    """Stage title -> caption of its date column: «Дата: КП» for «КП отправлено», if no other fits."""
    open_ = {s.title: set(_words(s.title)) for s in given.stages if s.kind is StageKind.OPEN}
    out: dict[str, str] = {}
    for caption in captions:
        words = set(_words(caption))
        about = words - _DATE_WORDS
        hits = [title for title, own in open_.items() if about and about <= own]
        if words & {"дата", "date"} and len(hits) == 1:
            out.setdefault(hits[0], caption)
    return out


def _words(title: str) -> list[str]:
    return re.findall(r"\w+", stage_key(title))


def _names(stage: StageSettings) -> tuple[str, ...]:
    return (*stage.crm, *((stage.title,) if stage.title else ()))


def _remark(stage: GuessedStage, lang: Lang) -> str:
    """What the user should know of a stage the program is not sure of."""
    deals = text("init.stage_deals", lang, n=stage.deals)
    key = {"known": "", "order": "stage_order", "closed": "stage_closed", "words": "stage_words"}
    name = key.get(stage.basis, "stage_unknown")
    return f"{text(f'init.{name}', lang)} ({deals})" if name else ""


def _places(found: Iterable[PipelineSettings], preset: Settings) -> Mapping[str, str]:
    """Stage key of the preset -> key of the user's stage that bears one of its names."""
    own = {
        stage_key(name): s.key
        for p in found
        if p.entity == "deal"
        for s in p.stages
        for name in (s.key, s.title or s.key)
    }
    out: dict[str, str] = {}
    for pipeline in preset.pipelines:
        for s in pipeline.stages:
            hits = [own[k] for n in _names(s) if (k := stage_key(n)) in own]
            if hits:
                out[s.key] = hits[0]
    return out


def _fits(norm: Norm, places: Mapping[str, str], columns: Collection[str]) -> bool:
    """Whether the files have the norm's stages and the columns it filters by."""
    stages = all(s is None or s in places for s in (norm.stage, norm.to_stage))
    return stages and all(f.field in columns or caption_key(f.field) in columns for f in norm.where)


def _moved(norm: Norm, places: Mapping[str, str]) -> Norm:
    """``norm`` on the user's own stages."""
    stage = places[norm.stage] if norm.stage else None
    to_stage = places[norm.to_stage] if norm.to_stage else None
    return norm.model_copy(update={"stage": stage, "to_stage": to_stage})


def _norms_comment(left: Sequence[Norm], lang: Lang) -> str:
    lines = [text("init.norms", lang)]
    if left:
        lines.append(text("init.norms_left", lang))
    for norm in left:
        parts = [f"metric: {norm.metric}", f"stage: {norm.stage}"]
        parts += [f"to_stage: {norm.to_stage}"] if norm.to_stage else []
        parts += [f"normal: {norm.normal:g}"]
        parts += [f"great: {norm.great:g}"] if norm.great is not None else []
        lines.append(f"  - {{title: {norm.title}, {', '.join(parts)}}}")
    return "\n".join(lines)
