"""Help in both languages for every command: no English words in Russian, no Python types."""

from __future__ import annotations

import re
from typing import Any

import pytest

from funnelkpi.cli.app import build
from funnelkpi.config.bundled import preset_names
from funnelkpi.locale.catalogue import LANGS, text

COMMANDS = [
    (), ("report",), ("check",), ("deals",), ("explain",), ("inspect",), ("init",), ("config",),
    ("config", "validate"), ("config", "schema"), ("config", "show"), ("archive",),
    ("archive", "add"), ("archive", "list"), ("archive", "verify"), ("demo",),
]  # fmt: skip


def test_every_command_is_here() -> None:
    group = build("ru")
    found: set[tuple[str, ...]] = {()}
    for name, command in group.commands.items():
        found.add((name,))
        found |= {(name, inner) for inner in getattr(command, "commands", {})}
    assert found == set(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("lang", LANGS)
def test_help(cli: Any, command: tuple[str, ...], lang: str) -> None:
    ran = cli("--lang", lang, *command, "--help")
    assert cli(*command, "--lang", lang, "--help").out == ran.out
    assert (ran.code, ran.err) == (0, "")
    assert max(map(len, ran.out.splitlines())) <= 80
    assert text("cli.heading_0", lang) in ran.out
    assert not re.search(r"<\w|list\[|Path", ran.out)
    if command:
        about = text("cli." + "_".join(command), lang)
        assert about.split()[0] in ran.out
    if lang == "ru":
        english = ("Usage", "Options", "Commands", "Arguments", "Show ", "default:", "required")
        assert [word for word in english if word in ran.out] == []
    else:
        assert not re.search("[а-яё]", ran.out, re.IGNORECASE)


def test_every_option_is_explained(cli: Any) -> None:
    for lang in LANGS:
        group = build(lang)
        for name, command in group.commands.items():
            for option in command.params:
                assert getattr(option, "help", None), (name, option.name, lang)


def test_version(cli: Any) -> None:
    from funnelkpi import __version__

    ran = cli("--version")
    assert (ran.code, ran.out) == (0, f"funnelkpi {__version__}\n")


def test_short_option(cli: Any) -> None:
    assert cli("report", "-h").out == cli("report", "--help").out


@pytest.mark.parametrize("args", [("--lang", "en", "report"), ("report", "--lang=en")])
def test_language_before_or_after_the_command(cli: Any, args: tuple[str, ...]) -> None:
    ran = cli(*args)
    assert ran.code == 2
    assert text("errors_cli.no_files", "en") in ran.err


def test_every_preset_is_named_in_the_help_of_init(cli: Any) -> None:
    for lang in ("ru", "en"):
        page = "".join(cli("init", "--help", "--lang", lang).out.split())
        assert all(name in page for name in preset_names())
