"""What is a meeting, a next step, a fact, a decision-maker, a category, a hand-over."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from funnelkpi.config.schema_base import Days, Filter, Key, Strict, Text


class MeetingSettings(Strict):
    """Meetings."""

    types: tuple[Text, ...] = Field(
        ("Встреча", "Встреча с клиентом", "Meeting", "Reunião", "Reunión"),
        description="kinds of tasks that are meetings, as the files write",
    )
    stages: tuple[Key, ...] = Field(
        (), description="keys of stages: entering one means that a meeting was held"
    )
    step_days: Annotated[int, Field(ge=0)] = Field(
        1, description="days after a meeting by whose end its next step must be planned"
    )


class NextStepSettings(Strict):
    """Which deals must have a planned task."""

    after: Key | None = Field(
        None, description="key of the qualification stage; null: the first stage"
    )


class FactRule(Strict):
    """Facts a deal must have once it has come to a stage."""

    stage: Key = Field(description="key of the stage by which the facts must be there")
    pipeline: Key | None = Field(
        None, description="pipeline key; default: every pipeline that has the stage"
    )
    fields: tuple[Text, ...] = Field(
        (), description="columns that must be filled: a caption, or amount, source, company, ..."
    )
    dates: tuple[Text, ...] = Field(
        (), description="columns with dates, in the order they follow each other"
    )


class DecisionMakerSettings(Strict):
    """Which contacts decide."""

    positions: tuple[Text, ...] = Field(
        ("директор", "собственник", "учредитель", "владелец", "CEO", "director", "owner"),
        description="words of the position, in any case",
    )


class Category(Strict):
    """A category of companies."""

    name: Text = Field(description="name: A, B, ...")
    where: tuple[Filter, ...] = Field(
        (), description="conditions on the company, all of them; none: every company"
    )


class HandOverSettings(Strict):
    """Deals handed over."""

    dropped_after: Days = Field(
        3, description="days without an action of the new owner after which a deal is dropped"
    )
