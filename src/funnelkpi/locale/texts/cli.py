"""Texts of the command line: help pages and messages."""

TEXTS: dict[str, tuple[str, str]] = {
    "app": (
        "KPI отдела продаж по выгрузкам из amoCRM и Битрикс24.\n\n"
        "Начните так: funnelkpi report папка-с-выгрузками/",
        "KPIs of a sales department from amoCRM and Bitrix24 exports.\n\n"
        "Start with: funnelkpi report folder-with-exports/",
    ),
    "version": ("Показать версию и выйти.", "Show the version and exit."),
    "lang": (
        "Язык отчёта и сообщений: ru или en.",
        "Language of the report and messages: ru or en.",
    ),
    "files": ("ФАЙЛ|ПАПКА", "FILE|FOLDER"),
    "heading_0": ("Как вызвать:", "Usage:"),
    "heading_1": ("Параметры:", "Options:"),
    "heading_2": ("Аргументы:", "Arguments:"),
    "heading_3": ("Команды:", "Commands:"),
    "heading_4": ("[ПАРАМЕТРЫ]", "[OPTIONS]"),
    "heading_5": ("КОМАНДА [АРГУМЕНТЫ]...", "COMMAND [ARGS]..."),
    "heading_6": ("[обязательно]", "[required]"),
    "heading_7": ("[по умолчанию: ", "[default: "),
    "heading_8": ("Показать эту справку и выйти.", "Show this message and exit."),
    "report": (
        "Отчёт: кто ниже нормы, где теряются сделки, какие сделки открыть сегодня.",
        "The report: who is below the norm, where deals are lost, which deals to open today.",
    ),
    "check": (
        "Проверить пороги из funnelkpi.yaml: печатает только нарушения; код возврата — для cron.",
        "Check the thresholds of funnelkpi.yaml: prints only what is breached; exit code for cron.",
    ),
    "deals": ("Сделки, которые стоят за цифрой.", "The deals behind a figure."),
    "explain": (
        "Что означает показатель; с выгрузками — что он даёт на них и почему иначе, чем другие "
        "определения.",
        "What a figure means; with exports, what it gives on them and why other definitions differ.",
    ),
    "explain_metric": (
        "Имя показателя, например conversion.",
        "Name of a figure, e.g. conversion.",
    ),
    "inspect": (
        "Что распознано в файлах: CRM, кодировка, столбцы, даты, этапы, менеджеры, замечания.",
        "What was recognised in the files: CRM, encoding, columns, dates, stages, managers, findings.",
    ),
    "init": (
        "Создать funnelkpi.yaml с пояснениями по вашим выгрузкам.",
        "Write a commented funnelkpi.yaml from your own exports.",
    ),
    "config": ("Проверить и показать настройки.", "Validate and show the config."),
    "config_validate": (
        "Проверить funnelkpi.yaml: все ошибки сразу.",
        "Check funnelkpi.yaml: all problems at once.",
    ),
    "config_schema": (
        "JSON Schema настроек для редактора.",
        "JSON Schema of the config for editors.",
    ),
    "config_show": (
        "Действующие настройки со значениями по умолчанию.",
        "The effective config, defaults included.",
    ),
    "archive": (
        "Архив выгрузок: по нему видно, что было в прошлом.",
        "The archive of exports: it shows what was in the past.",
    ),
    "archive_add": (
        "Сохранить выгрузки в архиве; каждая хранится один раз.",
        "Keep exports in the archive; each is stored once.",
    ),
    "archive_list": ("Что лежит в архиве.", "What the archive holds."),
    "archive_verify": (
        "Проверить контрольные суммы; код 2, если что-то испорчено.",
        "Check the checksums; exit with 2 if something is damaged.",
    ),
    "demo": ("Отчёт на учебных данных.", "The report on the bundled sample data."),
    "option_files": (
        "Выгрузки или папка с ними; формат определяется по содержимому, не по имени.",
        "Exports or a folder with them; the format is detected by content, not by name.",
    ),
    "option_config": (
        "Файл настроек; без него — funnelkpi.yaml здесь или рядом с выгрузками.",
        "Config file; default: funnelkpi.yaml here or beside the exports.",
    ),
    "option_archive": (
        "Папка архива выгрузок; по умолчанию archive.folder из настроек или ./archive.",
        "Folder of kept exports; default: archive.folder of the config, else ./archive.",
    ),
    "option_period": (
        "Период: last-week (по умолчанию), this-week, today, last-month, this-month, last-90d, 2026-W46, "
        "2026-10, 2026-Q4, 2026-H1, 2026, 2026-11-01..2026-11-15.",
        "Period: last-week (default), this-week, today, last-month, this-month, last-90d, 2026-W46, "
        "2026-10, 2026-Q4, 2026-H1, 2026, 2026-11-01..2026-11-15.",
    ),
    "option_as_of": (
        "На какой момент смотреть: 2026-11-16 или 2026-11-16T08:30; по умолчанию — момент выгрузки.",
        "The moment to look from: 2026-11-16 or 2026-11-16T08:30; default: the moment of the export.",
    ),
    "option_by": (
        "Разрез: manager, department, role, pipeline, source, tag, month, loss_reason, company, hour и "
        "weekday (звонков, встреч и задач) или заголовок столбца выгрузки.",
        "Slice: manager, department, role, pipeline, source, tag, month, loss_reason, company, hour and "
        "weekday (of calls, meetings and tasks), or the caption of a column of the export.",
    ),
    "option_section": ("Показать только эти разделы.", "Show only these sections."),
    "option_manager": ("Показать только этих менеджеров.", "Show only these managers."),
    "option_pipeline": ("Показать только эти воронки.", "Show only these pipelines."),
    "option_format": ("В каком формате напечатать.", "Format to print."),
    "option_output": (
        "Записать в файл; формат по расширению: .json .csv .md .txt. Можно несколько раз.",
        "Write to a file; format by suffix: .json .csv .md .txt. Repeatable.",
    ),
    "option_check": (
        "Код возврата 1, если нарушен порог из настроек.",
        "Exit with 1 if a threshold of the config is breached.",
    ),
    "option_crm": (
        "Из какой CRM выгрузка, если она не распознана.",
        "Which CRM the export is from, if it is not recognised.",
    ),
    "option_mask": (
        "Скрыть названия сделок и телефоны клиентов.",
        "Hide the deals' titles and clients' phones.",
    ),
    "option_quiet": ("Не показывать ход работы.", "Show no progress."),
    "option_fail_on": (
        "warn — код 1 и при предупреждениях.",
        "warn: exit with 1 on warnings too.",
    ),
    "option_debug": (
        "При сбое программы показать трассировку.",
        "Show the traceback if the program itself fails.",
    ),
    "option_stalled": ("Зависшие сделки.", "Stalled deals."),
    "option_without_call": (
        "Сделки, созданные за период, по которым никто не звонил.",
        "Deals created in the period that nobody called about.",
    ),
    "option_under_called": (
        "Сделки на этапе, где звонков меньше нормы (calls.at_stage).",
        "Deals in a stage with fewer calls than its norm (calls.at_stage).",
    ),
    "option_metric": ("Показатель, сделки которого нужны.", "The figure whose deals to list."),
    "option_norm": (
        "Норма из настроек, за фактом которой стоят сделки: её title.",
        "A norm of the config whose deals to list: its title.",
    ),
    "option_stage": ("Ключ этапа из настроек.", "Stage key, as in the config."),
    "option_to_stage": (
        "Ключ следующего этапа (для конверсии).",
        "Key of the target stage (of a conversion).",
    ),
    "option_class": (
        "Класс базы конверсии (advanced, lost, still_there, too_early, ...), причина зависания "
        "(silent, overdue, too_old, any, ...) или причина отказа.",
        "Class of a conversion's base (advanced, lost, still_there, too_early, ...), reason of a "
        "stalled deal (silent, overdue, too_old, any, ...), or a loss reason.",
    ),
    "option_preset": (
        "Готовый набор: b2b-standard, calls-to-cash, what-to-measure, stage-questions.",
        "A preset: b2b-standard, calls-to-cash, what-to-measure, stage-questions.",
    ),
    "option_init_output": (
        "Куда записать; по умолчанию funnelkpi.yaml.",
        "Where to write; default: funnelkpi.yaml.",
    ),
    "option_force": ("Перезаписать существующий файл.", "Overwrite an existing file."),
    "error": ("funnelkpi: ошибка:", "funnelkpi: error:"),
    "option_unknown": ("Нет такого параметра: {option}.", "No such option: {option}."),
    "command_unknown": ("Нет такой команды. {message}", "No such command. {message}"),
    "parameter_missing": ("Не хватает аргумента: {message}.", "An argument is missing: {message}."),
    "parameter_bad": ("Неверное значение. {message}", "Bad value. {message}"),
    "usage": ("Команда непонятна. {message}", "The command is not understood. {message}"),
    "nearest": ("Возможно, вы имели в виду: {near}.", "Did you mean: {near}?"),
    "see_help": ("Справка: {command} --help", "Help: {command} --help"),
    "bug": (
        "funnelkpi: сбой программы ({kind}, {where}). Это наша ошибка, не ваша.\n"
        "Повторите с --debug и пришлите трассировку: данных клиентов в ней нет.",
        "funnelkpi: the program failed ({kind}, {where}). This is our bug, not yours.\n"
        "Run again with --debug and send the traceback: it contains no client data.",
    ),
    "progress_reading": ("Читаю файлы…", "Reading the files…"),
    "progress_keeping": ("Сохраняю в архив…", "Adding to the archive…"),
    "progress_stages": ("Разбираю этапы…", "Sorting out the stages…"),
    "progress_figures": ("Считаю показатели…", "Computing the figures…"),
    "stale": (
        "funnelkpi: выгрузка устарела: она на {days} {days:plural:день,дня,дней} старше допустимого. Сделайте новую "
        "(inputs.stale_after).",
        "funnelkpi: the export is {days} {days:plural:day,days} older than allowed. Make a new one "
        "(inputs.stale_after).",
    ),
    "config_valid": (
        "{file}: ошибок нет. Воронок {pipelines}, этапов {stages}, менеджеров {managers}, норм {norms}.",
        "{file}: no errors. Pipelines {pipelines}, stages {stages}, managers {managers}, norms {norms}.",
    ),
    "init_guessed_calls": (
        "{match}: похоже на звонки телефонии. Столбцы угаданы, проверьте inputs: files.",
        "{match}: looks like calls of a telephony. The columns are guessed, check inputs: files.",
    ),
    "init_unread": ("{file}: не прочитан. {why} {remedy}", "{file}: not read. {why} {remedy}"),
    "init_done": (
        "Создан {file}. Проверьте порядок этапов и нормы, затем: funnelkpi report exports/",
        "Created {file}. Check the order of the stages and the norms, then: funnelkpi report exports/",
    ),
}
