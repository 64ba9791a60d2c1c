"""Errors as a user reads them, on stderr: where, the text with a caret, why, what to do."""

from __future__ import annotations

import sys
from typing import Any

from funnelkpi.errors import FunnelKpiError, Problem
from funnelkpi.locale.catalogue import Lang, has, text


def say(error: FunnelKpiError, lang: Lang) -> None:
    """Print all problems of ``error``."""
    for problem in error.problems:
        print(describe(problem, lang), file=sys.stderr)


def describe(problem: Problem, lang: Lang) -> str:
    """One problem as text: ``funnelkpi: error: file:line:column``, excerpt, reason, remedy."""
    place = ":".join(str(p) for p in (problem.file, problem.line, problem.column) if p is not None)
    lines = [text("cli.error", lang) + (f" {clean(place)}" if place else "")]
    if problem.excerpt is not None:
        number = str(problem.line or "")
        lines.append(f"  {number} | {clean(problem.excerpt)}")
        if problem.column:
            lines.append(f"  {' ' * len(number)} | {' ' * (problem.column - 1)}^")
    params = {"file": problem.file or "", **problem.params}
    params = {k: clean(v) if isinstance(v, str) else v for k, v in params.items()}
    lines.append(text(problem.key, lang, **params))
    if has(f"{problem.key}.remedy"):
        lines.append(text(f"{problem.key}.remedy", lang, **params))
    return "\n".join(lines)


def clean(value: str) -> str:
    """Text of a file on a terminal: control characters must not act."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in value)


def say_usage(error: Any, lang: Lang) -> None:
    """Print an error of the arguments (click's own exceptions) in ``lang``."""
    kind = type(error).__name__
    names = {
        "NoSuchOption": "option_unknown",
        "NoSuchCommand": "command_unknown",
        "MissingParameter": "parameter_missing",
        "BadParameter": "parameter_bad",
        "BadOptionUsage": "parameter_bad",
        "NoArgsIsHelpError": "",
    }
    if names.get(kind) == "":
        print(error.format_message(), file=sys.stderr)
        return
    params = {
        "option": getattr(error, "option_name", None) or "",
        "near": ", ".join(getattr(error, "possibilities", None) or []),
        "message": str(getattr(error, "message", error)),
    }
    if kind == "MissingParameter" and not params["message"]:
        parameter = getattr(error, "param", None)
        params["message"] = str(
            getattr(parameter, "metavar", None) or getattr(parameter, "name", "")
        )
    key = names.get(kind, "usage")
    line = text(f"cli.{key}", lang, **params)
    if params["near"]:
        line += " " + text("cli.nearest", lang, near=params["near"])
    context = getattr(error, "ctx", None)
    hint = text("cli.see_help", lang, command=context.command_path if context else "funnelkpi")
    print(f"{text('cli.error', lang)}\n{line}\n{hint}", file=sys.stderr)


def say_bug(error: BaseException, lang: Lang) -> None:
    """Print that the program itself failed: without the data, which are customers'."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)
    ours = [f for f in frames if "funnelkpi" in f.filename] or frames[-1:]
    where = (
        f"{ours[-1].filename.rsplit('funnelkpi', 1)[-1].lstrip('/')}:{ours[-1].lineno}"
        if ours
        else "?"
    )
    print(text("cli.bug", lang, kind=type(error).__name__, where=where), file=sys.stderr)
