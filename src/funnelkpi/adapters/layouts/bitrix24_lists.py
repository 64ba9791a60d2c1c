"""Bitrix24: activities, contacts and companies, as lists, REST and BI dumps.

Activities have no export: they come as a dump of ``crm.activity.list``, as BI ``crm_activity``, or
pasted from the grid. Lists of contacts and companies have the captions of the client columns of the
deals export without their prefix.
"""

from __future__ import annotations

from collections.abc import Mapping

from funnelkpi.adapters.captions import caption_keys
from funnelkpi.adapters.interface import Layout, Rule

_PHONES = (
    "Рабочий телефон", "Мобильный телефон", "Домашний телефон", "Телефон для рассылок",
    "Другой телефон", "Телефон", "Work Phone", "Mobile Phone", "Mobile", "Home Phone",
    "Other Phone", "Phone", "Telefone comercial", "Celular",
)  # fmt: skip
_EMAILS = (
    "Рабочий e-mail", "Частный e-mail", "E-mail для рассылок", "Другой e-mail", "E-mail",
    "Work E-mail", "Home E-mail", "Other E-mail",
)  # fmt: skip
RULES: Mapping[str, Rule] = {"phone": "join", "email": "join"}
_CARD: Mapping[str, tuple[str, ...]] = {
    "owner": ("Ответственный", "Responsible", "Responsible person", "Responsável"),
    "creator": ("Кем создан", "Кем создана", "Created by", "Criado por"),
    "created_at": ("Дата создания", "Created", "Created on", "Criado", "Criado em"),
    "modified_at": ("Дата изменения", "Modified", "Modified on", "Modificado"),
    "phone": _PHONES,
    "email": _EMAILS,
    "source": ("Источник", "Source", "Origem", "Fonte"),
}
_CONTACT: Mapping[str, tuple[str, ...]] = {
    **_CARD,
    "contact_id": ("ID",),
    "first_name": ("Имя", "First Name", "Name", "Nome"),
    "second_name": ("Отчество", "Second Name", "Middle Name"),
    "last_name": ("Фамилия", "Last Name", "Sobrenome"),
    "position": ("Должность", "Position", "Cargo"),
    "company": ("Компания", "Company", "Empresa"),
    "type": ("Тип контакта", "Contact Type", "Tipo de contato"),
}
_COMPANY: Mapping[str, tuple[str, ...]] = {
    **_CARD,
    "company_id": ("ID",),
    "name": ("Название компании", "Company Name", "Nome da empresa"),
    "industry": ("Сфера деятельности", "Industry", "Setor"),
    "employees": ("Кол-во сотрудников", "Employees", "Funcionários"),
    "turnover": ("Годовой оборот", "Annual revenue", "Annual income", "Receita anual"),
    "type": ("Тип компании", "Company Type", "Tipo de empresa"),
}


def _keyed(
    columns: Mapping[str, tuple[str, ...]], prefixes: tuple[str, ...] = ("",)
) -> dict[str, tuple[str, ...]]:
    return {
        c: caption_keys(*(p + t for p in prefixes for t in texts)) for c, texts in columns.items()
    }


_CONTACTS, _COMPANIES = _keyed(_CONTACT), _keyed(_COMPANY)
IN_DEALS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "contacts": _keyed(_CONTACT, ("Контакт: ", "Contact: ", "Contato: ")),
    "companies": _keyed(_COMPANY, ("Компания: ", "Company: ", "Empresa: ")),
}
"""Client columns of the deals export («…все поля контактов и компаний»)."""

_API: Mapping[str, tuple[str, ...]] = {
    "owner": ("assigned_by_name",),
    "owner_id": ("assigned_by_id", "assignedbyid", "assigned_by"),
    "creator": ("created_by_name",),
    "creator_id": ("created_by_id", "createdby", "created_by"),
    "created_at": ("date_create", "createdtime", "created_time"),
    "modified_at": ("date_modify", "updatedtime", "updated_time"),
    "phone": ("phone",),
    "email": ("email",),
    "has_phone": ("has_phone", "hasphone"),
    "has_email": ("has_email", "hasemail"),
    "source": ("source_name", "source"),
    "source_id": ("source_id", "sourceid"),
}
_API_CONTACTS: Mapping[str, tuple[str, ...]] = {
    **_API,
    "contact_id": ("id",),
    "first_name": ("name",),
    "second_name": ("second_name", "secondname"),
    "last_name": ("last_name", "lastname"),
    "position": ("post",),
    "company": ("company_name", "company_title", "company"),
    "company_number": ("company_id", "companyid"),
    "type": ("type_name", "type", "type_id", "typeid"),
}
_API_COMPANIES: Mapping[str, tuple[str, ...]] = {
    **_API,
    "company_id": ("id",),
    "name": ("title",),
    "type": ("company_type_name", "company_type", "typeid"),
    "industry": ("industry_name", "industry"),
    "employees": ("employees_name", "employees"),
    "turnover": ("revenue",),
}
_ACTIVITIES: Mapping[str, tuple[str, ...]] = {
    "task_id": ("id",),
    "deal_id": ("owner_id", "ownerid"),
    "deal_entity": ("owner_type_id", "ownertypeid", "owner_type"),
    "title": ("subject",),
    "type": ("type_name",),
    "type_code": ("type_id", "typeid", "type"),
    "provider": ("provider_id", "providerid"),
    "created_at": ("created", "date_create"),
    "modified_at": ("last_updated", "lastupdated", "date_modify"),
    "due_at": ("deadline",),
    "starts_at": ("start_time", "starttime"),
    "ends_at": ("end_time", "endtime"),
    "done_at": ("closed_date", "completed_date"),
    "status": ("completed", "is_completed", "status"),
    "owner": ("responsible_name", "assigned_by_name"),
    "owner_id": ("responsible_id", "responsibleid", "assigned_by_id", "responsible"),
    "creator": ("author_name", "created_by_name"),
    "creator_id": ("author_id", "authorid", "created_by_id", "author"),
    "result": ("result", "result_comment"),
}
_GRID: Mapping[str, tuple[str, ...]] = {
    "task_id": ("id",),
    "title": caption_keys("Название", "Тема", "Name", "Subject"),
    "starts_at": caption_keys("Начало", "Start"),
    "ends_at": caption_keys("Конец", "End"),
    "due_at": caption_keys("Срок", "Крайний срок", "Deadline"),
    "deal_title": caption_keys("Сделка/Лид", "Сделка / Лид", "Сделка", "Deal/Lead", "Deal"),
    "client": caption_keys("Клиент", "Client", "Customer"),
    "owner": caption_keys("Ответственный", "Responsible", "Responsible person"),
    "creator": caption_keys("Кем создано", "Автор", "Created by"),
    "status": caption_keys("Статус", "Status"),
    "created_at": caption_keys("Дата создания", "Created", "Created on"),
    "type": caption_keys("Тип", "Type"),
}
ACTIVITY_TYPES = {"1": "Встреча", "2": "Звонок", "3": "Задача", "4": "Письмо"}
"""TYPE_ID of an activity; 5 is an action of the program, 6 is named by its PROVIDER_ID."""
PROVIDERS = {
    "CRM_TODO": "Дело", "CRM_MEETING": "Встреча", "CRM_CALL": "Звонок", "VOXIMPLANT_CALL": "Звонок",
    "CRM_EMAIL": "Письмо", "CRM_TASKS_TASK": "Задача", "CRM_TASKS_TASK_COMMENT": "Задача",
    "TASKS": "Задача", "CRM_SMS": "SMS", "IMOPENLINES_SESSION": "Чат", "CRM_WEBFORM": "CRM-форма",
    "CALENDAR_SHARING": "Встреча", "CRM_CALENDAR_SHARING": "Встреча",
    "CRM_CALL_TRACKER": "Звонок", "VISIT_TRACKER": "Визит",
}  # fmt: skip

_NO_DEALS = caption_keys(
    "Название лида", "Название сделки", "Стадия сделки", "Lead Name", "Deal Name"
)
_NO_AMO = caption_keys(
    "Полное имя контакта", "Наименование", "Сделки", "Примечание 1", "Этап сделки"
)

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "bitrix24-bi", "bitrix24", "tasks",
        (("owner_type_id", "owner_type"), ("subject",), ("responsible_name", "author_name",
         "assigned_by_name")), _ACTIVITIES,
    ),
    Layout(
        "bitrix24-api", "bitrix24", "tasks",
        (("owner_type_id", "ownertypeid", "owner_type"), ("subject",),
         ("completed", "deadline", "type_id", "typeid", "provider_id")), _ACTIVITIES,
    ),
    Layout(
        "bitrix24-grid", "bitrix24", "tasks",
        (_GRID["title"], _GRID["due_at"], _GRID["client"],
         (*_GRID["type"], *_GRID["status"], *_GRID["deal_title"])), _GRID,
        without=(*_NO_DEALS, *_NO_AMO),
    ),
    Layout(
        "bitrix24-api", "bitrix24", "contacts",
        (("id",), ("name",), ("last_name", "lastname"),
         ("assigned_by_id", "assignedbyid", "assigned_by_name", "has_phone", "post", "honorific")),
        _API_CONTACTS,
        without=("title", "status_id", "stage_id", "responsible_user_id", "uf_department"),
        rules=RULES,
    ),
    Layout(
        "bitrix24-api", "bitrix24", "companies",
        (("id",), ("title",), ("company_type", "industry", "employees", "revenue")),
        _API_COMPANIES, without=("status_id", "stage_id", "stageid", "opportunity"), rules=RULES,
    ),
    Layout(
        "bitrix24-contacts", "bitrix24", "contacts",
        (_CONTACTS["last_name"],
         caption_keys("Участвует в экспорте контактов", "Тип контакта", "Contact Type",
                      "Tipo de contato")),
        _CONTACTS, without=(*_NO_DEALS, *_NO_AMO), rules=RULES,
    ),
    Layout(
        "bitrix24-companies", "bitrix24", "companies",
        (_COMPANIES["name"], (*_COMPANIES["industry"], *_COMPANIES["type"],
                              *_COMPANIES["employees"])),
        _COMPANIES, without=(*_NO_DEALS, *_NO_AMO, *_CONTACTS["last_name"]), rules=RULES,
    ),
)  # fmt: skip
