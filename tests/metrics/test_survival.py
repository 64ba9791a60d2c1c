"""Curves against lifelines, an independent product-integral, and numbers counted by hand."""

from __future__ import annotations

import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from funnelkpi.metrics.survival import CENSORED, END, OTHER, curves, observations


def arrays(*columns):
    return [np.array(c, dtype=np.int64) for c in columns]


def test_kaplan_meier_by_hand() -> None:
    """Ends at 1, 3, 3; censored at 2 and at 3 (after the ends of that day).

    S(1) = 4/5; at 3 there are 3 left, 2 of them end: 4/5 x 1/3.
    """
    got = curves(*arrays([3, 1, 2, 3, 3], [END, END, CENSORED, CENSORED, END]))
    assert got.times.tolist() == [1, 3]
    assert got.at_risk.tolist() == [5, 3]
    assert got.ends.tolist() == [1, 2]
    assert got.survival == pytest.approx([4 / 5, 4 / 15])
    assert got.quantile(0.5)[0] == 3
    assert np.isnan(got.quantile(0.8)[0])  # 11/15 had ended: 80 % are not reached
    # area: 1 x 1 + 2 x 4/5 up to 3, then 4/15 for two more
    assert got.restricted_mean(5)[0] == pytest.approx(1 + 1.6 + 8 / 15)
    assert got.restricted_mean(2)[0] == pytest.approx(1 + 0.8)
    assert got.restricted_mean(0.5)[0] == pytest.approx(0.5)


def test_exactly_half_is_the_median() -> None:
    """9/10 x 8/9 x ... = 1/2 in fractions, a hair more in floating point."""
    got = curves(*arrays(range(1, 11), [END] * 5 + [CENSORED] * 5))
    assert got.quantile(0.5)[0] == 5


def test_delayed_entry_by_hand() -> None:
    """The second is seen from 4 on: at 3 only two are at risk, at 5 two again.

    The third came under observation at 6, when it had ended: never at risk.
    """
    got = curves(*arrays([3, 5, 6, 7], [END, END, END, CENSORED], [0, 4, 6, -2]))
    assert got.times.tolist() == [3, 5]
    assert got.at_risk.tolist() == [2, 2]
    assert got.survival == pytest.approx([1 / 2, 1 / 4])
    assert got.n.tolist() == [3]


def test_whoever_enters_at_the_moment_of_an_end_was_not_at_risk() -> None:
    got = curves(*arrays([4, 9], [END, END], [0, 4]))
    assert got.at_risk.tolist() == [1, 1]


def test_ends_at_once_count() -> None:
    got = curves(*arrays([0, 0, 1], [END, CENSORED, END]))
    assert got.times.tolist() == [0, 1]
    assert got.survival == pytest.approx([2 / 3, 0])


def test_aalen_johansen_by_hand() -> None:
    """4 deals: won at 1, lost at 2, won at 3, open at 4.

    F(1) = 1/4; S(2-) = 3/4; S(3-) = 1/2, of two at risk one is won: 1/4 + 1/2 x 1/2 = 1/2.
    (1 - Kaplan-Meier with the lost one censored would say 1 - 3/4 x 1/2 = 5/8.)
    """
    got = curves(*arrays([1, 2, 3, 4], [END, OTHER, END, CENSORED]))
    assert got.incidence == pytest.approx([1 / 4, 1 / 4, 1 / 2])
    assert got.incidence_at(0.5)[0] == 0
    assert got.incidence_at(2.9)[0] == 1 / 4
    assert got.incidence_at(99)[0] == pytest.approx(1 / 2)
    assert got.survival_at(2)[0] == pytest.approx(1 / 2)


def test_groups_are_apart() -> None:
    duration, cause, group = arrays([3, 1, 4, 1, 5], [1, 1, 0, 2, 1], [2, 0, 2, 0, 2])
    got = curves(duration, cause, group=group, groups=4)
    assert got.n.tolist() == [2, 0, 3, 0]
    assert got.quantile(0.5).tolist() == pytest.approx([1, np.nan, 5, np.nan], nan_ok=True)
    assert got.incidence_at(4).tolist() == pytest.approx([0.5, np.nan, 1 / 3, np.nan], nan_ok=True)
    assert got.restricted_mean(5).tolist() == pytest.approx(
        [1, np.nan, 3 + 2 * 2 / 3, np.nan], nan_ok=True
    )
    found = observations(duration, cause, None, group, 4)
    assert found.at_risk(3).tolist() == [0, 0, 3, 0]
    assert found.total(0).tolist() == [1, 0, 2, 0]  # ended as asked
    assert found.medians().tolist() == pytest.approx([1, np.nan, 4, np.nan], nan_ok=True)


def test_at_risk_with_delayed_entry() -> None:
    duration, cause, entry = arrays([5, 5, 4, 5], [END] * 4, [0, 4, 0, 5])
    found = observations(duration, cause, entry)
    assert found.at_risk(5).tolist() == [2]
    assert found.at_risk(4).tolist() == [2]
    assert found.n.tolist() == [3]  # the last one entered when it ended


def test_median_of_those_who_got_there() -> None:
    found = observations(*arrays([9, 1, 5, 2, 4, 7], [1, 1, 1, 2, 0, 1]))
    assert found.medians()[0] == 6
    assert np.isnan(observations(*arrays([3], [2])).medians()[0])


def test_coarser_times_are_rounded_up() -> None:
    """By tens: what ended within 20 is within 20, and 20 itself is."""
    found = observations(*arrays([1, 10, 11, 20, 21], [1] * 5), resolution=10).curves()
    assert found.times.tolist() == [10, 20, 30]
    assert found.ends.tolist() == [2, 2, 1]
    assert found.incidence_at(20)[0] == pytest.approx(4 / 5)


@pytest.mark.parametrize("longest", [3, 10_000_000])
def test_a_table_of_cases_and_sorting_agree(longest: int) -> None:
    """Both ways of counting, and joining groups, against each group on its own."""
    rng = np.random.default_rng(longest)
    n = 400
    duration, cause = rng.integers(0, longest, n), rng.integers(0, 3, n)
    entry, group = rng.integers(-longest, longest, n), rng.integers(0, 6, n)
    fine = observations(duration, cause, entry, group, 6)
    unit = np.array([0, 1, 0, -1, 1, 0])
    joined = fine.joined_as(unit[fine.group], 2)
    whole = joined.curves()
    for u in (0, 1):
        own = unit[group] == u
        alone = curves(duration[own], cause[own], entry[own])
        rows = slice(whole.begin[u], whole.begin[u + 1])
        assert whole.times[rows].tolist() == alone.times.tolist()
        assert whole.at_risk[rows].tolist() == alone.at_risk.tolist()
        assert whole.incidence[rows].tolist() == alone.incidence.tolist()
        assert joined.n[u] == alone.n[0]


def test_nothing() -> None:
    got = curves(*arrays([], []), groups=2)
    assert got.n.tolist() == [0, 0]
    assert np.isnan(got.quantile(0.5)).all()
    assert np.isnan(got.incidence_at(3)).all()
    assert np.isnan(got.restricted_mean(3)).all()
    assert np.isnan(got.reliable_until(1)).all()


def test_reliable_part() -> None:
    got = curves(*arrays([1, 2, 3, 4], [1, 1, 1, 1]))
    assert got.reliable_until(2)[0] == 3
    assert np.isnan(got.reliable_until(5)[0])


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("delayed", [False, True])
def test_kaplan_meier_agrees_with_lifelines(seed: int, delayed: bool) -> None:
    from lifelines import KaplanMeierFitter

    rng = np.random.default_rng(seed)
    duration = rng.integers(1, 40, 300) * 2
    event = rng.random(300) < 0.7
    # odd times: lifelines counts whoever enters at the moment of an end as at risk
    entry = np.maximum(0, np.minimum(rng.integers(-20, 20, 300) * 2 + 1, duration - 1))
    entry = entry if delayed else None
    theirs = KaplanMeierFitter().fit(duration, event, entry=entry)
    ours = curves(duration, event.astype(np.int64), entry)
    for at in range(1, 82):
        expected = float(theirs.predict(at))
        assert ours.survival_at(at)[0] == pytest.approx(expected, abs=1e-9), at
    table = theirs.event_table
    table = table[table["observed"] > 0]
    assert ours.at_risk.tolist() == table["at_risk"].tolist()
    assert ours.quantile(0.5)[0] == theirs.median_survival_time_


@pytest.mark.parametrize("seed", range(4))
def test_aalen_johansen_agrees_with_lifelines_on_untied_times(seed: int) -> None:
    from lifelines import AalenJohansenFitter

    rng = np.random.default_rng(seed)
    duration = rng.permutation(np.arange(1, 201))
    cause = rng.choice([CENSORED, END, OTHER], 200, p=[0.3, 0.3, 0.4])
    ours = curves(duration, cause)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = AalenJohansenFitter().fit(duration, cause, event_of_interest=END)
    share = theirs.cumulative_density_.iloc[:, 0]
    bounds = theirs.confidence_interval_
    for at in (1, 5, 50, 90, 150, 198):
        assert ours.incidence_at(at)[0] == pytest.approx(share.loc[:at].iloc[-1], abs=1e-9)
        assert ours.variance_at(at)[0] == pytest.approx(
            theirs.variance_.loc[:at].iloc[-1], abs=1e-12
        )
        if share.loc[:at].iloc[-1] > 0:
            found = sorted(float(end[0]) for end in ours.interval_at(at))
            assert found == pytest.approx(sorted(bounds.loc[:at].iloc[-1]), abs=1e-9)


def product_integral(duration, cause, entry):
    """Aalen–Johansen as a product of transition matrices in exact fractions, moment by moment."""
    stay, reached, otherwise = Fraction(1), Fraction(0), Fraction(0)
    for t in sorted(set(duration)):
        n = sum(d >= t and e < t for d, e in zip(duration, entry, strict=True))
        ended = [
            sum(d == t and c == k and e < t for d, c, e in zip(duration, cause, entry, strict=True))
            for k in (END, OTHER)
        ]
        if not n:
            continue
        a, b = (Fraction(k, n) for k in ended)
        stay, reached, otherwise = stay * (1 - a - b), reached + stay * a, otherwise + stay * b
    return stay, reached, otherwise


several = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from([CENSORED, END, OTHER]), st.integers(-3, 9)),
    max_size=40,
)


@settings(max_examples=150, deadline=None)
@given(several)
def test_ties_agree_with_the_product_integral(rows) -> None:
    duration, cause, entry = arrays(*(zip(*rows, strict=True) if rows else ([], [], [])))
    got = curves(duration, cause, entry)
    late = [e if e > 0 else -1 for e in entry.tolist()]
    stay, reached, otherwise = product_integral(duration.tolist(), cause.tolist(), late)
    if got.n[0]:
        assert got.survival_at(99)[0] == pytest.approx(float(stay), abs=1e-12)
        assert got.incidence_at(99)[0] == pytest.approx(float(reached), abs=1e-12)
        swapped = curves(duration, np.array([0, 2, 1])[cause], entry)
        assert swapped.incidence_at(99)[0] == pytest.approx(float(otherwise), abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(several, st.randoms())
def test_order_does_not_matter_and_shares_add_up(rows, random) -> None:
    shuffled = list(rows)
    random.shuffle(shuffled)
    first, second = (
        curves(*arrays(*(zip(*r, strict=True) if r else ([], [], [])))) for r in (rows, shuffled)
    )
    assert first.times.tolist() == second.times.tolist()
    assert first.incidence.tolist() == second.incidence.tolist()
    other = curves(*arrays(*(zip(*[(d, (0, 2, 1)[c], e) for d, c, e in rows], strict=True)
                             if rows else ([], [], []))))  # fmt: skip
    assert first.incidence + other.incidence + first.survival == pytest.approx(
        np.ones(len(first.times))
    )
    assert (np.diff(first.survival) <= 0).all()
    assert (np.diff(first.incidence) >= 0).all()
    assert (np.diff(first.times) > 0).all()


def test_a_naive_curve_is_wrong() -> None:
    """Lost deals censored: the share won is overstated; the plain share of a finished cohort is
    what Aalen–Johansen gives."""
    rng = np.random.default_rng(1)
    won, lost = rng.exponential(60, 4000), rng.exponential(20, 4000)
    duration = np.ceil(np.minimum(won, lost)).astype(np.int64)
    cause = np.where(won < lost, END, OTHER)
    true = (cause == END).mean()
    assert curves(duration, cause).incidence_at(10_000)[0] == pytest.approx(true)
    naive = curves(duration, (cause == END).astype(np.int64))
    assert 1 - naive.survival_at(90)[0] > 2 * true
