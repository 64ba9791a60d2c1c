"""funnelkpi: KPI reports for sales departments from amoCRM and Bitrix24 export files.

``funnelkpi.analyze`` and ``funnelkpi.Analysis`` are the Python API (``funnelkpi.api``); they are
imported when first used, so that ``import funnelkpi`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from funnelkpi.api import Analysis, analyze

__all__ = ["Analysis", "__version__", "analyze"]
__version__ = "0.1.0"


def __getattr__(name: str) -> Any:
    """The API's names, imported on first use."""
    if name in ("Analysis", "analyze"):
        from funnelkpi import api

        return getattr(api, name)
    raise AttributeError(name)
