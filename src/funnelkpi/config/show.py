"""The settings a run really uses: ``funnelkpi config show``."""

from __future__ import annotations

from funnelkpi.config.schema import Settings
from funnelkpi.config.write import render_all


def show(settings: Settings) -> str:
    """All settings, defaults included, as YAML that loads to the same settings."""
    return render_all(settings)
