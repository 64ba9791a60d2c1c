"""Every turn a deal's way can take, as a small history with the result stated beside it."""

from __future__ import annotations

import pytest

from funnelkpi.metrics import conversion, entries

# base -> lpr -> needs -> kp -> closing -> won; as of 2026-11-16 08:30


def visits(data):
    stages = [s.key for s in data.funnel.stages]
    rows = data.visits
    return [
        (data.deals["deal_id"][d], stages[s], str(a)[:16], str(b)[:16])
        for d, s, a, b in zip(rows["deal"], rows["stage"], rows["start"], rows["end"], strict=True)
    ]


def entered(data):
    stages = [s.key for s in data.funnel.stages]
    e = data.entries
    return {
        (data.deals["deal_id"][d], stages[s]): str(at)[:10]
        for d, s, at in zip(e["deal"], e["stage"], e["at"], strict=True)
    }


def klass(data, make, row, stage, manager=None, **settings):
    out = conversion.compute(data, make.ask(data, conversion={"maturity": 0, **settings}))
    out = out[out["scope"].eq("company") & out["stage"].eq(stage)]
    base = out[
        out["metric"].eq("conversion_base") & out["slice"].str.startswith("class=", na=False)
    ]
    return {
        s.removeprefix("class="): int(v)
        for s, v in zip(base["slice"], base["value"], strict=True)
        if v
    }


ANCHOR = "0 | 2026-08-01 10:00 | Base | Lpr"
"""The first event of the file: from then on everything was recorded."""
ANCHORED = "0 | lpr | 2026-08-01 09:00"


def build(make, deals, history, **more):
    head = "id | stage | created | closed | manager"
    return make.build(
        f"{head}\n{ANCHORED} | | Анна\n{deals}",
        funnel=make.funnel(),
        history=f"id | at | from | to | change | owner | from_owner | event\n{ANCHOR}\n{history}",
        **more,
    )


def test_a_plain_way(make, row):
    data = build(
        make,
        "1 | won | 2026-09-01 10:00 | 2026-09-20 12:00 | Анна",
        """
        1 | 2026-09-05 11:00 | Base  | Lpr
        1 | 2026-09-10 11:00 | Lpr   | Needs
        1 | 2026-09-20 12:00 | Needs | Won
        """,
    )
    assert [v for v in visits(data) if v[0] == "1"] == [
        ("1", "base", "2026-09-01 10:00", "2026-09-05 11:00"),
        ("1", "lpr", "2026-09-05 11:00", "2026-09-10 11:00"),
        ("1", "needs", "2026-09-10 11:00", "2026-09-20 12:00"),
        ("1", "won", "2026-09-20 12:00", "NaT"),
    ]
    # kp and closing were skipped: no entries there, but reached for conversion
    assert ("1", "kp") not in entered(data)
    assert klass(data, make, row, "kp") == {"advanced": 1}
    assert klass(data, make, row, "kp", skipped="strict") == {}


def test_a_return_keeps_the_first_entry(make):
    data = build(
        make,
        "1 | lpr | 2026-09-01 10:00 | | Анна",
        """
        1 | 2026-09-05 11:00 | Base  | Lpr
        1 | 2026-09-10 11:00 | Lpr   | Needs
        1 | 2026-09-20 12:00 | Needs | Lpr
        """,
    )
    own = {k: v for k, v in entered(data).items() if k[0] == "1"}
    assert own == {
        ("1", "base"): "2026-09-01",
        ("1", "lpr"): "2026-09-05",
        ("1", "needs"): "2026-09-10",
    }
    assert len([v for v in visits(data) if v[:2] == ("1", "lpr")]) == 2


def test_a_deal_moved_back_is_so_in_the_stage_above(make, row):
    data = build(
        make,
        "1 | lpr | 2026-09-01 10:00 | | Анна",
        """
        1 | 2026-09-05 11:00 | Base  | Lpr
        1 | 2026-09-10 11:00 | Lpr   | Needs
        1 | 2026-09-20 12:00 | Needs | Lpr
        """,
    )
    assert klass(data, make, row, "needs") == {"moved_back": 1}
    assert klass(data, make, row, "lpr") == {"advanced": 1}


def test_two_changes_in_one_second_follow_the_chain(make):
    data = build(
        make,
        "1 | needs | 2026-09-01 10:00 | | Анна",
        """
        1 | 2026-09-05 11:00:00 | Lpr  | Needs
        1 | 2026-09-05 11:00:00 | Base | Lpr
        """,
    )
    assert [v[1] for v in visits(data) if v[0] == "1"] == ["base", "lpr", "needs"]


def test_creation_straight_into_a_late_stage(make, row):
    data = build(
        make,
        "1 | kp | 2026-09-01 10:00 | | Анна",
        "1 | 2026-09-01 10:00 | | Kp | created",
    )
    assert {k: v for k, v in entered(data).items() if k[0] == "1"} == {("1", "kp"): "2026-09-01"}
    assert klass(data, make, row, "lpr") == {"advanced": 1}


def test_a_reopened_deal_is_open(make, row):
    data = build(
        make,
        "1 | closing | 2026-09-01 10:00 | | Анна",
        """
        1 | 2026-09-05 11:00 | Base    | Closing
        1 | 2026-09-10 11:00 | Closing | Won
        1 | 2026-09-20 12:00 | Won     | Closing
        """,
    )
    assert klass(data, make, row, "closing") == {"still_there": 1}


def test_what_was_before_the_first_event_is_unknown(make):
    data = build(
        make,
        "1 | needs | 2026-05-01 10:00 | | Анна",
        "1 | 2026-09-05 11:00 | Lpr | Needs",
    )
    assert [v for v in visits(data) if v[0] == "1"] == [
        ("1", "lpr", "NaT", "2026-09-05 11:00"),
        ("1", "needs", "2026-09-05 11:00", "NaT"),
    ]
    assert ("1", "lpr") not in entered(data)


def test_a_gap_in_the_events_is_an_interval(make):
    data = build(
        make,
        "1 | kp | 2026-09-01 10:00 | | Анна",
        """
        1 | 2026-09-05 11:00 | Base  | Lpr
        1 | 2026-09-15 11:00 | Needs | Kp
        """,
    )
    row = data.entries[(data.entries["stage"] == data.funnel.code["main/needs"])].iloc[0]
    assert (str(row["since"]), str(row["until"])) == ("2026-09-05 11:00:00", "2026-09-15 11:00:00")
    assert str(row["at"]) == "2026-09-10 10:59:59"


def test_a_handed_over_deal_does_not_rewrite_last_month(make):
    data = build(
        make,
        "1 | needs | 2026-09-01 10:00 | | Борис",
        """
        1 | 2026-09-05 11:00 | Base | Lpr   |       |       |
        1 | 2026-10-01 11:00 |      |       | owner | Борис | Анна
        1 | 2026-10-05 11:00 | Lpr  | Needs |       |       |
        """,
    )
    out = entries.facts(data, make.ask(data, "2026-09"), "entries")
    names = [m.name for m in data.roster.managers]
    stages = [s.key for s in data.funnel.stages]
    got = {
        (stages[s], names[m])
        for d, s, m in zip(out["deal"], out["stage"], out["manager"], strict=True)
        if d == 1
    }
    assert got == {("base", "Анна"), ("lpr", "Анна")}
    out = entries.facts(data, make.ask(data, "2026-10"), "entries")
    assert [names[m] for m in out["manager"]] == ["Борис"]


@pytest.mark.parametrize("as_of", ["2026-09-12 00:00"])
def test_an_earlier_moment_is_rewound(make, as_of):
    data = make.build(
        """
        id | stage | created          | closed           | manager | unknown
        0  | lpr   | 2026-08-01 09:00 |                  | Анна    |
        1  | won   | 2026-09-01 10:00 | 2026-09-20 12:00 | Анна    | 1
        """,
        funnel=make.funnel(),
        as_of=as_of,
        history=f"""
        id | at | from | to
        {ANCHOR}
        1 | 2026-09-05 11:00 | Base  | Lpr
        1 | 2026-09-10 11:00 | Lpr   | Needs
        1 | 2026-09-20 12:00 | Needs | Won
        """,
    )
    deal = data.deals.iloc[1]
    assert (deal["stage"], deal["status"], deal["stage_unknown"]) == ("main/needs", "open", False)
    assert str(deal["stage_changed_at"]) == "2026-09-10 11:00:00"


def two_pipelines(make):
    a, b = make.funnel("base lpr needs", "main"), make.funnel("visit deal", "second")
    return type(a)((*a.pipelines, *b.pipelines))


def test_a_move_to_another_pipeline_leaves_the_first(make, row):
    data = make.build(
        """
        id | stage        | created          | closed | manager
        0  | lpr          | 2026-08-01 09:00 |        | Анна
        1  | second/visit | 2026-09-01 10:00 |        | Анна
        """,
        funnel=two_pipelines(make),
        history=f"""
        id | at | from | to
        {ANCHOR}
        1 | 2026-09-05 11:00 | Main / Base | Main / Lpr
        1 | 2026-09-08 11:00 | Main / Lpr  | Second / Visit
        """,
    )
    assert [v for v in visits(data) if v[0] == "1"] == [
        ("1", "base", "2026-09-01 10:00", "2026-09-05 11:00"),
        ("1", "lpr", "2026-09-05 11:00", "2026-09-08 11:00"),
        ("1", "visit", "2026-09-08 11:00", "NaT"),
    ]
    out = conversion.compute(data, make.ask(data, conversion={"maturity": 0}))
    base = out[out["metric"].eq("conversion_base") & out["scope"].eq("company")]
    left = base[base["slice"].eq("class=left")].set_index(["pipeline", "stage"])["value"]
    assert left[("main", "lpr")] == 1
    assert left[("second", "visit")] == 0


def test_a_deleted_stage_ends_the_visit_before_it(make):
    data = build(
        make,
        "1 | needs | 2026-09-01 10:00 | | Анна",
        """
        1 | 2026-09-05 11:00 | Base     | Удалённый
        1 | 2026-09-15 11:00 | Удалённый | Needs
        """,
    )
    assert [v for v in visits(data) if v[0] == "1"] == [
        ("1", "base", "2026-09-01 10:00", "2026-09-05 11:00"),
        ("1", "needs", "2026-09-15 11:00", "NaT"),
    ]


def test_the_old_name_of_a_renamed_stage_is_the_stage(make):
    from dataclasses import replace

    funnel = make.funnel()
    pipeline = funnel.pipelines[0]
    stages = [
        replace(s, crm_names=("Lpr", "Decision maker")) if s.key == "lpr" else s
        for s in pipeline.stages
    ]
    data = make.build(
        f"id | stage | created | closed | manager\n{ANCHORED} | | Анна\n1 | lpr | 2026-09-01 | | Анна",
        funnel=type(funnel)((replace(pipeline, stages=tuple(stages)),)),
        history=f"id | at | from | to\n{ANCHOR}\n1 | 2026-09-05 11:00 | Base | Decision maker",
    )
    assert ("1", "lpr") in entered(data)


def test_a_new_stage_is_passed_by_deals_that_came_before_it(make, row):
    """Deal 1 went from base to needs when there was no stage between; deal 2 passed it."""
    data = build(
        make,
        "1 | needs | 2026-09-01 10:00 | | Анна\n2 | needs | 2026-10-01 10:00 | | Анна",
        """
        1 | 2026-09-05 11:00 | Base | Needs
        2 | 2026-10-05 11:00 | Base | Lpr
        2 | 2026-10-06 11:00 | Lpr  | Needs
        """,
    )
    assert ("1", "lpr") not in entered(data)
    assert entered(data)[("2", "lpr")] == "2026-10-05"
    assert klass(data, make, row, "lpr") == {"advanced": 2}
    assert klass(data, make, row, "lpr", skipped="strict") == {"advanced": 1}


def test_a_deal_whose_last_event_is_not_its_stage_has_moved_since(make):
    data = build(
        make,
        "1 | needs | 2026-09-01 10:00 | | Анна",
        "1 | 2026-09-05 11:00 | Base | Lpr",
    )
    e = data.entries[data.entries["stage"].eq(data.funnel.code["main/needs"])].iloc[0]
    assert (str(e["since"]), str(e["until"])) == ("2026-09-05 11:00:00", "2026-11-16 08:30:00")
    assert e["evidence"] == 4


def test_a_win_that_did_not_last_is_no_entry(make, row):
    data = build(
        make,
        """
        1 | lpr | 2026-09-01 10:00 |                  | Анна
        2 | won | 2026-09-01 10:00 | 2026-10-20 12:00 | Анна
        """,
        """
        1 | 2026-09-05 11:00 | Base | Won
        1 | 2026-09-06 11:00 | Won  | Lpr
        2 | 2026-09-05 11:00 | Base | Won
        2 | 2026-09-20 11:00 | Won  | Kp
        2 | 2026-10-20 12:00 | Kp   | Won
        """,
    )
    # deal 1 is open again; deal 2 was won when it was won for good
    assert {k: v for k, v in entered(data).items() if k[1] == "won"} == {("2", "won"): "2026-10-20"}
    # nor did deal 1 ever get beyond lpr
    assert klass(data, make, row, "needs") == {"advanced": 1}


def test_a_deal_that_stood_beyond_when_the_events_began_is_in_no_cohort(make, row):
    data = build(
        make,
        """
        1 | closing | 2026-05-01 10:00 | | Анна
        2 | kp      | 2026-09-01 10:00 | | Анна
        """,
        """
        1 | 2026-09-05 11:00 | Kp    | Closing
        2 | 2026-09-05 11:00 | Base  | Needs
        2 | 2026-09-09 11:00 | Needs | Kp
        """,
    )
    # deal 1 came to needs and kp before the first event, nobody knows when: not on 5 September
    assert klass(data, make, row, "needs") == {"advanced": 1, "start_unknown": 1}
    assert klass(data, make, row, "kp") == {"still_there": 1, "start_unknown": 1}
    assert klass(data, make, row, "closing") == {"still_there": 1}


def test_a_return_to_where_it_stood_unseen_is_no_entry(make):
    data = make.build(
        f"""
        id | stage | created          | changed          | manager
        {ANCHORED} |                  | Анна
        1  | kp    | 2026-05-01 10:00 | 2026-09-20 12:00 | Анна
        """,
        funnel=make.funnel(),
        history=f"""
        id | at | from | to
        {ANCHOR}
        1 | 2026-09-05 11:00 | Kp  | Lpr
        1 | 2026-09-20 12:00 | Lpr | Kp
        """,
    )
    own = {k: v for k, v in entered(data).items() if k[0] == "1"}
    assert own == {("1", "base"): "2026-05-01", ("1", "lpr"): "2026-09-05"}


def test_a_deal_from_another_pipeline_was_not_created_in_this_one(make, row):
    data = make.build(
        """
        id | stage       | created          | manager
        0  | lpr         | 2026-08-01 09:00 | Анна
        9  | second/deal | 2026-08-01 09:00 | Анна
        1  | needs       | 2026-05-01 10:00 | Анна
        """,
        funnel=two_pipelines(make),
        history="""
        id | at | from | to
        0 | 2026-08-01 10:00 | Main / Base   | Main / Lpr
        9 | 2026-08-01 10:00 | Second / Visit | Second / Deal
        1 | 2026-09-05 11:00 | Second / Deal | Main / Needs
        """,
    )
    own = {k: v for k, v in entered(data).items() if k[0] == "1"}
    assert own == {("1", "needs"): "2026-09-05"}


def test_a_move_after_the_moment_is_undone_even_if_the_export_says_nothing_of_it(make):
    """Won before the moment and served since: at the moment it stood in the won stage."""
    data = make.build(
        """
        id | stage | created          | closed           | manager
        0  | lpr   | 2026-08-01 09:00 |                  | Анна
        1  | after | 2026-09-01 10:00 | 2026-09-10 11:00 | Анна
        2  | after | 2026-09-01 10:00 | 2026-09-10 11:00 | Анна
        """,
        funnel=make.funnel(),
        as_of="2026-09-12 00:00",
        history=f"""
        id | at | from | to
        {ANCHOR}
        1 | 2026-09-10 11:00 | Base  | Won
        1 | 2026-09-20 12:00 | Won   | After
        2 | 2026-09-10 11:00 | Base  | Won
        2 | 2026-09-11 12:00 | Won   | After
        2 | 2026-09-20 12:00 | After | Lpr
        2 | 2026-09-21 12:00 | Lpr   | After
        """,
    )
    deals = data.deals.iloc[1:]
    assert list(deals["stage"]) == ["main/won", "main/after"]
    assert list(deals["status"]) == ["won", "won"]
    # the close is the win, not the later stage
    assert [str(at)[:10] for at in deals["closed_at"]] == ["2026-09-10", "2026-09-10"]
    assert ("1", "after") not in entered(data)


def test_an_earlier_moment_between_two_changes_of_one_second(make):
    data = make.build(
        """
        id | stage | created          | manager | unknown
        0  | lpr   | 2026-08-01 09:00 | Анна    |
        1  | won   | 2026-09-01 10:00 | Анна    | 1
        """,
        funnel=make.funnel(),
        as_of="2026-09-12 00:00",
        history=f"""
        id | at | from | to
        {ANCHOR}
        1 | 2026-09-10 11:00:00 | Lpr   | Needs
        1 | 2026-09-10 11:00:00 | Base  | Lpr
        1 | 2026-09-20 12:00:00 | Kp    | Won
        1 | 2026-09-20 12:00:00 | Needs | Kp
        """,
    )
    assert data.deals["stage"].iloc[1] == "main/needs"


def test_entries_after_the_last_event_are_at_least(make):
    """The events end in September; deal 1 has moved since: what it passed nobody recorded."""
    data = build(
        make,
        "1 | kp | 2026-09-01 10:00 | | Анна",
        "1 | 2026-09-05 11:00 | Base | Lpr",
    )
    assert str(data.observed_until["main/needs"])[:10] == "2026-09-05"
    out = entries.compute(data, make.ask(data, "2026-10"))
    out = out[out["scope"].eq("company") & out["metric"].eq("entries")]
    level = dict(zip(out["stage"], out["definition"], strict=True))
    assert level["needs"] == "entries.at_least"
    assert level["base"] == "entries"
    out = entries.compute(data, make.ask(data, "2026-08"))
    out = out[out["scope"].eq("company") & out["metric"].eq("entries")]
    assert set(out["definition"]) == {"entries"}


def test_a_deal_first_seen_on_a_move_joins_no_cohort_below_it(make, row):
    """Its events begin with the move to kp and do not say from where: lpr and needs were entered
    nobody knows when."""
    data = build(
        make,
        "1 | kp | 2026-05-01 10:00 | | Анна",
        "1 | 2026-09-05 11:00 | | Kp",
    )
    out = conversion.compute(data, make.ask(data, conversion={"maturity": 0}))
    out = out[out["scope"].eq("company") & out["metric"].eq("conversion")]
    assert dict(zip(out["stage"], out["n"], strict=True))["needs"] == 0
    assert dict(zip(out["stage"], out["n"], strict=True))["kp"] == 1


def test_an_owner_the_events_name_is_not_rewritten_by_the_export(make):
    """Every event is Борис\'s; the export shows Анна: it was handed over after them."""
    data = build(
        make,
        "1 | lpr | 2026-09-01 10:00 | | Анна",
        "1 | 2026-09-05 11:00 | Base | Lpr | | Борис",
    )
    names = [m.name for m in data.roster.managers]
    own = data.entries[data.entries["deal"] == 1]
    assert {names[m] for m in own["manager"]} == {"Борис"}
