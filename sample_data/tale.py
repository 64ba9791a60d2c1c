"""STORIES.md: the planted stories in words, with the figures of ``stories.json``."""

# ruff: noqa: E501 (the lines of the page)

from __future__ import annotations

from typing import Any


def _money(amount: int) -> str:
    return f"{amount:,}".replace(",", "\u00a0") + "\u00a0₽"


def _list(ids: list[int]) -> str:
    return ", ".join(str(i) for i in ids)


def tell(found: dict[str, Any]) -> str:
    """The page, in Russian."""
    s, files, mess = found["stories"], found["files"], found["stories"]["mess"]
    strong, below, away, new = (
        s["strong_caller"], s["below_norm"], s["absence"], s["newcomer"],
    )  # fmt: skip
    base, wait, big = s["handed_over"], s["proposals_wait"], s["stalled_large"]
    skip, name, parked = s["skipped_stage"], s["renamed_stage"], s["parked"]
    low, high = strong["difference_998"]
    weeks = ", ".join(f"{w[5:]}: {n}" for w, n in below["weeks"].items())
    flaws = "\n".join(
        f"| `{key}` | {_FLAWS[key]} | {value['count']} | {_list(value['amocrm']) or '—'} "
        f"| {_list(value.get('bitrix24', [])) or '—'} |"
        for key, value in mess.items()
        if value["count"] <= 20
    )
    return f"""# Что спрятано в примерах

Все люди, компании и телефоны выдуманы. Обе выгрузки показывают один и тот же мир: что было на самом
деле, знает `sample_data/world.py` (`simulate()`), а выгрузка показывает лишь часть. Момент выгрузки —
понедельник 16.11.2026, 08:30 (Москва), последняя неделя — {found["period"]} (9–15 ноября).

- amoCRM, `{files["amocrm_deals"]}`: {found["rows"]["amocrm_deals"]} строк, дата входа в каждый этап
  есть в своей колонке («Дата: ЛПР» и другие), поэтому видны все истории.
- Битрикс24, `{files["bitrix24_deals"]}` ({found["rows"]["bitrix24_deals"]} строк),
  `{files["bitrix24_leads"]}` ({found["rows"]["bitrix24_leads"]}),
  `{files["bitrix24_calls"]}` ({found["rows"]["bitrix24_calls"]}): только штатные колонки. Входы в
  средние этапы здесь «не оценить» или «не меньше k», конверсии — границы.
- История тех же сделок, папка `history/`: `amocrm_events.csv` (список событий) и `amocrm_events.json`
  (API v4) — к файлу amoCRM; `crm_deal_stage_history.csv` (BI) и `crm.stagehistory.list.json` (REST) —
  к файлу Битрикс24; `event_log.csv` (process mining) — к файлу amoCRM. С ними всё, что было границей,
  становится числом.

Этот файл и `stories.json` (те же факты для программ) пишет `make samples`.

## 1. Много звонит, но не закрывает — {strong["manager"]}
Входов в «ЛПР» за неделю {strong["entries_last_week"]} (великолепно: от 4), но из «Дожима» в успех
{strong["reached"]} из {strong["of"]}; у остальных {strong["others_reached"]} из {strong["others_of"]}
(когорта: вход с {strong["window"][0][:10]} по {strong["window"][1][:10]}, выдержка {strong["maturity_days"]} дн.). Разность по Ньюкомбу, 99,8 %:
от {low:.3f} до {high:.3f}, ноль вне интервала — отметка `much_lower`. Видно в amoCRM.

## 2. Ниже нормы по ЛПР — {below["manager"]}
Норма {below["norm"]} входа в неделю. Входы по неделям: {weeks}. Недель подряд ниже нормы:
{below["weeks_below"]}. Видно в amoCRM.

## 3. Отпуск — {away["manager"]}
Не было с {away["first"]} по {away["last"]}: на неделе {away["working_days_last_week"]} рабочих дня из 5,
норма по ЛПР {str(away["norm"]).replace(".", ",")}, входов {away["entries_last_week"]} — норма выполнена.

## 4. Новичок — {new["manager"]}
Работает с {new["start"]}. Сделок {new["deals"]}, закрытых {new["closed"]}; в когорте «ЛПР → Потребность»
{new["cohort"]} — «мало данных».

## 5. Переданная база — {base["from"]} → {base["to"]}
Сделок передано {base["count"]}, до сих пор открыты {base["still_open"]["count"]}; не тронуты с июня
{base["untouched"]["count"]} на {_money(base["untouched"]["amount"])}. amoCRM: поле «Прежний ответственный».
Нетронутые: amoCRM {_list(base["untouched"]["amocrm"])}; Битрикс24 {_list(base["untouched"]["bitrix24"])}.

## 6. КП ждут слишком долго — {wait["manager"]}
В «КП отправлено» дольше {wait["limit_days"]} дней: {wait["count"]} на {_money(wait["amount"])}.
amoCRM {_list(wait["amocrm"])}; Битрикс24 {_list(wait["bitrix24"])}.

## 7. Застряла крупная сделка — {big["manager"]}
{_money(big["amount"])} в «Дожиме» с {big["since"][:10]}, последнее общение 29.09.2026.
amoCRM {_list(big["amocrm"])}; Битрикс24 {_list(big["bitrix24"])}.

## 8. Перескочили этап — {skip["manager"]}
«ЛПР» → «КП отправлено» без «Потребности»: {skip["count"]} сделок, у остальных ни одной.
amoCRM {_list(skip["amocrm"])}.

## 9. Этап переименовали
До 12.10.2026 «{name["new"]}» назывался «{name["old"]}». Под старым именем стоят
{name["under_old_name"]["count"]}, под новым {name["under_new_name"]["count"]}; в настройке указаны оба.

## 10. Отложенные
В «Отложено» {parked["count"]} сделок на {_money(parked["amount"])}: ни выиграны, ни проиграны.

## 11. Беспорядок в данных

| ключ | что | сделок | amoCRM | Битрикс24 |
|---|---|---|---|---|
{flaws}

Без суммы {mess["no_amount"]["count"]}, с нулевой {mess["zero_amount"]["count"]} (Битрикс24 пишет «0.00» и там,
и там). Кроме того: имена «Фамилия Имя» в сделках и лидах Битрикс24 и «Имя Фамилия» в звонках; «Чернышёва» и
«Чернышева»; неразрывный пробел в имени Галеева; апостроф перед `+ - =` в amoCRM; причины отказа со скобками
внутри скобок; перенос строки в примечаниях; `&quot;`, BB-код и вложенная таблица в комментариях; два
столбца «Город» и два «utm_source» в amoCRM; «Cчёт на предоплату» с латинской C; строки «Биллинг» в звонках.
"""


_FLAWS = {
    "closed_before_created": "закрыта раньше, чем создана (перенос из таблицы)",
    "duplicate": "строка повторена дважды",
    "eur": "сумма в евро (только Битрикс24)",
    "future_created": "создана 02.03.2027",
    "future_stage_date": "«Дата: КП» в 2062 году (только amoCRM)",
    "incoming": "«Неразобранное», ответственный «Биржа заявок» (только amoCRM)",
    "no_owner": "без ответственного",
    "unknown_stage": "этап «Архив 2024», которого нет в настройке",
    "usd": "сумма в долларах (только Битрикс24)",
}
