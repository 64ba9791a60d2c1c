"""Invented exports of any size, in the CRMs' own layouts: deals of amoCRM (40 columns) and calls.

    python benchmarks/generate.py --deals 20000 --out benchmarks/data/20000

writes ``exports/`` (the deals CSV, and a calls CSV with two calls per deal: the telephony detail of
Bitrix24 saved again by Excel) and the ``funnelkpi.yaml`` that fits. The same size and seed give the
same bytes.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

from benchmarks.csv_cells import Moments, digits, either, glue, only, pick, write_lines  # noqa: E402
from benchmarks.process import GOAL, TODAY, Calls, Deals, make_calls, make_deals  # noqa: E402

from benchmarks import settings as s  # noqa: E402

SEED = 20261116
CHUNK = 100_000
HEADER = (
    "ID", "Название сделки", "Бюджет ", "Ответственный", "Дата создания сделки",
    "Кем создана сделка", "Дата редактирования", "Кем редактирована", "Дата закрытия", "Теги",
    "Примечание", "Примечание 2", "Примечание 3", "Примечание 4", "Примечание 5", "Этап сделки",
    "Воронка", "Полное имя контакта", "Компания контакта", "Ответственный за контакт", "Компания",
    "Рабочий телефон", "Рабочий прямой телефон", "Мобильный телефон", "Факс", "Домашний телефон",
    "Другой телефон", "Рабочий email", "Личный email", "Другой email", "Должность", "Город",
    "Источник", "Дата: ЛПР", "Дата: Потребность", "Дата: КП", "Дата: Дожим", "utm_source",
    "utm_medium", "utm_campaign",
)  # fmt: skip
CALLS_HEADER = (
    "Сотрудник", "Номер в Битрикс24", "Номер телефона", "Тип звонка", "Время звонка",
    "Дата вызова", "Статус", "Стоимость", "Стоимость расшифровки", "Оценка", "CRM", "Описание",
    "Комментарий",
)  # fmt: skip

REASONS = (
    "Дорого", "Дорого (не смог продать)", "Выбрали конкурента", "Нет бюджета", "Не отвечает",
    "Нет потребности", "Сроки не подошли", "Дубль", "Закрылась (ликвидация)",
)  # fmt: skip
TAGS = ("сайт", '"сайт, VIP"', "выставка", '"повтор, VIP"', "холодный", "", "", "")
SOURCES = ("Веб-сайт", "Звонок", "Рекомендация", "Выставка", "Яндекс", "")
FORMS = ("ООО", "АО", "ИП", "ПАО")
FIRMS = (
    "Вектор", "Гранит", "Дельта", "Каскад", "Контур", "Меридиан", "Орион", "Прибор", "Рубин",
    "Сигнал", "Спектр", "Техно", "Фактор", "Эталон",
)  # fmt: skip
SUBJECTS = (
    "Поставка оборудования", "Заявка с сайта", "Модернизация линии", "Сервисный договор",
    'Партия ""под ключ""', "Закупка, этап 2", "Проект на квартал",
)  # fmt: skip
NOTES = (
    "", "", "", '"Перезвонить после праздников"', '"Просит скидку, ждёт ответа до пятницы"',
    '"Разговор с ЛПР:\n- бюджет есть\n- решение в конце месяца"',
    '"Отправлено КП.\nПросили ""сравнение"" с прошлым годом, ответят на неделе. Контакт прежний, '
    'директор в отпуске до конца месяца, потом согласование с бухгалтерией и юристом."',
)  # fmt: skip
NAMES = ("Илья", "Мария", "Сергей", "Ольга", "Тимур", "Алина", "Фёдор", "Вера")
SURNAMES = ("Громов", "Лапин", "Озеров", "Хвостов", "Чижов", "Якорев", "Садков", "Ульев", "Тропин")
POSTS = ('"Начальник снабжения"', "Директор", '"Главный инженер"', "Закупщик", "")
CITIES = ("Москва", "Тула", "Казань", '"Нижний Новгород"', "Пермь", "Самара", "")
UTM = ("yandex", "google", "direct", "", "", "")
STATUSES = (
    "Успешный звонок", "Пропущенный звонок", "Вызов отменен", "Занято", "Временно недоступен",
)  # fmt: skip
KINDS = ("исходящий", "входящий", "входящий с перенаправлением", "обратный")


def mix(numbers: Any, salt: int, n: int) -> Any:
    """A number below ``n`` that depends on ``numbers`` alone: the same client, the same words."""
    return (numbers.astype(np.int64) * 2_654_435_761 + salt * 40_503) % 4_294_967_291 % n


def national(number: Any) -> tuple[Any, Any]:
    """Area code and subscriber number of a phone: every phone number is used once."""
    line = (number * 700_000_001 + 17) % 1_000_000_000
    return digits(900 + line // 10_000_000), digits(line % 10_000_000, 7)


def _pretty(number: Any, start: str) -> Any:
    import pyarrow.compute as pc

    code, rest = national(number)
    parts = [pc.utf8_slice_codeunits(rest, a, b) for a, b in ((0, 3), (3, 5), (5, 7))]
    return glue(
        start, code, "" if start.endswith(" ") else ")", " ", parts[0], "-", parts[1], "-", parts[2]
    )


def _phone_cell(client: Any, clients: int, rng: np.random.Generator) -> Any:
    """The client's phone as people type it; one client in ten has a second one in the same cell."""
    code, rest = national(client)
    u = rng.random(len(client))
    plain, eight = glue("'+7", code, rest), glue("8", code, rest)
    cell = either(u < 0.8, plain, either(u < 0.9, eight, glue('"', _pretty(client, "8 ("), '"')))
    code2, rest2 = national(client + clients)
    two = glue("\"'+7", code, rest, ", +7", code2, rest2, '"')
    cell = either(client % 10 == 0, two, cell)
    return only(rng.random(len(client)) > 0.04, cell)


def _stage(d: Deals, rng: np.random.Generator) -> Any:
    lost = [f'"{s.LOST}"', *(f'"{s.LOST} ({reason})"' for reason in REASONS)]
    names = [s.INCOMING, *(stage[1] for stage in s.OPEN_STAGES), f'"{s.WON}"', s.PARKED, *lost]
    names[4] = f'"{names[4]}"'
    code = np.where(d.rank == -2, GOAL + 1, d.rank.astype(np.int64))
    code = np.where(d.rank == -1, GOAL + 2 + rng.integers(0, len(lost), len(d)), code)
    return pick(names, code)


def _amount(n: int, rng: np.random.Generator) -> Any:
    value = np.round(np.exp(rng.normal(11.5, 1.0, n)) / 500).astype(np.int64) * 500
    value[rng.random(n) < 0.08] = 0
    return only(rng.random(n) > 0.05, digits(value))


def _part(d: Deals, rows: slice) -> Deals:
    return Deals(**{name: value[rows] for name, value in vars(d).items()})


def _deal_columns(
    d: Deals,
    first_id: int,
    clients: int,
    moments: Moments,
    rng: np.random.Generator,
    number_of: Callable[[Any], Any] | None,
) -> list[Any]:
    n, c = len(d), d.client.astype(np.int64)
    number = c if number_of is None else number_of(c)
    people = [f'"{name}"' for name in s.MANAGERS]
    nothing = pick((), np.full(n, -1))
    firm = glue(
        pick(FORMS, mix(c, 1, len(FORMS))), " «", pick(FIRMS, mix(c, 2, len(FIRMS))), "-",
        digits(c), "»",
    )  # fmt: skip
    company = glue('"', firm, '"')
    name = glue(
        '"',
        pick(NAMES, mix(c, 3, len(NAMES))),
        " ",
        pick(SURNAMES, mix(c, 4, len(SURNAMES))),
        '"',
    )
    owner = pick(people, d.manager)
    subject = pick(SUBJECTS, rng.integers(0, len(SUBJECTS), n))
    notes = [pick(NOTES, rng.integers(0, len(NOTES), n)) for _ in range(2)]
    mail = glue("client", digits(c), "@example.com")
    utm = rng.integers(0, len(UTM), n)
    tracked = utm < 3
    campaign = glue("spring_", digits(rng.integers(1, 60, n)))
    editor = pick(people, np.where(rng.random(n) < 0.3, -1, d.manager))
    closed = either(
        d.closed >= 0, moments.text(d.closed), pick(['"не закрыта"'], np.zeros(n, np.int8))
    )
    return [
        digits(first_id + np.arange(n)[::-1]),
        glue('"', subject, ": ", firm, '"'),
        _amount(n, rng),
        owner,
        moments.text(d.created),
        pick(people, np.where(rng.random(n) < 0.6, -1, d.manager)),
        moments.text(d.modified),
        editor,
        closed,
        pick(TAGS, rng.integers(0, len(TAGS), n)),
        *notes,
        nothing, nothing, nothing,
        _stage(d, rng),
        pick([title for _, title in s.PIPELINES], d.pipeline),
        name,
        company,
        owner,
        company,
        _phone_cell(number, clients, rng),
        nothing,
        only(c % 7 == 0, glue("'+7", *national(number))),
        nothing, nothing, nothing,
        mail,
        nothing, nothing,
        pick(POSTS, mix(c, 5, len(POSTS))),
        pick(CITIES, mix(c, 6, len(CITIES))),
        pick(SOURCES, rng.integers(0, len(SOURCES), n)),
        *(moments.text(d.dates[:, k]) for k in range(1, s.STAGE_COUNT)),
        pick(UTM, utm),
        only(tracked, pick(["cpc"], np.zeros(n, np.int8))),
        only(tracked, campaign),
    ]  # fmt: skip


def write_deals(
    out: IO[bytes],
    d: Deals,
    moments: Moments,
    rng: np.random.Generator,
    number_of: Callable[[Any], Any] | None = None,
) -> None:
    """Newest ID first, as amoCRM writes it: UTF-8 without BOM, comma, LF, quotes where needed.

    number_of: whose number each client has; by default everybody his own.
    """
    quoted = (f'"{caption}"' if " " in caption else caption for caption in HEADER)
    out.write((",".join(quoted) + "\n").encode())
    clients = max(1, int(len(d) / 1.6))
    newest = Deals(**{name: value[::-1] for name, value in vars(d).items()})
    for start in range(0, len(d), CHUNK):
        part = _part(newest, slice(start, start + CHUNK))
        first_id = 10_000_000 + len(d) - start - len(part)
        write_lines(out, _deal_columns(part, first_id, clients, moments, rng, number_of), ",")


def _duration(seconds: int) -> str:
    """Talk as the portal writes it: «4 мин, 53 сек»; an empty cell for 0."""
    minutes, rest = divmod(seconds, 60)
    parts = [f"{minutes} мин"] if minutes else []
    return ", ".join(parts + ([f"{rest} сек"] if rest else []))


def _write_calls(out: IO[bytes], calls: Calls, moments: Moments, rng: np.random.Generator) -> None:
    """As Excel saves it: BOM, semicolons, CRLF."""
    out.write(("\ufeff" + ";".join(CALLS_HEADER) + "\r\n").encode())
    durations = [_duration(i) for i in range(1501)]
    for start in range(0, len(calls.at), CHUNK):
        c = Calls(*(column[start : start + CHUNK] for column in vars(calls).values()))
        n = len(c.at)
        u = rng.random(n)
        known = np.where(c.number < 0, 0, c.number)
        phone = either(u < 0.9, _pretty(known, "+7 "), _pretty(known, "8 ("))
        hidden = pick(["Номер скрыт"], np.zeros(n, np.int8))
        mark = rng.integers(0, 30, n)
        columns = [
            pick([*s.MANAGERS, "—"], np.where(c.manager < 0, len(s.MANAGERS), c.manager)),
            pick(["Виртуальная АТС (12)", "Офисная АТС (3)"], rng.integers(0, 2, n)),
            either(c.number < 0, hidden, phone),
            pick(KINDS, c.kind),
            pick(durations, c.seconds),
            moments.text(c.at, quote=""),
            pick(STATUSES, c.status),
            pick(["0 руб.", "1.2 руб."], rng.integers(0, 2, n)),
            pick(["-"], np.zeros(n, np.int8)),
            pick(["-", "3", "4", "5"], np.where(mark < 27, 0, mark - 26)),
            glue("Контакт: ", pick(NAMES, mix(known, 3, len(NAMES)))),
            pick([""], np.zeros(n, np.int8)),
            pick(["", "", "перезвонить"], rng.integers(0, 3, n)),
        ]
        write_lines(out, columns, ";", "\r\n")


def generate(deals: int, out: Path, seed: int = SEED) -> Path:
    """Write exports and config of ``deals`` deals and twice as many calls; returns ``out``."""
    rng = np.random.default_rng([seed, deals])
    exports = out / "exports"
    exports.mkdir(parents=True, exist_ok=True)
    made = make_deals(deals, rng)
    moments = Moments(TODAY - s.SPAN_DAYS, TODAY + 1)
    with (exports / s.DEALS_FILE).open("wb") as file:
        write_deals(file, made, moments, rng)
    calls = make_calls(made, 2 * deals, rng)
    del made
    with (exports / s.CALLS_FILE).open("wb") as file:
        _write_calls(file, calls, moments, rng)
    (out / s.CONFIG_FILE).write_text(s.config_text(deals), encoding="utf-8")
    return out


def command_line(description: str, make: Callable[[int, Path, int], Path]) -> None:
    """Run a generator of any size: ``--deals``, ``--out``, ``--seed``."""
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--deals", type=int, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=SEED)
    args = parser.parse_args()
    make(args.deals, args.out, args.seed)


if __name__ == "__main__":
    command_line("Invented exports of any size.", generate)
