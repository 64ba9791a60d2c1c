"""The stages the CRMs have from the start, in their order, with all names they are known under.

Read from ``configs/amocrm-defaults.yml`` and ``configs/bitrix24-defaults.yml``, which are configs
like any other and may be copied and edited.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Literal

from funnelkpi.config.bundled import crm_defaults_path
from funnelkpi.config.load import load_settings

Kind = Literal["incoming", "open", "won", "lost", "parked", "after", "converted"]


@dataclass(frozen=True, slots=True)
class KnownStage:
    """A built-in stage.

    names: what the CRM calls it, present, former and in other languages, and its code in the API.
    key: the stage's key in the defaults file. order: its position in its own pipeline, from 0.
    pipeline: key of that pipeline; the stages of a CRM's former defaults are a pipeline apart.
    """

    names: tuple[str, ...]
    kind: Kind
    order: int
    crm: Literal["amocrm", "bitrix24"]
    entity: Literal["deal", "lead"]
    key: str
    pipeline: str


@cache
def known_stages() -> tuple[KnownStage, ...]:
    """All built-in stages, CRM by CRM, pipeline by pipeline, in order."""
    crms: tuple[Literal["amocrm", "bitrix24"], ...] = ("amocrm", "bitrix24")
    return tuple(
        KnownStage(
            names=tuple(dict.fromkeys((*((stage.title,) if stage.title else ()), *stage.crm))),
            kind=stage.kind,
            order=order,
            crm=crm,
            entity=pipeline.entity,
            key=stage.key,
            pipeline=pipeline.key,
        )
        for crm in crms
        for pipeline in load_settings(crm_defaults_path(crm)).pipelines
        for order, stage in enumerate(pipeline.stages)
    )
