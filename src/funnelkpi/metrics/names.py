"""The names of figures: computed, declared for later, and where their texts stand."""

from __future__ import annotations

from funnelkpi.locale.catalogue import has
from funnelkpi.metrics.declared import DECLARED
from funnelkpi.metrics.registry import SPECS

COMPUTED_METRICS: frozenset[str] = frozenset(SPECS)
KNOWN_METRICS: frozenset[str] = COMPUTED_METRICS | DECLARED
"""What a norm may name; a declared one is ``not evaluated`` until a version computes it."""

DOMAINS = ("metrics", "metrics_time", "metrics_people", "metrics_calls", "metrics_later")


def title_key(metric: str) -> str:
    """Catalogue key of a figure's title."""
    return next(f"{d}.{metric}" for d in DOMAINS if has(f"{d}.{metric}"))


def definition_key(metric: str) -> str:
    """Catalogue key of a figure's definition."""
    return f"{title_key(metric)}.definition"
