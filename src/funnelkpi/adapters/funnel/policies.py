"""What of a preset's policies goes into a proposed config: those whose stages the files have."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from funnelkpi.config.schema import Lag, PipelineSettings, Settings

_AS_THEY_ARE = (
    "stalled", "telephony", "source_groups", "decision_makers", "categories", "hand_overs",
)  # fmt: skip
"""Policies that name no stage."""


def carried(
    preset: Settings, found: Sequence[PipelineSettings], places: Mapping[str, str]
) -> dict[str, Any]:
    """Fields of the new settings, on the user's own stages.

    places: stage key of the preset -> key of the user's stage. A pair, lag, limit or set of facts
    whose stage is not among them is left out; so is a lag whose stages the user has in another
    order. Columns named by ``facts`` stay as they are: the user puts his own captions there.
    """
    out: dict[str, Any] = {name: getattr(preset, name) for name in _AS_THEY_ARE}
    pairs = tuple(
        (places[a], places[b]) for a, b in preset.conversion.pairs if a in places and b in places
    )
    out["conversion"] = preset.conversion.model_copy(update={"pairs": pairs})
    first = preset.time_to_close.from_stage
    out["time_to_close"] = preset.time_to_close.model_copy(
        update={"from_stage": places.get(first) if first else None}
    )
    out["lags"] = tuple(
        moved for lag in preset.lags if (moved := _lag(lag, found, places)) is not None
    )
    limits = {places[k]: n for k, n in preset.calls.at_stage.items() if k in places}
    out["calls"] = preset.calls.model_copy(update={"at_stage": limits})
    stages = tuple(places[k] for k in preset.meetings.stages if k in places)
    out["meetings"] = preset.meetings.model_copy(update={"stages": stages})
    after = preset.next_step.after
    out["next_step"] = preset.next_step.model_copy(
        update={"after": places.get(after) if after else None}
    )
    out["facts"] = tuple(
        rule.model_copy(update={"stage": places[rule.stage], "pipeline": None})
        for rule in preset.facts
        if rule.stage in places
    )
    out["report"] = preset.report
    return out


def _lag(lag: Lag, found: Sequence[PipelineSettings], places: Mapping[str, str]) -> Lag | None:
    """``lag`` on the user's stages, if some pipeline has them in this order."""
    stage, to_stage = places.get(lag.stage), places.get(lag.to_stage)
    for pipeline in found:
        keys = [s.key for s in pipeline.stages if s.kind in ("open", "won", "converted")]
        if stage in keys and to_stage in keys and keys.index(stage) < keys.index(to_stage):
            return lag.model_copy(update={"stage": stage, "to_stage": to_stage, "pipeline": None})
    return None
