"""Why an input file cannot be read, and what to do."""

TEXTS: dict[str, tuple[str, str]] = {
    "missing_path": (
        "такого файла или папки нет",
        "there is no such file or folder",
    ),
    "missing_path.remedy": (
        "Проверьте путь: опечатка, другая папка, файл ещё не скачан. "
        "Путь с пробелами берите в кавычки.",
        "Check the path: a typo, another folder, a download not finished. "
        "Put a path with spaces in quotes.",
    ),
    "empty_folder": (
        "в папке нет файлов",
        "the folder has no files",
    ),
    "empty_folder.remedy": (
        "Положите в папку выгрузки из CRM (CSV, XLS, XLSX) или укажите другую папку. "
        "Вложенные папки не просматриваются.",
        "Put exports from your CRM (CSV, XLS, XLSX) into it or give another folder. "
        "Subfolders are not searched.",
    ),
    "no_tables_in_folder": (
        "в папке нет таблиц; пропущены файлы: {files}",
        "the folder has no tables; files skipped: {files}",
    ),
    "no_tables_in_folder.remedy": (
        "Положите в папку выгрузки из CRM (CSV, XLS, XLSX) или укажите другую папку.",
        "Put exports from your CRM (CSV, XLS, XLSX) into it or give another folder.",
    ),
    "empty_file": (
        "файл пуст",
        "the file is empty",
    ),
    "empty_file.remedy": (
        "Выгрузите его из CRM заново и дождитесь конца загрузки.",
        "Export it from the CRM again and wait for the download to finish.",
    ),
    "unreadable": (
        "файл не открывается: {reason}",
        "the file cannot be opened: {reason}",
    ),
    "unreadable.remedy": (
        "Проверьте права на файл и закройте его в других программах.",
        "Check the permissions of the file and close it in other programs.",
    ),
    "encrypted": (
        "книга защищена паролем",
        "the workbook is password-protected",
    ),
    "encrypted.remedy": (
        "Откройте её в Excel, снимите пароль (Файл → Сведения → Защита книги) и сохраните.",
        "Open it in Excel, remove the password (File → Info → Protect Workbook) and save it.",
    ),
    "truncated_zip": (
        "книга Excel повреждена или скачана не до конца",
        "the Excel workbook is damaged or was not downloaded completely",
    ),
    "truncated_zip.remedy": (
        "Скачайте файл заново. Если он открывается в Excel, пересохраните его как .xlsx.",
        "Download the file again. If Excel opens it, save it again as .xlsx.",
    ),
    "broken_workbook": (
        "книга не читается: {reason}",
        "the workbook cannot be read: {reason}",
    ),
    "broken_workbook.remedy": (
        "Скачайте файл заново. Если он открывается в Excel, пересохраните его как .xlsx.",
        "Download the file again. If Excel opens it, save it again as .xlsx.",
    ),
    "not_a_table": (
        "это не таблица: по содержимому файл — {what}, каким бы ни было расширение",
        "this is not a table: by its content the file is {what}, whatever its extension",
    ),
    "not_a_table.remedy": (
        "Нужна выгрузка из CRM: CSV, XLS, XLSX, JSON или ICS. Архив сначала распакуйте.",
        "An export from the CRM is needed: CSV, XLS, XLSX, JSON or ICS. Unpack an archive first.",
    ),
    "binary_file": (
        "это не таблица: в файле двоичные данные",
        "this is not a table: the file holds binary data",
    ),
    "binary_file.remedy": (
        "Нужна выгрузка из CRM: CSV, XLS, XLSX или JSON.",
        "An export from the CRM is needed: CSV, XLS, XLSX or JSON.",
    ),
    "login_page": (
        "вместо выгрузки в файле страница входа: сеанс в CRM закончился",
        "the file is a login page, not an export: the CRM session had expired",
    ),
    "login_page.remedy": (
        "Войдите в CRM и скачайте выгрузку заново.",
        "Log in to the CRM and download the export again.",
    ),
    "broken_calendar": (
        "календарь не читается: {reason}",
        "the calendar cannot be read: {reason}",
    ),
    "broken_calendar.remedy": (
        "Выгрузите задачи из CRM заново (файл .ics) и не правьте его вручную.",
        "Export the tasks from the CRM again (an .ics file) and do not edit it by hand.",
    ),
    "no_html_table": (
        "в HTML-файле нет таблицы с шапкой",
        "the HTML file has no table with a header",
    ),
    "no_html_table.remedy": (
        "Похоже, сохранена страница, а не выгрузка. "
        "Выгрузите список из CRM заново (Excel или CSV).",
        "It looks like a saved page, not an export. Export the list from the CRM again "
        "(Excel or CSV).",
    ),
    "broken_html": (
        "разметку таблицы не разобрать начиная со строки {row}",
        "the table's markup cannot be read from row {row} on",
    ),
    "broken_html.remedy": (
        "Выгрузите список в CSV: там вставленные в комментарий страницы не мешают.",
        "Export the list as CSV: there, pages pasted into a comment do no harm.",
    ),
    "no_header": (
        "в первых строках нет шапки таблицы",
        "the first rows hold no table header",
    ),
    "no_header.remedy": (
        "В файле должна быть строка с названиями столбцов. Верните её или выгрузите файл заново.",
        "The file needs a row of column names. Put it back or export the file again.",
    ),
    "no_table_in_workbook": (
        "ни на одном видимом листе книги нет таблицы с шапкой",
        "no visible sheet of the workbook has a table with a header",
    ),
    "no_table_in_workbook.remedy": (
        "Нужен лист со строкой названий столбцов. Скрытый лист укажите в настройках (sheet).",
        "A sheet with a row of column names is needed. Give a hidden sheet in the config (sheet).",
    ),
    "no_sheet": (
        "в книге нет листа «{sheet}»; есть: {sheets}",
        'the workbook has no sheet "{sheet}"; it has: {sheets}',
    ),
    "no_sheet.remedy": (
        "Исправьте имя листа в настройках (sheet).",
        "Correct the sheet name in the config (sheet).",
    ),
    "unknown_encoding": (
        "кодировки «{encoding}» нет",
        'there is no encoding "{encoding}"',
    ),
    "unknown_encoding.remedy": (
        "Уберите её из настроек (кодировка определится сама) "
        "или укажите, например, cp1251 или utf-8.",
        "Remove it from the config (it is detected by content) or give, e.g., cp1251 or utf-8.",
    ),
    "open_quote": (
        "в строке {row} открыта кавычка и до конца файла не закрыта "
        "(строк текста: {lines}): {excerpt}",
        "row {row} opens a quote that is not closed by the end of the file "
        "({lines} lines of text): {excerpt}",
    ),
    "open_quote.remedy": (
        "Скорее всего, файл обрезан: скачайте его заново. "
        "Если правили вручную, закройте кавычку в этой строке.",
        "Most likely the file was cut off: download it again. "
        "If it was edited by hand, close the quote in this row.",
    ),
    "invalid_json": (
        "неверный JSON, строка {line}, символ {column}: {reason}",
        "invalid JSON at line {line}, column {column}: {reason}",
    ),
    "invalid_json.remedy": (
        "Скорее всего, файл обрезан или правлен вручную: выгрузите его заново.",
        "Most likely the file was cut off or edited by hand: export it again.",
    ),
    "no_json_table": (
        "в JSON нет списка записей",
        "the JSON holds no list of records",
    ),
    "no_json_table.remedy": (
        "Нужен список объектов или ответ API: "
        '{{"result": [...]}}, {{"_embedded": {{"leads": [...]}}}}.',
        'A list of objects or an API answer is needed: {{"result": [...]}}, '
        '{{"_embedded": {{"leads": [...]}}}}.',
    ),
}
