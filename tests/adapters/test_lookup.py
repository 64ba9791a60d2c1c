from __future__ import annotations

import pyarrow as pa

from funnelkpi.adapters.cells.texts import encode
from funnelkpi.adapters.lookup import Lookups, names_in_json, split_bracketed


def ids(*texts):
    return encode(pa.array(list(texts), pa.large_string()))


def test_ids_become_names_and_the_rest_is_told():
    table = Lookups(users={("bitrix24", "8"): "Анна Ким"})
    named, unknown = table.named(
        "users", "bitrix24", ids("8", "8.0", "9", "0", "[7] Олег Пак", None)
    )
    assert named.arrow().to_pylist() == ["Анна Ким", "Анна Ким", "9", None, "Олег Пак", None]
    assert unknown.arrow().to_pylist() == [None, None, "9", None, None, None]


def test_users_of_another_crm_do_not_count():
    table = Lookups(users={("amocrm", "8"): "Анна Ким"})
    assert table.named("users", "bitrix24", ids("8"))[0].arrow().to_pylist() == ["8"]


def test_amocrm_stages_are_looked_up_within_their_pipeline():
    table = Lookups(stages={("amocrm", "1", "142"): "Оплачено", ("amocrm", "2", "55"): "Бриф"})
    codes, pipelines = ids("142", "142", "55", None), ids("1", "2", "2", "1")
    assert table.stage_names("amocrm", "deals", codes, pipelines).arrow().to_pylist() == [
        "Оплачено", "Успешно реализовано", "Бриф", None,
    ]  # fmt: skip


def test_bitrix_codes_without_a_table_have_their_built_in_names():
    codes = ids("C2:WON", "NEW", "UC_ABC", "[C1:NEW] Первая")
    found = Lookups().stage_names("bitrix24", "deals", codes, None)
    assert found.arrow().to_pylist() == ["Сделка успешна", "Новая", "UC_ABC", "Первая"]
    assert Lookups().stage_names("bitrix24", "leads", ids("JUNK"), None).texts() == [
        "Некачественный лид"
    ]


def test_small_texts():
    assert split_bracketed("[1] Имя Ф") == ("1", "Имя Ф")
    assert names_in_json('[{"id": 1, "name": "VIP"}, {"name": "опт"}]') == "VIP, опт"
    assert (names_in_json("[]"), names_in_json("[опт]"), names_in_json("a")) == (None, "[опт]", "a")
