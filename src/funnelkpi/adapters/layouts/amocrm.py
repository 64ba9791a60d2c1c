"""amoCRM (Kommo abroad): deals as CSV, XLSX, import template and API dump; users, pipelines, calls.

Captions in Russian, Portuguese and Spanish are those of real files; the English ones are what the
other languages suggest (no English file is known).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from funnelkpi.adapters.captions import caption_keys, stage_key
from funnelkpi.adapters.cells.texts import Coded
from funnelkpi.adapters.interface import Kind, Layout, Rule

_TITLE = caption_keys(
    "Название сделки", "Lead título", "Nombre del lead", "Lead title", "Название (сделка)"
)
_STAGE = caption_keys(
    "Этап сделки", "Etapa do lead", "Estatus del lead", "Lead stage", "Lead status",
    "Этап (сделка)", "Статус (сделка)",
)  # fmt: skip
_OLD_STAGE = caption_keys("Статус сделки", "Этап", "Статус")
_PHONES = (
    "Рабочий телефон", "Рабочий прямой телефон", "Мобильный телефон", "Домашний телефон",
    "Другой телефон", "Telefone comercial", "Tel. direto com.", "Celular", "Telefone residencial",
    "Outro telefone", "Teléfono oficina", "Teléfono oficina directo", "Teléfono celular",
    "Teléfono de casa", "Otro teléfono",
)  # fmt: skip
_SUFFIXES = ("", " (контакт)", " (contato)", " (contacto)")
_CREATED_CSV = caption_keys(
    "Дата создания сделки", "Criado em", "Fecha de Creación", "Дата создания (сделка)"
)
_CREATED_XLSX = caption_keys("Дата создания", "Data Criada", "Fecha de creación", "Created at")

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "deal_id": caption_keys("ID", "ID сделки"),
    "title": _TITLE,
    "pipeline": caption_keys(
        "Воронка", "Funil de vendas", "Embudo de ventas", "Pipeline", "Воронка (сделка)"
    ),
    "stage": (*_STAGE, *_OLD_STAGE, *caption_keys("Стадия сделки", "Стадия")),
    "owner": caption_keys(
        "Ответственный", "Usuário responsável", "Lead usuário responsável", "Respons. usuario",
        "Usuario responsable", "Responsible user", "Ответственный за сделку",
    ),
    "creator": caption_keys(
        "Кем создана сделка", "Кем создана", "Criado por", "Creado por", "Created by"
    ),
    "amount": caption_keys(
        "Бюджет", "Venda", "Lead venda", "Presupuesto", "Sale", "Бюджет сделки",
        "Бюджет руб. (сделка)", "Бюджет (сделка)",
    ),
    "currency": caption_keys("Валюта"),
    "created_at": (*_CREATED_CSV, *_CREATED_XLSX),
    "modified_at": caption_keys(
        "Дата редактирования", "Дата изменения", "modificada em", "Última modificação",
        "Fecha de modificación", "Last modified",
    ),
    "closed_at": caption_keys(
        "Дата закрытия", "Fechado às", "Fechada em", "Fecha de cierre", "Cerrado en", "Closed at"
    ),
    "next_task_at": caption_keys(
        "Ближайшая задача", "Próxima tarefa", "Tarea más próxima", "Closest task"
    ),
    "loss_reason": caption_keys(
        "Причина отказа", "Причина проигрыша", "Причина закрытия", "Причина потери",
        "Причина отказа (сделка)", "Motivo da perda",
    ),
    "source": caption_keys("Источник", "Источник сделки", "Источник (сделка)", "Fonte", "Fuente"),
    "tags": caption_keys(
        "Теги сделки", "Теги", "Lead tags", "Tags", "Etiquetas del lead", "Etiquetas",
        "Тег сделки",
    ),
    "contact": caption_keys(
        "Полное имя контакта", "Основной контакт", "Nome completo", "Contato principal",
        "Nombre completo", "Contacto principal", "Полное имя (контакт)",
    ),
    "company": caption_keys(
        "Компания", "Empresa lead 's", "Compañía del lead", "Компания контакта",
        "Название (компания)",
    ),
    "phone": caption_keys(*(p + s for s in _SUFFIXES for p in _PHONES)),
}  # fmt: skip
_AMOUNT_PREFIXES = {"amount": ("бюджет", "lead venda", "presupuesto")}
# a contact's column of the same name stands before the deal's: the last filled is the deal's
_CSV_RULES: Mapping[str, Rule] = {
    "phone": "join",
    "source": "last_filled",
    "loss_reason": "last_filled",
}
_XLSX_RULES: Mapping[str, Rule] = {
    "phone": "join",
    "source": "first_filled",
    "loss_reason": "first_filled",
}
_NEEDS = (("deal_id",), ("stage",))
_XLSX_MARKS = caption_keys(
    "Основной контакт", "Contato principal", "Contacto principal", "Теги сделки", "Lead tags",
    "Etiquetas del lead", "Ближайшая задача", "Próxima tarefa", "Data Criada",
)  # fmt: skip
_AMO_MARKS = caption_keys(
    "Дата создания сделки", "Кем создана сделка", "Дата закрытия", "Дата редактирования",
    "Fechado às", "Fechada em", "Ответственный за контакт", "Компания контакта",
    "Ответственный за сделку", "Дата создания (сделка)", "Тег сделки", "Бюджет",
)  # fmt: skip

_API_DEALS: Mapping[str, tuple[str, ...]] = {
    "deal_id": ("id",),
    "title": ("name",),
    "amount": ("price", "sale"),
    "stage_code": ("status_id",),
    "pipeline_id": ("pipeline_id",),
    "pipeline": ("pipeline_name", "pipeline.name"),
    "stage": ("status_name", "status.name"),
    "owner_id": ("responsible_user_id",),
    "owner": ("responsible_user_name", "responsible_user.name"),
    "creator_id": ("created_by",),
    "created_at": ("created_at",),
    "modified_at": ("updated_at",),
    "closed_at": ("closed_at",),
    "next_task_at": ("closest_task_at",),
    "loss_reason": (
        "loss_reason_name", "loss_reason", "loss_reason.name", "_embedded.loss_reason.name",
        "_embedded.loss_reason",
    ),
    "loss_reason_id": ("loss_reason_id",),
    "source_id": ("source_id",),
    "tags": ("tags", "_embedded.tags", "_embedded.tags.name"),
    "contact": ("contact_name", "main_contact.name", "_embedded.contacts.name", "contact_id"),
    "company": ("company_name", "company.name", "_embedded.companies.name", "company_id"),
}  # fmt: skip
_API_CALLS: Mapping[str, tuple[str, ...]] = {
    "called_at": ("created_at",),
    "employee": ("responsible_user_name", "call_responsible", "params.call_responsible"),
    "employee_id": ("responsible_user_id", "created_by"),
    "phone": ("phone", "params.phone"),
    "direction": ("direction", "note_type"),
    "note_type": ("note_type",),
    "talk_seconds": ("duration", "params.duration"),
    "outcome": ("call_status", "params.call_status"),
    "deal_id": ("entity_id",),
    "deal_entity": ("entity_type",),
    "call_id": ("uniq", "params.uniq", "id"),
    "result": ("call_result", "params.call_result"),
    "recording": ("link", "params.link"),
}
_EVENTS: Mapping[str, tuple[str, ...]] = {
    "changed_at": caption_keys("Дата", "Дата и время", "Date", "date_create"),
    "actor": caption_keys("Автор", "Author"),
    "deal_entity": caption_keys("Объект", "Object", "Тип объекта", "entity_type"),
    "title": caption_keys("Название", "Name", "Название сделки", "Название объекта"),
    "event": caption_keys("Событие", "Event"),
    "event_code": caption_keys("Тип события", "Код события", "Event type", "type"),
    "value_before": caption_keys("Значение до", "Значения до", "Value before", "value_before"),
    "value_after": caption_keys(
        "Значение после", "Значения после", "Value after", "value_after"
    ),
    "deal_link": caption_keys("Ссылка", "Ссылка на объект", "Ссылка на сделку", "Link", "URL"),
    "deal_id": caption_keys("ID объекта", "ID сделки", "Object ID", "Deal ID", "entity_id"),
    "event_id": caption_keys("ID события", "Event ID"),
}  # fmt: skip
_API_EVENTS: Mapping[str, tuple[str, ...]] = {
    "event_id": ("id",),
    "event_code": ("type",),
    "deal_id": ("entity_id",),
    "deal_entity": ("entity_type",),
    "actor_id": ("created_by",),
    "changed_at": ("created_at",),
    "value_before": ("value_before",),
    "value_after": ("value_after",),
}


def _api(
    kind: Kind, signature: tuple[tuple[str, ...], ...], columns: Mapping[str, tuple[str, ...]],
    without: tuple[str, ...] = (), needs: tuple[tuple[str, ...], ...] = (),
    rules: Mapping[str, Rule] | None = None,
) -> Layout:  # fmt: skip
    return Layout(
        "amocrm-api", "amocrm", kind, signature, columns, without, rules=rules or {}, needs=needs
    )


LAYOUTS: tuple[Layout, ...] = (
    _api(
        "history",
        (("type",), ("entity_id",), ("created_at",), ("value_after",)),
        _API_EVENTS,
        without=caption_keys("Событие"),
    ),
    Layout(
        "amocrm-events", "amocrm", "history",
        (_EVENTS["changed_at"], (*_EVENTS["event"], *_EVENTS["event_code"]),
         _EVENTS["value_after"]),
        _EVENTS,
    ),
    _api(
        "deals",
        (("id",), ("status_id",), ("pipeline_id",), ("price", "responsible_user_id")),
        _API_DEALS,
        needs=(("deal_id",), ("stage_code", "stage")),
    ),
    _api(
        "calls",
        (("note_type", "direction"), ("duration", "params.duration"), ("phone", "params.phone"),
         ("created_at",)),
        _API_CALLS,
        rules={"call_id": "first_filled", "recording": "first_filled"},
    ),
    _api(  # the JSON reader's table of /leads/pipelines: one row per status
        "stages",
        (("status_id",), ("status_name",), ("pipeline_id",), ("pipeline_name",)),
        {"id": ("status_id",), "name": ("status_name",), "pipeline_id": ("pipeline_id",),
         "pipeline_name": ("pipeline_name",)},
        without=("price", "responsible_user_id", "id"),
    ),
    _api(
        "stages",
        (("id",), ("name",), ("pipeline_id",), ("sort", "type", "color", "is_editable")),
        {"id": ("id",), "name": ("name",), "pipeline_id": ("pipeline_id",)},
        without=("price", "status_id"),
    ),
    _api(
        "stages",
        (("id",), ("name",), ("is_main", "is_unsorted_on", "is_archive", "_embedded.statuses",
                              "statuses")),
        {"id": ("id",), "name": ("name",), "statuses": ("_embedded.statuses", "statuses")},
        without=("pipeline_id", "price", "email"),
    ),
    _api(
        "users",
        (("id",), ("name",), ("email", "lang", "rights", "rights.is_active", "login")),
        {"id": ("id",), "name": ("name",)},
        without=("last_name", "price", "status_id"),
    ),
    Layout(
        "amocrm-xlsx", "amocrm", "deals", (_STAGE, _XLSX_MARKS),
        {**_COLUMNS, "created_at": (*_CREATED_XLSX, *_CREATED_CSV)},
        without=caption_keys("Дата создания сделки", "Полное имя контакта", "Criado em"),
        prefixes=_AMOUNT_PREFIXES, rules=_XLSX_RULES, needs=_NEEDS,
    ),
    Layout(
        "amocrm-csv", "amocrm", "deals", (_STAGE,), _COLUMNS,
        prefixes=_AMOUNT_PREFIXES, rules=_CSV_RULES, needs=_NEEDS,
    ),
    Layout(
        "amocrm-csv", "amocrm", "deals", (_TITLE, _AMO_MARKS), _COLUMNS,
        without=caption_keys("Стадия сделки"),
        prefixes=_AMOUNT_PREFIXES, rules=_CSV_RULES, needs=_NEEDS,
    ),
)  # fmt: skip

FORCED: tuple[Layout, ...] = (LAYOUTS[-1],)
"""Tried with ``crm: amocrm`` when no signature fits."""

CODE_NAMES = {"142": "Успешно реализовано", "143": "Закрыто и не реализовано"}
FURTHER_LOST = frozenset({stage_key("Perdido")})
"""Lost stages beside the built-in ones of ``config.known_stages``."""


@dataclass(frozen=True)
class StageNames:
    """Stage names (``stage_key``) of the config and the CRM: the lost ones, and all others."""

    lost: frozenset[str] = frozenset()
    other: frozenset[str] = frozenset()


def split_loss_reason(
    stages: Coded, closed: npt.NDArray[np.bool_] | None, names: StageNames
) -> tuple[Coded, Coded]:
    """Stages without the loss reason amoCRM glues to the lost one, and the reasons.

    ``<lost stage> (<reason>)`` is cut at the first `` (`` after the stage's name and at the last
    ``)``: reasons have brackets of their own. Other stages may have brackets too, so a name unknown
    to the config and to amoCRM is cut only if every deal with this text is closed.
    """
    texts = stages.texts()
    always_closed = _always(stages, closed, len(texts))
    lost = names.lost | FURTHER_LOST
    pairs = [
        _split(t, lost, names.other, bool(c)) for t, c in zip(texts, always_closed, strict=True)
    ]
    return stages.mapped([p[0] for p in pairs]), stages.mapped([p[1] for p in pairs])


def _always(stages: Coded, closed: npt.NDArray[np.bool_] | None, n: int) -> npt.NDArray[np.bool_]:
    if closed is None:
        return np.zeros(n, bool)
    known = stages.codes >= 0
    rows = np.bincount(stages.codes[known], minlength=n)
    closed_rows = np.bincount(stages.codes[known & closed], minlength=n)
    out: npt.NDArray[np.bool_] = (rows > 0) & (rows == closed_rows)
    return out


def _split(
    text: str, lost: frozenset[str], other: frozenset[str], closed: bool
) -> tuple[str, str | None]:
    whole = stage_key(text)
    if not text.endswith(")") or " (" not in text or whole in lost or whole in other:
        return text, None
    cuts = [i for i in range(len(text)) if text.startswith(" (", i)]
    named = [i for i in cuts if stage_key(text[:i]) in lost]
    if not named and not closed:
        return text, None
    cut = named[-1] if named else cuts[0]
    return text[:cut].rstrip(), text[cut + 2 : -1].strip() or None
