"""Hiding clients."""

from __future__ import annotations

import pandas as pd
import pytest

from funnelkpi.report.mask import MASK, masked_text, masked_title


def test_titles() -> None:
    titles = pd.Series(["ООО «Ясень»", None, "Клён"], dtype="object")
    assert list(masked_title(titles).fillna("")) == [MASK, "", MASK]
    assert list(titles.fillna("")) == ["ООО «Ясень»", "", "Клён"]


@pytest.mark.parametrize(
    "phone",
    ["+79123456789", "8 (912) 345-67-89", "8-912-345-67-89", "+7 912 345 67 89", "3834567890"],
)
def test_phones(phone: str) -> None:
    assert masked_text(f"звонок {phone}, доб. 12") == f"звонок {MASK}, доб. 12"


@pytest.mark.parametrize("kept", ["31884860, 31883940", "Архив 2024", "12345", "-5", ""])
def test_what_is_no_phone_stays(kept: str) -> None:
    assert masked_text(kept) == kept
