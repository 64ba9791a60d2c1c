"""Times: how long deals stay, move and wait; texts of the report's section."""

TEXTS: dict[str, tuple[str, str]] = {
    "median": ("Медиана", "Median"),
    "p80": ("80\u00a0% за", "80% within"),
    "finished": ("Прошли", "Ended"),
    "running": ("Стоят", "Running"),
    "not_reached": ("не достигнута", "not reached"),
    "note": (
        "Прохождения этапов за 365 дней; те, что ещё идут, учтены тоже.",
        "Visits to the stages in 365 days; those still running count too.",
    ),
    "start_unknown": (
        "Начало неизвестно: {n} {n:plural:прохождение,прохождения,прохождений}, в расчёт не {n:plural:входит,входят,входят}.",
        "Start unknown: {n} {n:plural:visit,visits}, left out.",
    ),
    "absent": ("Время на этапах не оценено: {needs}.", "Time in stage is not evaluated: {needs}."),
    "lags": ("Сроки между этапами", "Times between stages"),
    "within": ("В лимите", "In limit"),
    "waiting": ("Ждут", "Waiting"),
    "over": ("Дольше лимита", "Past limit"),
    "ended": ("Не дойдут", "Ended"),
    "lag_absent": ("Срок «{step}» не оценён: {needs}.", "“{step}” is not evaluated: {needs}."),
    "longest": ("Ждут дольше всех", "Waiting longest"),
    "waits_for": ("Ждёт этапа", "Waits for"),
    "waited": ("Ждёт", "Waited"),
    "took": ("Срок", "Took"),
    "more_waiting": ("Ещё ждут: {n}. Список: funnelkpi deals --metric lag", "Waiting too: {n}. List: "
                     "funnelkpi deals --metric lag"),
    "velocity": (
        "Скорость воронки «{pipeline}»: {money} в день; открытых сделок: {n}.",
        "Velocity of “{pipeline}”: {money} a day; open deals: {n}.",
    ),
    "pushes": (
        "Ожидаемую дату закрытия перенесли на позже {n} {n:plural:раз,раза,раз}, сделок: {deals}.",
        "Expected close dates were moved later {n} {n:plural:time,times}, deals: {deals}.",
    ),
    "reopened": ("Переоткрыты за период: {n}.", "Reopened in the period: {n}."),
    "unit_days": ("{n}\u00a0дн.", "{n}\u00a0d"),
    "unit_working_days": ("{n}\u00a0раб.\u00a0дн.", "{n}\u00a0wd"),
    "unit_hours": ("{n}\u00a0ч", "{n}\u00a0h"),
    "unit_working_hours": ("{n}\u00a0раб.\u00a0ч", "{n}\u00a0wh"),
}  # fmt: skip
