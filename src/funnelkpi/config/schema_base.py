"""What the parts of the config's schema are made of: texts, keys, filters, the strict model."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator


def _tuples(value: Any) -> Any:
    """Lists as tuples, all the way down: settings are compared and never changed."""
    if isinstance(value, list | tuple):
        return tuple(_tuples(v) for v in value)
    return value


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
Days = Annotated[float, Field(gt=0)]


class Strict(BaseModel):
    """A part of the config: unknown keys are refused, nothing is changed after reading."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, validate_default=True, allow_inf_nan=False
    )


class Filter(Strict):
    """A structured filter over a table's columns."""

    field: Text = Field(
        description="canonical column (source, tags, amount, ...) or a caption of the export"
    )
    op: Literal["=", "!=", "in", "not_in", "contains", ">", ">=", "<", "<=", "filled", "empty"] = (
        Field("=", description="condition the field has to meet")
    )
    value: Any = Field(None, description="a value, or a list for in / not_in")

    @field_validator("value")
    @classmethod
    def _hashable(cls, value: Any) -> Any:
        return _tuples(value)
