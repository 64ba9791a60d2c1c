"""The invented department of the benchmark: people, pipelines, norms, and its funnelkpi.yaml."""

from __future__ import annotations

from datetime import date, datetime

AS_OF = datetime(2026, 11, 15, 23, 59, 59)
"""The moment all three programs look from (``--as-of 2026-11-15``): a Sunday, after a full week."""
EXPORT_DAY = date(2026, 11, 16)
SPAN_DAYS = 1096
"""Deals are created in the three years before ``AS_OF``."""

DEALS_FILE = f"amocrm_export_leads_{EXPORT_DAY:%Y-%m-%d}.csv"
CALLS_FILE = f"calls_detail_{EXPORT_DAY:%Y%m%d}.csv"
EVENTS_FILE = "events.csv"
RINGING_FILE = f"pbx_{EXPORT_DAY:%Y%m%d}.csv"
CONFIG_FILE = "funnelkpi.yaml"

_FIRST = (
    "Антон", "Борис", "Вадим", "Глеб", "Денис", "Егор", "Захар", "Игорь", "Кирилл", "Лев",
    "Марат", "Никита", "Олег", "Павел", "Роман",
)  # fmt: skip
_LAST = (
    "Аврелин", "Бортников", "Вихлянцев", "Гранитов", "Дольский", "Ельцов", "Жаворонин", "Заречин",
    "Илларин", "Колодин", "Ладогин", "Мостовин", "Незорин", "Опалин", "Прудников", "Рябинский",
    "Сухоборов", "Тальнов", "Урочин", "Фонарёв", "Хворостин", "Цепков", "Челноков", "Шатунин",
    "Щедролюб", "Эльбрусов", "Юргин", "Яхонтин", "Ясенев", "Яровин",
)  # fmt: skip
MANAGERS = tuple(f"{_FIRST[i % len(_FIRST)]} {last}" for i, last in enumerate(_LAST))
DEPARTMENTS = ("Север", "Центр", "Юг")
ROLES = ("менеджер", "старший менеджер")


def department(manager: int) -> str:
    """Department of the manager with this number."""
    return DEPARTMENTS[manager % len(DEPARTMENTS)]


def role(manager: int) -> str:
    """Role of the manager with this number."""
    return ROLES[manager % 5 == 0]


PIPELINES = (("sales", "Продажи"), ("partners", "Партнёры"))
INCOMING, PARKED = "Неразобранное", "Отложено"
WON, LOST = "Успешно реализовано", "Закрыто и не реализовано"
OPEN_STAGES = (
    ("base", "База", 14, None),
    ("decision_maker", "ЛПР", 10, "Дата: ЛПР"),
    ("needs", "Потребность", 7, "Дата: Потребность"),
    ("proposal", "КП отправлено", 5, "Дата: КП"),
    ("closing", "Дожим", 14, "Дата: Дожим"),
)
"""Key, name, limit in days, column with the date of entry; rank 1.. in this order."""
STAGE_COUNT = len(OPEN_STAGES)
NORM_SHARES = (0.8, 0.5, 0.33, 0.24, 0.14)
"""Norm of entries per manager, stage and week, as a share of the deals a manager gets in a week."""


def norms(deals: int) -> list[tuple[str, int, int]]:
    """(stage, normal, great) for a data set of that size: whole numbers near what managers do."""
    weekly = deals * 0.75 / SPAN_DAYS * 7 / len(MANAGERS)
    normal = [max(1, round(weekly * share)) for share in NORM_SHARES]
    return [
        (stage[0], n, max(n + 1, round(n * 1.3)))
        for stage, n in zip(OPEN_STAGES, normal, strict=True)
    ]


RINGING = """\
inputs:
  files:
    - match: "pbx_*"
      kind: calls
      crm: generic
      columns:
        called_at: Дата и время
        direction: Направление
        phone: Номер клиента
        employee: Сотрудник
        line: Линия
        talk_seconds: Разговор
        outcome: Статус
        call_id: ID звонка
        recording: Запись
        result: Результат
calls: {conversation_seconds: 30, at_stage: {closing: 3}}
"""


def config_text(deals: int, *, dated: bool = True, ringing: bool = False) -> str:
    """The funnelkpi.yaml that fits the generated exports.

    dated: stages have their date columns and limits; else their entries come from events, and no
    list of stalled deals is asked for. ringing: the calls are those of a telephony provider.
    """
    lines = [
        "version: 1",
        "time_zone: Europe/Moscow",
        "currency: RUB",
        "conversion: {window: 90, maturity: 30, skipped: passed}",
        f"stalled: {{silent_days: 14, warn_days: 3, too_old: {str(dated).lower()}}}",
        *(RINGING.splitlines() if ringing else ["calls: {conversation_seconds: 30}"]),
        "pipelines:",
    ]
    for key, title in PIPELINES:
        lines += [f"  - key: {key}", f"    title: {title}", "    stages:"]
        lines.append(f"      - {{key: incoming, title: {INCOMING}, kind: incoming}}")
        for stage, name, limit, column in OPEN_STAGES:
            column_of = f', date_column: "{column}"' if column and dated else ""
            days = limit if dated else "null"
            lines.append(f"      - {{key: {stage}, title: {name}, limit: {days}{column_of}}}")
        lines.append(f"      - {{key: won, title: {WON}, kind: won}}")
        lines.append(f"      - {{key: lost, title: {LOST}, kind: lost}}")
        lines.append(f"      - {{key: parked, title: {PARKED}, kind: parked}}")
    lines.append("managers:")
    for i, name in enumerate(MANAGERS):
        lines.append(f"  - {{name: {name}, department: {department(i)}, role: {role(i)}}}")
    lines.append("norms:")
    for stage, normal, great in norms(deals):
        lines.append(
            f"  - {{metric: entries, stage: {stage}, pipeline: sales, per: week, "
            f"normal: {normal}, great: {great}}}"
        )
    return "\n".join(lines) + "\n"
