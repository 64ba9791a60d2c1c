"""The generated exports of each kind and size, made once, and how the program is called on them."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

from benchmarks.measure import run

HERE = Path(__file__).resolve().parent
DATA = HERE / "data"
AS_OF = "2026-11-15"
_ALWAYS = ("generate", "process", "settings", "csv_cells")


def say(line: str = "") -> None:
    """A line of progress on stderr."""
    print(line, file=sys.stderr, flush=True)


@dataclass(frozen=True)
class Exports:
    """One generated folder."""

    deals: int
    folder: Path

    @property
    def inputs(self) -> list[str]:
        """Arguments that are the same for all three programs."""
        config = self.folder / "funnelkpi.yaml"
        return [str(self.folder / "exports"), "-c", str(config), "--as-of", AS_OF]

    @property
    def size(self) -> int:
        """Bytes of the CSV files."""
        return sum(p.stat().st_size for p in (self.folder / "exports").glob("*.csv"))

    def output(self, name: str) -> Path:
        """The JSON one of the programs wrote."""
        return self.folder / f"{name.split(maxsplit=1)[0].lower()}.json"


def generated(deals: int, script: str, folder: str, also: tuple[str, ...] = ()) -> Exports:
    """The exports ``script`` makes, made again if it or a module it rests on (``also``) changed."""
    made = Exports(deals, DATA / folder)
    stamp = made.folder / "made-by"
    sources = dict.fromkeys((script, *also, *_ALWAYS))
    text = "".join((HERE / f"{name}.py").read_text(encoding="utf-8") for name in sources)
    if not stamp.exists() or stamp.read_text(encoding="utf-8") != text:
        say(f"{script}: {deals:,} deals")
        run([sys.executable, str(HERE / f"{script}.py"), "--deals", str(deals),
             "--out", str(made.folder)])  # fmt: skip
        stamp.write_text(text, encoding="utf-8")
    return made


def exports_of(deals: int) -> Exports:
    """Deals with two calls each."""
    return generated(deals, "generate", str(deals))


def histories_of(deals: int) -> Exports:
    """Deals with all their events."""
    return generated(deals, "generate_history", f"history-{deals}", ("ways",))


def ringing_of(deals: int) -> Exports:
    """Deals with five calls each, from a telephony provider."""
    return generated(deals, "generate_calls", f"calls-{deals}", ("ringing",))


def funnelkpi(*arguments: str) -> list[str]:
    """The installed command of this environment."""
    return [str(Path(sys.executable).with_name("funnelkpi")), *arguments]
