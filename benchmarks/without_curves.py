"""``funnelkpi report`` without the figures that rest on survival curves, whose work no counting script
has: what the others take is measured with it. The arguments are those of ``funnelkpi``.
"""

from __future__ import annotations

import sys

from funnelkpi.cli.app import main
from funnelkpi.metrics import conversion_mature, lag, registry, time_in_stage, velocity
from funnelkpi.report.analysis import Analysis

CURVES = (conversion_mature, time_in_stage, lag, velocity)

if __name__ == "__main__":
    registry.FAMILIES = tuple(f for f in registry.FAMILIES if f not in CURVES)
    Analysis.curves = property(lambda self: [])  # type: ignore[assignment]
    sys.exit(main())
