from __future__ import annotations

import pytest

from funnelkpi.config.load import parse_settings

FUNNEL = """\
pipelines:
  - {key: sales, stages: [{key: base}, {key: needs}, {key: won, kind: won}]}
  - {key: service, stages: [{key: visit}, {key: won, kind: won}]}
"""

WRONG = {
    "great below normal": (
        "norms:\n  - {metric: won, normal: 10, great: 5}\n",
        [(2, 38, "great_below_normal")],
    ),
    "great above normal where less is better": (
        "norms:\n  - {metric: lag, normal: 3, great: 5, less_is_better: true}\n",
        [(2, 37, "great_above_normal")],
    ),
    "unknown stage": (
        FUNNEL + "norms:\n  - {metric: entries, stage: need, normal: 1}\n",
        [(5, 30, "unknown_stage_near")],
    ),
    "stage of another pipeline": (
        FUNNEL + "norms:\n  - {metric: entries, stage: base, pipeline: service, normal: 1}\n",
        [(5, 30, "unknown_stage")],
    ),
    "unknown pipeline": (
        FUNNEL + "norms:\n  - {metric: won, pipeline: servise, normal: 1}\n",
        [(5, 29, "unknown_pipeline_near")],
    ),
    "unknown target stage": (
        FUNNEL + "thresholds:\n  - {metric: lag, stage: base, to_stage: zzz, fail: '> 3'}\n",
        [(5, 42, "unknown_stage")],
    ),
    "unknown pair": (
        FUNNEL + "conversion:\n  pairs: [[base, won], [bas, won]]\n",
        [(5, 25, "unknown_stage_near")],
    ),
    "unknown stage of a lag": (
        FUNNEL + "lags:\n  - {stage: base, to_stage: nees, limit: 2}\n",
        [(5, 29, "unknown_stage_near")],
    ),
    "lag between two pipelines": (
        FUNNEL + "lags:\n  - {stage: base, to_stage: visit, limit: 2}\n",
        [(5, 29, "lag_apart")],
    ),
    "lag backwards": (
        FUNNEL + "lags:\n  - {stage: needs, to_stage: base, limit: 2}\n",
        [(5, 30, "lag_backwards")],
    ),
    "lag from a stage to itself": (
        FUNNEL + "lags:\n  - {stage: needs, to_stage: needs, limit: 2}\n",
        [(5, 30, "lag_backwards")],
    ),
    "unknown first stage of the time to close": (
        FUNNEL + "time_to_close: {from_stage: visitt}\n",
        [(4, 29, "unknown_stage_near")],
    ),
    "no bound": (
        "thresholds:\n  - metric: won\n",
        [(2, 5, "threshold_without_bound")],
    ),
    "not a bound": (
        "thresholds:\n  - {metric: won, fail: '5', warn: мало}\n",
        [(2, 25, "bad_bound"), (2, 36, "bad_bound")],
    ),
    "a number as bound": (
        "thresholds:\n  - {metric: won, fail: 5}\n",
        [(2, 25, "text_is_number")],
    ),
    "warn after fail": (
        "thresholds:\n  - {metric: won, warn: '< 20 %', fail: '< 0.25'}\n",
        [(2, 25, "warn_never_alone")],
    ),
    "warn with fail": (
        "thresholds:\n  - {metric: lag, warn: '> 3', fail: '>= 3'}\n",
        [(2, 25, "warn_never_alone")],
    ),
    "filter without value": (
        "norms:\n  - {metric: won, normal: 1, where: [{field: source}]}\n",
        [(2, 38, "filter_needs_value")],
    ),
    "filter with a value too many": (
        "norms: [{metric: a, normal: 1, where: [{field: s, op: filled, value: 1}]}]\n",
        [(1, 70, "filter_without_value")],
    ),
    "filter in without a list": (
        "norms: [{metric: a, normal: 1, where: [{field: s, op: in, value: A}]}]\n",
        [(1, 66, "filter_needs_list")],
    ),
    "filter with a list too many": (
        "norms: [{metric: a, normal: 1, where: [{field: s, value: [A]}]}]\n",
        [(1, 58, "filter_needs_one")],
    ),
    "filter over a text": (
        "norms: [{metric: a, normal: 1, where: [{field: s, op: '>', value: A}]}]\n",
        [(1, 67, "filter_needs_number")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), WRONG.values(), ids=WRONG.keys())
def test_place_and_reason(text, expected, told):
    assert told(text) == expected


def test_warn_before_fail_is_right():
    text = "thresholds: [{metric: won, warn: '< 25 %', fail: '< 0.2'}]"
    assert parse_settings(text, "f").thresholds[0].warn == "< 25 %"


def test_warn_and_fail_on_different_sides_are_right():
    text = "thresholds: [{metric: won, warn: '> 90 %', fail: '< 20 %'}]"
    assert len(parse_settings(text, "f").thresholds) == 1


def test_without_pipelines_stages_may_come_from_the_files():
    text = "norms: [{metric: entries, stage: any, pipeline: other, normal: 1}]"
    assert parse_settings(text, "f").norms[0].stage == "any"


def test_a_lag_needs_one_pipeline_that_has_both_stages():
    text = FUNNEL + "lags: [{stage: base, to_stage: won, limit: 2, unit: working_hours}]"
    assert parse_settings(text, "f").lags[0].unit == "working_hours"


def test_the_nearest_stage_of_the_pipeline(problems_of):
    text = FUNNEL + "norms: [{metric: entries, stage: visits, pipeline: service, normal: 1}]"
    (problem,) = problems_of(text)
    assert problem.params == {"name": "visits", "nearest": "visit"}
