"""What is evaluated and the one line for what is not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from funnelkpi.report.analysis import Choice
from funnelkpi.report.context import Context
from funnelkpi.report.evaluated import absent_lines, evaluated


def test_both_kinds(sample: Callable[[str], Any]) -> None:
    c = Context(sample("amocrm"), Choice(), "en")
    assert evaluated(c, "won")
    assert not evaluated(c, "calls")
    assert not evaluated(c, "no_such_figure")


def test_figures_with_one_need_stand_together(sample: Callable[[str], Any]) -> None:
    c = Context(sample("amocrm"), Choice(), "en")
    (line,) = absent_lines(c, ("won", "calls", "conversations", "promise_kept"))
    assert line.text.startswith("Not evaluated: Calls, Conversations: ")
    assert line.text.count("; ") == 1  # two needs
    assert line.text.endswith(".")


def test_nothing_absent_no_line(sample: Callable[[str], Any]) -> None:
    c = Context(sample("amocrm"), Choice(), "en")
    assert absent_lines(c, ("won", "no_such_figure")) == []
