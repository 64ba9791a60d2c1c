"""amoCRM (Kommo abroad): tasks, contacts and companies, as files and API dumps.

Contacts and companies leave in one list, told apart by «Тип». Captions in Russian are those of real
files (CSV of 2022, XLSX of 2025), Portuguese and Spanish ones those of programs that read them.
"""

from __future__ import annotations

from collections.abc import Mapping

from funnelkpi.adapters.captions import caption_keys
from funnelkpi.adapters.interface import Layout, Rule

PHONES = caption_keys(
    *(
        phone + suffix
        for suffix in ("", " (контакт)", " (contato)", " (contacto)")
        for phone in (
            "Рабочий телефон", "Рабочий прямой телефон", "Мобильный телефон", "Домашний телефон",
            "Другой телефон", "Telefone comercial", "Tel. direto com.", "Celular",
            "Telefone residencial", "Outro telefone", "Teléfono oficina",
            "Teléfono oficina directo", "Teléfono celular", "Teléfono de casa", "Otro teléfono",
        )
    )
)  # fmt: skip
EMAILS = caption_keys(
    *(
        email + suffix
        for suffix in ("", " (контакт)", " (contato)", " (contacto)")
        for email in (
            "Рабочий email", "Личный email", "Другой email", "Email comercial", "Email pessoal",
            "Outro email", "Correo", "E-mail priv.", "Otro e-mail",
        )
    )
)  # fmt: skip
POSITIONS = caption_keys(
    "Должность", "Должность (контакт)", "Posição", "Posição (contato)", "Cargo", "Cargo (contacto)",
    "Position",
)  # fmt: skip
_KIND = caption_keys("Тип", "Tipo", "Type")
_NAME = caption_keys(
    "Полное имя контакта", "Наименование", "Nome completo", "Nombre completo", "Full name"
)
_DEALS = caption_keys("Сделки", "Leads", "Lead")
_OF_DEALS = caption_keys(
    "Этап сделки", "Название сделки", "Etapa do lead", "Lead título", "Estatus del lead",
    "Nombre del lead", "Стадия сделки",
)  # fmt: skip
RULES: Mapping[str, Rule] = {"phone": "join", "email": "join", "position": "first_filled"}
_CARDS: Mapping[str, tuple[str, ...]] = {
    "contact_id": ("id",),
    "record_kind": _KIND,
    "name": _NAME,
    "company": caption_keys(
        "Название компании", "Компания", "Nome da empresa", "Empresa", "Nombre de la compañía",
        "Compañía", "Company name", "Company",
    ),
    "owner": caption_keys(
        "Ответственный", "Usuário responsável", "Respons. usuario", "Usuario responsable",
        "Responsible user",
    ),
    "creator": caption_keys(
        "Кем создан контакт", "Создатель", "Кем создан", "Criado por", "Creado por", "Created by"
    ),
    "created_at": caption_keys(
        "Дата создания контакта", "Дата создания", "Criado em", "Data Criada", "Fecha de Creación",
        "Created at",
    ),
    "modified_at": caption_keys(
        "Дата редактирования", "Дата изменения", "modificada em", "Última modificação",
        "Fecha de modificación", "Last modified",
    ),
    "position": POSITIONS,
    "phone": PHONES,
    "email": EMAILS,
    "source": caption_keys("Источник", "Источник (контакт)", "Fonte", "Fuente"),
    "industry": caption_keys("Отрасль (компания)", "Сфера деятельности (компания)"),
    "employees": caption_keys("Кол-во сотрудников (компания)", "Количество сотрудников (компания)"),
    "turnover": caption_keys("Оборот (компания)", "Годовой оборот (компания)"),
}  # fmt: skip

_API: Mapping[str, tuple[str, ...]] = {
    "name": ("name",),
    "owner_id": ("responsible_user_id",),
    "owner": ("responsible_user_name", "responsible_user.name"),
    "creator_id": ("created_by",),
    "created_at": ("created_at",),
    "modified_at": ("updated_at",),
    "phone": caption_keys("Телефон", "Phone", "Telefone", "Teléfono"),
    "email": caption_keys("Email", "E-mail", "Почта", "Correo"),
    "source": caption_keys("Источник", "Source", "Fonte", "Fuente"),
}
_API_CONTACTS: Mapping[str, tuple[str, ...]] = {
    **_API,
    "contact_id": ("id",),
    "first_name": ("first_name",),
    "last_name": ("last_name",),
    "position": POSITIONS,
    "company": ("company", "company_name", "company.name"),
    "company_number": ("company_id", "_embedded.companies"),
}
_API_COMPANIES: Mapping[str, tuple[str, ...]] = {
    **_API,
    "company_id": ("id",),
    "industry": caption_keys("Отрасль", "Сфера деятельности", "Industry"),
    "employees": caption_keys("Кол-во сотрудников", "Количество сотрудников", "Employees"),
    "turnover": caption_keys("Оборот", "Годовой оборот", "Annual revenue"),
}
_TASKS: Mapping[str, tuple[str, ...]] = {
    "task_id": ("id",),
    "deal_id": ("entity_id",),
    "deal_entity": ("entity_type",),
    "title": ("text",),
    "type": ("task_type_name", "task_type.name"),
    "type_code": ("task_type_id", "task_type"),
    "owner_id": ("responsible_user_id",),
    "owner": ("responsible_user_name", "responsible_user.name"),
    "creator_id": ("created_by",),
    "created_at": ("created_at",),
    "modified_at": ("updated_at",),
    "due_at": ("complete_till", "complete_till_at"),
    "status": ("is_completed",),
    "result": ("result", "result.text"),
}
TASK_TYPES = {"1": "Связаться", "2": "Встреча"}
"""The built-in types; others are the account's own and keep their number."""

LAYOUTS: tuple[Layout, ...] = (
    Layout(
        "amocrm-api", "amocrm", "tasks",
        (("id",), ("complete_till", "complete_till_at"), ("is_completed", "task_type_id")), _TASKS,
    ),
    Layout(
        "amocrm-api", "amocrm", "contacts",
        (("id",), ("name",), ("first_name", "last_name"), ("responsible_user_id",)), _API_CONTACTS,
        without=("status_id",), rules=RULES,
    ),
    Layout(
        "amocrm-api", "amocrm", "companies",
        (("id",), ("name",), ("responsible_user_id",),
         ("closest_task_at", "is_deleted", "group_id")), _API_COMPANIES,
        without=("status_id", "pipeline_id", "first_name", "next_date", "price"), rules=RULES,
    ),
    Layout(
        "amocrm-contacts-csv", "amocrm", "contacts",
        (_KIND, caption_keys("Полное имя контакта", "Nome completo", "Nombre completo"), _DEALS),
        _CARDS, without=_OF_DEALS, rules=RULES,
    ),
    Layout(
        "amocrm-contacts-xlsx", "amocrm", "contacts",
        (_KIND, caption_keys("Наименование"), _DEALS), _CARDS, without=_OF_DEALS, rules=RULES,
    ),
)  # fmt: skip

IN_DEALS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "contacts": {
        "name": caption_keys(
            "Полное имя контакта",
            "Основной контакт",
            "Nome completo",
            "Contato principal",
            "Nombre completo",
            "Contacto principal",
            "Полное имя (контакт)",
        ),
        "position": POSITIONS,
        "company": caption_keys(
            "Компания контакта",
            "Contato da empresa",
            "Empresa do contato",
            "Compañía del contracto",
            "Компания",
            "Empresa lead 's",
            "Compañía del lead",
            "Название (компания)",
        ),
        "owner": caption_keys("Ответственный за контакт", "Pessoa de contato"),
        "phone": PHONES,
        "email": EMAILS,
    },
    "companies": {
        "name": caption_keys(
            "Компания", "Empresa lead 's", "Compañía del lead", "Название (компания)"
        ),
    },
}
"""Columns of the deals export that tell of its contact and its company."""
