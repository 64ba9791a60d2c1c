"""What people and programs write around a phone number: extensions, SIP addresses, a second number.

Only for distinct texts that are not a number as it is usually written: one text at a time.
"""

from __future__ import annotations

import re

_FEWEST_DIGITS = 5
"""Before what may be an extension: «доб. 101» alone is a number itself."""
_MOST_DIGITS = 15
"""Of one number (E.164): more are several numbers."""
_EXTENSION = re.compile(
    r"[\s,;(\[]*(?:(?:вн|внутр|доб|ext|int)\w*\.?|ramal|д\.|[xх#*]|[pw](?=\d)|,)"
    r"\s*[:=№#]?\s*\d{1,6}\s*[)\]]?\s*$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\s*[(\[]\s*\d{1,5}\s*[)\]]\s*$")
_SEPARATOR = re.compile(r"[;,/|\r\n\t]+|\s{2,}|\s+(?=\+)")
_NEXT_NUMBER = re.compile(r"(?<=\d)\s+(?=[78][\s(-]*[3489]\d{2})")
_SCIENTIFIC = re.compile(r"\d+[.,]?\d*e\+?\d+", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:sips?:|tel:)?([^\s@<>]+)@[^\s@]+", re.IGNORECASE)
_CHANNEL = re.compile(r"(?:pj)?sip/(\d+)(?:-[0-9a-f]+)?", re.IGNORECASE)
_ACCOUNT = re.compile(r"\+?[\d\s().-]+")


def written_numbers(text: str) -> list[str]:
    """The numbers written in ``text``, in order, without extensions; empty for an address of letters.

    ``sip:79165551234@host`` is the number before the @, «8 485 212-34-56 вн. 12» the number without
    its extension, «8 485 212-34-56; 8 916 555-12-34» two numbers.
    """
    text = text.strip()
    if address := _ADDRESS.fullmatch(text):
        return [address[1]] if _ACCOUNT.fullmatch(address[1]) else []
    if channel := _CHANNEL.fullmatch(text):
        return [channel[1]]
    if _SCIENTIFIC.fullmatch(text):  # what a table program leaves of a number: it is lost
        return [text]
    pieces = _SEPARATOR.split(_without_extension(text))
    found = [_without_extension(p) for piece in pieces for p in _apart(piece)]
    return [p for p in found if p.strip()]


def _apart(piece: str) -> list[str]:
    return _NEXT_NUMBER.split(piece) if _digits(piece) > _MOST_DIGITS else [piece]


def _without_extension(text: str) -> str:
    found = _EXTENSION.search(text)
    if found and _digits(text[: found.start()]) >= _FEWEST_DIGITS:
        return text[: found.start()]
    found = _IN_BRACKETS.search(text)
    return text[: found.start()] if found and _digits(text[: found.start()]) >= 10 else text


def _digits(text: str) -> int:
    return sum(c.isdigit() for c in text)
