"""Text from a CRM is data: what could steer a terminal, turn the reading direction or break columns
is made visible or harmless here, before any renderer lays it out."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

REPLACEMENT = "\ufffd"

_SPACES = {ord(c): " " for c in "\t\n\r\v\f\x1c\x1d\x1e\x1f\x85\u2028\u2029"}
_C0 = {c: chr(0x2400 + c) for c in range(0x20)} | {0x7F: "\u2421"}
_C1 = dict.fromkeys(range(0x80, 0xA0), REPLACEMENT)
_DIRECTION = dict.fromkeys(
    (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)), REPLACEMENT
)
_HIDDEN = dict.fromkeys((0x00AD, 0x180E, 0x200B, 0x2060, 0xFEFF, *range(0xE0000, 0xE0080)))
_SURROGATES = dict.fromkeys(range(0xD800, 0xE000), REPLACEMENT)
_CONTROLS = _C0 | _C1 | _DIRECTION | _HIDDEN | _SURROGATES | _SPACES

_HARMLESS = re.compile("[ -~\u00a0-\u00ac\u00ae-\u024f\u0400-\u0482\u048a-\u052f–—…№₽→≤≥▲▼−]*")
"""Latin, Cyrillic and the usual signs: nothing to mend; nearly all text takes this short way."""
_EMOJI_JOINTS = re.compile("[\u200c\u200d\u20e3\ufe00-\ufe0f\U0001f3fb-\U0001f3ff]")
_FLAG_LETTER = re.compile("[\U0001f1e6-\U0001f1ff]")
_UNSURE_WIDTH = {"Cn", "Co", "Cf", "Cs", "Cc", "Me"}
_WEB = re.compile(r"https?://[^/\s]", re.IGNORECASE)
_SPACE_RUNS = re.compile(" {2,}")


def one_line(value: str) -> str:
    """``value`` as one line without control characters.

    Line breaks and tabs become a space; other control characters their visible picture (ESC: ␛);
    direction overrides and lone surrogates "\N{REPLACEMENT CHARACTER}"; invisible ones go.
    """
    if not _HARMLESS.fullmatch(value):
        value = value.translate(_CONTROLS)
    return _SPACE_RUNS.sub(" ", value).strip(" ")


def terminal_line(value: str) -> str:
    """``one_line`` in characters whose width every terminal agrees on.

    Joined emoji are taken apart, flags become their two letters, combining marks are composed where
    a composed letter exists; characters of no agreed width become "\N{REPLACEMENT CHARACTER}".
    """
    line = one_line(value)
    if _HARMLESS.fullmatch(line):
        return line
    line = unicodedata.normalize("NFC", _EMOJI_JOINTS.sub("", line))
    line = _FLAG_LETTER.sub(lambda m: chr(ord(m[0]) - 0x1F1E6 + ord("A")), line)
    return "".join(
        REPLACEMENT if unicodedata.category(c) in _UNSURE_WIDTH else c for c in line
    ).strip(" ")


def web_link(value: str | None) -> str | None:
    """``value`` if it is a web address, fit for a terminal escape or Markdown; else None."""
    if not value or not _WEB.match(value):
        return None
    return quote(value.encode("utf-8", "replace"), safe="%/:?#@!$&+,;=~-._")
