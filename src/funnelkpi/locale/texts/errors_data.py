"""Errors of the data as a whole."""

TEXTS: dict[str, tuple[str, str]] = {
    "no_deals": (
        "Среди файлов нет выгрузки сделок или лидов.",
        "No export of deals or leads among the files.",
    ),
    "no_deals.remedy": (
        "amoCRM: Сделки → ⋯ → Экспорт. Битрикс24: CRM → Сделки → шестерёнка → Экспорт, с галочкой «все поля».",
        "amoCRM: Leads → ⋯ → Export. Bitrix24: CRM → Deals → gear → Export, with “all fields”.",
    ),
    "no_moment": (
        "Не понять, когда сделана выгрузка: в ней нет ни одной даты.",
        "It cannot be told when the export was made: it has no dates.",
    ),
    "no_moment.remedy": ("Укажите дату: --as-of 2026-11-16", "Give the date: --as-of 2026-11-16"),
    "empty_export": (
        "В выгрузке нет сделок: «{notice}».",
        "The export holds no deals: “{notice}”.",
    ),
    "empty_export.remedy": (
        "Снимите фильтр в списке сделок и выгрузите снова; проверьте право на экспорт.",
        "Clear the filter of the deals list and export again; check the right to export.",
    ),
    "no_rows": (
        "В выгрузке сделок нет ни одной строки: только заголовки столбцов.",
        "The deals export has no rows: only the captions of the columns.",
    ),
    "no_rows.remedy": (
        "Снимите фильтр в списке сделок и выгрузите снова; проверьте право на экспорт.",
        "Clear the filter of the deals list and export again; check the right to export.",
    ),
    "no_usable_rows": (
        "Ни одна из строк выгрузки не читается как сделка (строк {rows}): нет ID.",
        "None of the rows of the export can be read as a deal ({rows} rows): they have no ID.",
    ),
    "no_usable_rows.remedy": (
        "Выгрузите сделки ещё раз со столбцом ID; если он назван иначе, укажите в настройках "
        "inputs: columns: deal_id: «как в файле».",
        "Export the deals again with the column ID; if it is called otherwise, name it in the "
        "config: inputs: columns: deal_id: “as in the file”.",
    ),
    "nothing_by_as_of": (
        "На {as_of} в выгрузке ещё нет ни одной сделки: все созданы позже.",
        "By {as_of} the export has no deals yet: all were created later.",
    ),
    "nothing_by_as_of.remedy": (
        "Укажите более поздний момент: --as-of 2026-11-16, или уберите --as-of.",
        "Name a later moment: --as-of 2026-11-16, or leave --as-of out.",
    ),
    "foreign_config": (
        "Похоже, настройки от другого портала: ни одного этапа из файлов в них нет. В файлах: {found}. "
        "В настройках: {expected}.",
        "The config seems to belong to another portal: it has none of the stages of the files. In the files: {found}. "
        "In the config: {expected}.",
    ),
    "foreign_config.remedy": (
        "Создайте настройки по этим файлам: funnelkpi init <файлы> -o funnelkpi.yaml",
        "Create a config from these files: funnelkpi init <files> -o funnelkpi.yaml",
    ),
}
