"""Stock, stalled deals and figures of time: titles, definitions, reasons, what they need."""

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
    "time_to_close.from_stage": (
        "То же от входа на этап, названный в time_to_close.from_stage.",
        "The same from the entry of the stage named in time_to_close.from_stage.",
    ),
    "conversion_mature": ("Конверсия со временем", "Conversion by maturity"),
    "conversion_mature.definition": (
        "Какая доля сделок, пришедших на этап за последние 365 дней, дошла до следующего за "
        "conversion.horizon дней (оценка Аалена — Йохансена). Отказ, уход из воронки и удаление — "
        "другие исходы; открытые и отложенные сделки учтены столько, сколько за ними наблюдали. "
        "Если к этому дню в пути меньше 10 сделок, число печатается, только когда неясного осталось не "
        "больше conversion.max_gap.",
        "Share of the deals that entered the stage in the last 365 days that reached the next one "
        "within conversion.horizon days (Aalen–Johansen estimate). A loss, leaving the pipeline and "
        "deletion are other ends; open and postponed deals count for as long as they have been "
        "watched. If fewer than 10 are still on their way at that day, there is a value only where at "
        "most conversion.max_gap is left open.",
    ),
    "time_in_stage": ("Время на этапе", "Time in stage"),
    "time_in_stage.definition": (
        "Сколько дней сделка стоит на этапе: медиана и p80 по Каплану — Майеру. Каждое прохождение "
        "считается отдельно, незаконченные тоже; за последние 365 дней.",
        "How many days a deal stays in the stage: Kaplan–Meier median and p80. Each visit counts, "
        "those still running too; of the last 365 days.",
    ),
    "time_in_stage.not_reached": (
        "не достигнута: слишком многие сделки ещё стоят на этапе",
        "not reached: too many deals are still in the stage",
    ),
    "time_in_stage.start_unknown": (
        "Прохождения, начало которых неизвестно: в расчёт не входят.",
        "Visits whose start is not known: they are left out.",
    ),
    "lag": ("Срок между этапами", "Time between stages"),
    "lag.definition": (
        "Сколько проходит от входа на один этап до входа на другой (список lags в настройках): доля "
        "уложившихся в лимит (оценка Аалена — Йохансена), медиана дошедших, сколько ждёт сейчас и "
        "сколько уже не дойдёт. Сделки, пришедшие на этап за последние 365 дней; пропущенные этапы "
        "не домысливаются.",
        "Time from the entry of one stage to the entry of another (the list lags of the config): "
        "share within the limit (Aalen–Johansen estimate), median of those who got there, how many "
        "wait now and how many never will. Deals that entered the stage in the last 365 days; "
        "skipped stages are not filled in.",
    ),
    "velocity": ("Скорость воронки", "Pipeline velocity"),
    "velocity.definition": (
        "Сколько денег в день обещает воронка: открытые сделки × вероятность выигрыша при создании × "
        "средний чек ÷ средний срок сделки, по данным за 365 дней. Валюты не складываются.",
        "Money a day the pipeline promises: open deals × probability of a win at creation × average "
        "won amount ÷ mean days to close, from the last 365 days. Currencies are not added up.",
    ),
    "close_date_pushes": ("Переносы срока", "Close dates moved"),
    "close_date_pushes.definition": (
        "Сколько раз за период ожидаемую дату закрытия перенесли на более поздний день; deals — у "
        "скольких сделок. Переносы на более ранний день не считаются.",
        "How many times in the period an expected close date was moved to a later day; deals: of how "
        "many deals. Moves to an earlier day do not count.",
    ),
    "reopened": ("Переоткрыты", "Reopened"),
    "reopened.definition": (
        "Сделки, которые были выиграны или проиграны и за период вернулись на открытый этап; open — "
        "вернувшиеся когда-либо и открытые сейчас.",
        "Deals that had been won or lost and came back to an open stage in the period; open: those "
        "that ever came back and are open now.",
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
    "reason.under_called": ("мало звонков", "under-called"),
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
    "reason.under_called.definition": (
        "звонков на этапе меньше нормы",
        "fewer calls at the stage than the norm",
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
    "needs.stage_times": (
        "нужны даты переходов: события из CRM, архив выгрузок или столбец с датой каждого этапа",
        "dates of the moves are needed: events of the CRM, kept exports, or a column with the date "
        "of each stage",
    ),
    "needs.few_at_risk": (
        "к этому дню в пути осталось меньше 10 сделок: уменьшите conversion.horizon или подождите",
        "fewer than 10 deals are still on their way at that day: lower conversion.horizon or wait",
    ),
    "needs.entries": (
        "за 365 дней на этап не пришла ни одна сделка",
        "no deal entered the stage in 365 days",
    ),
    "needs.lags": (
        "назовите в настройках, между какими этапами считать срок: список lags",
        "name in the config the stages to measure between: the list lags",
    ),
    "needs.won_amounts": (
        "у выигранных сделок в этой валюте нет сумм",
        "the deals won in this currency have no amounts",
    ),
    "needs.close_date_history": (
        "нужна история поля «Ожидаемая дата закрытия»: архив выгрузок или события из CRM",
        "a history of the expected close date is needed: kept exports or events of the CRM",
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
