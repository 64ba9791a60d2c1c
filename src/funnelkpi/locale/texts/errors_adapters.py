"""Texts of the adapters' errors: a table that cannot be used as it is."""

TEXTS = {
    "unknown_table": (
        "Таблица не похожа ни на выгрузку amoCRM, ни на выгрузку Битрикс24. Её столбцы: {seen}.",
        "The table looks like neither an amoCRM nor a Bitrix24 export. Its columns: {seen}.",
    ),
    "unknown_table.remedy": (
        "Назовите её столбцы в конфиге, например: inputs: columns: {{deal_id: «Номер», "
        "stage: «Этап»}} — или уберите файл из папки.",
        "Name its columns in the config, for example: inputs: columns: {{deal_id: “Number”, "
        "stage: “Stage”}}, or take the file out of the folder.",
    ),
    "unused_table": (
        "Это другая выгрузка ({what}): сделок и звонков в ней нет. Её столбцы: {seen}.",
        "This is another export ({what}): it holds no deals and no calls. Its columns: {seen}.",
    ),
    "unused_table.remedy": (
        "Уберите файл из папки или добавьте в конфиг правило inputs: files: с ignore: true.",
        "Take the file out of the folder, or add a rule to inputs: files: with ignore: true.",
    ),
    "two_crms": (
        "Таблица похожа сразу на выгрузки {crms}: в ней есть столбцы обеих.",
        "The table looks like exports of {crms} at once: it has columns of both.",
    ),
    "two_crms.remedy": (
        "Скажите, чья она: --crm {first} или правило inputs: files: с crm: {first}.",
        "Say whose it is: --crm {first}, or a rule in inputs: files: with crm: {first}.",
    ),
    "no_deal_id": (
        "Нет столбца с ID сделки (ждали {expected}); узнали {crm}. Столбцы файла: {seen}.",
        "There is no column with the deal ID (expected {expected}); recognised {crm}. "
        "Columns of the file: {seen}.",
    ),
    "no_deal_id.remedy": (
        "Выгрузите сделки ещё раз со столбцом ID; если он назван иначе, укажите в конфиге "
        "inputs: columns: deal_id: «как в файле».",
        "Export the deals again with the column ID; if it is called otherwise, name it in the "
        "config: inputs: columns: deal_id: “as in the file”.",
    ),
    "no_stage": (
        "Нет столбца с этапом сделки (ждали {expected}); узнали {crm}. Столбцы файла: {seen}.",
        "There is no column with the stage (expected {expected}); recognised {crm}. "
        "Columns of the file: {seen}.",
    ),
    "no_stage.remedy": (
        "В Битрикс24 выгружайте «все поля сделок»; если столбец назван иначе, укажите в конфиге "
        "inputs: columns: stage: «как в файле».",
        "In Bitrix24 export all fields of the deals; if the column is called otherwise, name it in "
        "the config: inputs: columns: stage: “as in the file”.",
    ),
    "column_not_mapped": (
        "Для таблицы «{kind}» не указан столбец {column}. Столбцы файла: {seen}.",
        "The column {column} is not named for this table ({kind}). Columns of the file: {seen}.",
    ),
    "column_not_mapped.remedy": (
        "Добавьте в конфиг inputs: columns: {column}: «как в файле».",
        "Add to the config inputs: columns: {column}: “as in the file”.",
    ),
    "unknown_column": (
        "В конфиге под columns стоит «{column}»: такого поля нет.",
        "The config names {column} under columns: there is no such field.",
    ),
    "unknown_column.remedy": (
        "Ближайшее известное поле: {like}. Все поля: funnelkpi config schema.",
        "The nearest known field: {like}. All fields: funnelkpi config schema.",
    ),
    "caption_missing": (
        "Конфиг ждёт в этом файле столбец «{caption}» (поле {column}), а его нет.",
        "The config expects a column “{caption}” (field {column}) in this file; there is none.",
    ),
    "caption_missing.remedy": (
        "Самый похожий столбец файла: «{like}». Поправьте название в конфиге или выгрузку.",
        "The most similar column of the file: “{like}”. Mend the caption in the config or the "
        "export.",
    ),
}
