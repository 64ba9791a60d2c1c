"""Phone numbers in E.164, so that one client has one number whatever the file's form.

Plain 10- and 11-digit Russian forms are rewritten in Arrow; other distinct values go through the
``phonenumbers`` library (about 22 µs each).
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from funnelkpi.adapters._texts import text_array

_RUSSIAN = r"^(?:\+7|7|8)[3489]\d{9}$"
_SHORT = r"^[349]\d{9}$"
_NOISE = r"[\s\x{00a0}\x{202f}()\-–.]+"


@lru_cache(maxsize=262144)
def by_library(text: str, region: str) -> str | None:
    """E.164 by ``phonenumbers``; bare digits of an impossible number; None without digits."""
    import phonenumbers

    digits = re.sub(r"\D", "", text)
    if not digits:
        return None
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        return digits
    if not phonenumbers.is_possible_number(number):
        return digits
    out: str = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return out


def normalise(values: Any, region: str) -> Any:
    """Distinct texts (Arrow large_string) as E.164 numbers, digits, or null («Номер скрыт»)."""
    if region != "RU":
        return pa.array(
            [t and by_library(t, region) for t in values.to_pylist()], pa.large_string()
        )
    bare, long = values, pc.match_substring_regex(values, _RUSSIAN)
    if not pc.all(long).as_py():
        bare = pc.replace_substring_regex(values, _NOISE, "")
        long = pc.match_substring_regex(bare, _RUSSIAN)
    short = pc.match_substring_regex(bare, _SHORT)
    last_ten = pc.utf8_slice_codeunits(bare, -10)
    text = pa.large_string()
    plain = pc.binary_join_element_wise(pa.scalar("+7", text), last_ten, pa.scalar("", text))
    easy = pc.fill_null(pc.or_(long, short), False)
    hard = pc.invert(easy)
    if not pc.any(hard).as_py():
        return plain
    rest = [t and by_library(t, region) for t in values.filter(hard).to_pylist()]
    return pc.replace_with_mask(plain, hard, pa.array(rest, pa.large_string()))


def normalise_phones(phones: pd.Series, region: str) -> pd.Series:
    """A text column of single numbers as ``normalise`` writes them; by distinct value."""
    codes, values = pd.factorize(phones)
    texts = pa.array(values, pa.large_string())
    known = pa.array(codes, mask=np.asarray(codes < 0))
    found = normalise(texts, region).take(known)
    return pd.Series(text_array(found), index=phones.index, name=phones.name)
