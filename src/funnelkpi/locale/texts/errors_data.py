"""Errors of the data as a whole."""

TEXTS: dict[str, tuple[str, str]] = {
    "no_deals": (
        "Среди файлов нет выгрузки сделок или лидов.",
        "No export of deals or leads among the files.",
    ),
    "no_deals.remedy": (
        "amoCRM: Сделки → ⋯ → Экспорт. Битрикс24: CRM → Сделки → шестерёнка → Экспорт, «все поля».",
        "amoCRM: Leads → ⋯ → Export. Bitrix24: CRM → Deals → gear → Export, “all fields”.",
    ),
    "no_moment": (
        "Нельзя понять, на какой момент сделана выгрузка: в ней нет дат.",
        "The moment of the export cannot be told: it has no dates.",
    ),
    "no_moment.remedy": ("Укажите его: --as-of 2026-11-16", "Name it: --as-of 2026-11-16"),
    "empty_export": (
        "В выгрузке нет сделок: «{notice}».",
        "The export holds no deals: “{notice}”.",
    ),
    "empty_export.remedy": (
        "Снимите фильтр в списке сделок и выгрузите снова; проверьте право на экспорт.",
        "Clear the filter of the deals list and export again; check the right to export.",
    ),
    "foreign_config": (
        "Настройки от другого портала: ни один этап из файлов в них не назван. В файлах: {found}. "
        "В настройках: {expected}.",
        "The config belongs to another portal: it names none of the files' stages. In the files: {found}. "
        "In the config: {expected}.",
    ),
    "foreign_config.remedy": (
        "Создайте настройки по этим файлам: funnelkpi init <файлы> -o funnelkpi.yaml",
        "Create a config from these files: funnelkpi init <files> -o funnelkpi.yaml",
    ),
}
