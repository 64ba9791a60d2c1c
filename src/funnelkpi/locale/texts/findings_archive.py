"""What is odd in the archive of kept exports, and what it tells of the past."""

_NOTHING = ("Делать ничего не нужно.", "Nothing needs to be done.")
_RESTORE = (
    "Верните файл из резервной копии или удалите его: остальные выгрузки читаются и без него.",
    "Restore the file from a backup or delete it: the other exports are readable without it.",
)

TEXTS: dict[str, tuple[str, str]] = {
    "damaged": (
        "Сохранённая выгрузка испорчена: контрольная сумма не сходится, файл пропущен",
        "A kept export is damaged: its checksum does not agree, the file is passed over",
    ),
    "damaged.remedy": _RESTORE,
    "orphan": (
        "Отметка «без изменений» ссылается на выгрузку «{target}», которой нет или которая испорчена",
        "An “unchanged” mark names the export “{target}”, which is missing or damaged",
    ),
    "orphan.remedy": _RESTORE,
    "newer_format": (
        "Выгрузка сохранена более новой версией funnelkpi, файл пропущен",
        "The export was kept by a later version of funnelkpi; the file is passed over",
    ),
    "newer_format.remedy": ("Обновите funnelkpi.", "Update funnelkpi."),
    "not_ours": (
        "Файл назван как выгрузка архива, но сохранён не funnelkpi; он пропущен",
        "The file is named like a kept export but was not kept by funnelkpi; it is passed over",
    ),
    "not_ours.remedy": (
        "Уберите файл из папки архива.",
        "Take the file out of the archive folder.",
    ),
    "misplaced": (
        "Сохранённую выгрузку перенесли или переименовали: папка или имя не сходятся с содержимым; "
        "файл пропущен",
        "A kept export was moved or renamed: its folder or name does not agree with its content; "
        "the file is passed over",
    ),
    "misplaced.remedy": (
        "Верните файл на место или добавьте выгрузку ещё раз: funnelkpi archive add.",
        "Move the file back, or add the export again: funnelkpi archive add.",
    ),
    "foreign": (
        "В папке архива лежит чужой файл или папка; пропущено",
        "The archive folder holds a file or folder that is not the archive's; passed over",
    ),
    "foreign.remedy": (
        "Держите в папке архива только архив; выгрузки добавляйте командой funnelkpi archive add.",
        "Keep nothing else in the archive folder; add exports with funnelkpi archive add.",
    ),
    "unfinished": (
        "Недописанный временный файл: запись была прервана или идёт сейчас",
        "An unfinished temporary file: writing was interrupted, or is going on now",
    ),
    "unfinished.remedy": (
        "Если ничего не запущено, файл можно удалить; сохранённые выгрузки целы.",
        "If nothing is running, the file may be deleted; the kept exports are whole.",
    ),
    "no_folder": (
        "Архива нет: папки «{folder}» из настройки archive.folder не существует",
        "There is no archive: the folder “{folder}” of archive.folder does not exist",
    ),
    "no_folder.remedy": (
        "Исправьте archive.folder или сохраните первую выгрузку: funnelkpi archive add. С archive: auto "
        "папка появится сама.",
        "Correct archive.folder, or keep a first export: funnelkpi archive add. With archive: auto the "
        "folder appears by itself.",
    ),
    "gone": (
        "Из сохранённых выгрузок {count} {count:plural:сделки,сделок,сделок} больше нет в CRM "
        "(удалены или объединены)",
        "{count} {count:plural:deal,deals} of the kept exports {count:plural:is,are} no longer in the "
        "CRM (deleted or merged)",
    ),
    "gone.remedy": (
        "Делать ничего не нужно: они учтены только там, где шли, пока были.",
        "Nothing needs to be done: they count only for the time they were there.",
    ),
    "used": (
        "История восстановлена по архиву: {n} {n:plural:выгрузка,выгрузки,выгрузок} с {first} по {last}",
        "The history is rebuilt from the archive: {n} {n:plural:export,exports} from {first} to {last}",
    ),
    "used.remedy": (
        "Чем чаще выгрузки, тем точнее даты: раз в неделю — даты с точностью до недели.",
        "The more often exports are kept, the closer the dates: weekly ones give weeks.",
    ),
    "stage_renamed": (
        "Этап «{before}» теперь называется «{value}» ({count} {count:plural:сделка,сделки,сделок}): "
        "это не переход",
        "The stage “{before}” is now called “{value}” ({count} {count:plural:deal,deals}): not a move",
    ),
    "stage_renamed.remedy": (
        "Если в настройках описаны этапы, допишите новое название в crm этого этапа.",
        "If the config lists stages, add the new name to crm of this stage.",
    ),
}
