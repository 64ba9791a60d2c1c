"""Texts of the adapters' errors: a table that cannot be used as it is."""

_OTHER_CRM = (
    "Уберите файл из папки или настройку {said}; если в папке выгрузки двух CRM, укажите crm каждой "
    "в inputs: files:.",
    "Take the file out of the folder, or drop the setting {said}; if the folder holds exports of two "
    "CRMs, give the crm of each under inputs: files:.",
)

TEXTS = {
    "too_many_rejected": (
        "Отклонено {rejected} из {rows} строк: больше допустимых {limit}. Отчёт по такому файлу неверен.",
        "{rejected} of {rows} rows were rejected: more than the {limit} allowed. A report would be wrong.",
    ),
    "too_many_rejected.remedy": (
        "Посмотрите, что не так со строками: funnelkpi inspect {file}; выгрузите заново или поднимите "
        "inputs.max_rejected.",
        "See what is wrong with the rows: funnelkpi inspect {file}; export again or raise "
        "inputs.max_rejected.",
    ),
    "unknown_table": (
        "Таблица не похожа ни на выгрузку amoCRM, ни на выгрузку Битрикс24. Её столбцы: {seen}.",
        "The table looks like neither an amoCRM nor a Bitrix24 export. Its columns: {seen}.",
    ),
    "unknown_table.remedy": (
        "Назовите её столбцы в файле настроек, например: inputs: columns: {{deal_id: «Номер», "
        "stage: «Этап»}} — или уберите файл из папки.",
        "Name its columns in the config, for example: inputs: columns: {{deal_id: “Number”, "
        "stage: “Stage”}}, or take the file out of the folder.",
    ),
    "own_report": (
        "Это отчёт самой программы, не выгрузка.",
        "This is a report of this program, not an export.",
    ),
    "own_report.remedy": (
        "Укажите выгрузку из CRM; отчёты лучше сохранять в другую папку.",
        "Give an export of the CRM; reports are better kept in another folder.",
    ),
    "unknown_calls": (
        "Похоже на таблицу звонков, но столбцы этой телефонии программе не названы.",
        "It looks like a table of calls, but nobody has told what its columns are.",
    ),
    "unknown_calls.remedy": (
        "funnelkpi init по папке с этим файлом впишет правило в файл настроек сам. Вручную — inputs: "
        "files: match: имя файла, kind: calls, crm: generic, columns: {columns} (столбцы угаданы, "
        "проверьте). Подробно: docs/telephony.ru.md.",
        "funnelkpi init on the folder of this file writes the rule into the config itself. By hand: "
        "inputs: files: match: file name, kind: calls, crm: generic, columns: {columns} (guessed, check "
        "them). More: docs/telephony.md.",
    ),
    "other_crm": (
        "Это выгрузка {crm}, а указано {said} = {asked}.",
        "This is an export of {crm}, while {said} = {asked} is set.",
    ),
    "other_crm.remedy": _OTHER_CRM,
    "other_crm_history": (
        "Это история сделок {crm}, а указано {said} = {asked}.",
        "This is a history of deals of {crm}, while {said} = {asked} is set.",
    ),
    "other_crm_history.remedy": _OTHER_CRM,
    "two_crms": (
        "Таблица похожа сразу на выгрузки {crms}: в ней есть столбцы обеих CRM.",
        "The table looks like an export of {crms} at once: it has columns of both.",
    ),
    "two_crms.remedy": (
        "Укажите, из какой она CRM: --crm {first} или правило inputs: files: с crm: {first}.",
        "Say which CRM it is from: --crm {first}, or a rule in inputs: files: with crm: {first}.",
    ),
    "no_deal_id": (
        "Это выгрузка {crm}, но в ней нет столбца с ID сделки ({expected}). Столбцы файла: {seen}.",
        "This is an export of {crm}, but it has no column with the deal ID ({expected}). "
        "Columns of the file: {seen}.",
    ),
    "no_deal_id.remedy": (
        "Выгрузите сделки ещё раз со столбцом ID; если он назван иначе, укажите в файле "
        "настроек inputs: columns: deal_id: «как в файле».",
        "Export the deals again with the ID column; if it has another name, name it in the "
        "config: inputs: columns: deal_id: “as in the file”.",
    ),
    "no_stage": (
        "Это выгрузка {crm}, но в ней нет столбца с этапом сделки ({expected}). Столбцы файла: {seen}.",
        "This is an export of {crm}, but it has no column with the stage ({expected}). "
        "Columns of the file: {seen}.",
    ),
    "no_stage.remedy": (
        "В Битрикс24 при экспорте включите «Экспортировать все поля сделок»; если столбец назван иначе, укажите в "
        "файле настроек inputs: columns: stage: «как в файле».",
        "In Bitrix24 export all fields of the deals; if the column has another name, give it in "
        "the config: inputs: columns: stage: “as in the file”.",
    ),
    "column_not_mapped": (
        "Для этой таблицы ({kind}) не указано, какой столбец — {column}. Столбцы файла: {seen}.",
        "The config does not say which column of this table ({kind}) is {column}. Columns of the file: {seen}.",
    ),
    "column_not_mapped.remedy": (
        "Добавьте в файл настроек inputs: columns: {column}: «как в файле».",
        "Add to the config inputs: columns: {column}: “as in the file”.",
    ),
    "unknown_column": (
        "В файле настроек под columns стоит «{column}»: такого поля нет.",
        "The config names {column} under columns: there is no such field.",
    ),
    "unknown_column.remedy": (
        "Ближайшее известное поле: {like}. Все поля: funnelkpi config schema.",
        "The nearest known field: {like}. All fields: funnelkpi config schema.",
    ),
    "caption_missing": (
        "По настройкам в этом файле должен быть столбец «{caption}» (поле {column}), а его нет.",
        "The config expects a column “{caption}” (field {column}) in this file; there is none.",
    ),
    "caption_unlike": (
        "По настройкам в этом файле должен быть столбец «{caption}» (поле {column}), а его нет.",
        "The config expects a column “{caption}” (field {column}) in this file; there is none.",
    ),
    "caption_unlike.remedy": (
        "В файле есть: {seen}. Поправьте название в файле настроек или сделайте выгрузку заново.",
        "The file has: {seen}. Correct the caption in the config or export again.",
    ),
    "caption_missing.remedy": (
        "Самый похожий столбец файла: «{like}». Поправьте название в файле настроек или сделайте выгрузку заново.",
        "The most similar column of the file: “{like}”. Correct the caption in the config or "
        "export again.",
    ),
}
