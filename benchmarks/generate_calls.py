"""Invented exports with a telephony: deals of amoCRM (40 columns) and a provider's table of calls.

    python benchmarks/generate_calls.py --deals 20000 --out benchmarks/data/calls-20000

writes ``exports/`` (the deals CSV, and five calls per deal as telephony programs export them: a
long ID and the address of the recording in every row, numbers in every form people and exchanges
write) and the ``funnelkpi.yaml`` that fits, with the ``columns:`` of the calls. Some clients share a
number, most have several deals. The same size and seed give the same bytes.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.csv_cells import Moments, digits, either, glue, only, pick, write_lines  # noqa: E402
from benchmarks.generate import CHUNK, SEED, command_line, national, write_deals  # noqa: E402
from benchmarks.process import TODAY, make_deals  # noqa: E402
from benchmarks.ringing import (  # noqa: E402
    ANSWERED,
    HIDDEN,
    IN,
    INTERNAL,
    Ringing,
    make_ringing,
    shared,
)

from benchmarks import settings as s  # noqa: E402

CALLS_PER_DEAL = 5
HEADER = (
    "ID звонка", "Дата и время", "Направление", "Номер клиента", "Сотрудник", "Добавочный", "Линия",
    "Ожидание", "Разговор", "Статус", "Запись", "Результат", "Тег",
)  # fmt: skip
_KINDS = ("Исходящий", "Входящий", "Внутренний")
_OUTCOMES = ("Отвечен", "Пропущен", "Занято", "Отменен", "Недоступен")
_RESULTS = (
    "", "", "", "Договорились о встрече", "Перезвонить", "Не интересно", "Отправить КП",
    "Ждёт счёт", "Вопрос по поставке", "Думает",
)  # fmt: skip
_FORMS = (0.40, 0.63, 0.78, 0.86, 0.94, 0.97, 1.0)
"""Up to which share of the calls a number is written +7…, 8…, 7…, 8 (…) …, as the ten digits alone,
+7 … with blanks, with an extension."""


def _number(number: Any, form: Any) -> Any:
    """The client's number as different exchanges write it."""
    import pyarrow.compute as pc

    code, rest = national(number)
    a, b, c = (pc.utf8_slice_codeunits(rest, *part) for part in ((0, 3), (3, 5), (5, 7)))
    bare = glue(code, rest)
    spaced = glue(code, " ", a, "-", b, "-", c)
    ways = (
        glue("+7", bare), glue("8", bare), glue("7", bare), glue("8 (", code, ") ", a, "-", b, "-", c),
        bare, glue("+7 ", spaced), glue("+7", bare, " доб. ", digits(number % 90 + 10)),
    )  # fmt: skip
    out = ways[-1]
    for way, share in zip(ways[-2::-1], _FORMS[-2::-1], strict=True):
        out = either(form < share, way, out)
    return out


def _identity(row: Any, table: Any) -> Any:
    """An ID of 32 hexadecimal digits: different for every row, without any order."""
    high = (row.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
    low = (high ^ (high >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
    parts = [
        table.take(((half >> np.uint64(shift)) & np.uint64(0xFFFF)).astype(np.int32))
        for half in (high, low)
        for shift in (48, 32, 16, 0)
    ]
    return glue(*parts[:2], "-", parts[2], "-", parts[3], "-", parts[4], "-", *parts[5:])


def write_calls(out: IO[bytes], calls: Ringing, moments: Moments, rng: np.random.Generator) -> None:
    """UTF-8, semicolons, LF; the newest call first."""
    import pyarrow as pa

    out.write((";".join(HEADER) + "\n").encode())
    table = pa.array([f"{i:04x}" for i in range(1 << 16)], pa.large_string())
    people = len(s.MANAGERS)
    for start in range(0, len(calls), CHUNK):
        c = Ringing(*(column[start : start + CHUNK] for column in vars(calls).values()))
        n = len(c)
        numbered = _number(np.maximum(c.number, 0), rng.random(n))
        withheld = pick(("Номер скрыт", "Anonymous"), rng.integers(0, 2, n))
        inside = c.kind == INTERNAL
        number = either(c.number == HIDDEN, withheld, only(c.number >= 0, numbered))
        number = either(inside, digits(101 + np.where(inside, c.number, 0)), number)
        answered = c.outcome == ANSWERED
        identity = _identity(np.arange(start, start + n), table)
        day = moments.days_of(c.at)
        columns = [
            identity,
            moments.text(c.at, quote=""),
            pick(_KINDS, c.kind),
            number,
            pick(s.MANAGERS, c.manager),
            only(c.manager >= 0, digits(101 + np.where(c.manager < 0, 0, c.manager) % people)),
            pick(("+7 495 000-10-01", "+7 495 000-10-02"), rng.integers(0, 2, n)),
            digits(c.waited),
            digits(c.seconds),
            pick(_OUTCOMES, c.outcome),
            only(answered, glue("https://records.example.com/", day, "/", identity, ".mp3")),
            only(answered, pick(_RESULTS, rng.integers(0, len(_RESULTS), n))),
            only(c.kind == IN, pick(("сайт", "реклама", ""), rng.integers(0, 3, n))),
        ]
        write_lines(out, columns, ";")


def generate(deals: int, out: Path, seed: int = SEED) -> Path:
    """Write exports and config of ``deals`` deals and ``CALLS_PER_DEAL`` times as many calls."""
    rng = np.random.default_rng([seed, deals, CALLS_PER_DEAL])
    exports = out / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    made = make_deals(deals, rng)
    moments = Moments(TODAY - s.SPAN_DAYS - 2, TODAY + 1)
    calls = make_ringing(made, CALLS_PER_DEAL * deals, rng)
    with (exports / s.DEALS_FILE).open("wb") as file:
        write_deals(file, made, moments, rng, number_of=shared)
    del made
    with (exports / s.RINGING_FILE).open("wb") as file:
        write_calls(file, calls, moments, rng)
    (out / s.CONFIG_FILE).write_text(s.config_text(deals, ringing=True), encoding="utf-8")
    return out


if __name__ == "__main__":
    command_line("Invented exports with a telephony of any size.", generate)
