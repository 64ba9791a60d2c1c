"""Whether two JSON reports say the same of conversion, norms and stalled deals.

    python benchmarks/compare.py report.json peer.json [--counted | --calls]

Rows are matched by what they are about; numbers may differ by 1e-6 of their size (the order of
floating-point sums). Rows that only say 0 are left out: the program lists every manager at every
stage. With ``--counted`` the plain figures stand in for norms and deals, with ``--calls`` the figures
of calls are compared too. Exit code 1, and the differences, if any.
"""

from __future__ import annotations

import json
import math
import sys
from functools import partial
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
COUNTED = {
    "deals_created": ("value",),
    "won": ("value",),
    "lost": ("value",),
    "won_amount": ("value",),
    "average_check": ("value",),
    "open_deals": ("value",),
    "open_amount": ("value",),
    "win_rate": SAID["conversion"],
}
"""Compared too where the peer computes the plain figures."""
_SHARE = SAID["conversion"]
CALLS = {
    "calls": ("value",),
    "conversations": ("value",),
    "calls_matching": ("value",),
    "calls_without_result": ("value", "denominator"),
    "answered_share": _SHARE,
    "answered_share callers": _SHARE,
    "missed_calls": ("value",),
    "time_to_callback median": ("value", "denominator"),
    "time_to_callback within_limit": ("value",),
    "time_to_callback waiting": ("value", "denominator"),
    "time_to_callback ended": ("value", "denominator"),
    "calls_without_deal": ("value", "denominator"),
    "deals_without_call": ("value", "denominator"),
    "deals_per_10_conversations": _SHARE,
    "calls_by_hour": ("value",),
    "calls_by_hour missed": ("value",),
    "calls_at_stage median": ("value", "denominator"),
    "calls_at_stage met": _SHARE,
}
"""Figures of calls, by metric and statistic, in all their slices."""
DEAL = (
    "title", "manager", "pipeline", "stage", "amount", "days", "days_low", "days_high", "limit",
    "over", "status", "due_in_days", "reasons",
)  # fmt: skip
TOLERANCE = 1e-6

Key = tuple[Any, ...]
Said = dict[str, Any]


def metric_rows(document: dict[str, Any], *, counted: bool = False) -> dict[Key, Said]:
    """The compared rows of the long table by what they are about. Nobody is "" or null.

    counted: with the plain figures, without norms.
    """
    said = {k: v for k, v in SAID.items() if k != "norm"} | COUNTED if counted else SAID
    out: dict[Key, Said] = {}
    for row in document["metrics"]:
        part = row.get("slice")
        kind = row["metric"]
        if part is not None:  # classes of a base and norms; other slices the peers do not compute
            sort = str(part).partition("=")[0]
            kind = {"conversion_base class": kind, "entries norm": "norm"}.get(f"{kind} {sort}", "")
        names = said.get(kind)
        if names is None or row.get("statistic", "value") != "value":
            continue
        filled = "denominator" if kind in ("conversion", "win_rate") else "value"
        if kind != "norm" and not row.get(filled):
            continue
        key = tuple(row.get(name) or None for name in ABOUT)
        if key in out:
            raise SystemExit(f"two rows about {key}")
        out[key] = {name: row.get(name) for name in names}
    return out


def call_rows(document: dict[str, Any]) -> dict[Key, Said]:
    """The figures of calls by what they are about, those that only say 0 left out."""
    out: dict[Key, Said] = {}
    for row in document["metrics"]:
        statistic = row.get("statistic") or "value"
        kind = row["metric"] if statistic == "value" else f"{row['metric']} {statistic}"
        names = CALLS.get(kind)
        if names is None or not (row.get("denominator") or row.get("value")):
            continue
        key = (kind, *(row.get(name) or None for name in ABOUT[1:]))
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


def differences(
    one: dict[str, Any], other: dict[str, Any], *, counted: bool = False, calls: bool = False
) -> list[str]:
    """Every difference of the compared tables, one line each."""
    out = [] if one["as_of"] == other["as_of"] else [f"as_of: {one['as_of']} / {other['as_of']}"]
    kinds = {"figures": partial(metric_rows, counted=counted)}
    kinds |= {} if counted else {"stalled deals": deal_rows}
    kinds |= {"calls": call_rows} if calls else {}
    for kind, rows in kinds.items():
        mine, theirs = rows(one), rows(other)
        if not mine or not theirs:
            out.append(f"{kind}: {len(mine)} / {len(theirs)} rows")
        out += [f"only in the first: {key}" for key in mine.keys() - theirs.keys()]
        out += [f"only in the second: {key}" for key in theirs.keys() - mine.keys()]
        for key in mine.keys() & theirs.keys():
            for name, value in mine[key].items():
                if not same(value, theirs[key][name]):
                    out.append(f"{key} {name}: {value} / {theirs[key][name]}")
    return sorted(out)


def main() -> int:
    """Command line."""
    counted, calls = "--counted" in sys.argv, "--calls" in sys.argv
    paths = [a for a in sys.argv[1:] if not a.startswith("--")]
    one, other = (json.loads(Path(p).read_text(encoding="utf-8")) for p in paths)
    found = differences(one, other, counted=counted, calls=calls)
    for line in found[:40]:
        print(line)
    deals = 0 if counted else len(deal_rows(one))
    rows = len(metric_rows(one, counted=counted)) + (len(call_rows(one)) if calls else 0)
    print(f"{rows} figures, {deals} stalled deals, {len(found)} differences")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
