"""Stock, stalled deals and time to close: titles, definitions, reasons, what they need."""

TEXTS: dict[str, tuple[str, str]] = {
    "deals_in_stage": ("Сделок на этапе", "Deals in stage"),
    "deals_in_stage.definition": (
        "Сделки, которые стоят на этапе на момент отчёта. Неразобранные и отложенные — отдельными "
        "строками.",
        "Deals in the stage as of the report. Incoming and postponed ones have rows of their own.",
    ),
    "amount_in_stage": ("Сумма на этапе", "Amount in stage"),
    "amount_in_stage.definition": (
        "Сумма сделок, которые стоят на этапе на момент отчёта. Валюты не складываются; n — сделки "
        "с указанной суммой.",
        "Sum of the deals in the stage as of the report. Currencies are not added up; n is the deals "
        "with an amount.",
    ),
    "time_to_close": ("Срок сделки", "Time to close"),
    "time_to_close.definition": (
        "Дней от создания до выигрыша у сделок, выигранных за последние 365 дней (не за период "
        "отчёта: за неделю их слишком мало). Медиана, p80 и p95; p80 и p95 — от 20 сделок.",
        "Days from creation to the win, of deals won in the last 365 days (not in the report's "
        "period: a week has too few). Median, p80 and p95; p80 and p95 from 20 deals on.",
    ),
    "stalled": ("Зависшие сделки", "Stalled deals"),
    "stalled.definition": (
        "Открытые сделки, которые стоят на этапе дольше лимита. Лимит — из настроек или срок, в "
        "который за год уложились 80 % переходов вперёд. Если дата перехода неизвестна, сделка "
        "считается зависшей, только когда и последняя правка старше лимита. Разрезы reason=… — "
        "другие причины.",
        "Open deals that have been in their stage longer than its limit. The limit comes from the "
        "config, or is the time within which 80 % of a year's moves forward were made. Without a "
        "stage-change date a deal is stalled only if its last edit is older than the limit, too. "
        "Slices reason=… count the other reasons.",
    ),
    "stalled_amount": ("Сумма зависших", "Stalled amount"),
    "stalled_amount.definition": (
        "Сумма зависших сделок; валюты не складываются.",
        "Sum of the stalled deals; currencies are not added up.",
    ),
    "stalled_share": ("Доля зависших", "Share stalled"),
    "stalled_share.definition": (
        "Зависшие сделки от всех открытых: по числу и (amount) по сумме.",
        "Stalled deals out of all open ones: by count and (amount) by sum.",
    ),
    # Reasons: short, they stand side by side in a list.
    "reason.stalled": ("зависла", "stalled"),
    "reason.silent": ("молчит", "silent"),
    "reason.no_next_step": ("нет задачи", "no next step"),
    "reason.overdue": ("просрочена", "overdue"),
    "reason.too_old": ("слишком старая", "too old"),
    "reason.any": ("есть причина", "any reason"),
    "reason.perhaps": ("возможно, зависла", "perhaps stalled"),
    "reason.soon": ("скоро зависнет", "stalled soon"),
    "reason.start_unknown": ("начало неизвестно", "start unknown"),
    "reason.stage_unknown": ("этап на эту дату неизвестен", "stage then unknown"),
    "reason.stalled.definition": (
        "стоит на этапе дольше лимита",
        "has been in its stage longer than the limit",
    ),
    "reason.silent.definition": (
        "больше {days} {days:plural:дня,дней,дней} ни разговора, ни дела; правки не в счёт",
        "no conversation or activity for over {days} {days:plural:day,days}; edits do not count",
    ),
    "reason.no_next_step.definition": (
        "нет запланированной задачи",
        "no task is planned",
    ),
    "reason.overdue.definition": (
        "прошёл срок задачи или ожидаемая дата закрытия",
        "the task or the expected close date has passed",
    ),
    "reason.too_old.definition": (
        "открыта дольше, чем 95 % выигранных сделок её воронки",
        "open longer than 95 % of the won deals of its pipeline",
    ),
    "status.stalled": ("зависла", "stalled"),
    "status.perhaps": ("возможно, зависла", "perhaps stalled"),
    "status.soon": ("скоро зависнет", "stalled soon"),
    "status.other": ("этап в пределах лимита", "within the stage's limit"),
    "bounds": (
        "от {low} (с последней правки) до {high} (с создания) дней",
        "from {low} (since the last edit) to {high} (since creation) days",
    ),
    "basis.config": ("из настроек", "from the config"),
    "basis.auto": (
        "p80 от {n} {n:plural:прохождения,прохождений,прохождений}",
        "p80 of {n} {n:plural:visit,visits}",
    ),
    "basis.default": (
        "по умолчанию: прохождений с датами всего {n}",
        "default: only {n} {n:plural:visit,visits} with dates",
    ),
    "basis.none": ("без лимита", "no limit"),
    # What would give a figure; the same names stand after ``needs.`` in the long table.
    "needs.history_for_as_of": (
        "на эту дату этапы многих сделок неизвестны: нужна история этапов или выгрузка за ту дату",
        "the stages of many deals at that date are unknown: stage history or an export of that "
        "date is needed",
    ),
    "needs.last_activity": (
        "нужен столбец с последней активностью или выгрузка звонков",
        "a column with the last activity or an export of calls is needed",
    ),
    "needs.next_task": (
        "нужен столбец с ближайшей задачей (в amoCRM она есть в выгрузке Excel)",
        "a column with the next task is needed (amoCRM has it in its Excel export)",
    ),
    "needs.planned_close": (
        "нужен столбец с ожидаемой датой закрытия или с ближайшей задачей",
        "a column with the expected close date or the next task is needed",
    ),
    "needs.twenty_wins": (
        "нужно не меньше 20 выигранных сделок за 365 дней",
        "at least 20 deals won in 365 days are needed",
    ),
    "needs.wins": (
        "за 365 дней нет выигранных сделок",
        "no deal was won in 365 days",
    ),
    "needs.closed_at": (
        "нужны столбцы с датой создания и датой закрытия",
        "columns with the creation and the close date are needed",
    ),
    "needs.amount": (
        "нужен столбец с суммой сделки",
        "a column with the amount of the deal is needed",
    ),
}
