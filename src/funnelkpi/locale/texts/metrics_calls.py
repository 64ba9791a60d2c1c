"""Calls and leads: titles, definitions, what they need."""

TEXTS: dict[str, tuple[str, str]] = {
    "calls": ("Звонки", "Calls"),
    "calls.definition": (
        "Все звонки за период: по направлению (direction=…) и исходу (outcome=…). Отнесены к тому, "
        "кто звонил или ответил.",
        "All calls of the period: by direction (direction=…) and outcome (outcome=…). They are those "
        "of who called or answered.",
    ),
    "conversations": ("Разговоры", "Conversations"),
    "conversations.definition": (
        "Состоявшиеся звонки с клиентами от calls.conversation_seconds секунд разговора. Внутренние "
        "звонки не входят.",
        "Answered calls with clients of at least calls.conversation_seconds seconds of talk. Calls "
        "between colleagues are left out.",
    ),
    "calls_matching": ("Звонки и сделки", "Calls and deals"),
    "calls_matching.definition": (
        "К чему относятся звонки: сделка (matched), ближайшая из нескольких (several), сделка не из "
        "файлов (deal_outside), клиент без сделки (no_deal), незнакомый номер (unknown_number), "
        "внутренний (internal), скрытый (hidden), без номера (no_number). Вместе это все звонки.",
        "What the calls belong to: a deal (matched), the nearest of several (several), a deal that is "
        "not in the files (deal_outside), a client without one (no_deal), an unknown number "
        "(unknown_number), a colleague (internal), a hidden number (hidden), no number (no_number). "
        "Together they are all calls.",
    ),
    "calls_by_hour": ("Звонки по часам", "Calls by hour"),
    "calls_by_hour.definition": (
        "Входящие звонки за conversion.window дней по дню недели и часу (hour=Mon-09); показатель "
        "missed — сколько из них не ответили.",
        "Incoming calls of the last conversion.window days by weekday and hour (hour=Mon-09); the "
        "statistic missed: how many of them nobody answered.",
    ),
    "calls_without_result": ("Разговоры без результата", "Calls without a result"),
    "calls_without_result.definition": (
        "Разговоры, о которых ничего не записано: ни результата, ни комментария.",
        "Conversations of which nothing is written down: neither a result nor a comment.",
    ),
    "answered_share": ("Доля отвеченных", "Share answered"),
    "answered_share.definition": (
        "Отвеченные входящие звонки ÷ все входящие. Отдельно — прежние и новые клиенты "
        "(client=existing, client=new).",
        "Incoming calls answered ÷ all incoming ones. Existing and new clients apart "
        "(client=existing, client=new).",
    ),
    "answered_share.callers": (
        "по звонившим: ответили хотя бы на один звонок",
        "by caller: at least one of the calls was answered",
    ),
    "missed_calls": ("Пропущенные звонки", "Missed calls"),
    "missed_calls.definition": (
        "Неотвеченные входящие — и что случилось первым (fate=…): перезвонили в срок (in_time), в тот "
        "же день (same_day), позже (later), клиент позвонил сам (rang_again), никто (never), срок ещё "
        "идёт (pending), номера нет (no_number). Срок — calls.callback_minutes рабочих минут.",
        "Incoming calls nobody answered, and what happened first (fate=…): called back in time "
        "(in_time), on the same day (same_day), later (later), the client rang again (rang_again), "
        "nothing (never), there is still time (pending), no number (no_number). In time: within "
        "calls.callback_minutes working minutes.",
    ),
    "time_to_callback": ("Время до перезвона", "Time to call back"),
    "time_to_callback.definition": (
        "Рабочие минуты от пропущенного звонка до перезвона: медиана по тем, кому перезвонили, и доля "
        "в срок. Клиент, который позвонил сам, — другой исход (оценка Аалена — Йохансена).",
        "Working minutes from a missed call to calling back: median of those called back, and the "
        "share in time. A client who rings again himself is the other end (Aalen–Johansen).",
    ),
    "calls_without_deal": ("Разговоры без сделки", "Calls without a deal"),
    "calls_without_deal.definition": (
        "Разговоры с новыми клиентами (раньше не было ни сделки, ни контакта), после которых за "
        "calls.deal_within_hours часов не завели ни сделку, ни лид. fate=pending — срок ещё идёт.",
        "Conversations with new clients (no deal or contact before) after which no deal or lead was "
        "entered within calls.deal_within_hours hours. fate=pending: there is still time.",
    ),
    "deals_without_call": ("Сделки без звонка", "Deals without a call"),
    "deals_without_call.definition": (
        "Созданные за период сделки, клиенту которых никто не звонил и не отвечал: ни со дня до "
        "создания, ни потом. Сделки без телефона — client=unknown, свежее "
        "calls.deal_within_hours часов — fate=pending.",
        "Deals created in the period whose client nobody called or answered, from the day before on. "
        "Deals without a number are client=unknown, those younger than calls.deal_within_hours hours "
        "fate=pending.",
    ),
    "deals_per_10_conversations": ("Сделок на 10 разговоров", "Deals per 10 conversations"),
    "deals_per_10_conversations.definition": (
        "Из новых клиентов, с которыми за период поговорили, — сколько стали сделкой или лидом за "
        "calls.deal_within_hours часов; на десять. Те же клиенты сверху и снизу дроби.",
        "Of the new clients spoken to in the period, how many became a deal or lead within "
        "calls.deal_within_hours hours; per ten. The same clients above and below the line.",
    ),
    "calls_per_meeting": ("Звонков на встречу", "Calls per meeting"),
    "calls_per_meeting.definition": (
        "Все звонки с клиентами до их первой встречи ÷ первые встречи периода.",
        "All calls with the clients before their first meeting ÷ first meetings of the period.",
    ),
    "calls_per_won_deal": ("Звонков на выигранную сделку", "Calls per deal won"),
    "calls_per_won_deal.definition": (
        "Все звонки с клиентами до выигрыша ÷ сделки, выигранные за период. Каждый звонок считается "
        "один раз.",
        "All calls with the clients before the win ÷ deals won in the period. Every call counts once.",
    ),
    "touches": ("Касания", "Touches"),
    "touches.definition": (
        "Исходящие звонки, сделанные письма и сообщения за период (kind=…). touch=first — первый звонок "
        "клиенту, у которого нет сделки; touch=became_deal — из них уже есть сделка или лид, "
        "touch=became_meeting — встреча с тех пор прошла.",
        "Outgoing calls, e-mails and messages of the period (kind=…). touch=first: the first call to a "
        "client who has no deal; touch=became_deal: those of them with a deal or lead by now, "
        "touch=became_meeting: a meeting was held since.",
    ),
    "calls_at_stage": ("Звонки на этапе", "Calls at stage"),
    "calls_at_stage.definition": (
        "В скольких разных днях по сделке звонили, пока она стояла на этапе: медиана. Стоянки за "
        "conversion.window дней, законченные или не короче calls.stage_days дней.",
        "On how many different days a deal was called while it stood in the stage: the median. Visits "
        "of conversion.window days, finished or at least calls.stage_days days old.",
    ),
    "calls_at_stage.met": (
        "доля сделок, у которых дней со звонком не меньше нормы",
        "share of deals with at least as many days with a call as the norm",
    ),
    "under_called": ("Мало звонков", "Under-called"),
    "under_called.definition": (
        "Открытые сделки, по которым на текущем этапе звонили в меньшее число дней, чем норма "
        "calls.at_stage.",
        "Open deals called on fewer days in their current stage than the norm calls.at_stage.",
    ),
    "first_response": ("Первый ответ", "First response"),
    "first_response.definition": (
        "Рабочие минуты от входящей сделки (её создал робот, форма или источник из "
        "calls.inbound_sources) до первого исходящего звонка: медиана и доля в пределах "
        "calls.first_response_minutes. Видны только звонки: письма и чаты не считаются.",
        "Working minutes from an inbound deal (made by a robot, a form, or of calls.inbound_sources) "
        "to the first outgoing call: median and share within calls.first_response_minutes. Only "
        "telephony is seen: e-mails and chats do not count.",
    ),
    "best_calls": ("Звонки, на которых учиться", "Calls to learn from"),
    "best_calls.definition": (
        "Записи разговоров на этапе, где конверсия менеджера заметно выше, чем у остальных его роли.",
        "Recorded conversations in the stage at which the manager's conversion is marked higher than "
        "the others' of his role.",
    ),
    "leads_created": ("Создано лидов", "Leads created"),
    "leads_created.definition": (
        "Лиды, созданные за период.",
        "Leads created in the period.",
    ),
    "leads_converted": ("Лиды стали сделками", "Leads converted"),
    "leads_converted.definition": (
        "Лиды, конвертированные за период. Сделка найдена по LEAD_ID (link=id), по клиенту в пределах "
        "дня (link=client) или не найдена (link=unmatched).",
        "Leads converted in the period. Their deal was found by LEAD_ID (link=id), by client within a "
        "day (link=client), or not at all (link=unmatched).",
    ),
    "needs.calls": (
        "нужны звонки: детализация телефонии из CRM или от провайдера",
        "calls are needed: the telephony detail of the CRM or the provider",
    ),
    "needs.calls_of_period": (
        "звонки в файлах начинаются позже этого периода: нужна детализация и за него",
        "the calls in the files begin after this period: its telephony detail is needed, too",
    ),
    "needs.of_no_pipeline": (
        "показатель не делится по воронкам: уберите --pipeline",
        "the figure has no rows by pipeline: leave --pipeline out",
    ),
    "needs.client_phones": (
        "нужны телефоны клиентов: столбец телефона в сделках, контактах или компаниях",
        "phones of clients are needed: a phone column in deals, contacts or companies",
    ),
    "needs.call_results": (
        "нужен столбец с результатом или комментарием звонка",
        "a column with the result or comment of the call is needed",
    ),
    "needs.call_norm": (
        "нужна норма звонков на этапе: calls: at_stage: {{closing: 3}}",
        "a norm of calls at stage is needed: calls: at_stage: {{closing: 3}}",
    ),
    "needs.inbound": (
        "нужно знать, какие сделки входящие: столбец «Кем создана» или источники в "
        "calls.inbound_sources",
        "it must be known which deals are inbound: a column with the creator, or sources in "
        "calls.inbound_sources",
    ),
    "needs.recordings": (
        "нужны ссылки на записи звонков",
        "links to the recordings of the calls are needed",
    ),
    "needs.marked_higher": (
        "пока ни у кого конверсия этапа заметно не выше, чем у остальных",
        "so far nobody's conversion of a stage is marked higher than the others'",
    ),
    "needs.leads": ("нужна выгрузка лидов", "an export of leads is needed"),
}
