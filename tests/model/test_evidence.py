"""The order of evidence."""

from __future__ import annotations

from funnelkpi.model.evidence import Evidence


def test_a_smaller_number_is_stronger_and_the_weakest_is_the_maximum() -> None:
    order = ["history", "dates", "archive", "previous", "snapshot"]
    assert [e.label for e in sorted(Evidence)] == order
    assert max(Evidence.DATES, Evidence.SNAPSHOT) is Evidence.SNAPSHOT
