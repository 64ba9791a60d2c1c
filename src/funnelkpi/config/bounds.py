"""Bounds of thresholds: "< 0.25", ">= 5", "< 25 %"."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, cast

Op = Literal["<", "<=", ">", ">="]

_OPS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_FORM = re.compile(r"\s*(<=|>=|<|>|≤|≥)\s*([-+]?\d+(?:[.,]\d+)?)\s*(%?)\s*")


@dataclass(frozen=True, slots=True)
class Bound:
    """Where a figure is breached: ``op`` and ``number`` in the figure's own unit (shares 0..1)."""

    op: Op
    number: float

    def breached(self, value: float) -> bool:
        """Whether ``value`` lies in the region this bound warns of. A missing value never does."""
        return _OPS[self.op](value, self.number)

    def covers(self, other: Bound) -> bool:
        """Whether every value that breaches ``other`` breaches this bound too."""
        if self.op[0] != other.op[0]:
            return False
        if self.number == other.number:
            return self.op == other.op or len(self.op) == 2
        return (self.number > other.number) is (self.op[0] == "<")

    def __str__(self) -> str:
        return f"{self.op} {self.number:g}"


def parse_bound(text: str) -> Bound:
    """The bound a text describes; ``25 %`` is 0.25, a decimal comma is allowed.

    Raises:
        ValueError: the text is not an operator (< <= > >=) and a number.
    """
    match = _FORM.fullmatch(text)
    if match is None:
        raise ValueError(text)
    op = match[1].replace("≤", "<=").replace("≥", ">=")
    number = float(match[2].replace(",", "."))
    return Bound(cast(Op, op), number / 100 if match[3] else number)
