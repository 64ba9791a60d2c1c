"""Findings about the data: what is odd, and what to correct in the CRM or the config."""

TEXTS: dict[str, tuple[str, str]] = {
    "name_spellings": (
        "Имена написаны по-разному у {count} {count:plural:человека,человек,человек}: {value}",
        "Names are spelled differently for {count} {count:plural:person,people}: {value}",
    ),
    "name_spellings.remedy": (
        "Разные написания посчитаны как один человек.",
        "Different spellings are counted as one person.",
    ),
    "unknown_managers": (
        "Нет в настройках менеджеров: {managers} ({value}); сделок у них: {count}",
        "Managers who are not in the config: {managers} ({value}); their deals: {count}",
    ),
    "unknown_managers.remedy": (
        "В итогах компании их сделки есть, в списках менеджеров их нет. Добавьте их в managers.",
        "Their deals are in the company's totals, but they are not listed. Add them to managers.",
    ),
    "unknown_stage": (
        "Этап «{value}» (воронка «{pipeline}») не описан в настройках: {count} "
        "{count:plural:сделка,сделки,сделок}",
        "Stage “{value}” (pipeline “{pipeline}”) is not in the config: {count} {count:plural:deal,deals}",
    ),
    "unknown_stage.remedy": (
        'Допишите это название в crm нужного этапа: crm: ["{value}"]',
        'Add this name to crm of the stage it belongs to: crm: ["{value}"]',
    ),
    "outcome_unknown": (
        "На этапе «{value}» (воронка «{pipeline}») закрытые сделки, и неизвестно, выиграны они или проиграны: {count}",
        "Closed deals in stage “{value}” (pipeline “{pipeline}”), and it is not known whether they are won or lost: {count}",
    ),
    "outcome_unknown.remedy": (
        'В доли они не входят. Опишите этап в настройках: {{key: ..., crm: ["{value}"], kind: won}} (или lost)',
        'They are left out of every rate. Describe the stage in the config: {{key: ..., crm: ["{value}"], kind: won}} (or lost)',
    ),
    "taken_as_won": (
        "Закрытые сделки на этапе «{value}» (воронка «{pipeline}») без причины отказа приняты за "
        "выигранные: {count} {count:plural:сделка,сделки,сделок}",
        "Closed deals in stage “{value}” (pipeline “{pipeline}”) without a loss reason are taken as "
        "won: {count} {count:plural:deal,deals}",
    ),
    "taken_as_won.remedy": (
        'Подтвердите или поправьте в настройках: {{key: ..., crm: ["{value}"], kind: won}}',
        'Confirm or correct it in the config: {{key: ..., crm: ["{value}"], kind: won}}',
    ),
    "taken_as_lost": (
        "Закрытые сделки на этапе «{value}» (воронка «{pipeline}»), где есть причины отказа, приняты "
        "за проигранные: {count} {count:plural:сделка,сделки,сделок}",
        "Closed deals in stage “{value}” (pipeline “{pipeline}”), which has loss reasons, are taken "
        "as lost: {count} {count:plural:deal,deals}",
    ),
    "taken_as_lost.remedy": (
        'Подтвердите или поправьте в настройках: {{key: ..., crm: ["{value}"], kind: lost}}',
        'Confirm or correct it in the config: {{key: ..., crm: ["{value}"], kind: lost}}',
    ),
    "lost_by_name": (
        "Закрытые сделки на этапе «{value}» (воронка «{pipeline}») приняты за проигранные по "
        "названию этапа: {count} {count:plural:сделка,сделки,сделок}",
        "Closed deals in stage “{value}” (pipeline “{pipeline}”) are taken as lost by the stage's "
        "name: {count} {count:plural:deal,deals}",
    ),
    "lost_by_name.remedy": (
        'Подтвердите или поправьте в настройках: {{key: ..., crm: ["{value}"], kind: lost}}',
        'Confirm or correct it in the config: {{key: ..., crm: ["{value}"], kind: lost}}',
    ),
    "no_stage": (
        "Без этапа: {count} {count:plural:сделка,сделки,сделок} (воронка «{pipeline}»)",
        "Without a stage: {count} {count:plural:deal,deals} (pipeline “{pipeline}”)",
    ),
    "no_stage.remedy": (
        "В показатели по этапам они не попадут. Проверьте строки файла.",
        "They are left out of figures by stage. Check the rows of the file.",
    ),
    "pipeline_unclear": (
        "Этап «{value}» есть в нескольких воронках, а воронка сделки не указана: {count} "
        "{count:plural:сделка,сделки,сделок}",
        "Several pipelines have the stage “{value}”, and the deal's pipeline is not given: {count} "
        "{count:plural:deal,deals}",
    ),
    "pipeline_unclear.remedy": (
        "В итогах компании они есть, в показателях воронок — нет. Выгрузите столбец «Воронка».",
        "They are in the company's totals, but in no pipeline's. Export the column “Pipeline”.",
    ),
    "calls_after_as_of": (
        "Звонки позже момента отчёта: {count}",
        "Calls after the moment of the report: {count}",
    ),
    "calls_after_as_of.remedy": ("Исключены из отчёта.", "Excluded from the report."),
    "stage_date_in_future": (
        "«{column}»: дата перехода на этап в будущем ({value}): {count} "
        "{count:plural:сделка,сделки,сделок}",
        "“{column}”: entered the stage in the future ({value}): {count} {count:plural:deal,deals}",
    ),
    "stage_date_in_future.remedy": (
        "Такой переход не считается. Исправьте дату в CRM.",
        "It is not counted. Correct the date in the CRM.",
    ),
    "after_as_of": (
        "Созданы позже момента отчёта: {count} {count:plural:сделка,сделки,сделок}",
        "Created after the moment of the report: {count} {count:plural:deal,deals}",
    ),
    "after_as_of.remedy": ("Исключены из отчёта.", "Excluded from the report."),
    "as_of_after_export": (
        "Момент --as-of {asked} позже выгрузки ({exported}): о днях после неё в файлах ничего нет",
        "--as-of {asked} is later than the export ({exported}): the files know nothing of later days",
    ),
    "as_of_after_export.remedy": (
        "Отчёт сделан на момент выгрузки. Сделайте свежую выгрузку.",
        "The report looks from the moment of the export. Make a fresh export.",
    ),
    "converted": (
        "{value} пересчитаны в {currency} по курсу {rate}: {count} {count:plural:сделка,сделки,сделок}",
        "{value} converted to {currency} at {rate}: {count} {count:plural:deal,deals}",
    ),
    "converted.remedy": (
        "Курс задан в report.rates.",
        "The rate is set in report.rates.",
    ),
    "rule_without_file": (
        "Правило inputs: files: match: «{value}» не подошло ни к одному файлу",
        "The rule inputs: files: match: “{value}” fits no file",
    ),
    "rule_without_file.remedy": (
        "Если такой файл должен быть, проверьте его имя и папку; звёздочка заменяет любые знаки.",
        "If there should be such a file, check its name and folder; an asterisk stands for any signs.",
    ),
    "no_owner_column": (
        "В выгрузке нет столбца с ответственным: показателей по менеджерам не будет",
        "The export has no column with the owner: there are no figures by manager",
    ),
    "no_owner_column.remedy": (
        "Выгрузите «все поля» или назовите столбец в inputs.columns (owner).",
        "Export “all fields” or name the column in inputs.columns (owner).",
    ),
    "no_amount_column": (
        "В выгрузке нет столбца с суммой: сумм и среднего чека не будет",
        "The export has no column with the amount: there are no sums and no average deal",
    ),
    "no_amount_column.remedy": (
        "Выгрузите «все поля» или назовите столбец в inputs.columns (amount).",
        "Export “all fields” or name the column in inputs.columns (amount).",
    ),
    "no_creation_column": (
        "В выгрузке нет столбца с датой создания: показателей по созданным сделкам не будет",
        "The export has no creation date: there are no figures of created deals",
    ),
    "no_creation_column.remedy": (
        "Выгрузите «все поля» или назовите столбец в inputs.columns (created_at).",
        "Export “all fields” or name the column in inputs.columns (created_at).",
    ),
    "no_owner": (
        "Без ответственного: {count} {count:plural:сделка,сделки,сделок}",
        "Without an owner: {count} {count:plural:deal,deals}",
    ),
    "no_owner.remedy": ("Назначьте ответственного в CRM.", "Assign an owner in the CRM."),
    "won_without_amount": (
        "Выиграны без суммы: {count} {count:plural:сделка,сделки,сделок}",
        "Won without an amount: {count} {count:plural:deal,deals}",
    ),
    "won_without_amount.remedy": (
        "В сумме продаж они дают 0, в средний чек не входят. Заполните сумму.",
        "They add 0 to the sales and are left out of the average deal. Fill in the amount.",
    ),
    "open_without_amount": (
        "Открыты без суммы: {count} {count:plural:сделка,сделки,сделок}",
        "Open without an amount: {count} {count:plural:deal,deals}",
    ),
    "open_without_amount.remedy": (
        "Из-за них сумма под угрозой занижена. Заполните сумму.",
        "They make the sum at stake too low. Fill in the amount.",
    ),
    "negative_amount": (
        "Отрицательная сумма: {count} {count:plural:сделка,сделки,сделок}, первая из них {value}",
        "Negative amount: {count} {count:plural:deal,deals}, the first {value}",
    ),
    "negative_amount.remedy": (
        "Проверьте товарные позиции сделки.",
        "Check the product rows of the deal.",
    ),
    "no_creation": (
        "Без даты создания: {count} {count:plural:сделка,сделки,сделок}",
        "Without a creation date: {count} {count:plural:deal,deals}",
    ),
    "no_creation.remedy": (
        "В показатели по дате создания они не попадут. При экспорте включите «все поля».",
        "They are left out of figures by creation date. Export with “all fields”.",
    ),
    "closed_without_date": (
        "Закрыты без даты закрытия: {count} {count:plural:сделка,сделки,сделок}",
        "Closed without a close date: {count} {count:plural:deal,deals}",
    ),
    "closed_without_date.remedy": (
        "В показатели периода они не попадут. При экспорте включите «все поля».",
        "They are left out of the figures of a period. Export with “all fields”.",
    ),
    "created_in_future": (
        "Дата создания в будущем ({value}): {count} {count:plural:сделка,сделки,сделок}",
        "Created in the future ({value}): {count} {count:plural:deal,deals}",
    ),
    "created_in_future.remedy": (
        "Проверьте часовой пояс и что стоит первым: день или месяц.",
        "Check the time zone and which comes first: day or month.",
    ),
    "closed_in_future": (
        "Дата закрытия в будущем ({value}): {count} {count:plural:сделка,сделки,сделок}",
        "Closed in the future ({value}): {count} {count:plural:deal,deals}",
    ),
    "closed_in_future.remedy": (
        "На момент отчёта такая сделка считается открытой. Исправьте дату в CRM.",
        "As of the report such a deal counts as open. Correct the date in the CRM.",
    ),
    "closed_before_created": (
        "Закрыты раньше, чем созданы: {count} {count:plural:сделка,сделки,сделок}",
        "Closed before they were created: {count} {count:plural:deal,deals}",
    ),
    "closed_before_created.remedy": (
        "В срок сделки они не входят. Исправьте даты в CRM.",
        "They are left out of the time to close. Correct the dates in the CRM.",
    ),
}
