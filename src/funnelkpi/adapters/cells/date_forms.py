"""Rare forms of a date, one text at a time: 3.2.26, 02/13/2026 01:05:00 pm, fractions, +0300."""

from __future__ import annotations

import re

_DAY_FIRST = re.compile(
    r"(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})"
    r"(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*([ap]\.?\s?m\.?)?)?",
    re.IGNORECASE,
)
_YEAR_FIRST = re.compile(
    r"(\d{4})[./-](\d{1,2})[./-](\d{1,2})"
    r"(?:[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?)?",
    re.IGNORECASE,
)


def _clock(hour: str | None, minute: str | None, second: str | None, half: str = "") -> int | None:
    if hour is None:
        return 0
    h, m, s = int(hour), int(minute or 0), int(second or 0)
    if half:
        if not 1 <= h <= 12:
            return None
        h = h % 12 + (12 if half.lower().startswith("p") else 0)
    return h * 3600 + m * 60 + s if h < 24 and m < 60 and s < 60 else None


def day_first(text: str) -> tuple[int, ...] | None:
    """Year, first part, second part, seconds, no time?, UTC?, dots?; None: not this form."""
    m = _DAY_FIRST.fullmatch(text)
    if m is None or (seconds := _clock(m[4], m[5], m[6], m[7] or "")) is None:
        return None
    year = int(m[3]) + (2000 if len(m[3]) == 2 else 0)
    dots = "." in text[:3]
    return year, int(m[1]), int(m[2]), seconds, m[4] is None, False, dots


def year_first(text: str) -> tuple[int, ...] | None:
    """Year, month, day, seconds (of UTC with an offset), no time?, UTC?, dots?; None: not it."""
    m = _YEAR_FIRST.fullmatch(text)
    if m is None or (seconds := _clock(m[4], m[5], m[6])) is None:
        return None
    offset = (m[7] or "").upper()
    if offset and offset not in ("Z", "UTC"):
        sign = -1 if offset[0] == "-" else 1
        seconds -= sign * (int(offset[1:3]) * 3600 + int(offset[-2:]) * 60)
    return int(m[1]), int(m[2]), int(m[3]), seconds, m[4] is None, bool(offset), False
