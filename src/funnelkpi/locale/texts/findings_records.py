"""What was noticed in tasks, contacts and companies."""

_NOTHING = ("Делать ничего не нужно.", "Nothing needs to be done.")

TEXTS: dict[str, tuple[str, str]] = {
    "task_without_date": (
        "{count} {count:plural:задача,задачи,задач} без названия и без единой даты "
        "{count:plural:не учтена,не учтены,не учтено}",
        "{count} {count:plural:task,tasks} without a title and any date {count:plural:was,were} left out",
    ),
    "task_without_date.remedy": (
        "Проверьте эти строки. Если даты стоят в другом столбце, назовите его в inputs: files: "
        "columns: (due_at, created_at).",
        "Check these rows. If the dates stand in another column, name it in inputs: files: columns: "
        "(due_at, created_at).",
    ),
    "card_without_name": (
        "{count} {count:plural:строка,строки,строк} без имени и без ID {count:plural:не учтена,не учтены,не учтено}",
        "{count} {count:plural:row,rows} without a name and an ID {count:plural:was,were} left out",
    ),
    "card_without_name.remedy": (
        "Чаще всего строка сдвинулась при правке в Excel. Возьмите выгрузку прямо из CRM.",
        "Usually a row was shifted while editing in Excel. Use the export straight from the CRM.",
    ),
    "phone_unread": (
        "Номера телефонов, которые не прочитать: {count} (например, «{value}»); звонки этих клиентов по "
        "номеру не найти",
        "Phone numbers that cannot be read: {count} (“{value}”, for one); calls of these clients cannot be "
        "found by number",
    ),
    "phone_unread.remedy": (
        "Номер — это +7 и десять цифр или номер с кодом страны. Поправьте карточки в CRM; если файл "
        "открывали в Excel, возьмите исходный.",
        "A number is +7 and ten digits, or one with its country code. Correct the cards in the CRM; if the "
        "file went through Excel, take the original.",
    ),
    "phone_local": (
        "Номера телефонов без кода города: {count} (например, «{value}»); они сопоставляются со звонками так, "
        "как написаны",
        "Phone numbers without an area code: {count} (“{value}”, for one); they are matched with calls as they "
        "are written",
    ),
    "phone_local.remedy": (
        "Телефония пишет номера полностью, поэтому такие обычно не находятся. Допишите код города в CRM.",
        "The telephony writes whole numbers, so these are usually not found. Add the area code in the CRM.",
    ),
    "task_cancelled": (
        "{count} {count:plural:событие отменено и не учтено,события отменены и не учтены,"
        "событий отменено и не учтено}",
        "{count} {count:plural:event was,events were} cancelled and left out",
    ),
    "task_cancelled.remedy": _NOTHING,
    "event_without_date": (
        "{count} {count:plural:событие,события,событий} календаря без единой даты "
        "{count:plural:не учтено,не учтены,не учтено}",
        "{count} {count:plural:event,events} of the calendar without any date {count:plural:was,were} left out",
    ),
    "event_without_date.remedy": (
        "Поставьте им дату начала или срок и выгрузите календарь заново.",
        "Give them a start or a due date and export the calendar again.",
    ),
    "tasks_of_absent_deals": (
        "{count} {count:plural:задача относится,задачи относятся,задач относится} к сделкам, которых нет в "
        "файлах (ID {value})",
        "{count} {count:plural:task belongs,tasks belong} to deals that are in no file (ID {value})",
    ),
    "tasks_of_absent_deals.remedy": (
        "У менеджеров эти задачи считаются, к сделкам не относятся. Снимите фильтр в списке сделок и "
        "выгрузите все.",
        "These tasks count for their managers and for no deal. Clear the filter of the list of deals and "
        "export all of them.",
    ),
    "record_repeated": (
        "Один ID в нескольких строках ({value}): {count} {count:plural:строка влита,строки влиты,строк влито} "
        "в последнюю по дате изменения",
        "One ID in several rows ({value}): {count} {count:plural:row is,rows are} merged into the last edited one",
    ),
    "record_repeated.remedy": _NOTHING,
    "record_in_newer": (
        "{count} {count:plural:запись есть,записи есть,записей есть} и в более новой выгрузке (ID {value}): "
        "взята новая",
        "{count} {count:plural:record stands,records stand} in a newer export, too (ID {value}): the newer one is taken",
    ),
    "record_in_newer.remedy": _NOTHING,
    "entered_after_as_of": (
        "Заведены позже момента отчёта: {count}",
        "Entered after the moment of the report: {count}",
    ),
    "entered_after_as_of.remedy": ("Исключены из отчёта.", "Excluded from the report."),
    "contacts_of_deals": (
        "Отдельной выгрузки контактов нет: {count} {count:plural:контакт взят,контакта взяты,контактов взято} "
        "из столбцов сделок",
        "There is no export of contacts: {count} {count:plural:contact was,contacts were} taken from the columns of deals",
    ),
    "contacts_of_deals.remedy": (
        "Контакты без сделок так не видны, а когда контакт заведён, известно не всегда. Добавьте выгрузку контактов.",
        "Contacts without deals are not seen this way, nor always when they were entered. Add an export of contacts.",
    ),
    "companies_of_deals": (
        "Отдельной выгрузки компаний нет: {count} {count:plural:компания взята,компании взяты,компаний взято} "
        "из столбцов сделок",
        "There is no export of companies: {count} {count:plural:company was,companies were} taken from the columns of deals",
    ),
    "companies_of_deals.remedy": (
        "Компании без сделок так не видны, а когда компания заведена, известно не всегда. Добавьте выгрузку компаний.",
        "Companies without deals are not seen this way, nor always when they were entered. Add an export of companies.",
    ),
}  # fmt: skip
