"""Why a result could not be delivered, and what to do."""

TEXTS: dict[str, tuple[str, str]] = {
    "format_unknown": (
        "По имени файла «{path}» не понять формат: расширение «{suffix}» не поддерживается.",
        "The file name “{path}” does not tell the format: the suffix “{suffix}” is not supported.",
    ),
    "format_unknown.remedy": (
        "Подойдут расширения: {known}.",
        "Give the file one of these suffixes: {known}.",
    ),
    "format_missing": (
        "По имени файла «{path}» не понять формат: расширения нет.",
        "The file name “{path}” does not tell the format: it has no suffix.",
    ),
    "format_missing.remedy": (
        "Допишите одно из расширений: {known}.",
        "Add one of these suffixes: {known}.",
    ),
    "format_name": (
        "Нет формата «{name}».",
        "There is no format “{name}”.",
    ),
    "format_name.remedy": (
        "Есть форматы: {known}.",
        "The formats are: {known}.",
    ),
    "no_folder": (
        "Нет папки «{folder}», файл записать некуда.",
        "There is no folder “{folder}” to write the file to.",
    ),
    "no_folder.remedy": (
        "Создайте папку или укажите другую в -o.",
        "Create the folder or name another one in -o.",
    ),
    "not_a_folder": (
        "«{folder}» — файл, а не папка.",
        "“{folder}” is a file, not a folder.",
    ),
    "not_a_folder.remedy": (
        "Укажите в -o путь вида папка/имя-файла.",
        "Give -o a path of the form folder/file-name.",
    ),
    "is_folder": (
        "«{path}» — папка, а нужен файл.",
        "“{path}” is a folder; a file is needed.",
    ),
    "is_folder.remedy": (
        "Допишите после папки имя файла, например report.json.",
        "Add a file name after the folder, e.g. report.json.",
    ),
    "no_permission": (
        "Нет прав на запись файла «{path}».",
        "No permission to write the file “{path}”.",
    ),
    "no_permission.remedy": (
        "Закройте файл, если он открыт в другой программе, или выберите другую папку.",
        "Close the file if another program has it open, or choose another folder.",
    ),
    "disk_full": (
        "На диске нет места для «{path}» ({size} байт).",
        "The disk has no room for “{path}” ({size} bytes).",
    ),
    "disk_full.remedy": (
        "Освободите место или выберите другой диск; прежний файл не тронут.",
        "Free some space or choose another disk; the previous file is untouched.",
    ),
    "bad_name": (
        "Файл с именем «{path}» создать нельзя: {reason}.",
        "A file named “{path}” cannot be created: {reason}.",
    ),
    "bad_name.remedy": (
        "Выберите имя короче и без особых символов.",
        "Choose a shorter name without special characters.",
    ),
    "write_failed": (
        "Файл «{path}» не записан: {reason}.",
        "The file “{path}” was not written: {reason}.",
    ),
    "write_failed.remedy": (
        "Проверьте диск и папку и повторите; прежний файл не тронут.",
        "Check the disk and the folder and try again; the previous file is untouched.",
    ),
}
