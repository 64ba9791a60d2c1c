"""Hiding clients (``--mask``): titles and phones are theirs, managers are the subject of the report."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

MASK = "•••"
_PHONE = re.compile(r"\+?\d[\d\s()\-]{7,}\d")


def masked_title(titles: pd.Series) -> pd.Series:
    """Titles of deals replaced; a missing one stays missing."""
    return titles.where(titles.isna(), MASK)


def masked_text(value: str) -> str:
    """``value`` with every phone number replaced."""
    return _PHONE.sub(MASK, value)
