"""Side by side in one run: the program, a DuckDB script and a pandas script, on the same exports.

    python benchmarks/run.py --deals 1000000 --repeat 5 --write

Generates the exports once into benchmarks/data, measures whole processes by turns, checks that the
three wrote the same rows, and prints the figures beside the aims. ``--history`` measures another
question: deals with the list of all their events, against a DuckDB script of the same counting
tables; ``--calls`` deals with five calls each, against a DuckDB script of the same matching and
tables. ``--write`` puts the figures into docs/performance.md. Exit code 1 if rows differ; aims missed
are only said.
"""

from __future__ import annotations

import argparse
import math
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.exports import HERE, Exports, exports_of, funnelkpi, say  # noqa: E402
from benchmarks.measure import MB, Figures, Run, RunError, alternate, machine, own_peak, run  # noqa: E402
from benchmarks.questions import DUCKDB, MEMORY_OVER_CSV, PROGRAM, calls, history  # noqa: E402
from benchmarks.tables import Aim, aim_table, markdown, put  # noqa: E402

PAGE = ROOT / "docs" / "performance.md"
PANDAS = "pandas script"
ENGINES = ("pyarrow", "pandas", "polars")
SCALING = (10_000, 100_000, 1_000_000)
START_DEALS = 5_000


def measured(data: Exports, name: str) -> Callable[[], Run]:
    """One of the three programs on one folder."""
    if name == PROGRAM:
        command = funnelkpi("report", *data.inputs, "--format", "json")
        return partial(run, command, data.output(name))
    script = HERE / ("peer_duckdb.py" if name == DUCKDB else "peer_pandas.py")
    command = [sys.executable, str(script), *data.inputs, "-o", str(data.output(name))]
    return partial(run, command)


def check_equal(data: Exports, names: list[str]) -> bool:
    """Whether all named programs wrote the rows of the first; differences go to stderr."""
    good = True
    for name in names[1:]:
        pair = [str(data.output(names[0])), str(data.output(name))]
        report = data.folder / "differences.txt"
        try:
            run([sys.executable, str(HERE / "compare.py"), *pair], report)
        except RunError:
            good = False
        say(f"{names[0]} = {name}? {report.read_text(encoding='utf-8').strip()}")
    return good


def side_by_side(data: Exports, names: list[str], repeat: int) -> dict[str, Figures]:
    """The programs by turns on one folder."""
    say(f"{data.deals:,} deals, {data.size / MB:,.0f} MB of CSV")
    return alternate({name: measured(data, name) for name in names}, repeat, say)


def speed_table(data: Exports, found: dict[str, Figures]) -> str:
    """Time and memory of the programs."""
    rows = [
        [name, f"{f.seconds:.2f}", f.spread, f"{f.peak / MB:,.0f}"] for name, f in found.items()
    ]
    head = ["whole process", "seconds (median)", "fastest-slowest", "peak memory, MB"]
    about = (
        f"{data.deals:,} deals of 40 columns and {2 * data.deals:,} calls, "
        f"{data.size / MB:,.0f} MB of CSV.\n\n"
    )
    return about + markdown(head, rows)


def speed_aims(data: Exports, found: dict[str, Figures]) -> list[Aim]:
    """The aims on the large export."""
    if PROGRAM not in found:
        return []
    own = found[PROGRAM]
    over = (own.peak - data.size) / MB
    return [
        Aim("time / DuckDB script", own.seconds / found[DUCKDB].seconds, "<= 3"),
        Aim("pandas script / time", found[PANDAS].seconds / own.seconds, ">= 4"),
        Aim(
            "peak memory over the bytes of both CSV files, MB",
            over,
            f"<= {MEMORY_OVER_CSV / MB:.0f}",
        ),
    ]


def scaling(sizes: list[int], names: list[str], repeat: int) -> tuple[str, list[Aim]]:
    """Seconds by size, and how far from linear the program's cost is."""
    found = {n: side_by_side(exports_of(n), names, repeat) for n in sizes}
    head = ["deals", *(f"{name}, s" for name in names), *(f"{name}, MB" for name in names)]
    rows = [
        [f"{n:,}", *(f"{found[n][name].seconds:.2f}" for name in names),
         *(f"{found[n][name].peak / MB:,.0f}" for name in names)]
        for n in sizes
    ]  # fmt: skip
    aims = []
    if PROGRAM in names and len(sizes) > 2:
        seconds = [found[n][PROGRAM].seconds for n in sizes]
        slopes = [
            (seconds[i + 1] - seconds[i]) / (sizes[i + 1] - sizes[i]) for i in range(len(sizes) - 1)
        ]
        # Times that do not grow are noise, and noise keeps no aim.
        bend = slopes[-1] / slopes[0] if min(slopes) > 0 else math.nan
        aims.append(Aim("cost of a further deal, last step / first step", bend, "<= 1.3"))
    return markdown(head, rows), aims


def start_up(repeat: int) -> tuple[str, list[Aim]]:
    """The start of the program beside the imports nobody can avoid."""
    data = exports_of(START_DEALS)
    python = [sys.executable, "-c"]
    commands = {
        f"funnelkpi report, {START_DEALS:,} deals": measured(data, PROGRAM),
        'python -c "import pandas, pyarrow"': partial(run, [*python, "import pandas, pyarrow"]),
        "funnelkpi --help": partial(run, funnelkpi("--help")),
        'python -c "import typer, rich"': partial(run, [*python, "import typer, rich"]),
    }
    say("start")
    found = alternate(commands, repeat, say)
    times = [f.seconds for f in found.values()]
    rows = [
        [f"`{n}`" if "python" in n else n, f"{f.seconds:.3f}", f.spread] for n, f in found.items()
    ]
    aims = [
        Aim(
            f"report on {START_DEALS:,} deals / importing pandas and pyarrow",
            times[0] / times[1],
            "<= 2.5",
        ),
        Aim("--help / importing typer and rich", times[2] / times[3], "<= 2"),
    ]
    return markdown(["whole process", "seconds (median)", "fastest-slowest"], rows), aims


def reading(data: Exports, repeat: int) -> str:
    """The engines on the deals file."""
    path = next((data.folder / "exports").glob("amocrm*.csv"))
    say("reading engines")
    commands = {
        name: partial(run, [sys.executable, str(HERE / "readers.py"), name, str(path)])
        for name in ENGINES
    }
    found = alternate(commands, repeat, say)
    rows = [[n, f"{f.seconds:.2f}", f.spread, f"{f.peak / MB:,.0f}"] for n, f in found.items()]
    about = f"12 of 40 columns of the deals file ({path.stat().st_size / MB:,.0f} MB) as text.\n\n"
    return about + markdown(
        ["engine", "seconds (median)", "fastest-slowest", "peak memory, MB"], rows
    )


def main() -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description="The program beside its peers.")
    parser.add_argument("--deals", type=int, default=1_000_000, help="size of the large export")
    parser.add_argument("--repeat", type=int, default=3, help="measured rounds")
    parser.add_argument("--peers-only", action="store_true", help="without the program itself")
    parser.add_argument(
        "--write", action="store_true", help="put the figures into docs/performance.md"
    )
    parser.add_argument(
        "--history", action="store_true", help="deals with all their events instead"
    )
    parser.add_argument("--calls", action="store_true", help="deals with five calls each instead")
    args = parser.parse_args()
    if args.history or args.calls:
        told, equal = (history if args.history else calls)(args.deals, args.repeat)
        print("\n\n".join(told.values()))
        if args.write:
            put(PAGE, told)
        return 0 if equal else 1
    names = [DUCKDB, PANDAS] if args.peers_only else [PROGRAM, DUCKDB, PANDAS]
    large = exports_of(args.deals)
    parts: dict[str, str] = {}
    aims: list[Aim] = []
    found = side_by_side(large, names, args.repeat)
    equal = check_equal(large, names)
    parts["speed"], more = speed_table(large, found), speed_aims(large, found)
    aims += more
    sizes = sorted({n for n in SCALING if n < args.deals} | {args.deals})
    if not args.peers_only:
        parts["scaling"], more = scaling(sizes, [PROGRAM, DUCKDB], max(1, args.repeat - 1))
        aims += more
        parts["start"], more = start_up(max(5, args.repeat))
        aims += more
    parts["readers"] = reading(large, args.repeat)
    rows = "the same" if equal else "DIFFERENT"
    options = f"--deals {args.deals} --repeat {args.repeat}"
    parts["about"] = (
        f"`python benchmarks/run.py {options} --write` on {machine()}. "
        f"Rows of conversion, norms and stalled deals of all programs: {rows}."
    )
    parts["aims"] = aim_table(aims)
    for name in ("about", "speed", "aims", "scaling", "start", "readers"):
        if name in parts:
            print(f"\n## {name}\n\n{parts[name]}")
    floor = min(f.peak for f in found.values())
    if own_peak() > floor / 2:
        say("The measuring process itself is large: peaks below it cannot be seen.")
    if args.write:
        put(PAGE, parts)
    return 0 if equal else 1


if __name__ == "__main__":
    sys.exit(main())
