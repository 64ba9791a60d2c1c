"""What ``funnelkpi archive`` prints."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Архив выгрузок", "Kept exports"),
    "folder": ("Папка: {folder}", "Folder: {folder}"),
    "added": ("Добавлено", "Added"),
    "kept_exports": ("Сохранённые выгрузки", "Kept exports"),
    "check": ("Проверка", "Check"),
    "result": ("что сделано", "what was done"),
    "moment": ("момент", "moment"),
    "file": ("файл", "file"),
    "kind": ("вид", "kind"),
    "rows": ("строк", "rows"),
    "size": ("КБ", "KB"),
    "status_kept": ("сохранена", "kept"),
    "status_unchanged": (
        "ничего не изменилось: сохранён только момент",
        "nothing has changed: only the moment was kept",
    ),
    "status_known": ("уже в архиве", "already kept"),
    "status_empty": ("пустая, не сохранена", "empty, not kept"),
    "status_no_moment": (
        "не сохранена: в файле нет дат. Добавьте её вместе со сделками той же CRM",
        "not kept: the file holds no dates. Add it together with the deals of the same CRM",
    ),
    "marker": ("без изменений", "unchanged"),
    "totals": (
        "Выгрузок: {n}, на диске {size} КБ.",
        "Exports: {n}, {size} KB on the disk.",
    ),
    "empty": (
        "Архив пуст. Добавьте выгрузки: funnelkpi archive add папка-с-выгрузками/",
        "The archive is empty. Add exports: funnelkpi archive add folder-with-exports/",
    ),
    "sound": (
        "Цело: {n} {n:plural:выгрузка,выгрузки,выгрузок}, контрольные суммы сходятся.",
        "Whole: {n} {n:plural:export,exports}, checksums agree.",
    ),
    "broken": ("Испорчено или не на своём месте: {n}.", "Damaged or misplaced: {n}."),
    "rejected": (
        "{file}: {n} {n:plural:строка,строки,строк} не разобрать, в архив не попали.",
        "{file}: {n} {n:plural:row,rows} could not be made out and {n:plural:is,are} not kept.",
    ),
}
