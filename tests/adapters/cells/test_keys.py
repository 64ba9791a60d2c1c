"""Latin keys from titles."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelkpi.adapters.cells.keys import key_of, unique_keys
from funnelkpi.config.schema import PipelineSettings


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("КП отправлено", "kp_otpravleno"),
        ("Счёт на предоплату", "schet_na_predoplatu"),
        ("Подъём", "podem"),
        ("Qualificação", "qualificacao"),
        ("1. Заявка", "s_1_zayavka"),
        ("🔥", "s"),
        ("", "s"),
    ],
)
def test_keys(title: str, key: str) -> None:
    assert key_of(title) == key


def test_equal_keys_are_numbered() -> None:
    assert unique_keys(["КП", "kp", "КП!", "КП 2"]) == ["kp", "kp_2", "kp_3", "kp_2_2"]


@given(st.lists(st.text(max_size=60), max_size=12))
def test_keys_are_unique_and_fit_the_config(titles: list[str]) -> None:
    keys = unique_keys(titles)
    assert len(set(keys)) == len(titles)
    for key in keys:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", key)
        PipelineSettings.model_validate({"key": key, "stages": [{"key": key}]})
