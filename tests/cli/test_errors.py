"""Errors as people read them: where, the text with a caret, why, what to do."""

from __future__ import annotations

from funnelkpi.cli.errors import clean, describe
from funnelkpi.errors import Problem
from funnelkpi.locale.catalogue import text


def test_a_caret_under_the_place() -> None:
    problem = Problem(
        "errors_cli.unknown_stage",
        {"value": "лпрр", "known": "lpr"},
        file="funnelkpi.yaml",
        line=12,
        column=10,
        excerpt="  stage: лпрр",
    )
    assert describe(problem, "ru").splitlines() == [
        f"{text('cli.error', 'ru')} funnelkpi.yaml:12:10",
        "  12 |   stage: лпрр",
        "     |          ^",
        text("errors_cli.unknown_stage", "ru", value="лпрр"),
        text("errors_cli.unknown_stage.remedy", "ru", known="lpr"),
    ]


def test_without_a_place() -> None:
    lines = describe(Problem("errors_cli.no_files"), "en").splitlines()
    assert lines[0] == text("cli.error", "en")
    assert lines[1:] == [
        text("errors_cli.no_files", "en"), text("errors_cli.no_files.remedy", "en"),
    ]  # fmt: skip


def test_text_of_a_file_cannot_act_on_the_terminal() -> None:
    assert clean("a\x1b[31mb\r\n\x07") == "a�[31mb���"
    problem = Problem("errors_cli.unknown_stage", {"value": "\x1b]0;x\x07", "known": ""})
    assert "\x1b" not in describe(problem, "ru")
