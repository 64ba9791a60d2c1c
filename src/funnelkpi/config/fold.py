"""Names as they are compared: case, ё, spaces and Latin look-alikes make no difference.

Bitrix24 itself writes «Cчёт на предоплату» with a Latin C.
"""

from __future__ import annotations

_LOOK_ALIKES = str.maketrans("abcehkmoptxyё", "авсенкмортхуе")


def fold(name: str) -> str:
    """The form of a stage's or pipeline's name that is compared."""
    return " ".join(name.casefold().translate(_LOOK_ALIKES).split())


def fold_person(name: str) -> str:
    """The form of a person's name that is compared: the order of its words makes no difference."""
    return " ".join(sorted(fold(name).split()))
