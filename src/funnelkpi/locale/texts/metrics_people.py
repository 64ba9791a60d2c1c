"""Meetings, tasks, people, companies: titles, definitions, what they need."""

TEXTS: dict[str, tuple[str, str]] = {
    "first_meetings": ("Первые встречи", "First meetings"),
    "first_meetings.definition": (
        "Состоявшиеся за период встречи, первые у своего клиента. Встреча — задача или дело из "
        "meetings.types либо переход на этап из meetings.stages. next_step — после скольких назначен "
        "следующий шаг; no_client — встречи, клиент которых неизвестен. По группам source_groups — "
        "разрезы source_group=….",
        "Meetings held in the period that are the first of their client. A meeting is a task or "
        "activity of meetings.types, or an entry of a stage of meetings.stages. next_step: after how "
        "many a next step is planned; no_client: meetings whose client is unknown. By source_groups: "
        "slices source_group=….",
    ),
    "first_meetings_booked": ("Назначено первых встреч", "First meetings booked"),
    "first_meetings_booked.definition": (
        "Клиенты, которым за период впервые назначили встречу. Считается день, когда задачу "
        "поставили; если он неизвестен — день самой встречи.",
        "Clients for whom a meeting was put down for the first time in the period. The day the task "
        "was made counts; where it is unknown, the day of the meeting.",
    ),
    "meetings": ("Встречи", "Meetings"),
    "meetings.definition": (
        "Состоявшиеся за период встречи, первые и повторные. Переход на этап встречи и задача той же "
        "сделки в пределах трёх дней — одна встреча.",
        "Meetings held in the period, first ones and others. An entry of a meeting's stage and a task "
        "of the same deal within three days are one meeting.",
    ),
    "meetings.at_least": (
        "не меньше: даты переходов на этап встречи известны не у всех сделок",
        "at least so many: not every deal has the date it entered the meeting's stage",
    ),
    "meetings_with_next_step": ("Встречи со следующим шагом", "Meetings with a next step"),
    "meetings_with_next_step.definition": (
        "Доля состоявшихся за период встреч, после которых за meetings.step_days поставлена задача "
        "на более поздний срок. Встречи, после которых сделка сразу закрыта, и те, у которых этот "
        "срок ещё идёт, не входят.",
        "Share of the meetings held in the period after which, within meetings.step_days, a task for "
        "a later moment was made. Meetings whose deal was closed at once are left out, and those "
        "whose time is not over.",
    ),
    "next_step_share": ("Доля сделок с задачей", "Share of deals with a next step"),
    "next_step_share.definition": (
        "Открытые сделки дальше этапа next_step.after, у которых запланирована задача: ближайшая "
        "задача сделки или невыполненная задача со сроком впереди.",
        "Open deals past the stage next_step.after that have a planned task: the deal's next task or "
        "an open task due from now on.",
    ),
    "promise_kept": ("Обещанное сделано", "Promises kept"),
    "promise_kept.definition": (
        "Задачи, выполненные до конца того дня, на который назначены ÷ задачи, день которых прошёл в "
        "периоде; встреча назначена на день своего начала. Если неизвестно, когда задача выполнена, "
        "показаны границы.",
        "Tasks done by the end of the day they were due ÷ tasks whose day passed in the period; a "
        "meeting is due on the day it begins. Where it is unknown when a task was done there are bounds.",
    ),
    "facts_complete": ("Заполненность полей", "Facts filled in"),
    "facts_complete.definition": (
        "Доля сделок на этапе из facts и дальше, у которых заполнены все поля правила; field=… — "
        "каждое поле отдельно. «нет», «n/a», «.», «123» и повтор одного знака — не заполнено. "
        "Открытые сделки и выигранные за последние conversion.window дней.",
        "Share of the deals at a stage of facts or beyond that have every field of the rule; field=… "
        "is each field alone. “no”, “n/a”, “.”, “123” and one character repeated are not filled in. "
        "Open deals, and those won in the last conversion.window days.",
    ),
    "facts_overdue": ("Даты прошли", "Dates that have passed"),
    "facts_overdue.definition": (
        "Открытые сделки на этапе из facts и дальше, у которых последняя заполненная дата правила уже "
        "прошла, а следующей нет.",
        "Open deals at a stage of facts or beyond whose last filled date of the rule has passed "
        "without the next one.",
    ),
    "fact_lag": ("Дней между датами", "Days between dates"),
    "fact_lag.definition": (
        "Медиана дней между соседними датами правила facts, например от договора до счёта, у сделок, "
        "где есть обе.",
        "Median days between neighbouring dates of a rule of facts, say from contract to invoice, of "
        "the deals that have both.",
    ),
    "decision_makers": ("Найдены ЛПР", "Decision-makers found"),
    "decision_makers.definition": (
        "Контакты, внесённые за период, у которых в должности есть слово из decision_makers.positions "
        "и указан телефон или почта. Считаются тому, кто внёс; если это не менеджер — ответственному.",
        "Contacts entered in the period whose position has a word of decision_makers.positions and "
        "that have a phone or e-mail. Credit goes to who entered them; if that is not a manager, to the "
        "responsible.",
    ),
    "new_category_a": ("Новые компании категории А", "New companies of category A"),
    "new_category_a.definition": (
        "Компании, внесённые за период, которые подходят под условия категории A из categories. "
        "Считаются тому, кто внёс; если это не менеджер — ответственному.",
        "Companies entered in the period that meet the conditions of category A in categories. Credit "
        "goes to who entered them; if that is not a manager, to the responsible.",
    ),
    "new_category_b": ("Новые компании категории Б", "New companies of category B"),
    "new_category_b.definition": (
        "Компании, внесённые за период, которые подходят под условия категории B из categories и не "
        "подходят под более ранние.",
        "Companies entered in the period that meet the conditions of category B in categories and of "
        "none before it.",
    ),
    "companies_by_category": ("Компании по категориям", "Companies by category"),
    "companies_by_category.definition": (
        "Все компании по категориям из categories; подходит первая, чьи условия выполнены. "
        "category= — ни под одну.",
        "All companies by the categories of categories; the first whose conditions are met wins. "
        "category= meets none.",
    ),
    "list_conversion": ("Конверсия списка", "Conversion of the list"),
    "list_conversion.definition": (
        "Клиенты с назначенной встречей ÷ клиенты в списке: компании и контакты, которые менеджер "
        "внёс или (если внёс не менеджер) за которые отвечает. За всё время.",
        "Clients with a meeting put down ÷ clients on the list: companies and contacts the manager "
        "entered or (where no manager did) is responsible for. Of all time.",
    ),
    "contact_to_client": ("Из контакта в клиента", "Contact to client"),
    "contact_to_client.definition": (
        "Клиенты из внесённых менеджером контактов, у которых потом выиграна сделка. Те, кто был "
        "клиентом до внесения, не входят. За всё время.",
        "Clients among the contacts a manager entered of whom a deal was won later. Those who were "
        "clients before are left out. Of all time.",
    ),
    "hand_overs": ("Передачи сделок", "Hand-overs"),
    "hand_overs.definition": (
        "Сделки, переданные за период другому менеджеру или в другую воронку; kind=role — менеджеру "
        "другой роли. Считаются тому, кто принял.",
        "Deals handed in the period to another manager or pipeline; kind=role: to a manager of "
        "another role. They count for the one who took over.",
    ),
    "hand_overs_dropped": ("Передано и брошено", "Handed over and dropped"),
    "hand_overs_dropped.definition": (
        "Передачи за период, после которых новый ответственный за hand_overs.dropped_after дней не "
        "сделал ничего: ни звонка, ни задачи, ни перехода по этапам.",
        "Hand-overs of the period after which the new owner did nothing within "
        "hand_overs.dropped_after days: no call, no task, no move of the deal.",
    ),
    "hand_over_delay": ("Пауза после передачи", "Delay after a hand-over"),
    "hand_over_delay.definition": (
        "Медиана рабочих часов от передачи до первого действия нового ответственного: звонка, "
        "задачи, перехода по этапам.",
        "Median working hours from the hand-over to the new owner's first action: a call, a task, a "
        "move of the deal.",
    ),
    "repeats": ("Повторы", "Repeats"),
    "repeats.definition": (
        "Сделки клиентов, с которыми работают дважды: открытых сделок две или больше (repeat=deals) "
        "или сделки, открытые и закрытые за последние conversion.window дней, ведут разные менеджеры "
        "(repeat=managers). clients — сколько таких клиентов.",
        "Deals of clients worked on twice: with two or more open deals (repeat=deals), or whose "
        "deals, open or closed in the last conversion.window days, belong to different managers "
        "(repeat=managers). clients: how many such clients.",
    ),
    # What would give a figure; the same names stand after ``needs.`` in the long table.
    "needs.meetings": (
        "нужна выгрузка задач (дел) или ключи этапов встречи в meetings.stages",
        "an export of tasks (activities) is needed, or keys of the meeting's stages in "
        "meetings.stages",
    ),
    "needs.meeting_types": (
        "среди задач нет видов из meetings.types: назовите их так, как в выгрузке",
        "no task is of a kind in meetings.types: name the kinds as the export does",
    ),
    "needs.next_step_stage": (
        "ни в одной воронке нет открытого этапа дальше next_step.after",
        "no pipeline has an open stage past next_step.after",
    ),
    "needs.tasks": (
        "нужна выгрузка задач (дел) с датами, когда они выполнены",
        "an export of tasks (activities) with the dates they were done is needed",
    ),
    "needs.done_tasks": (
        "в выгрузке нет выполненных задач: выгрузите и их",
        "the export has no tasks that are done: export those, too",
    ),
    "needs.facts": (
        "назовите в настройках, что должно быть заполнено к этапу: список facts (fields, dates)",
        "name in the config what must be filled in by a stage: the list facts (fields, dates)",
    ),
    "needs.fact_column": (
        "столбца из правила facts нет в выгрузке сделок или он пуст",
        "the column of the rule in facts is not in the deals export, or empty",
    ),
    "needs.contacts": (
        "нужна выгрузка контактов",
        "an export of contacts is needed",
    ),
    "needs.contact_created_at": (
        "в выгрузке контактов нужна дата создания",
        "the export of contacts needs the creation date",
    ),
    "needs.contact_position": (
        "в выгрузке контактов нужна должность",
        "the export of contacts needs the position",
    ),
    "needs.contact_phone": (
        "в выгрузке контактов нужен телефон или почта",
        "the export of contacts needs a phone or an e-mail",
    ),
    "needs.positions": (
        "список decision_makers.positions пуст: назовите должности",
        "the list decision_makers.positions is empty: name the positions",
    ),
    "needs.companies": (
        "нужна выгрузка компаний",
        "an export of companies is needed",
    ),
    "needs.company_created_at": (
        "в выгрузке компаний нужна дата создания",
        "the export of companies needs the creation date",
    ),
    "needs.categories": (
        "опишите категорию в настройках: список categories",
        "describe the category in the config: the list categories",
    ),
    "needs.category_field": (
        "поля из условий categories нет в выгрузке компаний",
        "a field of the conditions in categories is not in the export of companies",
    ),
    "needs.lists": (
        "нужна выгрузка контактов или компаний с датой создания",
        "an export of contacts or companies with the creation date is needed",
    ),
    "needs.owner_history": (
        "нужна история ответственных: события из CRM или архив выгрузок",
        "a history of owners is needed: events of the CRM or kept exports",
    ),
    "needs.hand_overs": (
        "за период нет передач, после которых новый ответственный что-то сделал",
        "no hand-over of the period was followed by an action of the new owner",
    ),
    "needs.clients": (
        "нужны столбцы с компанией и контактом сделки: они читаются, если дан файл звонков, задач, "
        "контактов или компаний либо repeats назван в norms или thresholds",
        "columns with the company and the contact of the deal are needed: they are read if a file of "
        "calls, tasks, contacts or companies is given, or repeats is named in norms or thresholds",
    ),
}
