"""Every exception a user can meet. The message is a catalogue key with parameters, so that it exists
in Russian and English; only ``cli`` turns one into text, prints it and exits.

A row-level problem is not an exception but a ``model.finding.Finding``: an exception means that the
run cannot go on.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend: where it is, the text found there, why it is wrong, what to do.

    ``key`` names an entry of ``locale`` (``errors.<key>`` for the reason, ``errors.<key>.remedy`` for
    the remedy); ``params`` fill both. ``line`` and ``column`` are 1-based; ``excerpt`` is the line of
    text they point into.
    """

    key: str
    params: dict[str, Any] = field(default_factory=dict)
    file: str | None = None
    line: int | None = None
    column: int | None = None
    excerpt: str | None = None


class FunnelKpiError(Exception):
    """Base of all errors that are the user's to mend."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.key} {p.params}" for p in problems))
        self.problems = problems


class UsageError(FunnelKpiError):
    """The arguments or options do not fit together."""

    @classmethod
    def of(cls, key: str, **params: Any) -> UsageError:
        """Build the error from a catalogue key and its parameters."""
        return cls(Problem(key=key, params=params, file=None))


class ConfigError(FunnelKpiError):
    """The YAML config is wrong; carries all its problems at once."""


class InputError(FunnelKpiError):
    """An input file cannot be read or is not what it should be."""

    @classmethod
    def of(cls, key: str, *, file: str | None = None, **params: Any) -> InputError:
        """Build the error from a catalogue key and its parameters."""
        return cls(Problem(key=key, params=params, file=file))


class OutputError(FunnelKpiError):
    """The result was computed but could not be delivered (exit code 4)."""

    @classmethod
    def of(cls, key: str, *, file: str | None = None, **params: Any) -> OutputError:
        """Build the error from a catalogue key and its parameters."""
        return cls(Problem(key=key, params=params, file=file))
