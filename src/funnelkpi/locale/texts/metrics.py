"""Figures: titles, definitions, what a figure that is not evaluated needs, names of classes and
marks.
"""

TEXTS: dict[str, tuple[str, str]] = {
    "deals_created": ("Создано сделок", "Deals created"),
    "deals_created.definition": (
        "Сделки, созданные за период.",
        "Deals created in the period.",
    ),
    "won": ("Выиграно", "Won"),
    "won.definition": (
        "Сделки, которые сейчас выиграны и закрыты в периоде. Снова открытая сделка не считается.",
        "Deals that are won now and were closed in the period. A reopened deal does not count.",
    ),
    "won_amount": ("Сумма выигранных", "Amount won"),
    "won_amount.definition": (
        "Сумма сделок, выигранных за период. Валюты не складываются; n — сделки с суммой больше 0.",
        "Sum of the deals won in the period. Currencies are not added up; n is the deals with an "
        "amount.",
    ),
    "lost": ("Проиграно", "Lost"),
    "lost.definition": (
        "Сделки, которые сейчас проиграны и закрыты в периоде.",
        "Deals that are lost now and were closed in the period.",
    ),
    "average_check": ("Средний чек", "Average deal"),
    "average_check.definition": (
        "Сумма выигранных за период сделок с суммой больше 0, делённая на их число.",
        "Sum of the deals won in the period with an amount above 0, divided by their number.",
    ),
    "open_deals": ("Открытых сделок", "Open deals"),
    "open_deals.definition": (
        "Сделки, открытые на момент отчёта. Неразобранные и отложенные не входят.",
        "Deals open as of the report. Incoming and postponed ones are not among them.",
    ),
    "open_amount": ("Сумма открытых", "Open amount"),
    "open_amount.definition": (
        "Сумма сделок, открытых на момент отчёта. Валюты не складываются.",
        "Sum of the deals open as of the report. Currencies are not added up.",
    ),
    "entries": ("Перешли на этап", "Entries"),
    "entries.definition": (
        "Сделки, которые за период впервые перешли на этап. Каждая считается один раз: возвраты "
        "ничего не добавляют. Этапы, которые сделка перескочила, не считаются.",
        "Deals that first entered the stage in the period. Each counts once: moving back "
        "and forth adds nothing. Stages a deal skipped do not count.",
    ),
    "entries.at_least": (
        "не меньше: дата известна только для текущего этапа, сделки, ушедшие дальше, не видны",
        "at least: only the current stage has a date, deals that moved on are not seen",
    ),
    "skipped_over": ("Перескочили этап", "Skipped over"),
    "skipped_over.definition": (
        "Сделки, которых за период впервые увидели дальше этапа, а на самом этапе не видели. "
        "Только для этапов со столбцом даты и сделок, созданных после его появления.",
        "Deals first seen beyond the stage in the period and not seen in the stage itself. Only "
        "for "
        "stages with a date column and deals created since that column is kept.",
    ),
    "conversion": ("Конверсия", "Conversion"),
    "conversion.definition": (
        "Какая доля сделок, перешедших на этап в окне, дошла до следующего. Окно кончается раньше "
        "отчёта, чтобы у каждой сделки было время; более новые сделки — «ещё рано».",
        "The share of the deals that entered a stage in the window which reached the next one. The "
        "window ends before the report so that every deal has had time; newer ones are “too "
        "early”.",
    ),
    "conversion.cohort": (
        "по сделкам, перешедшим на этап в окне",
        "of the deals that entered the stage in the window",
    ),
    "conversion.created_cohort": (
        "по сделкам, созданным в окне: дата перехода на этап неизвестна",
        "of the deals created in the window: the date of entry is not known",
    ),
    "conversion_base": ("Что стало со сделками", "What became of the deals"),
    "conversion_base.definition": (
        "На какие классы делится база конверсии. Восемь классов в сумме дают базу; «ещё рано», "
        "исключённые причины, неизвестный исход и неизвестное начало стоят рядом.",
        "The classes the base of a conversion falls into. The eight add up to the base; too early, "
        "ignored reasons, unknown outcome and unknown start are listed beside it.",
    ),
    "created_to_won": ("Из созданных — в выигранные", "Created to won"),
    "created_to_won.definition": (
        "Какая доля сделок, созданных в окне, выиграна к моменту отчёта. Неразобранные не входят.",
        "The share of the deals created in the window that is won as of the report. Incoming ones "
        "are left out.",
    ),
    "created_to_won_base": ("Что стало с созданными", "What became of the created"),
    "created_to_won_base.definition": (
        "На какие классы делятся сделки, созданные в окне. Восемь классов в сумме дают базу.",
        "The classes the deals created in the window fall into. The eight add up to the base.",
    ),
    "bottleneck": ("Узкое место", "Bottleneck"),
    "bottleneck.definition": (
        "Шаг с отметкой «ниже», на котором менеджер теряет больше всего сделок по сравнению с "
        "долей "
        "остальных той же роли. Сначала шаги с сильной отметкой.",
        "The step marked lower at which a manager loses the most deals against the rate of the "
        "others of his role. Strongly marked steps come first.",
    ),
    "strength": ("Сильная сторона", "Strength"),
    "strength.definition": (
        "Шаг с отметкой «выше», на котором менеджер выигрывает больше всего сделок по сравнению с "
        "долей остальных той же роли.",
        "The step marked higher at which a manager gains the most deals against the rate of the "
        "others of his role.",
    ),
    "conversion_flow": ("Поток", "Flow"),
    "conversion_flow.definition": (
        "Переходы на следующий этап за период, делённые на переходы на этап за тот же период. Это "
        "разные сделки, и при росте притока поток падает: он не заменяет конверсию.",
        "Entries of the next stage in the period divided by entries of the stage in the same "
        "period. "
        "These are different deals, and the flow falls when the inflow grows: it is not a conversion.",
    ),
    "win_rate": ("Доля побед", "Win rate"),
    "win_rate.definition": (
        "Из сделок, закрытых за период: выигранные ÷ (выигранные + проигранные). Отложенные не "
        "входят.",
        "Of the deals closed in the period: won ÷ (won + lost). Postponed ones are left out.",
    ),
    "win_rate.window": (
        "по закрытым за всё окно: за одну неделю сделок слишком мало",
        "of the deals closed in the whole window: one week has too few",
    ),
    "win_rate_with_open": ("Доля побед с открытыми", "Win rate with open deals"),
    "win_rate_with_open.definition": (
        "Из сделок, созданных в окне: выигранные ÷ (выигранные + проигранные + открытые + "
        "отложенные).",
        "Of the deals created in the window: won ÷ (won + lost + open + postponed).",
    ),
    "win_rate_with_stale": ("Доля побед со старыми", "Win rate with stale deals"),
    "win_rate_with_stale.definition": (
        "Из сделок, созданных в окне: выигранные ÷ (выигранные + проигранные + открытые старше, "
        "чем 95 % выигранных).",
        "Of the deals created in the window: won ÷ (won + lost + open ones older than 95 % of the "
        "won).",
    ),
    "loss_reasons": ("Причины отказа", "Loss reasons"),
    "loss_reasons.definition": (
        "Сделки, проигранные за период, по причинам. По этапам — там, где известен этап, с которого "
        "сделка ушла.",
        "Deals lost in the period by reason. By stage where the stage a deal was lost from is "
        "known.",
    ),
    "loss_reasons.window": (
        "за всё окно: за одну неделю отказов слишком мало",
        "of the whole window: one week has too few losses",
    ),
    "norm_streak": ("Периодов подряд ниже нормы", "Periods in a row below the norm"),
    "norm_streak.definition": (
        "Сколько периодов подряд, считая этот, менеджер ниже нормы. Периоды без рабочих дней "
        "пропускаются; учитывается не больше 12 прошлых периодов.",
        "How many periods in a row, this one included, a manager is below the norm. Periods "
        "without "
        "working days are skipped; at most 12 earlier periods are looked at.",
    ),
    "needs.stage_dates": (
        "нужна история этапов или столбец с датой перехода на этап (date_column в настройках)",
        "stage history or a column with the date the stage was entered (date_column in the config) is needed",
    ),
    "needs.stage_history": (
        "нужна история: неизвестно, до какого этапа дошли проигранные сделки. Поможет столбец "
        "«Предыдущая стадия» или даты этапов",
        "history is needed: how far the lost deals got is not known. A column with the previous "
        "stage or stage dates would help",
    ),
    "needs.confirmed_order": (
        "порядок этапов угадан: проверьте его и поставьте order: confirmed",
        "the order of the stages is a guess: check it and set order: confirmed",
    ),
    "needs.loss_reason": (
        "нужен столбец с причиной отказа",
        "a column with the loss reason is needed",
    ),
    "needs.twenty_wins": (
        "нужно не меньше 20 выигранных сделок за 365 дней",
        "at least 20 won deals in 365 days are needed",
    ),
    "needs.created_at": (
        "нужен столбец с датой создания",
        "a column with the creation date is needed",
    ),
    "needs.closed_at": (
        "нужен столбец с датой закрытия",
        "a column with the close date is needed",
    ),
    "needs.amount": ("нужен столбец с суммой сделки", "a column with the amount is needed"),
    "needs.later_version": (
        "эта версия ещё не считает этот показатель",
        "this version does not compute this figure yet",
    ),
    "needs.unknown_metric": (
        "такого показателя нет: список — в docs/metrics.md",
        "there is no such figure: docs/metrics.md lists them",
    ),
    "needs.norm_stage": (
        "такого этапа нет ни в одной воронке этой нормы",
        "no pipeline of this norm has this stage",
    ),
    "needs.norm_field": (
        "столбца из условия where этой нормы нет в выгрузке",
        "the column of the norm's where is not in the export",
    ),
    "needs.norm_filter": (
        "к этому показателю условие where неприменимо",
        "where cannot be applied to this figure",
    ),
    "needs.norm_pipeline": (
        "у показателя нет общего значения по воронкам: укажите pipeline в норме",
        "the figure has no value over all pipelines: name a pipeline in the norm",
    ),
    "needs.too_few": ("пока мало сделок", "too few deals so far"),
    "needs.more_deals": (
        "сделок мало, чтобы судить: значение ниже нормы может быть случайным",
        "too few deals to judge: falling short of the norm may be chance",
    ),
    "class.advanced": ("дошли", "advanced"),
    "class.lost": ("проиграны", "lost"),
    "class.parked": ("отложены", "postponed"),
    "class.left": ("ушли в другую воронку", "left the pipeline"),
    "class.gone": ("удалены или объединены", "deleted or merged"),
    "class.unknown": ("этап неизвестен", "stage unknown"),
    "class.moved_back": ("вернулись назад", "moved back"),
    "class.still_there": ("ещё на этапе", "still there"),
    "class.too_early": ("ещё рано", "too early"),
    "class.ignored": ("причина исключена", "ignored reason"),
    "class.outcome_unknown": ("исход неизвестен", "outcome unknown"),
    "class.start_unknown": ("начало неизвестно", "start unknown"),
    "mark.much_lower": ("намного ниже остальных", "much lower than the others"),
    "mark.lower": ("ниже остальных: присмотреться", "lower than the others: worth a look"),
    "mark.higher": ("выше остальных", "higher than the others"),
    "mark.much_higher": ("намного выше остальных", "much higher than the others"),
    "mark.few": ("мало данных", "too little data"),
}
