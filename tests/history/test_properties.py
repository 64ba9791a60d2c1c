"""What must hold of every history: small invented ones, drawn at random."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from funnelkpi.metrics import conversion, entries, plain
from funnelkpi.metrics._cohort import CLASSES

some = settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
seeds = st.integers(0, 2**32 - 1)
ALWAYS = datetime(2024, 1, 1)
"""Before the first deal: everything was recorded."""


@some
@given(seed=seeds, skipped=st.sampled_from(["passed", "strict"]))
def test_the_classes_add_up_to_the_base_and_the_managers_to_the_company(sim, seed, skipped):
    world = sim.simulate(400, seed)
    data = sim.dataset(world.deals, world.events)
    view = sim.ask(data, maturity=30, window=300, skipped=skipped)
    out = conversion.compute(data, view)
    out = out[out["metric"].isin(["conversion", "conversion_base"]) & out["statistic"].eq("value")]
    place = ["scope", "manager", "pipeline", "stage"]
    base = out[out["metric"].eq("conversion")].set_index(place)["n"]
    classes = out[out["slice"].isin([f"class={name}" for name in CLASSES])]
    added = classes.groupby(place, dropna=False)["value"].sum()
    assert added.reindex(base.index).tolist() == base.tolist()
    assert base.xs("company").sum() > 0
    whole, parts = (
        classes[classes["scope"].eq(scope)].groupby(["pipeline", "stage", "slice"])["value"].sum()
        for scope in ("company", "manager")
    )
    pd.testing.assert_series_equal(whole, parts)


@some
@given(seed=seeds)
def test_the_order_of_rows_changes_nothing(sim, seed):
    world = sim.simulate(200, seed)
    rng = np.random.default_rng(seed)
    one = sim.dataset(world.deals, world.events)
    mixed = world.events.iloc[rng.permutation(len(world.events))].reset_index(drop=True)
    other = sim.dataset(world.deals, mixed)
    for name in ("visits", "entries", "owners"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    pd.testing.assert_frame_equal(one.deals.drop(columns="_row"), other.deals.drop(columns="_row"))


@some
@given(seed=seeds)
def test_a_later_export_changes_nothing_reported_before(sim, seed):
    """An export made months later, with its events, looked at as of the same moment."""
    world = sim.simulate(400, seed, begun=ALWAYS, deleted=0)
    now = sim.dataset(world.deals, world.events[world.events["at"] <= _seconds(sim.AS_OF)])
    then = sim.dataset(world.later, world.events)
    names = ["deal_id", "pipeline", "stage", "status", "manager", "closed_at", "stage_unknown",
             "manager_created", "manager_closed", "reach_low", "reach_high"]  # fmt: skip
    pd.testing.assert_frame_equal(now.deals[names], then.deals[names])
    for name in ("visits", "entries"):
        pd.testing.assert_frame_equal(getattr(now, name), getattr(then, name))
    for family in (entries, conversion, plain):
        results = [
            family.compute(
                data, sim.ask(data, **({"maturity": 30} if family is conversion else {}))
            )
            for data in (now, then)
        ]
        pd.testing.assert_frame_equal(*results)


def _seconds(moment):
    return int(np.datetime64(moment, "s").astype(np.int64))


@pytest.mark.parametrize("seed", [3])
def test_the_histories_have_every_turn(sim, seed):
    """The drawn histories would prove nothing if they were too plain."""
    world = sim.simulate(400, seed)
    moves = world.events[world.events["change"].eq("stage")].drop_duplicates("id")
    rank = np.array([s[3] for s in sim.STAGES] + [-9])
    kind = np.array([s[2] for s in sim.STAGES] + ["deleted"])
    home = np.array([s[0] for s in sim.STAGES] + [sim.STAGES[0][0]])
    frm, til = moves["frm"].to_numpy(), moves["til"].to_numpy()
    same = home[frm] == home[til]
    opened = (kind[frm] == "open") & (kind[til] == "open") & same
    assert (opened & (rank[til] > rank[frm] + 1)).any()  # skips
    assert (opened & (rank[til] < rank[frm])).any()  # returns
    assert (np.isin(kind[frm], ["won", "after", "lost"]) & (kind[til] == "open")).any()  # reopened
    assert (~same).any()  # to the other pipeline
    assert moves.duplicated(["deal", "at"]).any()  # two in one second
    assert world.events.duplicated().any()  # the same row twice
    assert (moves["at"] > _seconds(sim.AS_OF)).any()  # later than the report looks
