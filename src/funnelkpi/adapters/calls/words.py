"""Words of call tables: durations, outcomes, directions, hidden numbers.

Codes are those of the CRMs (Bitrix24 REST ``voximplant.statistic.get``, amoCRM ``call_status``);
words are what the CRMs and telephony programs write in Russian, English, Portuguese and Spanish.
"""

from __future__ import annotations

import re

from funnelkpi.adapters.captions import text_key
from funnelkpi.adapters.cells.flags import parse_flag

INTERNAL = "internal"
"""What ``direction_of`` says of a call between colleagues: no direction of the table of calls."""

_OUTCOME_CODES = {
    "200": "success", "304": "missed", "603": "declined", "603-S": "cancelled", "486": "busy",
    "403": "failed", "404": "failed", "484": "failed", "503": "failed", "500": "failed",
    "480": "failed", "402": "failed", "402-B24": "failed", "423": "failed", "OTHER": "unknown",
}  # fmt: skip
_AMO_STATUSES = {
    "1": "missed", "2": "success", "3": "missed", "4": "success", "5": "failed", "6": "missed",
    "7": "busy", "8": "unknown",
}  # fmt: skip
"""amoCRM call_status: 1 left a message, 2 call back, 3 not in, 4 talk took place, 5 wrong number,
6 no answer, 7 busy."""
_NOT_TAKEN = (
    r"пропу[щс]|не ?отвеч|не ?ответ|не ?принят|нет ответа|без ответа|не ?дозвон|потерян|"
    r"не бер[уе]т|missed|no.?answer|not.?answered|unanswered|abandon|perdid|não atend"
)
_OUTCOMES = (
    ("unknown", r"не определен|undefined|unknown|indefinid"),
    ("missed", r"голосовая почта|автоответчик|voice ?mail|answering machine"),
    ("failed", r"неверный номер|неуспеш|не ?состоя|не ?заверш|не ?соедин|"
               r"unsuccess|не доступ|недоступ|запрещен|"
               r"внутренняя ошибка|недостаточно|ошибк|лимит|"
               r"заблокирован|unavailable|not.?available|not.?allowed|not.?found|forbidden|"
               r"wrong number|unallocated|invalid|blocked|insufficient|no money|limit|congestion|"
               r"chanunavail|error|fail|indispon|inválid|proibid|bloquead|insuficiente"),
    ("missed", _NOT_TAKEN),
    ("declined", r"отклонен|declin|reject|recusad|rejeitad"),
    ("cancelled", r"отменен|отмена|сброшен|сброс|cancel"),
    ("busy", r"занят|busy|ocupad"),
    ("success", r"успеш|состоял|состоявш|отвечен|отвечено|отвечён|принят|разговор|дозвон|соверш|"
                r"соединен|переведен|заверш|"
                r"success|answer|accepted|received|recieved|placed|connected|talk|"
                r"bem.sucedid|sucesso|exitos|completed"),
)  # fmt: skip
_DIRECTIONS = (
    (INTERNAL, r"внутр|\binternal\b|\bintern[ao]\b"),
    ("callback", r"обратн|callback|call back|retorno"),
    ("info", r"информ|\binfo"),
    ("in", r"вход|^вх\b|^in$|incoming|inbound|call_in|recebid|entra|received|recieved|принят"),
    ("out", r"исход|^исх\b|^out$|outgoing|outbound|call_out|saíd|saint|efetuad|realizad|placed|"
            r"соверш"),
    ("in", r"пропу[щс]|missed|perdid"),  # the word alone: it is incoming calls that are missed
)  # fmt: skip
_DIRECTION_CODES = {"1": "out", "2": "in", "3": "in", "4": "callback", "5": "info"}
_NO_LETTER = r"(?![^\W\d_])\.?"
_UNITS = re.compile(
    rf"(?:(\d+)\s*(?:ч|час\w*|h|hrs?|hours?){_NO_LETTER})?[\s,]*"
    rf"(?:(\d+)\s*(?:м|мин\w*|m|min\w*){_NO_LETTER})?[\s,]*"
    rf"(?:(\d+)\s*(?:сек\w*|с|s|sec\w*|seg\w*){_NO_LETTER})?"
)
_CLOCK = re.compile(r"(?:(\d+):)?(\d{1,2}):(\d{2})(?:[.,]\d+)?")
_MINUSES = "-−–"

HIDDEN = (
    r"(?i)скрыт|анонимн|не ?определ|неизвестн|anonym|restrict|withheld|hidden|private|"
    r"unknown|no.?caller.?id|confidencial|oculto|privado|an[oô]nim"
)
"""Pattern (RE2) of what stands in the place of a number that was withheld."""


def seconds_of(text: str) -> int | None:
    """Seconds of «4 мин, 53 сек», ``1h 2m``, ``01:02:03``, ``65``; None: no duration.

    A duration with a minus is negative.
    """
    plain = text.strip()
    if plain[:1] in _MINUSES and plain:
        found = _length(plain[1:].strip())
        return None if found is None else -found
    return _length(plain)


def _length(text: str) -> int | None:
    key = text_key(text)
    if re.fullmatch(r"\d+([.,]\d+)?", key):
        return round(float(key.replace(",", ".")))
    if clock := _CLOCK.fullmatch(key):
        if int(clock[3]) > 59 or (clock[1] and int(clock[2]) > 59):
            return None
        return int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])
    # «сек», «мин» hold letters that have Latin twins: units are matched on the plain text too
    units = _UNITS.fullmatch(text.casefold())
    if units and any(units.groups()):
        hours, minutes, seconds = (int(g or 0) for g in units.groups())
        return hours * 3600 + minutes * 60 + seconds
    return None


def time_of_day(text: str) -> int | None:
    """Seconds since midnight of ``9:05`` or ``09:05:30``; None: no time of day."""
    found = re.fullmatch(r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?", text.strip())
    if not found or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        return None
    return int(found[1]) * 3600 + int(found[2]) * 60 + int(found[3] or 0)


def known_outcome(text: str, crm: str) -> str | None:
    """The outcome a status text or code means; None where it says nothing known."""
    code = text.strip()
    if code.startswith("[") and "]" in code:
        code = code[1 : code.index("]")]
    code = code.removesuffix(".0").upper()
    table = _AMO_STATUSES if crm == "amocrm" else _OUTCOME_CODES
    if code in table:
        return table[code]
    if crm == "generic" and (flag := parse_flag(text)) is not None:
        return "success" if flag else "missed"
    key = text_key(text)
    return next((name for name, words in _OUTCOMES if re.search(words, key)), None)


def outcome_of(text: str, crm: str) -> str:
    """``known_outcome``, ``unknown`` where it says nothing known."""
    return known_outcome(text, crm) or "unknown"


def told_missed(direction: str) -> str | None:
    """``missed`` where the word of a direction says so: «Пропущенный», «Входящий неотвеченный»."""
    return "missed" if re.search(_NOT_TAKEN, text_key(direction)) else None


def direction_of(text: str, crm: str = "bitrix24") -> str | None:
    """in, out, callback, info or ``INTERNAL``; None for anything else.

    Bare numbers are Bitrix24's: every telephony program counts its directions in a way of its own.
    """
    key = text_key(text).removesuffix(".0")
    if key in _DIRECTION_CODES:
        return _DIRECTION_CODES[key] if crm == "bitrix24" else None
    return next((name for name, words in _DIRECTIONS if re.search(words, key)), None)
