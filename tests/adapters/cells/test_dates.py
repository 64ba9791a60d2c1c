"""Moments: every form by hand, and against Python's own parser on random ones."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkpi.adapters.cells.dates import DateColumn
from funnelkpi.adapters.cells.zones import date_of, zone_shift


def column(texts, typed=None):
    return pa.chunked_array([pa.array(texts, typed or pa.large_string())])


def parsed(*texts, order="dmy", zone="Europe/Moscow", shift=None):
    found = DateColumn(column(list(texts))).parse(order, zone, shift)
    values = [None if np.isnat(v) else str(v) for v in found.values]
    return values, found.day.tolist(), found.bad.tolist()


@pytest.mark.parametrize(
    ("text", "expected", "day"),
    [
        ("13.02.2026 10:11:12", "2026-02-13T10:11:12", False),
        ("13.02.2026 10:11", "2026-02-13T10:11:00", False),
        ("13.02.2026", "2026-02-13T00:00:00", True),
        ("13/02/2026 10:11:12", "2026-02-13T10:11:12", False),
        ("13-02-2026", "2026-02-13T00:00:00", True),
        ("2026-02-13", "2026-02-13T00:00:00", True),
        ("2026-02-13 10:11:12", "2026-02-13T10:11:12", False),
        ("2026-02-13T10:11:12", "2026-02-13T10:11:12", False),
        ("2026-02-13T10:11:12Z", "2026-02-13T13:11:12", False),
        ("2026-02-13T10:11:12+05:00", "2026-02-13T08:11:12", False),
        ("2026-02-13T10:11:12-03:00", "2026-02-13T16:11:12", False),
        ("2026-02-13T10:11:12.123+0500", "2026-02-13T08:11:12", False),
        ("1770966672", "2026-02-13T10:11:12", False),  # 07:11:12 UTC
        ("1770966672000", "2026-02-13T10:11:12", False),
        ("46066", "2026-02-13T00:00:00", True),  # Excel serial
        ("46066.5", "2026-02-13T12:00:00", False),
        ("3.2.26 9:05", "2026-02-03T09:05:00", False),
        ("13/02/2026 01:05:00 pm", "2026-02-13T13:05:00", False),
        ("13/02/2026 12:05 am", "2026-02-13T00:05:00", False),
    ],
)
def test_forms(text, expected, day):
    assert parsed(text) == ([expected], [day], [False])
    # the same beside a missing cell, another form, and as a dictionary column
    values, _, bad = parsed(None, text, "01.01.2025 00:00:01")
    if not text.replace(".", "").isdigit():
        assert (values[1], bad) == (expected, [False] * 3)
    coded = column([text, text]).dictionary_encode()
    assert str(DateColumn(coded).parse().values[1]) == expected


@pytest.mark.parametrize(
    "text", ["31.02.2026", "29.02.2025 10:00:00", "13.13.2026", "01.01.2026 25:00:00", "скоро",
             "2026-02-30T10:00:00Z", "12345", "01.01.0026"]
)  # fmt: skip
def test_what_is_no_date_is_bad(text):
    assert parsed(text, "01.01.2026")[2] == [True, False]
    assert parsed(text, "01.01.2026")[0][0] is None


@pytest.mark.parametrize(
    "text", [None, "не закрыта", "não fechado", "-", "—", "0", "00.00.0000 00:00:00"]
)
def test_what_stands_for_nothing_is_missing(text):
    values, _, bad = parsed(text)
    assert (values, bad) == ([None], [False])


def test_order_is_told_by_a_part_above_twelve():
    us = DateColumn(column(["02/03/2026", "02/13/2026"]))
    assert us.evidence.order == "mdy"
    assert str(us.parse("mdy").values[0]) == "2026-02-03T00:00:00"
    assert DateColumn(column(["02/03/2026", "13/02/2026"])).evidence.order == "dmy"
    open_question = DateColumn(column(["02/03/2026", "04/04/2026"])).evidence
    assert (open_question.order, open_question.slashes) == (None, 1)
    assert DateColumn(column(["02.03.2026"])).evidence.slashes == 0


def test_contradictory_order_follows_the_majority_and_names_the_rest():
    dates = DateColumn(column(["13/02/2026", "14/02/2026", "02/15/2026"]))
    assert dates.evidence.order == "dmy"
    assert dates.parse("dmy").bad.tolist() == [False, False, True]


def test_midnight_everywhere_is_a_date():
    assert parsed("2026-02-13 00:00:00", "2026-02-14 00:00:00", None)[1] == [True, True, False]
    assert parsed("2026-02-13 00:00:00", "2026-02-14 00:00:01")[1] == [False, False]


def test_another_zone_moves_times_but_not_dates():
    shift = zone_shift(timedelta(hours=5), None, "Europe/Moscow")
    assert shift == timedelta(hours=-2)
    values, _, _ = parsed("13.02.2026 01:00:00", "13.02.2026", shift=shift)
    assert values == ["2026-02-12T23:00:00", "2026-02-13T00:00:00"]
    assert zone_shift(timedelta(hours=3), None, "Europe/Moscow") is None
    assert zone_shift(None, None, "Europe/Moscow") is None


def test_date_of():
    assert str(date_of("20260213")) == "2026-02-13"
    assert date_of("20261399") is None


MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(
    lambda m: m.replace(microsecond=0)
)
FORMS = ("%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S", "%d.%m.%Y", "%Y-%m-%d %H:%M")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(MOMENTS, st.sampled_from(FORMS), st.booleans()), max_size=30))
def test_agrees_with_strptime(cells):
    texts = [None if missing else m.strftime(form) for m, form, missing in cells]
    expected = [
        None if t is None else datetime.strptime(t, form)
        for t, (_, form, _) in zip(texts, cells, strict=True)
    ]
    chunks = pa.chunked_array([pa.array(texts[:7], pa.string()), pa.array(texts[7:], pa.string())])
    found = DateColumn(chunks).parse()
    assert [v.astype(object) for v in found.values] == expected
    assert not found.bad.any()


@settings(max_examples=40, deadline=None)
@given(
    st.lists(MOMENTS, min_size=1, max_size=20),
    st.sampled_from(["Asia/Almaty", "America/Sao_Paulo"]),
)
def test_unix_times_agree_with_zoneinfo(moments, zone):
    utc = [m.replace(tzinfo=ZoneInfo("UTC")) for m in moments if m.year > 1980]
    found = DateColumn(column([str(int(m.timestamp())) for m in utc])).parse(zone=zone)
    expected = [m.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for m in utc]
    assert [v.astype(object) for v in found.values] == expected
