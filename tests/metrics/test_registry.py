"""The registry: every figure has a family, facts, texts and a place in the long table."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import pytest

from funnelkpi.locale.catalogue import LANGS, has, text
from funnelkpi.metrics.declared import DECLARED
from funnelkpi.metrics.names import DOMAINS, KNOWN_METRICS, definition_key, title_key
from funnelkpi.metrics.registry import FAMILIES, FAMILY_OF, SPECS, compute
from funnelkpi.metrics.result import COLUMNS
from funnelkpi.model import tables

TIMED = ("lag", "time_to_callback", "first_response", "calls_at_stage")
LEVEL_COLUMNS = {"none": (), "stage": ("stage",), "step": ("stage", "to_stage")}


def test_a_figure_belongs_to_one_family() -> None:
    every = [spec.id for family in FAMILIES for spec in family.SPECS]
    assert len(every) == len(set(every)) == len(SPECS)
    assert all(metric in {s.id for s in FAMILY_OF[metric].SPECS} for metric in SPECS)


def test_families_have_one_shape() -> None:
    for family in FAMILIES:
        facts = list(inspect.signature(family.facts).parameters)
        assert facts[:3] == ["data", "view", "metric"], family.__name__
        assert list(inspect.signature(family.compute).parameters)[:2] == ["data", "view"]


def test_computed_and_declared_are_apart() -> None:
    assert not set(SPECS) & DECLARED
    assert set(SPECS) | DECLARED == KNOWN_METRICS


@pytest.mark.parametrize("metric", sorted(SPECS))
def test_titles_and_definitions(metric: str) -> None:
    for lang in LANGS:
        assert text(title_key(metric), lang).strip()
        assert len(text(definition_key(metric), lang)) > 20, (metric, lang)


@pytest.mark.parametrize("spec", SPECS.values(), ids=lambda s: s.id)
def test_needs_are_columns_of_the_deals(spec: Any) -> None:
    names = {column.name for column in tables.DEALS}
    assert set(spec.needs) <= names


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
def test_long_table(sample: Callable[[str], Any], crm: str) -> None:
    table = sample(crm).metrics
    assert tuple(table.columns) == COLUMNS
    # Bitrix24's native export has no strong or weak enough step for nobody: both families appear.
    assert set(table["metric"]) == set(SPECS) - ({"norm_streak"} if crm == "bitrix24" else set())
    assert set(table["scope"]) == {"company", "department", "role", "manager"}
    for spec in SPECS.values():
        own = table[(table["metric"] == spec.id) & table["verdict"].ne("not_evaluated")]
        if spec.id not in TIMED:  # their unit depends on the statistic
            assert own["unit"].eq(spec.unit).all(), spec.id
        for column in LEVEL_COLUMNS[spec.level]:
            together = own["pipeline"].isna() | own["slice"].fillna("").str.startswith("norm=")
            assert own.loc[~together, column].notna().all(), (spec.id, column)


@pytest.mark.parametrize("crm", ["amocrm", "bitrix24"])
def test_what_is_not_evaluated_says_what_would_give_it(
    sample: Callable[[str], Any], crm: str
) -> None:
    table = sample(crm).metrics
    absent = table[table["verdict"] == "not_evaluated"]
    assert len(absent)
    assert absent["definition"].str.startswith("needs.").all()
    for definition in absent["definition"].unique():
        assert any(has(f"{domain}.{definition}") for domain in DOMAINS), definition
    assert absent["value"].isna().all()


def test_sums_of_managers_are_the_company(sample: Callable[[str], Any]) -> None:
    """The total comes from the same facts: managers and nobody's deals add up to it."""
    table = sample("amocrm").metrics
    plain = table[table["slice"].isna() & table["statistic"].eq("value")]
    for metric in ("deals_created", "won", "lost", "open_deals", "entries", "deals_in_stage"):
        rows = plain[plain["metric"] == metric]
        keys = ["pipeline", "stage"]
        by = rows.groupby([*keys, "scope"], dropna=False)["value"].sum().unstack("scope")
        assert by["manager"].eq(by["company"]).all(), metric
        assert by["company"].sum() > 0


def test_the_same_question_twice(sample: Callable[[str], Any]) -> None:
    analysis = sample("bitrix24")
    again = compute(analysis.data, analysis.view)
    assert again.table.equals(analysis.metrics)
    assert again.stalled.equals(analysis.stalled)
