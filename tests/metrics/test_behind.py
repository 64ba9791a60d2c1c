"""Every number can be defended: the deals listed behind a figure are as many as the figure says."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from funnelkpi.metrics import behind as module
from funnelkpi.metrics._cohort import CLASSES
from funnelkpi.metrics.behind import LISTED, WINDOWED, Behind, Figure, behind
from funnelkpi.metrics.registry import SPECS

CRMS = ("amocrm", "bitrix24")
Row = dict[str, Any]

# metric -> what of the row is the number of deals listed, and the classes that make its numerator
COUNTS = (
    "deals_created", "won", "lost", "open_deals", "entries", "skipped_over", "conversion_base",
    "created_to_won_base", "deals_in_stage", "loss_reasons", "stalled",
)  # fmt: skip
BASES = ("conversion", "created_to_won", "bottleneck", "strength")
RATES = ("win_rate", "win_rate_with_open", "win_rate_with_stale", "time_to_close")
SUMS = ("won_amount", "open_amount", "amount_in_stage", "stalled_amount")
COMPARED = (
    "deal_id",
    "crm",
    "amount",
    "currency",
    "status",
    "loss_reason",
    "_row",
    "stage_unknown",
)
OTHERS = ("average_check", "conversion_flow", "stalled_share", "norm_streak")
TIMES = ("conversion_mature", "time_in_stage", "lag", "velocity", "close_date_pushes", "reopened")
PEOPLE = (
    "first_meetings", "first_meetings_booked", "meetings", "decision_makers", "new_category_a",
    "new_category_b", "companies_by_category", "hand_overs", "hand_overs_dropped", "repeats",
    "facts_overdue",
)  # fmt: skip
PEOPLE_RATES = (
    "meetings_with_next_step", "next_step_share", "promise_kept", "facts_complete",
    "list_conversion", "contact_to_client",
)  # fmt: skip
PEOPLE_TIMES = ("hand_over_delay", "fact_lag")
CALLS = (
    "calls", "conversations", "calls_without_result", "calls_without_deal", "deals_without_call",
    "missed_calls", "touches", "under_called", "leads_created", "leads_converted",
    "calls_matching", "calls_by_hour", "best_calls",
)  # fmt: skip
CALL_RATES = (
    "answered_share", "deals_per_10_conversations", "calls_per_meeting", "calls_per_won_deal",
    "time_to_callback", "first_response", "calls_at_stage",
)  # fmt: skip
_OWN_SLICES = (
    "direction", "outcome", "hour", "client", "touch", "link", "source_group", "field", "dates",
    "category", "kind", "repeat",
)  # fmt: skip
_OWN_STATISTICS = ("callers", "met", "next_step", "no_client", "clients")
_OUTCOME = {"median": "reached", "waiting": "waiting", "ended": "ended"}
"""Statistic of a lag -> the deals it is about."""


@pytest.fixture
def once(monkeypatch: pytest.MonkeyPatch, sample: Callable[[str], Any]) -> None:
    """Facts do not depend on who is asked for: they are taken once per figure, not per manager."""
    taken: dict[Hashable, pd.DataFrame] = {}
    take = module._facts

    def remembered(data: Any, view: Any, figure: Figure) -> pd.DataFrame:
        crm = data.deals["crm"].iat[0]
        outcome = figure.outcome if figure.metric in module._STALLED else None
        key = (crm, view.period, figure.metric, outcome, figure.norm)
        if key not in taken:
            taken[key] = take(sample(crm).data, view, figure)
        return taken[key]

    monkeypatch.setattr(module, "_facts", remembered)


def figure_of(row: Row) -> Figure | None:
    """The question whose answer is the row; None: the row has no deals of its own."""
    kind, _, value = (row["slice"] or "").partition("=")
    if row["statistic"] == "without_ignore_rule" or row["metric"] == "norm_streak":
        return None
    if row["statistic"] in ("within_limit", "deals", "open") or kind == "start":
        return None  # all the deals of a lag together; deals of several events; a count left out
    pending = row["slice"] == "fate=pending" and row["metric"] != "missed_calls"
    if pending or (row["metric"] in CALL_RATES and row["statistic"] in ("waiting", "ended")):
        return None  # left out of the figure, and counted
    if kind in _OWN_SLICES or row["statistic"] in _OWN_STATISTICS:
        return None
    if row["statistic"] == "waiting" and row["scope"] == "manager":
        return None  # counted with the owner at the entry, listed with the present one
    return Figure(
        row["metric"],
        stage=row["stage"],
        to_stage=row["to_stage"],
        outcome=value
        if kind in ("class", "reason", "loss_reason", "fate")
        else (_OUTCOME[row["statistic"]] if row["metric"] == "lag" and kind != "norm" else None),
        managers=(row["manager"],) if row["manager"] else (),
        pipelines=(row["pipeline"],) if row["pipeline"] else (),
        window=row["statistic"] == "window",
        norm=int(value) if kind == "norm" else None,
    )


def rows_of(analysis: Any) -> Iterator[Row]:
    """Rows of the company and of each manager that were evaluated.

    Of the many places and slices of a manager some stand for the rest; of the company all.
    """
    table = analysis.metrics
    table = table[table["scope"].isin(["company", "manager"]) & (table["manager"] != "")]
    table = table[table["verdict"] != "not_evaluated"]
    slices = table["slice"].fillna("")
    shown = slices.isin(["", "class=lost", "reason=any"]) | slices.str.startswith("norm=")
    shown |= slices.str.startswith("loss_reason=") & table["stage"].isna()
    shown &= table["pipeline"].fillna("sales").eq("sales")
    shown |= table["scope"].eq("company")
    # how well the reach of a base is known is a property of the deals, not a group to ask for
    table = table[shown & ~slices.str.startswith("evidence=")].astype(object)
    yield from table.where(table.notna(), None).to_dict("records")


def asked(analysis: Any, figure: Figure) -> Behind:
    """``behind`` on the few columns that are compared: a thousand figures are asked for."""
    data = analysis.data
    if id(data) not in _THIN:
        _THIN[id(data)] = replace(data, deals=data.deals[[*COMPARED]])
    return behind(_THIN[id(data)], analysis.view, figure)


_THIN: dict[int, Any] = {}


def in_base(found: Behind) -> int:
    return int(found.facts["class"].isin(CLASSES).sum())


def total(found: Behind, currency: str) -> float:
    deals = found.deals
    return float(deals.loc[deals["currency"] == currency, "amount"].sum())


def expected_and_listed(row: Row, found: Behind) -> tuple[Any, Any]:  # noqa: PLR0911
    """What the figure says, and what the list of deals says."""
    metric, n = row["metric"], len(found.deals)
    if metric in (*CALLS, *CALL_RATES):
        n += found.without_deal
        return row["denominator" if metric in CALL_RATES else "value"], n
    if metric in PEOPLE or metric in PEOPLE_RATES or metric in PEOPLE_TIMES:
        n += found.without_deal
        says = row["denominator"] if metric in PEOPLE_RATES else row["n"]
        return says, n
    if metric in SUMS:
        return row["value"], pytest.approx(total(found, row["currency"]))
    if metric in BASES:
        return row["n"], in_base(found)
    if metric == "lag":
        return (row["n"] if row["statistic"] == "median" else row["value"]), n
    if metric in ("conversion_mature", "time_in_stage"):
        return row["n"], n
    if metric == "velocity":
        return row["n"], int((found.deals["currency"] == row["currency"]).sum())
    if metric in RATES:
        return row["denominator"], n
    if metric == "average_check":
        here = found.deals["currency"] == row["currency"]
        listed = (int(here.sum()), pytest.approx(total(found, row["currency"])))
        return (row["denominator"] or 0, row["numerator"] or 0), listed
    if metric == "conversion_flow":
        ends = [int((found.facts["class"] == end).sum()) for end in ("reached", "entered")]
        return [row["numerator"], row["denominator"]], ends
    if metric == "stalled_share":
        amount = row["statistic"] == "amount"
        return row["numerator"], pytest.approx(total(found, row["currency"])) if amount else n
    value = row["value"] if row["value"] is not None else row["bound_low"]
    return (0 if value is None else value), n  # a norm of one who was away has no value


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("crm", CRMS)
def test_every_figure_has_as_many_deals_as_it_says(sample: Callable[[str], Any], crm: str) -> None:
    analysis, seen, wrong = sample(crm), set(), []
    for row in rows_of(analysis):
        figure = figure_of(row)
        if figure is None:
            continue
        says, listed = expected_and_listed(row, asked(analysis, figure))
        seen.add((row["metric"], row["scope"]))
        if says != listed:
            wrong.append((figure, says, listed))
    assert wrong == []
    of_managers = {metric for metric, scope in seen if scope == "manager"}
    assert of_managers >= {*COUNTS, *BASES, *RATES, *SUMS} - _without(crm)
    assert len(seen) > 35


def _without(crm: str) -> set[str]:
    """Figures that the native Bitrix24 export cannot give."""
    return {"skipped_over", "loss_reasons"} if crm == "bitrix24" else set()


def test_no_figure_is_forgotten() -> None:
    people = {*PEOPLE, *PEOPLE_RATES, *PEOPLE_TIMES, *CALLS, *CALL_RATES}
    assert {*COUNTS, *BASES, *RATES, *SUMS, *OTHERS, *TIMES, *people} == set(SPECS)


@pytest.mark.usefixtures("once")
@pytest.mark.parametrize("crm", CRMS)
def test_hits_of_a_rate_are_among_its_deals(sample: Callable[[str], Any], crm: str) -> None:
    analysis = sample(crm)
    for row in rows_of(analysis):
        figure = figure_of(row)
        if row["slice"] or figure is None or row["numerator"] is None:
            continue
        if row["metric"] == "conversion":
            found = asked(analysis, figure)
            assert (found.facts["class"] == "advanced").sum() >= row["numerator"]
        elif row["metric"] in RATES[:3]:
            found = asked(analysis, figure)
            won = found.deals["status"].isin(["won", "converted"]).sum()
            assert won == row["numerator"]


def test_a_total_has_no_leads(sample: Callable[[str], Any]) -> None:
    analysis = sample("bitrix24")
    every = behind(analysis.data, analysis.view, Figure("deals_created"))
    assert set(every.deals["pipeline"]) <= {"sales", "service"}
    leads = behind(analysis.data, analysis.view, Figure("deals_created", pipelines=("leads",)))
    assert set(leads.deals["pipeline"]) == {"leads"}
    stage = behind(analysis.data, analysis.view, Figure("deals_in_stage", stage="in_process"))
    assert set(stage.deals["stage"]) == {"leads/in_process"}


def test_the_list_of_the_report_is_the_list_of_deals_stalled(sample: Callable[[str], Any]) -> None:
    analysis = sample("bitrix24")
    found = behind(analysis.data, analysis.view, Figure("stalled", outcome=LISTED))
    assert list(found.deals["deal_id"]) == list(analysis.stalled["deal_id"])
    assert {"soon", "perhaps"} & {part for why in found.facts["class"] for part in why.split(",")}


def test_windowed_figures(sample: Callable[[str], Any]) -> None:
    analysis = sample("amocrm")
    for metric in WINDOWED:
        week = behind(analysis.data, analysis.view, Figure(metric))
        wide = behind(analysis.data, analysis.view, Figure(metric, window=True))
        assert set(week.deals["deal_id"]) < set(wide.deals["deal_id"])
        assert week.period == analysis.view.period
        assert wide.period is not None
        assert f"{wide.period.start:%Y-%m-%d}" == "2026-05-20"  # 180 days before 16 November


def test_largest_first_and_aligned(make: Any) -> None:
    data = make.build(
        """
        id | stage | manager | amount | created    | closed
        1  | won   | Анна    | 100    | 2026-11-01 | 2026-11-10
        2  | won   | Борис   |        | 2026-11-02 | 2026-11-11
        3  | won   | Анна    | 900    | 2026-11-03 | 2026-11-12
        4  | lost  | Анна    | 5000   | 2026-11-03 | 2026-11-12
        """,
        funnel=make.funnel(),
    )
    found = behind(data, make.ask(data), Figure("won"))
    assert list(found.deals["deal_id"]) == ["3", "1", "2"]
    mine = behind(data, make.ask(data), Figure("won", managers=("Анна",)))
    assert list(mine.deals["deal_id"]) == ["3", "1"]
    rate = behind(data, make.ask(data), Figure("win_rate"))
    assert list(rate.deals["deal_id"]) == ["4", "3", "1", "2"]
    days = behind(data, make.ask(data), Figure("time_to_close"))
    assert dict(zip(days.deals["deal_id"], days.facts["days"], strict=True)) == {
        "3": 9.0, "1": 9.0, "2": 9.0,
    }  # fmt: skip


def test_deals_of_a_norm_pass_its_filter(make: Any) -> None:
    data = make.build(
        """
        id | stage | manager | created    | field:Класс
        1  | base  | Анна    | 2026-11-09 | A
        2  | base  | Анна    | 2026-11-10 | B
        3  | base  | Борис   | 2026-11-11 | A
        4  | base  | Анна    | 2026-11-03 | A
        """,
        funnel=make.funnel(),
    )
    norm = {"metric": "entries", "stage": "base", "normal": 1,
            "where": [{"field": "Класс", "op": "=", "value": "A"}]}  # fmt: skip
    view = make.ask(data, norms=[norm])
    found = behind(data, view, Figure("entries", norm=0))
    assert set(found.deals["deal_id"]) == {"1", "3"}
    own = behind(data, view, Figure("entries", norm=0, managers=("Анна",)))
    assert list(own.deals["deal_id"]) == ["1"]


def test_a_deal_of_unknown_stage_counts_once(make: Any, row: Any) -> None:
    """It is in no stage, so it stands in the total of the pipeline and nowhere else."""
    from funnelkpi.metrics import stalled

    data = make.build(
        """
        id | stage | manager | amount | created    | changed    | activity
        1  |       | Анна    | 100    | 2026-01-10 | 2026-01-10 | 2026-01-10
        2  | base  | Анна    | 50     | 2026-01-10 | 2026-01-10 | 2026-01-10
        """,
        funnel=make.funnel(),
    )
    data.deals["status"] = pd.Categorical(
        ["open", "open"], categories=data.deals["status"].cat.categories
    )
    view = make.ask(data, stalled={"silent_days": 30})
    table = stalled.compute(data, view)
    silent = row(table, metric="stalled", scope="company", stage=None, slice="reason=silent")
    assert silent["value"] == 2
    found = behind(data, view, Figure("stalled", outcome="silent"))
    assert set(found.deals["deal_id"]) == {"1", "2"}
