"""What was noticed in tables of calls."""

_NOTHING = ("Делать ничего не нужно.", "Nothing needs to be done.")

_OUTCOME_WORDS = (
    "Понятны слова: отвечен, успешный, соединён, переведён, завершён, разговор состоялся; пропущен, "
    "не отвечен, нет ответа; занято, отклонён, сброшен, отменён, неуспешный, ошибка; да и нет. "
    "Переименуйте итоги в файле. Если итога в столбце нет, уберите строку outcome: ответом будет "
    "звонок с разговором.",
    "Understood are: answered, success, connected, completed, talk; missed, no answer; busy, "
    "declined, cancelled, failed, error; yes and no. Rename the outcomes in the file. If the column "
    "holds no outcome, drop the line outcome: then a call with talk was answered.",
)

TEXTS: dict[str, tuple[str, str]] = {
    "bad_phone": (
        "«{column}»: «{value}» не похоже на номер телефона; таких звонков: {count}, "
        "их не с чем сопоставить",
        "“{column}”: “{value}” is not a phone number; {count} such {count:plural:call,calls} "
        "cannot be matched with anything",
    ),
    "bad_phone.remedy": (
        "Номер — это +7 и десять цифр или номер с кодом страны. Если файл открывали в Excel, "
        "возьмите исходный. Добавочные и свои номера назовите в managers: extensions и "
        "telephony: lines.",
        "A number is +7 and ten digits, or one with its country code. If the file went through "
        "Excel, take the original. Name extensions and own numbers in managers: extensions and "
        "telephony: lines.",
    ),
    "negative_duration": (
        "«{column}»: отрицательная длительность «{value}»; таких звонков: {count}, "
        "длительность считается 0",
        "“{column}”: a negative duration “{value}”; {count} such {count:plural:call,calls}, "
        "the duration counts as 0",
    ),
    "negative_duration.remedy": (
        "Проверьте, тот ли столбец назван: talk_seconds — разговор, total_seconds — весь звонок, "
        "wait_seconds — ожидание.",
        "Check the columns you named: talk_seconds is the talk, total_seconds the whole call, "
        "wait_seconds the waiting.",
    ),
    "unknown_direction": (
        "«{column}»: непонятное направление «{value}» ({count} "
        "{count:plural:звонок,звонка,звонков}): не видно, входящий это или исходящий",
        "“{column}”: unknown direction “{value}” ({count} {count:plural:call,calls}): neither "
        "incoming nor outgoing",
    ),
    "unknown_direction.remedy": (
        "Направление пишется словом: входящий, исходящий, внутренний, пропущенный. Если его в файле нет, "
        "укажите from_number и to_number.",
        "A direction is a word: incoming, outgoing, internal, missed. If the file has none, name "
        "from_number and to_number.",
    ),
    "own_lines_unknown": (
        "{column}: из {count} {count:plural:звонка,звонков,звонков} не видно, чей номер ваш, "
        "а чей клиента; чаще всего встречаются {value}",
        "{column}: {count} {count:plural:call does,calls do} not show which number is yours and "
        "which the client's; the commonest are {value}",
    ),
    "own_lines_unknown.remedy": (
        "Назовите номера компании в telephony: lines, добавочные — в managers: extensions. "
        "Или укажите столбец направления: direction.",
        "Name the company's numbers in telephony: lines and extensions in managers: extensions. "
        "Or name the column of the direction.",
    ),
    "local_phone": (
        "«{column}»: номера без кода города («{value}»), звонков: {count}; они сопоставляются с "
        "клиентами так, как написаны",
        "“{column}”: numbers without an area code (“{value}”), {count} {count:plural:call,calls}; "
        "they are matched with clients as they are written",
    ),
    "local_phone.remedy": (
        "Если у клиента номер записан с кодом города, такой звонок его не найдёт. Попросите АТС "
        "писать номера полностью.",
        "If the client's card has the area code, such a call will not find it. Have the telephony "
        "write whole numbers.",
    ),
    "days_only": (
        "«{column}»: у всех звонков ({count}) есть день и нет времени. Не видно, кто позвонил "
        "первым, через сколько перезвонили и в какие часы звонят",
        "“{column}”: all calls ({count}) have a day and no time. Who called first, how soon a call "
        "was returned and the hours of calls cannot be told",
    ),
    "days_only.remedy": (
        "Если время стоит в другом столбце, назовите его: called_time. Если его нет, выгрузите "
        "звонки со временем; до этого не смотрите на перезвоны, первый ответ и часы.",
        "If the time stands in another column, name it: called_time. If there is none, export the "
        "calls with their time; until then disregard callbacks, the first response and hours.",
    ),
    "unknown_outcome": (
        "«{column}»: непонятный итог звонка: {value} (строк {count}), разговором не считается",
        "“{column}”: unknown outcome of a call: {value} ({count} {count:plural:row,rows}), not "
        "counted as a conversation",
    ),
    "unknown_outcome.remedy": _OUTCOME_WORDS,
    "unknown_outcomes": (
        "«{column}»: непонятный итог звонка: {value} и ещё {more} (строк {count}), разговором не "
        "считается",
        "“{column}”: unknown outcome of a call: {value} and {more} more ({count} "
        "{count:plural:row,rows}), not counted as a conversation",
    ),
    "unknown_outcomes.remedy": _OUTCOME_WORDS,
    "row_copied": (
        "{count} {count:plural:строка повторяет,строки повторяют,строк повторяют} звонок того же "
        "файла с тем же ID слово в слово: посчитан один раз",
        "{count} {count:plural:row repeats,rows repeat} a call of the same file with the same ID "
        "word for word: counted once",
    ),
    "row_copied.remedy": _NOTHING,
    "unknown_employees": (
        "Звонки сотрудников, которых нет ни среди ответственных, ни в настройках: {managers} "
        "({value}); звонков: {count}",
        "Calls of employees who own no deals and are not in the config: {managers} ({value}); "
        "calls: {count}",
    ),
    "unknown_employees.remedy": (
        "В итогах компании эти звонки есть, в списках менеджеров их нет. Добавьте людей в managers "
        "или допишите менеджеру aliases (другое имя), extensions (добавочный), logins (логин).",
        "These calls count in the company's totals, but not for any listed manager. Add the people "
        "to managers, or give a manager aliases (another name), extensions or logins.",
    ),
    "other_notes": (
        "{count} {count:plural:примечание не звонок и не учтено,"
        "примечания не звонки и не учтены,примечаний не звонки и не учтены}",
        "{count} {count:plural:note is not a call and was,notes are not calls and were} left out",
    ),
    "other_notes.remedy": _NOTHING,
    "notes_repeated": (
        "{count} {count:plural:примечание,примечания,примечаний} о тех же звонках (на сделке и на "
        "контакте, в двух файлах): каждый звонок посчитан один раз",
        "{count} {count:plural:note,notes} of the same calls (on the deal and on the contact, in "
        "two files): each call counts once",
    ),
    "notes_repeated.remedy": _NOTHING,
}
