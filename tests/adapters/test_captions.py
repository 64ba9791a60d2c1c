from __future__ import annotations

import pytest

from funnelkpi.adapters.captions import caption_key, caption_keys, nearest, stage_key


@pytest.mark.parametrize(
    ("caption", "key"),
    [
        ("\ufeffID", "id"), ('"Название сделки"', "название сделки"), ("Бюджет ", "бюджет"),
        ("Дата\u00a0 создания", "дата создания"), ("'Этап сделки", "этап сделки"),
        ("Отчёт", "отчет"), ("Cтатус", "статус"), ("Lead venda R$", "lead venda r$"),
        ("Empresa lead 's", "empresa lead 's"), ("CRM", "crm"),
    ],
)  # fmt: skip
def test_caption_key(caption, key):
    assert caption_key(caption) == key


def test_stage_names_that_read_alike_are_alike():
    assert stage_key("Cчёт на предоплату") == stage_key("СЧЕТ  на предоплату")  # Latin C first
    assert stage_key("КП") != stage_key("KP")  # wholly Latin words stay Latin


def test_keys_do_not_repeat():
    assert caption_keys("ID", "id", "Тип") == ("id", "тип")


def test_nearest():
    assert nearest("Стадия сделок", ["ID", "Стадия сделки", "Сумма"]) == "Стадия сделки"
    assert nearest("Погода", ["ID", "Стадия сделки"]) is None
