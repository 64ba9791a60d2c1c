"""Captions of the Bitrix24 exports, in the order of the files."""

from __future__ import annotations

UTM = {f"utm_{k.lower()}": f"UTM {k}" for k in ("Source", "Medium", "Campaign", "Content", "Term")}

DEAL = {  # key -> caption, in the order of "all fields"
    "id": "ID",
    "pipeline": "Воронка",
    "repeat": "Повторная сделка",
    "repeat_inquiry": "Повторное обращение",
    "stage": "Стадия сделки",
    "previous_stage": "Предыдущая стадия",
    "observers": "Наблюдатели",
    "probability": "Вероятность",
    "payment": "Статус оплаты",
    "delivery": "Статус доставки",
    "owner": "Ответственный",
    "originator": "Привязка",
    "title": "Название сделки",
    "type": "Тип",
    "source": "Источник",
    "source_info": "Дополнительно об источнике",
    "amount": "Сумма",
    "currency": "Валюта",
    "company": "Компания",
    "contact": "Контакт",
    "closed": "Сделка закрыта",
    "created": "Дата создания",
    "creator": "Кем создана",
    "modified": "Дата изменения",
    "modifier": "Кем изменена",
    "begin": "Дата начала",
    "planned_close": "Предполагаемая дата закрытия",
    "product": "Товар",
    "price": "Цена",
    "quantity": "Количество",
    "comment": "Комментарий",
    "event_date": "Дата события",
    "event_type": "Тип события",
    "event_description": "Описание события",
    "webform": "Создана CRM-формой",
    "moved_by": "Кто изменил стадию",
    "moved_at": "Дата изменения стадии",
    "journey": "Путь клиента",
    **UTM,
}
LEAD = {
    "id": "ID",
    "stage": "Стадия",
    "title": "Название лида",
    "salutation": "Обращение",
    "first_name": "Имя",
    "middle_name": "Отчество",
    "last_name": "Фамилия",
    "birthday": "Дата рождения",
    "created": "Дата создания",
    "source": "Источник",
    "observers": "Наблюдатели",
    "work_phone": "Рабочий телефон",
    "mobile_phone": "Мобильный телефон",
    "fax": "Номер факса",
    "home_phone": "Домашний телефон",
    "pager": "Номер пейджера",
    "mailing_phone": "Телефон для рассылок",
    "other_phone": "Другой телефон",
    "site": "Корпоративный сайт",
    "work_email": "Рабочий e-mail",
    "personal_email": "Частный e-mail",
    "other_email": "Другой e-mail",
    "owner": "Ответственный",
    "stage_info": "Дополнительно о стадии",
    "source_info": "Дополнительно об источнике",
    "creator": "Кем создан",
    "modified": "Дата изменения",
    "modifier": "Кем изменен",
    "company": "Название компании",
    "position": "Должность",
    "comment": "Комментарий",
    "amount": "Сумма",
    "currency": "Валюта",
    "product": "Товар",
    "price": "Цена",
    "quantity": "Количество",
    "webform": "Создан CRM-формой",
    "repeat": "Повторный лид",
    "moved_by": "Кто изменил стадию",
    "moved_at": "Дата изменения стадии",
    "journey": "Путь клиента",
    **UTM,
}
LAST = {
    "last_activity": "Последняя активность",
    "last_communication": "Дата последней коммуникации",
}
_CHANNELS = (
    "Рабочий телефон", "Мобильный телефон", "Номер факса", "Домашний телефон", "Номер пейджера",
    "Телефон для рассылок", "Другой телефон", "Корпоративный сайт", "Личная страница",
    "Страница Facebook", "Страница ВКонтакте", "Страница LiveJournal", "Микроблог Twitter",
    "Другой сайт", "Рабочий e-mail", "Частный e-mail", "E-mail для рассылок", "Другой e-mail",
    "Контакт Facebook", "Контакт Telegram", "Контакт ВКонтакте", "Контакт Viber",
    "Комментарии Instagram", "Контакт Битрикс24 Network", "Онлайн-чат", "Контакт Открытая линия",
    "Другой контакт", "Связанный пользователь",
)  # fmt: skip
_CONTACT = (
    "ID", "Фотография", "Обращение", "Имя", "Фамилия", "Отчество", "Дата рождения", "Должность",
    "Тип контакта", "Ответственный", "Комментарий", "Источник", "Дополнительно об источнике",
    "Участвует в экспорте контактов", "Кем создан", "Дата создания", "Кем изменен",
    "Дата изменения", "Создан CRM-формой",
)  # fmt: skip
_COMPANY = (
    "ID", "Логотип", "Название компании", "Тип компании", "Кол-во сотрудников", "Ответственный",
    "Банковские реквизиты", "Сфера деятельности", "Годовой оборот", "Валюта", "Комментарий",
    "Кем создана", "Дата создания", "Кем изменена", "Дата изменения", "Создана CRM-формой",
)  # fmt: skip
CLIENT = tuple(f"Контакт: {c}" for c in (*_CONTACT, *_CHANNELS)) + tuple(
    f"Компания: {c}" for c in (*_COMPANY, *_CHANNELS)
)
"""Captions that «Экспортировать все поля контактов и компаний» adds at the end."""
PRODUCT = ("product", "price", "quantity")
CURRENT = {  # the grid nobody has touched
    "deal": ("title", "type", "stage", "contact", "company", "amount", "currency", "owner",
             "created", "journey", *UTM),
    "lead": ("title", "stage", "created", "source", "source_info"),
}  # fmt: skip
EMPTY = {"deal": "Список сделок пуст!", "lead": "Список лидов пуст!"}
CALL_CAPTIONS = (
    "Сотрудник", "Номер в Битрикс24", "Номер телефона", "Тип звонка", "Время звонка",
    "Дата вызова", "Статус", "Стоимость", "Стоимость расшифровки", "Оценка", "CRM", "Описание",
    "Комментарий",
)  # fmt: skip
