"""The people the figures are about: managers, their departments and roles."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from functools import cached_property


@dataclass(frozen=True, slots=True)
class Manager:
    """One manager. ``listed``: shown and judged (in the config, or with a deal in 90 days).

    ``absences`` are closed date ranges; ``start`` and ``end`` his first and last day at work.
    """

    name: str
    department: str | None = None
    role: str | None = None
    start: date | None = None
    end: date | None = None
    absences: tuple[tuple[date, date], ...] = ()
    aliases: tuple[str, ...] = ()
    listed: bool = True


@dataclass(frozen=True)
class Roster:
    """All owners of deals and calls; a manager's code in frames is his position, -1 is nobody."""

    managers: tuple[Manager, ...] = field(default=())

    @cached_property
    def code(self) -> dict[str, int]:
        """Name -> code."""
        return {m.name: i for i, m in enumerate(self.managers)}

    @cached_property
    def departments(self) -> tuple[str, ...]:
        """Departments in the order they first appear."""
        return tuple(dict.fromkeys(m.department for m in self.managers if m.department))

    @cached_property
    def roles(self) -> tuple[str, ...]:
        """Roles in the order they first appear."""
        return tuple(dict.fromkeys(m.role for m in self.managers if m.role))
