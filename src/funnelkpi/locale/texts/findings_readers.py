"""What the readers noticed in a file that they could read."""

_AGAIN = ("Выгрузите файл из CRM заново.", "Export the file from the CRM again.")
_NOTHING = ("Делать ничего не нужно.", "Nothing needs to be done.")

TEXTS: dict[str, tuple[str, str]] = {
    "title_rows": (
        "над шапкой {count:plural:пропущена,пропущены,пропущено} {count} "
        "{count:plural:строка,строки,строк} заголовка",
        "{count} title {count:plural:row,rows} above the header {count:plural:was,were} skipped",
    ),
    "title_rows.remedy": _NOTHING,
    "totals_row": (
        "внизу таблицы {count:plural:не учтена,не учтены,не учтено} {count} "
        "{count:plural:строка,строки,строк} итогов",
        "{count} {count:plural:row,rows} of totals at the end {count:plural:was,were} left out",
    ),
    "totals_row.remedy": _NOTHING,
    "too_many_cells": (
        "в {count} {count:plural:строке,строках,строках} ячеек больше, чем столбцов в шапке: "
        "значения сдвинуты, строки не учтены",
        "{count} {count:plural:row has,rows have} more cells than the header: "
        "the values have shifted, so the rows are left out",
    ),
    "too_many_cells.remedy": (
        "Обычно это лишний разделитель в тексте без кавычек. Исправьте строки или выгрузите "
        "файл заново.",
        "Usually it is a delimiter inside an unquoted text. Correct the rows or export the file "
        "again.",
    ),
    "broken_quotes": (
        "в {count} {count:plural:строке,строках,строках} кавычки непарные, строки не учтены "
        "(вместе с ними могли склеиться соседние)",
        "the quotes in {count} {count:plural:row,rows} do not match, so the rows are left out "
        "(neighbouring rows may have been merged into them)",
    ),
    "broken_quotes.remedy": (
        "Так бывает с текстом, где перед кавычкой стоит «\\». "
        "Уберите её в CRM или выгрузите в XLSX.",
        'It happens to a text with "\\" before a quote. Remove it in the CRM or export to XLSX.',
    ),
    "cut_off": (
        "файл обрывается посреди последней строки, она не учтена; дальше могли быть ещё строки",
        "the file breaks off in its last row, which is left out; more rows may be missing",
    ),
    "cut_off.remedy": _AGAIN,
    "html_cut_off": (
        "таблица в файле не закрыта: загрузка оборвалась, часть строк могла пропасть",
        "the table in the file is not closed: the download broke off and rows may be missing",
    ),
    "html_cut_off.remedy": _AGAIN,
    "html_mended": (
        "в {count} {count:plural:строке,строках,строках} разметку ломает таблица, вставленная "
        "в текст; строки собраны заново, значения справа от текста проверьте",
        "a table pasted into a text breaks the markup of {count} {count:plural:row,rows}; the rows "
        "were put together again, check the values to the right of the text",
    ),
    "html_mended.remedy": (
        "Уберите таблицу из этого текста в CRM или выгрузите файл в CSV.",
        "Remove the table from that text in the CRM or export to CSV.",
    ),
    "short_rows": (
        "в {count} {count:plural:строке,строках,строках} ячеек меньше, чем столбцов: "
        "недостающие справа считаются пустыми",
        "{count} {count:plural:row has,rows have} fewer cells than columns: "
        "the missing ones on the right count as empty",
    ),
    "short_rows.remedy": (
        "Если в этих строках значения стоят не в своих столбцах, выгрузите файл заново.",
        "If values in these rows are in the wrong columns, export the file again.",
    ),
    "bad_bytes": (
        "в {count} {count:plural:строке,строках,строках} есть символы, которые не прочитать "
        "в кодировке файла; на их месте «\ufffd»",
        "{count} {count:plural:row has,rows have} characters that cannot be read in the file's "
        'encoding; they are shown as "\ufffd"',
    ),
    "bad_bytes.remedy": (
        "Если испорчены имена или этапы, укажите кодировку файла в настройках (encoding) "
        "или выгрузите его заново.",
        "If names or stages are garbled, give the file's encoding in the config (encoding) "
        "or export it again.",
    ),
    "nul_bytes": (
        "в {count} {count:plural:строке,строках,строках} есть нулевые байты, они отброшены: "
        "файл, похоже, повреждён",
        "{count} {count:plural:row has,rows have} zero bytes, which were dropped: "
        "the file seems to be damaged",
    ),
    "nul_bytes.remedy": _AGAIN,
    "hidden_sheet": (
        "скрытый лист «{sheet}» не прочитан",
        'the hidden sheet "{sheet}" was not read',
    ),
    "hidden_sheet.remedy": (
        "Если он нужен, покажите его в Excel или укажите в настройках (sheet).",
        "If you need it, unhide it in Excel or give its name in the config (sheet).",
    ),
    "no_table_on_sheet": (
        "на листе «{sheet}» нет таблицы с шапкой, он пропущен",
        'the sheet "{sheet}" has no table with a header and was skipped',
    ),
    "no_table_on_sheet.remedy": _NOTHING,
    "json_not_records": (
        "среди записей {count} {count:plural:значение,значения,значений} — не объекты, "
        "они пропущены",
        "{count} {count:plural:value,values} among the records {count:plural:is not an object,are not "
        "objects} and {count:plural:was,were} skipped",
    ),
    "json_not_records.remedy": _AGAIN,
    "skipped_lock": (
        "служебный файл открытой книги",
        "lock file of an open workbook",
    ),
    "skipped_lock.remedy": _NOTHING,
    "skipped_by_config": (
        "файл не прочитан: в настройках стоит ignore: true",
        "not read: the config says ignore: true",
    ),
    "skipped_by_config.remedy": _NOTHING,
    "skipped_hidden": (
        "скрытый или служебный файл",
        "hidden or system file",
    ),
    "skipped_hidden.remedy": _NOTHING,
    "skipped_not_data": (
        "по расширению это не таблица",
        "not a table by its extension",
    ),
    "skipped_not_data.remedy": (
        "Если это выгрузка, укажите файл по имени.",
        "If it is an export, give this file by name.",
    ),
    "skipped_no_table": (
        "в файле нет таблицы",
        "the file has no table",
    ),
    "skipped_no_table.remedy": (
        "Если это выгрузка, укажите файл по имени.",
        "If it is an export, give this file by name.",
    ),
    "ics_unknown_zone": (
        "Календарь называет часовой пояс, которого никто не знает ({value}): время "
        "{count} {count:plural:события,событий,событий} взято как местное",
        "The calendar names a time zone nobody knows ({value}): the time of {count} "
        "{count:plural:event,events} was taken as local",
    ),
    "ics_unknown_zone.remedy": (
        "Проверьте время этих событий. Лучше выгрузить календарь с временем UTC или с известным поясом "
        "(Europe/Moscow).",
        "Check the times of these events. Better export the calendar in UTC or with a known zone "
        "(Europe/Moscow).",
    ),
    "ics_line_unread": (
        "В {count} {count:plural:событии,событиях,событиях} календаря есть строки не по формату, они пропущены: {value}",
        "{count} {count:plural:event,events} of the calendar {count:plural:has,have} malformed lines, left out: {value}",
    ),
    "ics_line_unread.remedy": (
        "Остальное в этих событиях прочитано. Если чего-то не хватает, выгрузите календарь заново.",
        "The rest of these events was read. If something is missing, export the calendar again.",
    ),
    "ics_repeats": (
        "В календаре {count} {count:plural:повторяющееся событие,повторяющихся события,повторяющихся событий} "
        "(«{value}»): учтён только первый раз",
        "{count} {count:plural:event,events} of the calendar {count:plural:repeats,repeat} (“{value}”): only "
        "the first time counts",
    ),
    "ics_repeats.remedy": (
        "Будущие повторы не видны как назначенные. Заведите ближайший отдельной задачей в CRM.",
        "Coming repetitions are not seen as planned. Enter the next one as a task of its own in the CRM.",
    ),
    "ics_cut_off": (
        "Календарь обрывается: последнее событие не дописано",
        "The calendar breaks off: its last event is not complete",
    ),
    "ics_cut_off.remedy": (
        "Скачайте файл заново: похоже, загрузка прервалась.",
        "Download the file again: the download seems to have been interrupted.",
    ),
}
