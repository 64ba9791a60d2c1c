"""Calls: texts of the report's section, its heat map and its lines of the verdict."""

TEXTS: dict[str, tuple[str, str]] = {
    "match_matched": ("звонок по сделке", "call on the deal"),
    "match_several": ("ближайшая из сделок", "nearest of several deals"),
    "match_deal_outside": ("сделка не из файлов", "deal not in the files"),
    "match_no_deal": ("клиент без сделки", "client without a deal"),
    "match_unknown_number": ("незнакомый номер", "unknown number"),
    "match_internal": ("между своими", "between colleagues"),
    "match_hidden": ("номер скрыт", "number withheld"),
    "read_what": ("Что понято", "What was understood"),
    "read_how_many": ("Сколько", "How many"),
    "read_calls": ("Звонков", "Calls"),
    "read_first": ("Первый", "First"),
    "read_last": ("Последний", "Last"),
    "read_in": ("Входящих", "Incoming"),
    "read_out": ("Исходящих", "Outgoing"),
    "read_callback": ("Обратных", "Call-backs"),
    "read_info": ("Информационных", "Information calls"),
    "read_no_direction": ("Без направления", "Without a direction"),
    "read_internal": ("Между своими", "Between colleagues"),
    "read_success": ("Состоялись", "Answered"),
    "read_missed": ("Пропущены", "Missed"),
    "read_declined": ("Отклонены", "Declined"),
    "read_cancelled": ("Отменены", "Cancelled"),
    "read_busy": ("Занято", "Busy"),
    "read_failed": ("Не удались", "Failed"),
    "read_unknown": ("Итог не понят", "Outcome not understood"),
    "read_with_number": ("С номером клиента", "With a number of the client"),
    "read_hidden": ("Номер скрыт", "Number withheld"),
    "read_with_employee": ("С сотрудником", "With an employee"),
    "read_with_talk": ("С временем разговора", "With a length of talk"),
    "called_days": ("дней со звонком {n}", "days with a call {n}"),
    "called_norm": ("{days}, норма {norm}", "{days}, norm {norm}"),
    "balance": (
        "За период {n} {n:plural:звонок,звонка,звонков} = {parts}.",
        "{n} {n:plural:call,calls} in the period = {parts}.",
    ),
    "class_matched": ("{n} по сделке", "{n} on a deal"),
    "class_several": ("{n} по ближайшей из сделок", "{n} on the nearest of several deals"),
    "class_deal_outside": ("{n} по сделке вне файла", "{n} on a deal outside the file"),
    "class_no_deal": ("{n} клиентам без сделки", "{n} with clients without a deal"),
    "class_unknown_number": ("{n} с неизвестных номеров", "{n} with unknown numbers"),
    "class_internal": ("{n} между своими", "{n} between colleagues"),
    "class_hidden": ("{n} со скрытых", "{n} from hidden numbers"),
    "class_no_number": ("{n} без номера", "{n} without a number"),
    "class_rest": ("{n} прочих", "{n} others"),
    "work_title": ("Кто говорит и заводит", "Who talks and enters"),
    "work_note": (
        "Разговор — от {seconds} секунд. «Без сделки» — разговоры с новыми клиентами, после которых "
        "за {hours} ч не появилось ни сделки, ни лида; «Сделок на 10» — сделки и лиды из таких "
        "разговоров. Сами разговоры: funnelkpi deals --metric calls_without_deal.",
        "A conversation lasts {seconds} seconds at least. “Without deal”: conversations with new "
        "clients after which no deal or lead appeared in {hours} h; “Deals per 10”: deals and leads "
        "out of such conversations. The conversations: funnelkpi deals --metric calls_without_deal.",
    ),
    "work_note_short": (
        "Разговор — от {seconds} секунд. Разговоры без сделки — в отчёте без --pipeline.",
        "A conversation lasts {seconds} seconds at least. Conversations without a deal: in a report "
        "without --pipeline.",
    ),
    "calls": ("Звонков", "Calls"),
    "conversations": ("Разговоров", "Conversations"),
    "answered": ("Ответили", "Answered"),
    "without_result": ("Без результата", "Without result"),
    "without_deal": ("Без сделки", "Without deal"),
    "per_10": ("Сделок на 10", "Deals per 10"),
    "deals_without_call": ("Сделок без звонка", "Deals without a call"),
    "missed_title": (
        "Кто берёт трубку; пропущенные — что было потом",
        "Who answers; missed calls and what came next",
    ),
    "missed": ("Пропущено", "Missed"),
    "fate_in_time": ("В срок", "In time"),
    "fate_same_day": ("День в день", "Same day"),
    "fate_later": ("Позже", "Later"),
    "fate_rang_again": ("Сам перезвонил", "Rang again"),
    "fate_never": ("Никто", "Never"),
    "fate_pending": ("Ещё в срок", "Still in time"),
    "fate_no_number": ("Некому", "No number"),
    "callback": ("Медиана", "Median"),
    "missed_note": (
        "Что случилось первым. «В срок» — за {minutes} рабочих минут; медиана — рабочее время до "
        "звонка тем, кому перезвонили.",
        "What happened first. “In time”: within {minutes} working minutes; the median is working time "
        "to the call of those called back.",
    ),
    "further_title": ("Первый ответ и путь до денег", "First response and the way to money"),
    "first_response": ("Первый звонок", "First call"),
    "first_within": ("В срок", "In time"),
    "per_meeting": ("Звонков на встречу", "Calls per meeting"),
    "per_won": ("Звонков на выигрыш", "Calls per win"),
    "touches_all": (
        "Касаний (исходящих звонков, писем, сообщений): {n}.",
        "Touches (outgoing calls, e-mails, messages): {n}.",
    ),
    "touches_first": (
        "Касаний (исходящих звонков, писем, сообщений): {n}; первых звонков клиентам без сделки: {first}, "
        "сделка или лид уже есть у {became_deal}.",
        "Touches (outgoing calls, e-mails, messages): {n}; first calls to clients without a deal: {first}, "
        "of which {became_deal} have a deal or lead by now.",
    ),
    "touches_met": (
        "Касаний (исходящих звонков, писем, сообщений): {n}; первых звонков клиентам без сделки: {first}, "
        "сделка или лид уже есть у {became_deal}, встреча прошла с {became_meeting}.",
        "Touches (outgoing calls, e-mails, messages): {n}; first calls to clients without a deal: {first}, "
        "of which {became_deal} have a deal or lead by now, {became_meeting} a meeting held.",
    ),
    "leads": (
        "Лидов создано: {made}; стали сделками: {became}",
        "Leads created: {made}; converted: {became}",
    ),
    "deal_by_id": ("сделка по номеру лида: {n}", "deal by the lead's ID: {n}"),
    "deal_by_client": ("сделка по клиенту: {n}", "deal by the client: {n}"),
    "deal_by_unmatched": ("сделка не найдена: {n}", "no deal found: {n}"),
    "nobody": ("Без сотрудника", "No employee"),
    "trend_title": ("Звонки по периодам", "Calls by period"),
    "called_back": ("Перезвонили в срок", "Called back in time"),
    "first_in_time": ("Первый звонок в срок", "First call in time"),
    "touches": ("Касаний", "Touches"),
    "lost_title": (
        "Разговоры с новыми клиентами, не ставшие сделкой",
        "Conversations with new clients that became no deal",
    ),
    "best_title": ("Записи, на которых учиться", "Recordings to learn from"),
    "best_note": (
        "Разговоры менеджеров, которые на этом этапе выше остальных. Всего: {n}.",
        "Conversations of managers who are above the others at that stage. In all: {n}.",
    ),
    "lost_note": ("Всего: {n}.", "In all: {n}."),
    "when": ("Когда", "When"),
    "phone": ("Номер", "Number"),
    "length": ("Разговор", "Talk"),
    "recording": ("Запись", "Recording"),
    "listen": ("слушать", "listen"),
    "further_note": (
        "Первый звонок по входящей сделке: медиана и доля за {first} рабочих минут; видны только "
        "звонки. Сделки без звонка: funnelkpi deals --without-call.",
        "First call on an inbound deal: median and share within {first} working minutes; only calls "
        "are seen. Deals without a call: funnelkpi deals --without-call.",
    ),
    "at_stage_title": ("Звонков на сделку, пока она на этапе", "Calls on a deal while in a stage"),
    "at_stage": ("{stage}", "{stage}"),
    "norm_met": ("Норма {norm}", "Norm {norm}"),
    "at_stage_note": (
        "Медиана: в скольких днях были звонки за одно пребывание на этапе; «норма» — у какой доли их "
        "не меньше. Кому недозвонили: funnelkpi deals --under-called.",
        "Median number of days with a call per visit to the stage; “norm”: the share of visits that "
        "have as many. Which deals lack calls: funnelkpi deals --under-called.",
    ),
    "heat_title": ("Когда звонят", "When calls come"),
    "heat_title_of": ("Когда звонят: {who}", "When calls come: {who}"),
    "heat_note": (
        "Входящие за {days} дней: чем темнее, тем больше (█ — до {most}); число — пропущенные.",
        "Incoming calls of {days} days: the darker, the more (█: up to {most}); the number is those "
        "missed.",
    ),
    "moment_note": (
        "По времени {zone}: начало звонка, начало встречи, срок задачи.",
        "By the time of {zone}: starts of calls and meetings, due times of tasks.",
    ),
    "day_mon": ("Пн", "Mon"),
    "day_tue": ("Вт", "Tue"),
    "day_wed": ("Ср", "Wed"),
    "day_thu": ("Чт", "Thu"),
    "day_fri": ("Пт", "Fri"),
    "day_sat": ("Сб", "Sat"),
    "day_sun": ("Вс", "Sun"),
    "verdict_without_deal": (
        "Разговоры с новыми клиентами без сделки: {k} из {n}",
        "Conversations with new clients without a deal: {k} of {n}",
    ),
    "verdict_without_deal_who": (
        "Разговоры с новыми без сделки: {k} из {n}; {manager} — {own} из {all}",
        "New conversations without a deal: {k} of {n}; {manager}: {own} of {all}",
    ),
    "verdict_missed": (
        "Не перезвонили в тот же день: {k} из {n} пропущенных",
        "Not called back on the day: {k} of {n} missed",
    ),
    "verdict_missed_who": (
        "Не перезвонили в тот же день: {k} из {n}; {manager} — {own} из {all}",
        "Not called back on the day: {k} of {n} missed; {manager}: {own} of {all}",
    ),
}
