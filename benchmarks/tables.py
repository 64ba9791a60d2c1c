"""Figures as markdown, and between the markers of docs/performance.md."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Aim:
    """A figure (NaN: cannot be told) and the bound it should keep, such as "<= 3"."""

    name: str
    value: float
    bound: str

    @property
    def kept(self) -> bool:
        """Whether the figure keeps the bound."""
        operator, limit = self.bound.split()
        return self.value <= float(limit) if operator == "<=" else self.value >= float(limit)


def markdown(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table; every column but the first is numbers."""
    lines = [list(head), ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def aim_table(aims: Sequence[Aim]) -> str:
    """Every aim with its figure and whether it is kept."""
    rows = [
        [
            a.name,
            "—" if math.isnan(a.value) else f"{a.value:,.2f}",
            a.bound,
            "cannot be told" if math.isnan(a.value) else "yes" if a.kept else "**no**",
        ]
        for a in aims
    ]
    return markdown(["aim", "measured", "bound", "kept"], rows)


def put(page: Path, parts: Mapping[str, str]) -> None:
    """Replace what stands between ``<!-- bench:NAME -->`` and ``<!-- /bench:NAME -->``.

    Raises:
        ValueError: the page lacks the markers of a part.
    """
    text = page.read_text(encoding="utf-8")
    for name, part in parts.items():
        pattern = re.compile(rf"(<!-- bench:{name} -->\n).*?(<!-- /bench:{name} -->)", re.DOTALL)
        if not pattern.search(text):
            raise ValueError(f"{page.name} has no markers of {name}")
        text = pattern.sub(lambda m, part=part: f"{m[1]}{part}\n{m[2]}", text)  # type: ignore[misc]
    page.write_text(text, encoding="utf-8")
