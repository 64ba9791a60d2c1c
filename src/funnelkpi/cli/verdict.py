"""From verdicts to an exit code."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from funnelkpi.cli.exit_codes import ExitCode, worst
from funnelkpi.errors import UsageError

if TYPE_CHECKING:
    from funnelkpi.checks.verdicts import Verdict


def breached(verdicts: Iterable[Verdict]) -> list[Verdict]:
    """Threshold verdicts that are not fine: failed, warned, or not evaluated."""
    return [v for v in verdicts if v.kind == "threshold" and v.level != "ok"]


def check_fail_on(value: str | None) -> None:
    """Refuse an unknown ``--fail-on``.

    Raises:
        UsageError: it is not ``warn``.
    """
    if value not in (None, "warn"):
        raise UsageError.of("errors_cli.bad_fail_on", value=value)


def exit_code(verdicts: Iterable[Verdict], *, fail_on: str | None, judge: bool) -> ExitCode:
    """0 fine, 1 a threshold is breached, 2 a required figure could not be evaluated.

    Warnings (a ``warn`` bound, a figure not evaluated) count only with ``--fail-on warn``.
    """
    if not judge:
        return ExitCode.OK
    codes = []
    for v in breached(verdicts):
        if v.level == "not_evaluated" and v.required:
            codes.append(ExitCode.USER)
        elif v.level == "fail" or fail_on == "warn":
            codes.append(ExitCode.BREACH)
    return worst(*codes)
