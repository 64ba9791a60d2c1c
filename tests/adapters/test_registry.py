"""Every known header is claimed by exactly one CRM; the rest is refused with a reason."""

from __future__ import annotations

import pytest

from funnelkpi.adapters.registry import ADAPTERS, claims, recognise
from funnelkpi.config.schema import Settings
from funnelkpi.errors import InputError
from funnelkpi.locale.catalogue import LANGS, text

HEADERS = {
    "amocrm-csv": "ID|Название сделки|Бюджет |Ответственный|Дата создания сделки|Этап сделки|Воронка",
    "amocrm-csv es": "ID|Nombre del lead|Presupuesto $|Respons. usuario|Estatus del lead",
    "amocrm-csv pt": "ID|Lead título|Lead venda R$|Criado em|Fechado às|Etapa do lead",
    "amocrm-csv template": "ID|Название (сделка)|Бюджет руб. (сделка)|Тег сделки|Статус сделки",
    "amocrm-csv resaved": "\ufeffID |\"Название сделки\"|'Этап  сделки|Рабочий телефон (контакт)",
    "amocrm-xlsx": "ID|Название сделки|Компания|Основной контакт|Этап сделки|Бюджет|Дата создания",
    "amocrm-xlsx pt": "ID|Lead título|Contato principal|Etapa do lead|Venda|Data Criada|Fechada em",
    "amocrm-api": "id|name|price|responsible_user_id|status_id|pipeline_id|created_at|closed_at",
    "amocrm-api users": "id|name|email|lang",
    "amocrm-api statuses": "id|name|sort|is_editable|pipeline_id|color|type",
    "amocrm-api pipelines": "id|name|sort|is_main|is_unsorted_on",
    "amocrm-api calls": "id|entity_id|note_type|created_at|params.phone|params.duration",
    "bitrix24-list": "ID|Воронка|Стадия сделки|Название сделки|Сумма|Валюта|Сделка закрыта",
    "bitrix24-list current": "Название сделки|Тип|Стадия сделки|Сумма|Путь клиента|Тип|ID|",
    "bitrix24-list en": "ID|Pipeline|Stage|Deal Name|Income|Currency|Closed|Created",
    "bitrix24-list pt": "Nome do negócio|Tipo|Fase|Contato|Empresa|Renda|Moeda|Criado|ID",
    "bitrix24-list leads": "Название лида|Стадия|Дата создания|Источник|ID",
    "bitrix24-list old leads": "ID|Статус|Название лида|Направление",
    "bitrix24-list en leads": "ID|Status|Lead Name|Created|Source",
    "bitrix24-telephony": "Сотрудник|Номер телефона|Тип звонка|Время звонка|Дата вызова|Статус",
    "bitrix24-telephony en": "Employee|Phone|Call type|Call duration|Call date|Status",
    "bitrix24-telephony pt": "Colaborador|Telefone|Tipo de chamada|Duração da chamada|Data da chamada",
    "bitrix24-api": "ID|TITLE|STAGE_ID|CATEGORY_ID|OPPORTUNITY|ASSIGNED_BY_ID|DATE_CREATE|CLOSED",
    "bitrix24-api items": "id|title|stageId|categoryId|assignedById|createdTime",
    "bitrix24-api leads": "ID|TITLE|STATUS_ID|STATUS_SEMANTIC_ID|ASSIGNED_BY_ID|DATE_CREATE",
    "bitrix24-api calls": "ID|CALL_TYPE|CALL_DURATION|CALL_START_DATE|PHONE_NUMBER|PORTAL_USER_ID",
    "bitrix24-api statuses": "ID|ENTITY_ID|STATUS_ID|NAME|SORT|SEMANTICS|CATEGORY_ID",
    "bitrix24-api users": "ID|ACTIVE|NAME|LAST_NAME|SECOND_NAME|EMAIL|UF_DEPARTMENT",
    "bitrix24-categories": "id|name|sort|entityTypeId|isDefault",
    "bitrix24-bi": "ID|DATE_CREATE|ASSIGNED_BY_ID|ASSIGNED_BY_NAME|CATEGORY_ID|STAGE_ID|STAGE_NAME",
    "bitrix24-bi calls": "CALL_ID|PORTAL_USER_ID|PHONE_NUMBER|CALL_TYPE|CALL_DURATION|CALL_START_TIME",
    "amocrm-events history": "Дата|Автор|Объект|Название|Событие|Значение до|Значение после",
    "amocrm-events plural history": "Значения после|Событие|Дата|Название|Ссылка|ID объекта",
    "amocrm-api history": "id|type|entity_id|entity_type|created_by|created_at|value_after",
    "bitrix24-bi history": "ID|TYPE_ID|DEAL_ID|DATE_CREATE|ASSIGNED_BY_NAME|STAGE_ID|STAGE_NAME",
    "bitrix24-bi lead history": "ID|TYPE_ID|LEAD_ID|DATE_CREATE|ASSIGNED_BY_ID|STATUS_ID|STATUS",
    "bitrix24-api history": "ID|TYPE_ID|OWNER_ID|CREATED_TIME|CATEGORY_ID|STAGE_ID",
    "bitrix24-api lead history": "ID|TYPE_ID|OWNER_ID|CREATED_TIME|STATUS_SEMANTIC_ID|STATUS_ID",
    "amocrm-api tasks": "id|created_by|created_at|responsible_user_id|entity_id|entity_type|"
                        "is_completed|task_type_id|text|complete_till",
    "amocrm-api contacts": "id|name|first_name|last_name|responsible_user_id|created_at|Телефон|Email",
    "amocrm-api companies": "id|name|responsible_user_id|created_at|closest_task_at|Email|Web",
    "amocrm-contacts-csv contacts": "ID|Тип|Полное имя контакта|Имя|Фамилия|Название компании|"
                                    "Ответственный|Дата создания контакта|Сделки|Сфера деятельности",
    "amocrm-contacts-csv pt contacts": "ID|Tipo|Nome completo|Nome da empresa|Criado em|Leads",
    "amocrm-contacts-csv es contacts": "ID|Tipo|Nombre completo|Respons. usuario|Leads",
    "amocrm-contacts-xlsx contacts": "ID|Тип|Наименование|Имя|Фамилия|Компания|Дата создания|"
                                     "Создатель|Ближайшая задача|Ответственный|Сделки",
    "bitrix24-api tasks": "ID|OWNER_TYPE_ID|OWNER_ID|TYPE_ID|PROVIDER_ID|SUBJECT|CREATED|DEADLINE|"
                          "COMPLETED|RESPONSIBLE_ID|AUTHOR_ID",
    "bitrix24-bi tasks": "ID|OWNER_TYPE_ID|OWNER_ID|SUBJECT|TYPE_ID|RESPONSIBLE_NAME|COMPLETED",
    "bitrix24-grid tasks": "ID|Название|Начало|Конец|Срок|Сделка/Лид|Клиент|Описание|Ответственный|"
                           "Статус|Дата создания|Тип|Важность",
    "bitrix24-api contacts": "ID|NAME|SECOND_NAME|LAST_NAME|POST|TYPE_ID|COMPANY_ID|ASSIGNED_BY_ID|"
                             "DATE_CREATE|PHONE|EMAIL|HAS_PHONE",
    "bitrix24-api companies": "ID|TITLE|COMPANY_TYPE|INDUSTRY|EMPLOYEES|REVENUE|ASSIGNED_BY_ID",
    "bitrix24-contacts contacts": "ID|Фотография|Имя|Фамилия|Отчество|Должность|Тип контакта|"
                                  "Ответственный|Участвует в экспорте контактов|Рабочий телефон",
    "bitrix24-companies companies": "ID|Логотип|Название компании|Тип компании|Кол-во сотрудников|"
                                    "Ответственный|Сфера деятельности|Годовой оборот",
    "ics tasks": "COMPONENT|UID|SUMMARY|DTSTART|CONTACT|DESCRIPTION",
    "event-log history": "case:concept:name|concept:name|time:timestamp|org:resource",
}  # fmt: skip


@pytest.mark.parametrize("name", HEADERS)
def test_each_header_has_one_claimant(name):
    header = HEADERS[name].split("|")
    (layout,) = claims(header).values()
    assert layout.name == name.split()[0]
    kinds = {"leads": "leads", "calls": "calls", "users": "users", "statuses": "stages"}
    kinds |= {"pipelines": "stages", "history": "history", "tasks": "tasks"}
    kinds |= {"contacts": "contacts", "companies": "companies"}
    last = name.split()[-1]
    expected = kinds.get(last, "calls" if "telephony" in name else "deals")
    assert layout.kind == ("stages" if name == "bitrix24-categories" else expected)


def test_the_matrix_covers_every_layout():
    known = {layout.name for layouts in ADAPTERS.values() for layout in layouts}
    assert known == {name.split()[0] for name in HEADERS}


def refused(source, crm="auto", **inputs):
    with pytest.raises(InputError) as error:
        recognise(source, Settings.model_validate({"inputs": inputs}), crm)
    (problem,) = error.value.problems
    assert problem.file == source.name
    for lang in LANGS:
        assert text(problem.key, lang, **problem.params)
        assert text(f"{problem.key}.remedy", lang, **problem.params)
    return problem


BOTH = "ID|Название сделки|Этап сделки|Стадия сделки"


def test_two_crms_are_named(make_table):
    problem = refused(make_table("x.csv", BOTH))
    assert problem.key == "errors_adapters.two_crms"
    assert problem.params["crms"] == "amoCRM, Битрикс24"


@pytest.mark.parametrize("how", ["argument", "config", "rule"])
def test_a_named_crm_decides(make_table, how):
    inputs = {
        "argument": {}, "config": {"crm": "bitrix24"},
        "rule": {"files": [{"match": "x*.csv", "crm": "bitrix24"}], "crm": "amocrm"},
    }[how]  # fmt: skip
    settings = Settings.model_validate({"inputs": inputs})
    crm = {"argument": "bitrix24", "rule": "amocrm"}.get(how, "auto")
    export = recognise(make_table("x1.csv", BOTH), settings, crm)
    assert (export.crm, export.mapping["stage"]) == ("bitrix24", (3,))


def test_no_stage(make_table):
    problem = refused(make_table("x.csv", "ID|Название сделки|Сделка закрыта"))
    assert problem.key == "errors_adapters.no_stage"
    assert "«стадия сделки»" in problem.params["expected"]


def test_no_deal_id(make_table):
    problem = refused(make_table("x.csv", "Название сделки|Этап сделки|Бюджет"))
    assert problem.key == "errors_adapters.no_deal_id"
    assert problem.params["crm"] == "amoCRM"


def test_api_without_an_id(make_table):
    assert refused(make_table("x.csv", "STAGE_ID|DATE_CREATE")).key == "errors_adapters.no_deal_id"


def test_unknown_captions_are_shown(make_table):
    problem = refused(make_table("x.csv", "Дата|Расход|Кампания"))
    assert problem.key == "errors_adapters.unknown_table"
    assert problem.params["seen"] == "«Дата», «Расход», «Кампания»"


def test_columns_of_the_config_repair_a_renamed_caption(make_table):
    inputs = {"columns": {"stage": "Шаг работы", "amount": "Цена"}}
    settings = Settings.model_validate({"inputs": inputs})
    source = make_table("x.csv", "ID|Название сделки|Сделка закрыта|Шаг  Работы|Сумма|Цена")
    export = recognise(source, settings)
    assert (export.layout, export.mapping["stage"], export.mapping["amount"]) == (
        "bitrix24-list", (3,), (5,),
    )  # fmt: skip
    assert export.unmapped == ("Сумма",)


def test_amount_caption_is_anchored(make_table):
    source = make_table(
        "x.csv", "ID|Ожидаемый бюджет|Этап сделки|Бюджетирование|Бюджет ₽|Бюджет план"
    )
    export = recognise(source, Settings())
    assert (export.mapping["amount"], export.currency) == ((4,), "RUB")


def test_first_of_repeated_captions_is_the_system_field(make_table):
    export = recognise(make_table("x.csv", "ID|Стадия сделки|Тип|Стадия сделки|ID"), Settings())
    assert (export.mapping["stage"], export.mapping["deal_id"]) == ((1,), (0,))


@pytest.mark.parametrize(
    ("asked", "name", "key", "crm"),
    [
        ("amocrm", "bitrix24-bi history", "other_crm_history", "Битрикс24"),
        ("bitrix24", "amocrm-events history", "other_crm_history", "amoCRM"),
    ],
)
def test_a_table_of_another_crm_than_the_config_says(make_source, asked, name, key, crm):
    source = make_source("events.csv", HEADERS[name].split("|"), [])
    settings = Settings.model_validate({"inputs": {"crm": asked}})
    for made, said in ((settings, "inputs: crm"), (Settings(), "--crm")):
        with pytest.raises(InputError) as caught:
            recognise(source, made, "auto" if said == "inputs: crm" else asked)
        (problem,) = caught.value.problems
        assert problem.key == f"errors_adapters.{key}"
        words = text(problem.key, "ru", **problem.params)
        assert crm in words
        assert f"{said} = {asked}" in words
        assert said in text(f"{problem.key}.remedy", "ru", **problem.params)


def test_a_caption_like_none_of_the_file_shows_them_all(make_table):
    rule = {"match": "*", "kind": "calls", "columns": {"called_at": "Начало"}}
    settings = Settings.model_validate({"inputs": {"files": [rule]}})
    with pytest.raises(InputError) as error:
        recognise(make_table("c.csv", "Дата|Абонент|Сек"), settings)
    (problem,) = error.value.problems
    assert problem.key == "errors_adapters.caption_unlike"
    assert problem.params["seen"] == "«Дата», «Абонент», «Сек»"


@pytest.mark.parametrize(
    ("name", "kind"),
    [("vox.json", "unknown"), ("voximplant.statistic.get.json", "calls"), ("deals.json", "deals")],
)
def test_an_empty_answer_is_called_what_it_is_known_to_be(make_source, name, kind):
    source = make_source(name, [], fmt="json", empty_notice="[]")
    assert recognise(source, Settings()).stated_kind == kind
