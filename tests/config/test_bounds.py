from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.config.bounds import Bound, parse_bound


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("< 0.25", Bound("<", 0.25)),
        ("<=3", Bound("<=", 3)),
        ("  >  5 ", Bound(">", 5)),
        (">= -2.5", Bound(">=", -2.5)),
        ("< 25 %", Bound("<", 0.25)),
        ("> 7,5%", Bound(">", 0.075)),
        ("≤ 3", Bound("<=", 3)),
        ("≥3", Bound(">=", 3)),
    ],
)
def test_forms(text, bound):
    assert parse_bound(text) == bound


@pytest.mark.parametrize(
    "text", ["", "5", "<", "= 5", "< 5 days", "5 >", "<> 5", "< 1 000", "< пять", "< 5 < 6"]
)
def test_no_bounds(text):
    with pytest.raises(ValueError, match=text or None):
        parse_bound(text)


@pytest.mark.parametrize(
    ("text", "below", "at", "above"),
    [
        ("< 2", True, False, False),
        ("<= 2", True, True, False),
        ("> 2", False, False, True),
        (">= 2", False, True, True),
    ],
)
def test_just_below_at_and_just_above(text, below, at, above):
    bound = parse_bound(text)
    assert [bound.breached(v) for v in (1.999, 2, 2.001)] == [below, at, above]
    assert not bound.breached(float("nan"))


BOUNDS = st.builds(Bound, st.sampled_from(["<", "<=", ">", ">="]), st.integers(-2, 2))


@given(BOUNDS, BOUNDS)
def test_covers_is_what_trying_all_values_shows(one, other):
    values = [n / 2 for n in range(-10, 11)]
    tried = all(one.breached(v) for v in values if other.breached(v))
    assert one.covers(other) is tried


@given(BOUNDS)
def test_text_reads_back(bound):
    assert parse_bound(str(bound)) == bound
