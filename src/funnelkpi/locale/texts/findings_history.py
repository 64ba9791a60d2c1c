"""Findings about the history of deals: what events and kept exports do not tell, or tell twice."""

TEXTS = {
    "unknown_deals": (
        "Изменения {deals} {deals:plural:сделки,сделок,сделок}, {deals:plural:которой,которых,которых} нет в выгрузке сделок ({value}): строк — {count}, не учтены",
        "Changes of {deals} {deals:plural:deal that is,deals that are} not in the deals export ({value}): {count} {count:plural:row,rows} left out",
    ),
    "unknown_deals.remedy": (
        "Сделки удалены из CRM либо выгрузка сделок сделана с фильтром: выгрузите все сделки за тот же срок",
        "The deals were deleted from the CRM, or the deals export was filtered: export all deals of the same time",
    ),
    "after_as_of": (
        "Изменения позже момента отчёта: строк — {count}, для отчёта их ещё не было",
        "Changes after the moment of the report: {count} {count:plural:row,rows}, not happened yet",
    ),
    "after_as_of.remedy": (
        "Так и должно быть, если вы смотрите на прошлое через --as-of",
        "As it should be when you look at the past with --as-of",
    ),
    "unknown_stages": (
        "Этапы, которых нет ни в одной воронке: {value} — {count} {count:plural:переход,перехода,переходов}; время на прежнем этапе посчитано, сам этап — нет",
        "Stages that no pipeline has: {value} — {count} {count:plural:move,moves}; the time in the stage before is counted, the stage itself is not",
    ),
    "unknown_stages.remedy": (
        "Если этап переименован, добавьте старое имя в stages: crm: [...] этого этапа; удалённый этап можно оставить как есть",
        "If a stage was renamed, add its old name to crm: [...] of that stage; a deleted stage may stay as it is",
    ),
    "before_creation": (
        "Изменения раньше создания сделки: строк — {count}, учтены по их времени",
        "Changes before the creation of the deal: {count} {count:plural:row,rows}, counted at their own time",
    ),
    "before_creation.remedy": (
        "Так бывает после переноса сделок из другой системы; проверьте даты создания",
        "This happens when deals were moved from another system; check the creation dates",
    ),
    "gaps": (
        "В истории есть разрывы: у {count} {count:plural:сделки,сделок,сделок} переход начинается не с того этапа, где сделку видели последней",
        "The history has gaps: {count} {count:plural:deal moves,deals move} on from another stage than last seen in",
    ),
    "gaps.remedy": (
        "Выгрузите события целиком, без фильтра по автору и типу; промежуток посчитан как интервал",
        "Export all events, without a filter by author or type; the gap is counted as an interval",
    ),
    "stage_differs": (
        "История и выгрузка расходятся: у {count} {count:plural:сделки,сделок,сделок} ({value}) последний переход ведёт не на тот этап, где сделка стоит; верим выгрузке",
        "History and export differ: the last move of {count} {count:plural:deal,deals} ({value}) does not lead to the present stage; the export is believed",
    ),
    "stage_differs.remedy": (
        "Выгрузите события и сделки в один день и без фильтров",
        "Export events and deals on the same day and without filters",
    ),
    "ends_early": (
        "История кончается {until}: более поздние переходы известны только по выгрузке сделок",
        "The history ends {until}: later moves are known from the deals export only",
    ),
    "ends_early.remedy": (
        "Выгрузите события заново вместе со сделками",
        "Export the events again together with the deals",
    ),
    "deals_without_history": (
        "Воронка «{pipeline}»: {count} {count:plural:закрытая сделка,закрытые сделки,закрытых сделок} ({value}) — {share} — без единого перехода в истории",
        "Pipeline “{pipeline}”: {count} closed {count:plural:deal,deals} ({value}) — {share} — without a single move in the history",
    ),
    "deals_without_history.remedy": (
        "История выгружена не вся (фильтр, другой срок); если таких больше 5 %, этапы этой воронки по ней не считаются",
        "Only a part of the history was exported (a filter, another time span); above 5 % the stages of this pipeline are not counted by it",
    ),
    "dates_differ": (
        "Даты этапов в полях сделки и история расходятся больше чем на день: {count} (сделки {value}); верим истории",
        "Stage dates in the deal's fields and the history differ by more than a day: {count} (deals {value}); the history is believed",
    ),
    "dates_differ.remedy": (
        "Проверьте, кто и когда заполняет эти поля; с историей они не нужны",
        "Check who fills these fields and when; with a history they are not needed",
    ),
}
