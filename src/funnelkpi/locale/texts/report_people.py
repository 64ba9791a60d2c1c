"""Meetings, tasks, people and companies: texts of the report's section."""

TEXTS: dict[str, tuple[str, str]] = {
    "several_pipelines": (
        "По нескольким воронкам сразу этих таблиц нет: медианы и доли клиентов не складываются. "
        "Назовите одну: --pipeline.",
        "There are no such tables for several pipelines at once: medians and shares of clients do not "
        "add up. Name one: --pipeline.",
    ),
    "meetings_title": ("Встречи и обещания", "Meetings and promises"),
    "meetings": ("Встреч", "Meetings"),
    "first_meetings": ("Первых", "First"),
    "with_step": ("Со следующим шагом", "With a next step"),
    "next_step": ("Сделки с задачей", "Deals with a task"),
    "promise_kept": ("Сделано в срок", "Done in time"),
    "by_group": ("Первые встречи по источникам: {parts}.", "First meetings by source: {parts}."),
    "no_group": ("прочие", "others"),
    "trend_title": ("Встречи и клиенты по периодам", "Meetings and clients by period"),
    "facts_title": ("Что известно о сделках", "What is known of the deals"),
    "facts_of": ("К этапу «{stage}»", "By “{stage}”"),
    "facts_overdue": ("Даты прошли", "Dates passed"),
    "fields": ("«{stage}», заполнено: {parts}.", "“{stage}”, filled: {parts}."),
    "base_title": ("База", "Base"),
    "decision_makers": ("Новых ЛПР", "New decision-makers"),
    "category_a": ("Новых A", "New A"),
    "category_b": ("Новых B", "New B"),
    "list_conversion": ("База → встреча", "List → meeting"),
    "contact_to_client": ("Контакт → клиент", "Contact → client"),
    "together_title": ("Передачи и повторы", "Hand-overs and repeats"),
    "hand_overs": ("Принято сделок", "Deals taken over"),
    "hand_over_delay": ("До первого действия", "To first action"),
    "dropped": ("Брошено", "Dropped"),
    "repeats": ("Клиент занят дважды", "Client worked on twice"),
    "absent": ("Не оценено: {parts}.", "Not evaluated: {parts}."),
    "absent_part": ("{figures} — {needs}", "{figures}: {needs}"),
}
