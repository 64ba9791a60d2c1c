"""What the adapters noticed in the data: values, repeats, older exports."""

_NOTHING = ("Делать ничего не нужно.", "Nothing needs to be done.")

TEXTS: dict[str, tuple[str, str]] = {
    "row_without_id": (
        "{count} {count:plural:строка,строки,строк} без ID сделки "
        "{count:plural:не учтена,не учтены,не учтено}",
        "{count} {count:plural:row,rows} without a deal ID {count:plural:was,were} left out",
    ),
    "row_without_id.remedy": (
        "Чаще всего строка сдвинулась при правке в Excel. Возьмите выгрузку прямо из CRM.",
        "Usually a row was shifted while editing in Excel. Use the export straight from the CRM.",
    ),
    "totals_row": (
        "{count} {count:plural:строка,строки,строк} итогов внизу таблицы "
        "{count:plural:не учтена,не учтены,не учтено}",
        "{count} {count:plural:row,rows} of totals at the end {count:plural:was,were} left out",
    ),
    "totals_row.remedy": _NOTHING,
    "repeated_rows": (
        "{count} {count:plural:повтор,повтора,повторов} тех же сделок (ID {value}): "
        "посчитаны один раз",
        "{count} {count:plural:repeat,repeats} of the same deals (ID {value}): counted once",
    ),
    "repeated_rows.remedy": _NOTHING,
    "repeated_ids_differ": (
        "Один ID в нескольких разных строках ({value}): оставлена последняя по дате изменения, "
        "{count} {count:plural:строка влита,строки влиты,строк влито} в неё",
        "One ID in several different rows ({value}): the last edited row is kept, "
        "{count} {count:plural:row is,rows are} merged into it",
    ),
    "repeated_ids_differ.remedy": (
        "Возможно, в файле склеены две выгрузки: положите их в папку по отдельности.",
        "Two exports may have been pasted into one file: put them in the folder separately.",
    ),
    "later_export": (
        "Выгрузка сделана позже той, по которой считается {as_of} ({state}): {count} "
        "{count:plural:строка не учтена,строки не учтены,строк не учтено}",
        "The export is later than the one that shows {as_of} ({state}): {count} "
        "{count:plural:row,rows} left out",
    ),
    "later_export.remedy": (
        "Делать ничего не нужно: более поздние выгрузки не меняют отчёт за прошлое.",
        "Nothing needs to be done: later exports do not change a report of the past.",
    ),
    "product_rows": (
        "Выгрузка с товарными позициями: {deals} {deals:plural:сделка,сделки,сделок}, сумма сделки "
        "сложена из её строк ({count} {count:plural:строка влита,строки влиты,строк влито})",
        "An export with product rows: {deals} {deals:plural:deal,deals}; the amount of a deal is "
        "the sum of its rows ({count} {count:plural:row is,rows are} merged)",
    ),
    "product_rows.remedy": _NOTHING,
    "bad_date": (
        "«{column}»: «{value}» не похоже на дату; таких ячеек {count}, они считаются пустыми",
        "“{column}”: “{value}” is not a date; {count} such {count:plural:cell was,cells were} read as empty",
    ),
    "bad_date.remedy": (
        "Поправьте ячейки или выгрузите файл из CRM заново. Если месяц стоит перед днём, укажите "
        "date_order: mdy в правиле inputs: files:.",
        "Correct the cells or export the file again. If the month stands before the day, set "
        "date_order: mdy in a rule of inputs: files:.",
    ),
    "date_order_assumed": (
        "По датам вида 03/04 ({column}) не понять, где день, а где месяц; прочитаны как день/месяц",
        "Dates like 03/04 ({column}) do not show which is the day and which the month; read as day/month",
    ),
    "date_order_assumed.remedy": (
        "Если первым стоит месяц, добавьте правило inputs: files: "
        "с match: {pattern} и date_order: mdy.",
        "If the month comes first, add a rule to inputs: files: with match: {pattern} and "
        "date_order: mdy.",
    ),
    "time_shifted": (
        "Время в файле указано в поясе UTC{offset}; переведено в {zone}",
        "The times in the file are UTC{offset}; they were converted to {zone}",
    ),
    "time_shifted.remedy": (
        "Если отчёт нужен по времени файла, укажите его пояс в time_zone.",
        "For a report in the file's own time, set that zone as time_zone.",
    ),
    "bad_amount": (
        "«{column}»: «{value}» не похоже на сумму; таких ячеек {count}, они считаются пустыми",
        "“{column}”: “{value}” is not an amount; {count} such {count:plural:cell was,cells were} read as empty",
    ),
    "bad_amount.remedy": (
        "Поправьте суммы в CRM и выгрузите файл заново.",
        "Correct the amounts in the CRM and export the file again.",
    ),
    "ids_without_names": (
        "«{column}»: вместо имён — номера ({value}), и списка имён к ним нет; строк {count}",
        "“{column}”: numbers instead of names ({value}), and no list of names for them; "
        "{count} {count:plural:row,rows}",
    ),
    "ids_without_names.remedy": (
        "Положите рядом с выгрузкой списки из API: пользователи (user.get или /users), воронки и этапы "
        "(crm.category.list, crm.status.list или /leads/pipelines).",
        "Put the lists from the API beside the export: users (user.get or /users), pipelines and stages "
        "(crm.category.list, crm.status.list or /leads/pipelines).",
    ),
    "caption_not_found": (
        "Столбца «{column}» нет ни в одном файле сделок; самый похожий: «{like}»",
        "No deals file has a column “{column}”; the most similar one: “{like}”",
    ),
    "caption_not_found.remedy": (
        "Поправьте название в файле настроек или добавьте столбец в выгрузку.",
        "Correct the caption in the config or add the column to the export.",
    ),
    "older_export": (
        "Более старая выгрузка, чем {newest}: {merged} {merged:plural:сделка,сделки,сделок} есть в "
        "новой, {absent} в новой уже нет, {kept} в неё не входят и учтены",
        "An older export than {newest}: {merged} {merged:plural:deal,deals} are in the newer one, "
        "{absent} no longer are, {kept} lie outside it and are counted",
    ),
    "older_export.remedy": (
        "Старые выгрузки не мешают: в отчёт идёт самая новая.",
        "Older exports do no harm: the report is made from the newest.",
    ),
    "absent_from_newest": (
        "Нет в свежей выгрузке: {count}",
        "Absent from the newest export: {count}",
    ),
    "calls_repeated": (
        "{count} {count:plural:звонок,звонка,звонков} уже есть в более новом файле: "
        "посчитаны один раз",
        "{count} {count:plural:call is,calls are} in a newer file too: counted once",
    ),
    "calls_repeated.remedy": _NOTHING,
    "billing_rows": (
        "{count} {count:plural:строка,строки,строк} «Биллинг» — не звонки, не учтены",
        "{count} billing {count:plural:row is not a call and was,rows are not calls and were} left out",
    ),
    "billing_rows.remedy": _NOTHING,
    "call_without_time": (
        "{count} {count:plural:звонок,звонка,звонков} без даты вызова "
        "{count:plural:не учтён,не учтены,не учтено}",
        "{count} {count:plural:call,calls} without a date {count:plural:was,were} left out",
    ),
    "call_without_time.remedy": (
        "Выгрузите детализацию звонков заново.",
        "Export the call details again.",
    ),
    "bad_duration": (
        "«{column}»: «{value}» не похоже на длительность; таких ячеек {count}, "
        "разговор считается 0 с",
        "“{column}”: “{value}” is not a duration; {count} such {count:plural:cell was,cells were} read as 0 s",
    ),
    "bad_duration.remedy": (
        "Длительность пишут так: «4 мин, 53 сек», 4:53 или число секунд; длиннее суток звонков не "
        "бывает.",
        "A duration looks like “4 min, 53 s”, 4:53 or a number of seconds; no call is longer than a "
        "day.",
    ),
    "unknown_outcome": (
        "«{column}»: неизвестный статус звонка «{value}» (строк {count}), разговором не считается",
        "“{column}”: unknown call status “{value}” ({count} {count:plural:row,rows}), "
        "not counted as a conversation",
    ),
    "unknown_outcome.remedy": (
        "Разговором считается «Успешный звонок». Проверьте язык портала при выгрузке.",
        "A conversation is a call marked successful. Check the language the portal exports in.",
    ),
    "unknown_events": (
        "«{column}»: неизвестные события {value} (строк {count}) в историю сделок не вошли",
        "“{column}”: unknown events {value} ({count} {count:plural:row,rows}) are no part of the "
        "deals' history",
    ),
    "unknown_events.remedy": (
        "Нужны события «Изменение этапа продажи», «Новая сделка», «Ответственный изменен». Если "
        "событие называется иначе, переименуйте его в таблице.",
        "Needed are the events «Изменение этапа продажи» (lead_status_changed), «Новая сделка» "
        "(lead_added), «Ответственный изменен» (entity_responsible_changed): rename them in the "
        "table.",
    ),
    "events_not_of_deals": (
        "{count} {count:plural:событие,события,событий} контактов, компаний и задач к сделкам не "
        "{count:plural:относится,относятся,относятся}",
        "{count} {count:plural:event,events} of contacts, companies and tasks "
        "{count:plural:is,are} not of deals",
    ),
    "events_not_of_deals.remedy": _NOTHING,
    "other_events": (
        "{count} {count:plural:событие,события,событий} других видов (звонки, задачи, поля) "
        "{count:plural:не нужно,не нужны,не нужны} для истории сделок",
        "{count} {count:plural:event,events} of other kinds (calls, tasks, fields) "
        "{count:plural:is,are} not needed for the deals' history",
    ),
    "other_events.remedy": _NOTHING,
    "unfinished_events": (
        "{count} {count:plural:событие,события,событий} журнала без отметки complete "
        "{count:plural:не учтено,не учтены,не учтено}",
        "{count} {count:plural:event,events} of the log not marked complete "
        "{count:plural:was,were} left out",
    ),
    "unfinished_events.remedy": _NOTHING,
    "event_without_time": (
        "{count} {count:plural:событие,события,событий} без даты («{column}») "
        "{count:plural:не учтено,не учтены,не учтено}",
        "{count} {count:plural:event,events} without a date (“{column}”) {count:plural:was,were} "
        "left out",
    ),
    "event_without_time.remedy": (
        "Поправьте даты в этих строках или получите события заново.",
        "Correct the dates in these rows or get the events again.",
    ),
    "event_without_deal": (
        "{count} {count:plural:событие,события,событий} без ID и названия сделки («{column}») "
        "{count:plural:не учтено,не учтены,не учтено}",
        "{count} {count:plural:event,events} without the deal's ID and name (“{column}”) "
        "{count:plural:was,were} left out",
    ),
    "event_without_deal.remedy": (
        "Добавьте в таблицу столбец «ID объекта» или ссылку на сделку.",
        "Add a column with the deal's ID or its link to the table.",
    ),
    "event_without_stage": (
        "{count} {count:plural:смена этапа,смены этапа,смен этапа} без нового этапа («{column}») "
        "{count:plural:не учтена,не учтены,не учтено}",
        "{count} stage {count:plural:change,changes} without the new stage (“{column}”) "
        "{count:plural:was,were} left out",
    ),
    "event_without_stage.remedy": (
        "Заполните новый этап в этих строках или получите события заново.",
        "Fill in the new stage in these rows or get the events again.",
    ),
    "event_deal_not_found": (
        "{count} {count:plural:событие,события,событий} без ID: сделок с названием {value} нет в "
        "выгрузке сделок",
        "{count} {count:plural:event,events} without an ID: the deals' export has no deal named {value}",
    ),
    "event_deal_not_found.remedy": (
        "Добавьте в таблицу столбец «ID объекта» или ссылку на сделку: название сделки могли "
        "изменить.",
        "Add a column with the deal's ID or its link to the table: the deal may have been renamed.",
    ),
    "event_deal_unclear": (
        "{count} {count:plural:событие,события,событий} без ID: сделок с названием {value} "
        "несколько, непонятно, о какой речь",
        "{count} {count:plural:event,events} without an ID: several deals are named {value}, "
        "which one cannot be told",
    ),
    "event_deal_unclear.remedy": (
        "Добавьте в таблицу столбец «ID объекта» или ссылку на сделку.",
        "Add a column with the deal's ID or its link to the table.",
    ),
    "events_repeated": (
        "{count} {count:plural:повтор,повтора,повторов} тех же событий "
        "{count:plural:посчитан,посчитаны,посчитано} один раз; событий осталось {kept}",
        "{count} {count:plural:repeat,repeats} of the same events {count:plural:was,were} counted "
        "once; {kept} events are left",
    ),
    "events_repeated.remedy": _NOTHING,
    "no_rows": (
        "В файле одни заголовки столбцов, ни одной записи",
        "The file has column captions only, no records",
    ),
    "no_rows.remedy": (
        "Снимите фильтр в списке CRM, проверьте выбранный срок и выгрузите ещё раз.",
        "Clear the filter of the list in the CRM, check the dates asked for and export again.",
    ),
    "empty_unknown": (
        "В файле нет ни одной записи («{value}»), и по нему не узнать, чьих: сделок, звонков или задач",
        "The file holds no records (“{value}”) and does not say of what: deals, calls or tasks",
    ),
    "empty_unknown.remedy": (
        "Получите ответ ещё раз. Назовите файл по методу (voximplant.statistic.get.json), и будет видно, "
        "чего в нём нет.",
        "Get the answer again. Call the file after the method (voximplant.statistic.get.json) to show what "
        "it lacks.",
    ),
    "empty_export": (
        "В файле нет ни одной записи: «{value}»",
        "The file holds no records: “{value}”",
    ),
    "empty_export.remedy": (
        "Снимите фильтр в списке CRM и выгрузите ещё раз.",
        "Clear the filter of the list in the CRM and export again.",
    ),
}
