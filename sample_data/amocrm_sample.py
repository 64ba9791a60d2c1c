"""What an amoCRM export shows of the world: a snapshot with a date column per stage."""

from __future__ import annotations

from datetime import datetime, timedelta
from random import Random
from typing import Any

from sample_data.amocrm_layout import write_amocrm_csv
from sample_data.people import AS_OF
from sample_data.records import INBOUND, RENAMED, Deal, World

STAGES = {
    "incoming": "Неразобранное", "base": "База", "lpr": "ЛПР", "needs": "Потребность",
    "proposal": "КП отправлено", "closing": "Дожим", "parked": "Отложено", "request": "Заявка",
    "estimate": "Расчёт", "contract": "Договор", "won": "Успешно реализовано",
    "lost": "Закрыто и не реализовано",
}  # fmt: skip
OLD_CLOSING, UNKNOWN_STAGE = "Согласование договора", "Архив 2024"
PIPELINES = {"sales": "Продажи", "service": "Сервис и тендеры"}
DATES = {
    "lpr": "Дата: ЛПР", "needs": "Дата: Потребность", "proposal": "Дата: КП",
    "closing": "Дата: Дожим", "estimate": "Дата: Расчёт", "contract": "Дата: Договор",
}  # fmt: skip
FIELDS = ("Категория компании", "Источник", "Прежний ответственный", "Город", *DATES.values())
QUEUE = "Биржа заявок"  # a user who is nobody: requests wait under his name
FILE = "amocrm_export_leads_2026-11-16.csv"
_NOTES = (
    "Просит перезвонить после 15:00\nСекретарь не соединяет", "=СКИДКА 5 % согласована",
    'Ждут ответа от "головного офиса", потом решат', "-10 % не предлагать",
    "Отправлено КП\\спецификация",
)  # fmt: skip


def rows(world: World) -> list[dict[str, Any]]:
    """Rows of the file in its order (by ID descending), the doubled ones twice."""
    rng = Random("amocrm")
    out = []
    for deal in sorted((*world.deals, *world.incoming), key=lambda d: d.amo_id):
        row = _row(rng, deal)
        out += [row] * (2 if "duplicate" in deal.flags else 1)
    out[-1] = out[-1] | {"edited": AS_OF, "editor": None}  # a robot, just before the export
    return out[::-1]


def write(world: World, folder: Any) -> None:
    """The export file."""
    write_amocrm_csv(folder / FILE, rows(world), fields=FIELDS)


def stage_name(deal: Deal) -> str:
    """The stage as the file names it."""
    if "unknown_stage" in deal.flags:
        return UNKNOWN_STAGE
    if deal.stage == "closing" and deal.events[-1][0] < RENAMED:
        return OLD_CLOSING
    return STAGES[deal.stage]


def _row(rng: Random, deal: Deal) -> dict[str, Any]:
    closed = deal.events[-1][0] if deal.stage in ("won", "lost") else None
    created, creator = deal.created, deal.former_owner or deal.owner
    if "closed_before_created" in deal.flags and closed:
        created = closed + timedelta(days=3, hours=2)  # brought over from a table after the sale
    if "future_created" in deal.flags:
        created = datetime(2027, 3, 2, 11, 40, 0)
    if "unknown_stage" in deal.flags:
        closed = None
    dates: dict[str, Any] = {DATES[s]: deal.entered(s) for s in DATES if deal.entered(s)}
    if "future_stage_date" in deal.flags:
        dates[DATES["proposal"]] = datetime(2062, 11, 12, 12, 0, 0)
    touched = max(deal.events[-1][0], deal.last_activity or deal.created)
    edited = min(touched + timedelta(minutes=rng.randint(1, 600)), AS_OF - timedelta(seconds=40))
    owner, client = deal.shown_owner, deal.client
    name = owner.name if owner else QUEUE if deal.stage == "incoming" else ""
    rate = {"USD": 90, "EUR": 100}.get(deal.currency, 1)
    by_form = deal.source in INBOUND
    return {
        "id": deal.amo_id,
        "title": deal.title,
        "budget": None if deal.amount is None else deal.amount * rate,
        "owner": name,
        "created": created,
        "creator": None if by_form or creator is None else creator.name,
        "edited": edited,
        "editor": name if rng.random() < 0.7 else None,
        "closed": closed,
        "tags": deal.tags,
        "notes": (rng.choice(_NOTES),) if rng.random() < 0.12 else (),
        "stage": stage_name(deal),
        "loss_reason": None if "unknown_stage" in deal.flags else deal.loss_reason,
        "pipeline": PIPELINES[deal.pipeline],
        "contact": client.contact,
        "contact_company": client.company,
        "contact_owner": name,
        "company": client.company,
        "work_phone": client.phone,
        "work_email": client.email,
        "contact_fields": {"Должность": client.position, "Город": client.city},
        "fields": {
            "Категория компании": client.category,
            "Источник": deal.source,
            "Прежний ответственный": deal.former_owner.name if deal.former_owner else None,
            "Город": client.city,
            **dates,
        },
        "utm_source": rng.choice(("yandex", "direct")) if deal.source == "Веб-сайт" else None,
    }
