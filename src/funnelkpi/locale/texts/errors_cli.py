"""Errors of the command line: why, and what to do."""

TEXTS: dict[str, tuple[str, str]] = {
    "no_files": ("Не указаны файлы.", "No files given."),
    "no_files.remedy": (
        "Укажите выгрузки или папку с ними: funnelkpi report exports/",
        "Name the exports or their folder: funnelkpi report exports/",
    ),
    "bad_moment": ("--as-of: «{value}» — не дата.", "--as-of: “{value}” is not a date."),
    "bad_moment.remedy": (
        "Пишите 2026-11-16 (конец дня) или 2026-11-16T08:30.",
        "Write 2026-11-16 (end of the day) or 2026-11-16T08:30.",
    ),
    "bad_fail_on": (
        "--fail-on: «{value}» — такого значения нет.",
        "--fail-on: there is no value “{value}”.",
    ),
    "bad_fail_on.remedy": ("Возможное значение: warn.", "The value can be: warn."),
    "stdout": (
        "Не удалось вывести результат: {reason}.",
        "The result could not be written: {reason}.",
    ),
    "stdout.remedy": (
        "Проверьте место на диске и программу, которой передаётся вывод.",
        "Check the disk space and the program that takes the output.",
    ),
    "no_thresholds": (
        "В настройках нет порогов, проверять нечего.",
        "The config has no thresholds, so there is nothing to check.",
    ),
    "no_thresholds.remedy": (
        "Добавьте в funnelkpi.yaml раздел thresholds, например:\n"
        '  thresholds:\n    - {{metric: win_rate, fail: "< 0.15"}}',
        "Add a thresholds section to funnelkpi.yaml, e.g.:\n"
        '  thresholds:\n    - {{metric: win_rate, fail: "< 0.15"}}',
    ),
    "no_archive": (
        "Архива нет: папка «{folder}» не найдена.",
        "There is no archive: the folder “{folder}” was not found.",
    ),
    "no_archive.remedy": (
        "Укажите папку в --archive или создайте архив: funnelkpi archive add папка-с-выгрузками/",
        "Name the folder with --archive, or start one: funnelkpi archive add folder-with-exports/",
    ),
    "no_config": ("Файл funnelkpi.yaml не найден.", "funnelkpi.yaml was not found."),
    "no_config.remedy": (
        "Создайте его: funnelkpi init exports/ — или укажите путь: -c путь.yaml",
        "Create it: funnelkpi init exports/ — or give its path: -c path.yaml",
    ),
    "config_exists": ("{file} уже есть.", "{file} exists already."),
    "config_exists.remedy": (
        "Чтобы перезаписать его, добавьте --force; чтобы сохранить рядом — другое имя: -o имя.yaml",
        "Add --force to overwrite it, or choose another name: -o name.yaml",
    ),
    "unknown_metric": ("Показателя «{value}» нет.", "There is no figure “{value}”."),
    "unknown_metric.remedy": ("Возможно, {near}.", "Did you mean {near}?"),
    "unknown_stage": ("Этапа «{value}» нет.", "There is no stage “{value}”."),
    "unknown_stage.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_manager": (
        "Менеджера «{value}» нет в данных.",
        "There is no manager “{value}” in the data.",
    ),
    "unknown_manager.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_pipeline": ("Воронки «{value}» нет.", "There is no pipeline “{value}”."),
    "unknown_pipeline.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_crm": ("CRM «{value}» не поддерживается.", "The CRM “{value}” is not supported."),
    "unknown_crm.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_lang": ("Языка «{value}» нет.", "There is no language “{value}”."),
    "unknown_lang.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_class": ("Класса «{value}» нет.", "There is no class “{value}”."),
    "unknown_class.remedy": ("У этого показателя есть: {known}.", "This figure has: {known}."),
    "one_list": (
        "{first} и {second} — два разных списка сделок.",
        "{first} and {second} are two different lists of deals.",
    ),
    "one_list.remedy": ("Оставьте один из них.", "Keep one of them."),
    "unknown_norm": (
        "Нормы «{value}» нет, или так называются несколько.",
        "There is no norm “{value}”, or several are called so.",
    ),
    "unknown_norm.remedy": ("В настройках есть: {known}.", "The config has: {known}."),
    "unknown_section": ("Раздела «{value}» нет.", "There is no section “{value}”."),
    "unknown_section.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_slice": (
        "Разреза «{value}» нет: это ни готовый разрез, ни столбец выгрузки.",
        "There is no slice “{value}”: neither a ready-made one nor a column of the export.",
    ),
    "unknown_slice.remedy": ("Есть: {known}.", "There are: {known}."),
    "needs_stage": ("Показателю «{value}» нужен этап.", "The figure “{value}” needs a stage."),
    "needs_stage.remedy": ("Добавьте --stage: {known}.", "Add --stage: {known}."),
    "period_unknown": ("Период «{period}» не понят.", "The period “{period}” is not understood."),
    "period_unknown.remedy": (
        "Пишите last-week, this-month, last-90d, 2026-W46, 2026-10, 2026-Q4, 2026-H1, 2026 или "
        "2026-11-01..2026-11-15.",
        "Write last-week, this-month, last-90d, 2026-W46, 2026-10, 2026-Q4, 2026-H1, 2026 or "
        "2026-11-01..2026-11-15.",
    ),
}
