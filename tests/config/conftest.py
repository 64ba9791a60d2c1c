"""What a config gets told: problems as (line, column, key), counted from 1."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from funnelkpi.config.load import parse_settings
from funnelkpi.errors import ConfigError, Problem
from funnelkpi.locale.catalogue import LANGS, text

Told = list[tuple[int | None, int | None, str]]


@pytest.fixture
def problems_of() -> Callable[..., list[Problem]]:
    def read(config: str, **known: frozenset[str]) -> list[Problem]:
        with pytest.raises(ConfigError) as caught:
            parse_settings(config, "funnelkpi.yaml", **known)
        problems = list(caught.value.problems)
        for problem in problems:
            for lang in LANGS:
                assert text(problem.key, lang, **problem.params)
                assert text(f"{problem.key}.remedy", lang, **problem.params)
        return problems

    return read


@pytest.fixture
def told(problems_of: Callable[..., list[Problem]]) -> Callable[..., Told]:
    def read(config: str, **known: frozenset[str]) -> Told:
        return [
            (p.line, p.column, p.key.removeprefix("errors_config."))
            for p in problems_of(config, **known)
        ]

    return read
