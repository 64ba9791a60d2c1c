"""Numbers written inside texts: "50-100", "1 241 000,00", "свыше 250", "до 15", "1,5 млн"."""

from __future__ import annotations

import re
from math import inf, nan

from funnelkpi.config.schema import Filter

_NUMBER = re.compile(r"\d+(?:[ \u00a0\u202f]\d{3})*(?:[.,]\d+)*")
_TIMES = ((r"млрд|billion|bn\b", 1e9), (r"млн|million|mln|m\b", 1e6), (r"тыс|thousand|k\b", 1e3))
_MORE = re.compile(r"более|больше|свыше|от\b|over|more|from|above|\+|>|≥|с\b")
_LESS = re.compile(r"менее|меньше|до\b|under|less|up to|below|<|≤")


def number(text: str) -> float:
    """One number: blanks between thousands, a comma or a point before the fraction."""
    text = re.sub(r"[ \u00a0\u202f]", "", text)
    if text.count(",") > 1 or ("." in text and text.rfind(",") < text.find(".")):
        text = text.replace(",", "")  # 1,241,000.00
    elif text.count(".") > 1 or ("," in text and "." in text):
        text = text.replace(".", "")  # 1.241.000,00
    return float(text.replace(",", "."))


def span(text: str) -> tuple[float, float]:
    """The least and the most a text speaks of; NaN without a number."""
    text = text.casefold()
    found, rest = [], 0
    for match in _NUMBER.finditer(text):
        after = text[match.end() : match.end() + 12].lstrip()
        times = next((t for word, t in _TIMES if re.match(word, after)), 1.0)
        found.append((number(match.group()), times))
        rest = match.end()
    if not found:
        return nan, nan
    if len(found) > 1:
        (low, own), (high, times) = found[0], found[1]
        # "50-100 тыс": the word stands for both
        return low * (times if own == 1.0 else own), high * times
    one = found[0][0] * found[0][1]
    begin = text[: _NUMBER.search(text).start()]  # type: ignore[union-attr]
    if _LESS.search(begin):
        return -inf, one
    if _MORE.search(begin) or "+" in text[rest:] or re.search("более|и выше", text[rest:]):
        return one, inf
    return one, one


def passes(text: str, one: Filter) -> bool:
    """Whether all a text speaks of is below (above) the filter's number."""
    low, high = span(text)
    wanted = span(str(one.value))[0] if isinstance(one.value, str) else float(one.value)
    sides = {">": low > wanted, ">=": low >= wanted, "<": high < wanted, "<=": high <= wanted}
    return sides[one.op]
