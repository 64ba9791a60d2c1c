"""Stages as a list of events writes them: pipeline, stage and loss reason in one cell."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from funnelkpi.adapters.captions import stage_key
from funnelkpi.adapters.layouts.amocrm import FURTHER_LOST
from funnelkpi.config.known_stages import known_stages
from funnelkpi.config.schema import Settings

_BETWEEN = re.compile(r"\s*(?:[/\\|>→:–—]|->|\s-)\s*|\s+")
"""What may stand between a pipeline and its stage; all but / only where the pipeline is known."""

Split = tuple[str | None, str, str | None]
"""Pipeline, stage, loss reason."""


@dataclass(frozen=True)
class KnownStages:
    """Names (``stage_key``) by which a cell is taken apart.

    pairs: (pipeline, stage). stages, pipelines: every one of them. lost: stages that end in a
    reason. other: stages known not to be lost.
    """

    pairs: frozenset[tuple[str, str]]
    stages: frozenset[str]
    pipelines: frozenset[str]
    lost: frozenset[str]
    other: frozenset[str]

    @classmethod
    def of(cls, pairs: Iterable[tuple[str | None, str]], settings: Settings) -> KnownStages:
        """pairs: pipeline and stage as the deals tables write them; the config's and the CRMs'
        built-in ones are added."""
        found = {(stage_key(p or ""), stage_key(s)) for p, s in pairs}
        lost: set[str] = set(FURTHER_LOST)
        other: set[str] = set()
        for pipeline in settings.pipelines:
            names = {stage_key(n) for n in (*pipeline.crm, pipeline.title or pipeline.key)}
            for stage in pipeline.stages:
                own = {stage_key(n) for n in (*stage.crm, stage.title or stage.key)}
                found |= {(p, s) for p in names for s in own}
                (lost if stage.kind == "lost" else other).update(own)
        for known in known_stages():
            own = {stage_key(n) for n in known.names}
            (lost if known.kind == "lost" else other).update(own - lost - other)
        stages = {s for _, s in found} | lost | other
        return cls(
            frozenset(found), frozenset(stages), frozenset(p for p, _ in found if p),
            frozenset(lost), frozenset(other),
        )  # fmt: skip

    def split(self, text: str) -> Split:
        """A cell as pipeline, stage and loss reason.

        ``Воронка / Этап``, ``Этап``, lines of their own, ``Этап (причина)``: the names decide, not
        the signs, which names may hold themselves. What fits nothing known stays a stage's name.
        """
        lines = [line.strip() for line in re.split(r"[\r\n\t]+", text) if line.strip()]
        if len(lines) > 1:
            return self._lines(lines)
        whole = lines[0] if lines else text.strip()
        for head, reason in _without_reason(whole):
            found = self._pair(head)
            if found is None:
                continue
            key = stage_key(found[1])
            if reason is None or key in self.lost or key not in self.other:
                return (*found, reason)
        return (*self._after_pipeline(whole), None)

    def _lines(self, lines: list[str]) -> Split:
        first, second, *rest = lines
        keys = stage_key(first), stage_key(second)
        reason = " ".join(rest) or None
        if keys in self.pairs:
            return first, second, reason
        if keys[0] in self.stages and keys[0] not in self.pipelines and keys[1] not in self.stages:
            return None, first, " ".join(lines[1:])  # no pipeline: a stage and its reason
        if reason is None:
            for head, cut in _without_reason(second):
                if cut is not None and stage_key(head) in self.lost:
                    return first, head, cut
        return first, second, reason

    def _pair(self, text: str) -> tuple[str | None, str] | None:
        """Pipeline and stage if the text ends with a stage that is known."""
        if stage_key(text) in self.stages:
            return None, text
        best: tuple[str | None, str] | None = None
        for left, right, sign in _cuts(text):
            keys = stage_key(left), stage_key(right)
            if keys in self.pairs:
                return left, right
            known = keys[1] in self.stages and (sign == "/" or keys[0] in self.pipelines)
            if known and (best is None or keys[0] in self.pipelines):
                best = left, right
        return best

    def _after_pipeline(self, text: str) -> tuple[str | None, str]:
        """An unknown stage behind a pipeline that is known (the longest such name)."""
        for left, right, sign in reversed(list(_cuts(text))):
            if sign and stage_key(left) in self.pipelines:
                return left, right
        return None, text


def _cuts(text: str) -> Iterator[tuple[str, str, str]]:
    """Every way to cut the text in two, from the left (the longest stage comes first): the parts
    and the sign between them, if any."""
    for found in _BETWEEN.finditer(text):
        left, right = text[: found.start()], text[found.end() :]
        if left and right:
            yield left, right, found[0].strip()


def _without_reason(text: str) -> Iterator[tuple[str, str | None]]:
    """The text itself, then without a reason in brackets at its end, the longest rest first."""
    yield text, None
    if text.endswith(")"):
        for found in reversed(list(re.finditer(r"\s*\(", text))):
            if found.start():
                yield text[: found.start()], text[found.end() : -1].strip() or None
