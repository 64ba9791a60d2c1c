"""What both peer scripts read of the funnelkpi.yaml, and the JSON both write.

Only what the generated config uses: two pipelines of the same stages, limits in days, norms on
entries per week. Nothing of the program is imported.
"""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

DEFAULTS = {"match_days": 14, "deal_within_hours": 24, "callback_minutes": 20, "stage_days": 7}
"""Of ``calls``: what the program takes where the config says nothing."""
Z95 = 1.959963984540054


@dataclass(frozen=True)
class Task:
    """The question: files, moment, stages, people, norms and policies."""

    deals: Path
    calls: Path
    as_of: datetime
    pipelines: list[tuple[str, str]]
    stages: list[dict[str, Any]]
    managers: list[dict[str, str]]
    norms: list[dict[str, Any]]
    window: int
    maturity: int
    silent_days: float
    warn_days: float
    conversation_seconds: int
    telephone: dict[str, Any] = field(default_factory=dict)
    """``calls`` of the config over the defaults."""

    @property
    def open_stages(self) -> list[dict[str, Any]]:
        """The open stages in order; the position + 1 is the rank."""
        return [stage for stage in self.stages if stage.get("kind", "open") == "open"]

    @property
    def path(self) -> list[str]:
        """Keys of the open stages and of the won one."""
        return [stage["key"] for stage in self.open_stages] + ["won"]

    def title(self, kind: str) -> str:
        """Name of the one stage of this kind."""
        return str(next(stage["title"] for stage in self.stages if stage.get("kind") == kind))

    @property
    def period(self) -> tuple[datetime, datetime]:
        """The latest week whose Friday 18:00 is not after ``as_of`` (no holidays there)."""
        midnight = self.as_of.replace(hour=0, minute=0, second=0)
        monday = midnight - timedelta(days=midnight.weekday())
        if monday + timedelta(days=4, hours=18) > self.as_of:
            monday -= timedelta(days=7)
        return monday, monday + timedelta(days=7)

    @property
    def cohort(self) -> tuple[datetime, datetime]:
        """The window of the entry cohorts."""
        end = self.as_of - timedelta(days=self.maturity)
        return end - timedelta(days=self.window), end


def parse_args() -> tuple[Task, Path | None]:
    """EXPORTS folder, ``-c`` config, ``--as-of``, ``-o`` file of the JSON (default: stdout)."""
    parser = argparse.ArgumentParser()
    parser.add_argument("exports", type=Path)
    parser.add_argument("-c", "--config", type=Path, required=True)
    parser.add_argument("--as-of", required=True)
    parser.add_argument("-o", "--output", type=Path)
    args = parser.parse_args()
    return read_task(args.exports, args.config, args.as_of), args.output


def read_task(exports: Path, config: Path, as_of: str) -> Task:
    """The question of one folder of exports and its config; a date means the end of that day."""
    given = yaml.safe_load(config.read_text(encoding="utf-8"))
    moment = datetime.fromisoformat(as_of)
    if len(as_of) == len("2026-11-15"):
        moment = moment.replace(hour=23, minute=59, second=59)
    return Task(
        deals=next(exports.glob("amocrm_export_leads_*.csv")),
        calls=next(exports.glob("calls_detail_*.csv"), Path()),
        as_of=moment,
        pipelines=[(p["key"], p["title"]) for p in given["pipelines"]],
        stages=given["pipelines"][0]["stages"],
        managers=given["managers"],
        norms=given["norms"],
        window=given["conversion"]["window"],
        maturity=given["conversion"]["maturity"],
        silent_days=given["stalled"]["silent_days"],
        warn_days=given["stalled"]["warn_days"],
        conversation_seconds=given["calls"]["conversation_seconds"],
        telephone=DEFAULTS | given["calls"],
    )


def wilson(k: int, n: int) -> tuple[float, float]:
    """Wilson's 95 % interval of k/n."""
    p, zz = k / n, Z95**2
    centre = (p + zz / (2 * n)) / (1 + zz / n)
    half = Z95 * math.sqrt(p * (1 - p) / n + zz / (4 * n * n)) / (1 + zz / n)
    return (0.0 if k == 0 else centre - half), (1.0 if k == n else centre + half)


def conversion_rows(counts: dict[tuple[Any, ...], dict[str, int]]) -> list[dict[str, Any]]:
    """Rows of ``conversion`` and ``conversion_base`` from counts of classes.

    counts: (scope, department, role, manager, pipeline, stage, to_stage) -> class -> deals.
    """
    out = []
    for key, classes in counts.items():
        names = ("scope", "department", "role", "manager", "pipeline", "stage", "to_stage")
        about = dict(zip(names, key, strict=True))
        n = sum(v for name, v in classes.items() if name not in ("too_early", "start_unknown"))
        k = classes.get("advanced", 0)
        if n:
            low, high = wilson(k, n)
            rate = {"value": k / n, "numerator": k, "denominator": n, "low": low, "high": high}
            out.append({"metric": "conversion", **about, "slice": None, **rate})
        for name, count in classes.items():
            if count:
                row = {"slice": f"class={name}", "value": count}
                out.append({"metric": "conversion_base", **about, **row})
    return out


def norm_rows(task: Task, counts: dict[tuple[str, str, str], int]) -> list[dict[str, Any]]:
    """Rows of the norms; counts: (manager, pipeline, stage) -> entries of the week.

    The managers have no absences and the week no holidays, so a norm is owed in full.
    """
    out = []
    for i, norm in enumerate(task.norms):
        for person in task.managers:
            value = counts.get((person["name"], norm["pipeline"], norm["stage"]), 0)
            verdict = "great" if value >= norm["great"] else "normal"
            verdict = "below" if value < norm["normal"] else verdict
            out.append(
                {
                    "metric": "entries", "scope": "manager", "department": person["department"],
                    "role": person["role"], "manager": person["name"],
                    "pipeline": norm["pipeline"], "stage": norm["stage"], "to_stage": None,
                    "slice": f"norm={i}", "value": value, "norm": norm["normal"],
                    "great": norm["great"], "verdict": verdict,
                }
            )  # fmt: skip
    return out


def entry_rows(counts: dict[tuple[Any, ...], int]) -> list[dict[str, Any]]:
    """Rows of ``entries``; counts: (scope, department, role, manager, pipeline, stage) -> deals."""
    names = ("scope", "department", "role", "manager", "pipeline", "stage")
    return [
        {"metric": "entries", **dict(zip(names, key, strict=True)), "to_stage": None, "slice": None,
         "value": count}
        for key, count in counts.items()
        if count
    ]  # fmt: skip


def write(
    task: Task, metrics: list[dict[str, Any]], stalled: list[dict[str, Any]], output: Path | None
) -> None:
    """Write the JSON: the program's keys, of the three tables only."""
    text = json.dumps(
        {"as_of": task.as_of.isoformat(), "metrics": metrics, "stalled": stalled},
        ensure_ascii=False,
    )
    if output is None:
        print(text)
    else:
        output.write_text(text, encoding="utf-8")
