"""``funnelkpi explain``: the definition of every figure."""

from __future__ import annotations

from typing import Any

import pytest

from funnelkpi.locale.catalogue import text
from funnelkpi.metrics.names import COMPUTED_METRICS, DECLARED, definition_key, title_key


@pytest.mark.parametrize("lang", ["ru", "en"])
def test_every_figure(cli: Any, lang: str) -> None:
    for metric in sorted(COMPUTED_METRICS):
        ran = cli("explain", metric, "--lang", lang)
        assert (ran.code, ran.err) == (0, "")
        assert ran.out.startswith(f"{metric} — {text(title_key(metric), lang)}\n")
        assert text(definition_key(metric), lang) in ran.out


def test_a_figure_of_a_later_version(cli: Any) -> None:
    metric = sorted(DECLARED)[0]
    ran = cli("explain", metric)
    assert ran.code == 2
    assert metric in ran.err


def test_no_files_are_read(cli: Any) -> None:
    assert cli("explain", "won").code == 0
