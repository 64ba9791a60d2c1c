"""Settings of the calls: what counts as a conversation, how calls meet deals, what is in time."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from funnelkpi.config.schema_base import Key, Strict, Text

_Minutes = Annotated[float, Field(gt=0)]


class CallSettings(Strict):
    """How calls are counted (metrics.md 6)."""

    conversation_seconds: Annotated[int, Field(ge=0)] = Field(
        30, description="talk from so many seconds is a conversation"
    )
    phone_region: str = Field("RU", description="region of numbers without a country code")
    match_days: Annotated[float, Field(ge=0)] = Field(
        14,
        description="a call without an open deal belongs to one created or closed so many days off",
    )
    callback_minutes: _Minutes = Field(
        20, description="working minutes within which a missed call is to be returned"
    )
    deal_within_hours: _Minutes = Field(
        24, description="hours a conversation with a new client has to become a deal"
    )
    first_response_minutes: _Minutes = Field(
        15, description="working minutes within which an inbound deal is to be called"
    )
    inbound_sources: tuple[Text, ...] = Field(
        (), description="sources whose deals are inbound; empty: those created by a robot or form"
    )
    stage_days: Annotated[float, Field(ge=0)] = Field(
        7, description="days a running visit must last before its calls at stage are judged"
    )
    at_stage: dict[Key, Annotated[int, Field(ge=1)]] = Field(
        {}, description="norm of days with a call while a deal stands in a stage: {closing: 3}"
    )
