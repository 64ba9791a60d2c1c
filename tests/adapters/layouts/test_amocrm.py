# ruff: noqa: E501 (headers stand as the CRMs write them)
"""amoCRM layouts: small tables in the order and spelling of real exports, invented people."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from funnelkpi.adapters.cells.texts import encode
from funnelkpi.adapters.layouts import amocrm
from funnelkpi.adapters.registry import recognise
from funnelkpi.config.schema import Settings

CSV = """ID|Название сделки|Бюджет ₸|Ответственный|Дата создания сделки|Кем создана сделка|Дата редактирования|Кем редактирована|Дата закрытия|Теги|Примечание|Примечание 2|Примечание 3|Примечание 4|Примечание 5|Этап сделки|Воронка|Полное имя контакта|Компания контакта|Ответственный за контакт|Компания|Рабочий телефон|Рабочий прямой телефон|Мобильный телефон|Факс|Домашний телефон|Другой телефон|Рабочий email|Личный email|Другой email|Источник|Источник|utm_source|utm_source"""
CSV_ROWS = [
    "103|Сделка #103|0|Ким Анна|22.03.2022 13:32:57||22.03.2022 13:33:57||22.03.2022 13:32:00|ig, target||||||Закрыто и не реализовано (Дорого (не смог продать))|Продажи|Олег||||'+77020000001||'+77020000002|||||||сайт|звонок|old|new",
    "102|Кафе &quot;Утро&quot;||Ким Анна|15.03.2022 11:01:13||15.03.2022 11:01:14||не закрыта|||||||Первичный контакт|Продажи||||||||||||||сайт|||",
    "101|Цех|350000|Ли Борис|01.03.2022 09:00:00|Ли Борис|02.03.2022 09:00:00||02.03.2022 10:00:00|||||||Успешно реализовано|Продажи|||||||||||||||||",
    "100|Без брифа|10|Ли Борис|01.02.2022 09:00:00||02.02.2022 09:00:00||не закрыта|||||||Аппликация создана (In progress)|Продажи|||||||||||||||||",
]


def test_csv_layout(make_table, load_tables, rows):
    text = "\n".join([CSV, *CSV_ROWS])
    tables = load_tables(make_table("amocrm_export_leads_2022-03-22.csv", text))
    deals = tables.deals
    assert rows(deals, "deal_id", "stage", "loss_reason", "closed", "closed_at", "amount") == [
        (
            "103",
            "Закрыто и не реализовано",
            "Дорого (не смог продать)",
            1,
            "2022-03-22 13:32:00",
            0.0,
        ),
        ("102", "Первичный контакт", None, 0, None, None),
        ("101", "Успешно реализовано", None, 1, "2022-03-02 10:00:00", 350000.0),
        ("100", "Аппликация создана (In progress)", None, 0, None, 10.0),
    ]
    assert set(deals["currency"]) == {"KZT"}
    assert deals["title"].tolist()[1] == 'Кафе "Утро"'
    assert deals["phone"].tolist()[0] == "+77020000001, +77020000002"
    # the contact's column stands first, the deal's last: the last filled one is the deal's
    assert rows(deals, "source") == [("звонок",), ("сайт",), (None,), (None,)]
    assert rows(deals, "owner", "creator", "pipeline")[2] == ("Ли Борис", "Ли Борис", "Продажи")
    assert str(tables.days["deals"]) == "2022-03-22"
    assert tables.moments["deals"] is None
    assert {"loss_reason", "closed", "closed_at", "amount", "currency"} <= tables.available["deals"]
    assert "stage_changed_at" not in tables.available["deals"]


XLSX = """ID|Название сделки|Компания|Основной контакт|Компания контакта|Ответственный|Этап сделки|Воронка|Бюджет|Дата создания|Кем создана|Дата изменения|Кем изменена|Теги сделки|Ближайшая задача|Дата закрытия|Источник|Рабочий телефон (контакт)|Источник (контакт)|Примечание 1"""


def test_xlsx_layout(make_table, load_tables, rows):
    text = f"""{XLSX}
12|Сайт|ООО Ромашка|Олег|ООО Ромашка|Ким Анна|Переговоры|Продажи|350000|05.01.2026 10:00:00|Ким Анна|06.01.2026 10:00:00||vip, опт|09.01.2026 12:00:00|не закрыта|сайт|'+79120000001|
11|Бот||||Ким Анна|ЗАКРЫТО И НЕ РЕАЛИЗОВАНО (Нет бюджета)|Продажи|0|04.01.2026 10:00:00||06.01.2026 10:00:00||||06.01.2026 09:59
"""
    source = make_table(
        "amocrm_export_leads_2026-01-06.xlsx", text, fmt="xlsx",
        stated_at=datetime(2026, 1, 6, 13, 0, 5), utc_offset=timedelta(hours=5),
    )  # fmt: skip
    tables = load_tables(source, settings=Settings(time_zone="Asia/Yekaterinburg"))
    assert rows(tables.deals, "deal_id", "amount", "next_task_at", "closed_at", "tags") == [
        ("12", 350000.0, "2026-01-09 12:00:00", None, "vip, опт"),
        ("11", 0.0, None, "2026-01-06 09:59:00", None),
    ]
    assert rows(tables.deals, "stage", "loss_reason")[1] == (
        "ЗАКРЫТО И НЕ РЕАЛИЗОВАНО", "Нет бюджета",
    )  # fmt: skip
    assert tables.deals["currency"].tolist() == ["RUB", "RUB"]
    assert tables.moments["deals"] == datetime(2026, 1, 6, 13, 0, 5)
    assert not tables.findings


def test_xlsx_times_of_another_zone_are_converted(make_table, load_tables, rows, findings):
    text = f"{XLSX}\n12|Сайт||||Ким Анна|Переговоры|П|1|05.01.2026 10:00:00||||||не закрыта"
    source = make_table(
        "leads.xlsx", text, stated_at=datetime(2026, 1, 6, 13, 0), utc_offset=timedelta(hours=5)
    )
    tables = load_tables(source)  # Europe/Moscow, two hours behind
    assert rows(tables.deals, "created_at") == [("2026-01-05 08:00:00",)]
    assert tables.moments["deals"] == datetime(2026, 1, 6, 11, 0)
    assert findings(tables)["time_shifted"].params == {"zone": "Europe/Moscow", "offset": "+05:00"}


def test_resaved_xlsx(make_table, load_tables, rows):
    """Excel made numbers and native dates of the cells; a reader gives them as text."""
    text = f"""{XLSX}
12.0|Сайт||||Ким Анна|Переговоры|П|350000.5|2026-01-05 10:00:00||2026-01-06 10:00:00||||не закрыта
11.0|Бот||||Ким Анна|Успешно реализовано|П|0|2026-01-04 10:00:00||2026-01-06 10:00:00||||2026-01-06 09:59:00"""
    tables = load_tables(make_table("Книга1.xlsx", text, fmt="xlsx"))
    assert rows(tables.deals, "deal_id", "amount", "created_at", "closed_at") == [
        ("12", 350000.5, "2026-01-05 10:00:00", None),
        ("11", 0.0, "2026-01-04 10:00:00", "2026-01-06 09:59:00"),
    ]


def test_portuguese_csv(make_table, load_tables, rows):
    text = """ID|Lead título|Lead venda R$|Usuário responsável|Criado em|Criado por|modificada em|Modificado por|Fechado às|Tags|Nota|Etapa do lead|Funil de vendas|Nome completo|Contato da empresa|Empresa lead 's|Telefone comercial
7|Loja|1500|Rui Costa|03.02.2026 10:00:00||04.02.2026 10:00:00||05.02.2026 11:00:00|||Closed - lost (Sem resposta)|Vendas|Ana||Loja SA|'+5511981707495
6|Casa||Rui Costa|02.02.2026 10:00:00||04.02.2026 10:00:00||não fechado|||Qualificação|Vendas"""
    tables = load_tables(make_table("kommo_export_leads_2026-02-05.csv", text))
    assert rows(
        tables.deals, "deal_id", "stage", "loss_reason", "closed", "amount", "currency"
    ) == [
        ("7", "Closed - lost", "Sem resposta", 1, 1500.0, "BRL"),
        ("6", "Qualificação", None, 0, None, "BRL"),
    ]
    assert rows(tables.deals, "contact", "company", "phone")[0] == (
        "Ana",
        "Loja SA",
        "+5511981707495",
    )


def test_portuguese_xlsx(make_table, load_tables, rows):
    text = """ID|Lead título|Empresa lead 's|Contato principal|Empresa do contato|Lead usuário responsável|Etapa do lead|Funil de vendas|Venda|Data Criada|Criado por|Última modificação|Modificado por|Lead tags|Próxima tarefa|Fechada em
7|Loja|Loja SA|Ana||Rui Costa|Venda perdida (Sem contato)|Vendas|1500|03.02.2026 10:00:00||04.02.2026 10:00:00||||05.02.2026 11:00"""
    source = make_table("kommo_export_leads_2026-02-05.xlsx", text)
    assert recognise(source, Settings()).layout == "amocrm-xlsx"
    tables = load_tables(source)
    assert rows(tables.deals, "owner", "created_at", "closed_at", "loss_reason") == [
        ("Rui Costa", "2026-02-03 10:00:00", "2026-02-05 11:00:00", "Sem contato"),
    ]


def test_spanish_csv(make_table, load_tables, rows):
    text = """ID|Nombre del lead|Presupuesto RD$|Respons. usuario|Fecha de Creación|Etiquetas|Nota|Estatus del lead|Nombre completo|Compañía del lead|Teléfono oficina
9|Tienda|2500|Eva Ruiz|03.02.2026 10:00:00|vip||Venta perdido (Caro)|Ana|Tienda SL|8095550101"""
    tables = load_tables(make_table("kommo_export_leads_2026-02-05.csv", text))
    assert rows(tables.deals, "owner", "currency", "stage", "loss_reason", "tags") == [
        ("Eva Ruiz", "DOP", "Venta perdido", "Caro", "vip"),
    ]


def test_import_template(make_table, load_tables, rows):
    text = """ID|Название (сделка)|Бюджет руб. (сделка)|Ответственный за сделку|Дата создания (сделка)|Кем создана сделка|Тег сделки|Статус сделки|Воронка|Полное имя (контакт)|Рабочий телефон (контакт)|Название (компания)
5|Цех|1 200,50|Ли Борис|03.02.2026|Ли Борис|опт|Переговоры|Продажи|Олег|8 912 000-00-01|ООО Цех"""
    tables = load_tables(make_table("deals.csv", text))
    assert rows(tables.deals, "deal_id", "amount", "owner", "created_at", "stage", "company") == [
        ("5", 1200.5, "Ли Борис", "2026-02-03 00:00:00", "Переговоры", "ООО Цех"),
    ]
    assert tables.deals["created_day"].tolist() == [True]


def test_api_dump_with_lookups(make_table, load_tables, rows, findings):
    deals = """id|name|price|responsible_user_id|status_id|pipeline_id|loss_reason_id|created_by|created_at|updated_at|closed_at|closest_task_at
31|Цех|5000|8|142|2|0|0|1767225600|1767229200|1767229200|
30|Дом|0|9|77|1|0|8|1767225600|1767229200||1767229200
29|Бор|10|8|143|1|0|8|1767225600|1767229200|1767229200|"""
    users = "id|name|email\n8|Ли Борис|b@example.com"
    stages = "id|name|sort|pipeline_id|type\n77|КП|10|1|0\n142|Оплачено|20|2|0"
    pipelines = "id|name|is_main\n1|Продажи|1\n2|Сервис|0"
    tables = load_tables(
        make_table("leads.csv", deals), make_table("users.csv", users),
        make_table("statuses.csv", stages), make_table("pipelines.csv", pipelines),
    )  # fmt: skip
    assert rows(tables.deals, "deal_id", "owner", "creator", "pipeline", "stage", "stage_code") == [
        ("31", "Ли Борис", None, "Сервис", "Оплачено", "142"),
        ("30", "9", "Ли Борис", "Продажи", "КП", "77"),
        ("29", "Ли Борис", "Ли Борис", "Продажи", "Закрыто и не реализовано", "143"),
    ]
    # Unix times are UTC; 1767225600 is 2026-01-01 00:00:00Z, three hours later in Moscow
    assert rows(tables.deals, "created_at", "closed_at", "closed")[:2] == [
        ("2026-01-01 03:00:00", "2026-01-01 04:00:00", 1),
        ("2026-01-01 03:00:00", None, 0),
    ]
    assert findings(tables)["ids_without_names"].value == "9"
    assert [a.kind for a in tables.accounts] == ["deals", "users", "stages", "stages"]


def test_api_pipelines_with_their_statuses(make_source, make_table, load_tables, rows):
    deals = "id|name|price|status_id|pipeline_id|created_at\n1|А|1|55|3|1767225600"
    pipelines = make_source(
        "pipelines.json", ["id", "name", "_embedded.statuses"],
        [["3", "Опт", '[{"id": 55, "name": "Бриф"}, {"id": 142, "name": "Сделано"}]']],
    )  # fmt: skip
    tables = load_tables(make_table("leads.csv", deals), pipelines)
    assert rows(tables.deals, "pipeline", "stage") == [("Опт", "Бриф")]


def test_api_calls(make_table, load_tables, rows):
    text = """id|entity_id|entity_type|responsible_user_id|note_type|created_at|params.phone|params.duration|params.call_status
1|31|leads|8|call_out|1767225600|89120000001|65|4
2|40|contacts|8|call_in|1767225600|+7 912 000-00-02|5|6"""
    tables = load_tables(
        make_table("notes.csv", text), make_table("users.csv", "id|name|email\n8|Ли Борис|")
    )
    assert rows(
        tables.calls, "employee", "phone", "direction", "talk_seconds", "outcome", "deal_id"
    ) == [
        ("Ли Борис", "+79120000001", "out", 65, "success", "31"),
        ("Ли Борис", "+79120000002", "in", 0, "missed", None),
    ]


def split(stages: list[str], closed: list[bool], lost: set[str] = frozenset(), other=frozenset()):
    names = amocrm.StageNames(frozenset(lost), frozenset(other))
    coded = encode(pa.array(stages, pa.large_string()))
    stage, reason = amocrm.split_loss_reason(coded, np.array(closed), names)
    return list(zip(stage.arrow().to_pylist(), reason.arrow().to_pylist(), strict=True))


LOST = "закрыто и не реализовано"


@pytest.mark.parametrize(
    ("text", "closed", "expected"),
    [
        ("Закрыто и не реализовано (Нет авто (не цел))", True,
         ("Закрыто и не реализовано", "Нет авто (не цел)")),
        ("Закрыто и не реализовано", True, ("Закрыто и не реализовано", None)),
        ("Закрыто и не реализовано ()", True, ("Закрыто и не реализовано", None)),
        ("Отказ клиента (дорого)", True, ("Отказ клиента", "дорого")),  # a renamed 143
        ("Бриф (черновик)", False, ("Бриф (черновик)", None)),
        ("Perdido (Sem contato)", True, ("Perdido", "Sem contato")),
    ],
)  # fmt: skip
def test_loss_reason_is_cut(text, closed, expected):
    assert split([text], [closed], {LOST}) == [expected]


def test_a_stage_with_an_open_deal_keeps_its_brackets():
    stages = ["Монтаж (склад)", "Монтаж (склад)"]
    assert split(stages, [True, False]) == [("Монтаж (склад)", None)] * 2


def test_a_configured_stage_keeps_its_brackets_and_a_lost_one_is_cut_after_them():
    out = split(
        ["Оплата (аванс)", "Отказ (архив) (дорого)", "Отказ (архив)"], [True] * 3,
        {"отказ (архив)"}, {"оплата (аванс)"},
    )  # fmt: skip
    assert out == [("Оплата (аванс)", None), ("Отказ (архив)", "дорого"), ("Отказ (архив)", None)]


def test_renamed_lost_stage_of_the_config(make_table, load_tables, rows):
    settings = Settings.model_validate(
        {"pipelines": [{"key": "main", "stages": [
            {"key": "won", "crm": ["ПРОШЕЛ РЕГИСТРАЦИЮ (VIP)"], "kind": "won"},
            {"key": "lost", "crm": ["Не прошёл"], "kind": "lost"}]}]}
    )  # fmt: skip
    text = """ID|Название сделки|Этап сделки|Дата создания сделки|Дата закрытия
2|А|Не прошел (передумал)|01.02.2026 10:00:00|02.02.2026 10:00:00
1|Б|ПРОШЕЛ РЕГИСТРАЦИЮ (VIP)|01.02.2026 10:00:00|02.02.2026 10:00:00"""
    tables = load_tables(make_table("leads.csv", text), settings=settings)
    assert rows(tables.deals, "stage", "loss_reason") == [
        ("Не прошел", "передумал"), ("ПРОШЕЛ РЕГИСТРАЦИЮ (VIP)", None),
    ]  # fmt: skip
