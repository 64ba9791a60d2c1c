"""What several figures read of one dataset, made when first needed and kept for one run."""

from __future__ import annotations

from functools import cached_property

from funnelkpi.metrics._ages import age_limits
from funnelkpi.metrics._call_arrays import Calls
from funnelkpi.metrics._clocks import Floats
from funnelkpi.metrics._deals import Deals
from funnelkpi.metrics._lane import Lane
from funnelkpi.metrics._names import Names
from funnelkpi.metrics._slices import Slices
from funnelkpi.metrics._stages import StageEntries
from funnelkpi.model.dataset import Dataset


class Index:
    """One dataset as the figures read it. Nothing here depends on the period or the policies.

    The families take it as an argument, so that a run of all of them sorts the entries and reads
    the columns once; without it each makes its own.
    """

    def __init__(self, data: Dataset) -> None:
        self.data = data
        self.deals = Deals(data)
        self._slices: dict[tuple[str, ...], Slices] = {}

    @cached_property
    def names(self) -> Names:
        """Texts of the codes."""
        return Names(self.data)

    @cached_property
    def entries(self) -> StageEntries:
        """The entries by stage."""
        return StageEntries(self.data)

    @cached_property
    def calls(self) -> Calls | None:
        """The calls; None where there are none."""
        return None if self.data.calls is None else Calls(self.data)

    @cached_property
    def lanes(self) -> tuple[Lane, ...]:
        """The pipelines as the conversions see them, in their order."""
        return tuple(
            Lane(self.data, self.deals, self.entries, pipeline)
            for pipeline in self.data.funnel.pipelines
        )

    @cached_property
    def age_limits(self) -> Floats:
        """Per pipeline the age in days past which an open deal is too old; NaN where unknown."""
        return age_limits(self.data, self.deals)

    def slices(self, by: tuple[str, ...]) -> Slices:
        """The slices by these dimensions."""
        if by not in self._slices:
            self._slices[by] = Slices(self.data, by)
        return self._slices[by]
