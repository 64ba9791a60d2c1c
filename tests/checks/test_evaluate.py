"""All verdicts of a run, on figures computed from deals."""

import pandas as pd

from funnelkpi.checks.evaluate import evaluate
from funnelkpi.locale import catalogue
from funnelkpi.metrics import plain, stalled


def test_thresholds_of_real_figures(make):
    data = make.build(
        """
        id | manager | stage | amount | created    | changed
        1  | Анна    | kp    | 100    | 2026-10-01 | 2026-10-02
        2  | Борис   | kp    | 200    | 2026-10-01 | 2026-11-15
        """,
        funnel=make.funnel(),
    )
    view = make.ask(
        data,
        thresholds=[
            {"metric": "stalled", "scope": "manager", "fail": "> 0"},
            {"metric": "stalled_amount", "fail": ">= 100", "warn": ">= 50"},
            {"metric": "stalled_share", "fail": "> 0.4"},
            {"metric": "open_deals", "warn": "< 2"},
            {"metric": "win_rate", "warn": "< 0.2", "required": True},
        ],
    )
    metrics = pd.concat([plain.compute(data, view), stalled.compute(data, view)])
    got = evaluate(metrics, view.settings, ["Анна", "Борис"])
    assert [(v.metric, v.manager, v.value, v.level) for v in got] == [
        ("stalled", "Анна", 1, "fail"),
        ("stalled", "Борис", 0, "ok"),
        ("stalled_amount", None, 100, "fail"),
        ("stalled_share", None, 0.5, "ok"),  # 1 of 2: few data
        ("open_deals", None, 2, "ok"),
        ("win_rate", None, None, "not_evaluated"),
    ]
    assert got[3].note == "few"
    assert got[5].required


def test_order_is_thresholds_norms_marks():
    frame = pd.DataFrame(
        {"metric": ["a", "b"], "scope": "company", "statistic": "value", "value": [1.0, 2.0],
         "norm": [None, 3.0], "verdict": [None, "below"], "mark": ["much_lower", None],
         "unit": "count"}
    )  # fmt: skip
    from funnelkpi.config.schema import Settings
    from funnelkpi.metrics.result import conform

    settings = Settings.model_validate({"thresholds": [{"metric": "a", "fail": "> 0"}]})
    got = evaluate(conform(frame), settings)
    assert [v.kind for v in got] == ["threshold", "norm", "mark"]
    assert evaluate(conform(frame.iloc[:0]), Settings()) == ()


def test_every_word_of_a_stalled_deal_has_a_text():
    names = [f"reason.{g}" for g in (*stalled.GROUPS, "stage_unknown")]
    names += [f"reason.{r}.definition" for r in stalled.REASONS]
    names += [f"status.{s}" for s in stalled.STATUSES]
    names += [n for spec in stalled.SPECS for n in (spec.id, f"{spec.id}.definition")]
    assert [n for n in names if not catalogue.has(f"metrics_time.{n}")] == []
