"""Date columns of stages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pandas as pd
import pytest

from funnelkpi.adapters.deals.stage_dates import date_captions, stage_dates
from funnelkpi.adapters.funnel.build import funnel_from_settings
from funnelkpi.config.schema import Settings
from funnelkpi.model.funnel import Funnel

MOMENT = datetime(2026, 11, 10)


@pytest.fixture
def funnel() -> Funnel:
    stages = [{"key": "a", "date_column": "Дата А"}, {"key": "b", "date_column": "Дата Б"},
              {"key": "c", "date_column": "Дата В"}, {"key": "d"}]  # fmt: skip
    pipelines = [{"key": "p", "stages": stages}, {"key": "q", "stages": stages[:1]}]
    return funnel_from_settings(Settings.model_validate({"pipelines": pipelines}))


def deals(**columns: Any) -> pd.DataFrame:
    frame = pd.DataFrame(
        {f"field:{n}": pd.to_datetime(pd.Series(v)).astype("datetime64[s]")
         for n, v in columns.items()}
    )  # fmt: skip
    return frame.assign(pipeline=pd.Categorical(["p", "p", "q"], categories=["p", "q"]))


def test_a_date_belongs_to_the_stage_of_its_own_pipeline(funnel: Funnel) -> None:
    frame = deals(**{"Дата А": ["2026-11-01", None, "2026-11-03"]})
    got = stage_dates(frame, funnel, MOMENT)
    assert sorted(got) == ["p/a", "q/a"]
    assert got["p/a"].notna().tolist() == [True, False, False]
    assert got["q/a"].notna().tolist() == [False, False, True]


def test_later_than_the_moment_is_not_yet(funnel: Funnel) -> None:
    frame = deals(
        **{"Дата А": ["2026-11-09", "2026-11-11", None], "Дата Б": ["2026-11-12", None, None]}
    )
    got = stage_dates(frame, funnel, MOMENT)
    assert list(got) == ["p/a"]  # by then nobody had filled «Дата Б»
    assert got["p/a"].notna().tolist() == [True, False, False]


def test_captions_of_the_columns_there_are(funnel: Funnel) -> None:
    frame = deals(**{"Дата А": [None] * 3, "Дата Б": [None] * 3})
    assert date_captions(frame, funnel) == {"field:Дата А": "Дата А", "field:Дата Б": "Дата Б"}
