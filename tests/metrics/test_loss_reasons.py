"""Loss reasons of the week 9-15 November 2026 and of the window, by stage where it is known."""

from funnelkpi.metrics import loss_reasons

TABLE = """
id | manager | stage | created    | closed     | reason | previous
1  | Анна    | lost  | 2026-10-01 | 2026-11-10 | Дорого | needs
2  | Анна    | lost  | 2026-10-01 | 2026-11-11 | Дорого |
3  | Анна    | lost  | 2026-10-01 | 2026-11-11 |        | lpr
4  | Борис   | lost  | 2026-10-01 | 2026-10-11 | Тишина |
5  | Борис   | won   | 2026-10-01 | 2026-11-11 |        |
6  | Борис   | parked| 2026-10-01 | 2026-11-11 | Позже  |
"""


def reasons(frame, **where):
    for name, value in where.items():
        frame = frame[frame[name].isna() if value is None else frame[name].eq(value)]
    return {s.removeprefix("loss_reason="): (v, d) for s, v, d in
            zip(frame["slice"], frame["value"], frame["denominator"], strict=True)}  # fmt: skip


def test_reasons_with_all_lost_as_the_whole(make):
    data = make.build(TABLE, funnel=make.funnel())
    out = loss_reasons.compute(data, make.ask(data))
    week = {"scope": "company", "statistic": "value"}
    assert reasons(out, **week, stage=None) == {"Дорого": (2, 3), "": (1, 3)}
    assert reasons(out, **week, stage="needs") == {"Дорого": (1, 1)}
    assert reasons(out, **week, stage="lpr") == {"": (1, 1)}
    wide = reasons(out, scope="company", statistic="window", stage=None)
    assert wide == {"Дорого": (2, 4), "": (1, 4), "Тишина": (1, 4)}
    assert reasons(out, manager="Борис", statistic="window") == {"Тишина": (1, 1)}


def test_dated_stages_tell_the_stage_too(make):
    text = """
    id | manager | stage | created    | closed     | reason | @lpr       | @needs
    0  | Анна    | won   | 2026-01-01 | 2026-01-09 |        | 2026-01-02 | 2026-01-03
    1  | Анна    | lost  | 2026-10-01 | 2026-11-10 | Дорого | 2026-10-02 |
    """
    data = make.build(text, funnel=make.funnel("base lpr needs"))
    out = loss_reasons.compute(data, make.ask(data))
    assert reasons(out, scope="company", statistic="value", stage="lpr") == {"Дорого": (1, 1)}


def test_without_the_column_it_is_not_evaluated(make, row):
    text = "id|manager|stage|created|closed\n1|Анна|lost|2026-10-01|2026-11-10"
    data = make.build(text, funnel=make.funnel())
    got = row(loss_reasons.compute(data, make.ask(data)), metric="loss_reasons")
    assert (got["verdict"], got["definition"]) == ("not_evaluated", "needs.loss_reason")
