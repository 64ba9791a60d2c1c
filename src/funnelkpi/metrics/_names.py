"""Names for codes: people and their groups, pipelines, stages, currencies."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from funnelkpi.metrics._columns import Array
from funnelkpi.model.dataset import Dataset

SCOPES = ("company", "department", "role", "manager")


def texts(names: Iterable[str | None]) -> Array:
    """``names`` by code, and None for code -1."""
    return np.array([*names, None], dtype=object)


class Names:
    """Texts by code; the last one, for code -1, is None.

    A unit (code ``who``) is the company (0), a department, a role, nobody or a manager, in this
    order. scope, department, role, manager: the texts of each unit. nobody: the unit of deals
    without a manager; the manager of code m is the unit ``nobody + 1 + m``. units: for each of
    ``SCOPES`` the unit of each manager code, -1 none; the last one, for code -1, is nobody's.
    """

    def __init__(self, data: Dataset) -> None:
        roster, funnel = data.roster, data.funnel
        people, departments, roles = roster.managers, roster.departments, roster.roles
        self._deals = data.deals
        self.pipelines = texts(p.key for p in funnel.pipelines)
        self.stages = texts(s.key for s in funnel.stages)
        groups = len(departments) + len(roles)
        self.nobody = 1 + groups
        self.scope = np.repeat(
            np.array(SCOPES, dtype=object), [1, len(departments), len(roles), len(people) + 1]
        )
        missing = [None] * len(roles)
        self.department = np.array(
            [None, *departments, *missing, None, *(m.department for m in people)], dtype=object
        )
        missing = [None] * len(departments)
        self.role = np.array(
            [None, *missing, *roles, None, *(m.role for m in people)], dtype=object
        )
        self.manager = np.array(
            [None, *[None] * groups, "", *(m.name for m in people)], dtype=object
        )
        unit_of_department = {name: 1 + i for i, name in enumerate(departments)}
        unit_of_role = {name: 1 + len(departments) + i for i, name in enumerate(roles)}
        self.units = np.array(
            [
                np.zeros(len(people) + 1, np.int64),
                [*(unit_of_department.get(m.department or "", -1) for m in people), -1],
                [*(unit_of_role.get(m.role or "", -1) for m in people), -1],
                [*range(self.nobody + 1, self.nobody + 1 + len(people)), self.nobody],
            ],
            dtype=np.int64,
        )

    @cached_property
    def currencies(self) -> Array:
        """Currencies by code."""
        return texts(self._deals["currency"].cat.categories)

    @cached_property
    def reasons(self) -> Array:
        """Loss reasons by code."""
        return texts(self._deals["loss_reason"].cat.categories)

    def unit(self, scope: str, name: str | None) -> int:
        """The unit of a department, a role or a manager by name."""
        return int(np.flatnonzero((self.scope == scope) & (getattr(self, scope) == name))[0])
