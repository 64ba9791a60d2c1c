"""What the stage names of the config and of the CRM mean for reading a file."""

from __future__ import annotations

from dataclasses import dataclass

from funnelkpi.adapters.captions import stage_key
from funnelkpi.adapters.interface import Export
from funnelkpi.config.known_stages import known_stages
from funnelkpi.config.schema import Settings


@dataclass(frozen=True)
class StageWords:
    """Stage names (``stage_key``) of the config and of the CRM, by what they mean for reading."""

    lost: frozenset[str]
    final: frozenset[str]
    other: frozenset[str]

    @classmethod
    def of(cls, settings: Settings, export: Export) -> StageWords:
        """The names of all stages of the config, and the CRM's built-in ones."""
        by_kind: dict[str, set[str]] = {}
        for pipeline in settings.pipelines:
            for stage in pipeline.stages:
                names = {*stage.crm, stage.title or stage.key}
                by_kind.setdefault(stage.kind, set()).update(stage_key(n) for n in names)
        configured = set().union(*by_kind.values()) if by_kind else set()
        entity = "lead" if export.kind == "leads" else "deal"
        for known in known_stages():
            if known.crm == export.crm and known.entity == entity:
                built_in = {stage_key(n) for n in known.names} - configured
                by_kind.setdefault(known.kind, set()).update(built_in)
        lost = by_kind.get("lost", set())
        final = lost | by_kind.get("won", set()) | by_kind.get("converted", set())
        every = set().union(*by_kind.values()) if by_kind else set()
        return cls(frozenset(lost), frozenset(final), frozenset(every - lost))
