from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkpi.adapters.cells.phones import by_library, normalise, normalise_phones


def one(text, region="RU"):
    return normalise(pa.array([text], pa.large_string()), region)[0].as_py()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("8 (912) 000-00-01", "+79120000001"),
        ("+7 912 000-00-01", "+79120000001"),
        ("9120000001", "+79120000001"),
        ("79120000001", "+79120000001"),
        ("+55 11 98170-7495", "+5511981707495"),
        ("101", "101"),
        ("Номер скрыт", None),
        (None, None),
    ],
)
def test_forms(text, expected):
    assert one(text) == expected


def test_national_numbers_of_another_region():
    assert one("11 98170-7495", "BR") == "+5511981707495"
    assert one("8 701 000 00 01", "KZ") == "+77010000001"


FORMS = ("8{}", "7{}", "+7{}", "{}", "8 ({:.3}) {}", "+7-{}")


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(FORMS), st.sampled_from("3489"), st.integers(0, 10**9 - 1))
def test_vectorised_forms_agree_with_the_library(form, first, rest):
    number = f"{first}{rest:09d}"
    text = form.format(number) if form.count("{") == 1 else f"8 ({number[:3]}) {number[3:]}"
    assert one(text) == by_library(text, "RU")


ENDS = (" доб. {}", ", доб {}", " ext. {}", "ext{}", " доб.: {}", " #{}", " вн. {}", " доб. {} {}")


@settings(max_examples=200, deadline=None)
@given(st.sampled_from(FORMS[:4]), st.sampled_from(ENDS), st.integers(0, 10**9))
def test_extensions_agree_with_the_library(form, end, rest):
    text = form.format("9161234567") + end.format(rest, rest)
    assert one(text) == by_library(text, "RU")


def test_usual_extensions_do_not_ask_the_library(monkeypatch):
    monkeypatch.setattr("funnelkpi.adapters.cells.phones.by_library", lambda *_: "asked")
    assert one("8 (916) 123-45-67 доб. 12") == one("+79161234567 ext 3") == "+79161234567"
    assert one("+79161234567 вн. 3") == "asked"


def test_series_keep_their_index():
    phones = pd.Series(["8 912 000-00-01", None, "+79120000001"], index=[5, 6, 7], dtype="str")
    found = normalise_phones(phones, "RU")
    assert found.index.tolist() == [5, 6, 7]
    assert found.dropna().tolist() == ["+79120000001"] * 2
