"""``funnelkpi explain`` on the user's data: names of the definitions and why each differs."""

TEXTS: dict[str, tuple[str, str]] = {
    "title": ("Что означает «{figure}»", "What “{figure}” means"),
    "section_definition": ("Определение", "Definition"),
    "section_rows": ("На ваших данных", "On your data"),
    "section_steps": ("Все определения по шагам", "Every definition, step by step"),
    "section_whole": ("От создания до победы", "From creation to the win"),
    "definition": ("Определение", "Definition"),
    "value": ("Значение", "Value"),
    "difference": ("Разница", "Difference"),
    "why": ("Почему не так, как в отчёте", "Why it is not the report's figure"),
    "place": ("Что", "What"),
    "days": ("Период или окно", "Period or window"),
    "note": ("Как получено", "How it was obtained"),
    "all_pipelines": ("Все воронки вместе", "All pipelines together"),
    "of_manager": ("Менеджер: {manager}", "Manager: {manager}"),
    "no_rows": (
        "На этих данных у показателя нет ни одной строки.",
        "On these data the figure has no row.",
    ),
    "no_rows_of_manager": (
        "У менеджера нет такого показателя: он считается только по компании, либо у него нет сделок.",
        "The manager has no such figure: it is the company's only, or he has no deals.",
    ),
    "not_evaluated": ("не оценено: {needs}", "not evaluated: {needs}"),
    "bounds": ("границы: {needs}", "bounds: {needs}"),
    "points": ("{n}\u00a0п.\u00a0п.", "{n}\u00a0pp"),
    # statistics and slices of the rows
    "statistic_median": ("медиана", "median"),
    "statistic_p80": ("80\u00a0% за", "80% within"),
    "statistic_p95": ("95\u00a0% за", "95% within"),
    "statistic_amount": ("по сумме", "by amount"),
    "statistic_window": ("за окно конверсии", "over the conversion window"),
    "statistic_within_limit": ("уложились в лимит", "within the limit"),
    "statistic_waiting": ("ждут сейчас", "waiting now"),
    "statistic_ended": ("уже не дойдут", "will not get there"),
    "statistic_deals": ("сделок", "deals"),
    "statistic_open": ("за всё время, открыты сейчас", "at any time, open now"),
    "statistic_without_ignore_rule": ("со всеми причинами отказа", "with every loss reason"),
    "statistic_met": ("выполняют норму звонков", "meet the norm of calls"),
    "statistic_missed": ("пропущенные", "missed"),
    "statistic_clients": ("клиентов", "clients"),
    "statistic_callers": ("по звонившим", "by caller"),
    "statistic_next_step": ("со следующим шагом", "with a next step"),
    "slice_class_matched": ("сделка найдена", "matched with a deal"),
    "slice_class_several": ("из нескольких сделок ближайшая", "the nearest of several deals"),
    "slice_class_deal_outside": ("сделки нет в выгрузке", "deal not in the export"),
    "slice_class_no_deal": ("у клиента нет подходящей сделки", "client without a fitting deal"),
    "slice_class_unknown_number": ("неизвестный номер", "unknown number"),
    "slice_class_internal": ("между своими", "between colleagues"),
    "slice_class_hidden": ("номер скрыт", "hidden number"),
    "slice_class_no_number": ("номера нет", "no number"),
    "slice_client_new": ("новые клиенты", "new clients"),
    "slice_client_existing": ("прежние клиенты", "existing clients"),
    "slice_direction_in": ("входящие", "incoming"),
    "slice_direction_out": ("исходящие", "outgoing"),
    "slice_direction_callback": ("обратные", "callbacks"),
    "slice_direction_info": ("информационные", "announcements"),
    "slice_touch_first": ("первые касания", "first touches"),
    "slice_touch_became_meeting": (
        "из первых касаний — встречи",
        "first touches that became meetings",
    ),
    "slice_touch_became_deal": ("из первых касаний — сделки", "first touches that became deals"),
    "slice_start_unknown": ("начало неизвестно", "start unknown"),
    "slice_reason_any": ("по любой причине", "for any reason"),
    "slice_reason_start_unknown": ("начало неизвестно", "start unknown"),
    "slice_norm_untitled": ("норма", "norm"),
    "slice_norm": ("норма «{norm}»", "norm “{norm}”"),
    "steps_note": (
        "Первая строка — цифра отчёта, разница считается от неё. k/n — дошли / база.",
        "The first row is the report's figure; the differences are from it. k/n: reached / base.",
    ),
    # names
    "name_cohort": ("Перешедшие на этап", "Entered the stage"),
    "name_created_cohort": ("Созданные", "Created"),
    "name_strict": ("Строго по этапам", "Strictly by stage"),
    "name_passed": ("С перескочившими", "With those that skipped"),
    "name_no_wait": ("Без ожидания", "Without waiting"),
    "name_with_ignored": ("Со всеми причинами отказа", "With every loss reason"),
    "name_flow": ("Поток за период", "Flow of the period"),
    "name_mature": ("По времени дозревания", "By maturity"),
    "name_created_to_won": ("От создания до победы", "Created to won"),
    "name_win_rate": ("Доля побед за период", "Win rate of the period"),
    "name_win_rate_window": ("Доля побед за окно", "Win rate of the window"),
    "name_win_rate_with_open": ("Доля побед с открытыми", "Win rate with open ones"),
    "name_win_rate_with_stale": ("Доля побед со старыми", "Win rate with stale ones"),
    # reasons
    "why_head_cohort": (
        "Цифра отчёта: {n} {n:plural:сделка перешла,сделки перешли,сделок перешли} на этап {dates}; у "
        "каждой было не меньше {days} дн., чтобы дойти.",
        "The report's figure: {n} {n:plural:deal,deals} entered the stage {dates}; each has had at "
        "least {days} days.",
    ),
    "why_head_created_cohort": (
        "Цифра отчёта: {n} {n:plural:сделка,сделки,сделок} из созданных {dates}; даты перехода на этап "
        "неизвестны; у каждой было не меньше {days} дн.",
        "The report's figure: {n} {n:plural:deal,deals} of those created {dates}; the dates of entry "
        "are not known; each has had at least {days} days.",
    ),
    "why_head_created_to_won": (
        "Цифра отчёта: {n} {n:plural:сделка создана,сделки созданы,сделок создано} {dates}; у каждой "
        "было время дозреть.",
        "The report's figure: {n} {n:plural:deal,deals} created {dates}; each has had time to mature.",
    ),
    "why_same": (
        "Совпадает: на этих данных разницы нет.",
        "The same: on these data it makes no difference.",
    ),
    "why_no_dates": ("Не посчитать: {needs}.", "Cannot be counted: {needs}."),
    "why_created_cohort": (
        "Другие сделки: созданные {dates}, когда бы они ни дошли до этапа; {n} вместо {n0}.",
        "Other deals: those created {dates}, whenever they came to the stage; {n} instead of {n0}.",
    ),
    "why_created_bounds": (
        "Другие сделки: созданные {dates}, {n} вместо {n0}. Без дат не видно, до какого этапа дошли "
        "проигранные, поэтому точной цифры может не быть, только границы.",
        "Other deals: those created {dates}, {n} instead of {n0}. Without dates it is not seen how far "
        "the lost ones got, so there may be bounds only.",
    ),
    "why_strict": (
        "Только те, кого видели на самом этапе: {n} вместо {n0}. Перескочившие его не считаются, "
        "дошли {k}.",
        "Only those seen in the stage itself: {n} instead of {n0}. Those that skipped it do not count; "
        "{k} reached the next.",
    ),
    "why_strict_bounds": (
        "Только те, кого видели на самом этапе. По этой выгрузке не сказать, кто его перескочил: "
        "только границы.",
        "Only those seen in the stage itself. This export does not show who skipped it: bounds only.",
    ),
    "why_strict_same_base": (
        "База та же: {n}. Дошедшими считаются только те, кого видели на самом следующем этапе: {k} "
        "вместо {k0}.",
        "The same base: {n}. Only those seen in the next stage itself count as having reached it: {k} "
        "instead of {k0}.",
    ),
    "why_strict_other_window": (
        "Только те, кого видели на самих этапах; им нужно другое время дозреть, и окно другое: "
        "{dates}. В базе {n} вместо {n0}, дошли {k} вместо {k0}.",
        "Only those seen in the stages themselves; they take another time to mature, so the window is "
        "another: {dates}. The base is {n} instead of {n0}; {k} instead of {k0} reached the next.",
    ),
    "why_passed_same_base": (
        "База та же: {n}. Дошедшими считаются и перескочившие следующий этап: {k} вместо {k0}.",
        "The same base: {n}. Those that skipped the next stage count as having reached it, too: {k} "
        "instead of {k0}.",
    ),
    "why_passed_other_window": (
        "Считаются и перескочившие; им нужно другое время дозреть, и окно другое: {dates}. В базе "
        "{n} вместо {n0}, дошли {k} вместо {k0}.",
        "Those that skipped a stage count, too; they take another time to mature, so the window is "
        "another: {dates}. The base is {n} instead of {n0}; {k} instead of {k0} reached the next.",
    ),
    "why_passed": (
        "Считаются и перескочившие этап: {n} вместо {n0}, дошли {k}.",
        "Those that skipped the stage count, too: {n} instead of {n0}; {k} reached the next.",
    ),
    "why_no_wait": (
        "Последние {days} дн. не отрезаны: сделки {dates}. Новые ещё не успели дойти, но уже в базе: "
        "{n} вместо {n0}.",
        "The last {days} days are not cut off: deals of {dates}. New ones have not had the time, but "
        "count already: {n} instead of {n0}.",
    ),
    "why_with_ignored": (
        "Считаются и отказы по исключённым причинам (ignore_loss_reasons): их {more}.",
        "Deals lost for ignored reasons (ignore_loss_reasons) count, too: {more} of them.",
    ),
    "why_flow": (
        "Разные сделки: {k} дошли дальше и {n} пришли на этап {dates}. До этого на этап никто не "
        "приходил.",
        "Different deals: {k} went on and {n} came {dates}. None came before.",
    ),
    "why_flow_inflow": (
        "Разные сделки: {k} дошли дальше и {n} пришли на этап {dates}. Приток на этап {inflow} к "
        "среднему в окне отчёта; растёт приток — поток падает.",
        "Different deals: {k} went on and {n} came {dates}. The inflow is {inflow} against the "
        "average of the report's window; when it grows, the flow falls.",
    ),
    "why_mature": (
        "Оценка: какая доля доходит за {days} дн. Новые сделки учтены ровно настолько, сколько их "
        "наблюдали; {n} {n:plural:сделка,сделки,сделок} за последний год.",
        "An estimate: the share that gets there within {days} days. New deals count for as long as "
        "they were observed; {n} {n:plural:deal,deals} of the last year.",
    ),
    "why_win_rate": (
        "Другие сделки: {n} {n:plural:закрытая,закрытые,закрытых} {dates}, когда бы их ни создали. "
        "Открытых в знаменателе нет.",
        "Other deals: {n} closed {dates}, whenever they were created. Open ones are not counted.",
    ),
    "why_win_rate_window": (
        "Другие сделки: {n} {n:plural:закрытая,закрытые,закрытых} {dates}, когда бы их ни создали. "
        "Открытых в знаменателе нет.",
        "Other deals: {n} closed {dates}, whenever they were created. Open ones are not counted.",
    ),
    "why_win_rate_with_open": (
        "Те же созданные, но исключённые причины отказа не вычитаются, а сделок с неизвестным исходом "
        "нет: {n} вместо {n0}.",
        "The same created deals, but ignored loss reasons are left in and deals of unknown outcome out: "
        "{n} instead of {n0}.",
    ),
    "why_win_rate_with_stale": (
        "Из тех же созданных открытые не считаются, кроме старых: старые — как проигранные; {n} вместо "
        "{n0}.",
        "Of the same created deals open ones do not count, except stale ones, which count as lost: {n} "
        "instead of {n0}.",
    ),
}
