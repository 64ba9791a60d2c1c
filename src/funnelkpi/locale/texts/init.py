"""Comments of the config that ``funnelkpi init`` writes."""

TEXTS: dict[str, tuple[str, str]] = {
    "head": (
        "Настройки funnelkpi, написанные по вашим выгрузкам. Проверьте места с пометкой «проверьте»,\n"
        "затем: funnelkpi config validate -c funnelkpi.yaml\n"
        "Все ключи: funnelkpi config schema; действующие значения: funnelkpi config show.",
        "The config of funnelkpi, written from your exports. Look through the places marked “check”,\n"
        "then: funnelkpi config validate -c funnelkpi.yaml\n"
        "All keys: funnelkpi config schema; the effective values: funnelkpi config show.",
    ),
    "time_zone": ("Часовой пояс дат в выгрузке.", "Time zone of the dates in the export."),
    "currency": (
        "Валюта сумм, у которых она не указана.",
        "Currency of amounts that name none.",
    ),
    "pipelines": (
        "Воронки и этапы в том порядке, в каком их проходит сделка.\n"
        "kind: incoming (Неразобранное), open, won, lost, parked (отложено), after (после победы).\n"
        "Старые названия этапа добавляйте в crm: [Новое имя, Старое имя].\n"
        "Если CRM пишет дату перехода на этап в отдельное поле: date_column: Заголовок столбца.",
        "Pipelines and stages in the order deals pass them.\n"
        "kind: incoming, open, won, lost, parked (postponed), after (after the win).\n"
        "Add old names of a stage to crm: [New name, Old name].\n"
        "If the CRM writes the date a stage was entered into a field: date_column: Caption of the column.",
    ),
    "pipeline": ("Сделок в выгрузке: {deals}", "Deals in the export: {deals}"),
    "order": (
        "Проверьте порядок этапов и напишите confirmed: тогда посчитается конверсия по этапам.",
        "Check the order of the stages and write confirmed: then conversion by stage is counted.",
    ),
    "stage_order": (
        "проверьте место: порядок угадан по возрасту сделок",
        "check the place: the order is guessed from the deals' ages",
    ),
    "stage_closed": (
        "проверьте: на этапе только закрытые сделки",
        "check: only closed deals are here",
    ),
    "stage_words": (
        "проверьте: тип угадан по названию",
        "check: the kind is guessed from the name",
    ),
    "stage_unknown": (
        "проверьте: все сделки закрыты, а выиграны или проиграны — не видно; won, lost или parked",
        "check: all deals are closed, whether won or lost is not known; won, lost or parked",
    ),
    "stage_missing": (
        "проверьте: в выгрузке такого этапа нет, впишите его название в CRM",
        "check: the export has no such stage, put its name in the CRM here",
    ),
    "stage_deals": ("сделок: {n}", "deals: {n}"),
    "date_column": (
        "проверьте: похоже, CRM пишет сюда дату перехода на этап",
        "check: the CRM seems to write the date the stage was entered here",
    ),
    "title_deals": ("Сделки", "Deals"),
    "title_leads": ("Лиды", "Leads"),
    "title_won": ("Успешно реализовано", "Closed - won"),
    "title_lost": ("Закрыто и не реализовано", "Closed - lost"),
    "title_converted": ("Качественный лид", "Converted"),
    "managers": (
        "Менеджеры, у которых за 90 дней были сделки. Впишите отделы и роли; отпуск:\n"
        "absences: [{{first: 2026-11-09, last: 2026-11-15}}]; первый и последний рабочий день: start, end.",
        "Managers with a deal in the last 90 days. Fill in departments and roles; time off:\n"
        "absences: [{{first: 2026-11-09, last: 2026-11-15}}]; first and last working day: start, end.",
    ),
    "department": ("впишите отдел", "fill in the department"),
    "calls_rule": (
        "проверьте: похоже на звонки телефонии, столбцы угаданы по заголовкам и первым строкам",
        "check: it looks like calls of a telephony, the columns are guessed by captions and first rows",
    ),
    "norms": (
        "Нормы на менеджера; metric — имя показателя (funnelkpi explain), normal — норма, great — отлично.",
        "Norms per manager; metric: name of a figure (funnelkpi explain); normal and great: its bounds.",
    ),
    "norms_left": (
        "Для этих норм набора в выгрузке не нашлось этапа или столбца: впишите свой ключ stage и "
        "уберите решётку.",
        "The export has no stage or column for these norms of the preset: put your stage key and "
        "uncomment.",
    ),
    "thresholds": (
        "Пороги для funnelkpi check: warn — предупреждение, fail — код возврата 1.",
        "Bounds for funnelkpi check: warn is a warning, fail exits with 1.",
    ),
}
