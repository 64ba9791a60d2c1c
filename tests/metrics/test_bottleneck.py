"""The one step to talk about, from a team in which one manager loses deals at two steps."""

import pytest

from funnelkpi.metrics import conversion


def lines(manager, base, lpr, needs, won):
    """``base`` deals of which so many reached each further stage."""
    out = []
    for i in range(base):
        stage = "won" if i < won else "needs" if i < needs else "lpr" if i < lpr else "base"
        at = ["2026-09-02" if i < lpr else "", "2026-09-03" if i < needs else ""]
        closed = "2026-09-04" if i < won else ""
        out.append(
            f"{manager}{i} | {manager} | {stage} | 2026-09-01 | {closed} | {at[0]} | {at[1]}"
        )
    return out


def test_the_marked_step_with_the_most_deals_lost(make, row):
    table = ["id | manager | stage | created | closed | @lpr | @needs"]
    # Анна: 40 -> 20 -> 4 -> 3 against 100 -> 80 -> 60 -> 30 of the others
    table += (
        lines("Анна", 40, 20, 4, 3) + lines("Борис", 50, 40, 30, 15) + lines("Вера", 50, 40, 30, 15)
    )
    data = make.build("\n".join(table), funnel=make.funnel("base lpr needs"))
    out = conversion.compute(data, make.ask(data, conversion={"maturity": 10}))
    # base -> lpr: 40 x 0.8 - 20 = 12 deals; lpr -> needs: 20 x 0.75 - 4 = 11 deals; both much lower
    marks = out[out["metric"].eq("conversion") & out["manager"].eq("Анна")].set_index("stage")[
        "mark"
    ]
    assert marks["base"] == marks["lpr"] == "much_lower"
    got = row(out, metric="bottleneck", manager="Анна")
    assert (got["stage"], got["to_stage"], got["mark"], got["n"]) == (
        "base",
        "lpr",
        "much_lower",
        40,
    )
    assert got["value"] == pytest.approx(12)


def test_strength_is_the_step_with_the_most_deals_gained(make, row):
    table = ["id | manager | stage | created | closed | @lpr | @needs"]
    table += lines("Анна", 40, 38, 30, 10) + lines("Борис", 50, 25, 10, 4)
    data = make.build("\n".join(table), funnel=make.funnel("base lpr needs"))
    out = conversion.compute(data, make.ask(data, conversion={"maturity": 10}))
    got = row(out, metric="strength", manager="Анна")
    # base -> lpr: 38 - 40 x 0.5 = 18 deals; lpr -> needs: 30 - 38 x 0.4 = 14.8
    assert (got["stage"], got["value"]) == ("base", pytest.approx(18))
    assert not out[out["metric"].eq("bottleneck")]["manager"].eq("Анна").any()


def test_no_mark_no_bottleneck(make):
    table = ["id | manager | stage | created | closed | @lpr | @needs"]
    table += lines("Анна", 40, 30, 20, 10) + lines("Борис", 40, 30, 20, 10)
    data = make.build("\n".join(table), funnel=make.funnel("base lpr needs"))
    out = conversion.compute(data, make.ask(data, conversion={"maturity": 10}))
    assert not out["metric"].isin(["bottleneck", "strength"]).any()
