"""The part of STORIES.md about ``calls/``."""

# ruff: noqa: E501 (the lines of the page)

from __future__ import annotations

from typing import Any


def _list(ids: Any) -> str:
    return ", ".join(str(i) for i in ids)


def _counts(found: dict[str, int]) -> str:
    return ", ".join(f"{name} {n}" for name, n in found.items())


def tell(found: dict[str, Any]) -> str:
    """The sections, in Russian; they follow those of the two CRMs."""
    s, files, rows = found["stories"], found["files"], found["rows"]
    enters, late, steps, third = (
        s["never_enters"], s["next_day"], s["no_next_step"], s["third_call"],
    )  # fmt: skip
    numbers, shared, over, first = (
        s["numbers"], s["shared_client"], s["hand_overs"], s["category_a"],
    )  # fmt: skip
    bare, deciders, silent = s["no_phone"], s["decision_makers"], s["no_calls"]
    strong = enters["by_manager"][enters["strong"]]
    listed = "\n".join(f"- `{files[k]}`: {_KINDS[k]}, {rows[k]}." for k in files)
    opened = ", ".join(f"{i} ({n})" for i, n in third["open"].items())
    return f"""
# Папка `calls/`: звонки, встречи, задачи, контакты и компании

Другая выдуманная фирма и другие люди, тот же момент: понедельник 16.11.2026, 08:30, последняя неделя —
{found["period"]}. Что было на самом деле, знает `sample_data/calls_world.py`. Битрикс24 и своя АТС:

{listed}

## 12. Берёт трубку и не заводит — {enters["manager"]}
Разговоров с новыми клиентами за неделю {enters["conversations"]}, сделкой не стал ни один:
{enters["without_deal"]} из {enters["conversations"]}; у остальных {enters["others_without_deal"]} из {enters["others"]}. {enters["strong"]}: из {strong[0]} разговоров {strong[0] - strong[1]} сделок.

## 13. Перезванивает на следующий день — {late["manager"]}
Пропущено за неделю {late["missed"]}, на следующий рабочий день перезвонила по {late["called_back_later"]} из {late["missed"]};
сам клиент раньше не звонил.

## 14. Девять встреч без следующего шага — {steps["manager"]}
Первых встреч за неделю {steps["meetings"]}, со следующим шагом {steps["with_next_step"]}; у остальных {steps["others_with_next_step"]} из {steps["others_held"]} проведённых.
Сделки {_list(steps["deals"])}.

## 15. Третьего звонка в дожиме не бывает — {third["manager"]}
Стоянок на «Договор и счёт», законченных или от недели: {third["deals"]}, дней со звонками меньше {third["norm"]} — у {third["below"]}; у остальных
{third["others_below"]} из {third["others"]}. Открытые сейчас (дней со звонками): {opened}.

## 16. Скрытые и внутренние номера
Во всём файле: скрытых {numbers["hidden"]}, между своими {numbers["internal"]}, без сотрудника {numbers["nobody"]}. За неделю: звонков
{numbers["calls_last_week"]}, из них скрытых {numbers["hidden_last_week"]}, внутренних {numbers["internal_last_week"]}. Один номер в файле пишется тремя способами: +7…, 8…, без кода.

## 17. Один клиент у двоих — {shared["company"]}
Открытые сделки {_list(shared["deals"])}: {" и ".join(shared["managers"])}.

## 18. Передачи — {over["from"]} → {over["to_role"]}ы
Передано {over["count"]} ({_counts(over["to"])}), за неделю {over["last_week"]}. Брошены после передачи: {_list(over["dropped"])}.

## 19. Компании категории A
От 250 сотрудников и оборот от 500 млн ₽: A {first["companies"]["A"]}, B {first["companies"]["B"]}, прочих {first["companies"]["none"]}. Новых A за неделю:
{_counts(first["last_week"])}.

## 20. Контакты без телефона — {bare["manager"]}
Без телефона {len(bare["contacts"])}: {_list(bare["contacts"])}; без почты тоже {len(bare["without_email_too"])}: {_list(bare["without_email_too"])}.
ЛПР с контактами за неделю: {_counts(deciders["last_week"])}; без контактов {deciders["without_contacts_last_week"]}.

## 21. Сделки без звонков — {silent["manager"]}
Визитки с выставки: {_list(silent["deals"])}, из них за неделю {_list(silent["last_week"])}. Никто не звонил.
"""


_KINDS = {
    "deals": "сделки, все поля и поля контактов и компаний", "leads": "лиды",
    "contacts": "контакты", "companies": "компании", "history": "история стадий (BI)",
    "activities": "встречи и задачи (BI)",
    "calls": "звонки провайдера с итогом и записью, столбцы названы в `funnelkpi.yaml`",
}  # fmt: skip
