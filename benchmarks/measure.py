"""Wall time and peak memory of a whole process, and the machine it ran on.

This module and whatever measures with it import nothing heavy: Linux keeps the largest resident
size a process had before ``exec`` too, so a fat parent would be charged to its children.
"""

from __future__ import annotations

import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from statistics import median

MB = 1_000_000
_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


class RunError(Exception):
    """A measured command did not end with 0."""


@dataclass(frozen=True)
class Run:
    """One run: seconds of wall time, bytes of peak resident memory, seconds of all cores' time."""

    seconds: float
    peak: int
    cpu: float = 0.0


@dataclass(frozen=True)
class Figures:
    """Several runs of one command."""

    runs: tuple[Run, ...]

    @property
    def seconds(self) -> float:
        """The median wall time."""
        return median(r.seconds for r in self.runs)

    @property
    def best(self) -> float:
        """The shortest wall time: what other work on the machine disturbed least."""
        return min(r.seconds for r in self.runs)

    @property
    def cpu(self) -> float:
        """The least processor time: of all cores, in the program and in the system."""
        return min(r.cpu for r in self.runs)

    @property
    def peak(self) -> int:
        """The largest peak."""
        return max(r.peak for r in self.runs)

    @property
    def spread(self) -> str:
        """Fastest and slowest run."""
        times = [r.seconds for r in self.runs]
        return f"{min(times):.2f}-{max(times):.2f}"


def run(command: Sequence[str], stdout: Path | None = None) -> Run:
    """Run ``command`` to its end; its stdout goes to a file, or nowhere.

    Raises:
        RunError: its exit code was not 0.
    """
    with Path(stdout or os.devnull).open("wb") as out:
        started = time.perf_counter()
        child = subprocess.Popen(command, stdout=out, stderr=subprocess.PIPE)
        assert child.stderr is not None
        said = child.stderr.read()
        _, status, usage = os.wait4(child.pid, 0)
        seconds = time.perf_counter() - started
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stderr.close()
    if child.returncode:
        tail = said.decode(errors="replace").strip()[-2000:]
        raise RunError(f"{' '.join(command)}\nexit code {child.returncode}\n{tail}")
    return Run(seconds, usage.ru_maxrss * _RSS_UNIT, usage.ru_utime + usage.ru_stime)


def alternate(
    commands: Mapping[str, Callable[[], Run]], repeat: int, say: Callable[[str], None]
) -> dict[str, Figures]:
    """Each command ``repeat`` times, by turns, each round beginning with another one.

    A round before, uncounted, fills the file cache and the byte code: all are measured warm.
    """
    names = list(commands)
    found: dict[str, list[Run]] = {name: [] for name in names}
    for turn in range(repeat + 1):
        for name in names[turn % len(names) :] + names[: turn % len(names)]:
            one = commands[name]()
            if turn:
                found[name].append(one)
            label = f"round {turn}" if turn else "warm-up"
            say(f"  {label}: {name} {one.seconds:.2f} s, {one.peak / MB:,.0f} MB")
    return {name: Figures(tuple(runs)) for name, runs in found.items()}


def own_peak() -> int:
    """The measuring process' own peak, which no child can be below."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _RSS_UNIT


def cores() -> int:
    """How many cores a process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def machine() -> str:
    """Cores, memory, system, versions of Python and the libraries; no names of machines."""
    parts = [f"{cores()} cores"]
    if hasattr(os, "sysconf") and "SC_PHYS_PAGES" in os.sysconf_names:
        total = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        parts.append(f"{total / 1e9:.0f} GB of memory")
    parts.append(f"{platform.system()} {platform.machine()}")
    parts.append(f"Python {platform.python_version()}")
    for name in ("pandas", "pyarrow", "duckdb", "polars"):
        try:
            parts.append(f"{name} {version(name)}")
        except PackageNotFoundError:
            continue
    return ", ".join(parts)
