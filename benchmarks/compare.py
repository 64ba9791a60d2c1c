"""Whether two JSON reports say the same of conversion, norms and stalled deals.

    python benchmarks/compare.py report.json peer.json

Rows are matched by what they are about; numbers may differ by 1e-6 of their size (the order of
floating-point sums). Rows that only say 0 are left out: the program lists every manager at every
stage. Exit code 1, and the differences, if any.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path
from typing import Any

ABOUT = (
    "metric",
    "scope",
    "department",
    "role",
    "manager",
    "pipeline",
    "stage",
    "to_stage",
    "slice",
)
SAID = {
    "conversion": ("value", "numerator", "denominator", "low", "high"),
    "conversion_base": ("value",),
    "entries": ("value",),
    "norm": ("value", "norm", "great", "verdict"),
}
"""What is compared of each kind of row."""
DEAL = (
    "title", "manager", "pipeline", "stage", "amount", "days", "days_low", "days_high", "limit",
    "over", "status", "due_in_days", "reasons",
)  # fmt: skip
TOLERANCE = 1e-6

Key = tuple[Any, ...]
Said = dict[str, Any]


def metric_rows(document: dict[str, Any]) -> dict[Key, Said]:
    """The compared rows of the long table by what they are about. Nobody is "" or null."""
    out: dict[Key, Said] = {}
    for row in document["metrics"]:
        part = row.get("slice")
        kind = row["metric"]
        if part is not None:  # classes of a base and norms; other slices the peers do not compute
            sort = str(part).partition("=")[0]
            kind = {"conversion_base class": kind, "entries norm": "norm"}.get(f"{kind} {sort}", "")
        names = SAID.get(kind)
        if names is None or row.get("statistic", "value") != "value":
            continue
        if kind != "norm" and not row.get("denominator" if kind == "conversion" else "value"):
            continue
        key = tuple(row.get(name) or None for name in ABOUT)
        if key in out:
            raise SystemExit(f"two rows about {key}")
        out[key] = {name: row.get(name) for name in names}
    return out


def deal_rows(document: dict[str, Any]) -> dict[Key, Said]:
    """The stalled deals by ID."""
    out = {}
    for row in document["stalled"]:
        said = {name: row.get(name) for name in DEAL}
        said["manager"] = said["manager"] or None
        out[(str(row["deal_id"]),)] = said
    return out


def same(a: Any, b: Any) -> bool:
    """Equal, numbers within the tolerance."""
    numbers = (int, float)
    if isinstance(a, numbers) and isinstance(b, numbers):
        return math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE)
    return bool(a == b)


def differences(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """Every difference of the three tables, one line each."""
    out = [] if one["as_of"] == other["as_of"] else [f"as_of: {one['as_of']} / {other['as_of']}"]
    for rows in (metric_rows, deal_rows):
        mine, theirs = rows(one), rows(other)
        if not mine or not theirs:
            out.append(f"{rows.__name__}: {len(mine)} / {len(theirs)} rows")
        out += [f"only in the first: {key}" for key in mine.keys() - theirs.keys()]
        out += [f"only in the second: {key}" for key in theirs.keys() - mine.keys()]
        for key in mine.keys() & theirs.keys():
            for name, value in mine[key].items():
                if not same(value, theirs[key][name]):
                    out.append(f"{key} {name}: {value} / {theirs[key][name]}")
    return sorted(out)


def main() -> int:
    """Command line."""
    one, other = (json.loads(Path(p).read_text(encoding="utf-8")) for p in sys.argv[1:3])
    found = differences(one, other)
    for line in found[:40]:
        print(line)
    rows = len(metric_rows(one)), len(deal_rows(one))
    print(f"{rows[0]} figures, {rows[1]} stalled deals, {len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
