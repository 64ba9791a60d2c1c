"""A moment without a time."""

from __future__ import annotations

import numpy as np

from funnelkpi.model.date_only import date_only


def test_only_midnight_is_a_date():
    at = np.array(["2026-11-16", "2026-11-16T00:00:01", "NaT"], "M8[s]")
    assert date_only(at).tolist() == [True, False, False]
