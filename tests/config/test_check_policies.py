from __future__ import annotations

import pytest

from funnelkpi.config.load import parse_settings
from funnelkpi.errors import ConfigError

FUNNEL = """\
pipelines:
  - {key: sales, stages: [{key: base}, {key: needs}, {key: won, kind: won}]}
  - {key: service, stages: [{key: visit}, {key: won, kind: won}]}
"""

WRONG = {
    "stage of meetings": (
        FUNNEL + "meetings:\n  stages: [needs, neds]\n",
        [(5, 19, "unknown_stage_near")],
    ),
    "stage after which a next step is due": (
        FUNNEL + "next_step: {after: zzz}\n",
        [(4, 20, "unknown_stage")],
    ),
    "stage of facts in another pipeline": (
        FUNNEL + "facts:\n  - {stage: needs, pipeline: service, fields: [amount]}\n",
        [(5, 13, "unknown_stage")],
    ),
    "pipeline of facts": (
        FUNNEL + "facts:\n  - {stage: needs, pipeline: servise, fields: [amount]}\n",
        [(5, 30, "unknown_pipeline_near")],
    ),
    "rule without a column": ("facts:\n  - {stage: needs}\n", [(2, 5, "fact_rule_empty")]),
    "category given twice": (
        "categories:\n  - {name: A}\n  - {name: ' a'}\n",
        [(3, 12, "same_category")],
    ),
    "condition of a category": (
        "categories:\n  - {name: A, where: [{field: employees, op: '>', value: many}]}\n",
        [(2, 58, "filter_needs_number")],
    ),
    "source in two groups": (
        "source_groups:\n  own: [Звонок, Рынок]\n  marketing: [Сайт, рынок]\n",
        [(3, 21, "same_source")],
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_each_problem_with_its_place(case):
    text, expected = WRONG[case]
    with pytest.raises(ConfigError) as caught:
        parse_settings(text, "f.yaml")
    found = [
        (p.line, p.column, p.key.removeprefix("errors_config.")) for p in caught.value.problems
    ]
    assert found == expected


def test_all_is_well():
    settings = parse_settings(
        FUNNEL
        + """\
meetings: {types: [Созвон], stages: [needs, visit], step_days: 2}
source_groups: {own: [Звонок], marketing: [Сайт]}
next_step: {after: needs}
facts:
  - {stage: needs, fields: [amount, Бюджет], dates: [Договор, Оплата]}
categories:
  - {name: A, where: [{field: employees, op: ">=", value: 50}]}
  - {name: B}
decision_makers: {positions: [директор]}
hand_overs: {dropped_after: 2}
""",
        "f.yaml",
    )
    assert settings.facts[0].dates == ("Договор", "Оплата")
    assert settings.categories[1].where == ()
