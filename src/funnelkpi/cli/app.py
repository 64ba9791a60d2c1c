"""The Typer app, and the only place that prints errors and exits.

Nothing heavy is imported here: ``funnelkpi --help`` must not pay for pandas. Commands import what they
need inside their bodies.
"""

from __future__ import annotations

import gc
import os
import sys
from typing import Any

import typer

from funnelkpi.cli import (
    archive,
    check,
    config,
    deals,
    demo,
    explain,
    init,
    inspect,
    report,
)
from funnelkpi.cli.exit_codes import ExitCode
from funnelkpi.cli.help import Group
from funnelkpi.cli.options import Options
from funnelkpi.errors import FunnelKpiError, OutputError
from funnelkpi.locale.catalogue import LANGS, Lang, text

_COMMANDS = (report, check, deals, explain, inspect, init, config, archive, demo)
_STDOUT = 1  # its file descriptor


def main() -> None:
    """Run the program and exit with an honest code (``ExitCode``)."""
    # One run, then exit: collecting cycles would cost a fifth of a small report and free nothing.
    gc.disable()
    lang = language(sys.argv[1:])
    debug = "--debug" in sys.argv
    # Windows consoles and cron's C locale: the report is UTF-8 whatever the environment says.
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    sys.exit(int(run(sys.argv[1:], lang, debug=debug)))


def run(args: list[str], lang: Lang, *, debug: bool = False) -> ExitCode:
    """Run one command line; print what went wrong on stderr and say the exit code."""
    from funnelkpi.cli.errors import say, say_bug, say_usage

    try:
        outcome = build(lang)(args=args, prog_name="funnelkpi", standalone_mode=False)
    except FunnelKpiError as error:
        say(error, lang)
        return ExitCode.UNDELIVERED if isinstance(error, OutputError) else ExitCode.USER
    except (KeyboardInterrupt, typer.Abort):
        return ExitCode.INTERRUPTED
    except (BrokenPipeError, SystemExit) as ended:
        # The reader (head, less) has gone: nothing to tell it, and no traceback at exit either.
        # Typer makes exit code 1 of it, which here would mean a breached threshold.
        if not isinstance(ended.__context__ or ended, BrokenPipeError):
            raise
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDOUT)
        return ExitCode.OK
    except Exception as error:
        if hasattr(error, "format_message"):  # click's own errors: bad usage
            say_usage(error, lang)
            return ExitCode.USER
        if debug:
            raise
        say_bug(error, lang)
        return ExitCode.BUG
    return ExitCode(outcome) if isinstance(outcome, int) else ExitCode.OK


def build(lang: Lang) -> Any:
    """The click command of the whole program, with its help in ``lang``."""
    app = typer.Typer(
        cls=Group,
        help=text("cli.app", lang),
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"], "obj": lang},
    )

    def version(value: bool) -> None:
        if value:
            from funnelkpi import __version__

            print(f"funnelkpi {__version__}")
            raise typer.Exit

    @app.callback()
    def _root(
        version: bool = typer.Option(
            False, "--version", help=text("cli.version", lang), callback=version, is_eager=True
        ),
        lang_: str = Options(lang).language(),
    ) -> None: ...

    for command in _COMMANDS:
        command.register(app, lang)
    return typer.main.get_command(app)


def language(args: list[str]) -> Lang:
    """The language of texts and errors: ``--lang``, else Russian; never the locale."""
    for i, arg in enumerate(args):
        value = arg.removeprefix("--lang=") if arg.startswith("--lang=") else None
        if arg == "--lang" and i + 1 < len(args):
            value = args[i + 1]
        if value in LANGS:
            return value
    return "ru"
