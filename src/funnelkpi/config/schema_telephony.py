"""``telephony``: which numbers are the company's own (docs/telephony.md)."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints


def _as_text(value: Any) -> Any:
    """A number without quotes in YAML is text here: 101, 78005550000."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


OwnNumber = Annotated[
    str,
    StringConstraints(min_length=1, strip_whitespace=True),
    BeforeValidator(_as_text, json_schema_input_type=str | int),
]
"""A number or extension; with or without quotes."""


class TelephonySettings(BaseModel):
    """The company's own numbers."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False
    )

    lines: tuple[OwnNumber, ...] = Field(
        (), description="the company's own outside numbers, in any form: +7 800 555-00-00"
    )
    extension_digits: Annotated[int, Field(ge=0, le=6)] = Field(
        4, description="numbers of up to so many digits are the company's own extensions"
    )
