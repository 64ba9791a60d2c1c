"""Names that only the parts above the config know."""

from __future__ import annotations

from funnelkpi.config.load import parse_settings

METRICS = frozenset({"won", "win_rate", "calls_at_stage"})


def test_unknown_figures(told):
    text = "norms: [{metric: win_rat, normal: 1}]\nthresholds: [{metric: profit, fail: '< 1'}]\n"
    assert told(text, known_metrics=METRICS) == [
        (1, 18, "unknown_metric_near"),
        (2, 23, "unknown_metric"),
    ]


def test_without_a_list_any_figure_goes():
    assert parse_settings("norms: [{metric: any, normal: 1}]", "f").norms[0].metric == "any"


def test_checks_are_for_thresholds_only(told):
    text = "thresholds: [{metric: stalled, fail: '> 9'}]\nnorms: [{metric: stalled, normal: 9}]\n"
    assert told(text, known_metrics=METRICS) == [(2, 18, "unknown_metric")]


def test_unknown_sections(told, problems_of):
    text = "report: {sections: [norms, stallled]}\n"
    known = frozenset({"norms", "stalled"})
    assert told(text, known_sections=known) == [(1, 28, "unknown_section_near")]
    assert problems_of(text, known_sections=known)[0].params["nearest"] == "stalled"
