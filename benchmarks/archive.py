"""What the archive costs: 104 weekly exports of 20,000 deals on average, kept and read by a report.

    python benchmarks/archive.py --weeks 104 --deals 20000

Every export is the same department as it looked on that Monday: 10,000 deals in the first, 30,000 in
the last. Prints the time of each ``archive add``, the disk used, and a report of the newest export
with and without the archive, whole processes by turns.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.measure import MB, alternate, machine, run  # noqa: E402

from benchmarks import settings as s  # noqa: E402

DATA = ROOT / "benchmarks" / "data" / "weekly"
SEED = 20261116


def write_weeks(folder: Path, weeks: int, deals: int) -> list[Path]:
    """The exports, oldest first; those that are there already are taken as they are."""
    import numpy as np
    import pyarrow as pa
    from benchmarks.csv_cells import Moments, write_lines
    from benchmarks.generate import HEADER, _deal_columns
    from benchmarks.process import TODAY, make_deals

    folder.mkdir(parents=True, exist_ok=True)
    n = deals * 3 // 2
    whole = make_deals(n, np.random.default_rng([SEED, n]))
    newest = type(whole)(**{name: value[::-1] for name, value in vars(whole).items()})
    moments = Moments(TODAY - s.SPAN_DAYS, TODAY + 1)
    quoted = ",".join(f'"{c}"' if " " in c else c for c in HEADER)
    files = []
    for week in range(weeks):
        day = s.EXPORT_DAY - timedelta(weeks=weeks - 1 - week)
        path = folder / f"amocrm_export_leads_{day:%Y-%m-%d}.csv"
        files.append(path)
        if path.exists():
            continue
        at = int(np.datetime64(day, "s").astype(np.int64)) + 9 * 3600
        then = _rewound(newest, at)
        # the same generator for every week: a deal keeps its words and its sum
        columns = _deal_columns(then, 10_000_000, n // 2, moments, np.random.default_rng(SEED))
        there = pa.array(np.flatnonzero(then.created <= at))
        with path.open("wb") as out:
            out.write((quoted + "\n").encode())
            write_lines(out, [c.take(there) for c in columns], ",")
    return files


def _rewound(d: Any, at: int) -> Any:
    """The deals as they stood at ``at``: nothing later has happened yet."""
    import numpy as np
    from benchmarks.process import GOAL, NEVER

    dates = np.where(d.dates <= at, d.dates, NEVER)
    over = d.last <= at
    stage = np.maximum((dates != NEVER) * np.arange(1, GOAL), 1).max(axis=1)
    last = np.maximum(dates.max(axis=1), np.minimum(d.created, at))
    return replace(
        d,
        dates=dates,
        rank=np.where(over, d.rank, stage).astype(np.int8),
        closed=np.where(over, d.closed, NEVER),
        last=np.where(over, d.last, last),
        modified=np.where(d.modified <= at, d.modified, np.where(over, d.last, last)),
    )


def keep_all(files: list[Path], archive: Path) -> list[float]:
    """Seconds of each ``archive add``, reading the CSV included."""
    from funnelkpi.config.schema import Settings
    from funnelkpi.pipeline import Request, add_to_archive

    out = []
    for file in files:
        started = time.perf_counter()
        (added,), _ = add_to_archive(Request((file,), Settings()), archive)
        out.append(time.perf_counter() - started)
        assert added.status in ("kept", "known"), added
    return out


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description="What the archive costs.")
    parser.add_argument("--weeks", type=int, default=104)
    parser.add_argument("--deals", type=int, default=20_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--make", action="store_true", help="only make the exports and the archive")
    args = parser.parse_args()
    place = DATA / f"{args.weeks}x{args.deals}"
    archive = place / "archive"
    if args.make:
        made = write_weeks(place / "exports", args.weeks, args.deals)
        print(json.dumps(keep_all(made, archive)))
        return
    # in a process of its own: this one must stay small (see ``measure``)
    shape = ["--weeks", str(args.weeks), "--deals", str(args.deals)]
    command = [sys.executable, __file__, "--make", *shape]
    seconds = json.loads(subprocess.run(command, stdout=subprocess.PIPE, check=True).stdout)
    files = sorted((place / "exports").iterdir())
    config = place / s.CONFIG_FILE
    config.write_text(s.config_text(args.deals), encoding="utf-8")
    csv = sum(f.stat().st_size for f in files)
    kept = sum(f.stat().st_size for f in archive.rglob("*.parquet"))
    program = [sys.executable, "-m", "funnelkpi"]
    inputs = [str(files[-1]), "-c", str(config), "--format", "json"]
    commands = {
        "report": partial(run, [*program, "report", *inputs]),
        "with archive": partial(run, [*program, "report", *inputs, "--archive", str(archive)]),
        "from archive": partial(
            run,
            [*program, "report", *inputs[1:], "--archive", str(archive)],
        ),
        "verify": partial(run, [*program, "archive", "verify", "--archive", str(archive)]),
    }
    found = alternate(commands, args.repeat, lambda line: print(line, file=sys.stderr))
    print(machine())
    print(f"exports: {len(files)}, CSV {csv / MB:,.0f} MB, archive {kept / MB:,.1f} MB")
    print(f"archive add: median {median(seconds):.2f} s, slowest {max(seconds):.2f} s")
    for name, f in found.items():
        print(f"{name}: {f.seconds:.2f} s ({f.spread}), {f.peak / MB:,.0f} MB")


if __name__ == "__main__":
    main()
