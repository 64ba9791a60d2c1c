"""Cross-checks of norms, thresholds, conversion pairs, lags and filters."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from funnelkpi.config.bounds import Bound, parse_bound
from funnelkpi.config.nearest import listed, nearest
from funnelkpi.config.schema import Filter, Lag, Norm, PipelineSettings, Settings, Threshold
from funnelkpi.config.schema_people import FactRule
from funnelkpi.config.yaml_tree import Path, Tree, shorten
from funnelkpi.errors import Problem


def check(settings: Settings, tree: Tree) -> list[Problem]:
    """Problems inside single norms and thresholds."""
    problems: list[Problem] = []
    for i, norm in enumerate(settings.norms):
        problems += _norm(norm, ("norms", i), tree)
    for i, threshold in enumerate(settings.thresholds):
        problems += _threshold(threshold, ("thresholds", i), tree)
    return problems


def _norm(norm: Norm, path: Path, tree: Tree) -> Iterator[Problem]:
    if norm.great is not None:
        params = {"normal": f"{norm.normal:g}", "great": f"{norm.great:g}"}
        if norm.less_is_better and norm.great > norm.normal:
            yield tree.at((*path, "great"), "great_above_normal", **params)
        if not norm.less_is_better and norm.great < norm.normal:
            yield tree.at((*path, "great"), "great_below_normal", **params)
    for i, condition in enumerate(norm.where):
        yield from filter_problems(condition, (*path, "where", i), tree)


def filter_problems(condition: Filter, path: Path, tree: Tree) -> Iterator[Problem]:
    """What is wrong with one condition: its value does not go with its operator."""
    value, op = condition.value, condition.op
    if op in ("filled", "empty"):
        if value is not None:
            yield tree.at((*path, "value"), "filter_without_value", op=op)
        return
    if value is None:
        yield tree.at(path, "filter_needs_value", op=op)
    elif op in ("in", "not_in"):
        if not isinstance(value, tuple):
            yield tree.at((*path, "value"), "filter_needs_list", op=op)
    elif isinstance(value, tuple | dict):
        yield tree.at((*path, "value"), "filter_needs_one", op=op)
    elif op in (">", ">=", "<", "<=") and (
        isinstance(value, bool) or not isinstance(value, int | float | date)
    ):
        raw = tree.raw((*path, "value"))
        yield tree.at((*path, "value"), "filter_needs_number", op=op, value=raw)


def _threshold(threshold: Threshold, path: Path, tree: Tree) -> Iterator[Problem]:
    if threshold.warn is None and threshold.fail is None:
        yield tree.at(path, "threshold_without_bound")
    bounds: dict[str, Bound] = {}
    for name in ("warn", "fail"):
        bound_text = getattr(threshold, name)
        if bound_text is None:
            continue
        try:
            bounds[name] = parse_bound(bound_text)
        except ValueError:
            yield tree.at((*path, name), "bad_bound", value=shorten(bound_text))
    if len(bounds) == 2 and bounds["fail"].covers(bounds["warn"]):
        yield tree.at(
            (*path, "warn"),
            "warn_never_alone",
            warn=str(bounds["warn"]),
            fail=str(bounds["fail"]),
        )


def references(settings: Settings, tree: Tree) -> list[Problem]:
    """Pipelines and stages named by norms, thresholds and pairs that the config does not have."""
    stages = {p.key: [s.key for s in p.stages] for p in settings.pipelines}
    problems: list[Problem] = []
    for i, norm in enumerate(settings.norms):
        problems += place_problems(norm, ("norms", i), stages, tree)
    for i, threshold in enumerate(settings.thresholds):
        problems += place_problems(threshold, ("thresholds", i), stages, tree)
    every = list(dict.fromkeys(key for keys in stages.values() for key in keys))
    for i, pair in enumerate(settings.conversion.pairs):
        for j, key in enumerate(pair):
            problems += unknown_stage(key, every, ("conversion", "pairs", i, j), tree)
    first = settings.time_to_close.from_stage
    if first is not None:
        problems += unknown_stage(first, every, ("time_to_close", "from_stage"), tree)
    for i, lag in enumerate(settings.lags):
        found = list(place_problems(lag, ("lags", i), stages, tree))
        problems += found or _lag(lag, ("lags", i), settings.pipelines, tree)
    return problems


def _lag(
    lag: Lag, path: Path, pipelines: tuple[PipelineSettings, ...], tree: Tree
) -> Iterator[Problem]:
    """Both stages exist; some pipeline must have them in this order."""
    ways = [
        [s.key for s in p.stages if s.kind in ("open", "won", "converted")]
        for p in pipelines
        if lag.pipeline in (None, p.key)
    ]
    both = [keys for keys in ways if lag.stage in keys and lag.to_stage in keys]
    params = {"stage": lag.stage, "to_stage": lag.to_stage}
    if not both:
        yield tree.at((*path, "to_stage"), "lag_apart", **params)
    elif not any(keys.index(lag.stage) < keys.index(lag.to_stage) for keys in both):
        yield tree.at((*path, "to_stage"), "lag_backwards", **params)


def place_problems(
    part: Norm | Threshold | Lag | FactRule, path: Path, stages: dict[str, list[str]], tree: Tree
) -> Iterator[Problem]:
    """The pipeline and the stages a part names that the config does not have."""
    if part.pipeline is not None and part.pipeline not in stages:
        yield _unknown("pipeline", part.pipeline, list(stages), (*path, "pipeline"), tree)
        return
    keys = [k for p, of in stages.items() if part.pipeline in (None, p) for k in of]
    for name in ("stage", "to_stage"):
        key = getattr(part, name, None)
        if key is not None:
            yield from unknown_stage(key, list(dict.fromkeys(keys)), (*path, name), tree)


def unknown_stage(key: str, known: list[str], path: Path, tree: Tree) -> Iterator[Problem]:
    """A stage key that none of ``known`` is."""
    if key not in known:
        yield _unknown("stage", key, known, path, tree)


def _unknown(kind: str, name: str, known: list[str], path: Path, tree: Tree) -> Problem:
    near = nearest(name, known)
    if near:
        return tree.at(path, f"unknown_{kind}_near", name=name, nearest=near)
    return tree.at(path, f"unknown_{kind}", name=name, known=listed(known))
