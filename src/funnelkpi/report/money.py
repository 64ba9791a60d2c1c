"""Numbers inside sentences: tables get theirs from the renderers, a line of text is already text here."""

from __future__ import annotations

from funnelkpi.locale.catalogue import Lang

_SIGNS = {"RUB": "₽", "USD": "$", "EUR": "€", "KZT": "₸", "BRL": "R$", "BYN": "Br", "UAH": "₴"}
_STEPS = ((1e9, "млрд", "bn"), (1e6, "млн", "m"), (1e3, "тыс.", "k"))


def decimal(number: float, digits: int, lang: Lang) -> str:
    """``number`` with at most ``digits`` decimals, none that are zero, a comma in Russian."""
    shown = f"{number:.{digits}f}"
    shown = shown.rstrip("0").rstrip(".") if "." in shown else shown
    return shown.replace(".", ",") if lang == "ru" else shown


def short_money(amount: float, currency: str | None, lang: Lang) -> str:
    """«1,2 млн ₽», «340 тыс. ₽»: at most one decimal."""
    sign = _SIGNS.get(currency or "", currency or "")
    for size, ru, en in _STEPS:
        # 999 950 would round to "1000,0 тыс."
        if abs(amount) >= size * 0.99995:
            number, word = decimal(amount / size, 1, lang), ru if lang == "ru" else en
            return f"{number} {word} {sign}" if lang == "ru" else f"{number}{word} {sign}"
    return f"{amount:.0f} {sign}"


def plain_number(value: float, lang: Lang) -> str:
    """«0,4», «12»: at most one decimal."""
    text = f"{round(value, 1):g}"
    return text.replace(".", ",") if lang == "ru" else text


def percent(value: float, lang: Lang) -> str:
    """«36 %» in Russian, “36%” in English."""
    text = f"{value:.0%}"
    return text.replace("%", "\N{NO-BREAK SPACE}%") if lang == "ru" else text
