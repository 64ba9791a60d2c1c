"""The preset carries the weekly norms of its method."""

from __future__ import annotations

from funnelkpi.config.bundled import preset_path
from funnelkpi.config.load import load_settings

PRESET = load_settings(preset_path("b2b-standard"))


def test_weekly_norms():
    told = [(n.metric, n.stage, n.per, n.normal, n.great) for n in PRESET.norms]
    assert told == [
        ("entries", "base", "week", 50, None),
        ("entries", "decision_maker", "week", 10, 25),
        ("entries", "needs", "week", 5, None),
        ("entries", "proposal", "week", 5, None),
        ("lag", "needs", "week", 3, None),
        ("calls_at_stage", "closing", "week", 3, None),
    ]


def test_base_counts_companies_of_category_a_only():
    (condition,) = PRESET.norms[0].where
    assert condition.field == "Категория компании"
    assert condition.value == ("А", "A")  # Cyrillic and Latin


def test_the_lag_is_better_when_shorter():
    assert [n.metric for n in PRESET.norms if n.less_is_better] == ["lag"]


def test_stages_in_order():
    (pipeline,) = PRESET.pipelines
    assert [(s.key, s.kind) for s in pipeline.stages] == [
        ("incoming", "incoming"),
        ("base", "open"),
        ("decision_maker", "open"),
        ("needs", "open"),
        ("proposal", "open"),
        ("closing", "open"),
        ("won", "won"),
        ("lost", "lost"),
        ("parked", "parked"),
    ]
    assert pipeline.stages[4].limit == 3
