"""Texts of the config's errors: why, and (``.remedy``) what to do. Two entries a problem."""

from __future__ import annotations

TEXTS: dict[str, tuple[str, str]] = {
    # The file
    "no_file": ("Файла настроек {name} нет.", "There is no config file {name}."),
    "no_file.remedy": (
        "Проверьте путь или создайте файл: funnelkpi init.",
        "Check the path or create the file: funnelkpi init.",
    ),
    "is_folder": (
        "{name} — это папка, а нужен файл настроек.",
        "{name} is a folder; a config file is needed.",
    ),
    "is_folder.remedy": (
        "Укажите файл, например {name}/funnelkpi.yaml.",
        "Name the file, e.g. {name}/funnelkpi.yaml.",
    ),
    "unreadable": (
        "Файл настроек {name} не открывается.",
        "The config file {name} cannot be opened.",
    ),
    "unreadable.remedy": ("Проверьте права на чтение файла.", "Check that you may read the file."),
    "empty_file": ("Файл настроек {name} пуст.", "The config file {name} is empty."),
    "empty_file.remedy": (
        "Создайте его из своих выгрузок: funnelkpi init exports/ --force.",
        "Create it from your own exports: funnelkpi init exports/ --force.",
    ),
    "utf16": (
        "Файл настроек {name} сохранён в UTF-16.",
        "The config file {name} is saved as UTF-16.",
    ),
    "utf16.remedy": ("Сохраните его в кодировке UTF-8.", "Save it as UTF-8."),
    "not_utf8": (
        "Здесь не UTF-8: байт {byte}. Похоже, файл сохранён в другой кодировке.",
        "This is not UTF-8: byte {byte}. The file seems to be saved in another encoding.",
    ),
    "not_utf8.remedy": ("Сохраните файл в кодировке UTF-8.", "Save the file as UTF-8."),
    "not_a_mapping": (
        "Файл настроек должен состоять из строк «ключ: значение».",
        "The config file must consist of lines “key: value”.",
    ),
    "not_a_mapping.remedy": (
        "Посмотрите готовый пример: funnelkpi init --preset b2b-standard.",
        "See a ready example: funnelkpi init --preset b2b-standard.",
    ),
    # YAML that cannot be parsed
    "yaml_tab": (
        "Здесь символ табуляции, а отступы в YAML делают пробелами.",
        "There is a tab here; YAML is indented with spaces.",
    ),
    "yaml_tab.remedy": (
        "Замените табуляцию пробелами: два на каждый уровень.",
        "Replace the tab by spaces: two for each level.",
    ),
    "yaml_colon": (
        "Лишнее двоеточие: в одной строке два «ключ: значение», или сбился отступ.",
        "Unexpected colon: two “key: value” in one line, or the indentation is off.",
    ),
    "yaml_colon.remedy": (
        (
            "Если двоеточие — часть текста, возьмите весь текст в кавычки; иначе выровняйте "
            "строку по соседним."
        ),
        (
            "If the colon is part of a text, put the whole text in quotes; otherwise align "
            "the line with its neighbours."
        ),
    ),
    "yaml_no_colon": (
        "В этой строке нет двоеточия после ключа.",
        "There is no colon after the key in this line.",
    ),
    "yaml_no_colon.remedy": (
        "Напишите «ключ: значение», с пробелом после двоеточия.",
        "Write “key: value”, with a space after the colon.",
    ),
    "yaml_indent": (
        "Сбился отступ: строка не встаёт в ряд с соседними.",
        "The indentation is off: this line does not line up with its neighbours.",
    ),
    "yaml_indent.remedy": (
        "Выровняйте её по строкам того же списка или раздела.",
        "Align it with the lines of the same list or section.",
    ),
    "yaml_dash": (
        "Список не может начинаться в одной строке с ключом.",
        "A list cannot begin in the line of its key.",
    ),
    "yaml_dash.remedy": (
        "Начните его с новой строки с отступом, или напишите в скобках: [а, б].",
        "Begin it in a new, indented line, or write it in brackets: [a, b].",
    ),
    "yaml_open_quote": (
        "Кавычка {sign} открыта и не закрыта.",
        "The quote {sign} is opened and never closed.",
    ),
    "yaml_open_quote.remedy": (
        "Поставьте такую же кавычку в конце текста.",
        "Put the same quote at the end of the text.",
    ),
    "yaml_after_quote": (
        "После закрывающей кавычки стоит ещё текст.",
        "There is more text after the closing quote.",
    ),
    "yaml_after_quote.remedy": (
        "Возьмите в кавычки весь текст; одинарную кавычку внутри одинарных удвойте.",
        "Put the whole text in quotes; double a single quote inside single quotes.",
    ),
    "yaml_bad_escape": (
        "В двойных кавычках обратная косая черта начинает особый знак, и такого знака нет.",
        ("In double quotes a backslash begins a special character, and this one does not exist."),
    ),
    "yaml_bad_escape.remedy": (
        "Возьмите текст в одинарные кавычки или удвойте черту: \\\\.",
        "Use single quotes or double the backslash: \\\\.",
    ),
    "yaml_open_bracket": (
        ("Скобка {sign} открыта, но до её закрытия что-то не так: нет запятой или второй скобки."),
        (
            "The bracket {sign} is opened, but something is wrong before it closes: a comma "
            "or the closing bracket is missing."
        ),
    ),
    "yaml_open_bracket.remedy": (
        "Разделите элементы запятыми и закройте скобку.",
        "Separate the items by commas and close the bracket.",
    ),
    "yaml_block_sign": (
        "Значение начинается со знака {sign}: для YAML это начало многострочного текста.",
        "The value begins with {sign}: to YAML that starts a text of several lines.",
    ),
    "yaml_block_sign.remedy": (
        'Возьмите значение в кавычки, например "> 5".',
        'Put the value in quotes, e.g. "> 5".',
    ),
    "yaml_star": (
        (
            "Значение начинается со знака {sign}: для YAML это ссылка на другое место файла, "
            "и такого места нет."
        ),
        (
            "The value begins with {sign}: to YAML that refers to another place in the file, "
            "and there is none."
        ),
    ),
    "yaml_star.remedy": (
        'Возьмите значение в кавычки, например "*.csv".',
        'Put the value in quotes, e.g. "*.csv".',
    ),
    "yaml_reserved_char": (
        "Значение не может начинаться со знака {sign}.",
        "A value cannot begin with {sign}.",
    ),
    "yaml_reserved_char.remedy": ("Возьмите значение в кавычки.", "Put the value in quotes."),
    "yaml_documents": (
        "Строка --- начинает второй документ, а в файле настроек он один.",
        "The line --- begins a second document; a config file has one.",
    ),
    "yaml_documents.remedy": (
        "Уберите эту строку или разделите файл на два.",
        "Remove this line or split the file in two.",
    ),
    "yaml_control_char": (
        "Здесь невидимый управляющий символ.",
        "There is an invisible control character here.",
    ),
    "yaml_control_char.remedy": (
        "Удалите его: сотрите и наберите это место заново.",
        "Delete it: clear this place and type it again.",
    ),
    "yaml_broken": ("Это место не читается как YAML.", "This place cannot be read as YAML."),
    "yaml_broken.remedy": (
        "Проверьте отступы, двоеточия и кавычки здесь и строкой выше.",
        "Check indentation, colons and quotes here and in the line above.",
    ),
    # YAML that reads otherwise than it looks
    "duplicate_key": (
        "Ключ «{key}» уже стоит в строке {first_line}.",
        "The key “{key}” already stands in line {first_line}.",
    ),
    "duplicate_key.remedy": (
        "Оставьте один из двух, иначе YAML молча возьмёт последний.",
        "Keep one of the two; YAML would silently take the last.",
    ),
    "key_not_text": ("Ключом может быть только слово.", "A key can only be a word."),
    "key_not_text.remedy": ("Напишите «ключ: значение».", "Write “key: value”."),
    "merge_key": (
        "Слияние «<<» здесь не поддерживается.",
        "The merge key “<<” is not supported here.",
    ),
    "merge_key.remedy": (
        "Повторите нужные ключи явно; ссылки &имя и *имя на целое значение работают.",
        "Repeat the keys you need; anchors &name and *name for a whole value do work.",
    ),
    "own_alias": ("Ссылка указывает на саму себя.", "The alias refers to itself."),
    "own_alias.remedy": ("Напишите здесь само значение.", "Write the value itself here."),
    "yaml_tag": (
        "Пометка типа {tag} здесь не поддерживается.",
        "The type tag {tag} is not supported here.",
    ),
    "yaml_tag.remedy": (
        "Если это текст, возьмите его в кавычки; иначе уберите пометку.",
        "If it is a text, put it in quotes; otherwise remove the tag.",
    ),
    "sexagesimal": (
        (
            "{value} без кавычек YAML читает как число {read}: часы и минуты он переводит по "
            "основанию 60."
        ),
        (
            "Without quotes YAML reads {value} as the number {read}: it takes it for a "
            "figure of base 60."
        ),
    ),
    "sexagesimal.remedy": ('Возьмите в кавычки: "{value}".', 'Put it in quotes: "{value}".'),
    "underscore_number": (
        "{value} с подчёркиванием YAML 1.1 читает как {read}, а другие программы — как текст.",
        "YAML 1.1 reads {value} with an underscore as {read}, other programs read it as text.",
    ),
    "underscore_number.remedy": (
        'Напишите {plain}; если это текст, возьмите его в кавычки: "{value}".',
        'Write {plain}; if it is a text, put it in quotes: "{value}".',
    ),
    "octal_number": (
        "{value} с нулём впереди YAML читает как восьмеричное число, то есть {read}.",
        "With a leading zero YAML reads {value} as an octal number, which is {read}.",
    ),
    "octal_number.remedy": (
        'Напишите {plain}; если это текст, возьмите его в кавычки: "{value}".',
        'Write {plain}; if it is a text, put it in quotes: "{value}".',
    ),
    "odd_number": (
        "{value} YAML читает как число {read}; здесь нужна обычная запись.",
        "YAML reads {value} as the number {read}; an ordinary spelling is needed here.",
    ),
    "odd_number.remedy": (
        (
            "Напишите число цифрами, например 0.25; если это текст, возьмите его в кавычки: "
            '"{value}".'
        ),
        'Write the number in digits, e.g. 0.25; if it is a text, put it in quotes: "{value}".',
    ),
    "no_such_date": ("Даты {value} не бывает.", "There is no date {value}."),
    "no_such_date.remedy": (
        "Напишите год-месяц-день: 2026-05-01; если это текст, возьмите его в кавычки.",
        "Write year-month-day: 2026-05-01; if it is a text, put it in quotes.",
    ),
    "text_is_bool": (
        "Здесь нужен текст, а {value} без кавычек YAML читает как «да» или «нет».",
        "A text is needed here, and without quotes YAML reads {value} as yes or no.",
    ),
    "text_is_bool.remedy": ('Возьмите в кавычки: "{value}".', 'Put it in quotes: "{value}".'),
    "text_is_number": (
        "Здесь нужен текст, а {value} без кавычек YAML читает как число.",
        "A text is needed here, and without quotes YAML reads {value} as a number.",
    ),
    "text_is_number.remedy": ('Возьмите в кавычки: "{value}".', 'Put it in quotes: "{value}".'),
    "text_is_date": (
        "Здесь нужен текст, а {value} без кавычек YAML читает как дату.",
        "A text is needed here, and without quotes YAML reads {value} as a date.",
    ),
    "text_is_date.remedy": ('Возьмите в кавычки: "{value}".', 'Put it in quotes: "{value}".'),
    # Keys and values
    "unknown_key": ("Ключ «{key}» здесь неизвестен.", "The key “{key}” is unknown here."),
    "unknown_key.remedy": ("Здесь бывают: {known}.", "Known here: {known}."),
    "unknown_key_near": ("Ключ «{key}» здесь неизвестен.", "The key “{key}” is unknown here."),
    "unknown_key_near.remedy": (
        "Возможно, «{nearest}». Здесь бывают: {known}.",
        "Perhaps “{nearest}”. Known here: {known}.",
    ),
    "missing_key": (
        "Здесь не хватает обязательного ключа «{key}».",
        "The required key “{key}” is missing here.",
    ),
    "missing_key.remedy": ("Добавьте строку «{key}: …».", "Add a line “{key}: …”."),
    "empty_value": (
        "После двоеточия или дефиса ничего нет.",
        "There is nothing after the colon or dash.",
    ),
    "empty_value.remedy": (
        "Впишите значение или удалите строку: тогда действует значение по умолчанию.",
        "Write a value or delete the line: then the default applies.",
    ),
    "empty_text": ("Здесь пустой текст.", "The text here is empty."),
    "empty_text.remedy": (
        "Впишите название или удалите строку.",
        "Write a name or delete the line.",
    ),
    "empty_list": (
        "Список пуст, а нужен хотя бы один элемент.",
        "The list is empty; it needs at least one item.",
    ),
    "empty_list.remedy": (
        "Добавьте элемент: строку, которая начинается с дефиса.",
        "Add an item: a line that begins with a dash.",
    ),
    "need_text": (
        "Здесь нужен текст, а стоит список или раздел: {value}",
        "A text is needed here, not a list or section: {value}",
    ),
    "need_text.remedy": (
        (
            "Напишите одно значение; если в тексте есть двоеточие или скобки, возьмите его в "
            "кавычки."
        ),
        "Write one value; if the text has a colon or brackets, put it in quotes.",
    ),
    "need_number": (
        "Здесь нужно число, а стоит «{value}».",
        "A number is needed here, not “{value}”.",
    ),
    "need_number.remedy": (
        "Напишите число цифрами, доли — через точку: 0.25 это 25 %.",
        "Write the number in digits, shares with a point: 0.25 is 25 %.",
    ),
    "need_whole_number": (
        "Здесь нужно целое число, а стоит «{value}».",
        "A whole number is needed here, not “{value}”.",
    ),
    "need_whole_number.remedy": (
        "Напишите целое число, например 30.",
        "Write a whole number, e.g. 30.",
    ),
    "need_number_or_choice": (
        "Здесь нужно число или слово {choices}, а стоит «{value}».",
        "A number or the word {choices} is needed here, not “{value}”.",
    ),
    "need_number_or_choice.remedy": (
        "Напишите число цифрами или {choices}.",
        "Write a number in digits or {choices}.",
    ),
    "number_in_quotes": (
        "Здесь нужно число, а «{value}» в кавычках — это текст.",
        "A number is needed here, and “{value}” in quotes is a text.",
    ),
    "number_in_quotes.remedy": ("Уберите кавычки.", "Take the quotes off."),
    "number_comma": (
        "Здесь нужно число, а «{value}» с запятой YAML читает как текст.",
        "A number is needed here, and YAML reads “{value}” with a comma as text.",
    ),
    "number_comma.remedy": ("Напишите через точку: {plain}.", "Write it with a point: {plain}."),
    "need_true_false": (
        "Здесь нужно true (да) или false (нет), а стоит «{value}».",
        "Here true or false is needed, not “{value}”.",
    ),
    "need_true_false.remedy": ("Напишите true или false.", "Write true or false."),
    "need_date": ("Здесь нужна дата, а стоит «{value}».", "A date is needed here, not “{value}”."),
    "need_date.remedy": (
        "Напишите год-месяц-день: 2026-05-01.",
        "Write year-month-day: 2026-05-01.",
    ),
    "date_order": (
        "Дата «{value}» записана не в том порядке.",
        "The date “{value}” is in the wrong order.",
    ),
    "date_order.remedy": ("Напишите {plain}.", "Write {plain}."),
    "date_with_time": (
        "Здесь нужна дата без времени, а стоит «{value}».",
        "A date without a time is needed here, not “{value}”.",
    ),
    "date_with_time.remedy": ("Напишите {plain}.", "Write {plain}."),
    "need_list": (
        "Здесь нужен список, а стоит «{value}».",
        "A list is needed here, not “{value}”.",
    ),
    "need_list.remedy": (
        (
            "Напишите значения в скобках через запятую — [а, б] — или по одному в строке, "
            "каждое после дефиса."
        ),
        ("Write the values in brackets with commas — [a, b] — or one a line, each after a dash."),
    ),
    "need_mapping": (
        "Здесь нужен раздел из строк «ключ: значение», а стоит «{value}».",
        "A section of lines “key: value” is needed here, not “{value}”.",
    ),
    "need_mapping.remedy": (
        "Напишите ключи этого раздела с новой строки, с отступом в два пробела.",
        "Write the keys of this section in new lines, indented by two spaces.",
    ),
    "need_pair": (
        "Здесь нужны ровно два этапа, а стоит «{value}».",
        "Exactly two stages are needed here, not “{value}”.",
    ),
    "need_pair.remedy": (
        "Напишите пару ключей этапов: [needs, won].",
        "Write a pair of stage keys: [needs, won].",
    ),
    "need_choice": ("Значения «{value}» здесь не бывает.", "“{value}” is not a value known here."),
    "need_choice.remedy": ("Выберите одно из: {choices}.", "Choose one of: {choices}."),
    "need_choice_near": (
        "Значения «{value}» здесь не бывает.",
        "“{value}” is not a value known here.",
    ),
    "need_choice_near.remedy": (
        "Возможно, {nearest}. Бывают: {choices}.",
        "Perhaps {nearest}. Known are: {choices}.",
    ),
    "need_key": (
        "Здесь нужно короткое имя латиницей, а стоит «{value}».",
        "A short Latin name is needed here, not “{value}”.",
    ),
    "need_key.remedy": (
        (
            "Строчные буквы a-z, цифры и подчёркивание, первой — буква: needs, call_back. "
            "Русское название пишут в title."
        ),
        (
            "Small letters a-z, digits and underscore, a letter first: needs, call_back. The "
            "full name goes into title."
        ),
    ),
    "need_clock_time": (
        "Здесь нужно время суток, а стоит «{value}».",
        "A time of day is needed here, not “{value}”.",
    ),
    "need_clock_time.remedy": (
        'Напишите часы и минуты в кавычках: "09:30".',
        'Write hours and minutes in quotes: "09:30".',
    ),
    "need_span": (
        "Здесь нужен срок, а стоит «{value}».",
        "A length of time is needed here, not “{value}”.",
    ),
    "need_span.remedy": (
        "Напишите число и единицу: 12h (часы), 7d (дни) или 2w (недели).",
        "Write a number and a unit: 12h (hours), 7d (days) or 2w (weeks).",
    ),
    "must_be_over": (
        "{value} не подходит: нужно больше {bound}.",
        "{value} does not fit: more than {bound} is needed.",
    ),
    "must_be_over.remedy": ("Напишите число больше {bound}.", "Write a number above {bound}."),
    "must_be_at_least": (
        "{value} не подходит: нужно не меньше {bound}.",
        "{value} does not fit: at least {bound} is needed.",
    ),
    "must_be_at_least.remedy": ("Напишите {bound} или больше.", "Write {bound} or more."),
    "must_be_under": (
        "{value} не подходит: нужно меньше {bound}.",
        "{value} does not fit: less than {bound} is needed.",
    ),
    "must_be_under.remedy": ("Напишите число меньше {bound}.", "Write a number below {bound}."),
    "must_be_at_most": (
        "{value} не подходит: нужно не больше {bound}.",
        "{value} does not fit: at most {bound} is needed.",
    ),
    "must_be_at_most.remedy": (
        "Напишите {bound} или меньше; доля 25 % — это 0.25.",
        "Write {bound} or less; a share of 25 % is 0.25.",
    ),
    "wrong_value": (
        "Значение «{value}» здесь не подходит.",
        "The value “{value}” does not fit here.",
    ),
    "wrong_value.remedy": (
        "Посмотрите, что здесь бывает: docs/config.md.",
        "See what may stand here: docs/config.md.",
    ),
    # Calendar, codes, files
    "unknown_time_zone": (
        "Часовой пояс «{name}» неизвестен.",
        "The time zone “{name}” is unknown.",
    ),
    "unknown_time_zone.remedy": (
        "Напишите имя из списка IANA, например Europe/Moscow или Asia/Yekaterinburg.",
        "Write a name of the IANA list, e.g. Europe/Moscow or Asia/Yekaterinburg.",
    ),
    "unknown_time_zone_near": (
        "Часовой пояс «{name}» неизвестен.",
        "The time zone “{name}” is unknown.",
    ),
    "unknown_time_zone_near.remedy": ("Возможно, {nearest}.", "Perhaps {nearest}."),
    "unknown_country": (
        "Праздники страны «{name}» неизвестны.",
        "The public holidays of “{name}” are unknown.",
    ),
    "unknown_country.remedy": (
        "Напишите двухбуквенный код, например RU или KZ, или null — без праздников.",
        "Write a two-letter code, e.g. RU or KZ, or null for no holidays.",
    ),
    "unknown_country_near": (
        "Праздники страны «{name}» неизвестны.",
        "The public holidays of “{name}” are unknown.",
    ),
    "unknown_country_near.remedy": (
        "Возможно, {nearest}; null — без праздников.",
        "Perhaps {nearest}; null for no holidays.",
    ),
    "opens_after_closes": (
        "Рабочий день начинается в {opens} и кончается в {closes}.",
        "The working day begins at {opens} and ends at {closes}.",
    ),
    "opens_after_closes.remedy": (
        "Начало (opens) должно быть раньше конца (closes).",
        "Its start (opens) must come before its end (closes).",
    ),
    "day_off_and_on": (
        "День {day} указан и рабочим, и выходным (строка {line}).",
        "The day {day} is given both as worked and as off (line {line}).",
    ),
    "day_off_and_on.remedy": ("Оставьте его в одном из списков.", "Keep it in one of the lists."),
    "bad_currency": ("«{value}» — не код валюты.", "“{value}” is not a currency code."),
    "bad_currency.remedy": (
        "Три заглавные латинские буквы: RUB, KZT, USD.",
        "Three Latin capitals: RUB, KZT, USD.",
    ),
    "bad_region": ("«{value}» — не код страны.", "“{value}” is not a country code."),
    "bad_region.remedy": ("Две заглавные латинские буквы: RU, KZ.", "Two Latin capitals: RU, KZ."),
    "link_without_id": (
        "В адресе «{value}» нет места для номера сделки.",
        "The address “{value}” has no place for the deal's ID.",
    ),
    "link_without_id.remedy": (
        (
            "Поставьте {{id}} там, где в адресе стоит номер: "
            "https://example.amocrm.ru/leads/detail/{{id}}."
        ),
        (
            "Put {{id}} where the ID stands in the address: "
            "https://example.amocrm.ru/leads/detail/{{id}}."
        ),
    ),
    "unknown_encoding": ("Кодировка «{value}» неизвестна.", "The encoding “{value}” is unknown."),
    "unknown_encoding.remedy": (
        ("Напишите, например, cp1251 или utf-8, или удалите строку: кодировка определится сама."),
        "Write e.g. cp1251 or utf-8, or delete the line: the encoding is found by itself.",
    ),
    "unknown_column": ("Поля «{name}» в отчёте нет.", "There is no field “{name}” in the report."),
    "unknown_column.remedy": (
        "Слева — одно из полей: {known}; справа — заголовок столбца в вашем файле.",
        "On the left one of the fields: {known}; on the right the caption in your file.",
    ),
    "unknown_column_near": (
        "Поля «{name}» в отчёте нет.",
        "There is no field “{name}” in the report.",
    ),
    "unknown_column_near.remedy": (
        "Возможно, {nearest}. Бывают: {known}.",
        "Perhaps {nearest}. Known are: {known}.",
    ),
    # Managers
    "same_manager": (
        "Имя «{name}» уже занято другим менеджером, строка {first_line}.",
        "The name “{name}” already belongs to another manager, line {first_line}.",
    ),
    "same_manager.remedy": (
        "Порядок имени и фамилии значения не имеет. Оставьте имя у одного менеджера.",
        "The order of first and last name does not matter. Keep the name with one manager.",
    ),
    "same_extension": (
        "Добавочный или логин «{name}» уже записан за другим менеджером, строка {first_line}.",
        "The extension or login “{name}” already belongs to another manager, line {first_line}.",
    ),
    "same_extension.remedy": (
        "Оставьте его у одного менеджера: по нему звонок находит своего человека.",
        "Keep it with one manager: by it a call finds its person.",
    ),
    "first_after_last": (
        "Конец {last} раньше начала {first}.",
        "The end {last} comes before the start {first}.",
    ),
    "first_after_last.remedy": (
        "Поменяйте даты местами или исправьте год.",
        "Swap the dates or correct the year.",
    ),
    "unknown_manager": (
        "Менеджера «{name}» в настройках нет.",
        "There is no manager “{name}” in the config.",
    ),
    "unknown_manager.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_manager_near": (
        "Менеджера «{name}» в настройках нет.",
        "There is no manager “{name}” in the config.",
    ),
    "unknown_manager_near.remedy": ("Возможно, {nearest}.", "Perhaps {nearest}."),
    "unknown_role": (
        "Роли «{name}» нет ни у одного менеджера.",
        "No manager has the role “{name}”.",
    ),
    "unknown_role.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_role_near": (
        "Роли «{name}» нет ни у одного менеджера.",
        "No manager has the role “{name}”.",
    ),
    "unknown_role_near.remedy": ("Возможно, {nearest}.", "Perhaps {nearest}."),
    "no_role": (
        "Роли «{name}» нет: у менеджеров роли не указаны.",
        "There is no role “{name}”: no manager has one.",
    ),
    "no_role.remedy": (
        "Добавьте менеджерам role или уберите условие.",
        "Give the managers a role or remove the condition.",
    ),
    "unknown_department": (
        "Отдела «{name}» нет ни у одного менеджера.",
        "No manager belongs to the department “{name}”.",
    ),
    "unknown_department.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_department_near": (
        "Отдела «{name}» нет ни у одного менеджера.",
        "No manager belongs to the department “{name}”.",
    ),
    "unknown_department_near.remedy": ("Возможно, {nearest}.", "Perhaps {nearest}."),
    "no_department": (
        "Отдела «{name}» нет: у менеджеров отделы не указаны.",
        "There is no department “{name}”: no manager has one.",
    ),
    "no_department.remedy": (
        "Добавьте менеджерам department или уберите условие.",
        "Give the managers a department or remove the condition.",
    ),
    # Pipelines and stages
    "same_pipeline": (
        "Воронка с ключом «{name}» уже есть, строка {first_line}.",
        "A pipeline with the key “{name}” is already there, line {first_line}.",
    ),
    "same_pipeline.remedy": ("Дайте одной из них другой ключ.", "Give one of them another key."),
    "same_pipeline_name": (
        "Название «{name}» уже отдано другой воронке, строка {first_line}.",
        "The name “{name}” already belongs to another pipeline, line {first_line}.",
    ),
    "same_pipeline_name.remedy": ("Оставьте его у одной воронки.", "Keep it with one pipeline."),
    "same_stage": (
        "Этап с ключом «{name}» в этой воронке уже есть, строка {first_line}.",
        "A stage with the key “{name}” is already in this pipeline, line {first_line}.",
    ),
    "same_stage.remedy": ("Дайте одному из них другой ключ.", "Give one of them another key."),
    "same_stage_name": (
        "Название «{name}» уже отдано другому этапу этой воронки, строка {first_line}.",
        ("The name “{name}” already belongs to another stage of this pipeline, line {first_line}."),
    ),
    "same_stage_name.remedy": (
        "Оставьте его у одного этапа. Регистр, ё и пробелы не различаются.",
        "Keep it with one stage. Case, ё and spaces make no difference.",
    ),
    "no_open_stage": (
        "В воронке «{pipeline}» нет ни одного рабочего этапа.",
        "The pipeline “{pipeline}” has no open stage.",
    ),
    "no_open_stage.remedy": (
        "Оставьте хотя бы один этап без kind или с kind: open.",
        "Leave at least one stage without kind, or with kind: open.",
    ),
    "no_won_stage": (
        "В воронке «{pipeline}» не указан этап выигранных сделок.",
        "The pipeline “{pipeline}” names no stage of won deals.",
    ),
    "no_won_stage.remedy": (
        "Добавьте kind: won этапу, который означает выигрыш, например «Успешно реализовано».",
        "Add kind: won to the stage that means a win, e.g. “Closed - won”.",
    ),
    "two_won_stages": (
        "В воронке «{pipeline}» второй выигранный этап; первый — в строке {first_line}.",
        "The pipeline “{pipeline}” has a second won stage; the first is in line {first_line}.",
    ),
    "two_won_stages.remedy": (
        (
            "Оставьте один: добавьте второе название в crm первого, а этапу после продажи "
            "дайте kind: after."
        ),
        (
            "Keep one: add the second name to crm of the first; a stage after the sale has "
            "kind: after."
        ),
    ),
    "no_converted_stage": (
        "В воронке лидов «{pipeline}» не указано, где лид становится сделкой.",
        "The lead pipeline “{pipeline}” does not say where a lead becomes a deal.",
    ),
    "no_converted_stage.remedy": (
        "Добавьте kind: converted этапу, который это означает, например «Качественный лид».",
        "Add kind: converted to the stage that means it, e.g. “Качественный лид”.",
    ),
    "two_converted_stages": (
        (
            "В воронке лидов «{pipeline}» второй этап с kind: converted; первый — в строке "
            "{first_line}."
        ),
        (
            "The lead pipeline “{pipeline}” has a second stage with kind: converted; the "
            "first is in line {first_line}."
        ),
    ),
    "two_converted_stages.remedy": (
        "Оставьте один: добавьте второе название в crm первого.",
        "Keep one: add the second name to crm of the first.",
    ),
    "unknown_move": ("Этапа «{name}» нет.", "There is no stage “{name}”."),
    "unknown_move.remedy": (
        "Напишите воронка/этап, по ключам: {known}.",
        "Write pipeline/stage, by their keys: {known}.",
    ),
    "unknown_move_near": ("Этапа «{name}» нет.", "There is no stage “{name}”."),
    "unknown_move_near.remedy": ("Возможно, {nearest}.", "Perhaps {nearest}."),
    "unknown_pipeline": (
        "Воронки с ключом «{name}» нет.",
        "There is no pipeline with the key “{name}”.",
    ),
    "unknown_pipeline.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_pipeline_near": (
        "Воронки с ключом «{name}» нет.",
        "There is no pipeline with the key “{name}”.",
    ),
    "unknown_pipeline_near.remedy": ("Возможно, {nearest}.", "Perhaps {nearest}."),
    "unknown_stage": ("Этапа с ключом «{name}» нет.", "There is no stage with the key “{name}”."),
    "unknown_stage.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_stage_near": (
        "Этапа с ключом «{name}» нет.",
        "There is no stage with the key “{name}”.",
    ),
    "unknown_stage_near.remedy": ("Возможно, {nearest}.", "Perhaps {nearest}."),
    # Facts, categories, groups of sources
    "fact_rule_empty": (
        "В этом правиле нет ни fields, ни dates: проверять нечего.",
        "This rule has neither fields nor dates: there is nothing to check.",
    ),
    "fact_rule_empty.remedy": (
        "Назовите столбцы, например fields: [amount].",
        "Name the columns, for example fields: [amount].",
    ),
    "same_category": (
        "Категория «{name}» уже есть в строке {first_line}.",
        "The category “{name}” is already in line {first_line}.",
    ),
    "same_category.remedy": (
        "Дайте другое имя или соедините условия.",
        "Give another name, or join the conditions.",
    ),
    "same_source": (
        "Источник «{name}» уже есть в другой группе, строка {first_line}.",
        "The source “{name}” is already in another group, line {first_line}.",
    ),
    "same_source.remedy": (
        "Оставьте источник в одной группе.",
        "Leave the source in one group.",
    ),
    # Norms, thresholds, report
    "unknown_metric": ("Показателя «{name}» нет.", "There is no figure “{name}”."),
    "unknown_metric.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_metric_near": ("Показателя «{name}» нет.", "There is no figure “{name}”."),
    "unknown_metric_near.remedy": ("Возможно, {nearest}.", "Perhaps {nearest}."),
    "unknown_section": (
        "Раздела отчёта «{name}» нет.",
        "There is no section “{name}” in the report.",
    ),
    "unknown_section.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_section_near": (
        "Раздела отчёта «{name}» нет.",
        "There is no section “{name}” in the report.",
    ),
    "unknown_section_near.remedy": ("Возможно, {nearest}.", "Perhaps {nearest}."),
    "great_below_normal": (
        "«Отлично» ({great}) меньше нормы ({normal}).",
        "Great ({great}) is below normal ({normal}).",
    ),
    "great_below_normal.remedy": (
        "Поменяйте их местами; если меньше — лучше, добавьте less_is_better: true.",
        "Swap them; if less is better, add less_is_better: true.",
    ),
    "great_above_normal": (
        "Меньше — лучше, но «отлично» ({great}) больше нормы ({normal}).",
        "Less is better, but great ({great}) is above normal ({normal}).",
    ),
    "great_above_normal.remedy": (
        "Поменяйте их местами или уберите less_is_better.",
        "Swap them or remove less_is_better.",
    ),
    "lag_apart": (
        "Этапов «{stage}» и «{to_stage}» нет среди открытых этапов и выигрыша одной воронки.",
        "“{stage}” and “{to_stage}” are not among the open stages and the win of one pipeline.",
    ),
    "lag_apart.remedy": (
        "Назовите два этапа одной воронки.",
        "Name two stages of one pipeline.",
    ),
    "lag_backwards": (
        "Этап «{to_stage}» идёт раньше этапа «{stage}» или это он сам.",
        "“{to_stage}” comes before “{stage}” or is the same stage.",
    ),
    "lag_backwards.remedy": (
        "Поменяйте stage и to_stage местами: срок идёт вперёд по воронке.",
        "Swap stage and to_stage: the time runs forward through the pipeline.",
    ),
    "filter_needs_value": (
        "Для условия «{op}» нужно значение.",
        "The condition “{op}” needs a value.",
    ),
    "filter_needs_value.remedy": (
        "Добавьте value: …; чтобы отобрать пустые поля, напишите op: empty.",
        "Add value: …; to pick empty fields write op: empty.",
    ),
    "filter_without_value": (
        "Условие «{op}» значения не имеет.",
        "The condition “{op}” takes no value.",
    ),
    "filter_without_value.remedy": ("Уберите value.", "Remove value."),
    "filter_needs_list": (
        "Для условия «{op}» нужен список значений.",
        "The condition “{op}” needs a list of values.",
    ),
    "filter_needs_list.remedy": ("Напишите value: [а, б].", "Write value: [a, b]."),
    "filter_needs_one": (
        "Для условия «{op}» нужно одно значение, а не список.",
        "The condition “{op}” needs one value, not a list.",
    ),
    "filter_needs_one.remedy": (
        "Напишите одно значение или замените условие на in.",
        "Write one value or use the condition in.",
    ),
    "filter_needs_number": (
        "Для условия «{op}» нужно число или дата, а стоит «{value}».",
        "The condition “{op}” needs a number or a date, not “{value}”.",
    ),
    "filter_needs_number.remedy": (
        "Напишите число цифрами или дату 2026-05-01, без кавычек.",
        "Write a number in digits or a date 2026-05-01, without quotes.",
    ),
    "threshold_without_bound": (
        "У порога нет ни warn, ни fail.",
        "The threshold has neither warn nor fail.",
    ),
    "threshold_without_bound.remedy": (
        'Добавьте хотя бы одно: fail: "< 0.20".',
        'Add at least one: fail: "< 0.20".',
    ),
    "bad_bound": ("«{value}» — не граница.", "“{value}” is not a bound."),
    "bad_bound.remedy": (
        'Напишите знак и число в кавычках: "< 0.25", ">= 5" или "< 25 %".',
        'Write a sign and a number in quotes: "< 0.25", ">= 5" or "< 25 %".',
    ),
    "warn_never_alone": (
        "Предупреждение ({warn}) никогда не сработает раньше нарушения ({fail}).",
        "The warning ({warn}) can never come before the failure ({fail}).",
    ),
    "warn_never_alone.remedy": (
        "Сделайте warn мягче, чем fail, или уберите его.",
        "Make warn milder than fail, or remove it.",
    ),
    # Presets
    "unknown_preset": ("Набора настроек «{name}» нет.", "There is no preset “{name}”."),
    "unknown_preset.remedy": ("Есть: {known}.", "There are: {known}."),
    "unknown_preset_near": ("Набора настроек «{name}» нет.", "There is no preset “{name}”."),
    "unknown_preset_near.remedy": (
        "Возможно, {nearest}. Есть: {known}.",
        "Perhaps {nearest}. There are: {known}.",
    ),
    "unknown_sample": ("Примера выгрузок «{name}» нет.", "There are no sample exports “{name}”."),
    "unknown_sample.remedy": ("Есть: {known}.", "There are: {known}."),
}
