"""Invented exports with histories: deals of amoCRM (40 columns) and the list of their events.

    python benchmarks/generate_history.py --deals 20000 --out benchmarks/data/history-20000

writes ``exports/`` (the deals CSV and the events as a script copies them: newest first, stages as
``Воронка / Этап``) and the ``funnelkpi.yaml`` that fits: no stage has a date column there, so that
every entry comes from the events. The same size and seed give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.csv_cells import Moments, digits, either, glue, pick, write_lines  # noqa: E402
from benchmarks.generate import (  # noqa: E402
    CHUNK,
    FIRMS,
    FORMS,
    SEED,
    SUBJECTS,
    command_line,
    mix,
    write_deals,
)  # fmt: skip
from benchmarks.process import GOAL, TODAY, Deals  # noqa: E402
from benchmarks.ways import Events, make_ways  # noqa: E402

from benchmarks import settings as s  # noqa: E402

HEADER = (
    "Дата", "Автор", "Объект", "Название", "Событие", "Значение до", "Значение после", "ID объекта",
)  # fmt: skip


def _stages(pipeline: Any, rank: Any) -> Any:
    """``Воронка / Этап``; nothing before a creation."""
    names = [s.INCOMING, *(stage[1] for stage in s.OPEN_STAGES), s.WON, s.LOST, s.PARKED]
    cells = [f"{title} / {name}" for _, title in s.PIPELINES for name in names]
    place = np.where(rank >= 0, rank, GOAL - rank).astype(np.int64)
    return pick(cells, np.where(pipeline < 0, -1, pipeline * len(names) + place))


def write_events(out: IO[bytes], d: Deals, events: Events, moments: Moments) -> None:
    """UTF-8, comma, LF, as the deals file; the ID of a deal is that of the deals file."""
    out.write((",".join(HEADER) + "\n").encode())
    for start in range(0, len(events), CHUNK):
        e = Events(*(column[start : start + CHUNK] for column in vars(events).values()))
        n = len(e)
        c = d.client[e.deal].astype(np.int64)
        firm = glue(
            pick(FORMS, mix(c, 1, len(FORMS))), " «", pick(FIRMS, mix(c, 2, len(FIRMS))), "-",
            digits(c), "»",
        )  # fmt: skip
        created = e.from_pipeline < 0
        kinds = ["Новая сделка", "Изменение этапа продажи"]
        author = np.where(created, len(s.MANAGERS), d.manager[e.deal])
        columns = [
            moments.text(e.at, quote=""),
            pick([*s.MANAGERS, "Робот"], author),
            pick(["Сделка"], np.zeros(n, np.int8)),
            glue('"', pick(SUBJECTS, mix(c, 6, len(SUBJECTS))), ": ", firm, '"'),
            pick(kinds, (~created).astype(np.int8)),
            either(created, pick([""], np.zeros(n, np.int8)), _stages(e.from_pipeline, e.before)),
            _stages(e.pipeline, e.after),
            digits(10_000_000 + e.deal.astype(np.int64)),
        ]
        write_lines(out, columns, ",")


def generate(deals: int, out: Path, seed: int = SEED) -> Path:
    """Write exports and config of ``deals`` deals and about four times as many events."""
    rng = np.random.default_rng([seed, deals, 4])
    exports = out / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    made, events = make_ways(deals, rng)
    moments = Moments(TODAY - s.SPAN_DAYS, TODAY + 1)
    with (exports / s.EVENTS_FILE).open("wb") as file:
        write_events(file, made, events, moments)
    del events
    with (exports / s.DEALS_FILE).open("wb") as file:
        write_deals(file, made, moments, rng)
    (out / s.CONFIG_FILE).write_text(s.config_text(deals, dated=False), encoding="utf-8")
    return out


if __name__ == "__main__":
    command_line("Invented exports with histories of any size.", generate)
