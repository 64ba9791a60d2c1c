"""What ends the way of a deal, and when: moves between pipelines, deletion, intended moves."""

from dataclasses import replace

import numpy as np
import pytest

from funnelkpi.metrics import conversion_mature
from funnelkpi.metrics._cohort import ALL_CLASSES
from funnelkpi.metrics._deals import NEVER
from funnelkpi.metrics._index import Index
from funnelkpi.metrics._ways import DAY, Endings, Ways, by_unit, span
from funnelkpi.model.funnel import Funnel
from funnelkpi.model.roster import Manager
from funnelkpi.model.visits import GONE, RUNNING

# 9 dates the first event of each pipeline, so that the others were observed from their creation.
DEALS = """
id | stage       | created          | closed
1  | service/one | 2026-03-01 10:00 |
2  | main/lpr    | 2026-03-01 10:00 |
3  | main/base   | 2026-03-01 10:00 |
9  | main/lpr    | 2026-01-01 10:00 |
"""
EVENTS = """
id | at               | from           | to
9  | 2026-01-05 10:00 | Main / Base    | Main / Lpr
1  | 2026-03-11 10:00 | Main / Base    | Service / One
2  | 2026-03-05 10:00 | Main / Base    | Service / One
2  | 2026-03-07 10:00 | Service / One  | Main / Base
2  | 2026-03-21 10:00 | Main / Base    | Main / Lpr
"""


def two(make, moves_to=None):
    main, service = make.funnel().pipelines[0], make.funnel("one two", "service").pipelines[0]
    if moves_to:
        stages = tuple(replace(s, moves_to=moves_to) if s.key == "base" else s for s in main.stages)
        main = replace(main, stages=stages)
    main, service = (replace(p, crm_names=(p.title,)) for p in (main, service))
    return Funnel((main, service))


def ways(make, funnel):
    data = make.build(DEALS, funnel=funnel, history=EVENTS)
    index, view = Index(data), make.ask(data)
    lane = index.lanes[0]
    path = lane.pipeline.path
    found, _ = Ways(index, lane, view).between(path[0], path[1])
    ids = data.deals["deal_id"].to_numpy()[found["deal"]]
    return {
        i: (ALL_CLASSES[k], s / DAY)
        for i, k, s in zip(ids, found["klass"], found["span"], strict=True)
    }


def test_leaving_the_pipeline_is_another_end(make):
    """2 left and came back: it is inside, and it reached lpr in the end."""
    got = ways(make, two(make))
    assert got["1"] == ("left", 10)
    assert got["2"] == ("advanced", 20)
    assert got["3"][0] == "still_there"


def test_an_intended_move_is_an_advance(make):
    got = ways(make, two(make, "service/one"))
    assert got["1"] == ("advanced", 10)
    assert got["2"] == ("advanced", 4)


def test_a_deleted_deal(make):
    history = """
    id | at               | from | to
    9  | 2026-01-05 10:00 | Base | Lpr
    1  | 2026-03-11 10:00 | Base | Lpr
    """
    data = make.build(
        "id|stage|created\n1|lpr|2026-03-01 10:00\n9|lpr|2026-01-01 10:00",
        funnel=make.funnel(), history=history,
    )  # fmt: skip
    status = data.deals["status"].where(data.deals["deal_id"] != "1", "gone")
    visits = data.visits.copy()
    last = visits.index[(visits["deal"] == 0) & (visits["next"] == RUNNING)]
    visits.loc[last, "next"] = GONE
    visits.loc[last, "end"] = np.datetime64("2026-03-21 10:00", "s")
    index = Index(replace(data, deals=data.deals.assign(status=status), visits=visits))
    endings = Endings(index, index.lanes[0])
    assert ALL_CLASSES[endings.klass[0]] == "gone"
    assert endings.at[0] == np.datetime64("2026-03-21 10:00", "s").astype(np.int64)
    assert endings.at[1] == NEVER


def test_spans_at_the_coarser_precision():
    start = np.array(["2026-03-01 10:00", "2026-03-01 10:00", "2026-03-02"], "M8[s]")
    end = np.array(["2026-03-02 16:00", "2026-03-02 00:00", "2026-03-01 10:00"], "M8[s]")
    got = span(start.astype(np.int64), end.astype(np.int64)) / DAY
    assert got.tolist() == [1.25, 1, 0]


@pytest.mark.parametrize("limit", [0, 1_000_000])
def test_groups_of_every_scope(make, monkeypatch, limit):
    """Counted by the hour where there are many: rounding moves no one past a whole hour."""
    monkeypatch.setattr("funnelkpi.metrics._ways.MANY", limit)
    people = (Manager("Анна", "А", "closer"), Manager("Борис", "А"), Manager("Вера", "Б", "closer"))
    data = make.build("id|stage|manager\n1|base|Анна", funnel=make.funnel(), managers=people)
    rng = np.random.default_rng(3)
    rows = {
        "manager": rng.integers(-1, 3, 200).astype(np.int32),
        "stage": rng.integers(1, 3, 200).astype(np.int16),
        "span": rng.integers(0, 40 * 3600, 200),
        "cause": rng.integers(0, 3, 200).astype(np.int8),
        "evidence": np.zeros(200, np.int8),
    }
    index = Index(data)
    members = {0: {-1, 0, 1, 2}, 1: {0, 1}, 2: {2}, 3: {0, 2}, 4: {-1}, 5: {0}, 6: {1}, 7: {2}}
    seen = 0
    for groups, found in by_unit(rows, index, ["stage"]):
        ends = found.curves().incidence_at(20 * 3600)
        for g, (who, stage) in enumerate(zip(groups["who"], groups["stage"], strict=True)):
            own = np.isin(rows["manager"], list(members[who])) & (rows["stage"] == stage)
            assert found.n[g] == own.sum()
            in_time = own & (rows["span"] <= 20 * 3600)
            assert ends[g] >= (in_time & (rows["cause"] == 1)).sum() / own.sum() - 1e-12
            assert found.at_risk(20 * 3600 + 1)[g] == (own & (rows["span"] > 20 * 3600)).sum()
            seen += 1
    assert seen == 16


def test_unknown_ends_are_not_evaluated(make, row):
    """Half of the wins have no close date: nobody knows when they were won."""
    lines = [f"{i}|won|2026-06-01|{'2026-06-11' if i % 2 else ''}" for i in range(20)]
    data = make.build("\n".join(["id|stage|created|closed", *lines]), funnel=make.funnel())
    out = conversion_mature.compute(data, make.ask(data))
    assert row(out, stage="base", to_stage="won")["definition"] == "needs.closed_at"
