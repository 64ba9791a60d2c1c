"""Two further questions, each against a DuckDB script of its own: deals with all their events, and
deals with five calls each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from benchmarks.exports import HERE, Exports, funnelkpi, histories_of, ringing_of, say
from benchmarks.measure import MB, Figures, Run, RunError, alternate, cores, machine, run
from benchmarks.tables import Aim, aim_table, markdown

PROGRAM, DUCKDB = "funnelkpi report", "DuckDB script"
COUNTING = "funnelkpi report without survival curves"
MEMORY_OVER_CSV = 300 * MB


def history(deals: int, repeat: int) -> tuple[dict[str, str], bool]:
    """The parts of the page on histories, and whether the counting tables are the same."""
    data = histories_of(deals)
    own = [sys.executable, str(HERE / "without_curves.py"), *_report(data)]
    counting = {COUNTING: partial(run, own, data.folder / "counting.json")}
    found = _measured(data, "peer_history.py", repeat, counting)
    equal = _equal(data, "--counted")
    events = _lines(data, "events.csv")
    about = (
        f"`python benchmarks/run.py --history --deals {deals} --repeat {repeat} --write` on "
        f"{machine()}. {deals:,} deals of 40 columns and {events:,} stage events, "
        f"{data.size / MB:,.0f} MB of CSV. Rows of entries, conversion, win rate and plain figures "
        f"of both: {_same(equal)}.\n\n"
    )
    best = {name: f.best for name, f in found.items()}
    aims = [
        Aim("time with survival curves / DuckDB script", best[PROGRAM] / best[DUCKDB], "<= 3"),
        Aim("time without survival curves / DuckDB script", best[COUNTING] / best[DUCKDB], "<= 3"),
        _memory(data, found),
    ]
    return {"history": f"{about}{_table(found)}\n\n{aim_table(aims)}"}, equal


def calls(deals: int, repeat: int) -> tuple[dict[str, str], bool]:
    """The part of the page on calls, and whether the tables of both are the same."""
    data = ringing_of(deals)
    found = _measured(data, "peer_calls.py", repeat)
    equal = _equal(data, "--calls")
    rung = _lines(data, "pbx_*.csv")
    about = (
        f"`python benchmarks/run.py --calls --deals {deals} --repeat {repeat} --write` on "
        f"{machine()}. {deals:,} deals of 40 columns and {rung:,} calls, {data.size / MB:,.0f} MB "
        f"of CSV. Rows of the figures of calls, of conversion, norms and stalled deals of both: "
        f"{_same(equal)}.\n\n"
    )
    best = {name: f.best for name, f in found.items()}
    spread = found[DUCKDB].cpu / cores()
    aims = [
        Aim("time / DuckDB script", best[PROGRAM] / best[DUCKDB], "<= 3"),
        Aim(
            "at worst: all processor time on one core / DuckDB's spread over all cores",
            found[PROGRAM].cpu / spread,
            "<= 3",
        ),
        _memory(data, found),
    ]
    return {"calls": f"{about}{_table(found)}\n\n{aim_table(aims)}"}, equal


def _report(data: Exports) -> list[str]:
    return ["report", *data.inputs, "--format", "json"]


def _measured(
    data: Exports, script: str, repeat: int, more: dict[str, Callable[[], Run]] | None = None
) -> dict[str, Figures]:
    """The program and a DuckDB script by turns; ``more`` between them."""
    say(f"{data.deals:,} deals, {data.size / MB:,.0f} MB of CSV")
    peer = [sys.executable, str(HERE / script), *data.inputs, "-o", str(data.output(DUCKDB))]
    commands = {
        PROGRAM: partial(run, funnelkpi(*_report(data)), data.output(PROGRAM)),
        **(more or {}),
        DUCKDB: partial(run, peer),
    }
    return alternate(commands, repeat, say)


def _equal(data: Exports, option: str) -> bool:
    """Whether both wrote the same rows; what differs goes to stderr."""
    told = data.folder / "differences.txt"
    pair = [str(data.output(name)) for name in (PROGRAM, DUCKDB)]
    try:
        run([sys.executable, str(HERE / "compare.py"), *pair, option], told)
        equal = True
    except RunError:
        equal = False
    say(told.read_text(encoding="utf-8").strip())
    return equal


def _same(equal: bool) -> str:
    return "the same" if equal else "DIFFERENT"


def _lines(data: Exports, pattern: str) -> int:
    """Rows of the one file of that name; no cell of it holds a line break."""
    path = next((data.folder / "exports").glob(pattern))
    with path.open("rb") as file:
        return sum(1 for _ in file) - 1


def _table(found: dict[str, Figures]) -> str:
    rows = [
        [name, f"{f.best:.2f}", f"{f.seconds:.2f}", f"{f.cpu:.2f}", f"{f.peak / MB:,.0f}"]
        for name, f in found.items()
    ]
    head = ["whole process", "seconds (best)", "seconds (median)", "seconds of CPU (best)",
            "peak memory, MB"]  # fmt: skip
    return markdown(head, rows)


def _memory(data: Exports, found: dict[str, Figures]) -> Aim:
    over = (found[PROGRAM].peak - data.size) / MB
    bound = f"<= {MEMORY_OVER_CSV / MB:.0f}"
    return Aim("peak memory over the bytes of both CSV files, MB", over, bound)
