"""Which columns of an unknown table would be which of a call's: for ``init`` and for the remedy."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from funnelkpi.adapters.calls.words import HIDDEN, direction_of, known_outcome, seconds_of
from funnelkpi.adapters.captions import text_key

_DAY = re.compile(r"\d{1,2}[./]\d{1,2}[./]\d{2,4}|\d{4}[-./]\d{1,2}[-./]\d{1,2}")
_CLOCK = re.compile(r"\d{1,2}:\d{2}(:\d{2})?")


def _digits(text: str) -> int:
    return sum(c.isdigit() for c in text)


def _is_number(text: str) -> bool:
    """A phone number, or what stands in the place of one that was withheld."""
    plain = re.fullmatch(r"[\d\s()+\-.,;#*доб]+", text) is not None
    return (plain and _digits(text) >= 3 and not _DAY.search(text)) or bool(re.search(HIDDEN, text))


def _is_length(text: str) -> bool:
    return seconds_of(text) is not None


# fmt: off
_COLUMNS: tuple[tuple[str, str, Callable[[str], bool]], ...] = (
    ("called_at", r"начал|^дата|^время|start|date|time", lambda t: bool(_DAY.search(t))),
    ("called_time", r"^время|time", lambda t: bool(_CLOCK.fullmatch(t))),
    ("wait_seconds", r"ожидан|дозвон|wait|ring", _is_length),
    ("talk_seconds", r"разговор|talk|billsec|conversation", _is_length),
    ("total_seconds", r"длительн|продолжит|duration|length", _is_length),
    ("direction", r"^тип|направлен|direction|type", lambda t: direction_of(t, "generic") is not None),
    ("outcome", r"статус|результат|состояни|status|outcome|disposition",
     lambda t: known_outcome(t, "generic") is not None),
    ("from_number", r"кто звонил|кто$|откуда|звонивш|от кого|номер а$|вызывающ|caller|^src|^from|source",
     _is_number),
    ("to_number", r"кому|куда|номер б$|вызываем|назначен|callee|^dst|^to\b|destination", _is_number),
    ("line", r"лини|виртуальн|ваш номер|наш номер|line|\bdid\b", _is_number),
    ("phone", r"клиент|абонент|внешн|телефон|номер|phone|number|client|customer", _is_number),
    ("recording", r"запис|record", lambda t: "/" in t or "." in t),
    ("call_id", r"^id\b|\bid$|^ид\b|\bид$|uniqueid|call.?id", lambda t: True),
    ("employee", r"сотрудник|менеджер|оператор|ответственн|пользовател|employee|agent|operator|manager|user",
     lambda t: True),
    ("result", r"^итог|комментар|примечан|result|comment|note", lambda t: True),
)
# fmt: on
"""Column, words of its caption, and whether a cell can be one of it; the more telling come first."""


def guess_calls(
    header: Sequence[str], sample: Sequence[Sequence[str | None]]
) -> dict[str, str] | None:
    """Canonical column -> caption, if the table looks like one of calls; None if it does not.

    A table of calls has a moment, a number (or both ends of the call), and a direction, an outcome or
    a length. sample: the first rows as text; most filled cells of a column must be of its kind.
    """
    found: dict[str, str] = {}
    for column, words, fits in _COLUMNS:
        if column == "called_time" and not _needs_time(header, sample, found):
            continue
        if column == "phone" and {"from_number", "to_number"} <= found.keys():
            continue
        for i, caption in _free(header, found):
            if re.search(words, text_key(caption)) and _mostly(_cells(sample, i), fits):
                found[column] = caption
                break
    if not found.keys() >= {"from_number", "to_number"}:
        # one end of the call says nothing without the other
        found = {c: t for c, t in found.items() if c not in ("from_number", "to_number")}
    if "direction" in found and "outcome" not in found:
        both = _cells(sample, list(header).index(found["direction"]))
        if _mostly(both, lambda t: known_outcome(t, "generic") is not None):
            found["outcome"] = found["direction"]
    number = "phone" in found or "from_number" in found
    told = found.keys() & {"direction", "outcome", "talk_seconds", "total_seconds"}
    return found if "called_at" in found and number and told else None


def _free(header: Sequence[str], found: dict[str, str]) -> Iterator[tuple[int, str]]:
    """Captions that stand once and are not taken."""
    taken = set(found.values())
    for i, caption in enumerate(header):
        if caption.strip() and caption not in taken and list(header).count(caption) == 1:
            yield i, caption


def _cells(sample: Sequence[Sequence[str | None]], i: int) -> list[str]:
    return [text for row in sample if i < len(row) and (text := (row[i] or "").strip())]


def _mostly(cells: Sequence[str], fits: Callable[[str], bool]) -> bool:
    return bool(cells) and 2 * sum(map(fits, cells)) > len(cells)


def _needs_time(
    header: Sequence[str], sample: Sequence[Sequence[str | None]], found: dict[str, str]
) -> bool:
    """Whether the day of a call stands without its time."""
    if "called_at" not in found:
        return False
    cells = _cells(sample, list(header).index(found["called_at"]))
    return not any(_CLOCK.search(c) for c in cells)
