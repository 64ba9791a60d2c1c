"""Exit codes, an interface for cron. Precedence when several apply: 130 > 3 > 2 > 4 > 1 > 0."""

from __future__ import annotations

from enum import IntEnum


class ExitCode(IntEnum):
    """What a run ends with."""

    OK = 0  # fine
    BREACH = 1  # a threshold is breached
    USER = 2  # the user must fix something: arguments, config, an input
    BUG = 3  # our bug
    UNDELIVERED = 4  # computed but not delivered
    INTERRUPTED = 130  # Ctrl-C


_PRECEDENCE = (
    ExitCode.INTERRUPTED,
    ExitCode.BUG,
    ExitCode.USER,
    ExitCode.UNDELIVERED,
    ExitCode.BREACH,
    ExitCode.OK,
)


def worst(*codes: ExitCode) -> ExitCode:
    """The code that wins when several apply."""
    return next(code for code in _PRECEDENCE if code in (*codes, ExitCode.OK))
