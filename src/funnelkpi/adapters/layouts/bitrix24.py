"""Bitrix24: lists of deals and leads, telephony detail, REST and BI dumps, users, statuses.

Captions in Russian (now and older), English and Brazilian Portuguese. The export has no actual
close date: CLOSEDATE is the plan until the deal is closed.
"""

from __future__ import annotations

from collections.abc import Mapping

from funnelkpi.adapters.captions import caption_keys, stage_key
from funnelkpi.adapters.interface import Kind, Layout, Rule

_PHONES = (
    "Рабочий телефон", "Мобильный телефон", "Домашний телефон", "Телефон для рассылок",
    "Другой телефон", "Work Phone", "Mobile Phone", "Mobile", "Home Phone", "Other Phone",
    "Phone", "Телефон", "Telefone comercial", "Celular",
)  # fmt: skip
_COMMON: Mapping[str, tuple[str, ...]] = {
    "deal_id": ("id",),
    "pipeline": caption_keys("Воронка", "Направление", "Pipeline", "Funil", "Pipeline do negócio"),
    "previous_stage": caption_keys("Предыдущая стадия", "Previous stage"),
    "owner": caption_keys("Ответственный", "Responsible", "Responsible person", "Responsável"),
    "creator": caption_keys("Кем создана", "Кем создан", "Created by", "Criado por"),
    "amount": caption_keys("Сумма", "Income", "Total", "Amount", "Renda"),
    "currency": caption_keys("Валюта", "Currency", "Moeda"),
    "created_at": caption_keys("Дата создания", "Created", "Created on", "Criado", "Criado em"),
    "modified_at": caption_keys(
        "Дата изменения", "Modified", "Modified on", "Modificado", "Modificado em"
    ),
    "stage_changed_at": caption_keys("Дата изменения стадии", "Stage change date"),
    "planned_close_at": caption_keys(
        "Предполагаемая дата закрытия", "Дата закрытия", "Assumed close date",
        "Expected close date", "Data estimada de fechamento",
    ),
    "last_activity_at": caption_keys("Последняя активность", "Last activity"),
    "last_communication_at": caption_keys("Дата последней коммуникации", "Last communication"),
    "closed": caption_keys("Сделка закрыта", "Closed", "Negócio fechado", "Fechado"),
    "loss_reason": caption_keys(
        "Причина отказа", "Причина провала", "Причина проигрыша", "Причина закрытия"
    ),
    "source": caption_keys("Источник", "Source", "Origem", "Fonte"),
    "contact": caption_keys("Контакт", "Contact", "Contato"),
    "company": caption_keys("Компания", "Company", "Empresa"),
    "lead_id": caption_keys("Лид", "ID лида", "Lead"),
    "phone": caption_keys(
        *(f"{who}{p}" for who in ("Контакт: ", "Contact: ", "Contato: ") for p in _PHONES),
        *(f"{who}{p}" for who in ("Компания: ", "Company: ", "Empresa: ") for p in _PHONES),
    ),
}  # fmt: skip
_DEALS: Mapping[str, tuple[str, ...]] = {
    **_COMMON,
    "title": caption_keys("Название сделки", "Deal Name", "Nome do negócio", "Название заявки"),
    "stage": caption_keys(
        "Стадия сделки", "Deal stage", "Stage", "Fase", "Стадия", "Стадия заявки"
    ),
}
_LEADS: Mapping[str, tuple[str, ...]] = {
    **_COMMON,
    "title": caption_keys("Название лида", "Lead Name", "Nome do lead"),
    "stage": caption_keys("Стадия", "Статус", "Stage", "Status", "Fase"),
    "contact": caption_keys("Контакт", "Полное имя", "Contact", "Фамилия", "Last Name"),
    "company": caption_keys("Название компании", "Компания", "Company Name"),
    "phone": caption_keys(*_PHONES),
}
_NEEDS = (("deal_id",), ("stage",))
_DEAL_MARKS = caption_keys(
    "Сделка закрыта", "Предполагаемая дата закрытия", "Дата изменения стадии", "Повторная сделка",
    "Повторное обращение", "Предыдущая стадия", "Дополнительно об источнике", "Путь клиента",
)  # fmt: skip
_RULES: Mapping[str, Rule] = {"phone": "join"}

_CALLS: Mapping[str, tuple[str, ...]] = {
    "called_at": caption_keys("Дата вызова", "Call date", "Data da chamada"),
    "employee": caption_keys("Сотрудник", "Employee", "Colaborador"),
    "phone": caption_keys("Номер телефона", "Phone", "Phone number", "Telefone"),
    "direction": caption_keys("Тип звонка", "Call type", "Tipo de chamada"),
    "talk_seconds": caption_keys("Время звонка", "Call duration", "Duração da chamada"),
    "outcome": ("статус", "status"),
    "line": caption_keys(
        "Номер в Битрикс24", "Номер портала", "Bitrix24 phone", "Telefone Bitrix24"
    ),
    "client": ("crm",),
    "result": caption_keys("Комментарий", "Comment", "Observação"),
}
_API_CALLS: Mapping[str, tuple[str, ...]] = {
    "called_at": ("call_start_date", "call_start_time"),
    "employee": ("portal_user_name", "portal_user"),
    "employee_id": ("portal_user_id",),
    "phone": ("phone_number",),
    "direction": ("call_type",),
    "talk_seconds": ("call_duration",),
    "outcome": (
        "call_failed_code", "call_status_code", "call_status_code_id", "call_status_code_name",
        "call_failed_reason",
    ),
    "deal_id": ("crm_entity_id",),
    "deal_entity": ("crm_entity_type",),
    "call_id": ("call_id",),
    "line": ("portal_number",),
    "result": ("comment",),
    "recording": ("call_record_url", "record_file_id"),
}  # fmt: skip
_API_CALL_RULES: Mapping[str, Rule] = {"recording": "first_filled", "outcome": "first_filled"}

_API: Mapping[str, tuple[str, ...]] = {
    "deal_id": ("id",),
    "title": ("title",),
    "pipeline": ("category_name",),
    "pipeline_id": ("category_id", "categoryid", "category"),
    "previous_stage": ("previous_stage_id", "previousstageid"),
    "owner": ("assigned_by_name",),
    "owner_id": ("assigned_by_id", "assignedbyid", "assigned_by"),
    "creator": ("created_by_name",),
    "creator_id": ("created_by_id", "createdby", "created_by"),
    "amount": ("opportunity",),
    "currency": ("currency_id", "currencyid", "currency"),
    "created_at": ("date_create", "createdtime", "created_time"),
    "modified_at": ("date_modify", "updatedtime", "updated_time"),
    "stage_changed_at": ("moved_time", "movedtime"),
    "last_activity_at": ("last_activity_time", "lastactivitytime"),
    "last_communication_at": ("last_communication_time", "lastcommunicationtime"),
    "closed": ("closed",),
    "source": ("source_name",),
    "source_id": ("source_id", "sourceid", "source"),
    "contact": ("contact_name", "contact_id", "contactid"),
    "company": ("company_name", "company_title", "company_id", "companyid"),
    "lead_id": ("lead_id", "leadid"),
}
_API_DEALS: Mapping[str, tuple[str, ...]] = {
    **_API,
    "stage_code": ("stage_id", "stageid", "stage"),
    "stage": ("stage_name",),
    "semantics": ("stage_semantic_id", "stagesemanticid", "stage_semantic"),
    "planned_close_at": ("closedate", "close_date"),
}
_API_LEADS: Mapping[str, tuple[str, ...]] = {
    **_API,
    "stage_code": ("status_id", "statusid", "stageid", "stage_id"),
    "stage": ("status_name",),
    "semantics": ("status_semantic_id", "statussemanticid"),
    "closed_at": ("date_closed", "dateclosed"),
}
_API_NEEDS = (("deal_id",), ("stage_code", "stage"))
_API_MARKS = (
    "assigned_by_id", "assignedbyid", "assigned_by_name", "date_create", "createdtime",
    "opportunity", "category_id", "categoryid",
)  # fmt: skip
_NOT_LISTS = ("owner_id", "deal_id", "entity_id", "semantics")  # stage history, statuses
_HISTORY: Mapping[str, tuple[str, ...]] = {
    "event_id": ("id",),
    "record_type": ("type_id", "typeid"),
    "owner": ("assigned_by_name",),
    "owner_id": ("assigned_by_id", "assigned_by"),
    "pipeline": ("category_name",),
    "pipeline_id": ("category_id", "categoryid", "category"),
}
_DEAL_STEPS: Mapping[str, tuple[str, ...]] = {
    "stage_code": ("stage_id", "stageid", "stage"),
    "stage": ("stage_name",),
}
_LEAD_STEPS: Mapping[str, tuple[str, ...]] = {
    "stage_code": ("status_id", "statusid", "status"),
    "stage": ("status_name",),
}
_BI_AT = ("date_create", "start_date")
_REST_AT = ("created_time", "createdtime")


def _steps(
    name: str, steps: Mapping[str, tuple[str, ...]], deal: tuple[str, ...], at: tuple[str, ...],
) -> Layout:  # fmt: skip
    """Stage history: of BI (``crm_deal_stage_history``) or of REST (crm.stagehistory.list)."""
    columns = {**_HISTORY, **steps, "deal_id": deal, "changed_at": at}
    return Layout(
        name, "bitrix24", "history",
        (deal, _HISTORY["record_type"], (*steps["stage_code"], *steps["stage"]), at), columns,
        without=("opportunity", "entity_id"),
    )  # fmt: skip


def _list(
    kind: Kind, columns: Mapping[str, tuple[str, ...]], *signature: tuple[str, ...]
) -> Layout:
    without = caption_keys("Название лида") if kind == "deals" else ()
    return Layout(
        "bitrix24-list",
        "bitrix24",
        kind,
        signature,
        columns,
        without,
        rules=_RULES,
        needs=_NEEDS,
    )


LAYOUTS: tuple[Layout, ...] = (
    _steps("bitrix24-bi", _DEAL_STEPS, ("deal_id",), _BI_AT),
    _steps("bitrix24-bi", _LEAD_STEPS, ("lead_id",), _BI_AT),
    _steps("bitrix24-api", _DEAL_STEPS, ("owner_id", "ownerid"), _REST_AT),
    _steps("bitrix24-api", _LEAD_STEPS, ("owner_id", "ownerid"), _REST_AT),
    Layout(
        "bitrix24-telephony", "bitrix24", "calls",
        (_CALLS["called_at"], _CALLS["direction"], _CALLS["talk_seconds"]), _CALLS,
    ),
    Layout(
        "bitrix24-bi", "bitrix24", "calls",
        (("call_type",), ("call_duration",), ("call_start_time",)), _API_CALLS,
        rules=_API_CALL_RULES,
    ),
    Layout(
        "bitrix24-api", "bitrix24", "calls",
        (("call_type",), ("call_duration",), ("call_start_date",)), _API_CALLS,
        rules=_API_CALL_RULES,
    ),
    Layout(
        "bitrix24-bi", "bitrix24", "deals",
        (("id",), ("stage_id", "stage"), ("assigned_by_name",), ("date_create",)), _API_DEALS,
        without=_NOT_LISTS, needs=_API_NEEDS,
    ),
    Layout(
        "bitrix24-api", "bitrix24", "deals",
        (("stage_id", "stageid"), _API_MARKS), _API_DEALS,
        without=(*_NOT_LISTS, "status_id"), needs=_API_NEEDS,
    ),
    Layout(
        "bitrix24-api", "bitrix24", "leads",
        (("status_id", "statusid"), ("assigned_by_id", "date_create", "status_semantic_id")),
        _API_LEADS, without=(*_NOT_LISTS, "pipeline_id", "stage_id"), needs=_API_NEEDS,
    ),
    Layout(
        "bitrix24-api", "bitrix24", "stages", (("entity_id",), ("status_id",), ("name",)),
        {"id": ("status_id",), "name": ("name",), "entity": ("entity_id",)},
    ),
    Layout(
        "bitrix24-categories", "bitrix24", "stages",
        (("id",), ("name",), ("entitytypeid", "entity_type_id", "is_locked", "isdefault",
                              "is_default")),
        {"id": ("id",), "name": ("name",)},
        without=("status_id", "email", "pipeline_id"),
    ),
    Layout(
        "bitrix24-api", "bitrix24", "users", (("id",), ("last_name",), ("name",)),
        {"id": ("id",), "name": ("name",), "last_name": ("last_name",)},
        without=("status_id", "title", "responsible_user_id", "assigned_by_id", "has_phone", "post"),
    ),
    _list("leads", _LEADS, caption_keys("Название лида")),
    _list("leads", _LEADS, caption_keys("Lead Name", "Nome do lead"), _LEADS["stage"]),
    _list("deals", _DEALS, caption_keys("Стадия сделки")),
    _list("deals", _DEALS, caption_keys("Название сделки"), _DEAL_MARKS),
    _list("deals", _DEALS, caption_keys("Deal Name"), caption_keys("Stage", "Deal stage")),
    _list("deals", _DEALS, caption_keys("Nome do negócio"), caption_keys("Fase", "Renda")),
)  # fmt: skip

FORCED: tuple[Layout, ...] = (_list("deals", _DEALS), _list("leads", _LEADS))
"""Tried with ``crm: bitrix24`` when no signature fits."""

PRODUCT_CAPTIONS = (
    caption_keys("Товар", "Цена", "Количество"),
    caption_keys("Product", "Price", "Quantity"),
    caption_keys("Produto", "Preço", "Quantidade"),
)
"""All three of a language: one row per product of a deal."""

FILE_NAME = (
    r"(?P<entity>[A-Za-z0-9_]+)_(?P<day>\d{8})_[0-9a-f]{8}_(?P<uniqid>[0-9a-f]{13})"
    r"(?: ?\(\d+\))?\.[A-Za-z]+"
)
"""Native names: the first eight digits of the uniqid are the Unix time of the export's start."""

_DEAL_CODES = {
    "NEW": "Новая", "PREPARATION": "Подготовка документов",
    "PREPAYMENT_INVOICE": "Cчёт на предоплату", "EXECUTING": "В работе",
    "FINAL_INVOICE": "Финальный счёт", "WON": "Сделка успешна", "LOSE": "Сделка провалена",
    "APOLOGY": "Анализ причины провала",
}  # fmt: skip
_LEAD_CODES = {
    "NEW": "Не обработан", "IN_PROCESS": "В работе", "PROCESSED": "Обработан",
    "CONVERTED": "Качественный лид", "JUNK": "Некачественный лид",
}  # fmt: skip
CODE_NAMES = {"deals": _DEAL_CODES, "leads": _LEAD_CODES}
FINAL_CODES = frozenset({"WON", "LOSE", "APOLOGY", "CONVERTED", "JUNK"})
FURTHER_FINAL = frozenset(
    stage_key(n)
    for n in ("Deal won", "Deal lost", "Analyze failure", "Negócio fechado", "Negócio perdido",
              "Good lead", "Junk lead", "Lead bom", "Lead ruim", "Сконвертирован")
)  # fmt: skip
"""Final stages beside the built-in ones of ``config.known_stages``: other languages."""
EMPTY_NOTICES = {
    "лид": "leads", "lead": "leads", "контакт": "contacts", "contact": "contacts",
    "компани": "companies", "compan": "companies",
}  # fmt: skip
"""Words of «Список лидов пуст!»; any other notice is of deals."""


def bare_code(code: str) -> str:
    """A stage code without its pipeline: ``C2:WON`` -> ``WON``; ``[NEW] Новая`` -> ``NEW``."""
    code = code.strip()
    if code.startswith("[") and "]" in code:
        code = code[1 : code.index("]")]
    return code.rpartition(":")[2].upper()
