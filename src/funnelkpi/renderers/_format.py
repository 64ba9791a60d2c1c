"""The only place where a value becomes text.

Digits, decided once for every format:

- count: grouped thousands; one decimal if it is not whole (an expected count);
- share: per cent, one decimal below 10 %, none from 10 % on. A share that is neither 0 nor 1 never
  prints as "0 %" or "100 %": it is "<0,1 %" or keeps a decimal ("99,7 %");
- ratio: two decimals below 10, one below 100, then none;
- money: no kopecks when the sum is whole or at least 1,000;
- days, hours, minutes: one decimal below 10, none from 10 on;
- decimals that are zero are left out; halves round away from zero, as people and Excel do.

Signs of numbers and currencies come from babel (CLDR), once per language; a cell then costs a few
microseconds, so that long lists stay fast. Spaces inside a value are no-break ones.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from datetime import date, datetime
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal
from functools import cache
from typing import NamedTuple

from funnelkpi.locale.catalogue import Lang, text
from funnelkpi.report.document import Cell

NBSP = "\u00a0"
MISSING = "—"


class _Signs(NamedTuple):
    decimal: str
    group: str
    minus: str


class _Parts(NamedTuple):
    """A number as printed: sign or currency before it, digits, unit after it."""

    before: str
    digits: str
    after: str


def format_cell(cell: Cell, lang: Lang) -> str:
    """The text of a cell's value, or of its bounds when there is no value; "—" when neither exists.

    Mark, note and bar are the renderer's: they stand in places of their own.
    """
    value = _known(cell.value)
    if value is None:
        return _bounds(cell, lang) if cell.bounds is not None else MISSING
    if isinstance(value, bool):
        return text("renderers.yes" if value else "renderers.no", lang)
    if isinstance(value, (int, float)):
        return "".join(_number(value, cell, lang))
    if isinstance(value, date):
        return _moment(value, cell, lang)
    return str(value)


def full_text(cell: Cell, lang: Lang) -> str:
    """Value, mark and note in one line, for formats without places of their own."""
    return " ".join(part for part in (format_cell(cell, lang), cell.mark, cell.note) if part)


def _known(value: object) -> object:
    missing = value is None or (isinstance(value, float) and not math.isfinite(value))
    return None if missing else value


def _bounds(cell: Cell, lang: Lang) -> str:
    """ "от 9 до 98 %"; one end unknown (infinite or NaN) gives "≥ 9 %" or "≤ 98 %"."""
    low, high = (
        _number(end, cell, lang) if math.isfinite(end) else None for end in cell.bounds or ()
    )
    if low is None and high is None:
        return MISSING
    if low is None or high is None or low == high:
        sign = "" if low == high else f"≤{NBSP}" if low is None else f"≥{NBSP}"
        return sign + "".join(low or high or ())
    first = low.before + low.digits + (low.after if low.after != high.after else "")
    last = (high.before if high.before != low.before else "") + high.digits + high.after
    return text("renderers.bounds", lang, low=first, high=last)


def _number(value: float, cell: Cell, lang: Lang) -> _Parts:
    return _UNITS.get(cell.unit, _plain)(value, cell, lang)


def _plain(value: float, cell: Cell, lang: Lang) -> _Parts:
    """A number in a text or id column: an integer is a name and is not grouped."""
    return _Parts("", str(value) if isinstance(value, int) else _digits(value, 2, lang), "")


def _count(value: float, cell: Cell, lang: Lang) -> _Parts:
    return _Parts("", _digits(value, 1, lang), "")


def _share(value: float, cell: Cell, lang: Lang) -> _Parts:
    percent, suffix = round(value * 100, 7), text("renderers.percent", lang)
    if 0 < percent < 0.05:
        return _Parts("<", _digits(0.1, 1, lang), suffix)
    if 99.5 <= percent < 100:
        return _Parts("", _digits(percent, 1, lang, cut=True), suffix)
    digits = 1 if abs(percent) < 9.95 else 0
    return _Parts("", _digits(percent, digits, lang), suffix)


def _ratio(value: float, cell: Cell, lang: Lang) -> _Parts:
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    return _Parts("", _digits(value, digits, lang), "")


def _money(value: float, cell: Cell, lang: Lang) -> _Parts:
    digits = 0 if abs(value) >= 1000 or float(value).is_integer() else 2
    shown = _digits(value, digits, lang, trim=False)
    sign = _currency(cell.currency, lang) if cell.currency else ""
    if not sign:
        return _Parts("", shown, "")
    if lang == "ru":
        return _Parts("", shown, NBSP + sign)
    return _Parts(sign + (NBSP if sign[-1:].isalpha() else ""), shown, "")


def _span(unit: str) -> Callable[[float, Cell, Lang], _Parts]:
    def parts(value: float, cell: Cell, lang: Lang) -> _Parts:
        digits = 1 if abs(value) < 9.95 else 0
        return _Parts("", _digits(value, digits, lang), text(f"renderers.{unit}", lang))

    return parts


_UNITS: dict[str, Callable[[float, Cell, Lang], _Parts]] = {
    "count": _count,
    "share": _share,
    "ratio": _ratio,
    "money": _money,
    "days": _span("days"),
    "hours": _span("hours"),
    "minutes": _span("minutes"),
}


def _digits(value: float, digits: int, lang: Lang, *, trim: bool = True, cut: bool = False) -> str:
    """``value`` with at most ``digits`` decimals, as ``lang`` writes it; ``cut``: rounded down."""
    signs = _signs(lang)
    if isinstance(value, int):
        shown = f"{value:,}"
    else:
        step = Decimal(1).scaleb(-digits)
        exact = Decimal(repr(round(float(value), 9)))
        if exact.adjusted() > 20:  # beyond what quantize holds; nobody reads these digits
            shown = f"{value:,.0f}"
        else:
            shown = f"{exact.quantize(step, ROUND_DOWN if cut else ROUND_HALF_UP):,f}"
        if trim and "." in shown:
            shown = shown.rstrip("0").rstrip(".")
        if shown.startswith("-") and not shown.strip("-0.,"):
            shown = shown[1:]
    whole, _, rest = shown.partition(".")
    whole = whole.replace(",", signs.group).replace("-", signs.minus)
    return whole + (signs.decimal + rest if rest else "")


def _moment(value: date, cell: Cell, lang: Lang) -> str:
    day = text(
        "renderers.day",
        lang,
        day=value.day,
        month=_month(value.month, lang) if lang == "en" else f"{value.month:02d}",
        year=f"{value.year:04d}",
    )
    if isinstance(value, datetime) and cell.unit != "day":
        return f"{day}{NBSP}{value.hour:02d}:{value.minute:02d}"
    return day


@cache
def _signs(lang: Lang) -> _Signs:
    from babel import Locale

    signs = Locale(lang).number_symbols["latn"]
    return _Signs(signs["decimal"], signs["group"], signs["minusSign"])


@cache
def _currency(code: str, lang: Lang) -> str:
    from babel.numbers import get_currency_symbol

    return str(get_currency_symbol(code.strip().upper(), locale=lang))


@cache
def _month(month: int, lang: Lang) -> str:
    from babel import Locale

    return str(Locale(lang).months["format"]["abbreviated"][month])
