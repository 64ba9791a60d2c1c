"""Verdicts of ``funnelkpi check`` and of the report's first lines."""

TEXTS: dict[str, tuple[str, str]] = {
    "level.ok": ("в норме", "fine"),
    "level.warn": ("внимание", "warning"),
    "level.fail": ("нарушено", "breached"),
    "level.not_evaluated": ("не посчитано", "not evaluated"),
    "scope.company": ("Компания", "Company"),
    "scope.department": ("Отдел «{name}»", "Department {name}"),
    "scope.role": ("Роль «{name}»", "Role {name}"),
    "scope.manager": ("{name}", "{name}"),
    "norms_below": ("Норм не выполнено", "Norms below"),
    "norms_below.definition": (
        "Сколько норм менеджеров не выполнено за период.",
        "How many norms of the managers were missed in the period.",
    ),
    "threshold.fail": (
        "{who}: {figure} — {value}, порог {bound} нарушен",
        "{who}: {figure} is {value}, the bound {bound} is breached",
    ),
    "threshold.warn": (
        "{who}: {figure} — {value}, порог внимания {bound}",
        "{who}: {figure} is {value}, the warning bound {bound} is reached",
    ),
    "threshold.ok": (
        "{who}: {figure} — {value}, порог {bound} не нарушен",
        "{who}: {figure} is {value}, the bound {bound} holds",
    ),
    "threshold.not_evaluated": (
        "{who}: {figure} не посчитано, порог {bound} не проверен: {why}",
        "{who}: {figure} is not evaluated, the bound {bound} was not checked: {why}",
    ),
    "norm.below": (
        "{who}: {figure} — {value} при норме {bound}",
        "{who}: {figure} is {value}, the norm is {bound}",
    ),
    "norm.normal": (
        "{who}: {figure} — {value}, норма {bound} выполнена",
        "{who}: {figure} is {value}, the norm {bound} is met",
    ),
    "norm.great": (
        "{who}: {figure} — {value}, отлично",
        "{who}: {figure} is {value}, great",
    ),
    "norm.not_evaluated": (
        "{who}: {figure} не посчитано, норма {bound} не проверена",
        "{who}: {figure} is not evaluated, the norm {bound} was not checked",
    ),
    "mark.much_lower": (
        "{who}: {figure} — {value}, гораздо ниже остальных",
        "{who}: {figure} is {value}, much lower than the others",
    ),
    "mark.much_higher": (
        "{who}: {figure} — {value}, гораздо выше остальных",
        "{who}: {figure} is {value}, much higher than the others",
    ),
    "note.few": (
        "мало данных: меньше 5 в основании, порог не применяется",
        "few data: fewer than 5 in the base, the bound does not apply",
    ),
    "note.bounds": (
        "известны только границы, и порог лежит между ними: нужна история этапов",
        "only bounds are known and the threshold lies between them: stage history is needed",
    ),
    "note.missing": (
        "в отчёте нет такой цифры: проверьте этап, воронку и кого она касается",
        "the report has no such figure: look at its stage, pipeline and scope",
    ),
}
