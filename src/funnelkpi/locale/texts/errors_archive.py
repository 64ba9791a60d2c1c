"""Why the archive cannot be used, and what to do."""

TEXTS: dict[str, tuple[str, str]] = {
    "not_a_folder": (
        "Архив должен быть папкой, а это файл.",
        "The archive must be a folder; this is a file.",
    ),
    "not_a_folder.remedy": (
        "Укажите папку в --archive или в archive.folder.",
        "Name a folder in --archive or in archive.folder.",
    ),
    "unreadable": (
        "Папку архива не прочитать: {reason}.",
        "The archive folder cannot be read: {reason}.",
    ),
    "unreadable.remedy": (
        "Проверьте права на папку и диск.",
        "Check the permissions of the folder, and the disk.",
    ),
    "damaged": (
        "Сохранённая выгрузка испорчена: {reason}.",
        "A kept export is damaged: {reason}.",
    ),
    "damaged.remedy": (
        "Запустите funnelkpi archive verify и верните файл из резервной копии или удалите его.",
        "Run funnelkpi archive verify, then restore the file from a backup or delete it.",
    ),
    "no_permission": (
        "Нет прав на запись в папку архива: {reason}.",
        "No permission to write to the archive folder: {reason}.",
    ),
    "no_permission.remedy": (
        "Дайте права на запись или выберите другую папку; сохранённое раньше не тронуто.",
        "Grant the permission or choose another folder; what was kept before is untouched.",
    ),
    "disk_full": (
        "На диске нет места для выгрузки в архиве: {reason}.",
        "The disk has no room for the export in the archive: {reason}.",
    ),
    "disk_full.remedy": (
        "Освободите место и повторите; сохранённое раньше не тронуто.",
        "Free some space and try again; what was kept before is untouched.",
    ),
    "write_failed": (
        "Выгрузка не записана в архив: {reason}.",
        "The export was not written to the archive: {reason}.",
    ),
    "write_failed.remedy": (
        "Проверьте диск и папку и повторите; сохранённое раньше не тронуто.",
        "Check the disk and the folder and try again; what was kept before is untouched.",
    ),
}
