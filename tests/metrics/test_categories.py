"""Companies by category; last week is 9-15 November 2026."""

from __future__ import annotations

from funnelkpi.metrics import categories
from funnelkpi.metrics.norms import compute as norms

DEALS = """
id | manager | stage | company | created
1  | Анна    | needs | Вега    | 2026-10-01
"""
COMPANIES = """
name  | manager | maker | created          | employees | turnover     | field:Регион
Вега  | Анна    | Борис | 2026-11-09       | 50-100    | 1 241 000,00 | Тверь
Лира  | Анна    | Анна  | 2026-11-15 23:59 | 250+      | 100          | Тверь
Орион | Анна    | Анна  | 2026-11-16       | 250+      | 2 млн        | Пермь
Рысь  | Борис   |       | 2026-11-12       | 10-20     | 5 млн        | тверь
Сова  | Борис   | Борис | 2026-11-12       | 10-20     | 100          | Омск
Тигр  | Борис   | Борис | 2026-11-12       |           |              |
"""
RULES = [
    {"name": "А", "where": [{"field": "employees", "op": ">=", "value": 50},
                            {"field": "turnover", "op": ">", "value": 1_000_000}]},
    {"name": "B", "where": [{"field": "Регион", "value": "Тверь"}]},
]  # fmt: skip
# А: Вега, Орион; B: Лира (many people, small turnover), Рысь; none: Сова, Тигр


def asked(make, rules=RULES, companies=COMPANIES, **settings):
    data = make.build(DEALS, funnel=make.funnel(), companies=companies)
    return data, make.ask(data, categories=rules, **settings)


def test_first_match_wins(make):
    data, view = asked(make)
    assert list(categories.category(data.companies, view)) == [0, 1, 0, 1, -1, -1]


def test_new_ones_by_who_entered_them(make, row):
    data, view = asked(make)
    out = categories.compute(data, view)
    new = {
        m: row(out, metric=m, scope="company")["value"]
        for m in ("new_category_a", "new_category_b")
    }
    assert new == {"new_category_a": 1, "new_category_b": 2}
    assert row(out, metric="new_category_a", scope="manager", manager="Борис")["value"] == 1
    assert row(out, metric="new_category_b", scope="manager", manager="Анна")["value"] == 1
    assert row(out, metric="new_category_b", scope="manager", manager="Борис")["value"] == 1


def test_stock(make, row):
    data, view = asked(make)
    out = categories.compute(data, view)
    stock = out[out["metric"].eq("companies_by_category") & out["scope"].eq("company")]
    assert dict(zip(stock["slice"].fillna("all"), stock["value"], strict=True)) == {
        "all": 6, "category=А": 2, "category=B": 2, "category=": 2,
    }  # fmt: skip


def test_facts_are_the_companies(make):
    data, view = asked(make)
    assert list(categories.facts(data, view, "new_category_a")["company"]) == [0]
    assert list(categories.facts(data, view, "new_category_a")["deal"]) == [0]
    assert len(categories.facts(data, view, "companies_by_category")) == 6


def test_norm_per_week(make, row):
    data, view = asked(make, norms=[{"metric": "new_category_a", "normal": 1, "per": "week"}])
    out = norms(data, view)
    verdicts = {
        m: row(out, metric="new_category_a", manager=m)["verdict"] for m in ("Анна", "Борис")
    }
    assert verdicts == {"Анна": "below", "Борис": "normal"}


def test_what_is_missing(make, row):
    def reasons(data, view):
        out = categories.compute(data, view)
        return {r.metric: r.definition.removeprefix("needs.") for r in out.itertuples()
                if r.verdict == "not_evaluated"}  # fmt: skip

    every = ("new_category_a", "new_category_b", "companies_by_category")
    assert reasons(*asked(make, rules=[])) == dict.fromkeys(every, "categories")
    data = make.build(DEALS, funnel=make.funnel())
    view = make.ask(data, categories=RULES)
    assert reasons(data, view) == dict.fromkeys(every, "companies")
    assert not len(categories.facts(data, view, "new_category_a"))
    assert reasons(*asked(make, rules=RULES[:1])) == {"new_category_b": "categories"}
    other = [{"name": "A", "where": [{"field": "Оборот", "op": ">", "value": 1}]}, RULES[1]]
    assert reasons(*asked(make, rules=other)) == dict.fromkeys(every, "category_field")
    undated = COMPANIES.replace("created ", "since   ")
    assert reasons(*asked(make, companies=undated)) == dict.fromkeys(
        every[:2], "company_created_at"
    )
