"""What every section is built from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from funnelkpi.locale.catalogue import Lang, has, text
from funnelkpi.model.funnel import Pipeline
from funnelkpi.model.roster import Manager
from funnelkpi.report.analysis import Analysis, Choice
from funnelkpi.report.figures import Figures


@dataclass(frozen=True)
class Context:
    """An analysis, what of it to show, and in which language."""

    analysis: Analysis
    choice: Choice
    lang: Lang

    def t(self, key: str, /, **params: Any) -> str:
        """A text of the report's catalogue."""
        return text(f"report.{key}", self.lang, **params)

    def has(self, key: str) -> bool:
        """Whether the report's catalogue has a text."""
        return has(f"report.{key}")

    @cached_property
    def figures(self) -> Figures:
        """The long table for looking up."""
        return Figures(self.analysis.metrics)

    @cached_property
    def managers(self) -> tuple[Manager, ...]:
        """The managers to list: of the choice, else all listed who had not left before the period."""
        every = self.analysis.data.roster.managers
        asked = self.choice.managers
        first_day = self.analysis.view.period.first_day
        left = {m.name for m in every if m.end is not None and m.end < first_day}
        shown = [
            m for m in every if (m.name in asked if asked else m.listed and m.name not in left)
        ]
        return tuple(sorted(shown, key=lambda m: (m.department or "", m.name)))

    def pipeline_title(self, pipeline: Pipeline) -> str:
        """«Воронка «Продажи»»; leads have a name of their own."""
        if not pipeline.title and pipeline.entity == "lead":
            return text("pipelines.leads", self.lang)
        return self.t("conversion_of", pipeline=pipeline.title or "—")

    @cached_property
    def pipelines(self) -> tuple[Pipeline, ...]:
        """The pipelines to show."""
        every = self.analysis.data.funnel.pipelines
        asked = self.choice.pipelines
        return tuple(p for p in every if not asked or p.key in asked)

    @property
    def main_pipeline(self) -> str | None:
        """The pipeline key of figures about all shown deals: the only one, else None (together)."""
        every = self.analysis.data.funnel.pipelines
        if len(self.choice.pipelines) == 1:
            return self.choice.pipelines[0]
        return every[0].key if len(every) == 1 else None

    @property
    def narrowed(self) -> bool:
        """Whether only some of the pipelines are to be shown."""
        asked, every = set(self.choice.pipelines), self.analysis.data.funnel.pipelines
        return bool(asked) and not asked >= {p.key for p in every}

    @cached_property
    def currencies(self) -> tuple[str, ...]:
        """Currencies of won and open sums, the commonest first."""
        counts: dict[str, float] = {}
        for row in self.figures.everything(("won_amount", "open_amount")):
            if row["scope"] == "company" and row["slice"] is None and row["currency"]:
                counts[row["currency"]] = counts.get(row["currency"], 0) + (row["n"] or 0)
        own = self.analysis.settings.currency
        return tuple(sorted(counts, key=lambda c: (-counts[c], c != own, c)))
