"""Trends, and what is new since the previous export: texts of their sections."""

TEXTS: dict[str, tuple[str, str]] = {
    # trends
    "points": ("12 периодов", "12 periods"),
    "now": ("Сейчас", "Now"),
    "before": ("Раньше", "Before"),
    "difference": ("Разница", "Change"),
    "percent_points": ("{n}\u00a0п.\u00a0п.", "{n}\u00a0pp"),
    "spark_note": (
        "Слева — самый давний период; · нет данных за период. ▲ ▼ разница больше случайной "
        "(95\u00a0%), без знака — не больше.",
        "The oldest period is on the left; · no data for it. ▲ ▼ the difference is more than noise "
        "(95%); without a sign it is not.",
    ),
    "spark_short": (
        "Слева — самый давний из 12 периодов; · нет данных; ▲ ▼ больше случайного.",
        "The oldest of 12 periods is on the left; · no data; ▲ ▼ more than noise.",
    ),
    "cohort_note": (
        "Конверсии — по окну в {window} дней; «раньше» — такое же окно до него.",
        "Conversions: of a window of {window} days; before: the same window before it.",
    ),
    "running_note": (
        "Период ещё идёт: прошлые взяты до того же дня и часа.",
        "The period is still running: the earlier ones are taken up to the same day and hour.",
    ),
    "more_trends": (
        "Остальные показатели и менеджеры — в JSON (trends, changes).",
        "The other figures and managers are in the JSON (trends, changes).",
    ),
    "no_trends": (
        "Динамику не показать: период ещё не начался.",
        "No trend can be shown: the period has not begun.",
    ),
    # since the previous export
    "no_previous": (
        "Сравнить не с чем: в архиве нет прошлой выгрузки. Архив ведёт funnelkpi archive add.",
        "Nothing to compare with: the archive holds no previous export. funnelkpi archive add keeps "
        "them.",
    ),
    "since_moment": ("Прошлая выгрузка: {moment}.", "Previous export: {moment}."),
    "nothing_new": ("С тех пор ничего не изменилось.", "Nothing has changed since."),
    "won": (
        "Выиграно: {n} {n:plural:сделка,сделки,сделок}{money}",
        "Won: {n} {n:plural:deal,deals}{money}",
    ),
    "lost": (
        "Проиграно: {n} {n:plural:сделка,сделки,сделок}{money}",
        "Lost: {n} {n:plural:deal,deals}{money}",
    ),
    "gone": (
        "Исчезли из CRM (удалены или объединены): {n} {n:plural:сделка,сделки,сделок}{money}",
        "Gone from the CRM (deleted or merged): {n} {n:plural:deal,deals}{money}",
    ),
    "moved": (
        "Перешли на другой этап: {n} {n:plural:сделка,сделки,сделок} ({stages})",
        "Moved to another stage: {n} {n:plural:deal,deals} ({stages})",
    ),
    "pipeline": ("«{title}»: ", "“{title}”: "),
    "moved_none": ("На другой этап никто не перешёл.", "No deal moved to another stage."),
    "new_stalled": (
        "Требуют внимания впервые: {n} {n:plural:сделка,сделки,сделок}{money}",
        "Need attention for the first time: {n} {n:plural:deal,deals}{money}",
    ),
    "stalled_unknown": (
        "Новые зависшие сделки не определить: на прошлую выгрузку этапы известны не у всех сделок.",
        "New stalled deals cannot be told: not every deal's stage of the previous export is known.",
    ),
    "stage_unknown": (
        "У {n} {n:plural:сделки,сделок,сделок} прошлый этап неизвестен: их переходы не видны.",
        "The earlier stage of {n} {n:plural:deal,deals} is unknown: their moves are not seen.",
    ),
    "appeared": ("Появилось: {verdict}", "New: {verdict}"),
    "resolved": ("Снято: {verdict}", "Resolved: {verdict}"),
    "and_more_verdicts": ("и ещё {n}", "and {n} more"),
    "what": ("Что", "What"),
    "what_won": ("выиграна", "won"),
    "what_lost": ("проиграна", "lost"),
    "what_stalled": ("внимание", "attention"),
    "top_deals": ("Самые крупные", "The largest"),
}
