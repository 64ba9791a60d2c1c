"""Names as people write them, checked against the data."""

from __future__ import annotations

from typing import Any

import pytest

from funnelkpi.config.schema import Settings
from funnelkpi.errors import UsageError
from funnelkpi.metrics.behind import Figure
from funnelkpi.model.roster import Manager
from funnelkpi.report.analysis import Choice
from funnelkpi.report.choice import check_choice, check_figure, check_sections, norm_figure

PEOPLE = (
    Manager("Анна Белова", aliases=("a.belova",)),
    Manager("Пётр Белов"),
    Manager("Пётр Чернов"),
)


@pytest.fixture
def data(make: Any) -> Any:
    return make.build(
        """
        id | stage | manager     | created    | closed     | reason
        1  | lost  | Анна Белова | 2026-11-02 | 2026-11-10 | Дорого
        2  | base  | Пётр Чернов | 2026-11-02 |            |
        """,
        funnel=make.funnel("base lpr"),
        managers=PEOPLE,
    )


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("Анна Белова", "Анна Белова"),
        ("белова анна", "Анна Белова"),
        ("БЕЛОВА", "Анна Белова"),
        ("a.belova", "Анна Белова"),
        ("Петр Белов", "Пётр Белов"),
        ("анна", "Анна Белова"),
    ],
)
def test_managers(data: Any, asked: str, found: str) -> None:
    assert check_choice(data, Choice(managers=(asked,))).managers == (found,)


@pytest.mark.parametrize("asked", ["Пётр", "Бело", "Никто", ""])
def test_unknown_or_ambiguous_manager(data: Any, asked: str) -> None:
    with pytest.raises(UsageError) as error:
        check_choice(data, Choice(managers=(asked,)))
    (problem,) = error.value.problems
    assert problem.key == "errors_cli.unknown_manager"
    assert problem.params["known"] == "Анна Белова, Пётр Белов, Пётр Чернов"


def test_checking_twice_changes_nothing(data: Any) -> None:
    once = check_choice(data, Choice(managers=("белова",), pipelines=("MAIN",)))
    assert once == Choice(managers=("Анна Белова",), pipelines=("main",))
    assert check_choice(data, once) == once


def test_figures(data: Any) -> None:
    figure = check_figure(data, Figure("entries", stage="LPR", managers=("чернов",)))
    assert (figure.stage, figure.managers) == ("lpr", ("Пётр Чернов",))
    for wrong, key in (
        (Figure("entires"), "unknown_metric"),
        (Figure("entries", stage="demo"), "unknown_stage"),
        (Figure("conversion", outcome="lots"), "unknown_class"),
        (Figure("won", outcome="lost"), "unknown_class"),
        (Figure("loss_reasons", outcome="Дешево"), "unknown_class"),
        (Figure("entries", pipelines=("other",)), "unknown_pipeline"),
    ):
        with pytest.raises(UsageError) as error:
            check_figure(data, wrong)
        assert error.value.problems[0].key == f"errors_cli.{key}"


def test_outcomes(data: Any) -> None:
    assert check_figure(data, Figure("loss_reasons", outcome="дорого")).outcome == "Дорого"
    assert check_figure(data, Figure("loss_reasons", outcome="не указана")).outcome == ""
    assert check_figure(data, Figure("loss_reasons", outcome="not given")).outcome == ""
    assert check_figure(data, Figure("stalled", outcome="too_old")).outcome == "too_old"
    assert check_figure(data, Figure("conversion", outcome="Lost")).outcome == "lost"


def test_norms() -> None:
    settings = Settings.model_validate(
        {
            "norms": [
                {"title": "ЛПР", "metric": "entries", "stage": "lpr", "normal": 2},
                {"metric": "entries", "stage": "needs", "normal": 1},
                {"metric": "won", "normal": 1},
                {"metric": "plan", "normal": 50},
                {"title": "Два", "metric": "lost", "normal": 1},
                {"title": "Два", "metric": "won", "normal": 1},
            ]
        }
    )
    assert norm_figure(settings, "лпр") == Figure("entries", norm=0)
    assert norm_figure(settings, "needs") == Figure("entries", norm=1)
    assert norm_figure(settings, "won") == Figure("won", norm=2)
    for wrong in ("plan", "Два", "нет"):  # not computed yet, ambiguous, absent
        with pytest.raises(UsageError):
            norm_figure(settings, wrong)


def test_sections() -> None:
    check_sections(("a",), ("a", "b"))
    with pytest.raises(UsageError) as error:
        check_sections(("c",), ("a", "b"))
    assert error.value.problems[0].params == {"value": "c", "known": "a, b"}
