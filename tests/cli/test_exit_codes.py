"""Exit codes are an interface: what cron and CI see."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest

from funnelkpi.cli.exit_codes import ExitCode, worst
from funnelkpi.locale.catalogue import text

# Two deals were lost last week; retention is a figure that this version does not compute.
BREACHED = 'thresholds: [{metric: lost, fail: "> 1"}]\n'
WARNED = 'thresholds: [{metric: lost, warn: "> 1", fail: "> 5"}]\n'
FINE = 'thresholds: [{metric: lost, warn: "> 5"}]\n'
ABSENT = 'thresholds: [{metric: retention, fail: "< 0.5"}]\n'
REQUIRED = 'thresholds: [{metric: retention, fail: "< 0.5", required: true}]\n'
BOTH = 'thresholds: [{metric: lost, fail: "> 1"}, {metric: retention, fail: "< 0.5", required: true}]\n'
AS_OF = ("--as-of", "2026-11-16T08:00")

JUDGED = [
    ("fine", ("report",), FINE, 0),
    ("report does not judge by itself", ("report",), BREACHED, 0),
    ("judged and fine", ("report", "--check"), FINE, 0),
    ("breached", ("report", "--check"), BREACHED, 1),
    ("a warning is no breach", ("report", "--check"), WARNED, 0),
    ("unless asked for", ("report", "--check", "--fail-on", "warn"), WARNED, 1),
    ("nothing to judge", ("report", "--check"), "", 0),
    ("required, not evaluated", ("report", "--check"), REQUIRED, 2),
    ("required is graver than breached", ("report", "--check"), BOTH, 2),
    ("check: fine", ("check",), FINE, 0),
    ("check: breached", ("check",), BREACHED, 1),
    ("check: warned", ("check",), WARNED, 0),
    ("check: warned, asked for", ("check", "--fail-on", "warn"), WARNED, 1),
    ("check: required, not evaluated", ("check",), REQUIRED, 2),
    ("check: not evaluated is a warning", ("check",), ABSENT, 0),
    ("check: which counts if asked for", ("check", "--fail-on", "warn"), ABSENT, 1),
]


@pytest.mark.parametrize(
    ("args", "thresholds", "code"), [case[1:] for case in JUDGED], ids=[c[0] for c in JUDGED]
)
def test_judged(
    cli: Any, export: Callable[..., Path], args: tuple[str, ...], thresholds: str, code: int
) -> None:
    command, *options = args
    ran = cli(command, export(thresholds), *AS_OF, *options)
    assert ran.code == code
    assert ran.err == ""  # the verdict is the payload


REFUSED = [
    ("check without thresholds", ("check",), "thresholds"),
    ("bad --fail-on", ("check", "--fail-on", "fail"), "--fail-on"),
    ("bad --fail-on of report", ("report", "--fail-on", "fail"), "--fail-on"),
    ("bad format", ("report", "--format", "pdf"), "terminal, ansi, json, csv, markdown"),
    ("bad suffix", ("report", "-o", "report.pdf"), ".json"),
    ("no suffix", ("report", "-o", "report"), ".json"),
    ("bad period", ("report", "--period", "someday"), "last-week"),
    ("bad moment", ("report", "--as-of", "someday"), "2026-11-16T08:30"),
    ("bad section", ("report", "--section", "weather"), "conversion"),
    ("bad manager", ("report", "--manager", "Никто"), "Анна Белова, Борис Чернов"),
    ("bad pipeline", ("report", "--pipeline", "нет"), "sales"),
    ("bad slice", ("report", "--by", "погода"), "source"),
    ("bad option", ("report", "--no-such"), "--help"),
    ("option without its value", ("report", "--period"), "--help"),
    ("no such config", ("report", "-c", "absent.yaml"), "absent.yaml"),
    ("no such figure", ("deals", "--metric", "wom"), "won"),
    ("no such stage", ("deals", "--stage", "нет"), "lpr"),
    ("no such class", ("deals", "--metric", "conversion", "--class", "lots"), "still_there"),
    ("no such reason", ("deals", "--stalled", "--class", "lazy"), "too_old"),
    ("a figure without classes", ("deals", "--metric", "won", "--class", "lost"), "—"),
    ("no such norm", ("deals", "--norm", "План"), "—"),
    ("no such language", ("report", "--lang", "de"), "ru, en"),
    ("no such CRM", ("report", "--crm", "pipedrive"), "bitrix24"),
]


@pytest.mark.parametrize(("args", "told"), [c[1:] for c in REFUSED], ids=[c[0] for c in REFUSED])
@pytest.mark.parametrize("lang", ["ru", "en"])
def test_refused(
    cli: Any, export: Callable[..., Path], args: tuple[str, ...], told: str, lang: str
) -> None:
    """Exit code 2, one message that says what is wrong and what could stand there, no payload."""
    command, *options = args
    ran = cli(command, export(), "--lang", lang, *options)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith(text("cli.error", lang))
    assert told in ran.err
    assert "Traceback" not in ran.err


def test_commands_refused(cli: Any) -> None:
    for args, told in (
        (("report",), "funnelkpi report exports/"),
        (("repor",), "report"),
        (("report", "absent/"), "absent"),
        (("init", "--preset", "b2c"), "b2b-standard"),
        (("explain", "convers"), "conversion"),
        (("explain",), "METRIC"),
        (("config", "validate"), "funnelkpi init"),
        (("demo", "--crm", "pipedrive"), "amocrm"),
    ):
        ran = cli(*args)
        assert (ran.code, ran.out) == (2, ""), args
        assert told in ran.err, args


def test_no_command_shows_help(cli: Any) -> None:
    ran = cli()
    assert (ran.code, ran.out) == (2, "")
    assert "report" in ran.err


def test_all_problems_of_a_config_at_once(cli: Any, export: Callable[..., Path]) -> None:
    ran = cli(
        "report", export('norms: [{metric: won}]\nthreshold: []\nthresholds: [{warn: "x"}]\n')
    )
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.count(text("cli.error", "ru")) >= 3
    assert "funnelkpi.yaml:" in ran.err
    assert "^" in ran.err


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("empty.csv", b""),
        ("picture.xlsx", b"\x89PNG\r\n\x1a\n" + bytes(60)),
        ("scan.xlsx", b"%PDF-1.7\n" + bytes(60)),
        ("login.xls", b"<html><body><form>login</form></body></html>"),
        ("other.csv", "Имя,Рост\nИван,180\n".encode()),
    ],
)
def test_bad_input(cli: Any, tmp_path: Path, name: str, content: bytes) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    for command in ("report", "inspect", "deals"):
        ran = cli(command, path)
        assert (ran.code, ran.out) == (2, ""), command
        assert name in ran.err


def test_undelivered(cli: Any, export: Callable[..., Path], tmp_path: Path) -> None:
    folder = export(BREACHED)
    (tmp_path / "folder.json").mkdir()
    for target in ("absent/report.json", tmp_path / "folder.json"):
        ran = cli("report", folder, "-o", target)
        assert (ran.code, ran.out) == (4, "")
        assert str(target) in ran.err


def test_what_can_be_delivered_is(cli: Any, export: Callable[..., Path]) -> None:
    ran = cli(
        "report", export(FINE), "-o", "absent/a.json", "-o", "b.json", "-o", "lost/c.csv",
        "--format", "csv",
    )  # fmt: skip
    assert ran.code == 4
    assert Path("b.json").read_text("utf-8").startswith('{"schema"')
    assert ran.out.startswith("metric,")
    assert "absent" in ran.err
    assert "lost" in ran.err


def test_graver_codes_win(cli: Any, export: Callable[..., Path]) -> None:
    lost = ("-o", "absent/report.json")
    assert cli("report", export(BREACHED), *AS_OF, "--check", *lost).code == 4
    assert cli("check", export(BREACHED), *AS_OF, *lost).code == 4
    ran = cli("report", export(BOTH), *AS_OF, "--check", *lost)
    assert ran.code == 2
    assert "absent" in ran.err


@pytest.mark.parametrize(
    ("worse", "better"),
    [(130, 3), (3, 2), (2, 4), (4, 1), (1, 0)],
)
def test_precedence(worse: int, better: int) -> None:
    assert worst(ExitCode(worse), ExitCode(better)) == worse
    assert worst(ExitCode(better), ExitCode(worse)) == worse


def test_precedence_of_all() -> None:
    assert worst() == 0
    for codes in permutations(ExitCode, 3):
        assert worst(*codes) == next(c for c in (130, 3, 2, 4, 1, 0) if c in codes)


def test_our_bug(cli: Any, export: Callable[..., Path], monkeypatch: pytest.MonkeyPatch) -> None:
    from funnelkpi.metrics import plain

    def broken(*_: object) -> None:
        raise ZeroDivisionError("Печь «Ясень» ÷ 0")

    monkeypatch.setattr(plain, "parts", broken)
    ran = cli("report", export(), "--period", "2026-11-10")  # not among the figures remembered
    assert (ran.code, ran.out) == (3, "")
    assert "ZeroDivisionError" in ran.err
    assert "--debug" in ran.err
    assert "Ясень" not in ran.err  # a message of an exception may hold a customer's data
    assert "Traceback" not in ran.err


def test_our_bug_with_debug(monkeypatch: pytest.MonkeyPatch) -> None:
    from funnelkpi import pipeline
    from funnelkpi.cli.app import run

    def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(pipeline, "read", broken)
    with pytest.raises(ZeroDivisionError):
        run(["report", ".", "--debug"], "ru", debug=True)


def test_interrupted(
    cli: Any, export: Callable[..., Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    from funnelkpi import pipeline

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(pipeline, "load", interrupt)
    ran = cli("report", export())
    assert (ran.code, ran.out) == (130, "")
    assert "Traceback" not in ran.err
