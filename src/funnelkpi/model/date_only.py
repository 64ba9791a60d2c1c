"""A moment without a time: files write it as a date, it stands at exactly 00:00:00."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt


def date_only(at: npt.NDArray[Any]) -> npt.NDArray[np.bool_]:
    """Which moments (datetime64) are dates; a missing one is none."""
    return np.asarray(at == at.astype("M8[D]"), dtype=bool)
