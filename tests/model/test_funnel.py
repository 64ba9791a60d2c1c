"""Pipelines, ranks and codes."""

from __future__ import annotations

from funnelkpi.model.funnel import NO_RANK, Funnel, Pipeline, Stage, StageKind


def stage(pipeline: str, key: str, kind: StageKind, rank: int) -> Stage:
    return Stage(f"{pipeline}/{key}", key, key, pipeline, kind, rank)


SALES = Pipeline(
    "sales",
    "Продажи",
    (
        stage("sales", "won", StageKind.WON, 3),
        stage("sales", "needs", StageKind.OPEN, 2),
        stage("sales", "base", StageKind.OPEN, 1),
        stage("sales", "new", StageKind.INCOMING, 0),
        stage("sales", "lost", StageKind.LOST, NO_RANK),
    ),
)
LEADS = Pipeline(
    "leads",
    "Лиды",
    (stage("leads", "new", StageKind.OPEN, 1), stage("leads", "done", StageKind.CONVERTED, 2)),
    entity="lead",
)


def test_open_stages_stand_by_rank_and_the_path_ends_at_the_goal() -> None:
    assert [s.key for s in SALES.open_stages] == ["base", "needs"]
    assert [s.key for s in SALES.path] == ["base", "needs", "won"]
    assert SALES.first is not None
    assert SALES.first.key == "base"


def test_a_lead_pipeline_ends_at_the_conversion() -> None:
    assert LEADS.goal is not None
    assert LEADS.goal.key == "done"


def test_a_pipeline_of_closed_stages_has_neither_first_nor_goal() -> None:
    only = Pipeline("x", "x", (stage("x", "lost", StageKind.LOST, NO_RANK),))
    assert (only.first, only.goal, only.path) == (None, None, ())


def test_codes_are_positions_and_lookups_agree() -> None:
    funnel = Funnel((SALES, LEADS))
    assert [funnel.code[s.id] for s in funnel.stages] == list(range(7))
    assert funnel.stage("leads/done") is LEADS.stages[1]
    assert funnel.pipeline("leads") is LEADS
    assert funnel.pipeline_code == {"sales": 0, "leads": 1}


def test_stages_of_a_pipeline_have_neighbouring_codes() -> None:
    funnel = Funnel((SALES, LEADS))
    for pipeline in funnel.pipelines:
        codes = [funnel.code[s.id] for s in pipeline.stages]
        assert codes == list(range(codes[0], codes[0] + len(codes)))
