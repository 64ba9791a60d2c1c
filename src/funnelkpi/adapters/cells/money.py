"""Amounts and currencies as the CRMs, Excel and people write them."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters.captions import text_key
from funnelkpi.adapters.cells.flags import says_nothing
from funnelkpi.adapters.cells.texts import clean, encode, flat, portions

_WORDS = {
    "RUB": "₽|р|р.|руб|руб.|рубль|рубли|рублей|российский рубль|russian ruble|rouble",
    "USD": "$|us$|доллар|долларов|доллар сша|доллары сша|us dollar|dólar americano",
    "EUR": "€|евро|euro",
    "KZT": "₸|тг|тг.|тенге|казахстанский тенге|казахский тенге|kazakhstani tenge",
    "BYN": "br|бел. руб.|белорусский рубль|belarusian ruble",
    "UAH": "₴|грн|грн.|гривна|гривня|украинская гривна|hryvnia|ukrainian hryvnia",
    "UZS": "сум|сўм|so'm|узбекский сум|uzbekistani som",
    "KGS": "сом|киргизский сом|кыргызский сом|kyrgyzstani som",
    "AMD": "֏|драм|армянский драм|armenian dram",
    "AZN": "₼|манат|азербайджанский манат|azerbaijani manat",
    "GEL": "₾|лари|грузинский лари|georgian lari",
    "TJS": "сомони|таджикский сомони",
    "MDL": "молдавский лей|moldovan leu",
    "GBP": "£|фунт стерлингов|pound sterling",
    "CNY": "¥|юань|китайский юань|chinese yuan",
    "TRY": "₺|tl|турецкая лира|turkish lira",
    "PLN": "zł|злотый|польский злотый|polish zloty",
    "INR": "₹|индийская рупия|indian rupee",
    "AED": "дирхам|дирхам оаэ|uae dirham",
    "BRL": "r$|reais|real brasileiro|brazilian real|бразильский реал",
    "DOP": "rd$|peso dominicano|dominican peso",
    "MXN": "mx$|peso mexicano|mexican peso",
    "COP": "col$|peso colombiano|colombian peso",
    "ARS": "ar$|peso argentino|argentine peso",
}
CURRENCIES = {text_key(name): code for code, names in _WORDS.items() for name in names.split("|")}
"""Sign, name or abbreviation (comparable form) -> ISO code. A bare $ is taken for USD."""

_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?")
_NUMBER = re.compile(r"[+-]?[\d.,'’]*\d[.,]?")
_BLANK = re.compile(r"[\s\u00a0\u202f\u2007]+")


def currency_code(text: str) -> str | None:
    """The ISO code a sign, name or code means, else None."""
    key = text_key(text).strip(" ()")
    if key in CURRENCIES:
        return CURRENCIES[key]
    word = text.strip()
    return word.upper() if re.fullmatch(r"[A-Za-z]{3}", word) and word.isupper() else None


def caption_currency(caption: str) -> str | None:
    """The currency at the end of an amount's caption: «Бюджет ₸», «Бюджет, руб», «Venda R$»."""
    words = re.split(r"[\s\u00a0,()]+", caption.strip())
    for word in reversed(words[1:]):
        if word and (code := currency_code(word)):
            return code
    return None


def parse_amount(text: str) -> tuple[float, str | None] | None:
    """The amount and the currency written with it («1 241 000,00 ₽», «1241000|RUB»), or None.

    A comma or dot followed by one or two digits, or the last of two kinds, is the decimal sign;
    groups of three after commas or repeated signs are thousands.
    """
    text = html.unescape(text).strip().lstrip("'").replace("−", "-").replace("–", "-")
    amount, _, word = text.partition("|")
    squeezed = _BLANK.sub("", amount)
    found = _NUMBER.search(squeezed)
    if found is None:
        return None
    number = found[0].rstrip(".,").replace("'", "").replace("’", "")
    around = [squeezed[: found.start()], squeezed[found.end() :], word]
    sign = -1.0 if around[0].startswith("-") else 1.0
    around[0] = around[0].strip("-+")
    code = None
    for piece in filter(None, around):
        code = currency_code(_spaced(piece, text))
        if code is None:
            return None
    try:
        return sign * float(_decimal(number)), code
    except ValueError:
        return None


def _spaced(piece: str, text: str) -> str:
    """The currency's words as they stood in ``text``, with their blanks."""
    words = re.findall(r"[^\d\s|+\-]+", text)
    phrase = " ".join(w for w in words if w.strip(".,'’"))
    return phrase if phrase.replace(" ", "") == piece else piece


def _decimal(number: str) -> str:
    dots, commas = number.count("."), number.count(",")
    if dots and commas:
        last = max(number.rfind("."), number.rfind(","))
        whole = number[:last].replace(".", "").replace(",", "")
        return f"{whole}.{number[last + 1 :]}"
    if dots > 1:
        return number.replace(".", "")
    if commas > 1 or (commas == 1 and re.fullmatch(r"[+-]?[1-9]\d{0,2},\d{3}", number)):
        return number.replace(",", "")
    return number.replace(",", ".")


MAX_AMOUNT = 1e12
"""A larger amount is a slip of the keyboard; sums of kopecks stay exact below it."""


@dataclass(frozen=True)
class Money:
    """Amounts (NaN: none), rows that could not be read, and the currency written in each cell."""

    values: npt.NDArray[np.float64]
    bad: npt.NDArray[np.bool_]
    currency: npt.NDArray[np.int32]
    codes: tuple[str, ...]


def parse_money(column: Any) -> Money:
    """A text column as amounts. Plain numbers go through Arrow, the rest by distinct value."""
    values = _plain_numbers(column)
    if values is not None:
        n = len(values)
        return Money(values, np.zeros(n, bool), np.full(n, -1, np.int32), ())
    coded = encode(column)
    amounts, bad, currency = [], [], []
    codes: dict[str, int] = {}
    for text in coded.texts():
        found = (float(text), None) if _PLAIN.fullmatch(text) else parse_amount(text)
        if found is not None and abs(found[0]) > MAX_AMOUNT:
            found = None
        amounts.append(np.nan if found is None else found[0])
        bad.append(found is None and not says_nothing(text))
        code = found[1] if found else None
        currency.append(-1 if code is None else codes.setdefault(code, len(codes)))
    index = coded.codes
    return Money(
        np.array([*amounts, np.nan])[index],
        np.array([*bad, False])[index],
        np.array([*currency, -1], np.int32)[index],
        tuple(codes),
    )


def _plain_numbers(column: Any) -> npt.NDArray[np.float64] | None:
    """The column as numbers if Arrow can read all of them."""
    parts = []
    for texts in portions(column):
        try:
            values = pc.cast(clean(flat(texts)), pa.float64()).to_numpy(zero_copy_only=False)
        except pa.ArrowInvalid:
            return None
        if (np.abs(values[~np.isnan(values)]) > MAX_AMOUNT).any():
            return None
        parts.append(values.astype(np.float64, copy=False))
    return np.concatenate(parts) if parts else np.empty(0)
